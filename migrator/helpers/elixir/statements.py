"""Statements that go: an alias that nothing uses any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.model import Edit, Source, Span

if TYPE_CHECKING:
    from migrator.helpers.elixir.names import Target
    from migrator.languages.elixir import Node


def removed(source: Source, target: Target) -> tuple[Edit, ...]:
    """The edits that take the module of `target` out of its directive; none where it has to stay.

    A directive that names it alone goes with its line. It stays where it shares the line with other
    code, or is all that its block holds.
    """
    directive = target.directive
    if directive.prefix is not None and len(directive.targets) > 1:
        return (_without(source, target.node),)
    parent = directive.call.parent
    if parent is None or parent.kind not in ("do_block", "source", "body"):
        return ()
    if len(parent.children) < 2:
        return ()
    text = source.text
    start, end = directive.call.span
    first = max(text.rfind("\n", 0, start), -1) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last + 1
    if text[first:start].strip() or text[end:last].strip():
        return ()
    following = text.find("\n", last)
    before = text[:first].rstrip(" \t\r\n")
    opens = text[len(before) : first].count("\n") > 1 or before.endswith(("do", "->"))
    if opens and following >= 0 and not text[last:following].strip():
        last = following + 1  # one blank line is enough
    return (Edit(source.path, Span(first, last), ""),)


def _without(source: Source, member: Node) -> Edit:
    """A member of braces goes with the comma behind it, or the one before if it is the last."""
    assert member.parent is not None
    tokens = [node for node in member.parent.tokens if node.kind != "comment"]
    place = tokens.index(member)
    if tokens[place + 1].kind == ",":
        end = (
            tokens[place + 2].span.start if tokens[place + 2].named else tokens[place + 1].span.end
        )
        return Edit(source.path, Span(member.span.start, end), "")
    return Edit(source.path, Span(tokens[place - 1].span.start, member.span.end), "")
