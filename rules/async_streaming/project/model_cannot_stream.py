"""A step whose model cannot stream.

Some providers disable streaming for certain models, and the step falls back to sync execution.
Which ones is the project's knowledge, told in its `pyproject.toml`:

    [[tool.migrator.async-streaming.models]]
    provider = "claude"
    model = "claude-instant"
    streaming = false
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from migrator import Finding, Severity

from .._facts import STEP_MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Fact, Look, Source

TRIGGERS = ()
_TABLE = "`[[tool.migrator.async-streaming.models]]` says `streaming = false` for it"
_ISSUE = 'the guide has this among its common issues: "fallback to sync execution"'


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    yield from ()


def conclude(facts: Sequence[Fact], look: Look) -> Iterator[Finding]:
    refused = {
        (entry.get("provider"), entry.get("model"))
        for entry in look.options.get("async-streaming", {}).get("models", ())
        if entry.get("streaming") is False
    }
    seen = set()
    for fact in facts:
        if fact.kind != STEP_MODEL or fact.span is None:
            continue
        model = cast("tuple[str, str, int]", fact.value)[0]
        place = (fact.path, fact.span)
        if (fact.key, model) in refused and place not in seen:
            seen.add(place)
            message = (
                f"`{model}` of `{fact.key}` cannot stream: the step would fall back to sync "
                "execution; choose another model"
            )
            yield Finding(
                "model-cannot-stream",
                fact.path,
                fact.span,
                Severity.ERROR,
                message,
                (_TABLE, _ISSUE),
            )
