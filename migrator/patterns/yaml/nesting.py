"""Values that go below other keys: `a: 1` becomes `b: {c: 1}`, in the style that it is written in.

A pair is changed where its key stands, so that its value and its comments stay byte for byte. Those
that stand one behind the other and go below the same key change together, and each of them brings
the edits of all.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.merges import lookup
from migrator.languages.yaml import BLOCKS, Mapping, Node, Scalar, Tree, resolved
from migrator.model import Edit, Source, Span
from migrator.patterns.gaps import line_end
from migrator.patterns.yaml.edits import NO_TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from collections.abc import Mapping as Table

_KEY = r"[A-Za-z_][\w/-]*"
_KEYS = re.compile(rf"{_KEY}(?:\.{_KEY})+")
_MARGIN = re.compile(r" *(?:- +)*")


class _Move(NamedTuple):
    """A pair and the keys that its value goes below, of which the last takes its own's place."""

    key: Scalar
    value: Node
    keys: tuple[str, ...]


def keys_of(text: str) -> tuple[str, ...] | None:
    """The keys that `text` has with dots between them; `None` if it is no such text."""
    keys = tuple(text.split("."))
    is_text = _KEYS.fullmatch(text) and not any(map(NO_TEXT.fullmatch, keys))
    return keys if is_text else None


class Made:
    """What stands below keys already, so that it is not to go there once more."""

    def __init__(self, tree: Tree) -> None:
        self._above = {
            value: (mapping, key)
            for mapping in tree.nodes
            if isinstance(mapping, Mapping)
            for key, value in mapping.pairs
        }

    def is_there(self, mapping: Mapping, pair: tuple[Node, Node], keys: Sequence[str]) -> bool:
        """Whether `pair` of `mapping` is what `keys` lead to, or leads on as they do."""
        key, value = pair
        inner = resolved(value)
        if _says(key, keys[0]) and isinstance(inner, Mapping) and lookup(inner, keys[1]):
            return True
        above: Node | None = mapping
        for name in reversed(keys):
            if above is None or not _says(key, name):
                return False
            above, key = self._above.get(above, (None, key))
        return True


