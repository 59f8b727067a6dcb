"""Events that one file makes and another one gives to what takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator import Applicability, Fact
from migrator.helpers.worklist import Worklist

from ..moves.role import Role
from ..reading.classes import returned_by, yielded_by
from ..reading.contents import contents
from ..reading.far_targets import places_called, possible_places
from ..reading.held import value_of
from ..reading.targets import reached
from .following import given_back, given_out
from .recorded import chained, collection_behind, iterated, same_items
from .shapes import index_of
from .takers import takes_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning
    from .subjects import Subjects

_MAKES = "python-makes"
# What is given to what takes events and may come from elsewhere.
_MADE = (cst.Attribute, cst.Call, cst.IfExp, cst.List, cst.Name, cst.Subscript)


class Source(NamedTuple):
    """Where an event, or each of `many`, comes from."""

    node: cst.BaseExpression
    many: bool


def made_here(meaning: Meaning) -> dict[cst.CSTNode, Role]:
    """The tuples and lists here that another file gives to what takes events."""
    found: dict[cst.CSTNode, Role] = {}
    for place, source in _asked(meaning):
        if isinstance(source.node, (cst.List, cst.Tuple)) and not source.many:
            reason = f"another file gives what `{place.rpartition(':')[2]}` makes for an event"
            kept = str(meaning.known.get(("python-kept", place)) or "")
            role = Role(Applicability.REVIEW, reason, handed=True, kept=kept)
            found.setdefault(source.node, role)
    return found


def facts(subjects: Subjects) -> Iterator[Fact]:
    """`makes`: what other files define, and is given to what takes events."""
    meaning = subjects.meaning
    path = meaning.source.path
    found: dict[tuple[str, bool], str] = {}
    for call in meaning.tree.of(cst.Call):
        for arg in call.args:
            taken = _taken(subjects, call, arg) if isinstance(arg.value, _MADE) else None
            if taken is not None and not arg.star:
                many, kept = taken
                for place, is_many in _far(meaning, Source(arg.value, many)):
                    found[place, is_many] = found.get((place, is_many)) or kept
            whole = _taken_apart(meaning, arg)
            if whole is not None and (part := subjects.parts_handed.taken(call, arg)) is not None:
                role = subjects.role(part[0])
                for place, is_many in _far(meaning, Source(whole, False)):
                    kept = found.get((place, is_many)) or (role.kept if role is not None else "")
                    found[place, is_many] = kept
    for _, source in _asked(meaning):
        for place, is_many in _far(meaning, source):
            found.setdefault((place, is_many), "")
    for (place, is_many), kept in sorted(found.items()):
        yield Fact("makes", place, is_many, path)
        if kept:
            yield Fact("kept", place, kept, path)


def _taken(subjects: Subjects, call: cst.Call, arg: cst.Arg) -> tuple[bool, str] | None:
    """Whether `arg` of `call` is taken for many events, and why those stay; `None` if for none."""
    meaning = subjects.meaning
    taken = takes_events(meaning, subjects.roles, call)
    if taken is not None:
        return False, taken.kept
    at = arg.keyword.value if arg.keyword else list(call.args).index(arg)
    for place, _ in places_called(meaning, call.func):
        for kind, many in (("python-handed", False), ("python-handed-items", True)):
            handed = meaning.known.get((kind, place))
            if isinstance(handed, tuple) and at in handed:
                return many, ""
    for function, param in reached(meaning, call, arg):
        for binding in meaning.names.scopes[function].bindings.get(param.name.value, ()):
            one = subjects.roles.params.get(binding) or subjects.handed.get(binding)
            role = one or subjects.recorded.places.get(binding)
            if role is not None and not role.written:
                return one is None, role.kept
    return None


def _taken_apart(meaning: Meaning, arg: cst.Arg) -> cst.BaseExpression | None:
    """The pair of which `arg` is one part: `made[0]`, `kind, text = made`."""
    node = arg.value
    if arg.star:
        return None
    if isinstance(node, cst.Subscript):
        return node.value if index_of(node) is not None else None
    bindings = meaning.names.reaching(node) if isinstance(node, cst.Name) else ()
    if len(bindings) != 1 or bindings[0].index is None:
        return None
    return bindings[0].value


def _asked(meaning: Meaning) -> Iterator[tuple[str, Source]]:
    """Where what this file makes for others comes from, with the place of what they name."""
    for place, many in meaning.known.of(_MAKES).items():
        if place.startswith(meaning.names.place) and isinstance(many, tuple):
            for is_many in many:
                for source in _defined(meaning, place[len(meaning.names.place) :], is_many):
                    yield from ((place, one) for one in _sources(meaning, source))


def _defined(meaning: Meaning, qualname: str, many: bool) -> Iterator[Source]:
    """What a function of that name gives, or a variable holds."""
    owner, _, name = qualname.rpartition(".")
    for scope in (meaning.names.module, *meaning.names.scopes.values()):
        if scope.qualname != owner or scope.kind not in ("class", "module"):
            continue
        for binding in scope.bindings.get(name, ()):
            if isinstance(binding.node, cst.FunctionDef):
                yield from (Source(one, many) for one in returned_by(meaning, binding.node))
                yielded = yielded_by(meaning, binding.node) if many else ()
                yield from (Source(one, False) for one in yielded)
            elif (value := value_of(meaning, binding)) is not None:
                yield Source(value, many)
                if many and isinstance(binding.node, cst.Name):
                    held = contents(meaning, binding.node)
                    yield from (Source(one, False) for one in held)


def _far(meaning: Meaning, source: Source) -> Iterator[tuple[str, bool]]:
    """The places of what other files define and `source` comes from."""
    for node, many in _sources(meaning, source):
        named = node.func if isinstance(node, cst.Call) else node
        if isinstance(named, (cst.Attribute, cst.Name)):
            yield from ((place, many) for place in possible_places(meaning, named))


def _sources(meaning: Meaning, source: Source) -> Iterator[Source]:
    """Where `source` comes from at last, in this file."""
    left = Worklist(source)
    for one in left:
        further = list(_behind(meaning, one))
        left.add(further)
        if not further:
            yield one


def _behind(meaning: Meaning, source: Source) -> Iterator[Source]:
    node, many = source
    if isinstance(node, cst.Call):
        yield from _behind_call(meaning, node, many)
    elif isinstance(node, cst.IfExp):
        yield from (Source(node.body, many), Source(node.orelse, many))
    elif isinstance(node, cst.BooleanOperation):
        yield from (Source(node.left, many), Source(node.right, many))
    elif isinstance(node, cst.Subscript):
        is_one = isinstance(node.slice[0].slice, cst.Index)
        yield Source(node.value, many or is_one)
    elif many and isinstance(node, (cst.List, cst.Tuple)):
        for element in node.elements:
            yield Source(element.value, isinstance(element, cst.StarredElement))
    elif many and isinstance(node, cst.BaseSimpleComp):
        yield Source(node.elt, False)
    elif isinstance(node, cst.Name):
        for binding in meaning.names.reaching(node):
            if (value := value_of(meaning, binding)) is not None:
                yield Source(value, many)
            elif (collection := iterated(meaning, binding.node)) is not None:
                yield Source(collection, True)
        if many:
            yield from (Source(one, False) for one in contents(meaning, node))


def _behind_call(meaning: Meaning, node: cst.Call, many: bool) -> Iterator[Source]:
    yield from (Source(one, many) for one in given_back(meaning, node))
    if many:
        yield from (Source(one, False) for one in given_out(meaning, node))
        inner = same_items(node)
        for one in [inner] if inner is not None else chained(node) or ():
            yield Source(one, True)
    elif (collection := collection_behind(node)) is not None:
        yield Source(collection, True)
