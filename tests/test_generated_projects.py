"""Generated projects do after an apply what they did before, or what is left is told.

Events go through modules: from a base class to those that derive from it, to functions that are
handed them, their tag or their text, into collections that others read, and by any import.
"""

from __future__ import annotations

import re
from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from in_process import audited, planned
from library import outcome_of
from statements import Known, Writer, alike

from migrator.engine.checked import CRASHED
from migrator.model import Applicability, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

TESTS = (
    "<tag> == 'chunk'",
    '<tag> == "complete"',
    "<tag> != 'chunk'",
    "<tag> in ('chunk', 'complete')",
    "<tag> == <tags.CHUNK>",
    "<tag> in <tags.KINDS>",
    "<helpers.is_chunk>(<event>)",
    "<helpers.is_kind>(<tag>)",
    "<helpers.tag_of>(<event>) == 'chunk'",
)
READS = (
    "<text>",
    "<text>.upper()",
    "'=' + <text>",
    "len(<text>)",
    "f'{<text>}!'",
    "<helpers.text_of>(<event>)",
    "<helpers.louder>(<event>)[1]",
    "<helpers.shown>(<text>)",
)
PLAIN = (
    "<seen>.append(<read>)",
    "<seen>.append(<read> if <test> else 'none')",
    "<+tag>, <+text> = <event>",
    "<+tag> = <event>[0]",
    "<+text> = <event>[1]",
    "<+event> = <event>",
    "if <test>:\n    <block>",
    "if <test>:\n    <block>\nelse:\n    <block>",
    "match <event>:\n    case ('chunk', <+text>):\n        <block>",
    "match <event>:\n    case ('chunk', _):\n        <block>\n    case ('complete', <+text>):\n"
    "        <block>",
    "match <event>:\n    case ['chunk' | 'complete', str(<+text>)] if <+text>:\n        <block>",
)
STATEMENTS = (
    *PLAIN,
    "<+event> = <helpers.same>(<event>)",
    "<+tag>, <+text> = <helpers.same>(<event>)",
    "<+event> = <helpers.louder>(<event>)",
    "<+event> = <helpers.pair>(<tag>, <text>)",
    "<+text> = <helpers.text_of>(<event>)",
    "<+tag> = <helpers.tag_of>(<event>)",
    "<helpers.show>(<seen>, <event>)",
    "<helpers.words>(<seen>, <text>)",
    "<helpers.parts>(<seen>, *<event>)",
    "<helpers.parts>(<seen>, <tag>, <text>)",
    "<helpers.many>(<seen>, [<event>, <event>])",
    "for <+event> in <helpers.echo>(<event>):\n    <block>",
    "for <+tag>, <+text> in <helpers.echo>(<event>):\n    <block>",
    "<helpers.Box>(<event>).tell(<seen>)",
    "match <helpers.same>(<event>):\n    case ('chunk', <+text>):\n        <block>",
)
HANDLER = (
    *STATEMENTS,
    "self.log.append(<event>)",
    "self.log.append(<event>)",
    "self.sent.append({'event': <event>})",
    "self.sent.append({'kind': <tag>, 'text': <text>})",
    "self.last = <event>",
    "self.inner.handle_event(<event>)",
    "self.on(<event>)",
    "self.on_text(<text>)",
    "self.on_part(<tag>, <text>)",
)
#: What a program does with its handler, once that was given.
BEHIND = (
    "rec.handle_event(('chunk', 'direct'))",
    "rec.handle_event(<helpers.made>('direct'))",
    "for one in <helpers.produce>('a b'):\n    rec.handle_event(one)",
    "<consumer.drain>(rec.log, rec.seen)",
    "<consumer.drain_pairs>(rec.log, rec.seen)",
    "<consumer.drain_sent>(rec.sent, rec.seen)",
    "rec.seen.append(<consumer.joined>(rec.log))",
    "rec.seen.append(''.join(text for kind, text in rec.log if kind == 'chunk'))",
    "rec.seen.append([one[1] for one in rec.log if one[0] == <tags.CHUNK>])",
    "rec.seen.append([one['event'][1] for one in rec.sent if 'event' in one])",
    "rec.seen.append(rec.last and rec.last[1])",
)
GIVEN = (
    "rec",
    "rec",
    "rec",
    "rec.handle_event",
    "<handlers.function_for>(rec)",
    "<handlers.Tee>(rec)",
    "lambda event: rec.handle_event(event)",
)

