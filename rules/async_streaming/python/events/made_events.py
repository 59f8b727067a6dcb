"""Events that a call makes of a tag and a text: `make("chunk", text)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import dotted_text, parameters

from ..flow.shapes import LEGACY_TAGS, is_sequence, string_of
from ..reading.classes import Function, enclosing_function, returned_by
from ..reading.targets import reached
from . import event_edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..flow.takers import Taken
    from ..reading.meaning import Meaning
    from .places import Places

# Decorators that leave what a method returns as it is.
_PLAIN = frozenset({"classmethod", "staticmethod"})
_NOT_FOLLOWED = "what makes the event of this tag is not followed: see to the tag and the text"


class MadeEvents:
    """Finds the calls of one file that make events."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.meaning = places.meaning
        self._made: dict[Function, tuple[cst.Param, cst.Param] | None] = {}

    def of_call(self, call: cst.Call, taken: Callable[[cst.BaseExpression], Taken | None]) -> None:
        """`call`, if it makes an event; `taken` says why what it makes is one."""
        tag = next((one for one in call.args if string_of(one.value) in LEGACY_TAGS), None)
        if tag is None or not isinstance(tag.value, cst.SimpleString) or is_sequence(call.func):
            return
        by = taken(call)
        role = by.role if by is not None else None
        name = string_of(tag.value) or ""
        text = self._text(call, tag)
        if text is None:
            if role is not None:
                self.places.add(call, {name}, role, trouble=role.kept or _NOT_FOLLOWED)
        elif not isinstance(text.value, cst.BaseNumber):
            place = self.places.add(call, {name}, role)
            if place is not None:
                source = self.places.source
                place.take(event_edits.written(source, call, tag.value, text.value))

    def _text(self, call: cst.Call, tag: cst.Arg) -> cst.Arg | None:
        """The argument beside `tag` that becomes the text, where that is all that becomes of it."""
        if len(call.args) != 2 or any(arg.star for arg in call.args):
            return None
        other = call.args[1] if call.args[0] is tag else call.args[0]
        makers = [(one, param) for one, param in reached(self.meaning, call, tag)]
        texts = dict(reached(self.meaning, call, other))
        is_made = makers and all(
            self._makes(function) == (param, texts.get(function)) for function, param in makers
        )
        return other if is_made else None

    def _makes(self, function: Function) -> tuple[cst.Param, cst.Param] | None:
        """The parameters that `function` returns as an event, and does nothing else with."""
        if function not in self._made:
            self._made[function] = _parts_made(self.meaning, function)
        return self._made[function]


def _parts_made(meaning: Meaning, function: Function) -> tuple[cst.Param, cst.Param] | None:
    params = {one.name.value: one for one in parameters(function.params)}
    returned = _returned(meaning, function)
    pairs = {_pair(value, params) for value in returned}
    found = pairs.pop() if len(pairs) == 1 else None
    for param in found or ():
        name = param.name.value
        reads = [
            read
            for read in meaning.names.reads.get(name, ())
            if enclosing_function(meaning, read) is function
        ]
        if len(reads) > len(returned) or len(meaning.names.scopes[function].bindings[name]) > 1:
            return None
    return found


def _returned(meaning: Meaning, function: Function) -> list[cst.BaseExpression]:
    if isinstance(function, cst.Lambda):
        return [function.body]
    decorators = {dotted_text(one.decorator) for one in function.decorators}
    if function.asynchronous is not None or decorators - _PLAIN:
        return []
    return returned_by(meaning, function)


def _pair(
    value: cst.BaseExpression, params: dict[str, cst.Param]
) -> tuple[cst.Param, cst.Param] | None:
    """The two of `params` that `value` puts together."""
    if not isinstance(value, (cst.List, cst.Tuple)) or len(value.elements) != 2:
        return None
    first, second = (dotted_text(element.value) for element in value.elements)
    return (params[first], params[second]) if {first, second} <= params.keys() else None
