"""What `use` of a library's module brings, as a pack says it: its sources are not there to read.

No parser is imported: every start of the tool loads packs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from migrator.model import Triggers
    from migrator.patterns.definition import Document

_MODULE = r"[A-Z]\w*(?:\.[A-Z]\w*)*"
_BROUGHT = re.compile(rf"(import|alias) +({_MODULE})(?:, *as: *([A-Z]\w*))?")


class Use(NamedTuple):
    """What `use module` brings: an alias `short`, or an import, of the module `name`."""

    module: str
    kind: str
    short: str
    name: str


#: All that the modules of a library bring.
Uses = tuple[Use, ...]


def uses(given: Mapping[str, tuple[str, ...]], document: Document) -> Uses:
    """What `given` says, which stands in `document`; raises `MigrateError` with its line."""
    return tuple(
        _use(module, text, document, at)
        for module in given
        for at, text in enumerate(given[module])
    )


def _use(module: str, text: str, document: Document, at: int) -> Use:
    if not re.fullmatch(_MODULE, module):
        raise document.error(("uses", module), f"`{module}` is no module: `Acme.Live` is one")
    match = _BROUGHT.fullmatch(text.strip())
    if match is None or (match[1] == "import" and match[3]):
        problem = "it is `import Module`, `alias Module` or `alias Module, as: Short`"
        raise document.error(("uses", module, at), problem)
    kind, name, short = match.groups()
    return Use(module, kind, (short or leaf(name)) if kind == "alias" else "", name)


def leaf(module: str) -> str:
    """The last part of a module's name."""
    return module.rpartition(".")[2]


def through(triggers: Triggers, given: Uses) -> Iterator[tuple[str, ...]]:
    """Groups of words in files that reach by `use` what those of `triggers` name in full."""
    for one in given:
        if leaf(one.name) != one.short:
            for group in triggers:
                if leaf(one.name) in group:
                    new = (leaf(one.module) if word == leaf(one.name) else word for word in group)
                    yield tuple(dict.fromkeys(new))
