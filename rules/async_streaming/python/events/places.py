"""The places of a file that speak of legacy events, as they are found, with their edits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Edit

from ..flow.anew import is_at_times_anew
from ..flow.other_pairs import is_another
from ..flow.shapes import LEGACY_TAGS, string_of
from . import event_edits
from .text_reads import TWO_WAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..flow.subjects import Key, Subjects
    from ..moves.role import Role, Roles
    from ..reading.meaning import Meaning

NO_QUOTES = "no quotes are left for the key inside this f-string"
BY_NAME = "the tag is compared with a name: change what the name stands for"


@dataclass(eq=False)
class Place:
    """One place that speaks of legacy events, of one tag or both."""

    node: cst.CSTNode
    tags: frozenset[str]
    level: Applicability
    role: Role | None
    edits: list[Edit] = field(default_factory=list)
    trouble: str = ""
    key: Key | None = None

    def take(self, edits: Edit | Sequence[Edit] | None) -> None:
        """Add `edits`; without any, the place is one for a person."""
        if edits is None:
            self.trouble = NO_QUOTES
        else:
            self.edits += [edits] if isinstance(edits, Edit) else edits


@dataclass(eq=False)
class Test:
    """A comparison of an event's tag, or a case, and the code that runs where it holds.

    `excluded` is the code that runs only where it does not hold.
    """

    place: Place | None
    key: Key
    tags: frozenset[str]
    regions: list[cst.CSTNode]
    quote: str
    literals: list[cst.SimpleString]
    excluded: list[cst.CSTNode] = field(default_factory=list)


class Places:
    """What was found in a file: the `found` places, the `tests`, and the displays that are settled.

    `concerned` says why a file that nothing proves to take events may speak of them, if it may.
    """

    def __init__(
        self, meaning: Meaning, roles: Roles, subjects: Subjects, concerned: str | None
    ) -> None:
        self.meaning = meaning
        self.tree = meaning.tree
        self.source = meaning.source
        self.roles = roles
        self.subjects = subjects
        self.concerned = concerned
        self.found: list[Place] = []
        self.tests: list[Test] = []
        self.settled: set[cst.CSTNode] = set()

    def _level(self, role: Role | None) -> Applicability | None:
        """How certain it is that this is an event; `None`: it has nothing to do with them."""
        if role is not None:
            return min(role.level, Applicability.REVIEW) if role.recorded else role.level
        return Applicability.REVIEW if self.concerned else None

    def add(
        self,
        node: cst.CSTNode,
        tags: Iterable[str],
        role: Role | None,
        *,
        trouble: str = "",
        key: Key | None = None,
        level: Applicability | None = None,
    ) -> Place | None:
        """One more place that speaks of events with these legacy `tags`; `None` if it does not.

        With `trouble`, it is one for a person, and that says why.
        """
        found = self._level(role) if level is None else level
        if found is None:
            return None
        if role is None and key is not None:
            if is_another(self.meaning, key):
                return None
            if not trouble and is_at_times_anew(self.subjects, key):
                trouble = TWO_WAYS
        if role is not None and role.kept and not trouble:
            trouble = role.kept
        place = Place(node, frozenset(tags), found, role, trouble=trouble, key=key)
        self.found.append(place)
        return place

    def retagged(
        self, node: cst.CSTNode, literals: Sequence[cst.SimpleString], key: Key | None
    ) -> Place | None:
        """The place at `node`, at which those of `literals` that are legacy tags change alone."""
        return self.retagged_in(node, literals, self.subjects.role(key), key)

    def retagged_in(
        self,
        node: cst.CSTNode,
        literals: Sequence[cst.SimpleString],
        role: Role | None,
        key: Key | None = None,
    ) -> Place | None:
        """The same where the role of the event is known."""
        tags = {string_of(literal) or "" for literal in literals} & set(LEGACY_TAGS)
        place = self.add(node, tags, role, key=key) if tags else None
        if place is not None:
            place.edits += [
                event_edits.retagged(self.source, literal)
                for literal in literals
                if string_of(literal) in LEGACY_TAGS
            ]
        return place

    def current(
        self, display: cst.Tuple | cst.List, tag: cst.SimpleString
    ) -> Sequence[Edit] | None:
        """The edits that make a written event one of now, if there are any."""
        return event_edits.written(self.source, display, tag, display.elements[1].value)

    def is_hashed(self, display: cst.Tuple | cst.List) -> bool:
        """Whether a written event is the key of a dict or in a set."""
        parent = self.tree.parents[display]
        if isinstance(parent, cst.DictElement):
            return parent.key is display
        return isinstance(parent, cst.Element) and isinstance(self.tree.parents[parent], cst.Set)
