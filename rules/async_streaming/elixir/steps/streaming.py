"""Whether the llm steps in literals of an Elixir file stream, and with which model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Finding, Fix, Look, Severity, Source, Span
from migrator.helpers.elixir.calls import name_of, operator
from migrator.helpers.elixir.patterns import is_pattern

from ..._facts import Step, step_model
from ..reading.mappings import HOLDERS, Entry, entries, entry, holders, mappings, text_of
from ..reading.meaning import Meaning, in_namespace, meaning_of
from ..reading.uses import Attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact
    from migrator.languages.elixir import Node

RULE = "step-must-stream"
_STREAM = ("stream", "async_stream")
_DEFAULTS = "defaults"
_NAMESPACE = "Pipeline"
_ENDS_WITH_COMMA = re.compile(r"\s*,\s*(?:#.*)?")


def findings(source: Source, look: Look) -> Iterator[Finding]:
    """The llm steps of a file that names the library's `Pipeline`, and do not stream."""
    meaning = meaning_of(source, look)
    named = next(
        (one for one in meaning.names.references if in_namespace(one.name, _NAMESPACE)), None
    )
    if meaning.is_library or named is None:
        return
    for step, kind in llm_steps(meaning):
        said = _said(step, _STREAM)
        why = f"the mapping has `type: {text_of(kind.value)}` at line {meaning.line(kind.node)}"
        names = f"the file names `{named.name}` at line {meaning.line(named.node)}"
        if said is None:
            message = f"this llm step does not stream: set `{_STREAM[0]}: true`"
            fix = Fix(
                f"add `{_STREAM[0]}: true`", tuple(_added(source, kind)), Applicability.REVIEW
            )
            yield _finding(source, kind.node, message, (why, names), fix)
        elif said.value.kind == "boolean" and said.value.text == "false":
            message = "this llm step is told not to stream: someone chose it, so decide by hand"
            place = f"`{said.key}` is false at line {meaning.line(said.node)}"
            own = said.value if entry(step, said.key) is not None else kind.node
            yield _finding(source, own, message, (why, place, names))


def _finding(
    source: Source, node: Node, message: str, evidence: tuple[str, ...], fix: Fix | None = None
) -> Finding:
    return Finding(RULE, source.path, node.span, Severity.ERROR, message, evidence, fix)


def llm_steps(meaning: Meaning) -> Iterator[tuple[Node, Entry]]:
    """The literals that are llm steps, each with its `type`.

    A pattern asks for a step and is none; what is merged or updated has the keys of another one.
    """
    for mapping in mappings(meaning):
        kind = entry(mapping, "type")
        if mapping.kind == "keywords" or kind is None or text_of(kind.value) != "llm":
            continue
        if mapping.of("struct") is None and not is_pattern(mapping) and not _is_merged(mapping):
            yield mapping, kind


def _is_merged(mapping: Node) -> bool:
    content = mapping.of("map_content")
    inside = content.children if content is not None else mapping.children
    if any(node.kind == "binary_operator" and operator(node) == "|" for node in inside):
        return True
    parent = mapping.parent
    if parent is None:
        return False
    if parent.kind == "binary_operator":
        return operator(parent) in ("++", "==", "|>", "===")
    call = parent.parent if parent.kind == "arguments" else None
    return call is not None and name_of(call) in ("deep_merge", "into", "merge", "put_new")


def _said(step: Node, keys: tuple[str, ...]) -> Entry | None:
    """What counts for `step` under one of `keys`: its own, or that of the nearest defaults."""
    own = next((one for key in keys if (one := entry(step, key)) is not None), None)
    if own is not None:
        return own
    for holder, key in holders(step):
        defaults = entry(holder, _DEFAULTS) if key in HOLDERS else None
        if defaults is not None:
            for one in entries(defaults.value):
                if one.key in keys:
                    return one
    return None


def _added(source: Source, kind: Entry) -> Iterator[Edit]:
    """The edits that add the key behind `type`, written as that is."""
    text, (start, end) = source.text, kind.node.span
    if kind.node.kind == "pair":
        new = f"{_STREAM[0]}: true"
    elif kind.node.kind == "tuple":
        key = kind.node.children[0].text.replace("type", _STREAM[0])
        new = f"{{{key}, true}}"
    else:
        left = kind.node.child("left")
        assert left is not None
        arrow = text[left.span.end : kind.value.span.start]
        new = f"{left.text.replace('type', _STREAM[0])}{arrow}true"
    first = text.rfind("\n", 0, start) + 1
    indent = text[first:start]
    if indent.strip() or not first:
        yield Edit(source.path, Span(end, end), f", {new}")
        return
    last = text.find("\n", end)
    line_end = "\r\n" if text[last - 1] == "\r" else "\n"
    last -= len(line_end) - 1
    rest = text[end:last]
    if _ENDS_WITH_COMMA.fullmatch(rest):
        yield Edit(source.path, Span(last, last), f"{line_end}{indent}{new},")
    elif rest.lstrip().startswith(","):
        yield Edit(source.path, Span(end, end), f", {new}")
    elif rest.lstrip().startswith("#"):
        yield Edit(source.path, Span(end, end), ",")
        yield Edit(source.path, Span(last, last), f"{line_end}{indent}{new}")
    else:
        yield Edit(source.path, Span(end, end), f",{line_end}{indent}{new}")


def models(source: Source, look: Look) -> Iterator[Fact]:
    """A `step_model` for each llm step whose provider and model are known."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    attributes = Attributes(meaning)
    for step, _ in llm_steps(meaning):
        model = _said(step, ("model",))
        said = (_said(step, ("provider",)), model)
        names = [text_of(attributes.behind(meaning, one.value)) if one else None for one in said]
        if names[0] and names[1] and model is not None:
            own = model.value if entry(step, "model") is not None else step
            yield step_model(names[0], names[1], step_of(step), source.path, own.span)


def step_of(mapping: Node) -> Step:
    """How facts tell the step."""
    label = next((text for key in ("id", "name") if (text := text_of(_value(mapping, key)))), "")
    return Step(label, mapping.span.start)


def _value(mapping: Node, key: str) -> Node | None:
    found = entry(mapping, key)
    return found.value if found is not None else None
