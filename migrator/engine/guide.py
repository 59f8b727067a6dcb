"""The examples in a pack's guide: what its fences show before is to become what they show after.

An example is one fence with a line `# BEFORE` and a line `# AFTER` in it, or two fences one after
the other whose info strings end with `before` and `after`. All other fences are text, as are those
in a language that there is no parser for.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.engine.cases import in_memory
from migrator.languages import SUFFIXES
from migrator.model import Applicability, Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.engine.packs import Pack

_FENCE = re.compile(
    r"^(?P<indent>[ ]{0,3})(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`\r\n]*)\r?\n"
    r"(?P<text>.*?)^[ ]{0,3}(?P=ticks)[`~]*[ \t]*\r?$",
    re.MULTILINE | re.DOTALL,
)
_PARTS = re.compile(r"^[ \t]*#[ \t]*(BEFORE|AFTER)\b[^\r\n]*\r?\n", re.MULTILINE | re.IGNORECASE)
# What an info string calls a language: its name, or a suffix of its files.
_SUFFIXES = {
    **{language: suffix for suffix, language in reversed(SUFFIXES.items())},
    **{suffix[1:]: suffix for suffix in SUFFIXES},
}


@dataclass(frozen=True)
class Example:
    """What the guide shows at `line`, in a file of that name."""

    line: int
    name: str
    before: str
    after: str


def examples(text: str) -> Iterator[Example]:
    """The examples in a guide."""
    before: tuple[int, str, str] | None = None
    for match in _FENCE.finditer(text):
        language, _, role = match["info"].strip().lower().partition(" ")
        suffix = _SUFFIXES.get(language)
        line = text.count("\n", 0, match.start()) + 1
        if suffix is None:
            before = None
            continue
        name = f"guide{suffix}"
        parts = _PARTS.split(match["text"])
        if [part.upper() for part in parts[1::2]] == ["BEFORE", "AFTER"]:
            yield Example(line, name, _trimmed(parts[2]), _trimmed(parts[4]))
            before = None
        elif role.strip() == "before":
            before = (line, name, match["text"])
        elif role.strip() == "after" and before is not None and before[1] == name:
            yield Example(before[0], name, _trimmed(before[2]), _trimmed(match["text"]))
            before = None


def _trimmed(text: str) -> str:
    return text.strip("\r\n") + "\n"


def problem(example: Example, pack: Pack) -> str | None:
    """What comes of an example otherwise than the guide shows; `None` where all is as it shows.

    An example may leave out what proves it, so the edits for review count as well.
    """
    files = {example.name: example.before.encode()}
    results = []
    for level in (Applicability.SAFE, Applicability.REVIEW):
        project = in_memory([pack], files, Look(level=level))
        plan = project.plan(project.audit())
        results.append(plan.changes[0].after.decode() if plan.changes else example.before)
        if results[-1] == example.after:
            return None
    shown, got = example.after.splitlines(), results[-1].splitlines()
    differing = difflib.unified_diff(shown, got, "the guide", "apply --unsafe", lineterm="")
    return "\n".join(("an apply --unsafe makes something else of it:", *differing))
