"""Tags of events that are kept under a name, and are asked for there: `row["kind"] == "chunk"`.

A key of a dict, a keyword, a field of a class: what goes by the same name in the file may be it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Fact
from migrator.helpers.python.literals import text_of

from ..flow.event_tags import tags_in
from ..flow.shapes import LEGACY_TAGS, attribute_called, key_of, string_of, tags_of
from ..learnt.learning import TAG_NAME
from ..moves.role import Role
from ..reading.assertions import sides
from ..reading.callees import fields
from ..reading.classes import class_of, enclosing_function, is_of_class, owner_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..flow.subjects import Subjects
    from ..reading.meaning import Meaning
    from .places import Places


class NamedTags:
    """Finds where the tags that one file keeps under names are compared and matched."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.meaning = places.meaning
        self.tree = places.tree
        #: The names under which tags are kept, each with the role of an event whose tag it is.
        self.roles: dict[str, Role] = {}
        for name, node, role in _kept(self.places.subjects):
            line = self.meaning.source.position(self.tree.spans[node].start).line
            reason = f"the tag of an event is kept as `{name}` at line {line}"
            kept = Role(Applicability.REVIEW, reason, role.legacy, handed=True, kept=role.kept)
            self.roles.setdefault(name, kept)
        own = self.meaning.names.place
        imported = {name for _, name in self.meaning.imports()}
        for place, told in self.meaning.known.of(f"python-{TAG_NAME}", besides=own).items():
            is_near = not imported.isdisjoint((place, f"{place.partition(':')[0]}:"))
            if not is_near and not self.meaning.names.star_imports:
                continue
            for name, is_legacy in told if isinstance(told, tuple) else ():
                reason = f"`{place.rpartition(':')[2]}` of another file keeps a tag as `{name}`"
                role = Role(Applicability.REVIEW, reason, is_legacy, handed=True)
                self.roles.setdefault(name, role)

    def find(self) -> None:
        """Add the places; a tag there is spelled out, or else nothing shows that it is one."""
        asking = cst.Call, cst.Comparison
        kinds = *asking, cst.Match, cst.MatchMappingElement, cst.MatchKeywordElement
        for node in self.tree.of(*kinds) if self.roles else ():
            if isinstance(node, asking):
                self._compared(node)
            elif isinstance(node, cst.Match):
                role = self._role(node.subject)
                for case in node.cases if role is not None else ():
                    self._add(case.pattern, tags_of(case.pattern), role)
            elif isinstance(node, cst.MatchMappingElement):
                name = text_of(node.key) if isinstance(node.key, cst.BaseExpression) else None
                self._add(node.pattern, tags_of(node.pattern), self.roles.get(name or ""))
            elif isinstance(node, cst.MatchKeywordElement):
                self._add(node.pattern, tags_of(node.pattern), self.roles.get(node.key.value))

    def _compared(self, node: cst.Call | cst.Comparison) -> None:
        found = sides(node)
        for one, other in ((found.left, found.right), (found.right, found.left)) if found else ():
            if (role := self._role(one)) is not None:
                literals, _, _ = tags_in(self.meaning, other)
                if isinstance(other, (cst.List, cst.Set, cst.Tuple)):
                    self.places.settled.add(other)
                self._add(node, literals, role)

    def _add(
        self, node: cst.CSTNode, literals: Sequence[cst.SimpleString], role: Role | None
    ) -> None:
        legacy = [one for one in literals if string_of(one) in LEGACY_TAGS]
        if role is not None and legacy:
            self.places.retagged_in(node, legacy, role)

    def _role(self, node: cst.BaseExpression) -> Role | None:
        """The role of the event whose tag `node` asks for, if only its name is known."""
        if self.places.subjects.apart.tag(node) is not None:
            return None
        name = None
        if isinstance(node, cst.Attribute):
            name = node.attr.value
        elif isinstance(node, cst.Subscript):
            name = key_of(node)
        elif isinstance(node, cst.Call) and node.args and attribute_called(node) in ("get", "pop"):
            name = text_of(node.args[0].value)
        return self.roles.get(name or "")


def facts(subjects: Subjects) -> Iterator[Fact]:
    """`tag-name`: the names under which a function or class of the module keeps tags."""
    meaning = subjects.meaning
    found: dict[str, dict[str, bool]] = {}
    is_concerned = subjects.known() or subjects.roles.params
    for name, node, role in _kept(subjects) if is_concerned else ():
        inside = (one for one in meaning.tree.ancestors(node) if one in meaning.names.scopes)
        definitions = [one for one in inside if isinstance(one, (cst.ClassDef, cst.FunctionDef))]
        if definitions:
            place = f"{meaning.names.place}{meaning.names.scopes[definitions[-1]].qualname}"
            names = found.setdefault(place, {})
            names[name] = role.legacy or names.get(name, False)
    for place, names in sorted(found.items()):
        yield Fact(TAG_NAME, place, tuple(sorted(names.items())), meaning.source.path)


def _kept(subjects: Subjects) -> Iterator[tuple[str, cst.CSTNode, Role]]:
    """The names under which tags are kept, and where."""
    for node in subjects.tree.of(cst.DictElement, cst.Call, cst.Assign):
        for name, value in _named(subjects.meaning, node):
            key = subjects.apart.tag(value)
            role = subjects.role(key)
            if name and role is not None:
                yield name, value, role


def _named(meaning: Meaning, node: cst.CSTNode) -> Iterator[tuple[str | None, cst.BaseExpression]]:
    """What `node` keeps under names."""
    if isinstance(node, cst.DictElement):
        yield text_of(node.key), node.value
    elif isinstance(node, cst.Assign):
        for target in node.targets:
            if isinstance(target.target, cst.Subscript):
                yield key_of(target.target), node.value
            elif isinstance(target.target, cst.Attribute):
                yield target.target.attr.value, node.value
    elif isinstance(node, cst.Call):
        owner = class_of(meaning, node.func) or _own_class(meaning, node.func)
        names = list(fields(meaning, owner)) if owner is not None else []
        if owner is not None and "__init__" in meaning.names.scopes[owner].bindings:
            names = names[1:]  # without `self`
        for at, arg in enumerate(node.args):
            if arg.keyword is not None:
                yield arg.keyword.value, arg.value
            elif not arg.star and at < len(names):
                yield names[at], arg.value


def _own_class(meaning: Meaning, func: cst.BaseExpression) -> cst.ClassDef | None:
    """The class that `func` is where it is the `cls` of a method of the class itself."""
    function = enclosing_function(meaning, func) if isinstance(func, cst.Name) else None
    if not isinstance(function, cst.FunctionDef) or not is_of_class(function):
        return None
    return owner_class(meaning, func)
