"""Packs: a folder with `pack.yaml` and rules, one a file, in folders by language.

A rule is a `.yaml` file that needs no code, see `migrator.patterns`, or a Python module.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrator.errors import MigrateError, meant
from migrator.languages import SUFFIXES
from migrator.model import Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from types import ModuleType

    from migrator.engine.manifest import ItemForm
    from migrator.patterns.definition import Document
    from migrator.patterns.elixir.uses import Uses
    from migrator.patterns.options import Option

# Files of these folders are no rules; `project` holds those that only conclude.
NO_RULES = ("fixtures",)
_PROJECT = "project"
_YAML = (".yaml", ".yml")
_SUMMARY = re.compile(rb"^summary:", re.MULTILINE)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NO_WORD = re.compile(r"\W")


class Item(NamedTuple):
    """A checklist item as its pack defines it."""

    id: str
    title: str
    section: str
    rules: tuple[str, ...]
    counts_advice: bool = False
    needs_all_analysed: bool = False
    by_verify: bool = False
    language: str | None = None


@dataclass(frozen=True)
class Pack:
    """A loaded pack; `legacy_words` make a file that cannot be analysed worth a report."""

    id: str
    version: str
    title: str
    legacy_words: tuple[str, ...]
    rules: tuple[Rule, ...]
    checklist: tuple[Item, ...]
    options: Mapping[str, Option]
    guide: str | None = None


def builtin_folder() -> Path:
    """The `rules` folder: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def load(folder: Path) -> Pack:
    """The pack in `folder`; raises `MigrateError` with file, line and key where it is wrong."""
    from migrator.engine.manifest import PackForm
    from migrator.patterns.definition import read
    from migrator.patterns.options import option

    path = folder / "pack.yaml"
    if not path.is_file():
        raise MigrateError(f"{path}: there is none; a pack is a folder with `pack.yaml`")
    form, document = read(path, PackForm)
    if not _NAME.fullmatch(form.id):
        raise document.error(("id",), "an id has small letters, digits and `-`")
    options = {name: option(one, document, ("options", name)) for name, one in form.options.items()}
    uses = _uses(form.uses, document)
    rules = tuple(_rules(folder, form.id, options, uses))
    ids = {rule.id for rule in rules}
    items = tuple(_item(document, at, form.checklist, ids) for at in range(len(form.checklist)))
    if form.guide is not None and not (folder / form.guide).is_file():
        raise document.error(("guide",), f"there is no `{form.guide}` in the pack's folder")
    return Pack(
        form.id, form.version, form.title, form.legacy_words, rules, items, options, form.guide
    )


def check_distinct(packs: Sequence[Pack]) -> None:
    """Raise `MigrateError` where two packs have one id, or each a rule of one id."""
    owners: dict[str, str] = {}
    for number, pack in enumerate(packs):
        if pack.id in [one.id for one in packs[:number]]:
            raise MigrateError(f"two packs are called `{pack.id}`: a run takes one of them")
        for rule in pack.rules:
            owner = owners.setdefault(rule.id, pack.id)
            if owner != pack.id:
                raise MigrateError(
                    f"`{rule.id}` is a rule of the pack `{owner}` and of `{pack.id}`: "
                    "run them one after the other"
                )


def manual(rules: Sequence[Rule]) -> str:
    """The manual page of a rule: that of its one language, or those of several with their names."""
    if len(rules) == 1:
        return rules[0].manual
    return "\n\n".join(
        f"In {'all files together' if rule.language == _PROJECT else rule.language}: {rule.manual}"
        for rule in rules
    )


def _item(document: Document, at: int, forms: Sequence[ItemForm], ids: Collection[str]) -> Item:
    form = forms[at]
    place = ("checklist", at)
    if form.id in [one.id for one in forms[:at]]:
        raise document.error((*place, "id"), f"there is an item `{form.id}` above already")
    if not form.rules and form.by != "verify" and form.language is None:
        raise document.error(place, f"checklist item `{form.id}` has no `rules`")
    for number, rule in enumerate(form.rules):
        problem = f"checklist item `{form.id}`: no rule is called `{rule}`"
        document.known((*place, "rules", number), rule, ids, problem)
    return Item(
        form.id,
        form.title,
        form.section,
        form.rules,
        form.counts == "advice",
        form.needs == "every-file-analysed",
        form.by == "verify",
        form.language,
    )


def rule_names(folder: Path) -> set[str]:
    """The ids of the rules of the pack in `folder`, of which none is loaded."""
    return {_id(path) for _, paths in _files(folder) for path in paths}


