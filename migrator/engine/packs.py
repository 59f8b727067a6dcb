"""Packs: a folder with `pack.yaml` and rules, one a file, in folders by language.

`pack.yaml` holds `id`, `version`, `title`, `legacy-words` (a file that holds one and cannot be
analysed is reported), and `checklist`: items with `id`, `title`, `section`, `rules`, and perhaps
`counts: advice`, `needs: every-file-analysed`, `by: verify`, or `language` where it asks about
files of one language alone. `options` are lists of tables that a project may configure for the
pack: for each, the keys of a table and their kinds, `text` or `flag`.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator.errors import MigrateError, meant
from migrator.model import Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from types import ModuleType

_PACK_KEYS = {"id", "version", "title", "legacy-words", "options", "checklist"}
_KINDS: dict[str, type] = {"text": str, "flag": bool}
_ITEM_KEYS = {"id", "title", "section", "rules", "counts", "needs", "by", "language"}


@dataclass(frozen=True)
class Item:
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
    options: Mapping[str, Mapping[str, str]]


def builtin_folder() -> Path:
    """The `rules` folder: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def load(folder: Path) -> Pack:
    """The pack in `folder`; raises `MigrateError` with file and key where it is wrong."""
    path = folder / "pack.yaml"
    data = _read(path)
    _known(data, _PACK_KEYS, path)
    for key in ("id", "version", "title"):
        if not isinstance(data.get(key), str):
            raise MigrateError(f"{path}: `{key}` is missing or no text")
    rules = tuple(_rules(folder, data["id"]))
    ids = {rule.id for rule in rules}
    items = tuple(_item(entry, ids, path) for entry in data.get("checklist", ()))
    words = tuple(data.get("legacy-words", ()))
    options = data.get("options", {})
    return Pack(data["id"], data["version"], data["title"], words, rules, items, options)


def check_options(
    packs: Sequence[Pack], given: Mapping[str, Mapping[str, Any]], path: str, prefix: str
) -> None:
    """Raise `MigrateError` for an option that no pack has, or whose value is of another kind."""
    by_id = {pack.id: pack for pack in packs}
    for id_, table in given.items():
        _one_of(id_, by_id, f"{path}: unknown table `{prefix}{id_}`")
        for name, entries in table.items():
            key = f"{prefix}{id_}.{name}"
            _one_of(name, by_id[id_].options, f"{path}: unknown key `{key}`")
            if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
                raise MigrateError(f"{path}: `{key}` must be a list of tables")
            for number, entry in enumerate(entries):
                _check_entry(entry, by_id[id_].options[name], f"{key}[{number}]", path)


def _check_entry(entry: dict[str, Any], kinds: Mapping[str, str], key: str, path: str) -> None:
    for name in entry:
        _one_of(name, kinds, f"{path}: unknown key `{key}.{name}`")
    for name, kind in kinds.items():
        if name not in entry:
            raise MigrateError(f"{path}: `{key}.{name}` is missing")
        if not isinstance(entry[name], _KINDS[kind]):
            what = "true or false" if kind == "flag" else f"a {kind}"
            raise MigrateError(f"{path}: `{key}.{name}` must be {what}")


def _one_of(name: str, known: Collection[str], problem: str) -> None:
    if name not in known:
        raise MigrateError(f"{problem}; {meant(name, known)}")


def manual(rules: Sequence[Rule]) -> str:
    """The manual page of a rule: that of its one language, or those of several with their names."""
    if len(rules) == 1:
        return rules[0].manual
    return "\n\n".join(f"In {rule.language}: {rule.manual}" for rule in rules)


def _read(path: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(path.read_bytes())
    except OSError as error:
        raise MigrateError(
            f"{path}: {error.strerror}; a pack is a folder with `pack.yaml`"
        ) from None
    except YAMLError as error:
        raise MigrateError(f"{path}: {error}") from None
    if not isinstance(data, dict):
        raise MigrateError(f"{path}: a pack is a mapping")
    return data


def _known(data: dict[str, Any], keys: set[str], path: Path) -> None:
    for key in data:
        _one_of(str(key), keys, f"{path}: unknown key `{key}`")


def _item(entry: Any, ids: set[str], path: Path) -> Item:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise MigrateError(f"{path}: a checklist item is a mapping with an `id`")
    _known(entry, _ITEM_KEYS, path)
    rules = tuple(entry.get("rules", ()))
    if not rules and entry.get("by") != "verify" and "language" not in entry:
        raise MigrateError(f"{path}: checklist item `{entry['id']}` has no `rules`")
    for rule in rules:
        _one_of(rule, ids, f"{path}: checklist item `{entry['id']}`: no rule is called `{rule}`")
    return Item(
        entry["id"],
        str(entry.get("title", "")),
        str(entry.get("section", "")),
        rules,
        entry.get("counts") == "advice",
        entry.get("needs") == "every-file-analysed",
        entry.get("by") == "verify",
        entry.get("language"),
    )


def _rules(folder: Path, pack: str) -> list[Rule]:
    root = f"migrator_packs.{folder.name.replace('-', '_')}"
    _package("migrator_packs", [])
    _package(root, [str(folder)])
    found: list[Rule] = []
    for language in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        if language.name.startswith(("_", ".")):
            continue
        _package(f"{root}.{language.name}", [str(language)])
        found += [
            _rule(f"{root}.{language.name}.{path.stem}", path, pack)
            for path in sorted(language.glob("*.py"))
            if not path.name.startswith("_")
        ]
    return found


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
        id=path.stem.replace("_", "-"),
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
