"""The reads of an event's text: which can be changed, and which no edit keeps the meaning of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from ..flow.anew import is_anew
from ..flow.shapes import attribute_called, index_of, key_of, part_unpacked
from ..reading.meaning import METHOD

if TYPE_CHECKING:
    from migrator.helpers.python.scopes import Binding

    from ..flow.subjects import Key, Subjects
    from ..moves.role import Role

TWO_WAYS = "the same name holds the text on one way and the mapping on another"
_STAR = "the star takes the mapping with it"
_SHOWN = "`=` shows the code as well as its value"
_GROUPED = "what comes with the tag may be made of events, and is no text then"
# What shows what it is given, and does nothing else with it.
_SHOW = frozenset(
    {"critical", "debug", "error", "exception", "format", "info", "log", "print", "repr", "str"}
    | {"warning"}
)
_MAKE_DICT = frozenset({"Counter", "OrderedDict", "dict", "update"})
# What gives tags together with what belongs to each of them.
_GROUPS = frozenset({"groupby", "items", "most_common"})


@dataclass(eq=False)
class Subject:
    """One event as a piece of code sees it, with every read of its text.

    `data` are the reads as expressions; `broken` those that no edit can keep the meaning of, with
    the reason.
    """

    key: Key
    role: Role | None
    data: list[cst.BaseExpression] = field(default_factory=list)
    broken: dict[cst.CSTNode, str] = field(default_factory=dict)


class TextReads:
    """The events of one file whose text is read, by their keys."""

    def __init__(self, subjects: Subjects) -> None:
        self._subjects = subjects
        self._names = subjects.names
        self._tree = subjects.tree
        self.by_key: dict[Key, Subject] = {}
        self._collect()

    def _collect(self) -> None:
        for node in self._tree.of(cst.Subscript):
            if index_of(node) in (1, -1):
                self._read(self._subjects.event(node.value), node)
        for binding in list(self._names.bindings()):
            if binding.kind == "assign" and binding.value is None:
                self._collect_starred(binding)
            key = self._subjects.apart.part(binding, 1)
            if key is None or self._subjects.assigned(binding) is not None:
                continue
            is_grouped = key[0] == "loop" and self._is_grouped(binding)
            for name in self._names.reads.get(binding.name, ()):
                reaching = self._names.reaching(name)
                if binding not in reaching:
                    continue
                is_one = {self._subjects.apart.part(other, 1) for other in reaching} == {key}
                if is_grouped:
                    self.subject(key).broken[name] = _GROUPED
                elif is_one and not (self._is_target(name) or self._subjects.apart.is_read(name)):
                    self._read(key, name)
                else:
                    self.subject(key).broken[name] = TWO_WAYS
            if binding.kind == "assign" and any(
                other.kind == "augmented" for other in binding.scope.bindings[binding.name]
            ):
                self.subject(key).broken[binding.node] = TWO_WAYS

    def subject(self, key: Key) -> Subject:
        """The subject with that key."""
        if key not in self.by_key:
            self.by_key[key] = Subject(key, self._subjects.role(key))
        return self.by_key[key]

    def _read(self, key: Key | None, node: cst.BaseExpression) -> None:
        if key is None:
            return
        parent = self._tree.parents[node]
        subject = self.subject(key)
        if isinstance(parent, (cst.AssignTarget, cst.AugAssign, cst.Del)) and node is parent.target:
            subject.broken[node] = TWO_WAYS
            return
        if node in subject.data:
            return
        if self._is_shown(node):
            subject.broken[node] = _SHOWN
        elif isinstance(parent, cst.Arg) and isinstance(
            call := self._tree.parents[parent], cst.Call
        ):
            taken = self._subjects.parts_handed.taken(call, parent)
            if (taken is None or taken[1] != 1) and not self._is_passed_on(node):
                subject.data.append(node)
        elif not _reads_content(parent, node) and not self._is_passed_on(node):
            subject.data.append(node)

    def _is_grouped(self, binding: Binding) -> bool:
        """Whether what a loop gives with each tag is made of events: a count, or a group."""
        loop = self._tree.parents[self._tree.parents[self._tree.parents[binding.node]]]
        made = loop.iter if isinstance(loop, (cst.CompFor, cst.For)) else None
        func = made.func if isinstance(made, cst.Call) else None
        leaf = func.attr if isinstance(func, cst.Attribute) else func
        return isinstance(leaf, cst.Name) and leaf.value in _GROUPS

    def _collect_starred(self, binding: Binding) -> None:
        """`kind, *rest = event`: what `rest` is asked for."""
        assign = self._subjects.several.starred(binding)
        star = self._tree.parents[binding.node]
        pair = self._tree.parents[star]
        if assign is None or not isinstance(pair, (cst.Tuple, cst.List)):
            return
        places = range(len(pair.elements))
        if any(pair.elements[at] is not star and part_unpacked(pair, at) == 1 for at in places):
            return
        key = self._subjects.event(assign.value)
        for name in self._names.reads.get(binding.name, ()):
            if key is not None and binding in self._names.reaching(name):
                self.subject(key).broken[name] = _STAR

    def _is_target(self, name: cst.Name) -> bool:
        parent = self._tree.parents[name]
        return isinstance(parent, cst.AugAssign) and parent.target is name

    def _is_shown(self, node: cst.CSTNode) -> bool:
        """Whether the code of `node` is in what a string shows: `f"{event[1].strip()=}"`."""
        for around in self._tree.ancestors(node):
            if isinstance(around, cst.FormattedStringExpression):
                return around.equal is not None
            if isinstance(around, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
                return False
        return False

    def _is_passed_on(self, node: cst.CSTNode) -> bool:
        """Whether `node` goes on to somebody who takes the event, in a tuple or in its parts."""
        arg = self._tree.parents[node]
        call = self._tree.parents[arg] if isinstance(arg, cst.Arg) else None
        if isinstance(call, cst.Call) and isinstance(arg, cst.Arg):
            taken = self._subjects.parts_handed.taken(call, arg)
            if taken is not None and taken[1] == 1:
                return True
        for around in self._tree.ancestors(node):
            if isinstance(around, cst.Tuple):
                return self._is_event_again(around)
            if not isinstance(around, (cst.BaseExpression, cst.Element, cst.Arg)):
                return False
        return False

    def _is_event_again(self, node: cst.Tuple) -> bool:
        """Whether the tuple `node` is an event that is put together again, and goes on as one."""
        around = self._tree.parents[node]
        while isinstance(around, (cst.BooleanOperation, cst.IfExp)):
            around = self._tree.parents[around]
        if isinstance(around, cst.Arg):
            call = self._tree.parents[around]
            if attribute_called(call) == METHOD and is_anew(self._subjects, node):
                return True
            goes_on = isinstance(call, cst.Call) and not _shows(call)
        elif isinstance(around, cst.Assign):
            displays = (cst.List, cst.Tuple)
            goes_on = not any(isinstance(one.target, displays) for one in around.targets)
        elif isinstance(around, cst.Element):
            display = self._tree.parents[around]
            goes_on = isinstance(display, (cst.List, cst.Tuple)) and not self._makes_dict(display)
        elif isinstance(around, cst.BaseSimpleComp):
            goes_on = around.elt is node and not self._makes_dict(around)
        elif isinstance(around, cst.DictElement):
            goes_on = around.key is not node
        else:
            goes_on = isinstance(around, (cst.Match, cst.Yield, cst.Return))
        return goes_on and self._subjects.apart.rebuilt(node) is not None

    def _makes_dict(self, display: cst.CSTNode) -> bool:
        """Whether the pairs in `display` become keys and values: `dict([(kind, text)])`."""
        arg = self._tree.parents[display]
        call = self._tree.parents[arg]
        func = call.func if isinstance(call, cst.Call) else None
        leaf = func.attr if isinstance(func, cst.Attribute) else func
        return isinstance(leaf, cst.Name) and leaf.value in _MAKE_DICT


def _shows(call: cst.Call) -> bool:
    """Whether `call` only shows what it is given."""
    leaf = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    return isinstance(leaf, cst.Name) and leaf.value in _SHOW


def _reads_content(parent: cst.CSTNode, node: cst.CSTNode) -> bool:
    """Whether what follows `node` already asks for the content of a current event."""
    if isinstance(parent, cst.Subscript) and parent.value is node:
        return key_of(parent) in ("content", "tokens", "finish_reason")
    return False
