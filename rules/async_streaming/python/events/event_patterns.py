"""Events and their tags in the patterns of `match`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.rewrite import whole

from ..flow.event_tags import names_of, tags_in
from ..flow.matched import asks, is_event_pattern, matched_by, takes_pairs
from ..flow.shapes import CHUNK, LEGACY_TAGS, string_of, tags_of
from . import event_edits
from .places import BY_NAME, Test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..flow.subjects import Key
    from ..moves.role import Role
    from .places import Places

# What stands between a pattern and its case where the case takes all that the pattern does.
_ONE_OF = (cst.MatchAs, cst.MatchOr, cst.MatchOrElement)
_PUT_TOGETHER = "what is matched is put together here, of parts that are not followed"


class Patterns:
    """Finds the patterns that events are matched with in one file."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.meaning = places.meaning
        self.tree = places.tree
        self.source = places.source
        self.subjects = places.subjects
        # The tags of which the cases of a `match` that were looked at leave nothing.
        self._taken: dict[tuple[cst.Match, Key], set[str]] = {}

    def of_pattern(self, pattern: cst.MatchSequence) -> None:
        """`case ("chunk", text):`, also among other things."""
        if not takes_pairs(pattern):
            return
        first, second = pattern.patterns[:2]
        if isinstance(first, cst.MatchStar):
            return
        if len(pattern.patterns) > 2 and self._pattern_subject(pattern)[1] is None:
            return  # of what is not known for an event it may take more
        literals = tags_of(first)
        named = names_of(first)
        if not literals and not named:
            self._any_tag(pattern)
            return
        tags = {string_of(literal) or "" for literal in literals}
        legacy = tags & set(LEGACY_TAGS)
        match = self.tree.parents[self._case(pattern)]
        assert isinstance(match, cst.Match)
        mixed = self._mixed(match.subject) if is_event_pattern(self.tree, pattern) else None
        if mixed is not None:
            tag = mixed.elements[0].value
            if legacy and self.subjects.apart.tag(tag) is None:
                self.places.add(pattern, legacy, None, trouble=_PUT_TOGETHER)
            return
        key, role = self._pattern_subject(pattern)
        if named and key is not None and self._is_by_name(pattern, named, legacy, key):
            return
        if not literals:
            return
        place = self.places.add(pattern, legacy, role, key=key) if legacy else None
        if key is not None:
            case = self._case(pattern)
            holds: list[cst.CSTNode] = [case.body]
            if case.guard is not None:
                holds.append(case.guard)
            quote = literals[0].quote[0]
            fails = self._behind(pattern, case, key, tags) if _takes_all(second) else []
            test = Test(place, key, frozenset(tags), holds, quote, literals, fails)
            self.places.tests.append(test)
        if place is None:
            return
        for literal in literals:
            if string_of(literal) in LEGACY_TAGS:
                place.edits.append(event_edits.retagged(self.source, literal))
        if isinstance(second, cst.MatchStar):
            if second.name is not None:
                place.trouble = "the star would take the mapping instead of the text"
            return
        if _takes_nothing(second.value):
            return
        if legacy != tags:
            place.trouble = "the pattern also stands for events that are not the library's"
            return
        if isinstance(second.value, cst.MatchMapping):
            return
        quote = literals[0].quote[0]
        span = whole(self.tree, second.value)
        place.edits += event_edits.wrapped(self.source, span, f"{{{quote}content{quote}: ", "}")

    def _any_tag(self, pattern: cst.MatchSequence) -> None:
        """`case (kind, str(text))`: whatever the tag is, the text is asked to be one."""
        first, second = pattern.patterns[:2]
        if isinstance(first, cst.MatchStar) or isinstance(second, cst.MatchStar):
            return
        key, role = self._pattern_subject(pattern)
        if asks(second.value) and role is not None and role.legacy:
            place = self.places.add(pattern, {CHUNK}, role, key=key)
            if place is not None:
                span = whole(self.tree, second.value)
                place.edits += event_edits.wrapped(self.source, span, '{"content": ', "}")

    def of_match(self, node: cst.Match) -> None:
        """`match event[0]: case "chunk": ...`, by itself or beside other things in a tuple."""
        self._cases(node.subject, [(case.pattern, case) for case in node.cases])
        if (mixed := self._mixed(node.subject)) is not None:
            for index, element in enumerate(mixed.elements):
                self._cases(
                    element.value,
                    [
                        (one.value, case)
                        for case in node.cases
                        if isinstance(case.pattern, cst.MatchSequence)
                        for one in case.pattern.patterns[index : index + 1]
                        if isinstance(one, cst.MatchSequenceElement)
                    ],
                )

    def _cases(
        self,
        subject: cst.BaseExpression,
        cases: Sequence[tuple[cst.MatchPattern, cst.MatchCase]],
    ) -> None:
        key = self.subjects.apart.tag(subject)
        if key is None:
            return
        for pattern, case in cases:
            literals = tags_of(pattern)
            tags = {string_of(literal) or "" for literal in literals}
            legacy = tags & set(LEGACY_TAGS)
            named = names_of(pattern)
            if named and self._is_by_name(pattern, named, legacy, key):
                continue
            place = self.places.retagged(pattern, literals, key)
            if literals:
                quote = literals[0].quote[0]
                holds: list[cst.CSTNode] = [case.body]
                fails = self._behind(pattern, case, key, tags)
                test = Test(place, key, frozenset(tags), holds, quote, literals, fails)
                self.places.tests.append(test)

    def _is_by_name(
        self, node: cst.CSTNode, named: Sequence[cst.BaseExpression], legacy: set[str], key: Key
    ) -> bool:
        """Whether a pattern's tag is a constant by name, `Kind.CHUNK`, which is then reported."""
        role = self.subjects.role(key)
        hidden: set[str] = set()
        for one in named:
            hidden |= tags_in(self.meaning, one)[2]
        if not hidden and not (role is not None and role.legacy):
            return False
        self.places.add(node, hidden | legacy or {CHUNK}, role, trouble=BY_NAME, key=key)
        self.places.tests.append(Test(None, key, frozenset({"?"}), [], '"', []))
        return True

    def _case(self, pattern: cst.CSTNode) -> cst.MatchCase:
        return next(
            around for around in self.tree.ancestors(pattern) if isinstance(around, cst.MatchCase)
        )

    def _behind(
        self, pattern: cst.CSTNode, case: cst.MatchCase, key: Key, tags: set[str]
    ) -> list[cst.CSTNode]:
        """The cases behind `case`, which see nothing of what `pattern` alone decides it takes.

        None, where a case before it takes all of that already.
        """
        match = self.tree.parents[case]
        around = self.tree.parents[pattern]
        while isinstance(around, _ONE_OF):
            around = self.tree.parents[around]
        if case.guard is not None or around is not case or not isinstance(match, cst.Match):
            return []
        taken = self._taken.setdefault((match, key), set())
        if taken.issuperset(tags):
            return []
        taken |= tags
        return list(match.cases[list(match.cases).index(case) + 1 :])

    def _pattern_subject(self, pattern: cst.MatchSequence) -> tuple[Key | None, Role | None]:
        matched = matched_by(self.tree, pattern)
        key = self.subjects.event(matched) if matched is not None else None
        return key, self.subjects.role(key)

    def _mixed(self, subject: cst.BaseExpression) -> cst.Tuple | None:
        """The tuple of things that a `match` is on, where it is no event put together again."""
        if isinstance(subject, cst.Tuple):
            return subject if self.subjects.apart.rebuilt(subject) is None else None
        return self.subjects.apart.anew(self.subjects.event(subject))


def _takes_all(second: cst.MatchSequenceElement | cst.MatchStar) -> bool:
    """Whether the second of a pair that is matched may be any text."""
    if isinstance(second, cst.MatchStar):
        return True
    value = second.value
    if isinstance(value, cst.MatchClass):
        is_text = isinstance(value.cls, cst.Name) and value.cls.value == "str"
        return is_text and all(_takes_all(one) for one in value.patterns) and not value.kwds
    return isinstance(value, cst.MatchAs) and value.pattern is None


def _takes_nothing(pattern: cst.MatchPattern) -> bool:
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None and pattern.name is None
