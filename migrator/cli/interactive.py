"""`migrate apply --interactive`: a person decides about each fix; every answer is kept at once."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrator.cli.options import use_color
from migrator.cli.progress import Bar
from migrator.engine.decisions import LATER, asked, merged, said, save, whole_lines
from migrator.engine.run import Run
from migrator.engine.sources import digest, read
from migrator.errors import MigrateError
from migrator.model import Answer, Change, Edit, Span, splice
from migrator.reports.escape import shown, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from migrator.engine.audit import Audit
    from migrator.engine.baseline import Key
    from migrator.engine.decisions import Decisions
    from migrator.engine.run import Settings
    from migrator.model import Finding, Located, Source

    #: The fixes of a rule on a line: what one question is about.
    Group = Sequence[Located]

_KEYS = {
    "y": "make this change",
    "n": "leave it",
    "r": "make it, and all that is left of this rule",
    "R": "leave it, and all that is left of this rule",
    "f": "make it, and all that is left in this file",
    "F": "leave it, and all that is left in this file",
    "e": "edit what its lines become, and make that",
    "x": "explain why it was found, and what its rule is about",
    "q": "quit: make what has a yes, and ask no more",
}
_QUESTION = f"Make this change? [{','.join(_KEYS)},?] "


def ask(settings: Settings, decisions: Decisions) -> Decisions:
    """`decisions`, and what is answered about the fixes that they say nothing of.

    Each answer is in their file before the next question. Raises `MigrateError` where there is no
    terminal to ask on.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise MigrateError(
            "--interactive asks on a terminal, and there is none; --decisions FILE makes what was "
            "answered before"
        )
    with Bar() as bar, Run(settings, bar) as run:
        audit = run.audit()
        dialogue = _Dialogue(audit, decisions)
    # The workers have ended: a person takes time.
    dialogue.hold()
    return dialogue.decisions


