"""JSON Schemas of the files that make a pack, for editors; `docs/schemas` keeps them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from migrator.engine.manifest import PackForm
from migrator.patterns.forms import RuleFile

if TYPE_CHECKING:
    from pathlib import Path

_TYPES = {"pack.schema.json": PackForm, "rule.schema.json": RuleFile}


def schemas() -> dict[str, str]:
    """The text of each schema by the name of its file."""
    return {name: _text(type_) for name, type_ in _TYPES.items()}


def _text(type_: type) -> str:
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema.update(msgspec.json.schema(type_))
    return json.dumps(schema, indent=2) + "\n"


def write(folder: Path) -> None:
    """Write the schemas to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, "utf-8")
