"""What one Python file tells the others.

The facts as seen, by what they speak of; as learnt they have the prefix `python-`, see `learning`.

Names:

- `export` (a module-level import), `star`, `class`, `def`;
- `wanted`: a definition elsewhere that decides here.

What is given as handler:

- `given`: a function or class of another file is; true where the legacy `invoke` takes it;
- `given-result` (its result or instance is), `given-here` (a function or class of this file is),
  `given-own` (an attribute of a class of this file is, which others may override, set or define);
- `overrides`: what a file sets such an attribute to;
- `takes-handler` (a function that gives a parameter on as handler), `passed` (the kind of what
  another file gives it);
- `mixed-in`: a class of another file that a handler class derives from, beside a handler;
- `decorates` (a decorator elsewhere of a handler class), `replaces` (a decorator here that puts
  something in the place of the methods of handlers elsewhere).

Events, where a kind that ends with `-above` is of what `super()` has:

- `handed`: what of another file is handed the event, or is a method that one may override or
  define; `handed-items` (several events), `handed-parts` (its tag or its text);
- `takes-parts`: a function here that has a parameter for each of what it is handed so;
- `gives` (a function here that gives an event, several or the tag of one), `makes` (what another
  file defines and gives to what takes events: one or, where that is true, several);
- `recorded`: an attribute that keeps events, or holds one.

What stays, for what is suppressed:

- `kept` (what a call that stays is given, with why), `kept-at` (a function here), `keeps-handler`
  (what gives a parameter on to such a call), `gives-held` (what gives one on, and is given what
  stays), `stays` (an import that does), `holds` (what stays here and comes by way of another file).

The legacy `invoke`: `invoke-use`, `invoke-kept` (a use that stays), `invoke-import`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Fact, Look, Source
from migrator.helpers.python.scopes import Use

from ..._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from ..events.dispatch import table_tags
from ..flow.roles import on_event, roles
from ..handlers import far_decorators, overriding
from ..handlers.declared import of_annotation
from ..handlers.far_calls import handed_far, taking
from ..handlers.given import all_behind, names_behind
from ..handlers.handler_classes import handler_classes, is_handler_class, is_legacy_based, mixins
from ..handlers.handlers import attributes, given, of_definition, returns
from ..learnt.learning import ASKED_FOR, GIVEN, GIVEN_HERE, GIVEN_OWN, TABLE
from ..moves import calls, strings
from ..moves.imports import imports
from ..moves.legacy_imports import INVOKE_LEAF, Import
from ..moves.staying import based, handed_on, shared
from ..moves.together import gives_held
from ..reading.annotations import annotation_of, place_named, types_in
from ..reading.attributes import own_settings
from ..reading.classes import bases_of, class_of, is_property, local_bases, owner_above, owner_class
from ..reading.far_classes import bases_told, class_elsewhere, is_far, own_places
from ..reading.instances import instances
from ..reading.kinds import Given, Kind
from ..reading.meaning import CURRENT_INVOKE, HANDLER, METHOD, Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.helpers.python.scopes import Binding


def facts(source: Source, look: Look) -> Iterator[Fact]:
    """What other files may need to know of this one."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    yield from _exports(meaning)
    yield from far_decorators.facts(meaning)
    yield from _definitions(meaning)
    yield from _uses(source, look, meaning)
    yield from strings.facts(source, look)


def _exports(meaning: Meaning) -> Iterator[Fact]:
    path = meaning.source.path
    for bindings in meaning.names.module.bindings.values():
        for binding in bindings:
            if binding.kind == "import" and binding.target:
                target = meaning.directly(binding.target)
                if ":" in target or _is_library(target):
                    place = f"{meaning.names.place}{binding.name}"
                    yield Fact("export", place, target, path)
    own = tuple(sorted(meaning.names.module.bindings))
    for star in meaning.names.star_imports:
        target = meaning.directly(star.target or "")
        if ":" in target or in_namespace(target, PYTHON_LEGACY):
            yield Fact("star", meaning.names.place, (target, own), path)