#: The definitions of each module, with the event, the tag and the text that are known in each.
HELPERS = {
    "is_chunk": "def is_chunk(item):\n    return item[0] == 'chunk'",
    "is_kind": "def is_kind(kind):\n    return kind in ('chunk', 'complete')",
    "tag_of": "def tag_of(item):\n    return item[0]",
    "text_of": "def text_of(item):\n    return item[1]",
    "shown": "def shown(text):\n    return '<' + text + '>'",
    "same": "def same(item):\n    return (item[0], item[1])",
    "louder": "def louder(item):\n    kind, text = item\n    return kind, text.upper()",
    "made": "def made(text):\n    return ('chunk', text)",
    "pair": "def pair(kind, text):\n    return kind, text",
    "produce": "def produce(text):\n    for part in text.split():\n"
    "        yield ('chunk', part)\n    yield ('complete', text)",
    "echo": "def echo(item):\n    yield item\n    yield (item[0], item[1])",
    "show": "def show(seen, item):\n    <body item>",
    "words": "def words(seen, text):\n    seen.append(text + '.')",
    "parts": "def parts(seen, kind, text):\n    if kind == 'chunk':\n        seen.append(text)\n"
    "    elif kind == 'complete':\n        seen.append('=' + text)",
    "many": "def many(seen, items):\n    for item in items:\n        <body item>",
    "Box": "class Box:\n    def __init__(self, item):\n        self.item = item\n\n"
    "    def tell(self, seen):\n        item = self.item\n        <body item>",
}
CONSUMER = {
    "drain": "def drain(log, seen):\n    for item in log:\n        <body item>",
    "drain_pairs": "def drain_pairs(log, seen):\n    for kind, text in log:\n"
    "        if kind == 'chunk':\n            seen.append(text)",
    "drain_sent": "def drain_sent(sent, seen):\n    for message in sent:\n"
    "        if 'event' in message:\n            item = message['event']\n            <body item>\n"
    "        elif message['kind'] == 'chunk':\n            seen.append(message['text'])",
    "joined": "def joined(log):\n"
    "    return ' '.join(text for kind, text in log if kind == 'chunk')",
}
TAGS = {
    "CHUNK": 'CHUNK = "chunk"',
    "KINDS": 'KINDS = ("chunk", "complete")',
}
BASE = {
    "Base": "class Base(<library.Handler>):\n    def __init__(self):\n        self.seen = []\n"
    "        self.log = []\n        self.sent = []\n        self.last = None\n"
    "        self.inner = Nothing()\n\n"
    "    def handle_event(self, event):\n        <body event>\n\n"
    "    def on(self, item):\n        <body item>\n\n"
    "    def on_text(self, text):\n        self.seen.append(text)\n\n"
    "    def on_part(self, kind, text):\n        if kind == 'chunk':\n"
    "            self.seen.append(text)\n\n\n"
    "class Nothing(<library.Handler>):\n    def handle_event(self, event):\n        pass",
    "start": "def start(ctx, handler):\n    return <library.invoke>(ctx.prompt, handler)",
}
HANDLERS = {
    "Rec": "class Rec(<base.Base>):\n    def handle_event(self, event):\n        <body event>",
    "Plain": "class Plain(<base.Base>):\n    def on(self, item):\n        <body item>",
    "function_for": "def function_for(rec):\n    def take(event):\n"
    "        rec.handle_event(event)\n\n    return take",
    "Tee": "class Tee(<base.Base>):\n    def __init__(self, rec):\n        super().__init__()\n"
    "        self.rec = rec\n\n    def handle_event(self, event):\n"
    "        self.rec.handle_event(event)\n        super().handle_event(event)",
}
MODULES = {
    "tags": TAGS,
    "helpers": HELPERS,
    "consumer": CONSUMER,
    "base": BASE,
    "handlers": HANDLERS,
}
IMPORTS = (
    ("import app.{0}", "app.{0}.{1}"),
    ("import app.{0} as _{0}", "_{0}.{1}"),
    ("from app import {0}", "{0}.{1}"),
    ("from . import {0} as the_{0}", "the_{0}.{1}"),
    ("from app.{0} import {1}", "{1}"),
    ("from app.{0} import {1} as a_{1}", "a_{1}"),
    ("from .{0} import {1}", "{1}"),
    ("from .{0} import *", "{1}"),
    ("from .facade import {1}", "{1}"),
)
LIBRARY = (
    ("import pipeline.async_streaming", "pipeline.async_streaming.{1}"),
    ("import pipeline.async_streaming as s", "s.{1}"),
    ("from pipeline import async_streaming", "async_streaming.{1}"),
    ("from pipeline.async_streaming import {1}", "{1}"),
    ("from pipeline.async_streaming import {1} as L{1}", "L{1}"),
)
FACADES = ("from .{0} import {1}", "from .{0} import {1} as {1}", "from .{0} import *")