def _files(folder: Path) -> Iterator[tuple[Path, list[Path]]]:
    """The folders of languages in the folder of a pack, each with the files of its rules."""
    for language in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        if not language.name.startswith(("_", ".")) and language.name not in NO_RULES:
            yield (
                language,
                [
                    path
                    for path in sorted(language.iterdir())
                    if path.suffix in (".py", *_YAML) and not path.name.startswith(("_", "."))
                ],
            )


def _uses(given: Mapping[str, tuple[str, ...]], document: Document) -> Uses:
    if not given:
        return ()
    from migrator.patterns.elixir.uses import uses

    return uses(given, document)


def _rules(folder: Path, pack: str, options: Mapping[str, Option], uses: Uses) -> list[Rule]:
    _package("migrator_packs", [])
    root = _root(folder)
    found: list[Rule] = []
    _check_place(folder)
    for language, paths in _files(folder):
        if not paths:
            continue
        _check_names(language, paths)
        _package(f"{root}.{language.name}", [str(language)])
        found += [
            _rule(f"{root}.{language.name}.{path.stem}", path, pack)
            for path in paths
            if path.suffix == ".py"
        ]
        files = [path for path in paths if path.suffix == ".yaml"]
        found += _declared(files, pack, options, uses)
    return found


def _root(folder: Path) -> str:
    """The name of the package that the modules of the pack in `folder` belong to: its own."""
    real = folder.resolve()  # `..` and `.` have no name, and other names hold dots
    name = f"migrator_packs.{_NO_WORD.sub('_', real.name)}"
    path = [str(real)]
    number = 1
    root = name
    while root in sys.modules and list(sys.modules[root].__path__) != path:
        number += 1
        root = f"{name}_{number}"
    _package(root, path)
    return root


def _check_place(folder: Path) -> None:
    """Raise `MigrateError` for a rule beside `pack.yaml`, which no language is known of."""
    for path in sorted(folder.iterdir()):
        if path.suffix in _YAML and path.name != "pack.yaml" and path.is_file():
            if _SUMMARY.search(path.read_bytes()):
                problem = "a rule lies in a folder by language, as in"
                raise MigrateError(f"{path}: {problem} `{folder.name}/python/{path.stem}.yaml`")


def _check_names(folder: Path, paths: Sequence[Path]) -> None:
    known = {*SUFFIXES.values(), _PROJECT}
    if folder.name not in known:
        problem = f"{folder}: rules lie in folders by language, and `{folder.name}` is none"
        raise MigrateError(f"{problem}; {meant(folder.name, known)}")
    by_id: dict[str, Path] = {}
    for path in paths:
        if path.suffix == _YAML[1]:
            raise MigrateError(f"{path}: a rule's file ends with `{_YAML[0]}`")
        first = by_id.setdefault(_id(path), path)
        if first is not path:
            raise MigrateError(f"{path}: `{_id(path)}` is the rule in `{first.name}` already")


def _id(path: Path) -> str:
    return path.stem.replace("_", "-")


def _declared(
    paths: Sequence[Path], pack: str, options: Mapping[str, Option], uses: Uses
) -> Iterable[Rule]:
    """The rules of files without code, all of one language."""
    if not paths:
        return ()
    from migrator.patterns.compile import compiled

    files = [(_id(path), path) for path in paths]
    return compiled(files, paths[0].parent.name, pack, options, uses)


def _package(name: str, path: list[str]) -> None:
    """A package by that name whose modules lie in `path`, so that relative imports work."""
    import types

    if name not in sys.modules:
        package = types.ModuleType(name)
        package.__path__ = path
        sys.modules[name] = package
        parent, _, leaf = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], leaf, package)


def _rule(name: str, path: Path, pack: str) -> Rule:
    module = sys.modules.get(name) or _import(name, path)
    for attribute in ("TRIGGERS", "check"):
        if not hasattr(module, attribute):
            raise MigrateError(f"{path}: a rule needs `{attribute}`")
    manual = (module.__doc__ or "").strip()
    return Rule(
        id=_id(path),
        pack=pack,
        summary=manual.partition("\n")[0].rstrip("."),
        manual=manual,
        language=path.parent.name,
        triggers=module.TRIGGERS,
        check=module.check,
        learn=getattr(module, "learn", None),
        conclude=getattr(module, "conclude", None),
    )


def _import(name: str, path: Path) -> ModuleType:
    import importlib.util

    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise MigrateError(f"{path}: cannot be loaded: {type(error).__name__}: {error}") from error
    return module
