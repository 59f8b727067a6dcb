"""What stays in a file though it is found, and what is found beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.engine.decisions import STAYS, is_left
from migrator.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from migrator.engine.checked import Directive
    from migrator.model import (
        Answer,
        Edit,
        Finding,
        Look,
        Source,
        Span,
    )


@dataclass(frozen=True)
class Staying:
    """What stays in a file though it is found: at the `places` of comments, or without a `yes`.

    `places` are as `places_of` has them. `yes` are the answers that let a fix be made, by rule and
    place; `None` where nobody was asked, and all are.
    """

    source: Source
    places: frozenset[tuple[str, int]]
    look: Look
    yes: Mapping[tuple[str, Span], Answer] | None

    def of(self, findings: Sequence[Finding]) -> list[Finding]:
        """Those of `findings` that stay."""
        suppressed = _at(self.places, findings, self.source)
        yes = self.yes
        if yes is None:
            return suppressed
        return [one for one in findings if one in suppressed or is_left(one, yes, self.look)]

    def within(
        self, staying: Iterable[Finding], findings: Iterable[Finding]
    ) -> dict[tuple[str, int], int]:
        """The rules, with their lines, of fixes that reach into what is suppressed, and its line.

        Advice has nothing to keep: what it is about moves beside it.
        """
        covered = [
            one for one in _at(self.places, staying, self.source) if one.severity is Severity.ERROR
        ]
        return {
            at: self.source.position(around.span.start).line
            for one in findings
            for around in covered
            if any(_reaches(edit, around.span) for edit in _edits(one))
            for at in lines_of((one,), self.source) - lines_of(covered, self.source)
        }

    def without(
        self, findings: Iterable[Finding], within: Mapping[tuple[str, int], int]
    ) -> list[Finding]:
        """`findings`, of which those `within` something that is suppressed have no fix."""
        left = []
        for one in findings:
            (at,) = lines_of((one,), self.source)
            if at in within and one.severity is Severity.ERROR:
                reason = f"it reaches into what is suppressed at line {within[at]}, and stays too"
                one = one._replace(evidence=(*one.evidence, reason), fix=None)
            left.append(one)
        return left


def places_of(said: Iterable[Directive]) -> frozenset[tuple[str, int]]:
    """The rules that are to be suppressed with their lines, line 0 for the whole file."""
    return frozenset(
        (rule, line)
        for one in said
        for rule, _ in one.ids
        for line in (range(one.lines[0], one.lines[1] + 1) if one.lines else (0,))
    )


def _at(
    places: frozenset[tuple[str, int]], findings: Iterable[Finding], source: Source
) -> list[Finding]:
    """Those `findings` that stand at `places`, which are as `places_of` has them."""
    return [
        one
        for one in findings
        if not places.isdisjoint({(one.rule, source.position(one.span.start).line), (one.rule, 0)})
    ]


def lines_of(findings: Iterable[Finding], source: Source) -> frozenset[tuple[str, int]]:
    """The rule and the line of each of `findings`."""
    return frozenset((one.rule, source.position(one.span.start).line) for one in findings)


def beside(
    findings: Sequence[Finding], again: Sequence[Finding], suppressed: Sequence[Finding]
) -> list[Finding]:
    """`findings` of a file, with the fixes that they have in `again`, beside what is suppressed.

    What is no longer found `again` stays with what is suppressed and has no fix, and neither has
    what shares an edit with it. Where another rule, suppressed, finds that place then, it is that.
    """
    gone = {_known_by(one) for one in suppressed}
    held = {edit for one in again if _known_by(one) in gone for edit in _edits(one)}
    left = {key: one for one in again if (key := _known_by(one)) not in gone}
    known = {_known_by(one) for one in findings}
    others = {one.span for one in suppressed if _known_by(one) not in known}
    active = [
        left.pop(key) if key in left else _stays(one)
        for one in findings
        if (key := _known_by(one)) not in gone and (key in left or one.span not in others)
    ]
    active += left.values()
    while touched := [one for one in active if not held.isdisjoint(_edits(one))]:
        held.update(edit for one in touched for edit in _edits(one))
        active = [_stays(one) if one in touched else one for one in active]
    return [*suppressed, *active]


def _known_by(finding: Finding) -> tuple[str, Span, Severity]:
    """What tells a finding in another look: one place may have an error of a rule and an advice."""
    return finding.rule, finding.span, finding.severity


def _reaches(edit: Edit, span: Span) -> bool:
    """Whether an edit changes something in `span`, and not only at its ends."""
    return edit.span.start < span.end and span.start < edit.span.end


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix else ()


def _stays(finding: Finding) -> Finding:
    return finding._replace(evidence=(*finding.evidence, STAYS), fix=None)
