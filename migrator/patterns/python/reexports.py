"""Names that the project's own modules hand on: what is imported from there is what it was.

A file tells which names of the rules its modules import at their top (`HANDS_ON`); files that may
take them from there are told (`HANDED_ON`), and tell in their turn what they hand on of that. What
has become of such a name is looked for only where a comment keeps a finding, so that a file with
one asks for it (`ASKS`), and those are told (`ASKED`) that may import it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.model import Fact, Look, Source
from migrator.patterns.python.learning import ASKED, ASKS, HANDS_ON
from migrator.patterns.python.meaning import meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def hands_on(source: Source, look: Look, names: Sequence[str]) -> Iterator[Fact]:
    """Which of `names`, or what they are in, the module of `source` imports at its top."""
    known = meaning(source, look)
    module = known.names.module
    names = [*names, *(fact.key for fact in look.known if fact.kind == ASKED)]
    for binding in known.names.bindings():
        if binding.kind != "import" or binding.scope is not module or not binding.target:
            continue
        target = known.through(known.absolute(binding.target))
        if any(_is_near(target, name) for name in names):
            yield Fact(HANDS_ON, f"{known.names.place}{binding.name}", target, source.path)


def asks(look: Look, source: Source, by_rule: Mapping[str, Sequence[str]]) -> Iterator[Fact]:
    """The names by which `source` has what a comment keeps; `by_rule` are those of each rule."""
    for rule in sorted({rule for rule, _ in look.kept}):
        for name in by_rule.get(rule, ()):
            yield Fact(ASKS, name, path=source.path)


def _is_near(target: str, name: str) -> bool:
    return "." in target and f"{name}.".startswith(f"{target}.")
