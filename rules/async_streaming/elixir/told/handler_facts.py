"""Facts of handlers: those that step configs name, and the modules that may be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import all_arguments, is_local, name_of, operator, receiver
from migrator.helpers.elixir.kernel import KERNEL

from ..._facts import (
    BASES,
    HANDLER_WANTED,
    REFUSES,
    TAKES,
    UNKNOWN,
    current_library,
    handler_def,
    handler_use,
    named_process,
)
from ..._names import ELIXIR_CURRENT, STEP_KEYS, current_name
from ..reading.mappings import entries, mappings, text_of, why_step
from ..reading.meaning import CURRENT_BEHAVIOUR, METHOD, Meaning, meaning_of, now
from ..reading.uses import Attributes
from ..state.state import is_fixed, name_given, started
from ..steps.streaming import step_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from migrator import Fact, Look, Source
    from migrator.helpers.elixir.names import Module
    from migrator.languages.elixir import Node

_HANDLER_KEYS = frozenset(
    {"stream_handler", *(old for old, new in STEP_KEYS.items() if new == "stream_handler")}
)
# What a module uses without getting functions of its own kind from it.
_HARMLESS = frozenset({"Agent", "GenServer", "Supervisor", "Task", "Bitwise"})
_COUNTS = {0: "no event", 2: "two arguments", 3: "three arguments", 4: "four arguments"}


def uses(source: Source, look: Look) -> Iterator[Fact]:
    """A `handler_use` for each handler that a step of `source` names."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    attributes = Attributes(meaning)
    for mapping in mappings(meaning):
        for one in entries(mapping):
            if one.key in _HANDLER_KEYS and why_step(meaning, mapping):
                for node in _named(one.value):
                    named = attributes.behind(meaning, node)
                    name = meaning.names.name(named) or (
                        text_of(named) if named.kind == "string" else None
                    )
                    step = step_of(mapping)
                    fact = handler_use(name, step, source.path, node.span) if name else None
                    if fact is not None:
                        yield fact


def _named(value: Node) -> Iterator[Node]:
    if value.kind in ("list", "tuple"):
        for child in value.children:
            yield from _named(child)
    else:
        yield _captured(value) or value


def _captured(value: Node) -> Node | None:
    """The module in `&Module.handle_event/1`, which names a handler as the module does."""
    counted = value.child("operand") if operator(value) == "&" else None
    left = counted.child("left") if counted is not None and operator(counted) == "/" else None
    return receiver(left) if left is not None and name_of(left) == METHOD else None


def definitions(source: Source, look: Look) -> Iterator[Fact]:
    """What the modules of `source` are that a step names as handler."""
    wanted = {fact.key for fact in look.known if fact.kind == HANDLER_WANTED}
    meaning = meaning_of(source, look)
    for module in meaning.names.modules:
        if module.name is None:
            continue
        if module.name in (ELIXIR_CURRENT, CURRENT_BEHAVIOUR):
            yield current_library(source.path)
        name = current_name(module.name) or module.name
        if name in wanted:
            yield handler_def(name, *_shape(meaning, module), source.path)
    for call in meaning.calls:
        if name_of(call) == "create" and meaning.names.name(receiver(call)) == "Module":
            made = meaning.names.name(next(iter(all_arguments(call)), None))
            if made is not None and now(made) in wanted:
                yield handler_def(now(made), UNKNOWN, "", source.path)
    yield from _processes(meaning, wanted)


def _shape(meaning: Meaning, module: Module) -> tuple[str, str | tuple[str, ...]]:
    refused = ""
    for call, least, most in meaning.definitions.get((module, METHOD), ()):
        if is_local(call, "defp", "defmacrop"):
            refused = refused or f"its `{METHOD}` is private"
        elif is_local(call, "defmacro"):
            refused = refused or f"its `{METHOD}` is a macro"
        elif least <= 1 <= most:
            return TAKES, ""
        else:
            count = _COUNTS.get(least, f"{least} arguments")
            refused = refused or f"its `{METHOD}` takes {count}"
    if _may_get_more(meaning, module):
        return UNKNOWN, ""
    return (REFUSES, refused) if refused else (BASES, ())


def _may_get_more(meaning: Meaning, module: Module) -> bool:
    """Whether macros may define functions in the module."""
    for directive in meaning.names.directives:
        if directive.kind == "use" and directive.module is module:
            if any(target.name not in _HARMLESS for target in directive.targets):
                return True
    body = module.call.of("do_block")
    return any(
        is_local(call, "before_compile")
        or (is_local(call, "unquote") and not meaning.names.envs[call].quoted)
        or (name_of(call) == "create" and receiver(call) is not None)
        # No function of its own can be called where a module is made: it is a macro from elsewhere.
        or (call.parent is body and call.local is not None and call.local not in KERNEL)
        for call in meaning.calls
        if meaning.names.module(call) is module
    )


def _processes(meaning: Meaning, wanted: Set[str]) -> Iterator[Fact]:
    """The processes under fixed names that are handlers which somebody asks for."""
    for call, kind in started(meaning):
        if not is_fixed(meaning, call):
            continue
        article = "an" if kind == "Agent" else "a"
        for name in sorted({now(one) for one in _run_by(meaning, call, kind)} & wanted):
            yield named_process(name, f"{article} {kind}", meaning.source.path, call.span)


def _run_by(meaning: Meaning, call: Node, kind: str) -> Iterator[str]:
    """The modules that the process is one of which `call` starts.

    That is the module around, the one whose functions a server runs, or the one it is called by.
    """
    around = meaning.names.module(call)
    given = all_arguments(call)
    server = meaning.names.name(given[0]) if given and kind == "GenServer" else None
    called = meaning.names.name(name_given(call))
    names = (server or (around.name if around is not None else None), called)
    yield from (one for one in names if one is not None)
