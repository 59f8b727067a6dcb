"""One named Agent or GenServer as the handler of more than one step.

Its state and its output are those of all the steps together: the guide's "duplicate output". Each
run has to start a handler of its own. A step may name it, merge it, have it from defaults or be an
alias of another step. A Python class or function is no process, and may be named as often as one
likes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Finding, Severity

from .._facts import HANDLER_INHERITED, HANDLER_USE, NAMED_PROCESS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Fact, Look, Source

TRIGGERS = ()
_ISSUE = 'the guide has this among its common issues: "duplicate output"'


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    yield from ()


def conclude(facts: Sequence[Fact], look: Look) -> Iterator[Finding]:
    processes = {fact.key: fact for fact in facts if fact.kind == NAMED_PROCESS}
    uses: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.kind in (HANDLER_USE, HANDLER_INHERITED) and fact.value and fact.key in processes:
            uses.setdefault(fact.key, []).append(fact)
    for name, named in sorted(uses.items()):
        count = len({(fact.path, fact.value) for fact in named})
        if count < 2:
            continue
        process = processes[name]
        for fact in named:
            assert fact.span is not None
            message = (
                f"`{name}` is {process.value} under a fixed name and handles {count} steps: "
                "start a fresh handler for each run"
            )
            evidence = (f"the process is defined in {process.path}", _ISSUE)
            yield Finding("shared-handler", fact.path, fact.span, Severity.ERROR, message, evidence)
