"""`migrate explain`: all that is known about one place."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click

from migrator.cli.options import Asked, pack_option, terminal_width, use_color
from migrator.engine.discover import shown
from migrator.engine.run import Run
from migrator.errors import MigrateError

if TYPE_CHECKING:
    from migrator.engine.audit import Audit
    from migrator.model import Located

_PLACE = re.compile(r"(?P<path>.+):(?P<line>[1-9][0-9]*)")


@click.command("explain")
@pack_option
@click.argument("place", metavar="PATH:LINE", type=click.Path())
def command(place: str, packs: tuple[str, ...]) -> int:
    """Print every finding at a line with its evidence and edits, or why there is none.

    \b
    migrate explain app/run.py:12    what is known about line 12

    The whole of the current folder is looked at, because what a name means may be decided in
    another file. Exit code 0, or 2 where the place cannot be looked at.
    """
    from pathlib import Path

    from migrator.reports import explanation

    match = _PLACE.fullmatch(place)
    if not match:
        raise MigrateError(f"{place}: a place is a path, a colon and a line number: app/run.py:12")
    path, line = shown(Path(match["path"])), int(match["line"])
    if not Path(path).is_file():
        raise MigrateError(f"{path}: no such file; paths are seen from the current folder")
    with Run(Asked((".", path), packs=packs).settings()) as run:
        audit = run.audit()
        report = audit.report()
        found = [one for one in report.findings if _is_at(one, path, line)]
        kept = [one for one in report.suppressed if _is_at(one.located, path, line)]
        why_not = None if found or kept else _why_not(audit, path, line)
        names = run.names_at(audit, path, line) if why_not and path in audit.walk.files else ()
    explanation.render(
        found,
        kept,
        why_not,
        names,
        sys.stdout,
        color=use_color(sys.stdout),
        width=terminal_width(),
    )
    return 0


def _is_at(one: Located, path: str, line: int) -> bool:
    last = max(one.start.line, one.end.line)
    return one.finding.path == path and one.start.line <= line <= last


def _why_not(audit: Audit, path: str, line: int) -> str:
    """Why there is no finding at a line."""
    if path not in audit.walk.files:
        return audit.walk.skipped.get(path, "no pack has rules for files of this kind")
    checked = audit.checked.get(path)
    if checked is not None and checked.reason is not None:
        return f"the file could not be analysed: it {checked.reason}"
    data = audit.read(path)
    if isinstance(data, str):
        return data
    lines = re.split(rb"\r\n|\r|\n", data)
    if len(lines) > 1 and not lines[-1]:
        del lines[-1]  # behind the end of the last line there is no other
    if line > len(lines):
        raise MigrateError(f"{path}: has no line {line}, the last one is {len(lines)}")
    groups = [group for rule in audit.rules for group in rule.triggers]
    words = {word for group in groups for word in group if word.encode() in lines[line - 1]}
    if not words:
        return "no word on this line is one that a rule looks for"
    spoken = ", ".join(f"`{word}`" for word in sorted(words))
    if checked is None:
        return (
            f"the line says {spoken}, but nothing else in the file has to do with the old API: "
            "no rule can match without further words that are not there"
        )
    if audit.language(path) == "yaml":
        return (
            f"the line says {spoken}, but what stands here is no key, value or name as a whole "
            "that a rule is about; in comments, block scalars and longer texts it is only text"
        )
    return (
        f"the line says {spoken}, but what stands here is not resolved to the old API: the name "
        "is not imported from it, or is bound to something else where it stands, or the text is "
        "only text"
    )
