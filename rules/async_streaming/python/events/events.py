"""The places that read or write legacy events, each with the edits that move it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact, Finding, Fix, Look, Severity, Source
from migrator.helpers.python.rewrite import whole

from ..._said import at_lines, is_current, places, said_beside
from ..flow import far_instances, far_makers
from ..flow.roles import as_legacy, roles
from ..flow.shapes import ALL_TAGS, CHUNK, COMPLETE
from ..flow.subjects import Subjects
from ..handlers.concerned import concerned, names_handler
from ..reading.far_classes import given_far
from ..reading.instances import is_told
from ..reading.meaning import meaning_of, once
from . import named_tags
from .dispatch import far_tables
from .event_comparisons import Comparisons
from .event_patterns import Patterns
from .event_reads import Reads
from .event_types import find_types
from .event_writes import Writes
from .kept_events import facts, facts_of_written, held_by, is_unproven
from .kept_lines import left_at
from .named_tags import NamedTags
from .passing import taken_apart
from .places import Places
from .text_reads import TextReads

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from .places import Place

_RULES = {CHUNK: "event-shape", COMPLETE: "last-event"}
_SHAPES = {
    CHUNK: '`("chunk", text)` is now `("delta", {"content": text})`',
    COMPLETE: '`("complete", text)` is now `("done", {"content": text, "tokens": ..., '
    '"finish_reason": ...})`',
}
_ADVICE = "a last event now brings `tokens` and `finish_reason` beside its content"

_LEFT = "what stays of a legacy event here, beside what has moved"


def findings(source: Source, look: Look, rule: str) -> Iterator[Finding]:
    """What `rule` (`event-shape` or `last-event`) finds in `source`."""
    for finding in once(_findings, source, look):
        if finding.rule == rule:
            yield finding


def kept(source: Source, look: Look) -> Iterator[Fact]:
    """What `source` tells other files of the events that it keeps, and of those it hands on."""
    subjects = _subjects(source, look)
    yield from subjects.recorded.facts()
    yield from subjects.parts_handed.facts()
    yield from subjects.far.facts(subjects)
    yield from far_makers.facts(subjects)
    yield from far_instances.facts(subjects)
    yield from named_tags.facts(subjects)
    for table in sorted(set(far_tables(subjects))):
        yield Fact("wanted", table, None, source.path)
    suppressed = once(_suppressed, source, look)
    for place in suppressed:
        yield from facts(subjects.meaning, place, subjects.functions())
    if (unproven := next(filter(is_unproven, suppressed), None)) is not None:
        yield from facts_of_written(subjects, held_by(subjects.meaning, unproven))


def _suppressed(source: Source, look: Look) -> Sequence[Place]:
    """The places that are to stay, and would move by themselves."""
    meaning = meaning_of(source, look)
    lines = {one for one in look.kept if one[0] in _RULES.values()}
    if meaning.is_library or not lines:
        return ()
    found, reason = roles(source, look), concerned(meaning)
    suppressed: list[Place] = []
    # As in what is found, what is left beside what has moved is seen by that it was legacy.
    for seen in (found, as_legacy(found)):
        places = Places(meaning, seen, Subjects(meaning, seen, ALL_TAGS), reason)
        _look(places)
        more = [(one, at) for one in places.found for at in _suppressed_at(places, one, lines)]
        suppressed += [one for one, _ in more]
        lines -= {left for _, at in more for left in (at, (at[0], 0))}
        if not lines:
            break
    return suppressed


def _suppressed_at(
    places: Places, place: Place, lines: Collection[tuple[str, int]]
) -> set[tuple[str, int]]:
    """The rules by which `place` is to be left, each with its line, where it would move."""
    role, line = place.role, places.source.position(whole(places.tree, place.node).start).line
    kept = role.kept if role is not None else ""
    if (role is not None and not role.legacy) or place.trouble not in ("", kept):
        return set()
    if not place.edits and kept != held_by(places.meaning, place):
        return set()
    look = places.meaning.look
    return {
        (rule, line)
        for rule in (_RULES[tag] for tag in place.tags)
        if look.applies(rule, place.level)
        and ((rule, line) in lines or ((rule, 0) in lines and not is_current(places.source, line)))
    }


def _subjects(source: Source, look: Look) -> Subjects:
    return once(_made_subjects, source, look)


def _made_subjects(source: Source, look: Look) -> Subjects:
    return Subjects(meaning_of(source, look), roles(source, look))


def _findings(source: Source, look: Look) -> Sequence[Finding]:
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return ()
    found = roles(source, look)
    reason = concerned(meaning)
    subjects = _subjects(source, look)
    by_others = subjects.far.is_told or subjects.made or next(given_far(meaning), None) is not None
    by_others = by_others or is_told(meaning)
    if not (found.params or reason or subjects.parts or by_others or names_handler(meaning)):
        return ()
    suppressed = next(filter(is_unproven, once(_suppressed, source, look)), None)
    stays = held_by(meaning, suppressed) if suppressed is not None else ""
    seen = _seen(Places(meaning, found, subjects, reason), stays)
    lines = said_beside(source, look, seen)
    if lines:
        found = as_legacy(found)
        subjects = Subjects(meaning, found, ALL_TAGS)
        seen += at_lines(source, _seen(Places(meaning, found, subjects, reason), stays), lines)
        for rule, node in left_at(subjects, lines, places(source, seen)):
            span = whole(meaning.tree, node)
            seen.append(Finding(rule, source.path, span, Severity.ERROR, _LEFT))
    return seen


def _seen(places: Places, stays: str) -> list[Finding]:
    """What is found; why one of the events stays that nothing proves, if it does, others do."""
    _look(places)
    for place in filter(is_unproven, places.found) if stays else ():
        place.trouble = place.trouble or stays
    return [*(one for place in places.found for one in _of(places, place)), *_advice(places)]


def _look(places: Places) -> None:
    """Find all places; what is read is asked about when all tests of tags are known."""
    comparisons, patterns, writes = Comparisons(places), Patterns(places), Writes(places)
    kinds = cst.Comparison, cst.MatchSequence, cst.Match, cst.Call, cst.Subscript
    for node in places.tree.of(*kinds):  # type: ignore[type-abstract]
        if isinstance(node, (cst.Call, cst.Subscript)):
            comparisons.asked(node)
        if isinstance(node, (cst.Call, cst.Comparison)):
            comparisons.compared(node)
        elif isinstance(node, cst.MatchSequence):
            patterns.of_pattern(node)
        elif isinstance(node, cst.Match):
            patterns.of_match(node)
    NamedTags(places).find()
    find_types(places)
    for node in places.tree.of(cst.Tuple, cst.List, cst.Call):
        if isinstance(node, cst.Call):
            writes.of_call(node)
        elif isinstance(node, (cst.Tuple, cst.List)):
            writes.of_display(node)
    subjects = places.subjects
    reads, texts = Reads(places), TextReads(subjects)
    for key in subjects.apart.tagged():
        texts.subject(key)  # the tag may be all that is asked of an event
    for subject in list(texts.by_key.values()):
        reads.of(subject)
    for param, role in places.roles.starred.items():
        if role.legacy:
            trouble = "the event comes among other arguments"
            places.add(param, {CHUNK}, role, trouble=trouble)
    for node, role, trouble in taken_apart(places.meaning, subjects, places.roles):
        places.add(node, {CHUNK}, role, trouble=trouble)
    for node, role, trouble in subjects.recorded.taken_apart():
        places.add(node, {CHUNK}, role, trouble=trouble)


def _of(places: Places, place: Place) -> Iterator[Finding]:
    span = whole(places.tree, place.node)
    evidence = place.role.reason if place.role else places.concerned or ""
    for tag in sorted(place.tags):
        message = _SHAPES[tag]
        fix = None
        if place.trouble:
            message = f"{message}; by hand here: {place.trouble}"
        else:
            edits = tuple(dict.fromkeys(place.edits))
            fix = Fix(message, edits, place.level)
        yield Finding(
            _RULES[tag], places.source.path, span, Severity.ERROR, message, (evidence,), fix
        )


def _advice(places: Places) -> Iterator[Finding]:
    told: set[cst.CSTNode] = set()
    for place in sorted(places.found, key=lambda place: places.tree.spans[place.node]):
        function = _handler_around(places, place)
        if (
            COMPLETE in place.tags
            and not place.trouble
            and function is not None
            and function not in told
        ):
            told.add(function)
            span = whole(places.tree, place.node)
            evidence = place.role.reason if place.role else ""
            yield Finding(
                "last-event", places.source.path, span, Severity.ADVICE, _ADVICE, (evidence,)
            )


def _handler_around(places: Places, place: Place) -> cst.CSTNode | None:
    if place.role is None or place.role.handed or isinstance(place.node, cst.Tuple):
        return None
    for around in places.tree.ancestors(place.node):
        if around in places.roles.functions:
            return around
    return None