class Project:
    """Writes the modules of a project, each with what others use of it."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._defined: dict[str, dict[str, str]] = {name: {} for name in MODULES}
        self._imports: dict[str, dict[str, None]] = {}
        self._styles: dict[tuple[str, str], tuple[str, str]] = {}
        self._facade: dict[str, None] = {}

    def files(self) -> dict[str, bytes]:
        rec = self._pick(("Rec", "Plain"))
        call = self._pick(("library.invoke", "base.start"))
        writer = self._writer("main")
        known = Known(["rec.last"])
        lines = [f"rec = <handlers.{rec}>()"]
        context = "ctx" if call == "base.start" else "ctx.prompt"
        lines += [f"result = <{call}>({context}, {self._pick(GIVEN)})"]
        lines += self._draw(st.lists(st.sampled_from(BEHIND), max_size=3))
        lines += ["return rec.seen, result, len(rec.log)"]
        body = "\n".join(writer.filled(line, known, 0, ()) for line in lines)
        texts = {"main": f"def run(ctx):\n{indent(body, '    ')}\n"}
        for module in MODULES:
            if self._defined[module]:
                texts[module] = "\n\n\n".join(self._defined[module].values()) + "\n"
        found = {
            f"app/{module}.py": "\n".join([*self._imports.get(module, ()), "", "", text])
            for module, text in texts.items()
        }
        found["app/__init__.py"] = ""
        if self._facade:
            found["app/facade.py"] = "\n".join([*self._facade, ""])
        return {path: text.encode() for path, text in found.items()}

    def _writer(self, module: str) -> Writer:
        return Writer(self._draw, TESTS, READS, self._speller(module))

    def _speller(self, module: str) -> Callable[[str], str]:
        def spelled(gap: str) -> str:
            if gap == "seen":
                return "seen" if module in ("helpers", "consumer") else "self.seen"
            other, _, name = gap.partition(".")
            if other != "library":
                self._define(other, name)
            if other == module:
                return name
            statement, form = self._style(module, other)
            if "facade" in statement:
                self._facade[self._pick(FACADES).format(other, name)] = None
            self._imports.setdefault(module, {})[statement.format(other, name)] = None
            return form.format(other, name)

        return spelled

    def _style(self, module: str, other: str) -> tuple[str, str]:
        if (module, other) not in self._styles:
            styles = LIBRARY if other == "library" else IMPORTS
            self._styles[module, other] = self._draw(st.sampled_from(styles))
        return self._styles[module, other]

    def _define(self, module: str, name: str) -> None:
        defined = self._defined[module]
        if name in defined:
            return
        defined[name] = ""  # it may use itself no more
        writer = self._writer(module)
        text = MODULES[module][name]
        uses_self = module in ("base", "handlers")

        def fill(found: re.Match[str]) -> str:
            statements = HANDLER if uses_self else PLAIN if module == "helpers" else STATEMENTS
            block = writer.block(Known([found[2]]), 1, statements, at_most=3)
            return indent(block, found[1])

        text = re.sub(r"(?m)^( +)<body (\w+)>", fill, text)
        text = writer.filled(text, Known([]), 0, ())
        del defined[name]
        defined[name] = text

    def _pick(self, options: Any) -> str:
        return str(self._draw(st.sampled_from(options)))


@st.composite
def projects(draw: st.DrawFn) -> dict[str, bytes]:
    return Project(draw).files()


@pytest.mark.parametrize("level", [Applicability.SAFE, Applicability.REVIEW])
@given(projects())
@settings(max_examples=settings.default.max_examples // 10)
def test_the_outcome_is_the_same_or_work_is_left(
    level: Applicability, files: dict[str, bytes]
) -> None:
    try:
        before = outcome_of(files, "app.main", legacy=True)
    except Exception:  # what no program would do
        assume(False)
    plan = planned(files, level)
    assert not plan.skipped
    after = {**files, **{one.path: one.after for one in plan.changes}}
    left = audited(after).findings
    assert not [one for one in left if one.finding.rule == CRASHED]
    if plan.unseen or any(one.finding.severity is Severity.ERROR for one in left):
        return
    shown = "\n".join(f"# {path}\n{data.decode()}" for path, data in after.items())
    assert alike(outcome_of(after, "app.main", legacy=False)) == alike(before), shown
