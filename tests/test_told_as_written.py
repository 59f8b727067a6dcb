"""What a finding says of a name is spelled as the source spells it."""

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