def _is_library(name: str) -> bool:
    """Whether `name` is the library's: what led to a legacy name leads to a current one now."""
    spaces = (PYTHON_LEGACY, PYTHON_CURRENT, CURRENT_INVOKE)
    return any(in_namespace(name, space) for space in spaces)


def _definitions(meaning: Meaning) -> Iterator[Fact]:
    path = meaning.source.path
    handlers = handler_classes(meaning)
    for name, bindings in meaning.names.module.bindings.items():
        place = f"{meaning.names.place}{name}"
        last = bindings[-1]
        node = last.node
        yield from _kind(meaning, place, bindings)
        if isinstance(node, cst.FunctionDef):
            returned = returns(meaning, node)
            yield Fact("returns", place, (returned.kind.value, returned.sure), path)
        elif isinstance(node, cst.ClassDef):
            bases, is_whole = bases_told(meaning, node)
            methods = tuple(
                sorted(
                    name
                    for name, members in meaning.names.scopes[node].bindings.items()
                    if any(
                        isinstance(member.node, cst.FunctionDef) and not is_property(member.node)
                        for member in members
                    )
                )
            )
            # Only who asks for a class asks what it has.
            is_asked = ("python-wanted", place) in meaning.known
            held = attributes(meaning, node) if is_asked else ()
            names = (*meaning.names.scopes[node].bindings, *own_settings(meaning, node))
            yield Fact("class", place, (bases, methods, held, is_whole, names), path)
            if node in handlers:
                yield Fact("handler", place, None, path)
                yield from _mixed_in(meaning, node)
            elif isinstance(legacy := meaning.known.get(("python-mixed-in", place)), bool):
                for base in bases:
                    if ":" in base and not base.startswith(meaning.names.place):
                        yield Fact("mixed-in", base, legacy, path)
        elif last.kind == "assign" and last.value is not None and last.index is None:
            if ("python-wanted", place) in meaning.known and (tags := table_tags(last)):
                yield Fact(TABLE, place, tags, path)
            if isinstance(last.value, cst.Call):
                made = meaning.meaning(last.value.func)
                if made is not None and (":" in made or is_handler_class(meaning, made)):
                    yield Fact("instance", place, made, path)


def _kind(meaning: Meaning, place: str, bindings: Sequence[Binding]) -> Iterator[Fact]:
    """`def`: what a name of the module is when it is given as handler, and whether for sure.

    Where it may be now this and now that it is neither.
    """
    reaching = meaning.names.visible(
        bindings[0].name, Use(meaning.names.module, len(meaning.source.text) + 1, ())
    )
    kinds: list[Given] = []
    for binding in reaching:
        value = binding.value if binding.kind == "assign" and binding.index is None else None
        if isinstance(binding.node, (cst.FunctionDef, cst.ClassDef)):
            kinds.append(of_definition(meaning, binding.node))
        elif value is not None:
            is_type = isinstance(value, (cst.BinaryOperation, cst.Subscript))
            declared = of_annotation(meaning, value) if is_type else None
            kinds.append(declared or given(meaning, value))
    found = [one for one in kinds if one.kind is not Kind.NEITHER]
    if found:
        kind = found[0].kind if len({one.kind for one in found}) == 1 else Kind.NEITHER
        sure = all(one.sure for one in found)
        yield Fact("def", place, (kind.value, sure), meaning.source.path)


def _mixed_in(meaning: Meaning, owner: cst.ClassDef) -> Iterator[Fact]:
    """The classes elsewhere that give the handler class `owner` their methods."""
    for base in mixins(meaning, owner):
        local = class_of(meaning, base)
        around = local_bases(meaning, local) if local is not None else ()
        for one in (base, *(further for mixed in around for further in bases_of(mixed))):
            place = meaning.meaning(one)
            if place is not None and ":" in place and not place.startswith(meaning.names.place):
                legacy = is_legacy_based(meaning, owner)
                yield Fact("mixed-in", place, legacy, meaning.source.path)


