"""Workflow files in every style, with anchors, merges and defaults wherever they may stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

T = TypeVar("T")

# `>-` and the like make a block of what follows.
_TYPES = [
    *["llm"] * 8, '"llm"', "'llm'", "!!str llm", "! llm", '"l\\u006cm"', ">- llm", "|- llm",
    "> llm", "tool", "LLM", "!env llm",
]  # fmt: skip
_BOOLS = [
    "true", "true", "false", "false", "yes", "no", "off", "True", "FALSE", "n", '"false"',
    '!!bool "true"', '!!bool "false"', "!!str false", '"${VAR}"', "null", "~", "0", "!env X",
    ">- false",
]  # fmt: skip
_HANDLERS = [
    "Pipeline.AsyncStreaming.ConsoleHandler", "pipeline.async_streaming.ConsoleHandler",
    '"Pipeline.AsyncStreaming.X"', '"Pipeline.Async\\x53treaming.X"', "Pipeline.Streaming.X",
    "see Pipeline.AsyncStreaming.X", "~", ">- Pipeline.AsyncStreaming.X",
]  # fmt: skip
_OTHERS = ["a", "1", "llm", "async_stream", '"x: y"', "| async_stream: true", "ü 🌊", "''"]
_WORDS = {"type": _TYPES, "stream": _BOOLS, "async_stream": _BOOLS} | dict.fromkeys(
    ("async_handler", "stream_handler"), _HANDLERS
)
_KEYS = {
    "root": ["steps", "steps", "defaults", "x", "parallel", "branches", "<<", "name", "type"],
    "step": [
        "id", "type", "type", "type", "stream", "async_stream", "async_handler", "stream_handler",
        "<<", "<<", "steps", "steps", "parallel", "branches", "defaults", "defaults", "on_fail",
    ],
    "defaults": ["stream", "async_stream", "type", "<<", "async_handler"],
}  # fmt: skip
_ONE_THING = [{"stream", "async_stream"}, {"stream_handler", "async_handler"}]
_BLOCKS = (">- ", "|- ", "> ", "| ")


@dataclass
class _Node:
    """What is to be written: words, the alias `*text`, or parts, which have keys in a mapping."""

    kind: str
    text: str = ""
    anchor: str = ""
    parts: list[tuple[str, _Node]] = field(default_factory=list)
    flow: bool = False


class Workflows:
    """Files as `random` has it, each with LF."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._count = 0
        self._anchors: dict[str, list[str]] = {}

    def file(self) -> str:
        """The text of one file."""
        lines: list[str] = []
        for number in range(self._pick([1, 1, 1, 2])):
            self._anchors = {"mapping": [], "list": [], "words": []}
            root = self._list(4, "step") if self._chance(25) else self._mapping(4, "root")
            if number or self._chance(20):
                lines.append("---" + self._pick(["", " # c", "  "]))
            lines += self._written("", root, 0)
        return "\n".join(lines) + self._pick(["\n", "\n", "", "\n\n# async_stream: true\n"])

    def _pick(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def _chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    # What is there

    def _mapping(self, depth: int, place: str) -> _Node:
        node = _Node("mapping", flow=depth < 3 and self._chance(30))
        anchor = self._anchor(30)
        keys = [self._pick(_KEYS[place]) for _ in range(self._pick([1, 2, 3, 4, 5]))]
        for names in _ONE_THING:
            if self._chance(90) and names <= set(keys):
                keys = [key for key in keys if key not in names or key == max(names)]
        for key in dict.fromkeys(keys):
            value = self._merged() if key == "<<" else self._value(key, depth - 1)
            node.parts.append((key, value))
        return self._anchored(node, anchor)

    def _list(self, depth: int, place: str) -> _Node:
        node = _Node("list", flow=depth < 3 and self._chance(30))
        anchor = self._anchor(20)
        for _ in range(self._pick([1, 1, 2, 3])):
            kind = self._pick(["mapping", "mapping", "mapping", "alias", "list", "words"])
            if kind == "alias":
                item = self._alias("mapping")
            elif kind == "list" and depth > 0:
                item = self._list(depth - 1, place)
            else:
                item = self._words(_OTHERS) if kind == "words" else self._mapping(depth - 1, place)
            node.parts.append(("", item))
        return self._anchored(node, anchor)

    def _value(self, key: str, depth: int) -> _Node:
        if key in _WORDS:
            return self._words(_WORDS[key])
        if key == "defaults":
            return self._alias("mapping") if self._chance(50) else self._mapping(0, "defaults")
        kind = self._pick(["list", "list", "mapping", "alias", "words"])
        if depth <= 0 or key in ("id", "name") or kind == "words":
            return self._words(_OTHERS)
        if kind == "alias":
            return self._alias(self._pick(["mapping", "list"]))
        return self._list(depth, "step") if kind == "list" else self._mapping(depth, "step")

    def _merged(self) -> _Node:
        """What a merge key has: an alias, a mapping on the spot, or a list of both."""
        if self._chance(40):
            return self._alias("mapping")
        if self._chance(50):
            return self._mapping(1, self._pick(["step", "defaults"]))
        items = [self._alias("mapping")]
        if self._chance(50):
            items.append(self._mapping(0, "defaults"))
        return _Node("list", parts=[("", one) for one in items], flow=True)

    def _words(self, options: list[str]) -> _Node:
        if self._chance(10) and options is not _OTHERS:
            return _Node("words", self._pick(options), anchor=self._anchor(100))
        return _Node("words", self._pick(options))

    def _anchor(self, percent: int) -> str:
        self._count += 1
        return f"a{self._count}" if self._chance(percent) else ""

    def _anchored(self, node: _Node, anchor: str) -> _Node:
        """`node`, which aliases may stand for from here on."""
        node.anchor = anchor
        if anchor:
            self._anchors[node.kind].append(anchor)
        return node

    def _alias(self, kind: str) -> _Node:
        anchors = self._anchors[kind]
        return _Node("alias", self._pick(anchors)) if anchors else self._mapping(0, "defaults")

    # How it is written

    def _written(self, head: str, node: _Node, indent: int) -> list[str]:
        """The lines of `node` behind `head`."""
        properties = self._properties(node)
        block = next((one for one in _BLOCKS if node.text.startswith(one)), None)
        if block is not None:
            body = node.text.removeprefix(block)
            comment = self._pick(["", " # c"])
            return [f"{head}{properties}{block.rstrip()}{comment}", f"{' ' * indent}    {body}"]
        if node.kind in ("words", "alias") or node.flow:
            flow = self._flow(node, "\n" + " " * (indent + 2))
            return (head + flow + self._comment()).split("\n")
        deeper = indent + self._pick([2, 2, 4]) if head else indent
        lines: list[str] = []
        for key, value in node.parts:
            if self._chance(5):
                lines.append(self._pick(["", f"{' ' * deeper}# async_stream: true"]))
            lines += self._part(key, value, deeper, is_item=node.kind == "list")
        starts_there = head.endswith("- ") and not properties and deeper == indent + 2
        if starts_there and lines[0].strip() and self._chance(80):
            return [head + lines[0][deeper:], *lines[1:]]
        first = f"{head}{properties}".rstrip()
        return [first + self._comment(), *lines] if first else lines

    def _part(self, key: str, value: _Node, indent: int, *, is_item: bool) -> list[str]:
        blanks = " " * indent
        if is_item:
            return self._written(f"{blanks}- ", value, indent)
        if self._chance(6):
            lead = f"{blanks}? {self._key(key)}{self._comment()}"
            return [lead, *self._written(f"{blanks}: ", value, indent)]
        colon = self._pick([": ", ": ", ": ", " : ", ":   "])
        return self._written(f"{blanks}{self._key(key)}{colon}", value, indent)

    def _flow(self, node: _Node, line: str) -> str:
        if node.kind == "alias":
            return f"*{node.text} "
        properties = self._properties(node)
        if node.kind == "words":
            block = next((one for one in _BLOCKS if node.text.startswith(one)), "")
            return properties + node.text.removeprefix(block).replace(": ", "-")
        parts = [(key, self._flow(value, line)) for key, value in node.parts]
        if node.kind == "list":
            return f"{properties}[{', '.join(text for _, text in parts)}]"
        pairs = [
            f"? {self._key(key)} : {text}" if self._chance(5) else f"{self._key(key)}: {text}"
            for key, text in parts
        ]
        if self._chance(15):
            end = self._pick(["", ","])
            return f"{properties}{{{line}{f',{line}'.join(pairs)}{end}{line[:-2]}}}"
        return properties + self._pick(["{%s}", "{ %s }", "{%s,}"]) % ", ".join(pairs)

    def _properties(self, node: _Node) -> str:
        return f"&{node.anchor} " if node.anchor else ""

    def _key(self, key: str) -> str:
        if key == "<<" or self._chance(70):
            return key
        at = self._random.randrange(len(key))
        escaped = f'"{key[:at]}\\x{ord(key[at]):02x}{key[at + 1 :]}"'
        return self._pick([f"'{key}'", f'"{key}"', escaped])

    def _comment(self) -> str:
        return self._pick([*[""] * 8, "  # c", " # async_stream: true", "   ", " # ü"])
