"""What makes the edits for a match less than safe: what they evaluate, name or lose otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import parameters
from migrator.model import Applicability
from migrator.patterns.python.formatted import is_shown
from migrator.patterns.python.parentheses import is_set
from migrator.patterns.python.spans import span_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.languages.python import Tree
    from migrator.model import Edit
    from migrator.patterns.python.matching import Match
    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.python.template import Template

    #: What an edit can be at most, and why.
    Doubt = tuple[Applicability, str]

_SIMPLE = (cst.Name, cst.SimpleString, cst.BaseNumber, cst.Lambda, cst.Ellipsis)


def changed_evaluation(meaning: Meaning, match: Match, template: Template) -> Iterator[Doubt]:
    """What `template` no longer evaluates of `match`, or more than once."""
    pieces = template.pieces(template.root)
    used = [piece.text for piece in pieces if piece.kind == "hole"]
    rests = [piece.text for piece in pieces if piece.kind in ("rest", "parameters")]
    effects = {name: node for name, node in match.holes.items() if not is_simple(node)}
    for name, node in effects.items():
        text = " ".join(text_at(meaning, node).split())
        if name not in used:
            yield Applicability.REVIEW, f"`{text}` is no longer evaluated"
        elif used.count(name) > 1:
            yield Applicability.REVIEW, f"`{text}` is evaluated more than once"
    for name, nodes in match.rests.items():
        if nodes and name not in rests:
            yield Applicability.REVIEW, "arguments of it are left out"
        elif rests.count(name) > 1 and not all(map(_is_simple_argument, nodes)):
            yield Applicability.REVIEW, "arguments of it are evaluated more than once"


def reordered(meaning: Meaning, nodes: Iterable[cst.CSTNode]) -> Iterator[Doubt]:
    """That `nodes` are evaluated in another order where they come one after the other, if so."""
    order = [
        span_at(meaning, node).start
        for node in dict.fromkeys(nodes)
        if not _is_simple_argument(node)
    ]
    if order != sorted(order):
        yield Applicability.REVIEW, "it is evaluated in another order"


def unfit(meaning: Meaning, node: cst.CSTNode, match: Match, template: Template) -> Iterator[Doubt]:
    """What of `template` cannot stand in the place of `node`, or means something else there."""
    if template.has(cst.Await) and not _is_awaited(meaning, node):
        yield Applicability.MANUAL, "it would be awaited outside of an `async def`"
    for piece in template.pieces(template.root):
        held = match.holes.get(piece.text) if piece.kind == "hole" else None
        if held is None or piece.hole is None:
            continue
        text = text_at(meaning, held)
        around = template.ancestors(piece.hole)
        for string in (one for one in around if isinstance(one, cst.FormattedString)):
            if any(one in text for one in (string.end[0], "\\", "\n")):
                line = " ".join(text.split())
                yield Applicability.MANUAL, f"`{line}` cannot stand in the f-string in all Pythons"
        is_later = any(isinstance(one, cst.Lambda) for one in around)
        if is_later and not is_simple(held):
            yield Applicability.REVIEW, f"`{' '.join(text.split())}` is evaluated later"


def _is_awaited(meaning: Meaning, node: cst.CSTNode) -> bool:
    """Whether something can be awaited where `node` stands."""
    scope = meaning.names.scope_of(node)
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    function = scope.node
    return isinstance(function, cst.FunctionDef) and function.asynchronous is not None


def parameter_clashes(
    meaning: Meaning, function: cst.FunctionDef, new: Sequence[str]
) -> Iterator[Doubt]:
    """The `new` parameters whose names `function` has already, or knows as something else."""
    names, spans = meaning.names, meaning.tree.spans
    start, end = spans[function.body]
    known = {use.value for use in names.uses if start <= spans[use].start < end}
    bound = (one for one in names.bindings() if start <= spans[one.node].start < end)
    known |= {one.name for one in bound}
    there = {one.name.value for one in parameters(function.params)}
    for name in new:
        if name in there:
            yield Applicability.MANUAL, f"`{name}` is a parameter already"
        elif name in known:
            yield Applicability.MANUAL, f"`{name}` means something else in it"


def misplaced_keywords(keywords: Sequence[str | None]) -> Iterator[Doubt]:
    """What is wrong with the arguments of a call.

    `keywords` has each one's keyword or stars, in order, and `None` for one without either.
    """
    named = [one for one in keywords if one and not one.startswith("*")]
    doubled = sorted({one for one in named if named.count(one) > 1})
    if doubled:
        yield Applicability.MANUAL, f"`{doubled[0]}=` is there already"
    first = next((at for at, one in enumerate(keywords) if one in named), len(keywords))
    if None in keywords[first:]:
        yield Applicability.MANUAL, "an argument without a name would follow one with a name"


def misplaced(tree: Tree, node: cst.CSTNode, new: cst.CSTNode) -> Iterator[Doubt]:
    """What keeps `new` from standing in the place of `node`, or tells the two apart there."""
    places = (cst.Name, cst.Attribute, cst.Subscript)
    if is_set(tree.parents, node) and not isinstance(new, places):
        yield Applicability.MANUAL, "it is set here, and cannot be what it is"
    if is_shown(tree, node):
        yield Applicability.REVIEW, "the f-string around shows its code"


def lost_comments(meaning: Meaning, node: cst.CSTNode, edits: Sequence[Edit]) -> Iterator[Doubt]:
    """That a comment in `node` is no longer there after `edits`, if so."""
    tree, text = meaning.tree, meaning.source.text
    outer = span_at(meaning, node)
    comments = [
        tree.spans[comment]
        for comment in tree.of(cst.Comment)
        if outer.start <= tree.spans[comment].start < outer.end
    ]
    if any(
        edit.span.start <= one.start < edit.span.end and text[one.start : one.end] not in edit.text
        for one in comments
        for edit in edits
    ):
        yield Applicability.REVIEW, "a comment in it would be lost"


def _is_simple_argument(node: cst.CSTNode) -> bool:
    """The same of an argument, or of an item of a list."""
    return is_simple(node.value if isinstance(node, (cst.Arg, cst.BaseElement)) else node)


def is_simple(node: cst.CSTNode) -> bool:
    """Whether it does not matter when and how often `node` is evaluated."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, _SIMPLE)
