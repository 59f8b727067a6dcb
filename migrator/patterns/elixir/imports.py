"""What becomes of the functions that an import names with `only:`, when calls of them move."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.elixir.calls import Pair, pairs
from migrator.helpers.elixir.items import rearranged
from migrator.helpers.elixir.statements import removed
from migrator.model import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from migrator.helpers.elixir.bindings import Target
    from migrator.patterns.elixir.meaning import Reached
    from migrator.patterns.elixir.rules import Hit


class Entry(NamedTuple):
    """One function in the `only:` of an import."""

    target: Target
    pair: Pair


class Imports:
    """The imports that hits of one file go by; `applies` says which hits will be applied.

    An import brings the new function in place of the old one if that is of the same module, and if
    all calls of the old one move. Else calls go by their full name, and what nothing needs any more
    goes from the list.
    """

    def __init__(self, source: Source, hits: Sequence[Hit], applies: Callable[[Hit], bool]) -> None:
        self.source = source
        self._users: dict[Entry, list[Hit]] = {}
        self._applies = applies
        for hit in hits:
            for reached in hit.match.reached.values():
                entry = self._entry(hit, reached)
                if entry is not None:
                    self._users.setdefault(entry, []).append(hit)

    def brings(self, hit: Hit, reached: Reached, new: str) -> bool:
        """Whether what imports `reached` brings the function `new` too, once all is done."""
        module, _, function = new.rpartition(".")
        if reached.target is None or module != reached.target.name:
            return False
        entry = self._entry(hit, reached)
        if entry is None:
            return _only(reached.target) is None
        listed = _only(reached.target) or ()
        return self._moves(entry) or any(pair.key == function for pair in listed)

    def edits(self, hit: Hit) -> list[Edit]:
        """The edits of the imports that `hit` goes by."""
        found: list[Edit] = []
        for reached in hit.match.reached.values():
            entry = self._entry(hit, reached)
            if entry is None or not self._all_apply(entry):
                continue
            new = hit.becomes
            if new is not None and self._moves(entry):
                found += self._renamed(entry, new.rpartition(".")[2])
            else:
                found += self._taken_out(entry)
        return found

    def _entry(self, hit: Hit, reached: Reached) -> Entry | None:
        if reached.target is None:
            return None
        function = reached.function.text
        listed = [pair for pair in _only(reached.target) or () if pair.key == function]
        if len(listed) > 1:
            listed = [pair for pair in listed if pair.value.text == str(reached.arity)]
        if len(listed) != 1:
            return None
        return Entry(reached.target, listed[0])

    def _all_apply(self, entry: Entry) -> bool:
        return not entry.target.quoted and all(map(self._applies, self._users.get(entry, [])))

    def _goes(self, entry: Entry) -> bool:
        return self._all_apply(entry) and not self._moves(entry)

    def _moves(self, entry: Entry) -> bool:
        """Whether the entry becomes that of the one function that all its users call then."""
        new = {hit.becomes for hit in self._users.get(entry, [])}
        module = {(one or "").rpartition(".")[0] for one in new}
        return self._all_apply(entry) and len(new) == 1 and module == {entry.target.name}

    def _renamed(self, entry: Entry, function: str) -> list[Edit]:
        start = entry.pair.name.span.start
        edits = [Edit(self.source.path, Span(start, start + len(entry.pair.key)), function)]
        arities = {hit.arity for hit in self._users.get(entry, [])}
        if len(arities) == 1 and None not in arities:
            edits.append(Edit(self.source.path, entry.pair.value.span, str(arities.pop())))
        return [one for one in edits if self.source.text[one.span.start : one.span.end] != one.text]

    def _taken_out(self, entry: Entry) -> list[Edit]:
        listed = _only(entry.target) or []
        gone = [
            pair
            for pair in listed
            if any(one.pair.node is pair.node and self._goes(one) for one in self._users)
        ]
        if len(gone) == len(listed):
            whole = removed(self.source, entry.target)
            if whole:
                return list(whole)
        kept = [place for place, pair in enumerate(listed) if pair not in gone]
        return list(rearranged(self.source, [pair.node for pair in listed], kept, 0))


def _only(target: Target) -> list[Pair] | None:
    """The functions that an import lists, if it does."""
    only = next((pair for pair in target.directive.options if pair.key == "only"), None)
    return pairs(only.value) if only is not None and only.value.kind == "list" else None
