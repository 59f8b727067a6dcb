"""Parts of events that functions give: `elem(event, 1)`, and what is looked up by a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Span
from migrator.helpers.elixir.calls import (
    all_arguments,
    arguments,
    atom_of,
    bare,
    is_local,
    is_piped_into,
    name_of,
    operator,
    receiver,
)
from migrator.helpers.elixir.patterns import DEFINITIONS

from ..reading.bindings import beside, binder
from ..reading.shapes import CHUNK, TAGS, Place, compared_with, element, function_around
from .apart import APART
from .asked import renamed, tag_of
from .texts import is_used_as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning
    from ..takers.legacy import Legacy
    from ..takers.roles import Roles
    from .asked import Asked
    from .current import Current

_BY_TAG = "the tag decides by way of a table or a name what is done"
_OF_PAIRS = {"Enum": frozenset({"unzip"}), "Map": frozenset({"new"})}
_AS_TEXT = "the tag becomes a text, and is another word now"
_TEXTS = ((None, "to_string"), ("Kernel", "to_string"), ("Atom", "to_string"))
_TWO_WAYS = "on another way it is no event, and its second no content"


class Elements:
    """The places of one file that ask whole events for their parts by functions."""

    def __init__(
        self, meaning: Meaning, roles: Roles, asked: Asked, legacy: Legacy, current: Current
    ) -> None:
        self.meaning = meaning
        self.path = meaning.source.path
        self.roles = roles
        self.asked = asked
        self.whole = legacy.whole
        self.kinds = legacy.kinds
        self.of_current = legacy.current
        self.current = current

    def by_index(self) -> Iterator[Place]:
        """`elem(event, 0) == :chunk`, and `elem(event, 1)` where the tag is asked for as well."""
        subjects: dict[tuple[Node | None, str], list[Node]] = {}
        tests = []
        for call in self.meaning.calls:
            if (subject := element(call, "0")) is not None:
                atoms = list(self.asked.of(call))
                if atoms and (role := self.roles.role_at(call)) is not None:
                    subjects.setdefault((function_around(call), subject), []).extend(atoms)
                    tests += [(atom, role) for atom in atoms]
        for atom, role in tests:
            tag = tag_of(atom)
            assert tag is not None
            level = min(role.level, Applicability.REVIEW)
            yield Place(atom, tag, level, role.reason, renamed(self.path, atom))
        for call in self.meaning.calls:
            subject = element(call, "1")
            role = self.roles.role_at(call) if subject is not None else None
            if subject is None or role is None or self.current.reads(call):
                continue
            event = all_arguments(call)[0]
            certain = self.whole.value(event)
            if certain is None:
                certain = self._left(call, event)
            tag = self._tag(event)
            asked = subjects.get((function_around(call), subject))
            if tag is None and asked:
                certain, tag = Applicability.REVIEW, _tag_by_test(call, asked)
            if certain is not None:
                place = Place(call, tag or CHUNK, min(role.level, certain), role.reason)
                if certain is Applicability.MANUAL:
                    place.trouble = _TWO_WAYS
                else:
                    self._ask_for_content(place)
                yield place

    def by_kind(self) -> Iterator[Place]:
        """Tags that are asked of what stands for that of an event: `kind = elem(event, 0)`."""
        for node in self.meaning.tree.of("binary_operator", "call", "identifier", "unary_operator"):
            for atom in self.asked.of(node) if element(node, "0") is None else ():
                role = self.roles.role_at(node) if self.kinds.value(node) is not None else None
                if role is not None and (tag := tag_of(atom)) is not None:
                    level = min(role.level, Applicability.REVIEW)
                    yield Place(atom, tag, level, role.reason, renamed(self.path, atom))

    def as_texts(self) -> Iterator[Place]:
        """`"#{elem(event, 0)}"`: the tag becomes a text, and is another word now.

        Where the text is compared, or the tag was taken by a name, it is told there.
        """
        for node in self.meaning.tree.of("call", "interpolation"):
            kind = self._made_text(node)
            if kind is None or self.kinds.value(kind) is None or any(compared_with(node)):
                continue
            named = binder(self.meaning.source, kind, kind.text)
            around = named.parent if named is not None else None
            role = self.roles.role_at(node)
            if role is not None and (around is None or around.kind != "tuple"):
                yield Place(kind, CHUNK, role.level, role.reason, trouble=_AS_TEXT)

    def _made_text(self, node: Node) -> Node | None:
        """What `node` makes a text of."""
        if node.kind == "interpolation":
            return next(iter(node.children), None)
        named = (self.meaning.names.name(receiver(node)), name_of(node))
        given = all_arguments(node)
        return given[0] if named in _TEXTS and len(given) == 1 else None

    def _left(self, call: Node, event: Node) -> Applicability | None:
        """How certain `call` takes the second of an event of the current API for its text."""
        if not is_used_as_text(self.meaning, call):
            return None
        level = self.of_current.value(event)
        return min(level, Applicability.REVIEW) if level is not None else None

    def _tag(self, event: Node) -> str | None:
        """The tag that an event has as it is written, or by what its name is matched to as well."""
        event = bare(event)
        found = [event]
        if event.kind == "identifier":
            pattern = binder(self.meaning.source, event, event.text)
            found = list(beside(pattern)) if pattern is not None else []
        tags = (atom_of(one.children[0]) for one in found if one.kind == "tuple" and one.children)
        return next((tag for tag in tags if tag in TAGS), None)

    def _ask_for_content(self, place: Place) -> None:
        end = place.node.span.end
        if not place.node.text.endswith(")"):
            place.trouble = "it is called without parentheses"
        elif is_piped_into(place.node):
            place.edits.append(Edit(self.path, Span(end, end), " |> Map.fetch!(:content)"))
        else:
            place.edits.append(Edit(self.path, Span(end - 1, end), ").content"))

    def otherwise(self) -> Iterator[Place]:
        """Events that are taken apart by other functions, and tags that are looked up."""
        for call in self.meaning.calls:
            if (event := self._taken(call)) is not None:
                trouble = APART
            elif element(call, "0") is not None and self._is_key(call):
                event, trouble = all_arguments(call)[0], _BY_TAG
            else:
                continue
            role = self.roles.role_at(call)
            if role is not None and self.whole.value(event) is not None:
                place = Place(call, CHUNK, role.level, role.reason)
                place.trouble = trouble
                yield place

    def of_lists(self) -> Iterator[Place]:
        """Lists of events of which functions of pairs take kinds and texts apart."""
        for call in self.meaning.tree.of("access_call", "call"):
            base = call.child("target") if call.kind == "access_call" else self._listed(call)
            if base is None or self.whole.items(base) is None:
                continue
            if (role := self.roles.role_at(call)) is not None:
                key = call.child("key")
                asked = (one for one in (key, *arguments(call)) if atom_of(one) in TAGS)
                node = next(asked, None) or call
                yield Place(node, CHUNK, role.level, role.reason, trouble=APART)

    def _listed(self, call: Node) -> Node | None:
        """The list that `call` takes for one of keys and values."""
        given, name = all_arguments(call), name_of(call) or ""
        module = self.meaning.names.name(receiver(call)) or ""
        if module == "Enum" and name == "into":
            return given[0] if [one.text for one in given[1:]] in (["%{}"], ["Map.new()"]) else None
        is_of_pairs = len(given) == 1 and name in _OF_PAIRS.get(module, ())
        return given[0] if given and (is_of_pairs or module == "Keyword") else None

    def _taken(self, call: Node) -> Node | None:
        """The tuple that `call` takes apart, or makes another one of."""
        on, given = receiver(call), all_arguments(call)
        if on is not None and on.text == ":erlang":
            return given[-1] if name_of(call) == "element" and given else None
        is_of_tuples = self.meaning.names.name(on) == "Tuple" or name_of(call) == "put_elem"
        return given[0] if is_of_tuples and given else None

    def _is_key(self, node: Node) -> bool:
        """Whether something is looked up by `node`, or a function is called by it."""
        parent = node.parent
        if parent is None:
            return False
        if parent.kind == "access_call":
            return parent.child("key") is node
        call = parent.parent if parent.kind == "arguments" else None
        if call is None or node is arguments(call)[0]:
            return False
        return self.meaning.names.name(receiver(call)) in ("Keyword", "Map") or is_local(
            call, "apply"
        )


def _tag_by_test(node: Node, asked: list[Node]) -> str | None:
    """The tag, of those that are `asked` for, that a condition around `node` proves."""
    is_otherwise = False
    for around in node.up():
        told = _condition(around)
        if told is not None and not told.span.start <= node.span.start < told.span.end:
            tags = {
                atom_of(tag)
                for tag in asked
                if told.span.start <= tag.span.start < told.span.end and not _is_denied(tag)
            }
            if len(tags) == 1 and not is_otherwise:
                return tags.pop()
            is_otherwise = False
        key = around.child("key") if around.kind == "pair" else None
        is_otherwise |= around.kind == "else_block" or (key is not None and "else:" in key.text)
    return None


def _condition(node: Node) -> Node | None:
    """What holds in the rest of `node`: a guard, the question of an `if`, the left of an `and`."""
    if is_local(node, *DEFINITIONS, "if"):
        return next(iter(arguments(node)), None)
    is_and = node.kind == "binary_operator" and operator(node) in ("and", "&&")
    return node.child("left") if is_and or node.kind == "stab_clause" else None


def _is_denied(tag: Node) -> bool:
    """Whether `tag` is what something is asked not to be."""
    around = next((one for one in tag.up() if one.kind == "binary_operator"), None)
    return around is not None and operator(around) in ("!=", "!==", "not in")
