"""Reads of the text of an event, below the tests of its tag or without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability

from ..flow.shapes import CHUNK, CURRENT_TAGS, LEGACY_TAGS
from . import event_edits
from .dispatch import choice
from .text_reads import TWO_WAYS
from .text_uses import is_text

if TYPE_CHECKING:
    import libcst as cst

    from .places import Place, Places, Test
    from .text_reads import Subject


_TOGETHER = "something else that is done with these events is for a person, and this goes with it"


class Reads:
    """Has the tests of one file, all of which were found, change what is read where they hold."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.meaning = places.meaning
        self.tree = places.tree
        self.source = places.source
        self.subjects = places.subjects
        self._regions: dict[cst.CSTNode, list[Test]] = {}
        self._excluded: dict[cst.CSTNode, list[Test]] = {}
        for test in places.tests:
            for region in test.regions:
                self._regions.setdefault(region, []).append(test)
            for region in test.excluded:
                self._excluded.setdefault(region, []).append(test)

    def of(self, subject: Subject) -> None:
        """Change what is read of one event, or say why that is for a person."""
        tests = [test for test in self.places.tests if test.key == subject.key]
        places = [test.place for test in tests if test.place is not None]
        role = subject.role
        if role is None and not places:
            if subject.data and (mixed := self.subjects.role_at_times(subject.key)) is not None:
                self.places.add(subject.data[0], {CHUNK}, mixed, trouble=TWO_WAYS, key=subject.key)
            return
        others = any(test.tags - set(LEGACY_TAGS) - CURRENT_TAGS for test in tests)
        current = any(test.tags & CURRENT_TAGS for test in tests)
        is_legacy = bool(places) or (role is not None and role.legacy)
        data = [read for read in subject.data if not self._is_of_others(read, subject)]
        # Where the text is not read, a table that is asked with the tag may count events.
        is_met = is_legacy and bool(data)
        chosen = choice(self.meaning, self.subjects, subject, is_legacy=is_met)
        untested: list[cst.BaseExpression] = []
        for read in sorted(data, key=lambda node: self.tree.spans[node]):
            guards = self._guards(read, subject)
            if not guards:
                untested.append(read)
            for test in guards:
                if test.place is None:
                    continue
                if test.tags - set(LEGACY_TAGS):
                    test.place.trouble = "the same read serves events that are not the library's"
                else:
                    # All that ask for this read have to change it alike.
                    test.place.take(event_edits.read(self.source, read, guards[0].quote))
        is_broken = False
        for node, why in subject.broken.items():
            guards = self._guards(node, subject)
            is_broken = is_broken or not guards
            for place in [test.place for test in guards if test.place] or places:
                place.trouble = why
            if not places and role is not None and role.legacy:
                self.places.add(node, {CHUNK}, role, trouble=why)
                break
        if chosen is not None and not is_broken:
            trouble = "a table, a name, its letters or other code decide by the tag what is done"
            self.places.add(chosen.node, chosen.tags, role, trouble=trouble)
        is_unknown = any("?" in test.tags for test in tests)  # reported where it is compared
        if is_broken or chosen is not None or is_unknown:
            # What is read of events that are kept stands anywhere, and beside what moves it
            # would not be seen to have stayed.
            moves = any(place.edits and not place.trouble for place in places)
            if (moves or subject.key[0] == "kept") and role is not None and role.legacy:
                told = {self._line(one.node) for one in self.places.found if one.trouble}
                for read in [one for one in untested if self._line(one) not in told]:
                    self.places.add(read, {CHUNK}, role, trouble=_TOGETHER, key=subject.key)
            return
        if untested and not current and (is_legacy or self._are_texts(untested)):
            self._untested(subject, untested, places, others=others)

    def _line(self, node: cst.CSTNode) -> int:
        return self.source.position(self.tree.spans[node].start).line

    def _are_texts(self, reads: list[cst.BaseExpression]) -> bool:
        """Whether `reads`, of what would be an event of now, have stayed reads of a text."""
        return any(is_text(self.tree, read) for read in reads)

    def _untested(
        self,
        subject: Subject,
        reads: list[cst.BaseExpression],
        places: list[Place],
        *,
        others: bool,
    ) -> None:
        role = subject.role
        if others:
            trouble = "the event may also be one that is not the library's"
            self.places.add(reads[0], {CHUNK}, role, trouble=trouble, key=subject.key)
            return
        # Beside a test that is for review a read is that too: either is wrong without the other.
        if role is not None and not (places and role.recorded):
            level = role.level if role.legacy else Applicability.REVIEW
            place = self.places.add(reads[0], {CHUNK}, role, key=subject.key, level=level)
            places = [place] if place else []
        for place in places:
            for read in reads:
                place.take(event_edits.read(self.source, read, '"'))

    def _is_of_others(self, node: cst.CSTNode, subject: Subject) -> bool:
        """Whether `node` runs only where the event is none of the library's: behind all tests."""
        excluded = {
            tag
            for around in (node, *self.tree.ancestors(node))
            for test in self._excluded.get(around, ())
            if test.key == subject.key
            for tag in test.tags
        }
        return excluded.issuperset(LEGACY_TAGS)

    def _guards(self, node: cst.CSTNode, subject: Subject) -> list[Test]:
        """The tests of the innermost code around `node` that runs only where they hold."""
        for around in (node, *self.tree.ancestors(node)):
            found = [test for test in self._regions.get(around, ()) if test.key == subject.key]
            if found:
                return found
        return []
