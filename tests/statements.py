"""Statements about events, with gaps that hypothesis fills: the tests of generated handlers.

In them `<event>` is a name of an event, `<tag>` and `<text>` what is read of it, `<test>` a test of
its tag, `<read>` something made of its text; `<+event>`, `<+tag>` and `<+text>` are new names for
them, and `<block>` is a few statements. Any other gap with a dot is a name of another module.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from textwrap import indent
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass
class Known:
    """What is in scope, as it is spelled."""

    event: list[str]
    tag: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def copy(self) -> Known:
        return Known(list(self.event), list(self.tag), list(self.text))


class Writer:
    """Writes statements that hypothesis draws."""

    def __init__(
        self,
        draw: st.DrawFn,
        tests: Sequence[str],
        reads: Sequence[str],
        spelled: Callable[[str], str] = str,
    ) -> None:
        self._draw = draw
        self._expressions = {"test": tests, "read": reads}
        self._spelled = spelled
        self._names = 0

    def block(
        self, known: Known, depth: int, statements: Sequence[str], *, at_most: int = 4
    ) -> str:
        """A few of `statements`, on the uppermost of `depth` levels."""
        fitting = [one for one in statements if depth or "<block>" not in one]
        known = known.copy()
        drawn = self._draw(st.lists(st.sampled_from(fitting), min_size=1, max_size=at_most))
        return "\n".join(self.filled(one, known, depth, statements) for one in drawn)

    def filled(self, statement: str, known: Known, depth: int, statements: Sequence[str]) -> str:
        """`statement` with its gaps filled; what it binds is known from then on."""
        if "<block>" in statement:
            known = known.copy()  # what it binds may not be bound behind it

        def fill(found: re.Match[str]) -> str:
            margin, what = found[1] or "", found[2]
            if what == "block":
                return indent(self.block(known, depth - 1, statements), margin)
            if what in self._expressions:
                return self.filled(self._pick(self._expressions[what]), known, depth, statements)
            if what.startswith("+"):
                self._names += 1
                getattr(known, what[1:]).append(f"{what[1:]}{self._names}")
                return f"{margin}{what[1:]}{self._names}"
            if what == "event":
                return f"{margin}{self._pick(known.event)}"
            if what not in ("tag", "text"):
                return f"{margin}{self._spelled(what)}"
            index = ("tag", "text").index(what)
            spelled = [*getattr(known, what), *(f"{one}[{index}]" for one in known.event)]
            return f"{margin}{self._pick(spelled)}"

        return re.sub(r"(?m)(^ +)?<(\+?[\w.]+)>", fill, statement)

    def _pick(self, options: Any) -> str:
        return str(self._draw(st.sampled_from(options)))


def alike(value: Any) -> Any:
    """`value`, in which events of now are what they were."""
    if isinstance(value, tuple) and value and value[0] in ("delta", "done"):
        content = value[1]["content"] if isinstance(value[1], dict) else value[1]
        return ("chunk" if value[0] == "delta" else "complete", content)
    if isinstance(value, dict):
        return {key: alike(one) for key, one in value.items()}
    return [alike(one) for one in value] if isinstance(value, (list, tuple)) else value
