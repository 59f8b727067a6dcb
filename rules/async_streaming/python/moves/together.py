"""Which calls stay because what they are given as handler does, and why.

It takes the legacy events for now, see `staying`: a call that moved would send it the current
ones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability

from ..handlers.far_calls import handed_far, taking
from ..handlers.given import all_behind
from ..reading.classes import method_owner
from .behind import Behind, behind
from .legacy_names import based_on, of_library, suppressed_names, told, why_of
from .staying import staying

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..reading.meaning import Meaning
    from .moved_calls import Use


def together(meaning: Meaning, found: Sequence[Use]) -> Sequence[Use]:
    """`found`, in which each stays that is given what stays."""
    held = _Held(meaning)
    if not held.is_needed(found):
        return found
    uses = list(found)
    for use in uses:
        held.add(use)
    growing = True
    while growing:
        growing = False
        for at, use in enumerate(uses):
            if use.applicability is Applicability.MANUAL:
                continue
            label, why = held.why(use)
            if why and why != sent_by(meaning, use):
                uses[at] = replace(
                    use,
                    applicability=Applicability.MANUAL,
                    edits=(),
                    message=f"{label} stays, since {why}: move both",
                    kept=why,
                )
                held.add(uses[at])
                growing = True
    return uses


class _Held:
    """What stays as it is, and takes the legacy events: functions here, and names."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.stays = staying(meaning, ())
        self.takers = told(meaning, "python-gives-held")
        #: Why something stays that only this file shows to: all that is not known may be that.
        self.here = next(iter(suppressed_names(meaning).values()), "")
        self.open = ""
        self._behind: dict[cst.BaseExpression, Behind] = {}

    def is_needed(self, found: Sequence[Use]) -> bool:
        """Whether anything stays."""
        stays = self.stays
        return bool(stays.names or self.takers or stays.functions) or any(use.kept for use in found)

    def add(self, use: Use) -> None:
        """What is given to `use` stays, if it does."""
        if not use.kept or use.handler is None:
            return
        taken = self._of(use.handler)
        self.here = self.here or use.kept
        self.open = self.open or (use.kept if taken.is_open else "")
        self.stays.add(taken, use.kept)
        for name in of_library(self.meaning, use.handler, taken):
            self.stays.names.setdefault(name, use.kept)

    def why(self, use: Use) -> tuple[str, str]:
        """What `use` is given that stays, and why it does; no reason if there is nothing."""
        if use.handler is None:
            return "", ""
        for fact in taking(self.meaning, use.handler, legacy=True):
            if (why := self.takers.get(fact.key)) is not None:
                return "what another file gives here", why
        return self.of(use.handler)

    def of(self, handler: cst.BaseExpression) -> tuple[str, str]:
        """The same of what is given as `handler`."""
        for name in all_behind(self.meaning, handler):
            if why := why_of(self.stays.names, name):
                return f"`{_label(name)}`", why
        taken = self._of(handler)
        for function in taken.functions:
            if function in self.stays.functions:
                return _named(self.meaning, function), self.stays.functions[function]
        for owner in taken.owners:
            if why := based_on(self.meaning, owner, self.stays.names):
                return f"`{owner.name.value}`", why
        return "what may be given here", self.open or (self.here if taken.is_open else "")

    def _of(self, handler: cst.BaseExpression) -> Behind:
        if handler not in self._behind:
            self._behind[handler] = behind(self.meaning, handler)
        return self._behind[handler]


def gives_held(meaning: Meaning, uses: Sequence[Use]) -> Iterator[tuple[str, str]]:
    """The functions of other files that are given something that stays, to give it on."""
    held = _Held(meaning)
    for use in uses:
        held.add(use)
    for place, _, arg in handed_far(meaning) if held.is_needed(uses) else ():
        if why := held.of(arg.value)[1]:
            yield place, why


def sent_by(meaning: Meaning, use: Use) -> str:
    """Why what is given to `use`, which is suppressed, takes the legacy events for now."""
    where = f"line {_line(meaning, use.node)} of {meaning.source.path}"
    return f"the call at {where} is suppressed, and goes on to send the legacy events"


def _named(meaning: Meaning, function: cst.CSTNode) -> str:
    owner = method_owner(meaning, function)
    named = owner if owner is not None else function
    is_named = isinstance(named, (cst.ClassDef, cst.FunctionDef))
    return f"`{named.name.value}`" if is_named else "the lambda"  # type: ignore[attr-defined]


def _label(name: str) -> str:
    """A name of the library in full, of a place the name there."""
    return name.rpartition(":")[2].rpartition(".")[2] if ":" in name else name


def _line(meaning: Meaning, node: cst.CSTNode) -> int:
    return meaning.source.position(meaning.tree.spans[node].start).line
