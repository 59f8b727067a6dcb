"""State of a handler module that is that of all runs: an Agent, a GenServer under a fixed name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Finding, Look, Severity, Source, Span
from migrator.helpers.elixir.calls import (
    all_arguments,
    arguments,
    name_of,
    operator,
    receiver,
)

from ..reading.mappings import entries
from ..reading.meaning import Meaning, meaning_of
from ..takers.roles import roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

_STARTS = ("start", "start_link")
_WRITES = ("update", "cast", "get_and_update")
_AGENT, _SERVER = "Agent", "GenServer"
_ADVICE = "state belongs to each run: keep it in a process that the run starts for itself"


def findings(source: Source, look: Look) -> Iterator[Finding]:
    """The Agents and named GenServers of the handler modules of `source`."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    found = roles(source, look)
    handlers = {module: found.modules[module] for module in found.behaviours.proven}
    own = set()
    for node, message in _processes(meaning):
        module = meaning.names.module(node)
        if module in handlers:
            own.add(module)
            reason = handlers[module].reason
            yield Finding(
                "handler-state",
                source.path,
                _about(node),
                Severity.ERROR,
                f"{message}; {_ADVICE}",
                (reason, 'the guide, section 2: "Global Agent" was the legacy system'),
            )
    for call in meaning.calls:
        module = meaning.names.module(call)
        if module in handlers and module not in own and _writes_to_named(meaning, call):
            message = f"the handler writes to an Agent that all runs share; {_ADVICE}"
            evidence = (handlers[module].reason,)
            yield Finding(
                "handler-state", source.path, _about(call), Severity.ERROR, message, evidence
            )


def _about(call: Node) -> Span:
    """What calls, without what it is given: that is nothing of the state."""
    given = call.of("arguments")
    end = given.span.start if given is not None and receiver(call) is not None else call.span.end
    return Span(call.span.start, end)


def _processes(meaning: Meaning) -> Iterator[tuple[Node, str]]:
    for directive in meaning.names.directives:
        if directive.kind == "use" and any(one.name == _AGENT for one in directive.targets):
            yield directive.call, "this handler is an Agent, whose state outlives a run"
    for call, kind in started(meaning):
        if kind == _AGENT:
            yield call, "this handler starts an Agent"
        elif is_fixed(meaning, call):
            yield call, "this handler is a GenServer under a fixed name, which all runs share"
    for call in meaning.calls:
        if name_of(call) == "register" and meaning.names.name(receiver(call)) == "Process":
            if len(given := all_arguments(call)) > 1 and _is_the_same(meaning, given[1]):
                yield call, "this handler gives a process a fixed name, which all runs share"


def started(meaning: Meaning) -> Iterator[tuple[Node, str]]:
    """The calls that start an Agent or a GenServer, each with which of them."""
    for call in meaning.calls:
        if name_of(call) in _STARTS:
            kind = meaning.names.name(receiver(call))
            if kind in (_AGENT, _SERVER) and kind is not None:
                yield call, kind


def is_fixed(meaning: Meaning, call: Node) -> bool:
    """Whether `call` starts its process under a name that is the same in every run."""
    name = name_given(call)
    return name is not None and _is_the_same(meaning, name)


def name_given(call: Node) -> Node | None:
    """The name that `call` gives the process that it starts."""
    options = [one for argument in arguments(call) for one in entries(argument)]
    return next((one.value for one in options if one.key == "name"), None)


def _is_the_same(meaning: Meaning, name: Node) -> bool:
    """Whether a name is a literal, or one unless another is given."""
    if name.kind == "tuple":
        return bool(name.children) and name.children[0].text == ":global"
    if name.kind == "call" and name_of(name) in ("get", "pop"):
        given = arguments(name)
        return len(given) == 3 and _is_the_same(meaning, given[2])
    if name.kind == "binary_operator" and operator(name) == "||":
        right = name.child("right")
        return right is not None and _is_the_same(meaning, right)
    return (
        name.kind in ("atom", "quoted_atom")
        or meaning.names.at(name) is not None
        or (name.kind == "unary_operator" and name.text.startswith("@"))
    )


def _writes_to_named(meaning: Meaning, call: Node) -> bool:
    if name_of(call) not in _WRITES or meaning.names.name(receiver(call)) != _AGENT:
        return False
    given = arguments(call)
    return bool(given) and (
        given[0].kind in ("atom", "quoted_atom") or meaning.names.at(given[0]) is not None
    )
