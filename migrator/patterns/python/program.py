"""The rules of a pack for Python, run over a file together: they share its imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.model import Applicability
from migrator.patterns.python.derived import derived, seeks
from migrator.patterns.python.given import gives, kept, takes
from migrator.patterns.python.meaning import meaning
from migrator.patterns.python.overriding import overrides
from migrator.patterns.python.passes import Pass
from migrator.patterns.python.reexports import asks, hands_on
from migrator.patterns.renaming import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from migrator.model import Fact, Finding, Look, Source
    from migrator.patterns.python.rules import PythonRule
    from migrator.patterns.renaming import Rename

    #: The findings by rule, and the names that the module would lose.
    _Looked = tuple[Mapping[str, Sequence[Finding]], frozenset[str]]


class Program:
    """All rules of one pack, and what they rename."""

    def __init__(self, rules: Sequence[PythonRule], renames: Sequence[Rename]) -> None:
        self.rules = rules
        variants = [one for rule in rules for one in rule.variants]
        patterns = [one for each in variants for one in (each.pattern, *each.around.patterns)]
        names = [name for one in patterns for name in one.snippet.names]
        asked = (class_ for each in variants for class_ in each.classes)
        classes = sorted({name for class_ in asked for name in names_of(class_, renames)})
        # A pattern without a word of its own is found in files that have none of the class either.
        wordless = (each.classes for each in variants if not each.pattern.snippet.words)
        self._sought = frozenset[str]().union(*wordless)
        self._moving = [
            one
            for rule in rules
            for one in rule.variants
            if rule.most is Applicability.SAFE and one.template is not None
            if isinstance(one.pattern.tree, cst.FunctionDef)
        ]
        self._methods: dict[str, frozenset[str]] = {}
        for one in variants:
            for hole, method in one.methods:
                for class_ in one.where[hole].names:
                    known = self._methods.get(class_, frozenset())
                    self._methods[class_] = known | {method}
        self._called = tuple(dict.fromkeys((*names, *classes)))
        self._become = {
            rule.id: [
                name
                for variant in rule.variants
                for pattern in variant.becomes
                for name in pattern.snippet.names
                if "." in name
            ]
            for rule in rules
        }

    def findings(self, source: Source, look: Look, rule: str) -> Iterable[Finding]:
        """What the rule called `rule` finds in `source`."""
        return self._looked(source, look)[0].get(rule, ())

    def facts(self, source: Source, look: Look) -> Iterator[Fact]:
        """What matters of `source` to other files, whatever the rule."""
        yield from gives(source, look, sorted(self._looked(source, look)[1]))
        yield from takes(source, look)
        yield from hands_on(source, look, self._called)
        yield from overrides(source, look, self._methods, self._moving)
        yield from seeks(source, look, self._sought)
        yield from derived(source, look)
        yield from asks(look, source, self._become)

    def _looked(self, source: Source, look: Look) -> _Looked:
        names = kept(source, look)
        key = (self, meaning(source, look), look.level, look.fixing, names)
        if key not in source.memo:
            one = Pass(self.rules, source, look, names)
            found: dict[str, list[Finding]] = {}
            for finding in one.run():
                found.setdefault(finding.rule, []).append(finding)
            source.memo[key] = (found, one.lost())
        looked: _Looked = source.memo[key]
        return looked