class Nesting:
    """The pairs of one file that go below other keys.

    `moves` has those keys by the key that each pair has, of the mappings `around`; those that are
    `kept` stay as they are.
    """

    def __init__(
        self,
        source: Source,
        moves: Table[Node, tuple[str, ...]],
        around: Iterable[Mapping],
        kept: Collection[Node],
    ) -> None:
        self._source = source
        self._moves = moves
        self._hindrances: dict[Node, str] = {}
        self._edits: dict[Node, tuple[Edit, ...]] = {}
        for mapping in dict.fromkeys(around):
            self._look_at(mapping, {key: to for key, to in moves.items() if key not in kept})

    def is_about(self, key: Node) -> bool:
        """Whether the pair with `key` is to go below others, and is not there already."""
        return key in self._moves

    def hindrance(self, key: Node) -> str | None:
        """Why the pair with `key` cannot be changed, and what to do."""
        return self._hindrances.get(key)

    def edits(self, key: Node) -> tuple[Edit, ...]:
        """The edits of the pair with `key`, and of those that change with it."""
        return self._edits.get(key, ())

    def _look_at(self, mapping: Mapping, moves: Table[Node, tuple[str, ...]]) -> None:
        made: dict[str, int] = {}
        row: list[_Move] = []
        for key, value in mapping.pairs:
            keys = moves.get(key)
            why = None if keys is None else self._unfit(mapping, key, value, keys[0])
            if keys is None or why is not None or not isinstance(key, Scalar):
                if why is not None:
                    self._hindrances[key] = why
                row = []
                continue
            if row and row[-1].keys[0] == keys[0] and not _clash(row, keys):
                row.append(_Move(key, value, keys))
            elif keys[0] in made:
                self._hindrances[key] = (
                    f"`{keys[0]}` is made of line {made[keys[0]]}: put it there by hand"
                )
                row = []
                continue
            else:
                row = [_Move(key, value, keys)]
                made[keys[0]] = self._source.position(key.span.start).line
            edits = tuple(self._in_flow(row) if mapping.flow else self._in_block(row))
            for one in row:
                self._edits[one.key] = edits

    def _unfit(self, mapping: Mapping, key: Node, value: Node, first: str) -> str | None:
        """Why a pair cannot go below the key `first`, and what to do."""
        there = lookup(mapping, first)
        if there is not None and there.key is not key:
            line = self._source.position(there.key.span.start).line
            return f"`{first}` is there already, at line {line}: put it there by hand"
        start, end = key.span.start, max(key.span.end, value.span.end)
        text = self._source.text[key.span.start : key.span.end]
        is_plain = isinstance(key, Scalar) and text in (
            key.value, f"'{key.value}'", f'"{key.value}"'
        )  # fmt: skip
        lines = [self._source.position(at).line for at in (start, end)]
        is_block = isinstance(value, Scalar) and value.style in BLOCKS
        if is_block or len(set(lines)) > 1:
            return "its value has several lines: put it there by hand"
        is_there = bool(self._source.text[value.span.start : value.span.end])
        before = self._source.text[mapping.span.start : start].rstrip()
        is_alone = _MARGIN.fullmatch(self._before(key)) is not None
        if mapping.flow:
            is_alone = before.endswith(("{", ","))
        if not is_plain or not is_alone or (mapping.flow and not is_there):
            return "how it is written keeps it from being changed by a tool"
        return None

    def _before(self, key: Node) -> str:
        """What stands before `key` on its line."""
        line = self._source.line_span(self._source.position(key.span.start).line)
        return self._source.text[line.start : key.span.start]

    def _in_block(self, row: Sequence[_Move]) -> Iterator[Edit]:
        above: tuple[str, ...] = ()
        margin = " " * len(self._before(row[0].key))
        for key, _, keys in row:
            newline = line_end(self._source, key.span.end)
            common = _common(above, keys[:-1])
            lines = [
                f"{margin if at > common else ''}{'  ' * at}{one}"
                for at, one in enumerate(keys[:-1])
                if at >= common
            ]
            margin_of_last = margin if lines else ""
            last = f"{margin_of_last}{'  ' * (len(keys) - 1)}{self._quoted(key, keys[-1])}"
            text = "".join(f"{one}:{newline}" for one in lines) + last
            yield Edit(self._source.path, key.span, text)
            above = keys[:-1]

    def _in_flow(self, row: Sequence[_Move]) -> Iterator[Edit]:
        for at, (key, value, keys) in enumerate(row):
            above = row[at - 1].keys[:-1] if at else ()
            below = row[at + 1].keys[:-1] if at + 1 < len(row) else ()
            opened = keys[_common(above, keys[:-1]) : -1]
            text = "".join(f"{one}: {{" for one in opened)
            yield Edit(self._source.path, key.span, text + self._quoted(key, keys[-1]))
            closed = len(keys) - 1 - _common(below, keys[:-1])
            if closed:
                end = value.span.end
                yield Edit(self._source.path, Span(end, end), "}" * closed)

    @staticmethod
    def _quoted(key: Scalar, name: str) -> str:
        quote = key.style if key.style in ("'", '"') else ""
        return f"{quote}{name}{quote}"


def _says(key: Node, name: str) -> bool:
    scalar = resolved(key)
    return isinstance(scalar, Scalar) and scalar.value == name


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many keys two ways down begin with alike."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


def _clash(row: Sequence[_Move], keys: tuple[str, ...]) -> bool:
    """Whether one of `row` makes a value where `keys` need a mapping, or makes a key twice."""
    seen = [one.keys for one in row]
    if any(keys[: len(one)] == one or one[: len(keys)] == keys for one in seen):
        return True
    # What was left cannot be gone back to.
    shared = _common(seen[-1][:-1], keys[:-1])
    return any(_common(one[:-1], keys[:-1]) > shared for one in seen[:-1])
