"""Generated programs: each prints the same on the legacy library before and on the current one
after an apply, whatever its imports, layout, line ends and encoding. Generated files: after an
apply each is, to the byte, what its pieces become."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from in_process import planned
from library import outcome
from pieces import File, Layout, files
from promises import after_an_apply, assert_on_disk

if TYPE_CHECKING:
    pass

#: An import, and how the program then speaks of Handler, Tee and invoke.
IMPORTS = [
    ("from pipeline.async_streaming import Handler, Tee, invoke", "Handler", "Tee", "invoke"),
    (
        "from pipeline.async_streaming import (  # hooks\n    Handler as H,  # base\n"
        "    # both\n    Tee,\n    invoke as go,\n)",
        "H", "Tee", "go",
    ),
    ("import pipeline.async_streaming as s  # noqa: E402", "s.Handler", "s.Tee", "s.invoke"),
    (
        "import pipeline.async_streaming",
        "pipeline.async_streaming.Handler",
        "pipeline.async_streaming.Tee",
        "pipeline.async_streaming.invoke",
    ),
    (
        "from pipeline import async_streaming",
        "async_streaming.Handler", "async_streaming.Tee", "async_streaming.invoke",
    ),
    ("from pipeline.async_streaming import *", "Handler", "Tee", "invoke"),
    (
        "from pipeline.async_streaming import Handler; from pipeline.async_streaming import Tee\n"
        "from pipeline.async_streaming import invoke",
        "Handler", "Tee", "invoke",
    ),
]  # fmt: skip
BODIES = [
    'match event:\n    case ("chunk", text):\n        self.seen.append(text)\n'
    '    case ("complete", text):\n        self.seen.append("=" + text)',
    'match event:\n    case ["chunk", str(text)] if text:  # part\n        self.seen.append(text)\n'
    '    case ("complete", _):\n        self.seen.append("end")\n    case _:\n        pass',
    "match event:\n    case ('chunk' | 'complete', text) as whole:\n        self.seen.append(text)",
    'if event[0] == "chunk":\n    self.seen.append(event[1])\n'
    'elif event[0] == "complete":\n    self.seen.append(f"={event[1]}")',
    'kind, data = event\nif kind == "chunk":\n    self.seen.append(data)\n'
    'elif kind == "complete":\n    self.seen.append("=" + data)',
    'kind, data = event\nif kind in ("chunk", "complete"):\n    self.seen.append(data)',
    'if event[0] != "chunk":\n    return\nself.seen.append(event[1].upper())',
    'tag = event[0]\nif tag == "chunk":\n    text = event[1]\n    self.seen.append(text)',
]
CALLS = [
    "{invoke}(ctx.prompt, {handler})",
    "{invoke}(prompt=ctx.prompt, handler={handler})",
    "{invoke}(handler = {handler}, prompt = ctx.prompt)",
    "{invoke}(\n    ctx.prompt,  # asked\n    # told\n    {handler},\n)",
    "{invoke}(prompt=ctx.prompt,\n       handler={handler},\n       model='tiny')",
    "{invoke}(  # now\n    prompt='x' + ctx.prompt, handler={handler}\n)",
    "str({invoke}(ctx.prompt, handler={handler}, model='tiny'))",
]
HANDLERS = [
    "rec",
    "rec.handle_event",
    "lambda event: rec.handle_event(event)",
    "{tee}(rec)",
    "(rec or Rec())",
]
BETWEEN = [
    "",
    'PAIR = ("chunk", 1)\nassert PAIR[0] == "chunk"',
    "# async_streaming was here: ü",
    "def invoker(prompt, handler):\n    return prompt, handler",
    'TEXT = "see pipeline.async_streaming.invoke, please"',
    "\f",
]


@st.composite
def programs(draw: st.DrawFn) -> bytes:
    imported, handler, tee, invoke = draw(st.sampled_from(IMPORTS))
    body = draw(st.sampled_from(BODIES)).replace("\n", "\n        ")
    given_as = draw(st.sampled_from(HANDLERS)).format(tee=tee)
    call = draw(st.sampled_from(CALLS)).format(invoke=invoke, handler=given_as)
    call = call.replace("\n", "\n    ")
    blank = draw(st.sampled_from(["\n\n", "\n", "\n\n# between\n"]))
    parts = [
        draw(st.sampled_from(BETWEEN)),
        imported,
        draw(st.sampled_from(BETWEEN)),
        f"class Rec({handler}):\n    def __init__(self):\n        self.seen = []\n\n"
        f"    def handle_event(self, event):\n        {body}",
        draw(st.sampled_from(BETWEEN)),
        f"def run(ctx):\n    rec = Rec()\n    result = {call}\n"
        '    rec.handle_event(("chunk", "direct"))\n    return rec.seen, result',
    ]
    text = blank.join(parts) + draw(st.sampled_from(["", "\n", "\n\n"]))
    if draw(st.booleans()):
        text = text.replace("    ", "\t")
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    codec, head, bom = draw(
        st.sampled_from(
            [
                ("utf-8", "", b""),
                ("utf-8", "", b"\xef\xbb\xbf"),
                ("latin-1", "# coding: latin-1\n", b""),
            ]
        )
    )
    return bom + (head + text).encode(codec)


def comments(program: bytes) -> set[str]:
    # A set: what is said to a tool about an import holds for each part of a split one.
    return {
        token.string
        for token in tokenize.tokenize(io.BytesIO(program).readline)
        if token.type == tokenize.COMMENT
    }


@settings(max_examples=200)
@given(programs())
def test_the_outcome_is_the_same(program: bytes) -> None:
    ast.parse(program)
    before = outcome(program, legacy=True)
    plan = planned({"a.py": program})
    assert not plan.skipped
    (change,) = plan.changes
    assert outcome(change.after, legacy=False) == before
    assert comments(change.after) == comments(program)
    assert change.after.endswith(b"\n") == program.endswith(b"\n")
    crlf = program.count(b"\r\n")
    assert (change.after.count(b"\r\n") == change.after.count(b"\n")) == (
        crlf == program.count(b"\n")
    )
    again = planned({"a.py": change.after})
    assert not again.changes


CODECS = ("latin-1", "cp1252", "koi8-r", "shift_jis", "euc-jp", "gb18030", "iso2022_jp")
LAYOUTS = [
    Layout(ends, ("    ", "\t", "  "), *coded)
    for ends in (["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"])
    for coded in (
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-8", b"\xef\xbb\xbf", "#!/x\n# vim: set fileencoding=utf-8 :"),
        *((codec, b"", f"# -*- coding: {codec} -*-") for codec in CODECS),
    )
]
#: What becomes of each is known to the byte; see `pieces`.
PIECES = [
    "from pipeline.⟦async_streaming→streaming⟧ import ConsoleHandler as C$n¶",
    "import pipeline.⟦async_streaming→streaming⟧.sinks as sinks$n¶",
    "if True:¶\n    from pipeline.⟦async_streaming→streaming⟧ import (¶\n"
    "        ConsoleHandler as C$n,¶\n    )¶",
    "from pipeline.⟦async_streaming→streaming⟧ import Handler as H$n; x$n = 1¶\n"
    "class R$n(H$n):¶\n    def handle_event(self, event):\n        match event:¶\n"
    '            case ⟦("chunk", text)→("delta", {"content": text})⟧:¶\n'
    "                self.seen = text¶",
    "from pipeline.⟦async_streaming→streaming⟧ import Handler as H$n\n"
    "class R$n(H$n):¶\n    def handle_event(self, event):\n"
    '        if event[0] == "⟦chunk→delta⟧":¶\n'
    '            self.seen = event[1]⟦→["content"]⟧¶',
    "from pipeline.⟦async_streaming→llm⟧ import invoke as go$n¶\ndef run$n(ctx, h):\n"
    "    return go$n(⟦→ctx, prompt=⟧ctx.prompt, ⟦→stream=True, on_event=⟧h.handle_event)¶",
    'STEP$n = {"type": "llm", "⟦async_→⟧stream": True,¶\n'
    "    '⟦async_→stream_⟧handler': 'pipeline.⟦async_streaming→streaming⟧.sinks.X'}¶",
]
NOISE = [
    "",
    " ",
    "\f",
    "# pipeline.async_streaming: ¶",
    'PAIR$n = ("chunk", 1)¶',
    'TEXT$n = r"""see pipeline.async_streaming.invoke¶\n    async_stream: true\n"""¶',
    "LONG$n = 1 + \\\n    2¶",
    "def f$n(stream, text):¶\n    '''Like pipeline.async_streaming.'''\n    return stream, text¶",
]


def test_bytes_and_places(tmp_path: Path) -> None:
    made: dict[str, tuple[bytes, bytes]] = {}

    @given(files(LAYOUTS, PIECES, NOISE, ""))
    def every(file: File) -> None:
        ast.parse(file.before)
        report, after = after_an_apply("a.py", file.before)
        assert not report.not_analysed
        assert after == file.after
        ast.parse(after)
        made[f"{len(made)}.py"] = (file.before, after)

    every()
    assert_on_disk(tmp_path, made)
