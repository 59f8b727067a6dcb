"""Which expressions are the tag and the text of which event, as code takes it apart."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import proxy

import libcst as cst

from ..reading.held import is_none
from .anew import tag_origin
from .far_events import TAG
from .following import GIVE, MAX_STEPS, given_as_is, given_back
from .matched import captured_of
from .parts_handed import TAGS
from .recorded import grouped
from .shapes import index_of, part_unpacked, string_of

if TYPE_CHECKING:
    from migrator.helpers.python.scopes import Binding

    from .subjects import Key, Subjects

# Methods that keep a tag recognizable.
_SPELLINGS = frozenset({"casefold", "lower", "lstrip", "rstrip", "strip"})


class Apart:
    """Leads from an expression to the event that it is the tag or the text of."""

    def __init__(self, subjects: Subjects) -> None:
        # They hold this: a tree that is in a cycle stays until that is searched for.
        self.subjects: Subjects = proxy(subjects)
        self.meaning = subjects.meaning
        self.names = subjects.names
        self.tree = subjects.tree
        self._tags: dict[Key, list[cst.BaseExpression]] | None = None

    def tag(self, node: cst.BaseExpression, depth: int = 0) -> Key | None:
        """The key of the event whose tag `node` is, in other letters perhaps."""
        if depth > MAX_STEPS or type(node) not in TAGS:
            return None
        if isinstance(node, cst.Name):
            return self._part_of(node, 0, depth)
        if isinstance(node, cst.NamedExpr):
            return self.tag(node.value, depth + 1)
        if isinstance(node, cst.Attribute):
            return self._tag_held(node, depth)
        if isinstance(node, cst.Subscript) and index_of(node) is not None:
            item = self.collected(node.value)
            if item is not None and (key := self.tag(item, depth + 1)) is not None:
                return key
        if isinstance(node, cst.Call):
            func = node.func
            if isinstance(func, cst.Attribute) and func.attr.value in _SPELLINGS and not node.args:
                return self.tag(func.value, depth + 1)
            if isinstance(func, cst.Name) and func.value == "str" and len(node.args) == 1:
                return self.tag(node.args[0].value, depth + 1)
            return self.subjects.asked(self._tag_given, node, depth)
        return self._part_of(node, 0, depth)

    def _tag_given(self, call: cst.BaseExpression, depth: int) -> Key | None:
        given = given_as_is(self.meaning, call)
        key = self.subjects.one_of(self.tag(value, depth + 1) for value in given)
        return key or self.subjects.far.key(call, TAG)

    def text(self, node: cst.BaseExpression) -> Key | None:
        """The key of the event whose text the subscript or name `node` is."""
        return self._part_of(node, 1)

    def tag_nodes(self, key: Key) -> list[cst.BaseExpression]:
        """The names and subscripts that are the tag of the event with that key, as they stand."""
        return self.tagged().get(key, [])

    def tagged(self) -> dict[Key, list[cst.BaseExpression]]:
        """The events whose tag is read somewhere, with the places."""
        if self._tags is None:
            self._tags = {}
            subscripts = (node for node in self.tree.of(cst.Subscript) if index_of(node) in (0, -2))
            # A name is read more often than it is bound, and most are never a tag.
            bound = {one.name for one in self.names.bindings() if self.part(one, 0, 1) is not None}
            names = (node for node in self.names.uses if node.value in bound)
            for node in (*subscripts, *names):
                if (found := self.tag(node)) is not None:
                    self._tags.setdefault(found, []).append(node)
        return self._tags

    def _tag_held(self, node: cst.Attribute, depth: int) -> Key | None:
        """The key of the event whose tag an attribute holds: `self.kind = event[0]`."""
        values = [value for value in self.subjects.recorded.assigned(node) if value is not None]
        keys = {self.tag(value, depth + 1) for value in values if not _is_constant(value)}
        return keys.pop() if len(keys) == 1 else None

    def collected(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """What a comprehension collects of each item, its keys if it makes a dict.

        `node` is one, or what is made of one by a call, or a variable that holds such.
        """
        for _ in range(MAX_STEPS):
            given = list(given_back(self.meaning, node)) if isinstance(node, cst.Call) else []
            if len(given) == 1:
                node = given[0]
            elif isinstance(node, cst.Call) and len(node.args) == 1 and not node.args[0].star:
                node = node.args[0].value
            elif isinstance(node, cst.Name):
                bindings = self.names.reaching(node)
                value = self.subjects.assigned(bindings[0]) if len(bindings) == 1 else None
                if value is None:
                    return None
                node = value
            else:
                break
        if isinstance(node, cst.DictComp):
            return node.key
        return node.elt if isinstance(node, cst.BaseSimpleComp) else None

    def _part_of(self, node: cst.BaseExpression, index: int, depth: int = 0) -> Key | None:
        """The key of the event whose part `index` the subscript or name `node` is."""
        if isinstance(node, cst.Subscript) and index_of(node) not in (index, index - 2):
            return None
        if not isinstance(node, (cst.Name, cst.Subscript)):
            return None
        return self.subjects.asked(self._part, node, index, depth)

    def _part(self, node: cst.Name | cst.Subscript, index: int, depth: int) -> Key | None:
        if isinstance(node, cst.Subscript):
            return self.part_in(node.value, index, depth)
        keys = {self.part(binding, index, depth + 1) for binding in self.names.reaching(node)}
        return keys.pop() if len(keys) == 1 else None

    def part_in(self, node: cst.BaseExpression, index: int, depth: int = 0) -> Key | None:
        """The key of the event whose part `index` is that of `node`."""
        return self._behind(self.subjects.event(node, depth + 1), index, depth) or _made_by(node)

    def _behind(self, key: Key | None, index: int, depth: int) -> Key | None:
        """The key of the event that part `index` of the event with that key comes from.

        One that is made anew has the tag of another, and a text of its own.
        """
        pair = self.anew(key)
        if pair is not None:
            return self.tag_of_another(pair, depth + 1) if index == 0 else None
        return tag_origin(self.subjects, key) if index == 0 else key

    def anew(self, key: Key | None) -> cst.Tuple | None:
        """The tuple that makes the event with that key, if that has the tag of another event."""
        pair = key[1] if key is not None and key[0] == "anew" else None
        return pair if isinstance(pair, cst.Tuple) else None

    def rebuilt(self, node: cst.Tuple, depth: int = 0) -> Key | None:
        """The key of the event that `node` puts together again: `(event[0], event[1])`."""
        if len(node.elements) != 2:
            return None
        first, second = (element.value for element in node.elements)
        key = self.tag(first, depth + 1)
        if key is None or key != self._part_of(second, 1, depth + 1) or self.is_read(second):
            return None
        return key

    def pair(self, node: cst.Tuple, depth: int = 0) -> Key | None:
        """The key of the event that `node` is again, or makes anew of the tag of another."""
        key = self.rebuilt(node, depth)
        if key is not None or len(node.elements) != 2:
            return key
        return ("anew", node) if self.tag(node.elements[0].value, depth + 1) is not None else None

    def is_read(self, part: cst.BaseExpression) -> bool:
        """Whether `part` is a name for what was read of an event: `text = event[1]`."""
        bindings = self.names.reaching(part) if isinstance(part, cst.Name) else ()
        return any(self.subjects.assigned(binding) is not None for binding in bindings)

    def part(self, binding: Binding, index: int, depth: int = 0) -> Key | None:
        """The key of the event whose part `index` is bound to a name."""
        if depth > MAX_STEPS:
            return None
        if binding in self.subjects.parts:
            key, part = self.subjects.parts[binding]
            return key if part == index else None
        if (
            binding.kind in ("assign", "walrus")
            and (value := self.subjects.assigned(binding)) is not None
        ):
            if index == 0:
                return self.tag(value, depth + 1)
            return self._part_of(value, 1, depth) if isinstance(value, cst.Subscript) else None
        if binding.kind == "capture":
            matched = captured_of(self.tree, binding.node, index)
            found = self.subjects.event(matched, depth + 1) if matched is not None else None
            return self._behind(found, index, depth)
        if binding.kind not in ("assign", "for"):
            return None
        element = self.tree.parents[binding.node]
        pair = self.tree.parents[element]
        if not isinstance(pair, (cst.Tuple, cst.List)):
            return None
        if not isinstance(element, cst.Element):
            return None  # what a star takes is no part
        if part_unpacked(pair, list(pair.elements).index(element)) != index:
            return None
        if binding.value is not None and binding.index is not None:
            return self.part_in(binding.value, index, depth)
        if binding.kind != "for":
            return None
        if (is_tag := self._is_grouped_by_tag(pair)) is not None:
            return self.subjects.several.group(pair, depth) if is_tag and index == 0 else None
        looped = self.subjects.several.looped(pair, depth + 1)
        return self._behind(looped, index, depth) if looped is not None else ("loop", pair)

    def _is_grouped_by_tag(self, pair: cst.CSTNode) -> bool | None:
        """Whether a loop gives `pair` of each tag and its events; `None` if that is not known."""
        found = grouped(self.meaning, pair)
        if found is None or self.subjects.several.key(found[0]) is None:
            return None
        by = found[1]
        if isinstance(by, cst.Lambda):
            return self.tag(by.body) is not None
        if isinstance(by, cst.Call) and self.meaning.meaning(by.func) == "operator.itemgetter":
            at = by.args[0].value if len(by.args) == 1 else None
            return isinstance(at, cst.Integer) and at.value == "0"
        return None

    def tag_of_another(self, node: cst.Tuple, depth: int = 0) -> Key | None:
        """The key of the event whose tag begins the pair `node`, where it is not that event."""
        if len(node.elements) != 2 or self.rebuilt(node, depth) is not None:
            return None
        return self.tag(node.elements[0].value, depth + 1)


def _is_constant(value: cst.BaseExpression) -> bool:
    return string_of(value) == "" or is_none(value)


def _made_by(value: cst.BaseExpression) -> Key | None:
    """The key of an event that a call or the like gives, which is another one each time."""
    return ("made", value) if type(value) in GIVE or isinstance(value, cst.Yield) else None
