"""Where each item of the checklist stands, and what to do next."""

from __future__ import annotations

import pytest
from in_process import audited

BY_HAND = b"from pipeline.async_streaming import invoke\n\ninvoke(**options)\n"
SAFE = b"steps:\n  - {type: llm, async_stream: true}\n"
REVIEW = b"steps:\n  - {type: llm}\n"
CHOSEN = b"steps:\n  - {type: llm, stream: false}\n"
BROKEN = b"async_stream: [\n"
UNTAGGED = b"""\
defmodule ATest do
  use ExUnit.Case
  test "streams" do
    Pipeline.LLM.invoke!(ctx, prompt: "p", stream: true, on_event: &IO.inspect/1)
  end
end
"""


@pytest.mark.parametrize(
    ("files", "item", "state", "count", "todo"),
    [
        ({"a.yaml": SAFE}, "configuration", "open", 1, "`migrate apply` settles 1"),
        (
            {"a.yaml": REVIEW},
            "steps-stream",
            "open",
            1,
            "review 1 in `migrate apply --unsafe --dry-run`",
        ),
        ({"a.yaml": CHOSEN}, "steps-stream", "manual", 1, "edit 1 by hand, the first at a.yaml:2"),
        (
            {"a.yaml": REVIEW, "b.yaml": CHOSEN, "c.yaml": CHOSEN},
            "steps-stream",
            "open",
            3,
            "review 1 in `migrate apply --unsafe --dry-run`; edit 2 by hand, the first at b.yaml:2",
        ),
        ({"a.py": BY_HAND}, "handlers-audited", "done", 0, ""),
        ({"a.yaml": BROKEN}, "handlers-audited", "open", 1, "see why a.yaml is not analysed"),
        ({"a.yaml": BROKEN}, "configuration", "done", 0, "see why a.yaml is not analysed"),
        ({"a.yaml": REVIEW}, "validated", "unchecked", 0, "run `migrate verify`"),
        ({"a.yaml": REVIEW}, "tests-tagged", "done", 0, ""),
        (
            {"a_test.exs": UNTAGGED},
            "tests-tagged",
            "manual",
            1,
            "edit 1 by hand, the first at a_test.exs:3",
        ),
    ],
)
def test_every_item_says_what_to_do_next(
    files: dict[str, bytes], item: str, state: str, count: int, todo: str
) -> None:
    (found,) = (one for one in audited(files).checklist if one.id == item)
    assert (str(found.state), found.findings) == (state, count)
    assert found.todo == todo


def test_what_is_not_done_has_a_next_step() -> None:
    files = {"a.py": BY_HAND, "a.yaml": SAFE, "b.yaml": BROKEN, "a_test.exs": UNTAGGED}
    for item in audited(files).checklist:
        is_open = str(item.state) != "done" or "not analysed" in item.evidence
        assert bool(item.todo) is is_open
