"""Where a Python file says `async_stream` or `async_handler` as the key of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Edit, Finding, Fix, Look, Severity, Source, Span
from migrator.helpers.python.literals import respell, text_of
from migrator.languages.python import parse

from ..._names import STEP_KEYS, keys_in
from ..reading.meaning import meaning_of
from .key_places import Keys
from .steps import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning
    from .key_places import Seen

RULE = "step-keys"


def findings(source: Source, look: Look) -> Iterator[Finding]:
    """Each legacy step key of `source`, once."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    found: dict[cst.CSTNode, Seen] = {}
    if not is_spelled(source):
        return
    for seen in Keys(meaning, steps(source, look)).seen():
        known = found.get(seen.node)
        if known is None or (bool(known.problem), -known.level) < (bool(seen.problem), -seen.level):
            found[seen.node] = seen
    for seen in sorted(found.values(), key=lambda seen: meaning.tree.spans[seen.node]):
        yield _finding(source, meaning, seen)


def is_spelled(source: Source) -> bool:
    """Whether a legacy key stands in `source` in any spelling: as a word, escaped, in pieces."""
    tree = parse(source)
    if any(True for _ in keys_in(source.text)):
        return True
    return any(
        text_of(node) in STEP_KEYS
        for node in tree.of(cst.SimpleString, cst.ConcatenatedString)
        if (isinstance(node, cst.ConcatenatedString) or "\\" in node.value)
        and not isinstance(tree.parents[node], cst.ConcatenatedString)
    )


def _finding(source: Source, meaning: Meaning, seen: Seen) -> Finding:
    new = STEP_KEYS[seen.key]
    message = f"`{seen.key}` is now `{new}`"
    fix = None
    node, span = seen.node, meaning.tree.spans[seen.node]
    problem = seen.problem
    if isinstance(node, cst.ConcatenatedString) and len(_lines(source, span)) > 1:
        problem = problem or "rename it in these strings"
    if problem:
        message += f": {problem}"
    else:
        edit = (
            respell(source, node, new)
            if isinstance(node, (cst.SimpleString, cst.ConcatenatedString))
            else Edit(source.path, span, new)
        )
        fix = Fix(f"rename `{seen.key}` to `{new}`", (edit,), seen.level)
    return Finding(RULE, source.path, span, Severity.ERROR, message, (seen.reason,), fix)


def _lines(source: Source, span: Span) -> list[str]:
    return source.text[span.start : span.end].splitlines()
