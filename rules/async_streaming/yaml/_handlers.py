"""The handlers that mappings of a YAML stream name under a handler's key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.merges import lookup_any
from migrator.helpers.yaml import line_of
from migrator.languages.yaml import Mapping, Node, Scalar, Sequence, parse, resolved

from .._facts import Step, handler_inherited, handler_use
from ._steps import HANDLER, label, step_of
from ._walk import steps, templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Source


def uses(source: Source) -> Iterator[Fact]:
    """A `handler_use` for each handler that a mapping names under a handler's key.

    An llm step that has its handler by a merge key, by defaults or as an alias of another yields
    `handler_inherited`.
    """
    shared = templates(source)
    for node in parse(source).nodes:
        if isinstance(node, Mapping):
            step = None if id(node) in shared else step_of(node)
            for key, value in node.pairs:
                scalar = resolved(key)
                if isinstance(scalar, Scalar) and scalar.value in HANDLER:
                    for named, name in _names(value):
                        fact = handler_use(name, step, source.path, named.span)
                        if fact is not None:
                            yield fact
    yield from _inherited(source)


def _inherited(source: Source) -> Iterator[Fact]:
    for step in steps(source):
        said = {id(entry.value): entry for each in step.said(HANDLER) for entry in each}
        has = bool(lookup_any(step.mapping, HANDLER))
        for entry in said.values():
            # What defaults have by a merge key is merged there, and not by the step.
            by = entry.by if has and entry.by else step.pair
            for used in step.used:
                is_alias = used is not step.mapping
                if entry.holder is step.mapping and not is_alias:
                    continue
                at = used if is_alias else by[1]
                for _, name in _names(entry.value):
                    own = Step(label(step.mapping), used.span.start)
                    fact = handler_inherited(name, own, source.path, at.span)
                    if fact is not None:
                        yield fact


def _names(value: Node) -> Iterator[tuple[Node, str]]:
    """The scalars and aliases that name handlers, with the names: the value, or what lists hold."""
    waiting, seen = [value], set()
    while waiting:
        node = waiting.pop()
        target = resolved(node)
        if isinstance(target, Sequence) and id(target) not in seen:
            seen.add(id(target))
            waiting += reversed(target.items)
        elif (name := line_of(target)) is not None:
            yield node, name
