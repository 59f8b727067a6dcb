"""Rounds over all files: check, learn, check again what the news concerns, conclude."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from migrator.engine.candidates import Candidates
from migrator.engine.options import with_defaults
from migrator.engine.reporting import About, Reporting
from migrator.engine.seen import Seen
from migrator.engine.times import Times
from migrator.model import (
    NOT_ANALYSED,
    Fact,
    Finding,
    Look,
    Paths,
    Report,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from migrator.engine.checked import Checked
    from migrator.engine.discover import Walk
    from migrator.engine.packs import Pack
    from migrator.model import Rule, Triggers

    #: Checks files side by side: path and what was learnt in, one result each out.
    Checker = Callable[[Sequence[str], Look], Iterable[Checked]]
    Reader = Callable[[str], bytes | str]
    #: What follows from facts in a look, of that type: known from an earlier run, or made anew.
    Recall = Callable[[type, tuple[Fact, ...], Look, Callable[[], Iterable[Any]]], Iterable[Any]]

# What is learnt in one round can only concern further files in the next: it ends by itself, but
# a pack whose `learn` contradicts itself must not hang the run.
_MOST_ROUNDS = 12


def anew(
    _of: type, _facts: tuple[Fact, ...], _look: Look, make: Callable[[], Iterable[Any]]
) -> Iterable[Any]:
    """What `make` gives: nothing is known from an earlier run."""
    return make()


class Audit:
    """One run over a tree: candidates by word, rounds until nothing new is learnt."""

    def __init__(
        self,
        packs: Sequence[Pack],
        walk: Walk,
        read: Reader,
        look: Look,
        times: Times | None = None,
        recall: Recall = anew,
        seen: Seen | None = None,
    ) -> None:
        self.packs = packs
        self.walk = walk
        self.read = read
        self.times = times or Times()
        self.recall = recall
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        self.candidates = Candidates(walk, self.rules, read, seen or Seen({}))
        editable = look.editable
        if editable is None and walk.context:
            editable = Paths(frozenset(walk.files))
        options = with_defaults(packs, look.options)
        paths = self.candidates.paths
        self.look = replace(look, paths=paths, editable=editable, options=options)
        self.checked: dict[str, Checked] = {}
        self.conclusions: list[Finding] = []
        #: The words that were looked for in each round after the first.
        self.rounds: list[Triggers] = []
        self.about = About()

    def run(self, check: Checker, instead: Collection[str] = ()) -> None:
        """Check the files that the rules and what they learn may concern.

        So are those of `instead`, whose bytes are not those on disk.
        """
        self.candidates.instead = frozenset(instead)
        with self.times.phase("words"):
            waiting = self.candidates.triggered(instead)
        for _ in range(_MOST_ROUNDS):
            with self.times.phase("rules"):
                for result in check(sorted(waiting), self.look):
                    self.checked[result.path] = result
            facts = self.facts()
            if not facts:
                break
            with self.times.phase("facts"):
                known: frozenset[Fact] = frozenset(
                    self.recall(Fact, facts, self.look, partial(self._learnt, facts))
                )
            if known == self.look.known:
                break
            news = known ^ self.look.known
            self.look = replace(self.look, known=known)
            words: Triggers = tuple(sorted({group for fact in news for group in fact.words}))
            self.rounds.append(words)
            files = {file for fact in news for file in fact.files}
            with self.times.phase("words"):
                waiting = self.candidates.concerned(words, files)
        if facts := self.facts():
            with self.times.phase("facts"):
                self.conclusions += self.recall(
                    Finding, facts, self.look, partial(self._concluded, facts)
                )

    def _learnt(self, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        learning = [rule.learn for rule in self.rules if rule.learn]
        return tuple(fact for learn in learning for fact in learn(facts, self.look))

    def _concluded(self, facts: tuple[Fact, ...]) -> tuple[Finding, ...]:
        concluding = [rule.conclude for rule in self.rules if rule.conclude]
        return tuple(one for conclude in concluding for one in conclude(facts, self.look))

    def holding(self, rounds: Iterable[Triggers]) -> set[str]:
        """The files that hold words of the rules, or that were looked for in one of `rounds`."""
        with self.times.phase("words"):
            found = self.candidates.triggered(())
            for words in rounds:
                found.update(self.candidates.concerned(words, ()))
            return found

    def facts(self) -> tuple[Fact, ...]:
        """The facts of all files, in the order of their paths; what could not be read is one."""
        found: list[Fact] = []
        for path, checked in sorted(self.checked.items()):
            found += checked.facts
            if checked.reason is not None or checked.gaps:
                found.append(Fact(NOT_ANALYSED, path, checked.reason, path))
        return tuple(found)

    def refused(self, before: Audit) -> dict[str, str]:
        """The files that do not parse, or have a gap that they had not in `before`, with why."""
        return {
            path: checked.reason or checked.gaps[0][1]
            for path, checked in self.checked.items()
            if checked.reason is not None
            or (checked.gaps and not (path in before.checked and before.checked[path].gaps))
        }

    def language(self, path: str) -> str:
        """The name of the language of a file that was looked at."""
        return self.walk.files.get(path) or self.walk.context[path]

    def report(self) -> Report:
        """What there is to say, sorted by path, line, column and rule."""
        return Reporting(self).report()

    def in_part(self, report: Report) -> Report:
        """`report`, which this audit has made, with what is on the lines of its part alone."""
        return Reporting(self).in_part(report)
