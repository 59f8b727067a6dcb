"""Events as code takes them apart: which expressions are the tag and the text of which event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability

from ._classes import enclosing_function

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from migrator.helpers.python.scopes import Binding

    from ._meaning import Meaning
    from ._roles import Role, Roles

#: What tells two events apart within a file.
Key = tuple[str, "Hashable"]

CHUNK, COMPLETE = "chunk", "complete"
LEGACY_TAGS = {CHUNK: "delta", COMPLETE: "done"}
CURRENT_TAGS = frozenset(LEGACY_TAGS.values())


@dataclass(eq=False)
class Subject:
    """One event as a piece of code sees it, with every read of its text.

    `data` are the reads as expressions; `broken` those that no edit can keep the meaning of.
    """

    key: Key
    role: Role | None
    data: list[cst.BaseExpression] = field(default_factory=list)
    broken: list[cst.CSTNode] = field(default_factory=list)


class Subjects:
    """Leads from an expression to the event that it is, or is a part of."""

    def __init__(self, meaning: Meaning, roles: Roles) -> None:
        self.meaning = meaning
        self.names = meaning.names
        self.tree = meaning.tree
        self.roles = roles
        self.by_key: dict[Key, Subject] = {}
        self._collect()

    # The event itself

    def event(self, node: cst.BaseExpression, depth: int = 0) -> Key | None:
        """The key of the event that `node` may be: a name, or any other expression as written."""
        if not isinstance(node, cst.Name):
            if isinstance(node, (cst.BaseNumber, cst.BaseString, cst.Call)):
                return None
            function = enclosing_function(self.meaning, node)
            return ("text", (self.tree.module.code_for_node(node), function))
        bindings = self.names.reaching(node)
        if not bindings:
            return None
        if len(bindings) == 1 and depth < 8:
            (binding,) = bindings
            alias = binding.value
            if binding.kind in ("assign", "walrus") and isinstance(alias, cst.Name):
                if binding.index is None:
                    return self.event(alias, depth + 1)
            if binding.kind == "capture" and self._captures_event(binding):
                return self._matched(binding.node, depth)
        return ("name", frozenset(bindings))

    def _captures_event(self, binding: Binding) -> bool:
        """Whether a `match` gives its whole subject the name (`case (...) as whole`)."""
        node = binding.node
        for around in self.tree.ancestors(node):
            if isinstance(around, cst.MatchCase):
                return True
            if not isinstance(around, (cst.MatchOr, cst.MatchOrElement)):
                return False
        return False

    def _matched(self, node: cst.CSTNode, depth: int = 0) -> Key | None:
        for around in self.tree.ancestors(node):
            if isinstance(around, cst.Match):
                return self.event(around.subject, depth + 1)
        return None

    def role(self, key: Key | None) -> Role | None:
        """The role behind the key, where every binding of the name has one."""
        if key is None or key[0] not in ("name", "pair"):
            return None
        bindings = key[1]
        assert isinstance(bindings, frozenset)
        found = [self.roles.params.get(binding) for binding in bindings]
        known = [role for role in found if role is not None]
        return min(known, key=lambda role: role.level) if len(known) == len(found) else None

    # Its parts

    def tag(self, node: cst.BaseExpression) -> Key | None:
        """The key of the event whose tag `node` is."""
        if isinstance(node, cst.NamedExpr):
            return self.tag(node.value)
        if isinstance(node, cst.Subscript):
            return self.event(node.value) if index_of(node) in (0, -2) else None
        if isinstance(node, cst.Name):
            keys = {self._part(binding, 0) for binding in self.names.reaching(node)}
            return keys.pop() if len(keys) == 1 else None
        return None

    def _part(self, binding: Binding, index: int) -> Key | None:
        """The key of the event whose part `index` is bound to a name."""
        if binding.kind in ("assign", "walrus") and binding.index is None:
            value = binding.value
            if isinstance(value, cst.Subscript) and index_of(value) in (index, index - 2):
                return self.event(value.value)
            return None
        if binding.kind == "capture":
            return self._captured(binding, index)
        if binding.index != index or binding.kind not in ("assign", "for"):
            return None
        pair = self.tree.parents[self.tree.parents[binding.node]]
        if not isinstance(pair, (cst.Tuple, cst.List)) or len(pair.elements) != 2:
            return None
        if any(isinstance(element, cst.StarredElement) for element in pair.elements):
            return None
        if binding.value is not None:
            return self.event(binding.value)
        if isinstance(self.tree.parents[pair], (cst.For, cst.CompFor)):
            return ("loop", pair)
        return None

    def _captured(self, binding: Binding, index: int) -> Key | None:
        """The part of the matched event that a pattern captures: `case (kind, text)`."""
        element = self.tree.parents[binding.node]
        while isinstance(element, (cst.MatchOr, cst.MatchOrElement, cst.MatchAs)):
            element = self.tree.parents[element]
        if not isinstance(element, cst.MatchSequenceElement):
            return None
        pair = self.tree.parents[element]
        if not isinstance(pair, cst.MatchSequence) or len(pair.patterns) != 2:
            return None
        if pair.patterns[index] is not element or not self.is_event_pattern(pair):
            return None
        if index == 1 and tags_of(pair.patterns[0]):
            return None  # the pattern itself takes the text apart
        return self._matched(pair)

    def is_event_pattern(self, pattern: cst.CSTNode) -> bool:
        """Whether `pattern` meets the whole subject of its `match`, or an event in a tuple."""
        for around in self.tree.ancestors(pattern):
            if isinstance(around, cst.MatchCase):
                return True
            if isinstance(around, cst.MatchSequenceElement):
                around = self.tree.parents[around]
                if not isinstance(around, cst.MatchClass) or not _is_sequence(around.cls):
                    return False
            elif not isinstance(
                around, (cst.MatchOr, cst.MatchOrElement, cst.MatchAs, cst.MatchClass)
            ):
                return False
        return False

    def _collect(self) -> None:
        for node in list(self.tree.spans):
            if isinstance(node, cst.Subscript) and index_of(node) in (1, -1):
                self._read(self.event(node.value), node)
        for binding in list(self.names.bindings()):
            key = self._part(binding, 1)
            if key is None or (binding.kind in ("assign", "walrus") and binding.index is None):
                continue
            for name in self.names.reads.get(binding.name, ()):
                reaching = self.names.reaching(name)
                if binding not in reaching:
                    continue
                parts = {self._part(other, 1) for other in reaching}
                if parts == {key} and not self._is_target(name):
                    self._read(key, name)
                else:
                    self.subject(key).broken.append(name)
            if binding.kind == "assign" and any(
                other.kind == "augmented" for other in binding.scope.bindings[binding.name]
            ):
                self.subject(key).broken.append(binding.node)

    def _is_target(self, name: cst.Name) -> bool:
        parent = self.tree.parents[name]
        return isinstance(parent, cst.AugAssign) and parent.target is name

    def subject(self, key: Key) -> Subject:
        """The subject with that key."""
        if key not in self.by_key:
            self.by_key[key] = Subject(key, self.role(key))
        return self.by_key[key]

    def _read(self, key: Key | None, node: cst.BaseExpression) -> None:
        if key is None:
            return
        parent = self.tree.parents[node]
        if isinstance(parent, (cst.Del, cst.AssignTarget)):
            return
        subject = self.subject(key)
        if node in subject.data:
            return
        if isinstance(parent, cst.FormattedStringExpression) and parent.equal:
            subject.broken.append(node)
        elif not _reads_content(parent, node):
            subject.data.append(node)


def _is_sequence(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value in ("tuple", "list")


def _reads_content(parent: cst.CSTNode, node: cst.CSTNode) -> bool:
    """Whether what follows `node` already asks for the content of a current event."""
    if isinstance(parent, cst.Subscript) and parent.value is node:
        return key_of(parent) in ("content", "tokens", "finish_reason")
    return False


def key_of(node: cst.Subscript) -> str | None:
    """The string that `node` subscripts with."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        return string_of(node.slice[0].slice.value)
    return None


