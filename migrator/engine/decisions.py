"""What a person decided about each fix, kept in a file that gives the same result again.

A line is `[path, rule, scope, text, answer]`: what tells a finding, as in a baseline, and `yes`,
`no` or `later`, or `edit` with the lines as they were and what they become. Of findings that are
alike the lines stand in the order in which these do.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from migrator.engine import records
from migrator.engine.baseline import Key
from migrator.errors import MigrateError
from migrator.model import Answer, Edit, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from migrator.model import Answers, Finding, Located, Look, Source

FILE = "migrate-decisions.jsonl"
_WORDS = {"yes": True, "no": False, "later": None}
#: What nobody has decided yet.
LATER = Answer(None)
_LEFT = "it was not answered with yes, and stays"
#: Why a finding has no fix that would have one by itself.
STAYS = "it goes together with what stays, and stays with it"


@dataclass(frozen=True)
class Decisions:
    """The answers of one file, by what they are about."""

    file: Path
    answers: Mapping[Key, tuple[Answer, ...]]

    def by_path(self) -> dict[str, Answers]:
        """The answers about the fixes of each file, by its path from the current folder."""
        found: dict[str, Answers] = {}
        for key, answers in self.answers.items():
            path = os.path.relpath(self.file.parent / key.path).replace(os.sep, "/")
            found[path] = {**found.get(path, {}), _apart(key): answers}
        return found

    def key(self, one: Located) -> Key:
        """What tells a finding, its path as seen from the folder of the file."""
        path = os.path.relpath(one.finding.path, self.file.parent or ".")
        return Key.of(path.replace(os.sep, "/"), one)


def _apart(key: Key) -> tuple[str, str, str]:
    """`key` apart from its path."""
    return key.rule, key.scope, key.text


def merged(before: Decisions, now: Iterable[tuple[Key, Answer]]) -> Decisions:
    """`before` with what is decided `now` about findings, each, in order, behind what tells it.

    Of those that are alike all stand there, also those that are for later.
    """
    found = dict(before.answers)
    alike: dict[Key, list[Answer]] = defaultdict(list)
    for key, answer in now:
        alike[key].append(answer)
    for key, answers in alike.items():
        known = list(found.get(key, ()))
        known += [LATER] * (len(answers) - len(known))
        for place, answer in zip(_standing(known, len(answers)), answers, strict=False):
            known[place] = answer
        if any(answer != LATER for answer in known):
            found[key] = tuple(known)
    return replace(before, answers=found)


def _standing(answers: Sequence[Answer], count: int) -> list[int]:
    """Which of the answers are about the `count` findings that are there.

    What got a yes may have been made since: where there are more answers, those go first.
    """
    places = list(range(len(answers)))
    while len(places) > count and any(answers[place].makes for place in places):
        places.remove(next(place for place in places if answers[place].makes))
    return places[:count]


def load(file: Path) -> Decisions:
    """The decisions in `file`; raises `MigrateError` with the line where it is wrong."""
    if not os.path.lexists(file):
        raise MigrateError(f"{file}: there is none; `migrate apply --interactive` makes it")
    found: dict[Key, tuple[Answer, ...]] = {}
    for where, parts in records.read(file, "decisions"):
        key, answer = _decision(parts, where)
        found[key] = (*found.get(key, ()), answer)
    return Decisions(file, found)


def save(decisions: Decisions) -> None:
    """Write the file whole, or leave it as it was; raises `MigrateError`."""
    lines = (
        json.dumps([*key, *_said(answer)])
        for key, answers in sorted(decisions.answers.items())
        for answer in answers
    )
    records.write(decisions.file, lines)


def _said(answer: Answer) -> Sequence[str]:
    if answer.before is not None and answer.after is not None:
        return ("edit", answer.before, answer.after)
    return (next(word for word, makes in _WORDS.items() if makes is answer.makes),)


def _decision(parts: Any, where: str) -> tuple[Key, Answer]:
    if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
        match parts[4:]:
            case ["yes" | "no" | "later" as word]:
                return Key(*parts[:4]), Answer(_WORDS[word])
            case ["edit", before, after]:
                return Key(*parts[:4]), Answer(True, before, after)
    raise MigrateError(
        f'{where}: must be `[path, rule, scope, text, "yes"]`, or with "no" or "later", or '
        'with "edit" and the lines before and after'
    )


def asked(found: Iterable[Located], look: Look) -> list[list[Located]]:
    """Those of `found`, in order, with a fix to decide about; of a rule on a line, all together."""
    groups: dict[tuple[str, str, int], list[Located]] = {}
    for one in found:
        finding = one.finding
        if _applies(finding, look) and look.may_edit(finding.path):
            groups.setdefault((finding.path, finding.rule, one.start.line), []).append(one)
    return list(groups.values())


def _applies(finding: Finding, look: Look) -> bool:
    return finding.fix is not None and look.applies(finding.rule, finding.applicability)


def said(groups: Iterable[Sequence[Located]], answers: Answers) -> dict[tuple[str, Span], Answer]:
    """What was answered about each finding of `groups`, all of one file, by rule and place."""
    alike: dict[tuple[str, str, str], set[Span]] = defaultdict(set)
    for one in (one for group in groups for one in group):
        alike[_apart(Key.of("", one))].add(one.finding.span)
    found: dict[tuple[str, Span], Answer] = {}
    for key, spans in alike.items():
        given = answers.get(key, ())
        found.update(dict.fromkeys(((key[0], span) for span in spans), LATER))
        for place, span in zip(_standing(given, len(spans)), sorted(spans), strict=False):
            found[key[0], span] = given[place]
    return found


def made(found: Iterable[Located], source: Source, look: Look) -> dict[tuple[str, Span], Answer]:
    """The fixes of one file that are to be made, by rule and place: those that got a yes.

    A no to one of a rule on a line speaks for all of them. One whose lines were edited is not made
    if they are no more what they were.
    """
    assert look.answers is not None
    groups = asked(found, look)
    answers = said(groups, look.answers.get(source.path, {}))
    yes: dict[tuple[str, Span], Answer] = {}
    for group in groups:
        given = {
            (one.finding.rule, one.finding.span): answers[one.finding.rule, one.finding.span]
            for one in group
        }
        if all(answer.makes and _fits(answer, span, source) for (_, span), answer in given.items()):
            yes.update(given)
    return yes


def is_left(finding: Finding, yes: Mapping[tuple[str, Span], Answer], look: Look) -> bool:
    """Whether a fix is not to be made, because it is not among those that got a `yes`."""
    return _applies(finding, look) and (finding.rule, finding.span) not in yes


def decided(
    findings: Iterable[Located],
    yes: Mapping[tuple[str, Span], Answer],
    source: Source,
    look: Look,
) -> list[Finding]:
    """`findings` with those fixes alone that got a `yes`, and as a person edited them.

    What was answered with yes and has no fix beside what stays says so.
    """
    assert look.answers is not None
    answers = look.answers.get(source.path, {})
    found = []
    for located in findings:
        one = located.finding
        reason = _LEFT if is_left(one, yes, look) else ""
        if one.fix is None and one.severity is Severity.ERROR and STAYS not in one.evidence:
            given = answers.get(_apart(Key.of("", located)), ())
            reason = STAYS if any(answer.makes for answer in given) else ""
        found.append(one._replace(evidence=(*one.evidence, reason), fix=None) if reason else one)
    by_hand: dict[Finding, Edit] = {}
    for finding in found:
        answer = yes.get((finding.rule, finding.span))
        if finding.fix and answer and answer.before is not None and answer.after is not None:
            lines = _lines_at(answer.before, finding.span, source)
            if lines is not None:
                by_hand[finding] = _edit(answer.after, lines, source)
    return [_under(one, by_hand.get(one), list(by_hand.values())) for one in found]


def _fits(answer: Answer, span: Span, source: Source) -> bool:
    """Whether an answer with lines is about those at `span`, and they are not edited already."""
    if answer.before is None or answer.after is None:
        return True
    return (
        _lines_at(answer.before, span, source) is not None
        and _lines_at(answer.after, span, source) is None
    )


def _lines_at(text: str, span: Span, source: Source) -> Span | None:
    """Where the whole lines around `span` are those of `text`, without the last end."""
    wanted = text.split("\n")
    first, last = source.position(span.start).line, source.position(span.end).line
    for start in range(max(1, last - len(wanted) + 1), first + 1):
        end = start + len(wanted) - 1
        if source.lines[start - 1 : end] == wanted:
            begin = source.line_span(end).start
            return Span(source.line_span(start).start, begin + len(wanted[-1]))
    return None


def whole_lines(finding: Finding, source: Source) -> Span:
    """The whole lines that a finding and those of its edits touch that meet them; no last end."""
    start, end = finding.span
    edits = finding.fix.edits if finding.fix else ()
    while True:
        first = source.line_span(source.position(start).line).start
        number = source.position(end).line
        last = source.line_span(number).start + len(source.lines[number - 1])
        near = [edit.span for edit in edits if _meets(edit, Span(first, last))]
        start = min([first, *(span.start for span in near)])
        end = max([last, *(span.end for span in near)])
        if (start, end) == (first, last):
            return Span(start, end)


def _edit(text: str, lines: Span, source: Source) -> Edit:
    """`text` in the place of whole lines, with the line ends of the file; of no text, no line."""
    last = source.line_span(source.position(lines.end).line)
    line_end = source.text[lines.end : last.end]
    if not text:
        return Edit(source.path, Span(lines.start, last.end), "")
    return Edit(source.path, lines, text.replace("\n", line_end or "\n"))


def _under(finding: Finding, own: Edit | None, by_hand: Sequence[Edit]) -> Finding:
    """`finding` with what was edited by hand in the place of each of its edits that touches that.

    What was edited for it, its `own`, is among its edits wherever these are.
    """
    if finding.fix is None:
        return finding
    made: dict[Edit, None] = {} if own is None else {own: None}
    for edit in finding.fix.edits:
        made.update(dict.fromkeys([one for one in by_hand if _meets(edit, one.span)] or [edit]))
    return finding._replace(fix=finding.fix._replace(edits=tuple(made)))


def _meets(edit: Edit, lines: Span) -> bool:
    """Whether an edit touches whole lines; one that ends where they begin does not."""
    start, end = edit.span
    return start <= lines.end and (lines.start < end or lines.start <= start)
