"""The rules of a pack for Elixir, run over a file together: they share its directives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.names import handed_on
from migrator.model import Fact, Finding, Look, Source
from migrator.patterns.elixir.learning import BROUGHT, MAY_HIDE
from migrator.patterns.elixir.meaning import meaning
from migrator.patterns.elixir.passes import Pass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from migrator.helpers.elixir.bindings import Brought
    from migrator.patterns.elixir.rules import ElixirRule


class Program:
    """All rules of one pack; `brought` is what modules of the library bring to their users."""

    def __init__(self, rules: Sequence[ElixirRule], brought: frozenset[Brought]) -> None:
        self.rules = rules
        self._brought = brought
        variants = [one for rule in rules for one in rule.variants]
        patterns = [pattern for one in variants for pattern in (one.pattern, *one.becomes)]
        names = [name for pattern in patterns for name in pattern.snippet.names]
        names += [one.old for rule in rules for one in rule.renames]
        self._names = tuple(dict.fromkeys(names))

    def findings(self, source: Source, look: Look, rule: str) -> Iterable[Finding]:
        """What the rule called `rule` finds in `source`."""
        known = meaning(source, look, self._brought)
        key = (self, known, look.level, look.fixing)
        if key not in source.memo:
            found: dict[str, list[Finding]] = {}
            for finding in Pass(self.rules, known, look).run():
                found.setdefault(finding.rule, []).append(finding)
            source.memo[key] = found
        looked: Mapping[str, Sequence[Finding]] = source.memo[key]
        return looked.get(rule, ())

    def facts(self, source: Source, look: Look) -> Iterator[Fact]:
        """What modules of `source` bring to their users that the rules name, or that hides it."""
        for one in handed_on(meaning(source, look, self._brought).names):
            if any(f"{name}.".startswith(f"{one.name}.") for name in self._names):
                yield Fact(BROUGHT, one.module, tuple(one), source.path)
            elif any(name.partition(".")[0] == one.short for name in self._names):
                kind = BROUGHT if one.always else MAY_HIDE
                yield Fact(kind, one.module, tuple(one), source.path)
