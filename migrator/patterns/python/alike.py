"""Whether two pieces of code are the same but for layout."""

from __future__ import annotations

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.languages.python_nodes import children

# Layout, and tokens whose place in the tree says all there is to them.
_LAYOUT = (
    cst.BaseParenthesizableWhitespace,
    cst.Comma,
    cst.LeftParen,
    cst.RightParen,
    cst.LeftSquareBracket,
    cst.RightSquareBracket,
    cst.LeftCurlyBrace,
    cst.RightCurlyBrace,
    cst.Dot,
    cst.AssignEqual,
    cst.Colon,
    cst.Semicolon,
    cst.EmptyLine,
    cst.TrailingWhitespace,
)


def parts(node: cst.CSTNode) -> list[cst.CSTNode]:
    """What `node` consists of, but for layout."""
    return [one for one in children(node) if not isinstance(one, _LAYOUT)]


def same_text(pattern: cst.SimpleString, node: cst.CSTNode) -> bool:
    """Whether two texts say the same, in whatever quotes."""
    if not isinstance(node, cst.SimpleString):
        return False
    ours = text_of(pattern)
    if ours is not None:
        return text_of(node) == ours
    return pattern.prefix.lower() == node.prefix.lower() and pattern.raw_value == node.raw_value


def equal(one: cst.CSTNode, other: cst.CSTNode) -> bool:
    """Whether two pieces of code are the same but for layout."""
    if type(one) is not type(other):
        return False
    ours, theirs = getattr(one, "value", None), getattr(other, "value", None)
    if isinstance(ours, str) and ours != theirs:
        return False
    below, beside = parts(one), parts(other)
    return len(below) == len(beside) and all(map(equal, below, beside))
