"""From rule files to rules: each is checked, then compiled to the `Rule` that code makes too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from migrator.errors import MigrateError
from migrator.model import Rule
from migrator.patterns.definition import Document, read, spelled
from migrator.patterns.forms import RuleFile
from migrator.patterns.options import holds, value
from migrator.patterns.pages import manual
from migrator.patterns.reading import numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from migrator.model import Fact, Finding, Look, Source, Triggers
    from migrator.model.rule import Check, Learn
    from migrator.patterns.elixir.uses import Uses
    from migrator.patterns.options import Option

    #: Compiles all rules of a pack for one language: triggers, check, learn of each by its id.
    Compiled = dict[str, tuple[Triggers, Check, Learn | None]]
    Compiler = Callable[[list[tuple[str, RuleFile, Document]]], Compiled]


@dataclass(frozen=True)
class _Limit:
    """Where a rule looks: the ends of paths, and values of options; anywhere where it has none."""

    files: tuple[str, ...]
    when: Mapping[str, object]

    def covers(self, path: str, options: Mapping[str, object]) -> bool:
        pure = PurePosixPath(path)
        is_one = not self.files or any(pure.match(one) for one in self.files)
        return is_one and holds(self.when, options)


@dataclass(frozen=True)
class _Limits:
    """Which rules of one pack and language look at which files."""

    pack: str
    rules: frozenset[str]
    by_rule: Mapping[str, _Limit]

    def check(
        self, check: Check, rule: str, source: Source, look: Look
    ) -> Iterable[Finding | Fact]:
        """What `check` of `rule` finds; rules of a pack count on the fixes of each other."""
        options = look.options.get(self.pack, {})
        without = {
            one for one, limit in self.by_rule.items() if not limit.covers(source.path, options)
        }
        if rule in without:
            return ()
        if without:
            fixing = self.rules if look.fixing is None else look.fixing
            look = replace(look, fixing=fixing - without)
        return check(source, look)


def compiled(
    files: Iterable[tuple[str, Path]],
    language: str,
    pack: str,
    options: Mapping[str, Option],
    uses: Uses = (),
) -> list[Rule]:
    """The rules in `files`, each an id and a path; raises `MigrateError` with line and key.

    `options` are those of the pack, `uses` what modules of the library bring by `use` in Elixir.
    """
    forms = [(id_, *read(path, RuleFile)) for id_, path in files]
    compile_ = _compiler(language, forms[0][2], uses)
    limits = _limits(forms, pack, options)
    checks = compile_(forms)
    return [
        Rule(
            id=id_,
            pack=pack,
            summary=form.summary.rstrip("."),
            manual=manual(form, language),
            language=language,
            triggers=checks[id_][0],
            check=partial(limits.check, checks[id_][1], id_) if limits.by_rule else checks[id_][1],
            learn=checks[id_][2],
            parts=tuple(_parts(form)),
        )
        for id_, form, _ in forms
    ]


def _parts(form: RuleFile) -> Iterator[tuple[str, str]]:
    """What a rule file looks for, each with its place in it."""
    found = [*numbered("find", form.find), *numbered("every", form.every)]
    found += [(("alternatives", at), one.find) for at, one in enumerate(form.alternatives)]
    found += numbered("rename", form.rename)
    for at, one in enumerate(form.paths):
        found += [(("paths", at, *place), text) for place, text in numbered("path", one.path)]
    return ((spelled(place), text) for place, text in found)


def _limits(
    forms: Sequence[tuple[str, RuleFile, Document]], pack: str, options: Mapping[str, Option]
) -> _Limits:
    by_rule = {}
    for id_, form, document in forms:
        when: dict[str, object] = {}
        for name, given in form.when.items():
            place = ("when", name)
            document.known(place, name, options, f"the pack has no option `{name}`")
            if options[name].type == "tables":
                raise document.error(place, "tables have no one value to ask for")
            asked = (given,) if options[name].type == "texts" else given
            found = value(asked, options[name].type, document, place)
            when[name] = found[0] if isinstance(found, list) else found
        if form.files or when:
            by_rule[id_] = _Limit(form.files, when)
    return _Limits(pack, frozenset(id_ for id_, _, _ in forms), by_rule)


def _compiler(language: str, document: Document, uses: Uses) -> Compiler:
    if language == "python":
        from migrator.patterns.python.compile import compile_all

        return compile_all
    if language == "yaml":
        from migrator.patterns.yaml.compile import compile_all as compile_paths

        return compile_paths
    if language == "elixir":
        from migrator.patterns.elixir.compile import compile_all as compile_elixir

        return partial(compile_elixir, uses=uses)
    raise MigrateError(
        f"{document.path}: a rule without code is for python, elixir or yaml: "
        f"one for {language} is a `.py` file"
    )
