"""Modules that move: what each name of them becomes, and the directives that name them.

A name is looked up by its first part, and so is edited where that part, or one behind it, is one of
those that move. What is reached through an alias of a module below needs no edit, unless the alias
changes its short name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.helpers.elixir.bindings import Target
from migrator.helpers.elixir.spelling import spelled
from migrator.helpers.elixir.statements import removed
from migrator.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.helpers.elixir.bindings import Reference
    from migrator.patterns.elixir.meaning import Meaning


@dataclass(frozen=True)
class Alias:
    """What becomes of an alias: its short name, and what keeps the old one, if it stays."""

    short: str
    keeps: bool = False
    problem: str | None = None


class Modules:
    """The names of one file that move; `moved` says where a full name goes, if it does."""

    def __init__(self, meaning: Meaning, moved: Callable[[str], str | None]) -> None:
        self.meaning = meaning
        self.moved = moved
        self._aliases: dict[Target, Alias] = {}

    def edits(self, reference: Reference, old: str, new: str) -> list[Edit] | None:
        """The edits that make of `reference`, at or below `old`, what it is with `new`.

        `None` where no name that is written there can be that.
        """
        by, parts = reference.by, reference.parts
        if not parts:
            return []
        target = reference.target
        if target is not None and target.directive.prefix is not None:
            return self._in_braces(reference, target, old, new)
        base = by.name if isinstance(by, Target) else by
        if base is not None and f"{base}.".startswith(f"{old}."):
            return self._by_alias(reference, by)
        last = parts[len(old.split(".")) - 1 - reference.offset][1].end
        if reference.offset < 0:
            return [self._edit(Span(parts[1][1].start, last), new)]
        if base is not None and f"{new}.".startswith(f"{base}."):
            first = parts[len(base.split(".")) - reference.offset][1].start
            return [self._edit(Span(first, last), new[len(base) + 1 :])]
        if base is not None and reference.defines is not None:
            return None
        return [self._edit(Span(reference.node.span.start, last), spelled(reference.env, new))]

    def _in_braces(
        self, reference: Reference, target: Target, old: str, new: str
    ) -> list[Edit] | None:
        """The same of `B` in `alias A.{B, C}`: what stands before the braces moves by itself."""
        prefix = self.meaning.names.name(target.directive.prefix)
        assert prefix is not None
        if f"{prefix}.".startswith(f"{old}."):
            return []
        if f"{new}.".startswith(f"{prefix}."):
            count = len(old.split(".")) - len(prefix.split("."))
            inside = [one for _, one in reference.parts if one.start >= target.node.span.start]
            span = Span(inside[0].start, inside[count - 1].end)
            return [self._edit(span, new[len(prefix) + 1 :])]
        gone = removed(self.meaning.source, target)
        if not gone or len(target.directive.targets) < 2:
            return None
        call = target.directive.call
        line = self.meaning.source.line_span(self.meaning.source.position(call.span.start).line)
        indent = self.meaning.source.text[line.start : call.span.start]
        if indent.strip():
            return None
        name = new + reference.name[len(old) :]
        end = call.span.end
        text = f"\n{indent}{target.directive.kind} {spelled(reference.env, name)}"
        return [*gone, self._edit(Span(end, end), text)]

    def _by_alias(self, reference: Reference, by: Target | str | None) -> list[Edit]:
        if isinstance(by, str):
            return self._by_nesting(reference, by)
        if by is None or reference.target is by:
            return []
        alias = self.alias(by)
        if alias is None or alias.keeps or alias.short == by.short:
            return []
        return [self._edit(reference.parts[0][1], alias.short)]

    def _by_nesting(self, reference: Reference, base: str) -> list[Edit]:
        """The same of the short name that a module has in the one around it."""
        new = self.moved(base)
        is_written = reference.offset == base.count(".")
        if new is None or not is_written or new.rpartition(".")[0] != base.rpartition(".")[0]:
            return []
        text, span = reference.parts[0]
        short = new.rpartition(".")[2]
        return [] if text == short else [self._edit(span, short)]

    def moves(self, target: Target) -> bool:
        """Whether what `target` names moves, and its alias with it."""
        return target.short is not None and self.moved(target.name) is not None

    def alias(self, target: Target) -> Alias | None:
        """What becomes of the alias that `target` makes; `None` for one that does not move."""
        new = self.moved(target.name)
        if new is None or not self.moves(target):
            return None
        if target not in self._aliases:
            self._aliases[target] = self._decided(target, new)
        return self._aliases[target]

    def _decided(self, target: Target, new: str) -> Alias:
        assert target.short is not None
        short = new.rpartition(".")[2]
        if target.renamed is not None or short == target.short:
            return Alias(target.short)
        handed_on = target.quoted or target.directive.kind == "use"
        if not handed_on and not self._is_taken(target, short, new):
            return Alias(short)
        problem = None
        if target.directive.prefix is not None:
            problem = f"`{short}` is another module here, and braces take no `as:`"
        return Alias(target.short, keeps=True, problem=problem)

    def named(self, target: Target) -> list[Edit]:
        """The edits beside the name in a directive: the `as:` that keeps the short name."""
        alias = self.alias(target)
        if alias is None or not alias.keeps or target.renamed is not None:
            return []
        end = target.node.span.end
        return [self._edit(Span(end, end), f", as: {alias.short}")]

    def _is_taken(self, target: Target, short: str, new: str) -> bool:
        """Whether `short` is the name of something else where the alias holds."""
        scope = target.scope
        for reference in self.meaning.names.references:
            if reference.parts and reference.parts[0][0] == short:
                within = scope.start <= reference.node.span.start < scope.end
                if within and not f"{reference.name}.".startswith(f"{new}."):
                    return True
        return any(
            other.short == short
            and other is not target
            and (self.moved(other.name) or other.name) != new
            and other.scope.start < scope.end
            and scope.start < other.scope.end
            for other in self._targets
        )

    @cached_property
    def _targets(self) -> list[Target]:
        return [one for each in self.meaning.names.directives for one in each.targets]

    def _edit(self, span: Span, text: str) -> Edit:
        return Edit(self.meaning.source.path, span, text)
