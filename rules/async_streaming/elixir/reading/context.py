"""The context of a call: what its prompt is taken from, or a parameter that is called so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator import Span
from migrator.helpers.elixir.calls import arguments, bare, has_arguments, is_local, operator
from migrator.helpers.elixir.variables import variables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from .meaning import Meaning

NAMES = ("ctx", "context")
FUNCTIONS = ("def", "defp", "defmacro", "defmacrop")
#: Macros of ExUnit whose second argument is a pattern for the context of a test.
TESTS = ("test", "setup", "setup_all")


@dataclass(frozen=True)
class Context:
    """The code of a context, why it is one, and what is not certain about it."""

    code: str
    evidence: str
    doubt: str = ""


def context_of(meaning: Meaning, call: Node, prompt: Node) -> Context | str:
    """The context of `call`, or why there is none at hand."""
    prompt = bare(prompt)
    if _field(prompt) == "prompt":
        target = prompt.child("target")
        holder = target.child("left") if target is not None else None
        if holder is None or not _is_chain(holder):
            return "the prompt is taken from a context that has no name here"
        code = holder.text
        return Context(code, f"the prompt is `{code}.prompt`, so the context is `{code}`")
    for depth, scope in enumerate(scopes(call)):
        for name in NAMES:
            bound = _bound(scope, name)
            if bound is None or _is_text(scope, name, prompt):
                continue
            doubt = ""
            if depth:
                doubt = f"`{name}` is a parameter of a function further out"
            elif bound:
                doubt = f"`{name}` is a part of a parameter"
            elif _is_bound_again(meaning, scope, call, name):
                doubt = f"`{name}` is bound again before the call"
            return Context(name, f"`{name}` is a parameter of the function around the call", doubt)
    return "no context is at hand: neither `x.prompt` nor a parameter `ctx` or `context`"


def _is_text(scope: Node, name: str, prompt: Node) -> bool:
    """Whether `name` is a text: the prompt itself, a piece of it, or by a guard."""
    if any(one.kind == "identifier" and one.text == name for one in _pieces(prompt)):
        return True
    return is_guarded(scope, name, "is_binary", "is_bitstring")


def is_guarded(scope: Node, name: str, *checks: str) -> bool:
    """Whether the guard of `scope` asks `name` for one of `checks`."""
    head = next(iter(arguments(scope)), scope.child("left"))
    guard = head.child("right") if head is not None and operator(head) == "when" else None
    return guard is not None and any(
        is_local(one, *checks) and [at.text for at in arguments(one)][:1] == [name]
        for one in below(guard)
    )


def _pieces(text: Node) -> Iterator[Node]:
    """What the text of an expression is put together from."""
    text = bare(text)
    if text.kind == "binary_operator" and operator(text) == "<>":
        for side in text.children:
            yield from _pieces(side)
    elif text.kind == "string":
        for inside in text.children:
            if inside.kind == "interpolation":
                yield from inside.children
    else:
        yield text


def _field(node: Node) -> str | None:
    """`key` for `x.key`, which calls nothing."""
    target = node.child("target") if node.kind == "call" else None
    if target is None or target.kind != "dot" or has_arguments(node):
        return None
    right = target.child("right")
    return right.text if right is not None and right.kind == "identifier" else None


def _is_chain(node: Node) -> bool:
    """Whether `node` is a variable, or fields of one."""
    while _field(node) is not None:
        target = node.child("target")
        left = target.child("left") if target is not None else None
        if left is None:
            return False
        node = left
    return node.kind == "identifier" and not node.text.startswith("__")


def scopes(node: Node) -> Iterator[Node]:
    """What binds parameters around `node`, innermost first: clauses of `fn`, then a definition.

    Quoted code does not see those of the macro that makes it.
    """
    for around in node.up():
        if is_local(around, "quote"):
            return
        if around.kind == "stab_clause" and around.parent is not None:
            if around.parent.kind == "anonymous_function":
                yield around
        elif is_local(around, *FUNCTIONS, *TESTS):
            yield around
            return


def parameters(scope: Node) -> list[Node]:
    """The patterns of the parameters of a clause or a definition."""
    if scope.kind == "stab_clause":
        left = scope.child("left")
        if left is not None and left.kind == "binary_operator" and operator(left) == "when":
            left = left.child("left")
        return left.children if left is not None else []
    given = arguments(scope)
    if is_local(scope, *TESTS):
        return [node for node in given if node.kind not in ("string", "keywords")]
    head = given[0] if given else None
    while head is not None and head.kind == "binary_operator" and operator(head) == "when":
        head = head.child("left")
    return arguments(head) if head is not None and head.kind == "call" else []


def _bound(scope: Node, name: str) -> bool | None:
    """Whether a parameter binds `name` in a part of it; `None` where none binds it at all."""
    found: bool | None = None
    is_test = is_local(scope, *TESTS)
    for parameter in parameters(scope):
        whole = {node.text for node in wholes(parameter) if node.kind == "identifier"}
        if name in whole and not is_test:
            return False
        if name not in whole and any(
            node.kind == "identifier" and node.text == name and not is_pinned(node)
            for node in below(parameter)
        ):
            found = True
    return found


def wholes(parameter: Node) -> Iterator[Node]:
    """The names for all of a parameter: `ctx` of `%{a: a} = ctx` and of a default."""
    if parameter.kind == "binary_operator" and operator(parameter) in ("=", "\\\\"):
        left, right = parameter.child("left"), parameter.child("right")
        if left is not None:
            yield from wholes(left)
        if right is not None and operator(parameter) == "=":
            yield from wholes(right)
    else:
        yield parameter


def below(node: Node) -> Iterator[Node]:
    """`node` and all in it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += reversed(current.children)


def is_pinned(node: Node) -> bool:
    """Whether a pattern asks for the value of the variable `node`, which it does not bind."""
    parent = node.parent
    return parent is not None and parent.kind == "unary_operator" and operator(parent) == "^"


def _is_bound_again(meaning: Meaning, scope: Node, call: Node, name: str) -> bool:
    """Whether a pattern between the head of the function and `call` binds `name`."""
    for around in call.up():
        if around is scope:
            break
        # The pattern of a clause of `case` or the like, which begins in front of what it guards.
        if around.kind == "stab_clause" and any(
            one.kind == "identifier" and one.text == name and not is_pinned(one)
            for pattern in parameters(around)
            for one in below(pattern)
        ):
            return True
    before = Span(scope.span.start, call.span.start)
    known = variables(meaning.source)
    return any(
        (match := match_of(one)) is not None
        and match.span.end <= call.span.start
        and not _in_head(scope, one)
        for one in known.chosen(is_matched, name, before)
    )


def is_matched(name: Node) -> bool:
    """Whether `name` stands on the left of a `=` or `<-`."""
    return match_of(name) is not None


def match_of(name: Node) -> Node | None:
    """The innermost `=` or `<-` that `name` stands on the left of."""
    child = name
    for around in name.up():
        if around.kind == "binary_operator" and operator(around) in ("=", "<-"):
            if around.child("left") is child:
                return around
        child = around
    return None


def _in_head(scope: Node, node: Node) -> bool:
    return any(
        parameter.span.start <= node.span.start < parameter.span.end
        for parameter in parameters(scope)
    )
