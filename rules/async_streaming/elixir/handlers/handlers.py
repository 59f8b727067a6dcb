"""What may be given as a handler."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from migrator import Span
from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import (
    all_arguments,
    arguments,
    bare,
    has_arguments,
    keywords,
    name_of,
    operator,
    receiver,
)
from migrator.helpers.elixir.statements import statements_in
from migrator.helpers.elixir.variables import variables

from ..reading.context import is_guarded, parameters, scopes, wholes
from ..reading.uses import Attributes

if TYPE_CHECKING:
    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning


class Kind(Enum):
    """What an expression given as handler is."""

    MODULE = "module"  # its `handle_event/1` takes the event
    FUNCTION = "function"  # takes the event itself
    NEITHER = "neither"  # nothing a handler can be


@dataclass(frozen=True)
class Given:
    """The kind of an expression, and what is not certain about it.

    `function` is the `fn` or capture that it leads to. `is_anonymous`: one that the guide would
    rather have a name. `is_made`: another function makes it, for whoever else calls that.
    """

    kind: Kind
    doubt: str = ""
    reason: str = ""
    needs_parentheses: bool = False
    function: Node | None = None
    is_anonymous: bool = False
    is_made: bool = False


_DOUBT = "it may hold a module or a function"
# What gives a process, by the module that has it; `self()` and its like need not name theirs.
_PROCESSES = {
    "Kernel": frozenset({"self", "spawn", "spawn_link"}),
    "GenServer": frozenset({"whereis"}),
    "Process": frozenset({"whereis"}),
}
_IS_PROCESS = (
    "it is given a process, which is no module and no function: send it what comes, "
    "as `&send(pid, &1)` does"
)


def given(meaning: Meaning, node: Node) -> Given:
    """What `node` is when it is given as handler."""
    node = bare(node)
    if node.kind == "anonymous_function":
        return Given(Kind.FUNCTION, function=node, is_anonymous=True)
    if meaning.names.at(node) is not None or node.kind in ("atom", "quoted_atom"):
        return Given(Kind.MODULE)
    if _is_of_caller(node) and _is_quoted(meaning, node):
        return Given(Kind.MODULE)
    if _is_argument(node):
        return Given(Kind.MODULE, _DOUBT)
    if node.kind == "unary_operator" and operator(node) == "&":
        return _capture(node)
    if node.kind == "call" and is_function_capture(meaning, node):
        return _counted(node, arguments(node)[2])
    if node.kind == "identifier":
        return _variable(meaning, node)
    if (name := attribute_name(node)) is not None:
        return _attribute(meaning, node, name)
    if node.kind == "access_call":
        return Given(Kind.MODULE, _DOUBT)
    if node.kind == "call" and _gives_process(meaning, node):
        return Given(Kind.NEITHER, reason=_IS_PROCESS)
    called = node.child("right") if operator(node) == "|>" else node
    if called is not None and (made := _made_by(meaning, called)) is not None:
        return made
    if node.kind == "call":
        closed = node.text.endswith(")") or not has_arguments(node)
        is_open = not closed or node.of("do_block") is not None
        return Given(Kind.MODULE, _DOUBT, needs_parentheses=is_open)
    if node.kind == "binary_operator" and operator(node) in ("||", "or", "|>"):
        return Given(Kind.MODULE, _DOUBT, needs_parentheses=True)
    return Given(Kind.NEITHER, reason="what it is given as handler is no module and no function")


def _is_of_caller(node: Node) -> bool:
    """Whether `node` is `__MODULE__` or in it: in quoted code that is the module that uses it."""
    right = node.child("right") if node.kind == "dot" else None
    named = node.child("left") if right is not None and right.kind == "alias" else node
    return named is not None and named.kind == "identifier" and named.text == "__MODULE__"


def _is_quoted(meaning: Meaning, node: Node) -> bool:
    env = meaning.names.envs.get(node)
    return env is not None and env.quoted


def _is_argument(node: Node) -> bool:
    """Whether `node` is `&1`, what the capture around it is called with."""
    operand = node.child("operand") if node.kind == "unary_operator" else None
    return operand is not None and operator(node) == "&" and operand.kind == "integer"


def _capture(node: Node) -> Given:
    operand = node.child("operand")
    if operand is not None and operand.kind == "binary_operator" and operator(operand) == "/":
        right = operand.child("right")
        if right is not None and right.kind == "integer":
            return _counted(node, right)
    return Given(Kind.FUNCTION, function=node, is_anonymous=True)


def _gives_process(meaning: Meaning, call: Node) -> bool:
    on = receiver(call)
    module = meaning.names.name(on) if on is not None else "Kernel"
    return has_arguments(call) and name_of(call) in _PROCESSES.get(module or "", ())


def _made_by(meaning: Meaning, call: Node) -> Given | None:
    """What a function of this module gives that makes a handler, if each of its clauses makes one.

    Of several clauses none alone is the function.
    """
    own = meaning.definitions.get((meaning.names.module(call), name_of(call) or ""), ())
    if call.kind != "call" or receiver(call) is not None:
        return None
    count = len(all_arguments(call))
    clauses = [one.call for one in own if one.least <= count <= one.most]
    made = [
        given(meaning, value)
        for value in map(_result, clauses)
        if value is not None and (value.kind == "anonymous_function" or operator(value) == "&")
    ]
    if not made or len(made) < len(clauses):
        return None
    if any(one.kind is not Kind.FUNCTION for one in made):
        return None
    doubt = f"`{name_of(call)}` of line {meaning.line(clauses[0])} makes the function"
    one = made[0] if len(made) == 1 else Given(Kind.FUNCTION)
    return replace(one, doubt=doubt, is_made=True)


def _result(definition: Node) -> Node | None:
    """The last expression of a function's body."""
    block = definition.of("do_block")
    if block is not None:
        return next(iter(statements_in(block)[-1:]), None)
    return next((pair.value for pair in keywords(definition) if pair.key == "do"), None)


