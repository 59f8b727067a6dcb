"""Pairs and items that are taken out, each with the lines or the comma that it has for itself."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.languages.yaml import Alias, Mapping, Node, Sequence, Tree, comments, resolved
from migrator.model import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from migrator.patterns.yaml.paths import Place

_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_REST_IN_FLOW = re.compile(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)")
_COMMENT_LINE = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*(?P<indent>[ \t]*)#[^\r\n]*(?:\r\n|\r|\n|\Z)")
_LONE_DASH = re.compile(r"[ \t]*-[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)")
_DASH = re.compile(r"[ \t]*-[ \t]+\Z")


@dataclass(frozen=True)
class _Row:
    """Where the parts of a collection stand, and which stay or have lines of their own."""

    spans: tuple[Span, ...]
    numbers: dict[Node, int]
    kept: tuple[int, ...]
    alone: frozenset[int]


class Removal:
    """What a rule takes out of one file: `gone` are the keys of the pairs, and the items."""

    def __init__(self, source: Source, tree: Tree, gone: Collection[Node]) -> None:
        self._source = source
        self._tree = tree
        self._gone = gone
        self._rows: dict[Node, _Row] = {}

    def hindrance(self, place: Place) -> str | None:
        """An alias elsewhere that stands for something in what is to be taken out."""
        key = place.pair[0] if place.pair else place.node
        start, end = key.span.start, max(key.span.end, place.node.span.end)
        at = bisect_left(self._aliases, (start,))
        for anchored, alias in self._aliases[at:]:
            if anchored >= end:
                break
            if alias >= end:
                line = self._source.position(alias).line
                return f"an alias at line {line} stands for what is anchored in it"
        return None

    def edits(self, place: Place) -> tuple[Edit, ...]:
        """Take the pair or item at `place` out; nothing where that leaves an empty collection."""
        holder = place.sequence if place.mapping is None else place.mapping
        if holder is None:
            return ()
        row = self._row(holder)
        if not row.kept:
            return ()
        at = row.numbers[place.pair[0] if place.pair else place.node]
        cut = self._in_flow(row, at) if holder.flow else self._in_block(holder, row, at)
        return () if cut is None else (Edit(self._source.path, cut, ""),)

    def _row(self, holder: Mapping | Sequence) -> _Row:
        if holder not in self._rows:
            if isinstance(holder, Mapping):
                parts = [key for key, _ in holder.pairs]
                ends = [max(key.span.end, value.span.end) for key, value in holder.pairs]
            else:
                parts = holder.items
                ends = [item.span.end for item in parts]
            spans = tuple(Span(one.span.start, end) for one, end in zip(parts, ends, strict=True))
            kept = tuple(number for number, one in enumerate(parts) if one not in self._gone)
            self._rows[holder] = _Row(
                spans,
                {one: number for number, one in enumerate(parts)},
                kept,
                frozenset(self._alone(spans, set(kept)) if holder.flow else ()),
            )
        return self._rows[holder]

    def _in_flow(self, row: _Row, at: int) -> Span | None:
        start, end = row.spans[at]
        if at in row.alone:
            line = self._line(start)
            rest = _REST_IN_FLOW.match(self._source.text, end)
            assert rest is not None
            return Span(line.start, rest.end())
        # With the comma behind it, or the one before it if nothing that stays is behind it.
        if at < row.kept[-1]:
            cut = Span(start, row.spans[at + 1].start)
        else:
            cut = Span(row.spans[at - 1].end, end)
        comment = bisect_left(self._comments, cut.start)
        is_said = comment < len(self._comments) and self._comments[comment] < cut.end
        return None if is_said else cut

    def _alone(self, spans: Iterable[Span], kept: Collection[int]) -> Iterator[int]:
        """The parts in braces that go with lines of their own.

        Not what follows a part that goes with all that leads to the next one.
        """
        takes_all = False
        for number, (start, end) in enumerate(spans):
            before = self._source.text[self._line(start).start : start]
            rest = _REST_IN_FLOW.match(self._source.text, end)
            takes_all = number not in kept and (takes_all or rest is None or bool(before.strip()))
            if number not in kept and not takes_all:
                yield number

    def _in_block(self, holder: Mapping | Sequence, row: _Row, at: int) -> Span | None:
        text = self._source.text
        start, end = row.spans[at]
        is_item = isinstance(holder, Sequence)
        rest = _REST_OF_LINE.match(text, start + len(text[start:end].rstrip()))
        line, before = self._lead(start, is_item=is_item)
        if rest is None or line is None:
            return None
        lead = before.partition("#")[0].rstrip()
        end = self._comments_within(rest.end(), len(lead) - 1 if is_item else len(before))
        if at < row.kept[0] and row.kept[0] > 1:
            # Of several the first may share its line with an outer dash, which all of them keep.
            _, first = self._lead(row.spans[0].start, is_item=is_item)
            if first.partition("#")[0].strip() != ("-" if is_item else ""):
                return None
        if lead.strip() == ("-" if is_item else ""):
            return Span(line.start, end)
        if at == 0 and row.kept[0] == 1 and _DASH.search(before):
            following = row.spans[1].start
            if not text[end:following].strip(" \t\r\n-" if is_item else None):
                return Span(start, following)
        return None

    def _lead(self, start: int, *, is_item: bool) -> tuple[Span | None, str]:
        """The line that a part begins at, and what stands on it in front.

        The dash of an item may stand by itself on the line above.
        """
        line = self._line(start)
        before = self._source.text[line.start : start]
        if not is_item or before.strip():
            return line, before
        above = self._line(line.start - 1)
        before = self._source.text[above.start : above.end]
        return (above if _LONE_DASH.fullmatch(before) else None), before

    def _comments_within(self, at: int, column: int) -> int:
        """The end of the lines from `at` on that are comments further in than `column`."""
        while match := _COMMENT_LINE.match(self._source.text, at):
            if len(match["indent"]) <= column:
                break
            at = match.end()
        return at

    def _line(self, offset: int) -> Span:
        return self._source.line_span(self._source.position(offset).line)

    @cached_property
    def _aliases(self) -> list[tuple[int, int]]:
        """Where what is anchored begins, and the alias for it."""
        return sorted(
            (resolved(node).span.start, node.span.start)
            for node in self._tree.nodes
            if isinstance(node, Alias)
        )

    @cached_property
    def _comments(self) -> list[int]:
        return sorted(span.start for span in comments(self._source))
