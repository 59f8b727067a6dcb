"""What stands for an event as a whole, and what for its tag alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import all_arguments, atom_of, operator

from ..reading.bindings import beside, binder
from ..reading.context import below
from ..reading.shapes import TAGS, element
from .flow import REVIEW, Flow, is_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from migrator import Applicability
    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning

_NUMBERS = frozenset({"float", "integer"})
_TAGS = frozenset({*TAGS, *(tag.removeprefix(":") for tag in TAGS.values())})


class Whole(Flow):
    """The whole events; `written` tells how certain a tuple with the tag of one is an event."""

    follows_facts = True

    def __init__(
        self,
        meaning: Meaning,
        taken: Mapping[Node, frozenset[int]],
        lists: Mapping[Node, frozenset[int]],
        written: Callable[[Node], Applicability | None],
    ) -> None:
        super().__init__(meaning, taken, lists)
        self._written = written

    def source(self, node: Node) -> Applicability | None:
        """An event as it is written, or put together again of the parts that it was taken into."""
        if tag_of(node) in _TAGS:
            return self._written(node)
        pattern = taken_from(self.meaning, node)
        return self.of_pattern(pattern) if pattern is not None else None

    def source_of(self, pattern: Node) -> Applicability | None:
        """`event` of `{:chunk, _} = event`."""
        tagged = next((one for one in beside(pattern) if tag_of(one) in TAGS), None)
        return self._written(tagged) if tagged is not None else None

    def can_be(self, pattern: Node) -> bool:
        """By the size and the tag of what stands beside it."""
        return all(map(_may_be_event, beside(pattern)))

    def made_of(self, node: Node, name: str) -> Applicability | None:
        """`event = tidy(event)`, of which nobody knows what is done."""
        if node.kind not in ("binary_operator", "call"):
            return None
        made = (one for one in below(node) if is_name(one) and one.text == name)
        return REVIEW if any(self.value(one) is not None for one in made) else None


class Kinds(Flow):
    """The tags of the events of `whole`, apart from them."""

    def __init__(self, whole: Whole) -> None:
        super().__init__(whole.meaning, {}, {})
        self.whole = whole

    def source(self, node: Node) -> Applicability | None:
        """`elem(event, 0)`."""
        if element(node, "0") is None:
            return None
        call = node.child("right") if operator(node) == "|>" else node
        return self.whole.value(all_arguments(call)[0]) if call is not None else None

    def source_of(self, pattern: Node) -> Applicability | None:
        """`kind` of `{kind, text} = event`."""
        around = pattern.parent
        is_pair = around is not None and around.kind == "tuple" and len(around.children) == 2
        if around is None or not is_pair or around.children[0] is not pattern:
            return None
        return self.whole.of_pattern(around)

    def can_be(self, pattern: Node) -> bool:
        """Whatever is matched to one."""
        return True

    def made_of(self, node: Node, name: str) -> Applicability | None:
        """Nothing that is made of a tag is one."""
        return None


class Made(Flow):
    """Pairs that are put together with one of the `kinds`, and a text of their own, or `one`."""

    def __init__(self, kinds: Kinds, one: Node | None = None) -> None:
        super().__init__(kinds.meaning, {}, {})
        self.kinds = kinds
        self.one = one

    def source(self, node: Node) -> Applicability | None:
        """`{elem(event, 0), "new"}`."""
        if node.kind != "tuple" or len(node.children) != 2 or node.children[1].kind in _NUMBERS:
            return None
        if taken_from(self.meaning, node) is not None or self.one not in (None, node):
            return None
        return self.kinds.value(node.children[0])

    def source_of(self, pattern: Node) -> Applicability | None:
        """Nothing around a name tells."""
        return None

    def can_be(self, pattern: Node) -> bool:
        """Whatever is matched to one."""
        return True

    def made_of(self, node: Node, name: str) -> Applicability | None:
        """Nothing that is made of one is."""
        return None


def taken_from(meaning: Meaning, node: Node) -> Node | None:
    """The tuple in a pattern that gives all of the names in the tuple of two `node`, in order."""
    if node.kind != "tuple" or any(one.kind != "identifier" for one in node.children):
        return None
    bound = [binder(meaning.source, one, one.text) for one in node.children]
    around = bound[0].parent if bound and bound[0] is not None else None
    if len(bound) != 2 or around is None or around.kind != "tuple":
        return None
    return around if around.children == bound else None


def tag_of(node: Node) -> str | None:
    """The tag that the tuple of two `node` has, written as an atom."""
    is_pair = node.kind == "tuple" and len(node.children) == 2
    return atom_of(node.children[0]) if is_pair else None


def _may_be_event(pattern: Node) -> bool:
    """Whether an event can match `pattern`, by its size and its tag."""
    if pattern.kind in ("list", "map", "struct"):
        return False
    if pattern.kind != "tuple":
        return True
    tag = atom_of(pattern.children[0]) if pattern.children else None
    return len(pattern.children) == 2 and (tag is None or tag in _TAGS)