class _Dialogue:
    def __init__(self, audit: Audit, decisions: Decisions) -> None:
        from migrator.reports.lines import console_of

        self._before = self.decisions = decisions
        self._audit = audit
        self._answers: dict[Finding, tuple[Key, Answer]] = {}
        self._open = self._unanswered(asked(audit.report().findings, audit.look))
        self._console = console_of(sys.stderr, color=use_color(sys.stderr), width=None)

    def _unanswered(self, groups: Sequence[Group]) -> list[Group]:
        """What there is to ask about; `self._answers` has every finding of `groups` then."""
        known = self.decisions.by_path()
        by_path: dict[str, list[Group]] = {}
        for group in groups:
            by_path.setdefault(group[0].finding.path, []).append(group)
        found: list[Group] = []
        for path, here in by_path.items():
            answers = said(here, known.get(path, {}))
            for one in (one for group in here for one in group):
                answer = answers[one.finding.rule, one.finding.span]
                self._answers[one.finding] = (self.decisions.key(one), answer)
            found += [group for group in here if any(self._is_open(one) for one in group)]
        return found

    def _is_open(self, one: Located) -> bool:
        return self._answers[one.finding][1] == LATER

    def hold(self) -> None:
        """Ask until all is answered, or one quits."""
        count = len(self._open)
        while self._open:
            group = self._open[0]
            self._show(group, f"{count - len(self._open) + 1} of {count}")
            if not self._answer(group):
                return

    def _answer(self, group: Group) -> bool:
        """Take an answer about `group`, and perhaps about more; whether to go on."""
        while True:
            self._console.print(_QUESTION, style="bold", end="")
            key = sys.stdin.readline()
            match key.strip():
                case "y" | "n" as word:
                    self._keep([group], Answer(word == "y"))
                case "r" | "R" as word:
                    rule = group[0].finding.rule
                    alike = [one for one in self._open if one[0].finding.rule == rule]
                    self._keep(alike, Answer(word == "r"))
                case "f" | "F" as word:
                    path = group[0].finding.path
                    alike = [one for one in self._open if one[0].finding.path == path]
                    self._keep(alike, Answer(word == "f"))
                case "e":
                    if not self._edited(group):
                        continue
                case "x":
                    self._explain(group)
                    continue
                case "q":
                    return False
                case _ if not key:  # the end of what is typed
                    self._console.print()
                    return False
                case _:
                    for name, meaning in _KEYS.items():
                        self._console.print(f"  {name}  {meaning}")
                    continue
            return True

    def _keep(self, groups: Sequence[Group], answer: Answer) -> None:
        """Write the answer down, before anything else happens."""
        for one in (one for group in groups for one in group):
            if self._is_open(one):
                self._answers[one.finding] = (self.decisions.key(one), answer)
        self.decisions = merged(self._before, self._answers.values())
        save(self.decisions)
        self._open = [group for group in self._open if any(map(self._is_open, group))]

    def _source(self, group: Group) -> Source:
        path = group[0].finding.path
        data = self._audit.read(path)
        if isinstance(data, str):
            raise MigrateError(f"{path}: {data}; the answers so far are kept")
        if digest(data) != self._audit.checked[path].digest:
            raise MigrateError(
                f"{path}: was changed meanwhile; the answers are kept, so start again"
            )
        return read(path, data, self._audit.language(path))

    def _show(self, group: Group, place: str) -> None:
        """The findings, and what their fixes do to the file."""
        from rich.text import Text

        from migrator.reports.diff import hunks
        from migrator.reports.text import finding_head

        source = self._source(group)
        title = Text(shown_path(source.path), style="bold")
        self._console.print(title.append(f"  ({place})", style="dim"))
        for one in group:
            self._console.print(Text.assemble(*finding_head(one)))
        after = splice(source.text, _edits(group))
        for line in hunks(Change(source.path, source.to_bytes(), source.to_bytes(after))):
            self._console.print(line)

    def _explain(self, group: Group) -> None:
        from migrator.reports.wording import reasons

        for one in group:
            for reason in reasons(one):
                self._console.print(f"  {reason}")
        finding = group[0].finding
        language = self._audit.language(finding.path)
        for rule in self._audit.rules:
            if rule.id == finding.rule and rule.language == language:
                self._console.print()
                for line in rule.manual.split("\n"):
                    self._console.print(f"  {shown(line)}" if line else "")
                self._console.print()

    def _edited(self, group: Group) -> bool:
        """Have the lines edited in the person's editor; whether there is an answer then."""
        source = self._source(group)
        lines = whole_lines(group[0].finding, source)
        before = _plain(source.text[slice(*lines)])
        proposed = _plain(_within(source, lines, _edits(group)))
        try:
            text = click.edit(f"{proposed}\n", extension=Path(source.path).suffix)
        except click.ClickException as error:
            self._console.print(shown(error.message))
            return False
        if text is None:
            self._console.print("not saved: nothing is edited")
            return False
        after = _plain(text).removesuffix("\n")
        if after == before:
            self._keep([group], Answer(False))
            return True
        self._keep([[group[0]]], Answer(True, before, after))
        # What else is found on these lines is a part of them now.
        first, last = source.position(lines.start).line, source.position(lines.end).line
        self._keep(
            [
                one
                for one in self._open
                if one[0].finding.path == source.path and first <= one[0].start.line <= last
            ],
            Answer(True),
        )
        return True


def _plain(text: str) -> str:
    """`text` with LF at the ends of its lines."""
    return re.sub(r"\r\n?", "\n", text)


def _edits(group: Group) -> set[Edit]:
    return {edit for one in group for edit in (one.finding.fix.edits if one.finding.fix else ())}


def _within(source: Source, lines: Span, edits: Iterable[Edit]) -> str:
    """What `lines` become with those of `edits` that are in them."""
    inside = [
        edit._replace(span=Span(edit.span.start - lines.start, edit.span.end - lines.start))
        for edit in edits
        if lines.start <= edit.span.start and edit.span.end <= lines.end
    ]
    return splice(source.text[slice(*lines)], inside)
