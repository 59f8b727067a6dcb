"""The handlers of the library that stay the legacy ones in a file, and what they are bases of.

They are suppressed there, or come by way of another file where they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._names import INVOKE, PYTHON_LEGACY, in_namespace
from ..handlers.given import all_behind
from ..reading.classes import bases_of, local_bases
from ..reading.meaning import Meaning, meaning_of, once
from .collected import Collected
from .legacy_imports import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import libcst as cst

    from migrator import Look, Source

    from .behind import Behind
    from .legacy_imports import Import


def suppressed_names(meaning: Meaning) -> dict[str, str]:
    """The handlers of the library that stay in this file because they are suppressed, with why.

    So do those that come by way of another file where they stay.
    """
    stays = meaning.known.of("python-stays").values()
    by_way: dict[str, str] = dict(one for one in stays if isinstance(one, tuple))
    by_way.pop(INVOKE, None)
    own = f"{meaning.names.place}@"
    here = told(meaning, "python-kept-at").items()
    by_way.update((at.removeprefix(own), why) for at, why in here if at.startswith(own))
    return {**by_way, **meaning.once(_suppressed_names)}


def collected_in(source: Source, look: Look) -> Collected:
    """The legacy imports of the file, with all that refers to them."""
    found = Collected(meaning_of(source, look), look)
    found.collect_imports()
    found.collect_references(set())
    return found


def needed_elsewhere(meaning: Meaning, imported: Import) -> str:
    """Why an import has to stay for what other files have by way of it; an empty text if not."""
    if imported.binding.scope is not meaning.names.module:
        return ""
    place = f"{meaning.names.place}{imported.binding.name}"
    return str(meaning.known.get(("python-holds", place)) or "")


def _suppressed_names(source: Source, look: Look) -> dict[str, str]:
    meaning = meaning_of(source, look)
    found: dict[str, str] = {}
    if meaning.is_library or not (look.kept or meaning.known.of("python-holds")):
        return found
    collected = once(collected_in, source, look)
    for imported in collected.by_binding.values():
        line = collected.line(imported.binding.node)
        if not look.keeps(imported.rule, line):
            kept = [one for one in imported.references if collected.is_kept_by(one, imported)]
            line = collected.line(kept[0].node) if kept else 0
        why = f"line {line} of {source.path} keeps it the legacy one" if line else ""
        if why := why or needed_elsewhere(meaning, imported):
            names = (imported.name, *(reference.name for reference in imported.references))
            found.update(dict.fromkeys(filter(_does_something, names), why))
    return found


def of_library(meaning: Meaning, handler: cst.BaseExpression, taken: Behind) -> Iterator[str]:
    """The handlers of the legacy library that `handler` is, derives from or hands the events to."""
    for name in all_behind(meaning, handler):
        if in_namespace(name, PYTHON_LEGACY):
            yield name
    for owner in taken.owners:
        yield from bases_in_library(meaning, owner)
    if taken.is_open:
        for imported in meaning.once(collected_in).by_binding.values():
            names = (imported.name, *(one.name for one in imported.references))
            yield from filter(_does_something, names)


def is_of_library(name: str) -> bool:
    """Whether `name` is that of a handler of the legacy library."""
    return in_namespace(name, PYTHON_LEGACY) and _does_something(name)


def _does_something(name: str) -> bool:
    """Whether a name of the library is that of a handler that does something with events."""
    return rule_of(name) != "legacy-handler" and name.rpartition(".")[2][:1].isupper()


def bases_in_library(meaning: Meaning, owner: cst.ClassDef) -> Iterator[str]:
    """The handlers of the legacy library that `owner` derives from, and that do something."""
    for one in local_bases(meaning, owner):
        for base in bases_of(one):
            name = meaning.meaning(base)
            if name is not None and in_namespace(name, PYTHON_LEGACY) and _does_something(name):
                yield name


def based_on(meaning: Meaning, owner: cst.ClassDef, names: Mapping[str, str]) -> str:
    """Why a class stays, by one of `names` that it derives from; an empty text if it does not."""
    for one in local_bases(meaning, owner):
        for base in bases_of(one):
            name = meaning.meaning(base)
            if name is not None and _does_something(name) and (why := why_of(names, name)):
                return why
    return ""


def why_of(names: Mapping[str, str], name: str) -> str:
    """Why what is called `name` stays, by that itself or by a module that it is taken from."""
    while name and name not in names:
        name = name.rpartition(".")[0]
    return names.get(name, "")


def told(meaning: Meaning, kind: str) -> dict[str, str]:
    """The facts of a kind that say why."""
    return {place: str(why) for place, why in meaning.known.of(kind).items()}
