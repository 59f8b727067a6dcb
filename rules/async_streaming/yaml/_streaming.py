"""Whether the llm steps of a YAML stream stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability, Finding, Fix, Severity, Span
from migrator.helpers.merges import Entry, merged
from migrator.helpers.yaml import add_after, text_of
from migrator.languages.yaml import Mapping, Node, Scalar, resolved

from .._facts import step_model
from ._steps import MODEL, PROVIDER, STREAM, LlmStep, Said, step_of, steps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from migrator import Fact, Source

RULE = "step-must-stream"
# What readers of YAML 1.1 or of YAML 1.2 take for false, in lower case.
_FALSE = frozenset({"false", "no", "off", "n"})
_BOOL = "tag:yaml.org,2002:bool"


def findings(source: Source) -> Iterator[Finding]:
    """The llm steps that have no key that makes them stream, or one that says not to."""
    missing = {step.mapping: step for step in steps(source) if () in step.said(STREAM)}
    origins = _origins(missing)
    for step in steps(source):
        off = [entry for each in step.said(STREAM) for entry in each if is_false(entry.value)]
        if step.mapping in missing:
            yield _missing(source, step, missing[origins[step.mapping]])
        elif off:
            yield _chosen(source, step, off[0])


def is_false(node: Node) -> bool:
    """Whether `node` is an explicit false; quoted, only its tag can make it one."""
    node = resolved(node)
    if not isinstance(node, Scalar) or node.value.lower() not in _FALSE:
        return False
    return node.tag == _BOOL if node.tag or node.style else True


def _missing(source: Source, step: LlmStep, to_mend: LlmStep) -> Finding:
    key, value = step.pair
    message = f"this llm step does not stream: set `{STREAM[0]}: true`"
    edits = add_after(source, to_mend.mapping, to_mend.pair, STREAM[0], "true")
    fix = Fix(f"add `{STREAM[0]}: true`", edits, Applicability.REVIEW) if edits else None
    span = Span(key.span.start, max(key.span.end, value.span.end))
    return Finding(RULE, source.path, span, Severity.ERROR, message, _evidence(source, step), fix)


def _origins(missing: Collection[Mapping]) -> dict[Node, Mapping]:
    """Which of `missing` is to get the key for each of them: itself, or one that it merges.

    Of several it is the last, at the far end of what is merged: all in between have the key then.
    """
    origins: dict[Node, Mapping] = {}
    begun: set[Node] = set()
    done: set[Node] = set()
    for mapping in missing:
        way: list[Node] = [mapping]
        while way:
            one = way[-1]
            if one not in begun:
                begun.add(one)
                if isinstance(one, Mapping) and one in missing:
                    origins[one] = one
                way += merged(one)
                continue
            way.pop()
            if one not in done:
                done.add(one)
                origins.update((one, origins[each]) for each in merged(one) if each in origins)
    return origins


def _chosen(source: Source, step: LlmStep, off: Entry) -> Finding:
    own = off.holder is step.mapping and off.by is None
    key, value = step.pair
    start, end = off.pair[1].span if own else (key.span.start, value.span.end)
    line = source.position(off.pair[0].span.start).line
    return Finding(
        RULE,
        source.path,
        Span(start, max(start, end)),
        Severity.ERROR,
        "this llm step is told not to stream: someone chose it, so decide by hand",
        (*_evidence(source, step), f"`{off.key.value}` is false at line {line}"),
    )


def _evidence(source: Source, step: LlmStep) -> tuple[str, ...]:
    line = source.position(step.type.pair[0].span.start).line
    merged = ", by a merge key," if step.type.by else ""
    return (f"the mapping stands under {step.place} and has{merged} `type: llm` from line {line}",)


def models(source: Source) -> Iterator[Fact]:
    """A `step_model` for each llm step whose provider and model are known."""
    for step in steps(source):
        for pair in zip(_every(step, PROVIDER), _every(step, MODEL), strict=True):
            provider, model = (text_of(said[0].value) if said else None for said in pair)
            if provider and model:
                entry = pair[1][0]
                own = entry.holder is step.mapping and entry.by is None
                at = entry.value.span if own else step.pair[1].span
                yield step_model(provider, model, step_of(step.mapping), source.path, at)


def _every(step: LlmStep, keys: tuple[str, ...]) -> list[Said]:
    """What counts under `keys`, once for every use of the step."""
    said = step.said(keys)
    return said if len(said) == len(step.inherited) else said * len(step.inherited)
