"""Events in their legacy shape, and where they are met."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import all_arguments, is_local, name_of, operator, receiver
from migrator.helpers.elixir.patterns import DEFINITIONS
from migrator.helpers.elixir.variables import variables

from .context import TESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Applicability, Edit
    from migrator.languages.elixir import Node

    from .meaning import Meaning

CHUNK, COMPLETE = "chunk", "complete"
TAGS = {CHUNK: ":delta", COMPLETE: ":done"}
COMPARISONS = ("==", "===", "!=", "!==")
ASKS = (*COMPARISONS, "in", "not in")
_ASKING = (*COMPARISONS, "member?")
#: Kinds of code that are no text, and hold none in a variable.
NO_TEXTS = frozenset({"atom", "boolean", "float", "integer", "list", "map"})
# `&handle_event/1`, or a function that hands on what it is given to that.
_EACH_HANDLED = re.compile(
    r"&(?P<module>[\w.]+\.)?handle_event(?:/1|\(&1\))"
    r"|fn (?P<event>[a-z_]\w*) -> (?P<of>[\w.]+\.)?handle_event\((?P=event)\) end"
)


@dataclass(eq=False)
class Place:
    """One event, or one question about an event, with its edits; `trouble` rules them out."""

    node: Node
    tag: str
    level: Applicability
    reason: str
    edits: list[Edit] = field(default_factory=list)
    trouble: str = ""


def takes_nothing(meaning: Meaning, node: Node) -> bool:
    """Whether a pattern binds nothing that is read."""
    if node.kind != "identifier" or not node.text.startswith("_"):
        return False
    if node.text.endswith("__"):
        return False  # `__MODULE__` and its like are values
    if node.text == "_":
        return True
    around = function_around(node) or node
    return len(variables(meaning.source).named(node.text, around.span)) < 2


def function_around(node: Node) -> Node | None:
    """The definition or the test that `node` stands in."""
    return next((around for around in node.up() if is_local(around, *DEFINITIONS, *TESTS)), None)


def element(node: Node, index: str) -> str | None:
    """The code of what `elem(it, index)` looks into, in a pipe or not."""
    call = node.child("right") if operator(node) == "|>" else node
    on = receiver(call) if call is not None else None
    if call is None:
        return None
    if name_of(call) != "elem" or (on is not None and on.text != "Kernel"):
        return None
    given = all_arguments(call)
    if len(given) == 2 and given[1].kind == "integer" and given[1].text == index:
        return given[0].text
    return None


def is_name(tag: Node) -> bool:
    """Whether the first of a tuple is no tag but the name of one."""
    return tag.kind == "identifier" or is_local(tag, "unquote")


def compared_with(node: Node) -> Iterator[Node]:
    """What `node` is compared with, is to be in, or is matched to by the clauses of a `case`."""
    parent = node.parent
    if parent is None:
        return
    is_end_of_pipe = operator(parent) == "|>" and parent.child("right") is node
    if is_end_of_pipe or (parent.kind == "block" and len(parent.children) == 1):
        yield from compared_with(parent)
        return
    if parent.kind == "binary_operator" and operator(parent) in ASKS:
        yield from (side for side in parent.children if side is not node)
        return
    is_piped = operator(parent) == "|>" and parent.child("left") is node
    call = parent.child("right") if is_piped else parent.parent
    if call is None or not (is_piped or parent.kind == "arguments"):
        return
    if is_local(call, "case"):
        block = call.of("do_block")
        for clause in block.children if block is not None else ():
            left = clause.child("left") if clause.kind == "stab_clause" else None
            if left is not None:
                yield left
    elif name_of(call) in _ASKING and receiver(call) is not None:
        yield from (one for one in all_arguments(call) if one is not node)


def handled(node: Node) -> re.Match[str] | None:
    """What a handler takes each of the list `node` by, and of which `module`, if one does."""
    around = node.parent
    if around is None:
        return None
    is_piped = operator(around) == "|>" and around.child("left") is node
    call = around.child("right") if is_piped else around.parent
    on = receiver(call) if call is not None else None
    given = all_arguments(call) if call is not None else []
    is_gone_through = on is not None and on.text in ("Enum", "Stream") and node in given[:1]
    return _EACH_HANDLED.fullmatch(given[-1].text) if is_gone_through else None
