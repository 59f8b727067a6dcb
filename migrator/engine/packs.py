"""Packs: a folder with `pack.yaml` and rules, one a file, in folders by language.

`pack.yaml` holds `id`, `version`, `title`, `legacy-words` (a file that holds one and cannot be
analysed is reported), and `checklist`: items with `id`, `title`, `section`, `rules`, and perhaps
`counts: advice`, `needs: every-file-analysed`, `by: verify`, or `language` where it asks about
files of one language alone.
"""

from __future__ import annotations

import difflib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator.errors import MigrateError
from migrator.model import Rule

if TYPE_CHECKING:
    from types import ModuleType

_PACK_KEYS = {"id", "version", "title", "guide", "legacy-words", "checklist"}
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
    return Pack(data["id"], data["version"], data["title"], words, rules, items)


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
        if key not in keys:
            near = difflib.get_close_matches(str(key), keys, 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise MigrateError(f"{path}: unknown key `{key}`{hint}")


def _item(entry: Any, ids: set[str], path: Path) -> Item:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise MigrateError(f"{path}: a checklist item is a mapping with an `id`")
    _known(entry, _ITEM_KEYS, path)
    rules = tuple(entry.get("rules", ()))
    if not rules and entry.get("by") != "verify" and "language" not in entry:
        raise MigrateError(f"{path}: checklist item `{entry['id']}` has no `rules`")
    for rule in rules:
        if rule not in ids:
            near = difflib.get_close_matches(rule, ids, 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise MigrateError(
                f"{path}: checklist item `{entry['id']}` names no rule of the pack: `{rule}`{hint}"
            )
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