def index_of(node: cst.Subscript) -> int | None:
    """The integer that `node` subscripts with."""
    if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Index):
        return None
    value = node.slice[0].slice.value
    sign = 1
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        sign, value = -1, value.expression
    return sign * value.evaluated_value if isinstance(value, cst.Integer) else None


def string_of(node: cst.CSTNode) -> str | None:
    """The text of a plain string literal."""
    if isinstance(node, cst.SimpleString) and "b" not in node.prefix.lower():
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def tags_of(pattern: cst.CSTNode) -> list[cst.SimpleString]:
    """The string literals that the tag's pattern names, alternatives and `as` included."""
    if isinstance(pattern, cst.MatchSequenceElement):
        return tags_of(pattern.value)
    if isinstance(pattern, cst.MatchValue):
        value = pattern.value
        named = isinstance(value, cst.SimpleString) and string_of(value) is not None
        return [value] if named and isinstance(value, cst.SimpleString) else []
    if isinstance(pattern, cst.MatchAs) and pattern.pattern:
        return tags_of(pattern.pattern)
    if isinstance(pattern, cst.MatchOr):
        return [tag for option in pattern.patterns for tag in tags_of(option.pattern)]
    return []


def level_of(role: Role | None) -> Applicability:
    """How certain it is that something is a legacy event."""
    return role.level if role else Applicability.REVIEW


def below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """`node` and everything in it."""
    from migrator.languages.python import children

    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += children(current)