def is_function_capture(meaning: Meaning, call: Node) -> bool:
    """Whether `call` is `Function.capture(M, :on, 1)`, which is `&M.on/1`."""
    is_named = name_of(call) == "capture" and meaning.names.name(receiver(call)) == "Function"
    return is_named and len(arguments(call)) == 3


def _counted(node: Node, count: Node) -> Given:
    """What `node` is, a capture of a function that takes `count` arguments."""
    if count.kind != "integer" or count.text == "1":
        return Given(Kind.FUNCTION, function=node)
    reason = f"the function that it is given takes {count.text} arguments, not one event"
    return Given(Kind.NEITHER, reason=reason)


def _attribute(meaning: Meaning, node: Node, name: str) -> Given:
    values = Attributes(meaning).values(meaning.names.module(node), name)
    what = [given(meaning, value) for value in values]
    if not what or any(one.kind is not Kind.FUNCTION for one in what):
        return Given(Kind.MODULE, _DOUBT)
    doubt = f"`@{name}` holds the function of line {meaning.line(values[-1])}"
    return replace(what[0], doubt=doubt) if len(what) == 1 else Given(Kind.FUNCTION, doubt)


def _variable(meaning: Meaning, node: Node) -> Given:
    bound = value_of(meaning, node)
    if bound is not None and bound.kind in ("anonymous_function", "call", "unary_operator"):
        what = given(meaning, bound)
        if what.kind is Kind.NEITHER:
            return what
        if what.kind is Kind.FUNCTION:
            line = meaning.line(bound)
            return replace(what, doubt=f"`{node.text}` holds the function of line {line}")
    return _parameter(meaning, node) if bound is None else Given(Kind.MODULE, _DOUBT)


def _parameter(meaning: Meaning, node: Node) -> Given:
    """What the parameter `node` is, by its guard or its default."""
    for scope in scopes(node):
        if is_guarded(scope, node.text, "is_function"):
            return Given(Kind.FUNCTION, f"`{node.text}` is a function by its guard")
        for parameter in parameters(scope):
            default = parameter.child("right") if operator(parameter) == "\\\\" else None
            if default is not None and any(one.text == node.text for one in wholes(parameter)):
                what = given(meaning, default)
                if what.kind is Kind.FUNCTION:
                    return replace(what, doubt=f"`{node.text}` is a function by its default")
    return Given(Kind.MODULE, _DOUBT)


def value_of(meaning: Meaning, node: Node) -> Node | None:
    """What the variable `node` was last set to in the function around it, as far as that shows."""
    outer = list(scopes(node))
    if not outer:
        return None
    before = Span(outer[-1].span.start, node.span.start)
    found = variables(meaning.source).chosen(_is_set, node.text, before)
    around = found[-1].parent if found else None
    return around.child("right") if around is not None else None


def _is_set(name: Node) -> bool:
    """Whether `name` is the left side of a `=`."""
    around = name.parent
    if around is None or around.kind != "binary_operator" or operator(around) != "=":
        return False
    return around.child("left") is name
