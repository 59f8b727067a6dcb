"""Events that go on inside of something else: `queue.put({"event": event})`, `(now(), event)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import dotted_text

from ..reading.far_targets import places_called
from ..reading.targets import reached
from .recorded import PUTS
from .shapes import attribute_called

if TYPE_CHECKING:
    from ..reading.meaning import Meaning

_DISPLAYS = (cst.Dict, cst.List, cst.Set, cst.Tuple)


def is_wrapped(meaning: Meaning, name: cst.Name) -> bool:
    """Whether the event `name` is put into a message that goes on to where it is not followed."""
    message = _message(meaning, name)
    if message is None:
        return False
    around = meaning.tree.parents[message]
    if isinstance(around, cst.Assign):
        variables = [one.target for one in around.targets if isinstance(one.target, cst.Name)]
        reads = [
            read
            for variable in variables
            for read in meaning.names.reads.get(variable.value, ())
            if any(one.node is variable for one in meaning.names.reaching(read))
        ]
        return len(variables) < len(around.targets) or any(_goes_on(meaning, one) for one in reads)
    return _goes_on(meaning, message)


def _message(meaning: Meaning, name: cst.Name) -> cst.BaseExpression | None:
    """The dict, or the tuple beside other things, that `name` stands in."""
    around = meaning.tree.parents[name]
    message = meaning.tree.parents[around]
    if isinstance(around, cst.DictElement) and around.value is name:
        return message if isinstance(message, cst.Dict) else None
    if isinstance(around, cst.Arg) and isinstance(message, cst.Call):
        is_dict = around.keyword is not None and dotted_text(message.func) == "dict"
        return message if is_dict else None
    if isinstance(around, cst.Element) and isinstance(message, cst.Tuple):
        others = [one.value for one in message.elements if one is not around]
        return message if any(not isinstance(one, cst.Name) for one in others) else None
    return None


def _goes_on(meaning: Meaning, message: cst.BaseExpression) -> bool:
    """Whether `message` is kept, given out, or given to what the sources define."""
    around = meaning.tree.parents[message]
    if isinstance(around, cst.Arg):
        call = meaning.tree.parents[around]
        if not isinstance(call, cst.Call):
            return False
        goes_on = reached(meaning, call, around) or places_called(meaning, call.func)
        return attribute_called(call) in PUTS or bool(goes_on)
    if isinstance(around, cst.Assign):
        return any(not isinstance(one.target, cst.Name) for one in around.targets)
    if isinstance(around, cst.Element):
        display = meaning.tree.parents[around]
        return isinstance(display, _DISPLAYS) and _goes_on(meaning, display)
    return isinstance(around, (cst.Return, cst.Yield))