def _uses(source: Source, look: Look, meaning: Meaning) -> Iterator[Fact]:
    handlers: dict[bool, list[cst.BaseExpression]] = {True: [], False: []}
    for use in calls.uses(source, look):
        for name in meaning.names.resolve(use.name):
            target = meaning.directly(name) if name and ":" not in name else ""
            if ":" in target and not target.endswith(":"):
                yield Fact("invoke-use", target, int(use.applicability), source.path)
                if use.kept:
                    yield Fact("invoke-kept", target, use.kept, source.path)
        if use.handler is not None:
            handlers[True].append(use.handler)
            yield from taking(meaning, use.handler, legacy=True)
            if use.kept:
                yield from _kept(meaning, use.handler, use.kept)
    yield from overriding.facts(meaning)
    for value, legacy in overriding.values_set(meaning):
        handlers[legacy].append(value)
    for place, legacy, arg in handed_far(meaning):
        yield Fact("passed", place, given(meaning, arg.value).kind.value, source.path)
        handlers[legacy].append(arg.value)
    for legacy, given_here in handlers.items():
        yield from _given(meaning, given_here, legacy=legacy)
    for arg, why in handed_on(meaning):
        yield from _kept(meaning, arg.value, why)
    for place, why in gives_held(meaning, calls.uses(source, look)):
        yield Fact("gives-held", place, why, source.path)
    for owner, why in based(meaning):
        place = f"{meaning.names.place}{meaning.names.scopes[owner].qualname}"
        yield Fact("kept", place, why, source.path)
    for place, why in shared(meaning, roles(source, look).stays):
        yield Fact("kept", place, why, source.path)
    for statement in imports(source, look).statements:
        for imported in statement.imports:
            is_module = imported.binding.scope is meaning.names.module
            if is_module and imported.held and imported.name != HANDLER:
                place = f"{meaning.names.place}{imported.binding.name}"
                why = f"it comes by way of `{source.path}`, where it stays"
                yield Fact("stays", place, why, source.path)
            if is_module and (imported.name == INVOKE or imported.binding.kind == "star"):
                local = INVOKE_LEAF if imported.binding.kind == "star" else imported.binding.name
                place = f"{meaning.names.place}{local}"
                yield Fact("invoke-import", place, int(_least(imported)), source.path)
    names = calls.stays(source, look).names
    for place in sorted(_used(meaning)):
        yield Fact("name-use", place, None, source.path)
        led = meaning.canonical(place)
        for why in (why for name, why in names.items() if in_namespace(name, led)):
            yield Fact("holds", place, why, source.path)
    for place in {*_wanted_bases(meaning, source, look), *_told(meaning)}:
        yield Fact("wanted", place, None, source.path)


def _kept(meaning: Meaning, handler: cst.BaseExpression, why: str) -> Iterator[Fact]:
    """What `handler` is, and what gives it, takes the legacy events for now."""
    path = meaning.source.path
    for name in all_behind(meaning, handler):
        if ":" in name:
            yield Fact("kept", name, why, path)
    for one in _arms(handler):
        for place, _ in own_places(meaning, one):
            yield Fact("kept", place, why, path)
    for fact in taking(meaning, handler, legacy=True):
        yield Fact("keeps-handler", fact.key, why, path)


def _told(meaning: Meaning) -> Iterator[str]:
    """What this file was told of because it asked: else, with the answer, it would forget it."""
    for kind in ASKED_FOR:
        yield from meaning.known.of(kind, besides=meaning.names.place)


def _least(imported: Import) -> Applicability:
    """How far the uses of an import in its own file let it go."""
    if imported.for_both_versions or imported.held:
        return Applicability.MANUAL
    return min((use.applicability for use in imported.uses), default=Applicability.SAFE)


def given_now(source: Source, look: Look) -> Iterator[Fact]:
    """What other files define and this one gives to the current `invoke`."""
    meaning = meaning_of(source, look)
    handlers: list[cst.BaseExpression] = []
    for node in meaning.tree.of(cst.Call):
        if (callback := on_event(meaning, node)) is not None:
            is_method = isinstance(callback, cst.Attribute) and callback.attr.value == METHOD
            handler = callback.value if is_method else callback  # type: ignore[attr-defined]
            handlers.append(handler)
            yield from taking(meaning, handler, legacy=False)
    yield from _given(meaning, handlers, legacy=False)


