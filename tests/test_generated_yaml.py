"""Generated YAML: what a reader makes of a file after an apply is what it made of it before,
with keys and handlers renamed, and no byte outside the edits differs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from in_process import audited, planned
from promises import after_an_apply, assert_on_disk
from ruamel.yaml import YAML

from migrator.model import Applicability

SAFE = Applicability.SAFE
KEYS = {"async_stream": "stream", "async_handler": "stream_handler"}
LEGACY = ("Pipeline.AsyncStreaming", "pipeline.async_streaming")
CURRENT = ("Pipeline.Streaming", "pipeline.streaming")
NAMES = ["async_stream", "async_handler", "stream", "type", "steps", "ä", "async_streaming", "x y"]
PLAIN = [
    "true", "no", "llm", "~", "1.5", "async_stream", "Pipeline.AsyncStreaming.X",
    "pipeline.async_streaming.sinks.Y", "see pipeline.async_streaming.Z", "größe", "🌊",
]  # fmt: skip
COMMENTS = ["", "", "", "  # async_stream: true", " # ü", "   ", " # "]
# Nothing but LF, CRLF and CR ends a line: not what ends one for Unicode or YAML 1.1 either.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufeff\ufffe\uffff")
    | st.sampled_from("\t\x85\u2028\u2029"),
    max_size=6,
)


class Writer:
    """Writes one value in a style that hypothesis draws."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def pick(self, options: list[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def scalar(self, text: str) -> str:
        style = self.pick(["plain", "plain", "single", "double"])
        if style == "single":
            return f"'{text}'"
        return f'"{text}"' if style == "double" or text == "~" else text

    def comment(self) -> str:
        text: str = self.pick(COMMENTS)
        return text + self.draw(TEXT) if text.endswith("# ") else text

    def keys(self) -> list[str]:
        return list(
            self.draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=4))
        )

    def flow(self, depth: int) -> str:
        kind = self.pick(["scalar", "scalar", "map", "list"]) if depth else "scalar"
        if kind == "map":
            pairs = [f"{self.scalar(key)}: {self.flow(depth - 1)}" for key in self.keys()]
            return self.pick(["{%s}", "{ %s }", "{%s,}"]) % ", ".join(pairs)
        if kind == "list":
            count = self.draw(st.integers(0, 3))
            return f"[{', '.join(self.flow(depth - 1) for _ in range(count))}]"
        return self.scalar(self.pick(PLAIN))

    def block(self, indent: str, depth: int) -> list[str]:
        """The lines of a block mapping or list."""
        lines = []
        if self.draw(st.booleans()):
            for _ in range(self.draw(st.integers(1, 3))):
                lines += self.entry(f"{indent}-", indent + "  ", depth)
        else:
            for key in self.keys():
                explicit = self.draw(st.integers(0, 5)) == 0
                if explicit:
                    lines.append(f"{indent}? {self.scalar(key)}{self.comment()}")
                    lines += self.entry(f"{indent}:", indent + "  ", depth)
                else:
                    space = self.pick(["", "", " "])
                    lines += self.entry(f"{indent}{self.scalar(key)}{space}:", indent + "  ", depth)
        return lines

    def entry(self, head: str, indent: str, depth: int) -> list[str]:
        kind = self.pick(["flow", "flow", "block", "text"]) if depth else "flow"
        if kind == "block":
            return [head + self.comment(), *self.block(indent, depth - 1)]
        if kind == "text":
            return [f"{head} {self.pick(['|', '>-', '|+'])}", f"{indent}async_stream: true"]
        return [f"{head} {self.flow(depth)}{self.comment()}"]


@st.composite
def files(draw: st.DrawFn) -> bytes:
    writer = Writer(draw)
    lines = []
    for number in range(draw(st.integers(1, 2))):
        if number or draw(st.booleans()):
            lines.append("---" + draw(st.sampled_from(["", " # first"])))
        lines += writer.block("", 3)
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)
    text += draw(st.sampled_from(["", "\n"])) if "\r" not in text else ""
    bom, codec = draw(
        st.sampled_from([(b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le")])
    )
    return bom + text.encode(codec)


def renamed(value: Any, *, handler: bool = False) -> Any:
    """What the value is after the safe renames."""
    if isinstance(value, dict):
        result = {}
        for key, held in value.items():
            new = KEYS.get(key, key)
            kept = key if new in value else new
            is_handler = key in ("async_handler", "stream_handler")
            result[kept] = renamed(held, handler=is_handler)
        return result
    if isinstance(value, list):
        return [renamed(item, handler=handler) for item in value]
    if handler and isinstance(value, str):
        for old, new in zip(LEGACY, CURRENT, strict=True):
            if value.startswith(f"{old}.") and " " not in value:
                return new + value[len(old) :]
    return value


def loaded(data: bytes) -> list[Any]:
    text = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig")
    # They are text, but the library still ends lines at them.
    text = re.sub("[\x85\u2028\u2029]", "·", text)
    return list(YAML(typ="safe", pure=True).load_all(text))


def test_only_keys_and_handlers_change(tmp_path: Path) -> None:
    made: dict[str, tuple[bytes, bytes]] = {}

    @given(files())
    def every(data: bytes) -> None:
        report, after = after_an_apply("a.yaml", data)
        assert not report.not_analysed
        assert loaded(after) == [renamed(value) for value in loaded(data)]
        assert after.count(b"\n") == data.count(b"\n")
        assert after.count(b"\r") == data.count(b"\r")
        # Of what an audit finds nothing safe, an apply makes nothing.
        left = audited({"a.yaml": after}).findings
        assert not [one for one in left if one.finding.applicability is SAFE]
        made[f"{len(made)}.yaml"] = (data, after)

    every()
    assert_on_disk(tmp_path, made)


def lines_of(data: bytes) -> list[str]:
    text = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig")
    return [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


@settings(max_examples=150)
@given(files())
def test_review_edits_are_whole_too(data: bytes) -> None:
    plan = planned({"a.yaml": data}, Applicability.REVIEW)
    assert not plan.skipped
    after = plan.changes[0].after if plan.changes else data
    loaded(after)
    assert not planned({"a.yaml": after}, Applicability.REVIEW).changes
    comments = [line for line in lines_of(data) if line.startswith("#")]
    assert [line for line in lines_of(after) if line.startswith("#")] == comments
    left = audited({"a.yaml": after}).findings
    assert {one.finding.applicability for one in left} <= {Applicability.MANUAL}
