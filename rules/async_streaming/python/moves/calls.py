"""The uses of the legacy `invoke`, each with what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Look, Source
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import dotted_text

from ..._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from ..reading.meaning import CURRENT_INVOKE, Meaning, meaning_of, once
from .moved_calls import Call, Use, root_of
from .staying import Staying, staying
from .together import sent_by, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.helpers.python.scopes import Binding

# What is asked about a module and takes nothing from it that is called later.
_ASK_A_MODULE = frozenset(
    {"dir", "getdoc", "getfile", "getsource", "id", "print", "reload", "repr"}
)


def uses(source: Source, look: Look) -> Sequence[Use]:
    """Every use of the legacy `invoke` in `source`, in the order they stand there."""
    return once(_uses, source, look)


def _uses(source: Source, look: Look) -> Sequence[Use]:
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return ()
    found = tuple(_kept(meaning, use, look) for use in _each(meaning))
    return tuple(together(meaning, found))


def stays(source: Source, look: Look) -> Staying:
    """What takes the legacy events for now."""
    return once(_stays, source, look)


def _stays(source: Source, look: Look) -> Staying:
    return staying(meaning_of(source, look), uses(source, look))


def _kept(meaning: Meaning, use: Use, look: Look) -> Use:
    """`use`, which stays as it is where it is suppressed."""
    line = meaning.source.position(meaning.tree.spans[use.node].start).line
    if look.keeps("legacy-call", line):
        kept = sent_by(meaning, use)
        return replace(use, applicability=Applicability.MANUAL, edits=(), kept=kept)
    for place in _ways(meaning, use):
        told = meaning.known.get(("python-stays", place))
        if isinstance(told, tuple):
            stays = use if use.applicability is Applicability.MANUAL else _by_way(use, place)
            return replace(stays, kept=str(told[1]))
    return use


def _ways(meaning: Meaning, use: Use) -> Iterator[str]:
    """The places in other files by way of which `use` has `invoke`."""
    for found in meaning.names.resolve(use.name):
        if found and ":" not in found:
            yield meaning.directly(found)


def _each(meaning: Meaning) -> Iterator[Use]:
    for name in sorted(meaning.suspected(), key=lambda name: meaning.tree.spans[name]):
        node: cst.BaseExpression = name
        while True:
            found = meaning.legacy(node)
            if found and found[0] == INVOKE:
                if not _is_asked_for(meaning, node):
                    yield _use(meaning, node, sure=found[1])
                break
            if found and found[0] == PYTHON_LEGACY and _is_taken_by_name(meaning, node):
                message = (
                    "`invoke` is taken from the package by its name here; take it from "
                    "`pipeline.llm`, where it has other arguments"
                )
                call = meaning.tree.parents[meaning.tree.parents[node]]
                evidence = (origin(meaning, node),)
                yield Use(node, call, Applicability.MANUAL, message, evidence)
                break
            parent = meaning.tree.parents[node]
            if not (isinstance(parent, cst.Attribute) and parent.value is node):
                if found and found[0] == PYTHON_LEGACY and _is_passed_on(meaning, node):
                    message = (
                        "the package goes on as a value here, and `invoke` may be taken from it; "
                        "that is in `pipeline.llm` now, where it has other arguments"
                    )
                    evidence = (origin(meaning, node),)
                    yield Use(node, node, Applicability.MANUAL, message, evidence)
                break
            node = parent


def _is_passed_on(meaning: Meaning, module: cst.BaseExpression) -> bool:
    """Whether `module`, the package itself, goes where what is taken from it is not followed."""
    around = meaning.tree.parents[module]
    if isinstance(around, cst.Arg):
        call = meaning.tree.parents[around]
        asks = isinstance(call, cst.Call) and (
            dotted_text(call.func).rpartition(".")[2] in _ASK_A_MODULE
            or any(text_of(other.value) is not None for other in call.args)
        )
        return isinstance(call, cst.Call) and not asks
    if isinstance(around, cst.Assign):
        names = [one.target for one in around.targets if isinstance(one.target, cst.Name)]
        in_class = meaning.names.scope_of(around).kind == "class"
        return in_class or len(names) < len(around.targets) or _is_called_by(meaning, names, module)
    return isinstance(around, (cst.DictElement, cst.Element, cst.Param, cst.Return, cst.Yield))


def _is_called_by(meaning: Meaning, names: Iterable[cst.Name], module: cst.BaseExpression) -> bool:
    """Whether `invoke` is taken by way of one of `names`, which are given `module`."""
    for name in names:
        for read in meaning.names.reads.get(name.value, ()):
            taken = meaning.tree.parents[read]
            if isinstance(taken, cst.Attribute) and taken.attr.value == INVOKE.rpartition(".")[2]:
                if any(binding.value is module for binding in meaning.names.reaching(read)):
                    return True
    return False


def _is_asked_for(meaning: Meaning, node: cst.BaseExpression) -> bool:
    """Whether it is only asked if `invoke` is there: the name goes wherever its import goes."""
    reaching = meaning.names.reaching(node) if isinstance(node, cst.Name) else []
    if not any(one.kind == "import" for one in reaching):
        return False
    parent = meaning.tree.parents[node]
    if isinstance(parent, cst.ComparisonTarget):
        parent = meaning.tree.parents[parent]
    if isinstance(parent, cst.Comparison) and len(parent.comparisons) == 1:
        target = parent.comparisons[0]
        sides = {dotted_text(parent.left), dotted_text(target.comparator)}
        by_identity = (cst.Is, cst.IsNot, cst.Equal, cst.NotEqual)
        return isinstance(target.operator, by_identity) and "None" in sides
    if isinstance(parent, cst.UnaryOperation):
        return isinstance(parent.operator, cst.Not)
    if isinstance(parent, (cst.If, cst.While, cst.IfExp, cst.Assert)):
        return parent.test is node
    return False


def _use(meaning: Meaning, name: cst.BaseExpression, *, sure: bool) -> Use:
    parent = meaning.tree.parents[name]
    evidence = (origin(meaning, name),)
    if not isinstance(parent, cst.Call) or parent.func is not name:
        message = (
            "`invoke` is used as a value here; "
            "pass on a function that calls `pipeline.llm.invoke(ctx, prompt=..., stream=True, "
            "on_event=...)` instead"
        )
        return Use(name, name, Applicability.MANUAL, message, evidence)
    current = [
        other
        for other in meaning.meanings(name)
        if other and (other == CURRENT_INVOKE or in_namespace(other, PYTHON_CURRENT))
    ]
    if current:
        message = f"`invoke` may be `{current[0]}` here as well: the code is for both versions"
        return Use(name, parent, Applicability.MANUAL, message, evidence)
    for found in meaning.names.resolve(name):
        place = meaning.directly(found) if found and ":" not in found else ""
        if "." in place.partition(":")[2]:
            message = (
                "`invoke` is reached by way of a module that another file imports, and is no "
                "longer in it; import `pipeline.llm` here"
            )
            return Use(name, parent, Applicability.MANUAL, message, evidence)
        stuck = meaning.known.get(("python-stuck", place))
        if stuck is not None:
            message = (
                f"`invoke` comes by way of `{stuck}`, which is not among the files that may be "
                "edited: run over both"
            )
            return Use(name, parent, Applicability.MANUAL, message, evidence)
    reached = meaning.names.reaching(root_of(name))
    if any(one.kind in ("assign", "walrus") and meaning.names.meaning(one) for one in reached):
        message = "`invoke` is called by way of a variable; call `pipeline.llm.invoke` directly"
        return Use(name, parent, Applicability.MANUAL, message, evidence)
    use = Call(meaning, name, parent, evidence, sure=sure).use()
    return _with_others(meaning, use)


def _with_others(meaning: Meaning, use: Use) -> Use:
    """`use`, no surer than the other uses of the import in another file that it comes by."""
    for place in _ways(meaning, use):
        level = meaning.known.get(("python-invoke-level", place))
        if not isinstance(level, int) or use.applicability <= level:
            continue
        if level == Applicability.MANUAL:
            return _by_way(use, place)
        module = place.partition(":")[0]
        message = f"{use.message}; review: `{module}`, which it comes by, has uses for review"
        return replace(use, applicability=Applicability(level), message=message)
    return use


def _by_way(use: Use, place: str) -> Use:
    """`use`, which stays as `place` does, by way of which it has `invoke`."""
    message = (
        f"`invoke` comes by way of `{place.partition(':')[0]}`, where it is suppressed or stays "
        "for a use that must be moved by hand; move that, or import `pipeline.llm` here"
    )
    return replace(use, applicability=Applicability.MANUAL, message=message, edits=())


def _is_taken_by_name(meaning: Meaning, module: cst.BaseExpression) -> bool:
    """Whether `invoke` is taken from `module` in a call: `patch.object(module, "invoke")`."""
    call = meaning.tree.parents[meaning.tree.parents[module]]
    return isinstance(call, cst.Call) and any(
        text_of(arg.value) == INVOKE.rpartition(".")[2] for arg in call.args
    )


def origin(meaning: Meaning, node: cst.BaseExpression) -> str:
    """Where the name `node` comes from, as a sentence for a finding's evidence."""
    text = dotted_text(node)
    root = root_of(node)
    bindings = meaning.names.reaching(root)
    found = meaning.legacy(node)
    name = found[0] if found else text
    module, _, leaf = name.rpartition(".")
    if not bindings:
        star = meaning.names.star_imports
        line = meaning.source.position(meaning.tree.spans[star[0].node].start).line if star else 0
        return f"`{leaf}` comes from `{module}`, by the star import at line {line}"
    leading = (one for one in bindings if _leads(meaning, one, name))
    imports = (one for one in bindings if one.kind == "import")
    binding = next(chain(leading, imports), bindings[0])
    line = meaning.source.position(meaning.tree.spans[binding.node].start).line
    what = "imported" if binding.kind == "import" else "bound"
    local = "" if text == root.value == leaf else f" as `{root.value}`"
    return f"`{leaf}` comes from `{module}`, {what} at line {line}{local}"


def _leads(meaning: Meaning, binding: Binding, name: str) -> bool:
    """Whether `binding` gives what is called `name`, or a package that it is in."""
    given = (one for one in meaning.names.meaning(binding) if one)
    return any(f"{name}.".startswith(f"{one}.") for one in given)
