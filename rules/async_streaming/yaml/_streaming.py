"""Whether the llm steps of a YAML stream stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability, Finding, Fix, Severity, Span
from migrator.helpers.merges import Entry, holder_of, merged
from migrator.helpers.yaml import add_after, text_of
from migrator.languages.yaml import Mapping, Node, Scalar, resolved

from .._facts import step_model
from ._steps import MODEL, PROVIDER, STREAM, LlmStep, Said, step_of
from ._walk import passed, steps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from migrator import Fact, Source

RULE = "step-must-stream"
# What readers of YAML 1.1 or of YAML 1.2 take for a boolean, in lower case.
_FALSE = frozenset({"false", "no", "off", "n"})
_TRUE = frozenset({"true", "yes", "on", "y"})
_BOOL = "tag:yaml.org,2002:bool"


def findings(source: Source) -> Iterator[Finding]:
    """The llm steps that have no key that makes them stream, or one that says not to."""
    missing = {step.mapping: step for step in steps(source) if () in step.said(STREAM)}
    decided = _decided(source)
    origins = _origins([mapping for mapping in missing if mapping not in decided])
    for step in steps(source):
        off = [entry for each in step.said(STREAM) for entry in each if is_false(entry.value)]
        if step.mapping in decided and step.mapping in missing:
            yield _torn(source, step, decided[step.mapping])
        elif step.mapping in missing:
            yield _missing(source, step, missing[origins[step.mapping]])
        elif off:
            yield _chosen(source, step, off[0])


def is_false(node: Node) -> bool:
    """Whether `node` is an explicit false; quoted, only its tag can make it one."""
    return _is_one_of(node, _FALSE)


def _is_one_of(node: Node, words: Collection[str]) -> bool:
    node = resolved(node)
    if not isinstance(node, Scalar) or node.value.lower() not in words:
        return False
    return node.tag == _BOOL if node.tag or node.style else True


def _decided(source: Source) -> dict[Node, Entry]:
    """What says anything but true of a step, by all that is asked in vain before it.

    A key that is added to any of these would take its place.
    """
    decided: dict[Node, Entry] = {}
    for step in steps(source):
        is_default = holder_of(step.mapping, STREAM) is None
        for entry in (entry for each in step.said(STREAM) for entry in each):
            if not _is_one_of(entry.value, _TRUE):
                waiting: list[Node] = [step.mapping]
                if is_default and entry.by is not None:
                    waiting.insert(0, entry.by[1])
                _note(waiting, entry, decided)
    for defaults, said in passed(source):
        for entry in said:
            if not _is_one_of(entry.value, _TRUE):
                _note([defaults], entry, decided)
    return decided


def _note(waiting: list[Node], entry: Entry, decided: dict[Node, Entry]) -> None:
    """Add what is asked before the holder of `entry`, the last of `waiting` first."""
    while waiting:
        one = resolved(waiting.pop())
        holder = holder_of(one, STREAM)
        if holder is one:
            break
        if one not in decided:
            decided[one] = entry
            waiting += reversed(list(merged(one)))
        elif holder is not None:
            break


def _missing(source: Source, step: LlmStep, to_mend: LlmStep) -> Finding:
    message = f"this llm step does not stream: set `{STREAM[0]}: true`"
    edits = add_after(source, to_mend.mapping, to_mend.pair, STREAM[0], "true")
    fix = Fix(f"add `{STREAM[0]}: true`", edits, Applicability.REVIEW) if edits else None
    span, evidence = _span(source, step), _evidence(source, step)
    return Finding(RULE, source.path, span, Severity.ERROR, message, evidence, fix)


def _torn(source: Source, step: LlmStep, otherwise: Entry) -> Finding:
    line = source.position(otherwise.pair[0].span.start).line
    return Finding(
        RULE,
        source.path,
        _span(source, step),
        Severity.ERROR,
        f"this llm step does not stream, and a `{STREAM[0]}` of its own would also count where "
        f"the defaults of line {line} decide: decide by hand",
        _evidence(source, step),
    )


def _span(source: Source, step: LlmStep) -> Span:
    """The pair that makes a mapping a step; what ends a block scalar is no part of it."""
    key, value = step.pair
    end = max(key.span.end, value.span.end)
    return Span(key.span.start, len(source.text[:end].rstrip("\r\n \t")))


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
    line = source.position(off.pair[0].span.start).line
    return Finding(
        RULE,
        source.path,
        off.pair[1].span if own else _span(source, step),
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
