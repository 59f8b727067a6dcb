"""What patterns of a `match` meet: the event itself, one among other things, or a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from .shapes import is_sequence, string_of, tags_of

if TYPE_CHECKING:
    from migrator.languages.python import Tree


def names_subject(tree: Tree, node: cst.CSTNode) -> bool:
    """Whether a `match` gives its whole subject the name `node` (`case (...) as whole`)."""
    for around in tree.ancestors(node):
        if isinstance(around, cst.MatchCase):
            return True
        if not isinstance(around, (cst.MatchOr, cst.MatchOrElement)):
            return False
    return False


def subject_around(tree: Tree, node: cst.CSTNode) -> cst.BaseExpression | None:
    """The subject of the `match` that `node` is a part of."""
    found = (one.subject for one in tree.ancestors(node) if isinstance(one, cst.Match))
    return next(found, None)


def captured_of(
    tree: Tree, node: cst.CSTNode, index: int, *, taken_out: bool = False
) -> cst.BaseExpression | None:
    """What is matched where a pattern captures its part `index` as `node`: `case (kind, text)`.

    The text that a pattern with a tag captures is taken out of it there, and so is one of which
    the pattern asks what it is: asked for by `taken_out`.
    """
    element = tree.parents[node]
    while isinstance(element, (cst.MatchOr, cst.MatchOrElement, cst.MatchAs)):
        element = tree.parents[element]
    if not isinstance(element, cst.MatchSequenceElement):
        return None
    pair = tree.parents[element]
    if not isinstance(pair, cst.MatchSequence) or not takes_pairs(pair):
        return None
    if pair.patterns[index] is not element:
        return None
    is_taken_out = bool(tags_of(pair.patterns[0])) or asks(element.value)
    if index == 1 and is_taken_out != taken_out:
        return None
    return matched_by(tree, pair)


def takes_pairs(pattern: cst.MatchSequence) -> bool:
    """Whether `pattern` has two parts, perhaps with a star behind, which takes nothing then."""
    parts = pattern.patterns
    return len(parts) == 2 or (
        len(parts) == 3
        and isinstance(parts[2], cst.MatchStar)
        and not any(isinstance(one, cst.MatchStar) for one in parts[:2])
    )


def asks(pattern: cst.MatchPattern) -> bool:
    """Whether `pattern`, of the text of an event, matches some texts alone: `str() as text`."""
    if isinstance(pattern, cst.MatchAs):
        return pattern.pattern is not None
    return not isinstance(pattern, cst.MatchMapping)


def matched_by(tree: Tree, pattern: cst.MatchSequence) -> cst.BaseExpression | None:
    """What `pattern` is matched with: the subject of its `match`, or one thing in it."""
    match = next(one for one in tree.ancestors(pattern) if isinstance(one, cst.Match))
    if is_event_pattern(tree, pattern):
        return match.subject
    element = tree.parents[pattern]
    outer = tree.parents[element]
    if (
        isinstance(match.subject, cst.Tuple)
        and isinstance(outer, cst.MatchSequence)
        and isinstance(element, cst.MatchSequenceElement)
        and is_event_pattern(tree, outer)
        and len(outer.patterns) == len(match.subject.elements)
    ):
        return match.subject.elements[list(outer.patterns).index(element)].value
    if (
        isinstance(match.subject, cst.Dict)
        and isinstance(element, cst.MatchMappingElement)
        and is_event_pattern(tree, outer)
    ):
        key = string_of(element.key)
        for one in match.subject.elements:
            if isinstance(one, cst.DictElement) and key and string_of(one.key) == key:
                return one.value
    return None


def is_event_pattern(tree: Tree, pattern: cst.CSTNode) -> bool:
    """Whether `pattern` meets the whole subject of its `match`, or an event in a tuple."""
    for around in tree.ancestors(pattern):
        if isinstance(around, cst.MatchCase):
            return True
        if isinstance(around, cst.MatchSequenceElement):
            around = tree.parents[around]
            if not isinstance(around, cst.MatchClass) or not is_sequence(around.cls):
                return False
        elif not isinstance(around, (cst.MatchOr, cst.MatchOrElement, cst.MatchAs, cst.MatchClass)):
            return False
    return False
