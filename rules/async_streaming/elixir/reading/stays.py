"""Modules of the project in the legacy namespace that a suppressed name keeps where they are.

Such a module is found by one name alone: where a line that is suppressed says the legacy one, the
module keeps it, and so does all else that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Fact
from migrator.helpers.elixir.calls import text_in

from ..._names import rule_of
from .fate import OLD
from .meaning import Meaning, is_legacy, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Look, Source
    from migrator.helpers.elixir.names import Module
    from migrator.languages.elixir import Node

#: A module that the project defines, with the outermost of the legacy namespace around it.
_DEFINES = "elixir-defines"
#: A name that a suppressed line says, with where.
_NAMED = "elixir-named"
_STAYS = "elixir-stays"
_ROOT = "Elixir."


def why_it_stays(meaning: Meaning, name: str) -> str:
    """Why the module of the project that is called `name` stays, if it does."""
    return str(meaning.known.get((_STAYS, name)) or "")


def facts(source: Source, look: Look) -> Iterator[Fact]:
    """The modules of the legacy namespace that `source` defines, and those that it has to name."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    for module in meaning.names.modules:
        if module.name and is_legacy(module.name):
            yield Fact(_DEFINES, module.name, _outermost(module), source.path)
    for name, node in _names(meaning):
        line = meaning.line(node)
        if is_legacy(name) and look.keeps(rule_of(name), line):
            yield Fact(_NAMED, name, f"line {line} of {source.path}", source.path)


def learn(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Who names such a module is told that it stays."""
    outermost = {fact.key: fact.value for fact in facts if fact.kind == _DEFINES}
    kept = {
        outermost[fact.key]: f"for {fact.value}, which names it so and is suppressed: move both"
        for fact in reversed(facts)
        if fact.kind == _NAMED and fact.key in outermost
    }
    for name, around in outermost.items():
        if around in kept:
            leaf = name.rpartition(".")[2]
            yield Fact(_STAYS, name, kept[around], words=((leaf, OLD),))


def _outermost(module: Module) -> str:
    """The name of the outermost module around `module` that is of the legacy namespace."""
    name = module.name or ""
    while module.outer is not None:
        module = module.outer
        if module.name and is_legacy(module.name):
            name = module.name
    return name


def _names(meaning: Meaning) -> Iterator[tuple[str, Node]]:
    """What the file names, by a module's name or in a string."""
    for reference in meaning.names.references:
        yield reference.name, reference.node
    for node in meaning.tree.of("charlist", "string"):
        yield (text_in(node) or "").removeprefix(_ROOT), node
