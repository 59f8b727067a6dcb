"""What a name holds when a program runs comes from a binding that reaches it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from textwrap import indent

import libcst as cst
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.helpers.python.names import names
from migrator.model import Source

# Statements that bind or read `go`: `@` stands for the number of its line, `@+` and `@-` for those
# beside it; each line that is but `%` is replaced by a block, in a loop by one that may leave it.
STATEMENTS = (
    "go = value(@)",
    "mark(@, go)",
    "go += value(@)",
    "del go",
    "return",
    "def go(): pass",
    "[go := value(@) for _ in some(@)]",
    "[mark(@, go) for go in some(@)]",
    "[mark(@, go) for _ in some(@)]",
    "call(partial(list, (mark(@, go) for _ in some(@))))",
    "call(partial(list, ((go := value(@)) for _ in some(@))))",
    "call(lambda: mark(@, go))",
    "def go(a=mark(@, go)): pass",
    "class go:\n    line = @-\n    mark(@, go)\n    at = lambda _: mark(@, go)\ncall(go().at)",
    "def inner():\n    mark(@, go)\ncall(inner)",
    "def inner():\n    nonlocal go\n    %\ncall(inner)",
    "if chance():\n    %\nelse:\n    %",
    "if chance():\n    %\n    return",
    "if chance() and (go := value(@)):\n    %",
    "if chance() or (go := value(@)):\n    %\nelse:\n    %",
    "mark(@, go) if chance() else (go := value(@))",
    "while chance():\n    %loop\nelse:\n    %",
    "while mark(@, go) and chance():\n    %loop",
    "while (go := value(@)) and chance():\n    %loop",
    "for _ in some(@):\n    %loop",
    "for go in some(@):\n    %loop\nelse:\n    %",
    "try:\n    %\n    fail()\n    %\nexcept Exception:\n    %",
    "try:\n    %\nexcept Exception as go:\n    %\nelse:\n    %\nfinally:\n    %",
    "with context(@) as go:\n    %",
    "with suppress(Exception):\n    %\n    fail()\n    %",
    "with suppress(Exception):\n    if chance():\n        %\n        fail()\n        return",
    "match value(@+):\n    case go if chance():\n        %\n    case _:\n        %",
    "match value(@+):\n    case go:\n        %",
    "match chance():\n    case True:\n        %\n    case False:\n        %",
)
LEAVING = ("break", "continue", "if chance(): break", "if chance(): continue")


@st.composite
def blocks(draw: st.DrawFn, depth: int = 3, *, looped: bool = False) -> str:
    """A few statements, on the uppermost of `depth` levels."""
    known = [one for one in STATEMENTS if depth or "%" not in one]
    if looped:
        known += LEAVING
    lines: list[str] = []
    for statement in draw(st.lists(st.sampled_from(known), min_size=1, max_size=3)):
        for line in statement.split("\n"):
            margin, hole, kind = re.fullmatch(r"( *)(%?)(.*)", line).groups()  # type: ignore[union-attr]
            if hole:
                is_looped = kind == "loop" or (looped and "nonlocal" not in statement)
                inner = draw(blocks(depth - 1, looped=is_looped))
                lines += indent(inner, margin).split("\n")
            else:
                lines.append(line)
    return "\n".join(lines)


def numbered(text: str) -> str:
    """`text` with the number of its line in each."""
    lines = enumerate(text.split("\n"), 1)
    return "\n".join(
        line.replace("@+", str(number + 1)).replace("@-", str(number - 1)).replace("@", str(number))
        for number, line in lines
    )


class Value:
    """What a binding of `go` at `line` gives."""

    def __init__(self, line: int) -> None:
        self.line = line

    def __iadd__(self, other: Value) -> Value:
        return other


class Stop(BaseException):
    """The program has run for long enough."""


class Machine:
    """Runs a program by chance, and sees what `go` holds at which line."""

    def __init__(self, seed: int) -> None:
        self.seen: set[tuple[int, int]] = set()
        self._random = random.Random(seed)  # noqa: S311
        self._left = 60
        self._later: list[Callable[[], object]] = []

    def run(self, program: str) -> None:
        """Run it once, and what is left to call."""
        given = (self.mark, self.some, self.fail, self.call, self.chance, self.context)
        scope: dict[str, object] = {one.__name__: one for one in given}
        scope |= {"value": Value, "partial": partial, "suppress": suppress}
        exec(program, scope)  # noqa: S102
        run = scope["run"]
        assert callable(run)
        with suppress(Exception, Stop):
            run()
        for one in self._later:
            with suppress(Exception, Stop):
                one()

    def mark(self, line: int, go: object) -> object:
        code = getattr(go, "__code__", None)
        bound = getattr(go, "line", None) if code is None else code.co_firstlineno
        if bound is not None:
            self.seen.add((line, bound))
        return go

    def chance(self) -> bool:
        self._left -= 1
        if self._left < 0:
            raise Stop
        if self._later and self._random.random() < 0.3:
            self._random.choice(self._later)()
        return self._random.random() < 0.5

    def some(self, line: int) -> Iterator[Value]:
        while self.chance():
            yield Value(line)

    def fail(self) -> None:
        if self.chance():
            raise ValueError

    def call(self, function: Callable[[], object]) -> None:
        self._later.append(function)
        if self.chance():
            function()

    @contextmanager
    def context(self, line: int) -> Iterator[Value]:
        yield Value(line)


def reaching(program: str) -> dict[int, set[int]]:
    """At each line that reads `go` for `mark`, the lines of the bindings that reach it."""
    source = Source("program.py", program, "python")
    found = names(source)
    return {
        source.position(found.tree.spans[call].start).line: {
            source.position(found.tree.spans[one.node].start).line
            for one in found.reaching(call.args[1].value)
        }
        for call in found.tree.of(cst.Call)
        if isinstance(call.func, cst.Name)
        and call.func.value == "mark"
        and isinstance(call.args[1].value, cst.Name)
    }


@settings(max_examples=settings.default.max_examples // 2)
@given(blocks(), st.integers(0, 2**16))
def test_what_a_name_holds_comes_from_a_binding_that_reaches_it(body: str, seed: int) -> None:
    program = numbered(f"def run():\n    go = value(@)\n{indent(body, '    ')}\n    mark(@, go)\n")
    reached = reaching(program)
    for one in range(8):
        machine = Machine(seed + one)
        machine.run(program)
        for line, bound in machine.seen:
            assert bound in reached[line], f"line {line} holds what line {bound} bound:\n{program}"
