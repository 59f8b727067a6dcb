"""What an expression is that is given as handler: its kind, and what names say of that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# By these names go the handlers of the legacy contract, and what is called with an event itself.
_HANDLER = re.compile(r"handler", re.IGNORECASE)
_CALLBACK = re.compile(
    r"_*(?:on|handle|print|log|write|send|emit|notify|record|publish|push)(?:_\w+)?"
    r"|(?:\w+_)?(?:append|callback|callbacks|cb|func|fn|hook|listener|put|put_nowait)"
)


class Kind(Enum):
    """What an expression given as handler is."""

    OBJECT = "object"  # a class or an instance: its `handle_event` takes the event
    FUNCTION = "function"  # takes the event itself
    NEITHER = "neither"  # nothing a handler can be, or now this and now that


@dataclass(frozen=True)
class Given:
    """The kind of an expression, and whether it is certain."""

    kind: Kind
    sure: bool = True


OBJECT = Given(Kind.OBJECT)
FUNCTION = Given(Kind.FUNCTION)
LIKELY_OBJECT = Given(Kind.OBJECT, sure=False)
NEITHER = Given(Kind.NEITHER)


def together(kinds: Iterable[Given]) -> Given:
    """What is now one of these, now another."""
    found = list(kinds)
    if len({one.kind for one in found}) != 1:
        return NEITHER
    return Given(found[0].kind, all(one.sure for one in found))


def is_callback(name: str) -> bool:
    """Whether what is called so is a function, as a rule."""
    return _CALLBACK.fullmatch(name) is not None


def by_name(name: str) -> Given:
    """What an attribute, or what a call gives, is to judge by its name: not certain mostly."""
    if _HANDLER.search(name):
        return OBJECT
    return Given(Kind.FUNCTION if is_callback(name) else Kind.OBJECT, sure=False)


def by_names(*names: str) -> Given:
    """What is not known, to judge by the first of its names that tells anything."""
    told = (name for name in names if _HANDLER.search(name) or is_callback(name))
    return by_name(next(told, ""))
