"""What has to stand around the place that a pattern finds, and what must not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from migrator.model import Applicability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from migrator.patterns.found import Found
    from migrator.patterns.holes import Snippet


class Pattern(Protocol):
    """A pattern of any language."""

    @property
    def snippet(self) -> Snippet:
        """What it was read from."""

    def match(self, meaning: Any, node: Any, /) -> Found[Any] | None:
        """What stands in the holes if `node` is what this means."""


@dataclass(frozen=True)
class Around:
    """Patterns of which one is to stand around a place (`inside`), and of which none may.

    A hole that the place has too stands for the same code, by `equal`.
    """

    inside: Sequence[Pattern]
    outside: Sequence[Pattern]
    equal: Callable[[Any, Any], bool]

    @property
    def patterns(self) -> Sequence[Pattern]:
        """All of them."""
        return (*self.inside, *self.outside)

    def holds(self, meaning: Any, nodes: Iterable[Any], found: Found[Any]) -> bool:
        """Whether the `nodes` around the place are such; what is only likely lowers `found`."""
        if not self.inside and not self.outside:
            return True
        above = list(nodes)
        inside = self._best(self.inside, meaning, above, found)
        if self.inside and inside is None:
            return False
        outside = self._best(self.outside, meaning, above, found)
        if outside is not None:
            pattern, match = outside
            if _proven(match) is Applicability.SAFE:
                return False
            found.lower(Applicability.REVIEW, f"it may stand inside {_told(pattern)}")
        if inside is not None:
            pattern, match = inside
            proven = _proven(match)
            may = "may stand" if proven is Applicability.REVIEW else "stands"
            found.lower(proven, f"it {may} inside {_told(pattern)}")
            found.around.update(match.holes)
            for why in match.evidence:
                found.lower(proven, why)
        return True

    def _best(
        self, patterns: Iterable[Pattern], meaning: Any, nodes: Iterable[Any], found: Found[Any]
    ) -> tuple[Pattern, Found[Any]] | None:
        """The pattern that is proven most to stand around, and what it came to."""
        best: tuple[Pattern, Found[Any]] | None = None
        for pattern in patterns:
            for node in nodes:
                match = pattern.match(meaning, node)
                if match is None or not self._fits(match, found):
                    continue
                if best is None or _proven(match) > _proven(best[1]):
                    best = pattern, match
        return best

    def _fits(self, match: Found[Any], found: Found[Any]) -> bool:
        """Whether the holes that both have stand for the same code."""
        ours, theirs = _held(match), _held(found)
        return all(
            len(ours[name]) == len(theirs[name]) and all(map(self.equal, ours[name], theirs[name]))
            for name in ours.keys() & theirs.keys()
        )


def _held(match: Found[Any]) -> Mapping[str, Sequence[Any]]:
    return {**match.rests, **{name: (node,) for name, node in match.holes.items()}}


def _proven(match: Found[Any]) -> Applicability:
    return Applicability.REVIEW if match.unclear else match.proven


def _told(pattern: Pattern) -> str:
    return f"`{' '.join(pattern.snippet.text.split())}`"
