"""A new pack and a new rule: small ones that pass their own tests, to be written over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

_PACK = """\
# The types of this file: docs/schemas/pack.schema.json of migrate.
id: {id}
version: 0.1.0
title: From the old API of example to the new one

# The guide that these rules are made from; its examples are tested as well.
guide: guide.md

# A file that holds one of these and cannot be analysed is reported.
legacy-words: [{old}]

checklist:
  - id: names
    title: Names are the new ones
    section: "1. Names"
    rules: [old-name]
"""
_GUIDE = """\
# From example 1 to example 2

## 1. Names

`{old}` is now `{new}`.

```{language}
# BEFORE
{before}
# AFTER
{after}```
"""
_PYTHON = """\
summary: A name of example that is called otherwise now
why: |
  Say here what changed in which version, and where the release notes have it.
rename: example.{old} -> example.{new}
"""
_YAML = """\
summary: A key that is called otherwise now
why: |
  Say here what changed in which version, and where the release notes have it.
paths:
  - path: "**.{old}"
    rename: {new}
"""
_ELIXIR = """\
summary: A module of example that is called otherwise now
why: |
  Say here what changed in which version, and where the release notes have it.
rename: Example.{Old} -> Example.{New}
"""
_CASES = {
    "python": {
        "py-renamed/before.py": "from example import {old} as o, {old}\n\n{old}(o)\n",
        "py-renamed/after.py": "from example import {new} as o, {new}\n\n{new}(o)\n",
        "py-renamed/findings.txt": "before.py:1 {id} error safe\n" * 2
        + "before.py:3 {id} error safe\n",
        "py-of-others/before.py": "from other import {old}\n\n{old}('{old}')  # {old}\n",
    },
    "elixir": {
        "ex-aliased/before.ex": "alias Example.{Old}\n\n{Old}.run(Example.{Old}.X)\n",
        "ex-aliased/after.ex": "alias Example.{New}\n\n{New}.run(Example.{New}.X)\n",
        "ex-aliased/findings.txt": "before.ex:1 {id} error safe\n"
        + "before.ex:3 {id} error safe\n" * 2,
        "ex-of-others/before.ex": 'alias Other.{Old}\n\n{Old}.run("{Old}")  # {Old}\n',
    },
    "yaml": {
        "yaml-renamed/before.yaml": "a:\n  - {old}: 1  # stays\n",
        "yaml-renamed/after.yaml": "a:\n  - {new}: 1  # stays\n",
        "yaml-renamed/findings.txt": "before.yaml:2 {id} error safe\n",
        "yaml-as-a-value/before.yaml": "a: {old}\nb: |\n  {old}: 1\n",
    },
}
_RULES = {"python": _PYTHON, "elixir": _ELIXIR, "yaml": _YAML}
LANGUAGES = tuple(_RULES)
# What the guide of a new pack shows before; after, its names are the new ones.
_EXAMPLES = {
    "python": "from example import {old}\n\n{old}(1)\n",
    "elixir": "alias Example.{Old}\n\n{Old}.run(1)\n",
    "yaml": "{old}: 1\n",
}


def pack(folder: Path, language: str = "python") -> tuple[Path, ...]:
    """Write a pack with one rule to `folder`, which must not be there; the files it has."""
    if folder.exists():
        raise MigrateError(f"{folder}: is there already; name a folder that is not")
    if not _ID.fullmatch(folder.name):
        raise MigrateError(f"{folder}: a pack is called with small letters, digits and `-`")
    old, new = ("OldName", "NewName") if language == "elixir" else ("old_name", "new_name")
    before, after = (_EXAMPLES[language].format(old=one, Old=one) for one in (old, new))
    guide = _GUIDE.format(old=old, new=new, language=language, before=before, after=after)
    manifest = _PACK.format(id=folder.name, old=old)
    rule = _rule(language, "old-name")
    return _written(folder, {"pack.yaml": manifest, "guide.md": guide, **rule})


def rule(path: Path) -> tuple[Path, ...]:
    """Write a rule to `path`, `<pack>/<language>/<rule>.yaml`, and two cases beside it."""
    folder, language = path.parent.parent, path.parent.name
    if not (folder / "pack.yaml").is_file():
        raise MigrateError(
            f"{path}: a rule lies in a pack, and {folder} has no `pack.yaml`; "
            "`migrate rules new pack FOLDER` begins one"
        )
    if language not in _RULES or path.suffix != ".yaml":
        known = " or ".join(f"`{language}/<rule>.yaml`" for language in _RULES)
        raise MigrateError(f"{path}: a rule is {known}")
    if not _ID.fullmatch(path.stem):
        raise MigrateError(f"{path}: a rule is called with small letters, digits and `-`")
    texts = _rule(language, path.stem)
    # A rule has an implementation for each language, with cases of its own.
    cases = {(folder / name).parent for name in texts if name.startswith("fixtures/")}
    rules = {one.stem.replace("_", "-") for one in path.parent.glob("*")}
    if path.stem in rules or any(one.exists() for one in cases):
        raise MigrateError(f"{path}: the rule or a case of it is there already; name another")
    return _written(folder, texts)


def _rule(language: str, id_: str) -> dict[str, str]:
    name = id_.replace("-", "_")
    old = name if name.startswith("old") else f"old_{name}"
    new = f"new{old[3:]}"
    values = {"old": old, "new": new, "id": id_, "Old": _camel(old), "New": _camel(new)}
    texts = {f"{language}/{id_}.yaml": _RULES[language].format(**values)}
    for case, text in _CASES[language].items():
        texts[f"fixtures/{id_}/{case}"] = text.format(**values)
    return texts


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _written(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    paths = []
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        paths.append(path)
    return tuple(paths)
