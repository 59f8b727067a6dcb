"""Whether the llm steps of a YAML stream stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability, Finding, Fix, Severity, Span
from migrator.helpers.yaml import Entry, add_after, text_of
from migrator.languages.yaml import Node, Scalar, resolved

from .._facts import step_model
from ._steps import MODEL, PROVIDER, STREAM, LlmStep, step_of, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Source

RULE = "step-must-stream"
# What readers of YAML 1.1 or of YAML 1.2 take for false, in lower case.
_FALSE = frozenset({"false", "no", "off", "n"})
_BOOL = "tag:yaml.org,2002:bool"


def findings(source: Source) -> Iterator[Finding]:
    """The llm steps that have no key that makes them stream, or one that says not to."""
    for step in steps(source):
        said = step.said(STREAM)
        off = next((entry for entry in said if entry and is_false(entry.value)), None)
        if None in said:
            yield _missing(source, step)
        elif off is not None:
            yield _chosen(source, step, off)


def is_false(node: Node) -> bool:
    """Whether `node` is an explicit false; quoted, only its tag can make it one."""
    node = resolved(node)
    if not isinstance(node, Scalar) or node.value.lower() not in _FALSE:
        return False
    return node.tag == _BOOL if node.tag or node.style else True


def _missing(source: Source, step: LlmStep) -> Finding:
    key, value = step.pair
    message = f"this llm step does not stream: set `{STREAM[0]}: true`"
    edits = add_after(source, step.mapping, step.pair, STREAM[0], "true")
    fix = Fix(f"add `{STREAM[0]}: true`", edits, Applicability.REVIEW) if edits else None
    span = Span(key.span.start, max(key.span.end, value.span.end))
    return Finding(RULE, source.path, span, Severity.ERROR, message, _evidence(source, step), fix)


def _chosen(source: Source, step: LlmStep, off: Entry) -> Finding:
    own = off.holder is step.mapping and off.by is None
    start = off.key.span.start if own else step.pair[0].span.start
    end = off.value.span.end if own else step.pair[1].span.end
    line = source.position(off.key.span.start).line
    return Finding(
        RULE,
        source.path,
        Span(start, max(start, end)),
        Severity.ERROR,
        "this llm step is told not to stream: someone chose it, so decide by hand",
        (*_evidence(source, step), f"`{off.key.value}` is false at line {line}"),
    )


def _evidence(source: Source, step: LlmStep) -> tuple[str, ...]:
    line = source.position(step.type.key.span.start).line
    merged = ", by a merge key," if step.type.by else ""
    return (f"the mapping stands under {step.place} and has{merged} `type: llm` from line {line}",)


def models(source: Source) -> Iterator[Fact]:
    """A `step_model` for each llm step whose provider and model are known."""
    for step in steps(source):
        for provider, model in zip(_every(step, PROVIDER), _every(step, MODEL), strict=True):
            names = [text_of(entry.value) if entry else None for entry in (provider, model)]
            if names[0] and names[1] and model:
                own = model.holder is step.mapping and model.by is None
                at = model.value.span if own else step.pair[1].span
                yield step_model(names[0], names[1], step_of(step.mapping), source.path, at)


def _every(step: LlmStep, keys: tuple[str, ...]) -> list[Entry | None]:
    """What counts under `keys`, once for every use of the step."""
    said = step.said(keys)
    return said if len(said) == len(step.inherited) else said * len(step.inherited)
