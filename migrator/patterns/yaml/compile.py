"""Rule files for YAML, checked and compiled."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from migrator.model import Applicability, Severity
from migrator.patterns.definition import spelled
from migrator.patterns.reading import numbered
from migrator.patterns.regex import compiled, surely_matches
from migrator.patterns.renaming import read_rename
from migrator.patterns.yaml.added import Added
from migrator.patterns.yaml.finding import VERBS, FoundPath, YamlRule, check
from migrator.patterns.yaml.names import NamesRule
from migrator.patterns.yaml.names import check as check_names
from migrator.patterns.yaml.nesting import keys_of
from migrator.patterns.yaml.paths import PathError, Step, path, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.model import Finding, Look, Source, Triggers
    from migrator.model.rule import Check, Learn
    from migrator.patterns.definition import Document, Place
    from migrator.patterns.forms import Path, RuleFile

_FOR_CODE = (
    "find",
    "alternatives",
    "replace",
    "where",
    "inside",
    "not-inside",
    "becomes",
    "signatures",
    "imports",
    "every",
    "has",
)
_NAME = r"\w+(?:\.\w+)*[!?]?(?:/\d+)?"
_RENAME = re.compile(rf"\s*(?P<old>{_NAME})\s*->\s*(?P<new>{_NAME})\s*")
_RENAMES_ARE = "a rename is `old.name -> new.name`, as such names stand in texts"
_PAIR = re.compile(r"(?P<key>[^\s:#][^:#]*?)\s*:\s+(?P<value>\S.*?)\s*")


def compile_all(
    forms: list[tuple[str, RuleFile, Document]],
) -> dict[str, tuple[Triggers, Check, Learn | None]]:
    """Triggers and check of each rule by its id; raises `MigrateError` with line and key."""
    names = [_names(*one) for one in forms if one[1].rename]
    found: dict[str, tuple[Triggers, Check, Learn | None]] = {}
    for id_, form, document in forms:
        for key in _FOR_CODE:
            if getattr(form, key.replace("-", "_")):
                problem = f"`{key}` is for code: for yaml there are `paths` and `rename`"
                raise document.error((key,), problem)
        if not form.paths and not form.rename:
            raise document.error((), "nothing to find: give `paths` or `rename`")
        if form.under and not form.rename:
            raise document.error(("under",), "`under` needs a `rename` beside it")
        paths = tuple(
            _path(document, ("paths", at), place, replace(one, path=text))
            for at, one in enumerate(form.paths)
            for place, text in _texts(document, ("paths", at), one)
        )
        severity, most = Severity(form.severity), Applicability[form.applicability.upper()]
        rule = YamlRule(id_, severity, most, paths, form.message, form.summary)
        groups = [words(one.steps) for one in paths]
        groups += [
            tuple(rename.old.partition("/")[0].split("."))
            for one in names
            if one.id == id_
            for rename in one.renames
        ]
        found[id_] = (tuple(dict.fromkeys(groups)), partial(_check, rule, tuple(names)), None)
    return found


def _check(
    rule: YamlRule, names: Sequence[NamesRule], source: Source, look: Look
) -> Iterator[Finding]:
    yield from check(rule, source, look)
    if any(one.id == rule.id for one in names):
        yield from check_names(names, rule.id, source)


def _names(id_: str, form: RuleFile, document: Document) -> NamesRule:
    """The renames of a rule file."""
    renames = tuple(
        read_rename(document, place, text, _RENAME, _RENAMES_ARE)
        for place, text in numbered("rename", form.rename)
    )
    under = {key: Applicability[most.upper()] for key, most in form.under.items()}
    severity, most = Severity(form.severity), Applicability[form.applicability.upper()]
    return NamesRule(id_, severity, most, renames, under, form.message)


def _texts(document: Document, where: Place, form: Path) -> list[tuple[Place, str]]:
    """The paths that `form`, which stands at `where`, has a verb for, each with its place."""
    found = numbered("path", form.path)
    if not found:
        raise document.error((*where, "path"), "give at least one path")
    return found


def _path(document: Document, where: Place, place: Place, form: Path) -> FoundPath:
    """The one path of `form`, which stands at `place` below `where`, checked."""
    assert isinstance(form.path, str)
    try:
        steps = path(form.path)
    except PathError as error:
        raise document.error((*where, *place), str(error)) from None
    if not words(steps):
        problem = "it would match every file: name a key, or a value that one has to have"
        raise document.error((*where, *place), problem)
    verbs = [verb for verb in VERBS if getattr(form, verb) not in (None, False)]
    if len(verbs) > 1:
        problem = f"`{verbs[0]}` and `{verbs[1]}` exclude each other: make them two paths"
        raise document.error((*where, verbs[1]), problem)
    conditions = ("is", "has", "lacks")
    ends = next((one.kind for one in reversed(steps) if one.kind not in conditions), "deep")
    if form.rename is not None and ends not in ("key", "any"):
        raise document.error((*where, "rename"), "the path must end with a key to rename")
    if form.nest is not None:
        if ends not in ("key", "any"):
            raise document.error((*where, "nest"), "the path must end with a key")
        if keys_of(form.nest) is None:
            problem = "give two keys or more, with dots between: `service.name`"
            raise document.error((*where, "nest"), problem)
    if form.remove and ends == "deep":
        raise document.error((*where, "remove"), "the path must end with a key or an item")
    if form.rename is not None and steps[-1] == Step("key", form.rename):
        raise document.error((*where, "rename"), "is the key that stands there already")
    _check_text(document, where, form)
    if form.replace is not None and form.text is None and steps[-1].kind == "any":
        problem = "it would replace whatever stands there: say with `text` what it must be"
        raise document.error((*where, "replace"), problem)
    added = None
    if form.add is not None:
        pair = _PAIR.fullmatch(form.add)
        if pair is None:
            raise document.error((*where, "add"), "give `key: value`")
        added = Added(pair["key"], pair["value"])
        if not added.fits():
            problem = f"`{added.value}` is no value as YAML writes it on a line"
            raise document.error((*where, "add"), problem)
    return FoundPath(spelled((*where, *place)), form, steps, added)


def _check_text(document: Document, where: Place, form: Path) -> None:
    """Raise `MigrateError` where `text` is no expression, or `replace` is not one for it."""
    expression = None
    if form.text is not None:
        try:
            expression = compiled(form.text)
        except ValueError as error:
            raise document.error((*where, "text"), str(error)) from None
    groups = expression.groups if expression else 0
    for number in re.findall(r"\\(\d+)", form.replace or ""):
        if len(number) > 4 or int(number) > groups:
            problem = f"there is no group {number} in `text`"
            raise document.error((*where, "replace"), problem)
    if form.replace is not None and expression is not None:
        if surely_matches(expression, re.sub(r"\\\d+", "", form.replace)):
            problem = "what is written matches `text` again, and so would go on for ever"
            raise document.error((*where, "replace"), problem)
