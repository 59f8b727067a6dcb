"""What a worker runs: one file in, findings and facts out; nothing is read or written here."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.engine.checked import CRASHED, Checked
from migrator.engine.concerns import Concerns
from migrator.engine.decisions import decided, made
from migrator.engine.directives import directives, is_within
from migrator.engine.locate import locate, scopes_at
from migrator.engine.sources import Sources, digest, read
from migrator.engine.staying import Staying, beside, lines_of, places_of
from migrator.engine.times import PARSING
from migrator.errors import NotAnalysedError
from migrator.languages import language
from migrator.model import (
    Applicability,
    Fact,
    Finding,
    Look,
    Paths,
    Severity,
    Source,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.model import Located, Rule

_MAX_REASON = 200


def check(
    path: str,
    data: bytes,
    name: str,
    rules: Sequence[Rule],
    look: Look,
    *,
    sources: Sources | None = None,
    teach: bool = False,
) -> Checked:
    """Look at one file with every rule of its language; with `teach`, perhaps once more."""
    sources = sources or Sources()
    told = look.within(path)
    paths = Paths(frozenset(look.paths))
    look = replace(told, paths=paths)
    begun = time.process_time()
    try:
        source = sources.parsed(path, data, name)
    except NotAnalysedError as error:
        return Checked(path, reason=str(error), digest=digest(data))
    except MemoryError:
        raise
    except Exception as error:
        return Checked(path, reason=f"makes its parser fail ({type(error).__name__}: {error})")
    spent = {PARSING: time.process_time() - begun}
    named = [rule for rule in rules if rule.language == name]
    checked = replace(_checked(source, named, look, spent), digest=digest(data))
    if teach:
        learnt = [fact for rule in rules if rule.learn for fact in rule.learn(checked.facts, told)]
        known = look.known | Concerns(learnt).of(path, data, name)
        if known != look.known:
            again = _checked(source, named, replace(look, known=known), {})
            again = replace(again, digest=checked.digest, asked=paths.asked)
            checked = replace(checked, again=(known, again))
    sources.close()
    return replace(checked, asked=paths.asked)


def _checked(source: Source, rules: Sequence[Rule], look: Look, spent: dict[str, float]) -> Checked:
    gaps = tuple(
        (source.text[gap.span.start : gap.span.end].encode(), gap.reason)
        for gap in language(source.language).gaps(source)
    )
    findings, facts = _looked(source, rules, look, spent)
    said = directives(source)
    yes = None if look.answers is None else made(_located(findings, source), source, look)
    if said or yes is not None:
        stays = Staying(source, places_of(said), look, yes)
        findings, facts = _beside(source, rules, look, stays, (findings, facts), spent)
        findings = [one for one in findings if not is_within(one, said)]
    if yes is not None:
        findings = decided(_located(findings, source), yes, source, look)
    places = {one.span.start for one in findings}
    places.update(one.span.start for one in facts if one.span is not None)
    scopes = scopes_at(places, source)
    located = tuple(locate(one, source, scopes) for one in findings)
    return Checked(
        source.path,
        located,
        tuple(facts),
        gaps=gaps,
        directives=said,
        scopes=scopes,
        spent=spent,
    )


def _located(findings: Sequence[Finding], source: Source) -> list[Located]:
    scopes = scopes_at({one.span.start for one in findings}, source)
    return [locate(one, source, scopes) for one in findings]


def _beside(
    source: Source,
    rules: Sequence[Rule],
    look: Look,
    stays: Staying,
    first: tuple[list[Finding], list[Fact]],
    spent: dict[str, float],
) -> tuple[list[Finding], list[Fact]]:
    """What there is to find beside what stays, which is found as well.

    What is left may depend on what stays, so rules look again; and that may show more to stay.
    """
    findings, facts = first
    again = findings
    staying = stays.of(findings)
    # What is found at a line may depend on what is to stay there.
    held: frozenset[tuple[str, int]] = frozenset()
    # What rules make of it beside that alone may reach into it still.
    within: dict[tuple[str, int], int] = {}
    while (now := stays.places | lines_of(staying, source) | frozenset(within)) != held:
        held = now
        source.forget_looks()
        again, facts = _looked(source, rules, replace(look, kept=held), spent)
        known = {(one.rule, one.span) for one in staying}
        more = stays.of(again)
        staying += [one for one in more if (one.rule, one.span) not in known]
        within = {**stays.within(staying, again), **within}
    if held:
        findings = beside(findings, again, staying)
    return stays.without(findings, within), facts


def _looked(
    source: Source, rules: Sequence[Rule], look: Look, spent: dict[str, float]
) -> tuple[list[Finding], list[Fact]]:
    """What `look_at` sees; findings for review with the edits that `--unsafe` would make."""
    findings, facts = look_at(source, rules, look, spent)
    if look.level > Applicability.REVIEW and any(
        finding.applicability is Applicability.REVIEW for finding in findings
    ):
        # What `--unsafe` would do to a place depends on all that it does, so look once more.
        unsafe, _ = look_at(source, rules, replace(look, level=Applicability.REVIEW), spent)
        wider = {(one.rule, one.span): one for one in unsafe if one.fix}
        findings = [
            wider.get((one.rule, one.span), one)
            if one.applicability is Applicability.REVIEW
            else one
            for one in findings
        ]
    return findings, facts


def names_at(path: str, data: bytes, name: str, line: int) -> Checked:
    """What the names on one line of a file stand for."""
    from migrator.engine.meanings import meanings

    try:
        return Checked(path, names=tuple(meanings(read(path, data, name), line)))
    except NotAnalysedError as error:
        return Checked(path, reason=str(error))


def look_at(
    source: Source, rules: Sequence[Rule], look: Look, spent: dict[str, float]
) -> tuple[list[Finding], list[Fact]]:
    """The findings and facts of `rules`; a rule that raises is a finding itself.

    `spent` counts how long each takes, in seconds of a processor.
    """
    findings: list[Finding] = []
    facts: list[Fact] = []
    for rule in rules:
        begun = time.process_time()
        try:
            for seen in rule.check(source, look):
                if isinstance(seen, Fact):
                    facts.append(seen)
                else:
                    findings.append(seen)
        except Exception as error:
            # The text of an error may be a whole tree.
            from textwrap import shorten

            why = shorten(f"{type(error).__name__}: {error}", _MAX_REASON, placeholder=" ...")
            message = (
                f"the rule `{rule.id}` failed on this file ({why}); "
                "what it would have found is unknown"
            )
            findings.append(
                Finding(CRASHED, source.path, Span(0, 0), Severity.ERROR, message, (rule.pack,))
            )
        spent[rule.id] = spent.get(rule.id, 0.0) + time.process_time() - begun
    return findings, facts
