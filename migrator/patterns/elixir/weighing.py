"""How far a replacement in Elixir keeps the meaning: what is evaluated, and which comments stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.model import Applicability
from migrator.patterns.elixir.meaning import captured
from migrator.patterns.elixir.pairs import keyword_pairs, value_of
from migrator.patterns.elixir.snippets import hole, rest
from migrator.patterns.elixir.template import is_capture, is_capture_in, is_simple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.languages.elixir import Node
    from migrator.model import Edit
    from migrator.patterns.elixir.matching import Match
    from migrator.patterns.elixir.meaning import Meaning
    from migrator.patterns.elixir.template import Template

    #: What an edit can be at most, and why.
    Doubt = tuple[Applicability, str]

MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW
# What stands in one of these is evaluated where it stands.
_EVALUATED = frozenset({"arguments", "list", "tuple"})


def weighed(node: Node, match: Match, pattern: Node, template: Template) -> Iterator[Doubt]:
    """What of `match`, of `pattern` at `node`, `template` evaluates otherwise, or leaves out."""
    if is_capture_in(template.root) and any(map(is_capture, _around(node))):
        yield MANUAL, "a capture cannot stand in another one"
    written = template.pieces(template.root)
    used = [piece.text for piece in written if piece.kind == "hole"]
    later = _in_functions(template.root) - _in_functions(pattern)
    called = _captured(pattern)
    for name, held in match.holes.items():
        if is_simple(held) or name in called:
            continue
        text = " ".join(held.text.split())
        if name not in used:
            yield REVIEW, f"`{text}` is no longer evaluated"
        elif used.count(name) > 1:
            yield REVIEW, f"`{text}` is evaluated more than once"
        if name in later:
            yield REVIEW, f"`{text}` is evaluated later"
    rests = [one.text for one in written if one.kind == "rest"]
    order = dict.fromkeys(one.text for one in written if one.kind in ("hole", "rest"))
    keyed = _keyed(pattern, template.root)
    starts = [
        one.span.start
        for name in order
        if name not in keyed and name not in called
        for one in _evaluated(match, name, pattern)
        if not is_simple(one)
    ]
    if starts != sorted(starts):
        yield REVIEW, "it is evaluated in another order"
    for name, nodes in match.rests.items():
        if nodes and name not in rests:
            yield REVIEW, "a part of it is left out"
        elif rests.count(name) > 1 and not all(map(is_simple, nodes)):
            yield REVIEW, "a part of it is evaluated more than once"


def lost_comments(meaning: Meaning, edits: Sequence[Edit]) -> Iterator[Doubt]:
    """That a comment is no longer there after `edits`, if so."""
    text = meaning.source.text
    comments = [one.span for one in meaning.comments]
    if any(
        edit.span.start <= one.start < edit.span.end and text[one.start : one.end] not in edit.text
        for one in comments
        for edit in edits
    ):
        yield REVIEW, "a comment in it would be lost"


def _around(node: Node) -> Iterator[Node]:
    around = node.parent
    while around is not None:
        yield around
        around = around.parent


def _evaluated(match: Match, name: str, pattern: Node) -> Sequence[Node]:
    """What the hole `name` stands for, as far as it is evaluated before what it is given to."""
    if name in match.holes:
        return (match.holes[name],)
    places = (one for one in _below(pattern) if rest(one) == name)
    is_evaluated = any(one.parent is not None and one.parent.kind in _EVALUATED for one in places)
    return match.rests[name] if is_evaluated else ()


def _captured(pattern: Node) -> frozenset[str]:
    """The holes for functions that are captured, `&$F/1`: names, which nothing evaluates."""
    found = ((hole(one), captured(one)) for one in _below(pattern))
    return frozenset(name for name, capture in found if name and capture)


def _keyed(pattern: Node, template: Node) -> frozenset[str]:
    """The holes that are options of the call before and after: they stay in their order."""
    before, after = (
        {hole(value) for one in keyword_pairs(root) if (value := value_of(one))}
        for root in (pattern, template)
    )
    return frozenset(name for name in before & after if name)


def _below(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _below(child)


def _in_functions(root: Node) -> set[str]:
    """The holes in functions that a snippet writes on the spot."""
    found: set[str] = set()
    waiting = [(root, False)]
    while waiting:
        node, is_in = waiting.pop()
        name = hole(node)
        if name is not None and is_in:
            found.add(name)
        is_in = is_in or node.kind == "anonymous_function" or is_capture_in(node)
        waiting += [(one, is_in) for one in node.children]
    return found
