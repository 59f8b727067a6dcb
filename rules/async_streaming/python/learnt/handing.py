"""Which files are given objects that matter, and what they are told of the classes of those.

A file that is given a handler, or what keeps events, need not name its class. Nothing here parses:
see `learning`, and `far_instances` for the facts that it follows from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Fact
from migrator.helpers.python.modules import files_of

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence

    from migrator.model import Triggers

    from .derivations import Derivations
    from .exports import Exports

#: An object that matters is given to a function elsewhere, returned by one, or given to tests as a
#: fixture.
HANDED_INSTANCE = "handed-instance"
RETURNED = "returned-instance"
FIXTURE = "fixture"


def instances_shown(
    handed: Iterable[tuple[str, Fact]],
    handlers: Collection[str],
    by_kind: Mapping[str, Sequence[Fact]],
    exports: Exports,
    classes: Derivations,
) -> Iterator[Fact]:
    """`python-handed-instance` and its like, with what is known of the classes.

    `handed` are the functions that are given an object, by their places.
    """
    kept: dict[str, list[Fact]] = {}
    for fact in by_kind.get("recorded", ()):
        for one in classes.with_derived([fact.key.rpartition(".")[0]]):
            kept.setdefault(one, []).append(fact)
    given: dict[str, set[tuple[Hashable, str]]] = {}
    for place, fact in handed:
        assert isinstance(fact.value, tuple)
        at, owner = fact.value
        given.setdefault(place, set()).add((at, exports.final(owner)))
    for place in sorted(given):
        value = tuple(sorted(given[place], key=str))
        files = files_of(place)
        yield Fact(f"python-{HANDED_INSTANCE}", place, value, files=files)
        for owner in sorted({owner for _, owner in value}):
            if owner in handlers:
                yield Fact("python-handler", owner, "legacy", files=files)
            for fact in kept.get(owner, ()):
                yield _recorded(fact, owner, files=files)
    for kind in (RETURNED, FIXTURE):
        found: dict[str, set[str]] = {}
        for fact in by_kind.get(kind, ()):
            found.setdefault(fact.key, set()).add(exports.final(str(fact.value)))
        for place, owners in sorted(found.items()):
            named = exports.words(place) if kind == RETURNED else ((place.rpartition(":")[2],),)
            told = Fact(f"python-{kind}", place, tuple(sorted(owners)), words=named)
            yield from _told_by_name(told, handlers, kept)


def _told_by_name(
    told: Fact, handlers: Collection[str], kept: Mapping[str, Sequence[Fact]]
) -> Iterator[Fact]:
    """`told`, for the files that speak of such an object as well as of what matters of it."""
    assert isinstance(told.value, tuple)
    asked: set[tuple[str, ...]] = set()
    for owner in told.value:
        if owner in handlers:
            words = tuple((*group, "handle_event") for group in told.words)
            asked.update(words)
            yield Fact("python-handler", owner, "legacy", words=words)
        for fact in kept.get(owner, ()):
            words = tuple((*group, fact.key.rpartition(".")[2]) for group in told.words)
            asked.update(words)
            yield _recorded(fact, owner, words=words)
    if asked:
        yield told._replace(words=tuple(sorted(asked)))


def _recorded(fact: Fact, owner: str, *, words: Triggers = (), files: tuple[str, ...] = ()) -> Fact:
    """`python-recorded` of the class `owner`, which has it from that of `fact`."""
    key = f"{owner}.{fact.key.rpartition('.')[2]}"
    return Fact("python-recorded", key, fact.value, words=words, files=files)
