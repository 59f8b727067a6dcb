"""The rules of one pack for one language of code, which look at a file together.

They share its imports or directives; so what one finds rests on what the others do.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from migrator.model import Fact, Finding, Look, Source, Triggers
    from migrator.model.rule import Check, Learn
    from migrator.patterns.reading import Reading


class Program(Protocol):
    """All rules of the pack, put together."""

    def findings(self, source: Source, look: Look, rule: str) -> Iterable[Finding]:
        """What the rule called `rule` finds in `source`."""

    def facts(self, source: Source, look: Look) -> Iterable[Fact]:
        """What of `source` matters to the rules in other files."""


def together(
    rules: Sequence[Reading],
    build: Callable[[], Program],
    learn: Callable[[Sequence[Fact]], Iterator[Fact]],
    handed: Triggers = (),
) -> dict[str, tuple[Triggers, Check, Learn | None]]:
    """Triggers, check and learn of each rule by its id; the first file that is looked at `build`s.

    What matters to other files is told and learnt once for all rules, by one that always looks;
    words of it alone are `handed`.
    """
    pack = _Pack(build, learn)
    teller = next((one.id for one in rules if not (one.form.files or one.form.when)), None)
    return {
        one.id: (
            (*one.triggers, *(handed if one.id == teller else ())),
            partial(pack.check_and_tell if one.id == teller else pack.check, one.id),
            pack.learn if one.id == teller else None,
        )
        for one in rules
    }


class _Pack:
    def __init__(
        self,
        build: Callable[[], Program],
        learn: Callable[[Sequence[Fact]], Iterator[Fact]],
    ) -> None:
        self._build = build
        self._learn = learn

    @cached_property
    def _program(self) -> Program:
        return self._build()

    def check(self, rule: str, source: Source, look: Look) -> Iterable[Finding]:
        return self._program.findings(source, look, rule)

    def check_and_tell(self, rule: str, source: Source, look: Look) -> Iterator[Finding | Fact]:
        yield from self.check(rule, source, look)
        yield from self._program.facts(source, look)

    def learn(self, facts: Sequence[Fact], _look: Look) -> Iterator[Fact]:
        return self._learn(facts)
