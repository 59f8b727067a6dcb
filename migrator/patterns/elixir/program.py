"""The rules of a pack for Elixir, run over a file together: they share its directives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.names import handed_on
from migrator.model import Fact, Finding, Look, Source
from migrator.patterns.elixir.meaning import BROUGHT, meaning
from migrator.patterns.elixir.passes import Pass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from migrator.patterns.elixir.rules import ElixirRule


class Program:
    """All rules of one pack."""

    def __init__(self, rules: Sequence[ElixirRule]) -> None:
        self.rules = rules
        names = [
            name for rule in rules for one in rule.variants for name in one.pattern.snippet.names
        ]
        names += [one.old for rule in rules for one in rule.renames]
        self._names = tuple(dict.fromkeys(names))

    def findings(self, source: Source, look: Look, rule: str) -> Iterable[Finding]:
        """What the rule called `rule` finds in `source`."""
        known = meaning(source, look)
        key = (self, known, look.level, look.fixing)
        if key not in source.memo:
            found: dict[str, list[Finding]] = {}
            for finding in Pass(self.rules, known, look).run():
                found.setdefault(finding.rule, []).append(finding)
            source.memo[key] = found
        looked: Mapping[str, Sequence[Finding]] = source.memo[key]
        return looked.get(rule, ())

    def facts(self, source: Source, look: Look) -> Iterator[Fact]:
        """What the modules of `source` hand on by `use` that changes what names here mean."""
        for one in handed_on(meaning(source, look).names):
            if any(_matters(one.name, one.short, name) for name in self._names):
                yield Fact(BROUGHT, one.module, tuple(one), source.path)

    @staticmethod
    def learn(facts: Sequence[Fact]) -> Iterator[Fact]:
        """Those who may use such a module are told."""
        for fact in facts:
            if fact.kind == BROUGHT:
                leaf = fact.key.rpartition(".")[2]
                yield Fact(BROUGHT, fact.key, fact.value, words=((leaf, "use"),))


def _matters(brought: str, short: str, name: str) -> bool:
    """Whether an alias or import of `brought` can make a name stand for `name`, or for another."""
    return f"{name}.".startswith(f"{brought}.") or name.partition(".")[0] == short
