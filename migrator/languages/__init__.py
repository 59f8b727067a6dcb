"""The languages the engine knows; a parser is imported when a file of its language is read."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from migrator.model import Language

#: Language by suffix. Kept here, so that a walk imports no parser.
SUFFIXES = {
    ".ex": "elixir",
    ".exs": "elixir",
    ".py": "python",
    ".pyi": "python",
    ".pyw": "python",
    ".yaml": "yaml",
    ".yml": "yaml",
}
#: What words begin with that `Language.plain` adds to a file: what can be parsed does not hold it.
ADDED = "\0"
#: What to import before a file is parsed, by language: where processes share what one has imported.
PARSERS = {
    "elixir": "tree_sitter",
    "python": "migrator.languages.python_spans",
    "yaml": "migrator.languages.yaml_builder",
}
_MODULES = {name: f"migrator.languages.{name}" for name in sorted(set(SUFFIXES.values()))}


@cache
def language(name: str) -> Language:
    """The language with that name; raises `KeyError` where there is none."""
    return cast("Language", import_module(_MODULES[name]))
