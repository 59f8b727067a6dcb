"""How a legacy name is spelled once it has moved, where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Edit
from migrator.helpers.elixir.names import Target
from migrator.helpers.elixir.spelling import spelled
from migrator.helpers.elixir.statements import by_itself

from ..._names import ELIXIR_CURRENT, ELIXIR_LEGACY
from ..reading.fate import NEW, OLD
from ..reading.meaning import CURRENT_CALLS, ROOT, Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Source
    from migrator.helpers.elixir.names import Reference

    from .fates import Fates

_CALLS = CURRENT_CALLS.rpartition(".")[2]


def renamed(fates: Fates, reference: Reference) -> Iterator[Edit]:
    """The edits that give a name below or at the namespace its current spelling.

    None where it stands for itself: it is reached through an alias of a module below.
    """
    path = fates.meaning.source.path
    place = 1 - reference.offset
    if not 0 <= place < len(reference.parts):
        return
    text, span = reference.parts[place]
    by = reference.by
    if place or not isinstance(by, Target) or by.name != ELIXIR_LEGACY:
        if text == OLD:
            yield Edit(path, span, NEW)
        return
    fate = fates.of(by)
    if fate.stays:
        yield Edit(path, span, spelled(reference.env, ELIXIR_CURRENT))
    elif not fate.keeps_short:
        yield Edit(path, span, NEW)


def out_of_braces(source: Source, target: Target) -> tuple[Edit, ...]:
    """The edits that give the namespace an alias of its own beside the braces that it stands in."""
    prefix = target.directive.prefix
    assert prefix is not None
    name = f"{prefix.text}.{target.node.text.removesuffix(OLD)}{NEW}"
    return by_itself(source, target, f"{name}, as: {OLD}")


def to_calls(meaning: Meaning, reference: Reference) -> Edit:
    """The edit that makes the namespace's module that of the current calls."""
    path = meaning.source.path
    place = 1 - reference.offset
    if 0 <= place < len(reference.parts):
        text, span = reference.parts[place]
        # A short name of the namespace, by an alias or by nesting, is not one of what is beside it.
        is_short = isinstance(reference.by, Target) or reference.by == ELIXIR_LEGACY
        if text == OLD and (place or not is_short):
            return Edit(path, span, _CALLS)
    return Edit(path, reference.node.span, _by_outer(meaning, reference))


def _by_outer(meaning: Meaning, reference: Reference) -> str:
    """The module of the calls by the alias that an alias of the namespace goes by, else in full.

    Else nothing might be left that uses it.
    """
    by = reference.by
    named = meaning.names.at(by.node) if isinstance(by, Target) else None
    outer = named.by if named is not None else None
    if isinstance(outer, Target) and outer.short is not None:
        if reference.env.aliases.get(outer.short) is outer and outer.name == ROOT:
            return f"{outer.short}.{_CALLS}"
    return spelled(reference.env, CURRENT_CALLS)
