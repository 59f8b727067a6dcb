"""A part of a value, and the ways on which it comes from others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..reading.bindings import Kind, Step

if TYPE_CHECKING:
    from migrator.languages.elixir import Node

#: One of a list, wherever it stands there.
ANY_ITEM = Step("list", 0)
#: The second of each pair, where a map is gone through.
OF_PAIR = Step("tuple", 1)
#: What a task comes to.
AWAITED = Step("task", 0)


class Part(NamedTuple):
    """What `path` leads to in the value of `node`, or, by its `kind`, in each item of that.

    Of a parameter, `node` is the function, and the first step tells which one it is.
    """

    kind: Kind
    node: Node
    path: tuple[Step, ...]


class Ways(NamedTuple):
    """The parts that something may be; `is_any`: one of them is enough, for others may be empty."""

    parts: tuple[Part, ...]
    is_any: bool = False


def parameter(place: int) -> Step:
    """Tells the parameter of a function at `place`."""
    return Step("parameter", place)


def inside(kind: Kind, path: tuple[Step, ...]) -> tuple[Step, ...]:
    """`path` from a value as a whole, where it is one in each item of that by its `kind`."""
    return path if kind is Kind.VALUE else (ANY_ITEM, *path)
