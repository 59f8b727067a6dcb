"""State that outlives a run, where a handler writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Finding, Look, Severity, Source

from ..reading.meaning import meaning_of
from .handler_code import handler_code
from .state_writes import Writes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning
    from .handler_code import HandlerCode
    from .state_writes import Write

RULE = "handler-state"


def findings(source: Source, look: Look) -> Iterator[Finding]:
    """Each state that a handler of `source` writes, at its first write."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    reported: set[tuple[cst.CSTNode, str]] = set()
    writers: dict[str, Writes] = {}
    for handler in handler_code(source, look):
        writer = writers.setdefault(handler.variable, Writes(meaning, handler.variable))
        seen: set[str] = set()
        for write in sorted(writer.found(handler), key=lambda one: meaning.tree.spans[one.node]):
            if write.state in seen:
                continue
            seen.add(write.state)
            if (write.node, write.state) not in reported:
                reported.add((write.node, write.state))
                yield _finding(source, meaning, handler, write)


def _about(node: cst.CSTNode) -> cst.CSTNode:
    """What of a write says which state it is, without what is written."""
    if isinstance(node, cst.Call):
        return node.func
    if isinstance(node, cst.Assign):
        return node.targets[0].target
    return node.target if isinstance(node, (cst.AnnAssign, cst.AugAssign)) else node


def _finding(source: Source, meaning: Meaning, handler: HandlerCode, write: Write) -> Finding:
    return Finding(
        RULE,
        source.path,
        meaning.tree.spans[_about(write.node)],
        Severity.ERROR,
        f"{handler.name} writes `{write.state}`, {write.what}: state belongs to each run. Keep it "
        "on a handler made anew for each run, or in a process of the run",
        (handler.reason, "the guide, section 2: move mutable state into per-run processes"),
    )
