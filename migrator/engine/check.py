"""What a worker runs: one file in, findings and facts out; nothing is read or written here."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from migrator.engine.concerns import Concerns
from migrator.engine.decisions import decided, is_left, made
from migrator.engine.locate import locate, scopes_at
from migrator.engine.suppress import Directive, at, beside, directives, is_within, kept, lines_of
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
    from collections.abc import Mapping, Sequence

    from migrator.model import Answer, Asked, Located, Rule

CRASHED = "rule-crashed"
CRASHED_SUMMARY = "A rule failed on a file, so what it would have found there is unknown"
_MAX_REASON = 200


@dataclass(frozen=True)
class Checked:
    """What one file yields, in plain values; `reason` says why it could not be analysed.

    `gaps` are the parts of it that could not, as bytes with the reason, `digest` is that of the
    bytes which were looked at: edits are for no others. `directives` are its comments that
    suppress findings, which are all among `findings` still, `scopes` name what stands around the
    places of its findings and facts. `spent` are seconds of a processor by rule; see `Times`.

    `again` is the file looked at once more, with what it teaches itself: what its rules were told
    then, and what that yielded. The next round is likely to ask for that, and a tree is at hand.

    `asked` is what was asked of the paths of all files, here and in `again`; see `Paths`.
    """

    path: str
    findings: tuple[Located, ...] = ()
    facts: tuple[Fact, ...] = ()
    reason: str | None = None
    gaps: tuple[tuple[bytes, str], ...] = ()
    names: tuple[str, ...] = ()
    digest: bytes = b""
    directives: tuple[Directive, ...] = ()
    scopes: Mapping[int, str] = field(default_factory=dict)
    spent: Mapping[str, float] = field(default_factory=dict, compare=False)
    again: tuple[frozenset[Fact], Checked] | None = None
    asked: Asked | None = field(default=(), compare=False)


def is_final(checked: Checked) -> bool:
    """Whether that is what every look at these bytes yields, on a busy machine too."""
    return bool(checked.digest) and all(one.finding.rule != CRASHED for one in checked.findings)


def read(path: str, data: bytes, name: str) -> Source:
    """`data` as a source whose bytes come back unchanged; raises `NotAnalysedError`."""
    codec, bom = language(name).encoding(data)
    try:
        source = Source.from_bytes(path, data, name, codec, bom)
        if source.to_bytes() != data:
            raise NotAnalysedError(f"does not survive decoding as {codec} and encoding unchanged")
    except UnicodeDecodeError as error:
        raise NotAnalysedError(f"is not {codec}: byte {error.start} has no meaning in it") from None
    return source


class Sources:
    """Sources that are parsed, some of them kept for another look at the same bytes.

    A file is looked at again when others taught something about it, and to parse it takes longer
    than to look. A tree takes some hundred times the space of its text: where there are more than
    `limit` bytes of text, all are dropped.
    """

    def __init__(self, limit: int = 0) -> None:
        self._limit = limit
        self._size = 0
        self._kept: dict[tuple[str, str, bytes], Source] = {}

    def parsed(self, path: str, data: bytes, name: str) -> Source:
        """The file at `path` in the language called `name`; raises `NotAnalysedError`."""
        key = path, name, digest(data)
        if key not in self._kept:
            if self._size + len(data) > self._limit:
                self._drop()
            source = read(path, data, name)
            language(name).parse(source)
            self._kept[key] = source
            self._size += len(data)
        return self._kept[key]

    def close(self) -> None:
        """Drop what is not to be kept when a look is over."""
        if self._size > self._limit:
            self._drop()
        for source in self._kept.values():
            source.forget_looks()

    def _drop(self) -> None:
        for source in self._kept.values():
            # What is derived from a source holds the source: cut that, and all of it goes at once.
            source.memo.clear()
        self._kept.clear()
        self._size = 0


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
        stays = _Staying(source, kept(said), look, yes)
        findings, facts = _beside(source, rules, look, stays, (findings, facts), spent)
        findings = [one for one in findings if not is_within(one, said)]
    if yes is not None:
        findings = decided(findings, yes, source, look)
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


@dataclass(frozen=True)
class _Staying:
    """What stays in a file though it is found: at the `places` of comments, or without a `yes`."""

    source: Source
    places: frozenset[tuple[str, int]]
    look: Look
    yes: Mapping[tuple[str, Span], Answer] | None

    def of(self, findings: Sequence[Finding]) -> list[Finding]:
        """Those of `findings` that stay."""
        suppressed = at(self.places, findings, self.source)
        yes = self.yes
        if yes is None:
            return suppressed
        return [one for one in findings if one in suppressed or is_left(one, yes, self.look)]


def _beside(
    source: Source,
    rules: Sequence[Rule],
    look: Look,
    stays: _Staying,
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
    said = frozenset((rule, line) for rule, line in stays.places if line)
    held: frozenset[tuple[str, int]] = frozenset()
    while (now := said | lines_of(staying, source)) != held:
        held = now
        source.forget_looks()
        again, facts = _looked(source, rules, replace(look, kept=held), spent)
        known = {(one.rule, one.span) for one in staying}
        more = stays.of(again)
        staying += [one for one in more if (one.rule, one.span) not in known]
    if held:
        findings = beside(findings, again, staying)
    return findings, facts


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


def digest(data: bytes) -> bytes:
    """What tells whether the bytes of a file are those that were looked at."""
    return hashlib.sha256(data).digest()


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
