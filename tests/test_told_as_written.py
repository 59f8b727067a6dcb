"""What a finding says of a name: as the source spells it, from where that gives it."""

from __future__ import annotations

import pytest
from in_process import audited


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "pipeline.async_streaming:ConsoleHandler",
            "`pipeline.async_streaming:ConsoleHandler` is now `pipeline.streaming:ConsoleHandler`",
        ),
        (
            "pipeline.async_streaming:invoke",
            "`pipeline.async_streaming:invoke` is now `pipeline.llm:invoke`, "
            "which takes other arguments",
        ),
        (
            "pipeline.async_streaming.ConsoleHandler",
            "`pipeline.async_streaming.ConsoleHandler` is now `pipeline.streaming.ConsoleHandler`",
        ),
    ],
)
def test_a_name_behind_a_colon(name: str, told: str) -> None:
    (one,) = audited({"names.py": f'NAME = "{name}"\n'.encode()}).findings
    assert one.finding.message == told


def test_a_name_is_told_by_the_line_that_gives_it() -> None:
    text = """from pipeline.async_streaming import invoke

go = invoke
while go(ctx.prompt, print):
    go = mine.other
"""
    report = audited({"names.py": text.encode()})
    (call,) = [one.finding for one in report.findings if one.start.line == 4]
    assert call.evidence[0].endswith("bound at line 3 as `go`")
