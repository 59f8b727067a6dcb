"""The step keys of a YAML stream that have lost their prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability, Finding, Fix, Severity
from migrator.helpers.yaml import entries, respell
from migrator.languages.yaml import (
    Alias,
    Mapping,
    Node,
    Scalar,
    Sequence,
    is_merge,
    parse,
    resolved,
)

from .._facts import handler_use
from .._names import STEP_KEYS
from ._steps import step_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Source

RULE = "step-keys"
HANDLER_KEYS = frozenset(
    {"stream_handler", *(old for old, new in STEP_KEYS.items() if new == "stream_handler")}
)


def findings(source: Source) -> Iterator[Finding]:
    """Each legacy key where it is written; an alias that stands for one is none of its own."""
    mappings = [node for node in parse(source).nodes() if isinstance(node, Mapping)]
    keys = {key for mapping in mappings for key, _ in mapping.pairs}
    doubts = {**_used_as_values(source, keys), **_merged_with_new_keys(source, mappings)}
    for mapping in mappings:
        for key, _ in mapping.pairs:
            scalar = resolved(key)
            if not isinstance(scalar, Scalar) or scalar.value not in STEP_KEYS:
                continue
            new = STEP_KEYS[scalar.value]
            message = f"`{scalar.value}` is now `{new}`"
            beside = _key(mapping, new)
            if beside is not None:
                line = source.position(beside.span.start).line
                message += f", which this mapping has as well (line {line}): keep one of them"
                yield _finding(source, key, message, "both keys stand in one mapping")
            elif key is scalar:
                edit = respell(source, scalar, scalar.value, new)
                level = Applicability.REVIEW if scalar in doubts else Applicability.SAFE
                evidence = doubts.get(scalar, f"`{scalar.value}` is a key of this mapping")
                yield _finding(source, key, message, evidence, Fix(message, (edit,), level))
            elif scalar not in keys:
                line = source.position(scalar.span.start).line
                message += f"; this key is an alias of a value at line {line}: rename it there"
                yield _finding(source, key, message, "the key is an alias")


def _finding(
    source: Source, key: Node, message: str, evidence: str, fix: Fix | None = None
) -> Finding:
    return Finding(RULE, source.path, key.span, Severity.ERROR, message, (evidence,), fix)


def _key(mapping: Mapping, name: str) -> Node | None:
    for key, _ in mapping.pairs:
        scalar = resolved(key)
        if isinstance(scalar, Scalar) and scalar.value == name:
            return key
    return None


def _merged_with_new_keys(source: Source, mappings: list[Mapping]) -> dict[Node, str]:
    """Legacy keys that a merge brings together with the new one, whose value then hides theirs."""
    found: dict[Node, str] = {}
    for mapping in mappings:
        if any(is_merge(key) for key, _ in mapping.pairs):
            mixed = list(entries(mapping))
            new = {entry.key.value: entry.key for entry in reversed(mixed)}
            for old in mixed:
                beside = new.get(STEP_KEYS.get(old.key.value, ""))
                if beside is not None:
                    line = source.position(beside.span.start).line
                    place = f"`{beside.value}` of line {line}"
                    found[old.key] = f"a merge brings it together with {place}"
    return found


def _used_as_values(source: Source, keys: set[Node]) -> dict[Node, str]:
    """Keys whose anchor is used as a value too, which the rename would change."""
    found: dict[Node, str] = {}
    for node in parse(source).nodes():
        if isinstance(node, Alias) and node not in keys and node.target in keys:
            line = source.position(node.span.start).line
            found[resolved(node)] = f"its anchor is used as a value at line {line}"
    return found


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
