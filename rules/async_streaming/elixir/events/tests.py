"""ExUnit tests that drive streaming: their tags, and how they collect events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Finding, Look, Severity, Source
from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import (
    arguments,
    atom_of,
    is_local,
    keywords,
    name_of,
    pairs,
    receiver,
)
from migrator.helpers.elixir.names import line_of
from migrator.helpers.elixir.patterns import head_of

from ..calls.calls import uses
from ..handlers.handlers import given
from ..reading.context import below
from ..reading.meaning import CURRENT_CALLS, INVOKES, Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.elixir.calls import Pair
    from migrator.helpers.elixir.names import Target
    from migrator.languages.elixir import Node

RULE = "tests-tagged"
_TAG = "streaming"
_TESTS = ("test", "property")
_GROUPS = ("describe",)
_RECORDER = "Pipeline.TestMode.StreamingRecorder"


def findings(source: Source, look: Look) -> Iterator[Finding]:
    """The advice for the tests of `source` that drive streaming."""
    meaning = meaning_of(source, look)
    if not any(is_case(one.name) for one in _used(meaning)):
        return
    driven: dict[Node, list[tuple[Node, Node | None]]] = {}
    for call, handler in _streaming_calls(meaning, source, look):
        for test in _tests_of(meaning, call):
            driven.setdefault(test, []).append((call, handler))
    for test, calls in driven.items():
        call = calls[0][0]
        evidence = f"it calls `{name_of(call)}` at line {line_of(source, call)}"
        if not _is_tagged(test):
            message = (
                f"this test drives streaming: tag it with `@tag :{_TAG}`, "
                f"so that `mix test --only {_TAG}` runs it"
            )
            yield _advice(source, _line(test), message, evidence)
        for _, handler in calls:
            if handler is not None and _collects(meaning, handler):
                message = f"this test collects events by hand: `{_RECORDER}` does it for you"
                yield _advice(source, handler, message, evidence)
                break


def _advice(source: Source, node: Node, message: str, evidence: str) -> Finding:
    sentences = (evidence, "the guide, section 5")
    return Finding(RULE, source.path, node.span, Severity.ADVICE, message, sentences)


def _line(test: Node) -> Node:
    """What stands for the test in a report: its name."""
    return next(iter(arguments(test)), test)


def _tests_of(meaning: Meaning, call: Node) -> Iterator[Node]:
    """The tests that make `call`, themselves or by way of functions of their module."""
    waiting, seen = [call], set()
    while waiting:
        current = waiting.pop()
        around = next((one for one in current.up() if is_local(one, *_TESTS, "def", "defp")), None)
        if around is None or around in seen:
            continue
        seen.add(around)
        if is_local(around, *_TESTS):
            yield around
            continue
        head = head_of(around)
        module = meaning.names.module(around)
        waiting += [
            one
            for one in meaning.calls
            if head is not None and is_local(one, head[0]) and meaning.names.module(one) is module
        ]


def _used(meaning: Meaning) -> Iterator[Target]:
    for directive in meaning.names.directives:
        if directive.kind == "use":
            yield from directive.targets


def is_case(name: str) -> bool:
    """Whether a module that is used makes tests: ExUnit's, or a project's own by convention."""
    return name == "ExUnit.Case" or name.rpartition(".")[2].endswith("Case")


def _streaming_calls(
    meaning: Meaning, source: Source, look: Look
) -> Iterator[tuple[Node, Node | None]]:
    for use in uses(source, look):
        if use.site.call is not None:
            yield use.site.call, use.handler
    for call in meaning.calls:
        if name_of(call) in INVOKES and _is_current(meaning, call):
            options = {pair.key: pair.value for pair in _options(call)}
            streams = options.get("stream")
            if "on_event" in options or (streams is not None and streams.text == "true"):
                yield call, options.get("on_event")


def _is_current(meaning: Meaning, call: Node) -> bool:
    on = receiver(call)
    if on is not None:
        return meaning.names.name(on) == CURRENT_CALLS
    return any(one.name == CURRENT_CALLS for one in meaning.names.envs[call].imports)


def _options(call: Node) -> Iterator[Pair]:
    yield from keywords(call)
    for argument in arguments(call):
        if argument.kind == "list":
            yield from pairs(argument)


def _is_tagged(test: Node) -> bool:
    """Whether `@tag`s right before the test, or those of its group or module, name the tag."""
    parent = test.parent
    if parent is None:
        return False
    tagged = False
    for sibling in parent.children:
        if sibling is test:
            break
        if is_local(sibling, *_TESTS):
            tagged = False  # the tags before it were its own
        elif attribute_name(sibling) == "tag" and _names_tag(sibling):
            tagged = True
    return tagged or _is_tagged_around(parent)


def _is_tagged_around(block: Node) -> bool:
    for around in (block, *block.up()):
        if around.kind != "do_block":
            continue
        kind = "describetag" if is_local(around.parent, *_GROUPS) else "moduletag"
        if any(attribute_name(node) == kind and _names_tag(node) for node in around.children):
            return True
    return False


def _names_tag(attribute: Node) -> bool:
    operand = attribute.child("operand")
    for argument in arguments(operand) if operand is not None else ():
        if argument.kind == "list" and any(atom_of(one) == _TAG for one in argument.children):
            return True
        if atom_of(argument) == _TAG:
            return True
        if any(pair.key == _TAG and pair.value.text != "false" for pair in pairs(argument)):
            return True
    return False


def _collects(meaning: Meaning, handler: Node) -> bool:
    """Whether a function given as handler only keeps the events for the test to look at."""
    function = given(meaning, handler).function
    if function is None:
        return False
    return any(
        is_local(node, "send")
        or (
            node.kind == "call"
            and (meaning.names.name(receiver(node)), name_of(node))
            in (("Agent", "update"), ("Process", "put"), ("Process", "send"))
        )
        for node in below(function)
    )
