"""What becomes of `import Pipeline.AsyncStreaming` and `require Pipeline.AsyncStreaming`.

For `invoke!` it is now an import of the module where that is, of it alone.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from migrator import Applicability, Edit, Look, Source, Span
from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import operator, pairs
from migrator.helpers.elixir.kernel import EX_UNIT, KERNEL
from migrator.helpers.elixir.patterns import in_type
from migrator.helpers.elixir.statements import comments_in, removed, taken_out, without

from ..events.tests import is_case
from ..reading.fate import CALL, NAMESPACE, Fate
from ..reading.meaning import CURRENT_CALLS, INVOKES, Meaning, meaning_of, once
from ..reading.uses import brings, names_function
from .spelling import to_calls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.helpers.elixir.names import Module, Reference, Target
    from migrator.languages.elixir import Node

    from ..calls.calls import Use
    from .fates import Fates

_INVOKE = "invoke!"


@dataclass(frozen=True)
class Imported:
    """What becomes of one; `brings_call`: it brings the call where that is now.

    `is_renamed`: it names the namespace still, by its current name; those edits come on top.
    """

    rule: str
    level: Applicability
    edits: tuple[Edit, ...] = ()
    brings_call: bool = False
    is_renamed: bool = False


def imported(fates: Fates, reference: Reference, target: Target) -> Imported:
    """What becomes of the `import` or `require` that `reference` is the module of."""
    source = fates.meaning.source
    called = _reached_by(fates, target)
    only = _only(target)
    is_import = target.directive.kind == "import"
    line = fates.meaning.line(reference.node)
    # One that is to stay for calls does so when they have moved, and go by their full name.
    is_kept = fates.look.keeps(CALL, line)
    for_call = is_kept or bool(called)
    if is_import and (_INVOKE in only or (target.quoted and not only)):
        for_call = True
    if not for_call:
        is_kept = fates.look.keeps(NAMESPACE, line)
        level = Applicability.MANUAL if is_kept else Applicability.SAFE
        return Imported(NAMESPACE, level, is_renamed=not is_kept)
    fate = Fate()
    fates.held_elsewhere(fate, target)
    level = min((fate.level, *(use.applicability for use in called)))
    if is_kept:
        level = Applicability.MANUAL
    if level is Applicability.MANUAL:
        return Imported(CALL, level)
    # The calls go by their full name, and what else is imported stays so.
    if len(only) > 1:
        gone = _without_call(source, target)
        return Imported(CALL, level, gone, is_renamed=True)
    if is_import and not only and _serves_others(fates, target):
        return Imported(CALL, level, is_renamed=True)
    is_hidden = any(_takes_two(fates.meaning, use) for use in called)
    is_there = bool(called) and all(_is_brought(fates.meaning, use) for use in called)
    if is_import and (is_hidden or is_there):
        gone = _gone(source, target)
        return Imported(CALL, level, gone, brings_call=not is_hidden, is_renamed=not gone)
    alone = _call_alone(source, target) if is_import else ()
    edits = (to_calls(fates.meaning, reference), *alone)
    return Imported(CALL, level, edits, brings_call=True)


def _gone(source: Source, target: Target) -> tuple[Edit, ...]:
    """The edits that take an import out; comments in it and behind it stay in its place."""
    edits = removed(source, target)
    call = target.directive.call
    whole = None if edits else taken_out(source, call, (call,))
    if whole is None or whole.text:
        return edits or (() if whole is None else (whole,))
    start, stop = call.span
    first, last = (source.line_span(source.position(one).line) for one in (start, stop))
    behind = source.text[stop : last.end]
    comments = [one.text.rstrip() for one in comments_in(call)]
    if behind.strip():
        comments.append(behind.strip())
    if not comments:
        return (whole,)
    gap = behind[len(behind.rstrip()) :] + source.text[first.start : start]
    return (Edit(source.path, Span(start, stop + len(behind.rstrip())), gap.join(comments)),)


def _takes_two(meaning: Meaning, use: Use) -> bool:
    """Whether the module of a call has an `invoke!` of its own that hides the current one."""
    own = meaning.definitions.get((meaning.names.module(use.site.node), _INVOKE), ())
    return any(least <= 2 <= most for _, least, most in own)


def _is_brought(meaning: Meaning, use: Use) -> bool:
    """Whether the current function is imported already where a call stands."""
    imports = meaning.names.envs[use.site.node].imports
    return any(one.name == CURRENT_CALLS and brings(one, _INVOKE) for one in imports)


def _reached_by(fates: Fates, target: Target) -> Sequence[Use]:
    """The uses that the `import` or `require` of `target` serves."""
    if target.directive.kind == "import":
        return fates.of_import.get(target, ())
    start, end = target.scope
    return [
        use
        for use in fates.uses
        if use.site.attribute is None and start <= use.site.node.span.start < end
    ]


def _serves_others(fates: Fates, target: Target) -> bool:
    """Whether something is called of which nothing proves that it does not come by the import."""
    found = once(_locals, fates.meaning.source, fates.look)
    first, last = (bisect_left(found.called, offset, key=_start) for offset in target.scope)
    for node, name in found.called[first:last]:
        imports = fates.meaning.names.envs[node].imports
        others = (one for one in imports if one is not target and brings(one, name))
        if not any(
            names_function(one, name)
            or (one.name, name) in found.defined
            or (one.name.startswith("ExUnit.") and name in EX_UNIT)
            for one in others
        ):
            return True
    return False


def _is_in_bits(node: Node) -> bool:
    """Whether `node` is the `size(8)` of `<<head::size(8)>>`, or its like."""
    for around in node.up():
        if around.kind == "bitstring":
            return True
        if around.kind != "binary_operator" or operator(around) not in ("::", "-", "*"):
            return False
    return False


class _Locals(NamedTuple):
    """What is `called` by a name alone and may come by an import, in the order of the text.

    `defined` are the functions that modules of the file define, by their full names.
    """

    called: list[tuple[Node, str]]
    defined: set[tuple[str | None, str]]


def _start(called: tuple[Node, str]) -> int:
    return called[0].span.start


def _locals(source: Source, look: Look) -> _Locals:
    meaning = meaning_of(source, look)
    used: dict[Module | None, set[str]] = {}
    for directive in meaning.names.directives:
        if directive.kind == "use":
            used.setdefault(directive.module, set()).update(one.name for one in directive.targets)
    tests = {module for module, modules in used.items() if any(map(is_case, modules))}
    called = []
    for node, name in sorted(_by_name_alone(meaning), key=_start):
        env = meaning.names.envs[node]
        is_own = (env.module, name) in meaning.definitions or name in KERNEL or name in INVOKES
        is_of_test = name in EX_UNIT and env.module in tests
        if not (is_own or is_of_test or env.quoted or in_type(node) or _is_in_bits(node)):
            called.append((node, name))
    defined = {(module.name, name) for module, name in meaning.definitions if module is not None}
    return _Locals(called, defined)


def _by_name_alone(meaning: Meaning) -> Iterator[tuple[Node, str]]:
    """What is called, or captured, by a name alone."""
    for call in meaning.calls:
        is_attribute = call.parent is not None and attribute_name(call.parent) is not None
        if call.local is not None and not is_attribute:
            yield call, call.local
    for name in meaning.tree.of("identifier"):
        slash = name.parent
        if slash is not None and slash.kind == "binary_operator" and operator(slash) == "/":
            around = slash.parent
            if around is not None and around.kind == "unary_operator" and operator(around) == "&":
                yield name, name.text


def _only(target: Target) -> list[str]:
    """The functions that `only:` names."""
    only = next((pair for pair in target.directive.options if pair.key == "only"), None)
    return [pair.key for pair in pairs(only.value)] if only is not None else []


def _call_alone(source: Source, target: Target) -> Iterator[Edit]:
    """An `only:` that names the call and nothing else, with its arity."""
    path = source.path
    options = {pair.key: pair for pair in target.directive.options}
    alone = f"only: [{_INVOKE}: 2]"
    if "only" in options:
        value = options["only"].value
        if value.kind == "atom":  # all functions, or all macros
            yield Edit(path, value.span, f"[{_INVOKE}: 2]")
        for pair in pairs(value):
            if pair.key == _INVOKE:
                yield Edit(path, pair.value.span, "2")
    elif "except" in options:
        others = options["except"].node
        if comments := [one.text.rstrip() for one in comments_in(others)]:
            line = source.line_span(source.position(others.span.start).line)
            written = source.text[line.start : line.end]
            gap = written[len(written.rstrip()) :] + written[: -len(written.lstrip())] + "  "
            alone = f"only: [{gap}{gap.join(comments)}{gap}{_INVOKE}: 2{gap[:-2]}]"
        yield Edit(path, others.span, alone)
    else:
        end = target.node.span.end
        yield Edit(path, Span(end, end), f", {alone}")


def _without_call(source: Source, target: Target) -> tuple[Edit, ...]:
    """`invoke!` goes out of the list of what is imported."""
    only = next(pair for pair in target.directive.options if pair.key == "only")
    return without(source, next(pair.node for pair in pairs(only.value) if pair.key == _INVOKE))
