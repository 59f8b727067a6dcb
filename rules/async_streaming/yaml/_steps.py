"""What counts for an llm step of a YAML stream: its own, what it merges, defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.helpers.merges import Entry, lookup, lookup_any
from migrator.helpers.yaml import line_of

from .._facts import Step

if TYPE_CHECKING:
    from migrator.languages.yaml import Mapping, Node

HOLDERS = frozenset({"steps", "parallel", "branches"})
DEFAULTS = "defaults"
#: What a step may inherit, each with the names it goes by, the current one first.
STREAM = ("stream", "async_stream")
HANDLER = ("stream_handler", "async_handler")
PROVIDER = ("provider",)
MODEL = ("model",)
INHERITED = (STREAM, HANDLER, PROVIDER, MODEL)

#: What counts under some names of one thing: several entries where a mapping has several names.
Said = tuple["Entry", ...]
#: What defaults say for each of `INHERITED`, from the nearest mapping that says anything.
Inherited = tuple[Said, ...]
NO_DEFAULTS: Inherited = ((),) * len(INHERITED)


@dataclass(eq=False)
class LlmStep:
    """A mapping that is an llm step, with the defaults of every place that it is used at.

    `used` are the steps that it makes: itself where it stands as one, and aliases.
    """

    mapping: Mapping
    type: Entry
    place: str
    inherited: list[Inherited] = field(default_factory=list)
    used: dict[Node, None] = field(default_factory=dict)

    def said(self, keys: tuple[str, ...]) -> list[Said]:
        """What counts for the step under `keys`: once, or once a use if defaults decide."""
        own = lookup_any(self.mapping, keys)
        if own:
            return [own]
        return [inherited[INHERITED.index(keys)] for inherited in self.inherited]

    @property
    def pair(self) -> tuple[Node, Node]:
        """The pair that makes the mapping an llm step: `type`, or the merge that brings it."""
        return self.type.pair if self.type.by is None else self.type.by


def label(mapping: Mapping) -> str:
    """What the author calls the step, or an empty text."""
    for key in ("id", "name"):
        entry = lookup(mapping, key)
        text = line_of(entry.value) if entry else None
        if text:
            return text
    return ""


def step_of(mapping: Mapping) -> Step:
    """How facts tell the step."""
    return Step(label(mapping), mapping.span.start)
