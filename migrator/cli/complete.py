"""What a shell offers for a word that is not whole yet: names of rules and packs.

The commands and options are click's to offer. Nothing of the tree that one stands in is read, and
no rule is loaded: names are those of files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Collection

    from click import Context, Parameter
    from click.shell_completion import CompletionItem


def rules(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """The rules of the packs that are named before, else of those that come with migrate.

    Behind a comma another name may follow.
    """
    from migrator.engine.catalog import folders, shipped
    from migrator.engine.packs import rule_names
    from migrator.engine.suppress import UNUSED

    try:
        given = ctx.params.get("packs") or ()
        known = {
            name
            for folder in (folders(given) if given else shipped().values())
            for name in rule_names(folder)
        }
    except (MigrateError, OSError):
        return []
    before, comma, begun = incomplete.rpartition(",")
    taken = before.split(",")
    names = (name for name in sorted({*known, UNUSED}) if name not in taken)
    return _items([f"{before}{comma}{name}" for name in names if name.startswith(begun)])


def packs(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """The packs that come with migrate or are installed; a folder, where none begins so."""
    from click.shell_completion import CompletionItem

    from migrator.engine.catalog import installed, shipped

    found = [name for name in sorted({**shipped(), **installed()}) if name.startswith(incomplete)]
    return _items(found) or [CompletionItem(incomplete, type="dir")]


def formats(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """The formats of reports."""
    from migrator.cli.outputs import FORMATS

    return _items([form for form in FORMATS if form.startswith(incomplete)])


def _items(names: Collection[str]) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in names]
