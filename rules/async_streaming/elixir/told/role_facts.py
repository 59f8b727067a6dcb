"""What files are told of each other's handlers, and of the functions that they give events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Fact, Look, Source
from migrator.helpers.elixir.names import handed_on

from ..._facts import HANDLER_USE, is_elixir
from ..calls.calls import uses
from ..events.events import suppressed
from ..reading.meaning import (
    BASE,
    BRINGS,
    GIVEN,
    GIVES,
    GIVES_LIST,
    HANDLES,
    KEPT,
    METHOD,
    SENDS,
    TAKES_HANDLER,
    is_handed_on,
    now,
)
from ..takers.legacy import Legacy
from ..takers.roles import Roles, roles
from ..values import messages
from ..values.results import results_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..values.whole import Whole

_GIVE = (GIVES, GIVES_LIST)


def facts(source: Source, look: Look) -> Iterator[Fact]:
    """The handlers of `source` that other files may name, and those that it names elsewhere."""
    found = roles(source, look)
    for module in found.modules:
        # In the order of the file: that of a set is another one with each run.
        if module.name and module in found.behaviours.proven:
            yield Fact(HANDLES, now(module.name), path=source.path)
    for module, given in found.behaviours.bases.items():
        if module.name:
            yield Fact(BASE, now(module.name), tuple(sorted(given.items())), source.path)
            # Its handlers may hand their events to what they have by its imports.
            for one in handed_on(found.meaning.names):
                if one.module == module.name and one.kind == "import" and not is_handed_on(one):
                    yield Fact(BRINGS, one.module, tuple(one), source.path)
    for key, legacy in sorted(found.elsewhere.items()):
        yield Fact(GIVEN, key, legacy, source.path)
    whole = Legacy(found).whole
    yield from _given_back(source, found, whole)
    yield from messages.facts(whole, whole.calling.stores, source.path)
    for taker, legacy in sorted(found.wrappers.items()):
        yield Fact(TAKES_HANDLER, str(taker), (*taker, legacy), source.path)
    for use in uses(source, look):
        if use.kept and use.handler is not None:
            start, end = use.handler.span
            for reference in found.meaning.names.references:
                if start <= reference.node.span.start < end:
                    yield Fact(KEPT, now(reference.name), use.kept, source.path)
    for name, why in suppressed(source, look):
        yield Fact(KEPT, now(name), why, source.path)


def _given_back(source: Source, found: Roles, whole: Whole) -> Iterator[Fact]:
    """The functions that give others events that they hold."""
    for (module, name), clauses in found.meaning.definitions.items():
        for one in clauses if module is not None and module.name else ():
            results = list(results_of(one.call))
            for kind, tell in ((GIVES, whole.value), (GIVES_LIST, whole.items)):
                if module and module.name and any(map(tell, results)):
                    for arity in range(one.least, one.most + 1):
                        yield Fact(kind, f"{now(module.name)}.{name}/{arity}", path=source.path)


def learn(facts: Sequence[Fact]) -> Iterator[Fact]:
    """What files are told of each other's handlers."""
    kept: set[str] = set()
    given_to: dict[str, bool] = {}
    for fact in facts:
        leaf = fact.key.rpartition(".")[2]
        if fact.kind in (HANDLES, BASE):
            word = METHOD if fact.kind == HANDLES else "use"
            yield Fact(fact.kind, fact.key, fact.value, words=((leaf, word),))
        elif fact.kind == SENDS and fact.key not in kept:
            kept.add(fact.key)
            yield messages.learn(fact)
        elif fact.kind == GIVEN:
            given_to[fact.key] = bool(fact.value) or given_to.get(fact.key, False)
        elif fact.kind == TAKES_HANDLER and isinstance(fact.value, tuple):
            module, _, function = str(fact.value[0]).rpartition(".")
            words = (module.rpartition(".")[2], function)
            yield Fact(fact.kind, fact.key, fact.value, words=(words,))
        elif fact.kind == KEPT and fact.key not in kept:
            kept.add(fact.key)
            # Who holds its events, and who may give it to a call.
            who = ("chunk", "complete", "AsyncStreaming")
            yield Fact(KEPT, fact.key, fact.value, words=tuple((leaf, word) for word in who))
        elif fact.kind == HANDLER_USE and is_elixir(fact.key):
            # Nothing says that the step is of the legacy API.
            given_to.setdefault(f"{fact.key}.{METHOD}/1", False)
    for kind, key in sorted({(fact.kind, fact.key) for fact in facts if fact.kind in _GIVE}):
        module, _, function = key.rpartition(".")
        words = (module.rpartition(".")[2], function.partition("/")[0])
        yield Fact(kind, key, words=(words,))
    for key, legacy in sorted(given_to.items()):
        # What takes an event whole need not say what kinds there are.
        module, _, function = key.rpartition(".")
        words = (module.rpartition(".")[2], function.partition("/")[0])
        yield Fact(GIVEN, key, legacy, words=(words,))