def _given(
    meaning: Meaning, handlers: Sequence[cst.BaseExpression], *, legacy: bool
) -> Iterator[Fact]:
    path, own = meaning.source.path, meaning.names.place
    for name, kind in names_behind(meaning, *handlers):
        if ":" in name and not name.startswith(own):
            yield Fact("wanted", name, None, path)
            yield Fact(kind, name, legacy, path)
        elif name.startswith(own) and (kind == GIVEN or _is_class(meaning, name[len(own) :])):
            yield Fact(GIVEN_HERE, name, legacy, path)
    for handler in handlers:
        for one in _arms(handler):
            for place, above in own_places(meaning, one):
                yield Fact(GIVEN_OWN + above, place, legacy, path)
        for name in (*_owners(meaning, handler), *_types(meaning, handler)):
            yield Fact("wanted", name, None, path)


def _is_class(meaning: Meaning, name: str) -> bool:
    """Whether the module calls nothing but a class `name`."""
    bindings = meaning.names.module.bindings.get(name, ())
    return bool(bindings) and all(isinstance(one.node, cst.ClassDef) for one in bindings)


def _owners(meaning: Meaning, handler: cst.BaseExpression) -> Iterator[str]:
    """The classes elsewhere, and the variables of them, whose attribute `handler` is."""
    if isinstance(handler, cst.Attribute):
        for place in (class_elsewhere(meaning, handler.value), *instances(meaning, handler.value)):
            if isinstance(place, str) and is_far(meaning, place):
                yield place


def _types(meaning: Meaning, handler: cst.BaseExpression) -> Iterator[str]:
    """The types elsewhere that the annotation of `handler` names, or of what it is one of."""
    for arm in _arms(handler):
        annotation = annotation_of(meaning, arm)
        for one in types_in(meaning, annotation) if annotation is not None else ():
            place = place_named(meaning, one)
            if place is not None and ":" in place and not place.startswith(meaning.names.place):
                yield place


def _arms(handler: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """`handler`, or what it is one of."""
    if isinstance(handler, cst.BooleanOperation):
        yield from (*_arms(handler.left), *_arms(handler.right))
    elif isinstance(handler, cst.IfExp):
        yield from (*_arms(handler.body), *_arms(handler.orelse))
    else:
        yield handler


def _used(meaning: Meaning) -> set[str]:
    """The places in other files by way of which this one speaks of legacy names."""
    spoken = {binding.target or "" for binding, _ in meaning.imports()}
    for name in meaning.suspected():
        spoken |= {found for found in meaning.names.resolve(_chain(meaning, name)) if found}
    used: set[str] = set()
    for dotted in spoken:
        place = meaning.directly(dotted) if ":" not in dotted else ""
        module, _, qualname = place.partition(":")
        if qualname and in_namespace(meaning.canonical(place), PYTHON_LEGACY):
            used.add(f"{module}:{qualname.partition('.')[0]}")
    return used


def _chain(meaning: Meaning, name: cst.Name) -> cst.BaseExpression:
    """The whole attribute chain that begins with `name`."""
    node: cst.BaseExpression = name
    while True:
        parent = meaning.tree.parents[node]
        if not (isinstance(parent, cst.Attribute) and parent.value is node):
            return node
        node = parent


def _wanted_bases(meaning: Meaning, source: Source, look: Look) -> Iterator[str]:
    """The bases in other files of classes whose members decide: what else a class has."""
    asked = {
        node
        for node in meaning.names.scopes
        if isinstance(node, cst.ClassDef)
        and ("python-wanted", f"{meaning.names.place}{meaning.names.scopes[node].qualname}")
        in meaning.known
    }
    for use in calls.uses(source, look):
        for one in _arms(use.handler) if use.handler is not None else ():
            if isinstance(one, cst.Attribute):
                owners = owner_class(meaning, one.value), owner_above(meaning, one.value)
                asked |= {owner for owner in owners if owner is not None}
    for owner in asked:
        for defined in local_bases(meaning, owner):
            for base in bases_of(defined):
                place = meaning.meaning(base)
                if place and ":" in place and not place.startswith(meaning.names.place):
                    yield place
