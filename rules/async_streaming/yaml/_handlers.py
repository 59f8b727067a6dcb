"""The handlers that mappings of a YAML stream name under a handler's key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.languages.yaml import Mapping, Node, Scalar, Sequence, parse, resolved

from .._facts import handler_use
from .._names import STEP_KEYS
from ._steps import step_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Source

HANDLER_KEYS = frozenset(
    {"stream_handler", *(old for old, new in STEP_KEYS.items() if new == "stream_handler")}
)


def uses(source: Source) -> Iterator[Fact]:
    """A `handler_use` for each handler that a mapping names under a handler's key."""
    for node in parse(source).nodes():
        if isinstance(node, Mapping):
            for key, value in node.pairs:
                scalar = resolved(key)
                if isinstance(scalar, Scalar) and scalar.value in HANDLER_KEYS:
                    for named in handlers_in(value):
                        yield from _use(source, node, named)


def handlers_in(value: Node) -> Iterator[Node]:
    """The scalars and aliases that name handlers: the value, or the items of its lists."""
    waiting, seen = [value], set()
    while waiting:
        node = waiting.pop()
        target = resolved(node)
        if isinstance(target, Scalar):
            yield node
        elif isinstance(target, Sequence) and id(target) not in seen:
            seen.add(id(target))
            waiting += reversed(target.items)


def _use(source: Source, mapping: Mapping, named: Node) -> Iterator[Fact]:
    scalar = resolved(named)
    if isinstance(scalar, Scalar) and scalar.style not in ("|", ">"):
        fact = handler_use(scalar.value, step_of(mapping), source.path, named.span)
        if fact is not None:
            yield fact
