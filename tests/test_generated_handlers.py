"""Generated handlers do after a safe apply what they did before, or what is left is told.

Events go by other names, are kept, handed on, made anew and matched, in any order and nesting.
"""

from __future__ import annotations

import re
from textwrap import indent

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from in_process import audited, planned
from library import outcome
from statements import Known, Writer, alike

from migrator.model import Severity

STATEMENTS = (
    "self.seen.append(<read>)",
    "self.seen.append(<read> if <test> else 'none')",
    "<+tag>, <+text> = <event>",
    "[<+tag>, <+text>] = <event>",
    "<+tag> = <event>[0]",
    "<+text> = <event>[1]",
    "<+tag>, <+text> = <event>[0], <event>[1]",
    "<+event> = <event>",
    "<+event> = (<event>[0], <event>[1])",
    "<event> = (<event>[0], <text> + '+')",
    "<+event> = (<event>[0], <text>.upper())",
    "self.log.append(<event>)",
    "self.log += [(<event>[0], <event>[1])]",
    "self.show(<event>)",
    "self.pair(*<event>)",
    "self.words(<text>)",
    "self.many([<event>, <event>])",
    "self.seen.append(self.same(<event>)[1])",
    "self.inner.handle_event(<event>)",
    "TABLE[<tag>](self, <text>)",
    "self.seen.append(<event> == ('chunk', 'one'))",
    "self.seen.append(''.join(text for kind, text in self.log))",
    "self.seen.append([one[1] for one in self.log if one[0] == 'chunk'])",
    "self.seen.append(any(one[0] == 'complete' for one in self.log))",
    "self.seen.append(dict(self.log).get('chunk'))",
    "self.seen.append(max(self.log, key=lambda one: one[1])[1] if self.log else 0)",
    "self.seen.append(list(map(lambda one: one[1], reversed(self.log))))",
    "if <test>:\n    return",
    "if <test>:\n    <block>",
    "if <test>:\n    <block>\nelif <test>:\n    <block>\nelse:\n    <block>",
    "if (<+tag> := <event>[0]) == 'chunk':\n    <block>",
    "if <test> and (<+text> := <event>[1]):\n    <block>",
    "match <event>:\n    case ('chunk', <+text>):\n        <block>",
    "match <event>:\n    case ['chunk' | 'complete', str(<+text>)] if <+text>:\n        <block>",
    "match <event>:\n    case ('chunk', _):\n        <block>\n    case ('complete', <+text>):\n"
    "        <block>\n    case (<+tag>, <+text>):\n        <block>",
    "for _ in range(2):\n    <block>",
    "while True:\n    <block>\n    break",
    "for <+event> in list(self.log):\n    <block>",
    "for <+event> in [<event>]:\n    <block>",
    "for <+tag>, <+text> in self.log[:2]:\n    if <tag> == 'chunk':\n        <block>",
    "try:\n    <block>\nfinally:\n    self.seen.append('end')",
    "with nullcontext():\n    <block>",
    "def inner(<+event>):\n    <block>\ninner(<event>)",
)
TESTS = (
    "<tag> == 'chunk'",
    '<tag> == "complete"',
    "'chunk' == <tag>",
    "<tag> != 'chunk'",
    "<tag> in ('chunk', 'complete')",
    "<tag> not in {'complete'}",
    "not (<tag> == 'chunk')",
    "<tag> == CHUNK",
    "len(<event>) == 2 and <tag> == 'chunk'",
    "<tag> == 'chunk' or <tag> == \"complete\"",
    "<tag> in ('chunk', 'complete') and <tag> != 'chunk'",
)
READS = (
    "<text>",
    "<text>.upper()",
    "'=' + <text>",
    "str(<text>)",
    "'%s!' % <text>",
    "'{}?'.format(<text>)",
    "len(<text>)",
    "<text>[:2]",
    "[<text>, <text>]",
)
PROGRAM = """\
from contextlib import nullcontext

from pipeline.async_streaming import Handler, invoke

CHUNK = "chunk"
TABLE = {"chunk": lambda self, text: self.seen.append(text), "complete": lambda *_: None}


class Nothing(Handler):
    def handle_event(self, event):
        pass


class Rec(Handler):
    def __init__(self):
        self.seen = []
        self.log = []
        self.inner = Nothing()

    def handle_event(self, event):
        <body>

    def show(self, item):
        <show>

    def many(self, items):
        for item in items:
            <show>

    def pair(self, kind, text):
        if kind == "chunk":
            self.seen.append(text)

    def words(self, words):
        self.seen.append(words + ".")

    def same(self, item):
        return (item[0], item[1])


def run(ctx):
    rec = Rec()
    result = invoke(ctx.prompt, rec)
    rec.handle_event(("chunk", "direct"))
    return rec.seen, result, len(rec.log)
"""
HELPERS = ("show", "many", "pair", "words", "same")
WITHOUT_HELPERS = [one for one in STATEMENTS if not any(f"self.{name}(" in one for name in HELPERS)]


@st.composite
def programs(draw: st.DrawFn) -> bytes:
    writer = Writer(draw, TESTS, READS)

    def fill(found: re.Match[str]) -> str:
        is_body = found[2] == "body"
        known = Known(["event" if is_body else "item"])
        statements = STATEMENTS if is_body else WITHOUT_HELPERS
        return indent(writer.block(known, 2 if is_body else 1, statements), found[1])

    return re.sub(r"(?m)^( +)<(\w+)>", fill, PROGRAM).encode()


@given(programs())
@settings(max_examples=settings.default.max_examples // 2)
def test_the_outcome_is_the_same_or_work_is_left(program: bytes) -> None:
    try:
        before = outcome(program, legacy=True)
    except Exception:  # what no handler would do
        assume(False)
    plan = planned({"a.py": program})
    assert not plan.skipped
    (after,) = (one.after for one in plan.changes)
    left = audited({"a.py": after}).findings
    if plan.unseen or any(one.finding.severity is Severity.ERROR for one in left):
        return
    assert alike(outcome(after, legacy=False)) == alike(before), after.decode()
