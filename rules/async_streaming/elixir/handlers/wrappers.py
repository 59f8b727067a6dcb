"""Functions that take a handler and give it to the library: who calls them names handlers too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.elixir.calls import all_arguments, is_local, name_of, operator, receiver
from migrator.helpers.elixir.patterns import head_of

from ..reading.context import FUNCTIONS, parameters, scopes, wholes
from ..reading.meaning import METHOD, TAKES_HANDLER, now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning


class Wrapper(NamedTuple):
    """`name` is the function in full, `MyApp.Run.stream`; the handler is at `place`.

    `least` and `most` tell how many arguments it takes.
    """

    name: str
    least: int
    most: int
    place: int


def wrapper(meaning: Meaning, handler: Node) -> Wrapper | None:
    """The function around whose parameter `handler` is, or `&handler.handle_event/1` of it."""
    name = _variable(handler)
    outer = list(scopes(handler))
    module = meaning.names.module(handler)
    if name is None or not outer or module is None or not module.name:
        return None
    definition = outer[-1]
    head = head_of(definition) if is_local(definition, *FUNCTIONS) else None
    if head is None:
        return None
    for place, parameter in enumerate(parameters(definition)):
        if any(one.text == name for one in wholes(parameter)):
            return Wrapper(f"{now(module.name)}.{head[0]}", head[1], head[2], place)
    return None


def _variable(handler: Node) -> str | None:
    if handler.kind == "identifier":
        return handler.text
    operand = handler.child("operand") if operator(handler) == "&" else None
    named = operand.child("left") if operand is not None and operator(operand) == "/" else None
    on = receiver(named) if named is not None and name_of(named) == METHOD else None
    return on.text if on is not None and on.kind == "identifier" else None


def wrapped(meaning: Meaning) -> Iterator[tuple[Node, Wrapper, bool]]:
    """What calls of the file give as handler to functions that take one, and to which.

    The last tells whether the function serves the legacy API.
    """
    known: dict[tuple[str, str], list[tuple[Wrapper, bool]]] = {}
    for (kind, _), value in meaning.known.items():
        if kind == TAKES_HANDLER and isinstance(value, tuple):
            *parts, legacy = value
            taker = Wrapper(*parts)
            module, _, function = taker.name.rpartition(".")
            known.setdefault((module, function), []).append((taker, legacy))
    for call in meaning.calls if known else ():
        on, around = receiver(call), meaning.names.module(call)
        named = meaning.names.name(on) if on is not None else around.name if around else None
        given = all_arguments(call)
        for taker, legacy in known.get((now(named or ""), name_of(call) or ""), ()):
            if taker.least <= len(given) <= taker.most and taker.place < len(given):
                yield given[taker.place], taker, legacy
