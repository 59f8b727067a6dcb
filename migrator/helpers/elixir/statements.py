"""Statements that go, with their lines: an alias that nothing uses any more, a call of a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import is_local
from migrator.model import Edit, Source, Span

_BODIES = ("after_block", "block", "body", "do_block", "else_block", "source")
_MODULES = ("defimpl", "defmodule", "defprotocol")

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from migrator.helpers.elixir.names import Target
    from migrator.languages.elixir import Node


def removed(source: Source, target: Target) -> tuple[Edit, ...]:
    """The edits that take the module of `target` out of its directive; none where it has to stay.

    A directive that names it alone goes with its line, or with the semicolon that parts it from
    other statements. It stays where a comment stands in it or behind it, or it is all that its
    block holds.
    """
    directive = target.directive
    if directive.prefix is not None and len(directive.targets) > 1:
        return without(source, target.node)
    parent = directive.call.parent
    if parent is None or parent.kind not in ("block", "body", "do_block", "source"):
        return ()
    if len(parent.children) < 2 or any(comments_in(directive.call)):
        return ()
    lines = _lines(source, directive.call)
    if lines is None:
        lines = _beside_others(source, directive.call, parent.children)
    elif source.text[directive.call.span.end : lines.end].strip():
        return ()
    return (Edit(source.path, lines, ""),) if lines is not None else ()


def by_itself(source: Source, target: Target, written: str) -> tuple[Edit, ...]:
    """The edits that take the module of `target` out of braces, into a directive of its own.

    That has `written` behind its `alias` or the like, and a line before the braces; there are none
    where other code stands before them, or a comment in braces that go.
    """
    directive = target.directive
    start = directive.call.span.start
    if len(directive.targets) == 1:
        braces = next(node for node in target.node.up() if node.kind == "dot")
        if any(comments_in(braces)):
            return ()
        return (Edit(source.path, braces.span, written),)
    line = source.line_span(source.position(start).line)
    indent = source.text[line.start : start]
    if indent.strip():
        return ()
    end = source.text[line.start : line.end]
    own = f"{directive.kind} {written}{end[len(end.rstrip()) :] or chr(10)}{indent}"
    return Edit(source.path, Span(start, start), own), *without(source, target.node)


def taken_out(source: Source, node: Node, gone: Container[Node]) -> Edit | None:
    """The edit that takes the statement `node` out, as `gone`, with it in it, are.

    A comment behind it goes with its line; `nil` takes the place of all that a body held. `None`
    where it is a part of something else, or of a line with other code.
    """
    body = node.parent
    if body is None or body.kind not in _BODIES:
        return None
    statements = statements_in(body)
    if node is statements[-1] and not is_module(body) and all(one in gone for one in statements):
        return Edit(source.path, node.span, "nil")
    lines = _lines(source, node)
    return Edit(source.path, lines, "") if lines is not None else None


def comments_in(node: Node) -> Iterator[Node]:
    """The comments that stand in `node`."""
    for one in node.tokens:
        if one.kind == "comment":
            yield one
        yield from comments_in(one)


def statements_in(body: Node) -> list[Node]:
    """The statements that `body` consists of, without the other branches that follow."""
    return [one for one in body.children if not one.kind.endswith("_block")]


def is_module(body: Node) -> bool:
    """Whether `body` is that of a module or a file, whose value nothing uses."""
    return body.kind == "source" or (body.kind == "do_block" and is_local(body.parent, *_MODULES))


def _lines(source: Source, node: Node) -> Span | None:
    """The lines of `node`, with a blank one too many; `None` where they hold other code."""
    text = source.text
    start, end = node.span
    first = max(text.rfind("\n", 0, start), -1) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last + 1
    behind = text[end:last].strip()
    if text[first:start].strip() or (behind and not behind.startswith("#")):
        return None
    following = text.find("\n", last)
    before = text[:first].rstrip(" \t\r\n")
    opens = text[len(before) : first].count("\n") > 1 or before.endswith(("do", "->"))
    if opens and following >= 0 and not text[last:following].strip():
        last = following + 1  # one blank line is enough
    return Span(first, last)


def _beside_others(source: Source, node: Node, statements: list[Node]) -> Span | None:
    """`node` and the semicolon between it and the statement behind it, or before it.

    `None` where there is none, or a comment ends the line, which may be about `node`.
    """
    place = statements.index(node)
    end = source.text.find("\n", node.span.end)
    behind = source.text[node.span.end : end if end >= 0 else None]
    if place + 1 < len(statements):
        following = statements[place + 1].span.start
        if source.text[node.span.end : following].strip(" \t") == ";":
            return Span(node.span.start, following)
    if place and not behind.lstrip().startswith("#"):
        before = statements[place - 1].span.end
        if source.text[before : node.span.start].strip(" \t") == ";":
            return Span(before, node.span.end)
    return None


def without(source: Source, member: Node) -> tuple[Edit, ...]:
    """A member of braces or of keywords goes with the comma behind it, or the one before if it is
    the last.

    Comments beside it stay: they may be about another member, and are a person's in any case.
    """
    assert member.parent is not None
    tokens = member.parent.tokens
    at = tokens.index(member)
    commas = [place for place, token in enumerate(tokens) if token.kind == ","]
    behind = next((place for place in commas if place > at), None)
    if behind is not None:
        comma = Span(tokens[behind].span.start, _next(tokens, behind))
        if behind == at + 1:
            is_said = tokens[behind + 1].kind == "comment"
            if is_said and not source.text[member.span.start - 1].isspace():
                comma = tokens[behind].span
            return (Edit(source.path, Span(member.span.start, comma.end), ""),)
        return _cut(source, Span(member.span.start, _next(tokens, at)), comma)
    comma = tokens[commas[-1]].span
    if commas[-1] == at - 1:
        return (Edit(source.path, Span(comma.start, member.span.end), ""),)
    line = source.line_span(source.position(member.span.start).line)
    is_line = source.text[line.start : line.end].strip() == member.text
    behind_it = source.text[member.span.end : line.end].lstrip(" \t")
    own = line if is_line else Span(member.span.start, line.end - len(behind_it))
    return _cut(source, comma, own)


def _next(tokens: Sequence[Node], place: int) -> int:
    """Where the token behind that at `place` begins; what closes the brackets stays where it is."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    is_one = following is not None and (following.named or following.kind == "comment")
    return following.span.start if following is not None and is_one else tokens[place].span.end


def _cut(source: Source, *spans: Span) -> tuple[Edit, ...]:
    return tuple(Edit(source.path, span, "") for span in spans)
