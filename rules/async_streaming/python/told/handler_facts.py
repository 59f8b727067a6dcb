"""Facts of handlers and models: those that step configs name, and the handlers that are defined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of

from ... import _facts
from ..._facts import (
    handler_bases,
    handler_def,
    handler_held,
    handler_hidden,
    handler_use,
    step_model,
)
from ..._names import STEP_KEYS
from ..handlers.handler_shapes import Shapes
from ..reading.classes import definition
from ..reading.held import value_of
from ..reading.mappings import Mapping, pairs, subscript_key
from ..reading.meaning import Meaning, meaning_of
from ..steps.steps import Steps, steps
from ..steps.streaming import Judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Look, Source

_HANDLER_KEYS = frozenset(
    {"stream_handler", *(old for old, new in STEP_KEYS.items() if new == "stream_handler")}
)


# What steps name


def uses(source: Source, look: Look) -> Iterator[Fact]:
    """A `handler_use` for each handler that a step of `source` names by a string.

    What a step holds itself, a class or a function, is told as `handler_held`.
    """
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    found = steps(source, look)
    for node in meaning.tree.of(cst.Dict, cst.Call, cst.Assign):
        if isinstance(node, (cst.Dict, cst.Call)):
            for pair in pairs(node):
                if pair.key in _HANDLER_KEYS and found.why(node):
                    yield from _named(meaning, _step(meaning, node), pair.value)
        elif isinstance(node, cst.Assign):
            for target in node.targets:
                stored = target.target
                if (
                    isinstance(stored, cst.Subscript)
                    and subscript_key(stored) in _HANDLER_KEYS
                    and found.leads(stored.value)
                ):
                    yield from _named(meaning, _step(meaning, stored), node.value)


def _named(meaning: Meaning, step: _facts.Step, value: cst.BaseExpression) -> Iterator[Fact]:
    if isinstance(value, (cst.List, cst.Tuple, cst.Set)):
        for element in value.elements:
            yield from _named(meaning, step, element.value)
    elif name := _text(meaning, value):
        fact = handler_use(name, step, meaning.source.path, meaning.tree.spans[value])
        if fact is not None:
            yield fact
    elif place := _held(meaning, value):
        yield handler_held(place, meaning.source.path, meaning.tree.spans[value])


def _text(meaning: Meaning, value: cst.BaseExpression | None) -> str | None:
    """The text that `value` is, or the one that the name of a constant was set to."""
    if isinstance(value, cst.Name):
        bindings = meaning.names.reaching(value)
        is_constant = len(bindings) == 1 and not isinstance(bindings[0].node, cst.Param)
        value = value_of(meaning, bindings[0]) if is_constant else None
    return text_of(value)


def _held(meaning: Meaning, value: cst.BaseExpression) -> str | None:
    """The place of the class or function that `value` is, or is made from."""
    if isinstance(value, cst.Call):
        # By convention a name in capitals and small letters is a class's: its instance.
        leaf = value.func.attr if isinstance(value.func, cst.Attribute) else value.func
        is_class = isinstance(leaf, cst.Name) and leaf.value[:1].isupper()
        return _held(meaning, value.func) if is_class else None
    found = definition(meaning, value)
    if isinstance(found, (cst.ClassDef, cst.FunctionDef)):
        scope = meaning.names.scopes[found]
        return f"{meaning.names.place}{scope.qualname}"
    name = meaning.meaning(value)
    if name is not None and ":" in name:
        return None if name.endswith(":") else name
    if isinstance(value, cst.Attribute) and (owner := _held(meaning, value.value)):
        return f"{owner}.{value.attr.value}"
    return None


def _step(meaning: Meaning, node: cst.Dict | cst.Call | cst.Subscript) -> _facts.Step:
    start = meaning.tree.spans[node].start
    label = ""
    if not isinstance(node, cst.Subscript):
        named = {pair.key: text_of(pair.value) for pair in pairs(node)}
        label = named.get("id") or named.get("name") or ""
    return _facts.Step(label, start)


def models(source: Source, look: Look) -> Iterator[Fact]:
    """A `step_model` for each llm step of `source` whose provider and model are known."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    found = steps(source, look)
    by_key = {key: Judge(meaning, frozenset({key})) for key in ("provider", "model")}
    for node in meaning.tree.of(cst.Dict, cst.Call):
        if not _is_llm(found, node):
            continue
        answers = {key: judge.answer(node) for key, judge in by_key.items()}
        provider, model = (_text(meaning, answers[key].value) for key in ("provider", "model"))
        if provider and model:
            own = next((pair.value for pair in pairs(node) if pair.key == "model"), node)
            span = meaning.tree.spans[own]
            yield step_model(provider, model, _step(meaning, node), source.path, span)


def _is_llm(found: Steps, node: Mapping) -> bool:
    return any(pair.key == "type" and text_of(pair.value) == "llm" for pair in pairs(node)) and (
        isinstance(node, cst.Dict) or found.why(node) is not None
    )


# What is defined


def definitions(source: Source, look: Look) -> Iterator[Fact]:
    """A `handler_def` for each name that `source` is asked for and does define.

    With what else decides who asks for it: the bases of a class, and what no star import brings.
    """
    meaning = meaning_of(source, look)
    asked = meaning.known.of(_facts.HANDLER_WANTED)
    wanted = list(_facts.wanted_here(source.path, asked, look))
    if not wanted:
        return
    shapes = Shapes(meaning)
    for name in wanted:
        shape = shapes.of(name)
        if shape is not None:
            place = f"{source.path.rpartition('.')[0]}:{name}"
            yield handler_def(place, *shape, source.path)
            if bases := shapes.bases_beside_own(name):
                yield handler_bases(place, bases, source.path)
            if not shapes.is_public(name):
                yield handler_hidden(place, source.path)
