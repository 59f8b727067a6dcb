"""Where the names of Python modules lead, export by export, by what all files tell.

Nothing here parses: see `learning`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from migrator.helpers.python.modules import words_of

from ..._names import PYTHON_LEGACY, in_namespace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from migrator import Fact
    from migrator.model import Triggers


class Exports:
    """What modules have of other modules: `named` names, and `stars` for all that is in one."""

    def __init__(self, by_kind: Mapping[str, Sequence[Fact]]) -> None:
        self.named: dict[str, str] = {}
        for fact in by_kind.get("export", ()):
            # What an import may bring in both versions has to be looked at as the legacy one.
            if not in_namespace(self.named.get(fact.key, ""), PYTHON_LEGACY):
                self.named[fact.key] = str(fact.value)
        self._own_names = [fact.key for fact in by_kind.get("def", ())]
        self._finals: dict[str, str] = {}
        self.stars: dict[str, list[str]] = {}
        self.own: dict[str, frozenset[str]] = {}
        for fact in by_kind.get("star", ()):
            assert isinstance(fact.value, tuple)
            self.stars.setdefault(fact.key, []).append(fact.value[0])
            self.own[fact.key] = frozenset(fact.value[1])

    def final(self, name: str) -> str:
        """Where `name` leads through exports: a legacy name, or the place of a definition."""
        if name not in self._finals:
            *_, self._finals[name] = self._hops(name)
        return self._finals[name]

    def _hops(self, name: str) -> Iterator[str]:
        """`name` and where it leads, export by export, no export taken twice.

        An extension module is no file of the project: what is taken from it seems to be a name of
        the package, and may lead to itself (`from ..speed import speed`) with more and more behind.
        """
        seen, taken = {name}, set[str]()
        yield name
        while ":" in name and (hop := self._step(name)) is not None:
            export, name = hop
            if export in taken or name in seen:
                return
            taken.add(export)
            seen.add(name)
            yield name

    def _step(self, place: str) -> tuple[str, str] | None:
        """The export that `place` goes by, and where to."""
        module, _, qualname = place.partition(":")
        parts = qualname.split(".") if qualname else []
        for length in range(1, len(parts) + 1):
            export = f"{module}:{'.'.join(parts[:length])}"
            if export in self.named:
                return export, _extended(self.named[export], parts[length:])
        stars = self.stars.get(f"{module}:", ())
        if parts and stars and parts[0] not in self.own.get(f"{module}:", ()):
            # The last import of a name counts; what is not in the project may bring any.
            having = [one for one in stars if parts[0] in self._names.get(one, ())]
            return f"{module}:*", _extended(having[-1] if having else stars[0], parts)
        return None

    def way(self, name: str) -> Iterator[str]:
        """The places from `name` on through exports."""
        return (place for place in self._hops(name) if ":" in place)

    def root(self, name: str) -> Sequence[str]:
        """The last place that `name` comes by, if there is any."""
        return list(self.way(name))[-1:]

    def words(self, place: str) -> Triggers:
        """What a file must hold to speak of `place`, by its name or by one that leads there."""
        groups = dict.fromkeys(words_of(place))
        module, _, qualname = place.partition(":")
        parts = qualname.split(".") if qualname else []
        for length in range(len(parts) + 1):
            for export in self._leading.get(f"{module}:{'.'.join(parts[:length])}", ()):
                groups.update(dict.fromkeys(words_of(_extended(export, parts[length:]))))
        return tuple(groups)

    @cached_property
    def _leading(self) -> dict[str, list[str]]:
        """The exports that lead to a place."""
        found: dict[str, list[str]] = {}
        for export, target in self.every:
            found.setdefault(target, []).append(export)
        return found

    @cached_property
    def every(self) -> list[tuple[str, str]]:
        """Each export, also of what comes by a star, with where it leads."""
        return [*((place, self.final(place)) for place in self.named), *self._by_stars()]

    def _by_stars(self) -> Iterator[tuple[str, str]]:
        for module in self.stars:
            defined = self._defined.get(module, ())
            for name in sorted(self._names[module]):
                if name not in defined:
                    place = f"{module}{name}"
                    yield place, self.final(place)

    @cached_property
    def _defined(self) -> dict[str, set[str]]:
        """The names that each module defines or imports one by one."""
        found: dict[str, set[str]] = {}
        for place in (*self._own_names, *self.named):
            module, colon, name = place.partition(":")
            if "." not in name:
                found.setdefault(f"{module}{colon}", set()).add(name)
        return found

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        """The names in each module, with those of all modules that it imports whole, and so on."""
        found = {module: set(names) for module, names in self._defined.items()}
        importers: dict[str, list[str]] = {}
        for module, targets in self.stars.items():
            found.setdefault(module, set())
            for target in targets:
                importers.setdefault(target, []).append(module)
        waiting = list(found)
        while waiting:
            target = waiting.pop()
            for module in importers.get(target, ()):
                news = found[target] - found[module] - self.own[module]
                if news:
                    found[module] |= news
                    waiting.append(module)
        return found

    def legacy_stars(self) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
        """The modules whose star imports lead to the legacy package, by way of others too.

        With what it is that they lead to, and the names that one on the way has itself.
        """
        for module in sorted(self.stars):
            own: set[str] = set()
            seen: set[str] = set()
            waiting = [module]
            while waiting:
                current = waiting.pop()
                if in_namespace(current, PYTHON_LEGACY):
                    yield module, (current, tuple(sorted(own)))
                    break
                if current not in seen:
                    seen.add(current)
                    own |= self.own.get(current, frozenset())
                    waiting += reversed(self.stars.get(current, ()))


def _extended(target: str, rest: Sequence[str]) -> str:
    if not rest:
        return target
    return target + ("" if target.endswith(":") else ".") + ".".join(rest)
