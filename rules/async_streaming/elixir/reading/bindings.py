"""What binds a name where it is read, and what the pattern that does so is matched to."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from migrator import Span
from migrator.helpers.elixir.calls import (
    all_arguments,
    arguments,
    atom_of,
    is_local,
    operator,
    pairs,
)
from migrator.helpers.elixir.patterns import DEFINITIONS, definition_of, is_pattern
from migrator.helpers.elixir.variables import variables

from .context import below, is_matched, is_pinned, match_of, parameters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Source
    from migrator.languages.elixir import Node

BLOCKS = frozenset({"block", "body", "do_block", "else_block", "source"})
_RECEIVING = ("assert_receive", "assert_received")
_IN_PATTERNS = frozenset(
    {"arguments", "binary_operator", "keywords", "list", "map", "map_content", "pair", "tuple"}
)
# What a question is put together of.
_ASKING = frozenset({"binary_operator", "block", "unary_operator"})
_INSIDE = frozenset({"block", "keywords", "map", "map_content"})


class Kind(Enum):
    """How a pattern comes to a value."""

    VALUE = "value"  # it is matched to it
    ITEM = "item"  # it is matched to each item of it
    PARAMETER = "parameter"  # the function is called with it
    MESSAGE = "message"  # it is received, or caught
    ENTRY = "entry"  # it is matched to what is kept there under a key


class Match(NamedTuple):
    """What a pattern is matched to: a part of `node`, by `path` from the outermost step.

    `node` is a function where it is what that takes at `place`, and `clause` what has the pattern.
    """

    kind: Kind
    node: Node
    path: tuple[Step, ...]
    clause: Node | None = None
    place: int = 0


class Step(NamedTuple):
    """Where a part stands in a "tuple" or a "list", by its `place`, or in a map, by its "key".

    `tags` are the atoms that the pattern has for all parts there, `None` for what is no atom. Where
    a function asks for the part, which knows of no others, there are none.
    """

    kind: str
    place: int | str
    tags: tuple[str | None, ...] | None = None


def binder(source: Source, node: Node, name: str) -> Node | None:
    """The identifier in a pattern that gives the variable `name` its value at `node`."""
    child = node
    for around in node.up():
        found: Node | None = None
        if around.kind == "stab_clause":
            if _is_question(around):
                found = _matched_in(source, around.child("left"), node, name)
            else:
                found = _bound_in(parameters(around), name)
        elif is_local(around, *DEFINITIONS):
            return _bound_in(parameters(around), name)
        elif is_local(around, "for", "with"):
            drawn = [one for one in arguments(around) if operator(one) in ("=", "<-")]
            before = [one for one in drawn if one.span.end <= node.span.start]
            lefts = [left for one in reversed(before) if (left := one.child("left")) is not None]
            found = next(filter(None, (_bound_in([left], name) for left in lefts)), None)
        elif is_local(around, "case", "if", "unless"):
            found = _matched_in(source, next(iter(arguments(around)), None), node, name)
        elif around.kind in BLOCKS:
            found = _matched_before(source, around, child, name)
        if found is not None:
            return found
        child = around
    return None


def _is_question(clause: Node) -> bool:
    """Whether the clause is one of a `cond`, whose left side is no pattern."""
    return clause.parent is not None and is_local(clause.parent.parent, "cond")


def _bound_in(patterns: list[Node], name: str) -> Node | None:
    return next(
        (
            one
            for pattern in patterns
            for one in below(pattern)
            if one.kind == "identifier" and one.text == name and not is_pinned(one)
            if not _is_guard(one)
        ),
        None,
    )


def _is_guard(name: Node) -> bool:
    around = name.parent
    return around is not None and operator(around) == "when" and around.child("right") is name


def _matched_before(source: Source, block: Node, child: Node, name: str) -> Node | None:
    """The name that a `=` or an `assert_receive` in `block` binds, the last one before `child`."""
    before = Span(block.span.start, child.span.start)
    for one in variables(source).latest(_is_bound, name, before):
        match = outermost(match_of(one)) or _receiving(one)
        if match is not None and match.parent is block and match.span.end <= child.span.start:
            return one
    return None


def _is_bound(name: Node) -> bool:
    return is_matched(name) or _receiving(name) is not None


def _receiving(name: Node) -> Node | None:
    """The `assert_receive` whose pattern `name` stands in."""
    child = name
    for around in name.up():
        if around.kind == "call":
            is_pattern_of = is_local(around, *_RECEIVING) and child.kind == "arguments"
            inside = arguments(around)[0] if is_pattern_of and arguments(around) else None
            is_in = inside is not None and inside.span.start <= name.span.start < inside.span.end
            return around if is_in and not is_pinned(name) else None
        if around.kind not in _IN_PATTERNS:
            return None
        child = around
    return None


def _matched_in(source: Source, question: Node | None, node: Node, name: str) -> Node | None:
    """The name that a `=` in `question` binds before `node`: `if event = next() do`."""
    if question is None:
        return None
    before = Span(question.span.start, min(question.span.end, node.span.start))
    for one in variables(source).latest(is_matched, name, before):
        match = match_of(one)
        if match is not None and match.span.end <= node.span.start:
            around = next(up for up in (match, *match.up()) if up.kind not in _ASKING)
            if around is question.parent or around is question:
                return one
    return None


def outermost(match: Node | None) -> Node | None:
    """The whole of `a = b = value`."""
    while match is not None and match.parent is not None and is_match(match.parent):
        match = match.parent
    return match


def is_match(node: Node) -> bool:
    """Whether `node` is a `=`."""
    return node.kind == "binary_operator" and operator(node) == "="


def beside(pattern: Node) -> Iterator[Node]:
    """What is matched to the same as `pattern` is: `{:chunk, _}` of `{:chunk, _} = event`."""
    child = pattern
    for around in pattern.up():
        if is_match(around) and (is_pattern(around) or around.child("right") is not child):
            sides = [around.child("left"), around.child("right")]
            if not is_pattern(around):
                right = sides.pop()
                while right is not None and is_match(right):  # `a = {b, c} = value`
                    sides.append(right.child("left"))
                    right = right.child("right")
            yield from (one for one in sides if one is not None and one is not child)
        elif is_match(around) and around.child("right") is child and is_match(child):
            left = around.child("left")
            yield from [left] if left is not None else []
        elif around.kind != "block":
            return
        child = around


def matched(pattern: Node) -> Match | None:
    """What `pattern` is matched to, as far as that shows."""
    path: list[Step] = []
    child = pattern
    for around in pattern.up():
        if around.kind in ("list", "tuple"):
            place = around.children.index(child)
            path.append(Step(around.kind, place, tuple(map(atom_of, around.children))))
        elif around.kind == "pair":
            key = around.child("key")
            name = key.text.rstrip().removesuffix(":") if key is not None else ""
            path.append(Step("key", name))
        elif around.kind == "arguments":
            return _by_arguments(around, child, tuple(reversed(path)))
        elif around.kind == "binary_operator":
            sign, right = operator(around), around.child("right")
            if sign == "=>":
                key = around.child("left")
                name = atom_of(key) or (key.text if key is not None else "")
                path.append(Step("key", name))
            elif sign == "|":
                if child is right:
                    return None
            elif sign in ("=", "<-") and not (sign == "=" and is_pattern(around)):
                if child is right or right is None:
                    return None
                loop = around.parent.parent if around.parent is not None else None
                kind = Kind.ITEM if sign == "<-" and is_local(loop, "for") else Kind.VALUE
                return Match(kind, _value_of(right), tuple(reversed(path)))
            elif sign not in ("=", "when", "\\\\") or (child is right and sign != "="):
                return None
        elif around.kind not in _INSIDE:
            return None
        child = around
    return None


def _value_of(right: Node) -> Node:
    """`value` of `b = value`, the right side of another `=`."""
    while is_match(right) and (inner := right.child("right")) is not None:
        right = inner
    return right


def _by_arguments(given: Node, pattern: Node, path: tuple[Step, ...]) -> Match | None:
    """What the argument `pattern` of a call, a definition or a clause is matched to."""
    around = given.parent
    place = given.children.index(pattern) if pattern in given.children else 0
    if around is not None and around.kind == "binary_operator" and operator(around) == "when":
        around = around.parent
    if around is None:
        return None
    if around.kind == "stab_clause":
        return _by_clause(around, place, path)
    if is_local(around, "match?"):
        asked = all_arguments(around)
        return Match(Kind.VALUE, asked[1], path) if place == 0 and len(asked) == 2 else None
    if is_local(around, *_RECEIVING):
        return Match(Kind.MESSAGE, around, path) if place == 0 else None
    definition = definition_of(around)
    if definition is None:
        return None
    return Match(Kind.PARAMETER, definition, path, definition, place)


def _by_clause(clause: Node, place: int, path: tuple[Step, ...]) -> Match | None:
    body = clause.parent
    if body is not None and body.kind == "anonymous_function":
        return Match(Kind.PARAMETER, body, path, clause, place)
    if body is not None and body.kind == "catch_block":
        return Match(Kind.MESSAGE, body, path, clause)
    call = next((one for one in clause.up() if one.kind == "call"), None)
    if call is not None and is_local(call, "receive") and body is not None:
        return Match(Kind.MESSAGE, call, path, clause) if body.kind == "do_block" else None
    if call is None or not is_local(call, "case") or body is None or body.kind == "else_block":
        return None
    asked = all_arguments(call)
    return Match(Kind.VALUE, asked[0], path, clause) if asked else None


def part_of(node: Node, step: Step) -> Node | None:
    """The part of the tuple, list or map `node` as it is written that `step` leads to."""
    if step.kind == "key":
        found = pairs(node) if node.kind in ("list", "map") else []
        return next((pair.value for pair in found if pair.key == step.place), None)
    if node.kind != step.kind:
        return None
    if step.tags is None:
        is_there = step.kind == "tuple" and int(step.place) < len(node.children)
        return node.children[int(step.place)] if is_there else None
    return node.children[int(step.place)] if fits(step, node.children) else None


def fits(step: Step, parts: Sequence[Node]) -> bool:
    """Whether `parts` may be matched to the pattern that `step` is one of: by number and atoms."""
    if step.tags is None or len(parts) != len(step.tags):
        return False
    pairs_of_tags = zip(map(atom_of, parts), step.tags, strict=True)
    return not any(one and other and one != other for one, other in pairs_of_tags)
