"""What is written stands where something else stood: parentheses, quotes in f-strings, targets."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

RULE = """
    summary: s
    alternatives:
      - {find: "lib.pair($A, $B)", replace: "($A, $B)"}
      - {find: "lib.bare($A, $B)", replace: "$A, $B"}
      - {find: "lib.sub($A, $B)", replace: "$A - $B"}
      - {find: "lib.neg($A)", replace: "not $A"}
      - {find: "lib.same($A)", replace: "$A"}
      - {find: "lib.run($A)", replace: "$A.run()"}
      - {find: "lib.late($A)", replace: "lambda: $A"}
      - {find: "lib.give($A)", replace: "yield $A"}
      - {find: "lib.two($A)", replace: "lib.new($A, 1)"}
      - {find: "lib.named($A)", replace: "lib.new(value=$A)"}
      - {find: "lib.key($A)", replace: "$A[\\"k\\"]"}
      - {find: "lib.map($A)", replace: "{'k': $A}"}
      - {find: "lib.at[$K]", replace: "lib.get($K)"}
      - {find: "$A * lib.SCALE", replace: "$A + 1"}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # a tuple, and what is yielded, is one thing but where it stands alone
        ("f(lib.pair(a, b))", "f((a, b))"),
        ("x = [lib.bare(a, b)]", "x = [(a, b)]"),
        ("x = lib.bare(a, b)", "x = a, b"),
        ("assert lib.bare(a, b)", "assert (a, b)"),
        ("f(lib.give(a))", "f((yield a))"),
        ("x = lib.give(a)", "x = yield a"),
        # what stands alone in a call alone
        ("lib.two(x for x in a)", "lib.new((x for x in a), 1)"),
        ("lib.named(x for x in a)", "lib.new(value=(x for x in a))"),
        ("lib.named(a := b)", "lib.new(value=(a := b))"),
        ("lib.run(x for x in a)", "(x for x in a).run()"),
        # one thing that became several, in another that changes
        ("lib.sub(a, lib.sub(b, c))", "a - (b - c)"),
        ("lib.sub(lib.neg(a), b)", "(not a) - b"),
        ("lib.run(lib.sub(a, b))", "(a - b).run()"),
        ("lib.run(lib.same(lib.sub(a, b)))", "(a - b).run()"),
        ("lib.sub(lib.late(a), b)", "(lambda: a) - b"),
        ("f(lib.sub(a, b), lib.two(lib.sub(a, b)))", "f(a - b, lib.new(a - b, 1))"),
        # a hole that is all there is stands where the whole stood
        ("lib.same(a + b) * 2", "(a + b) * 2"),
        ("lib.same(a + b)", "a + b"),
        ("x = (lib.same(a or b)).c", "x = (a or b).c"),
        ("x = (lib.sub(a, b)).c", "x = (a - b).c"),
        ("x = (lib.sub)(a, b)", "x = a - b"),
        ("x = (lib.pair(a, b))", "x = (a, b)"),
        ("x = lib.sub((lib.sub(a, b)), c)", "x = (a - b) - c"),
        ("x = a * lib.SCALE - b", "x = (a + 1) - b"),
        ("x = f(a * lib.SCALE)", "x = f(a + 1)"),
        # a number is one thing, but before a dot
        ("lib.sub(1, 2)", "1 - 2"),
        ("lib.run(1)", "(1).run()"),
        # f-strings
        ("f'{lib.key(a)}'", "f'{a[\"k\"]}'"),
        ('f"{lib.key(a)}"', "f\"{a['k']}\""),
        ('f"""{lib.key(a)}"""', 'f"""{a["k"]}"""'),
        ('f"{x:{lib.key(a)}}"', "f\"{x:{a['k']}}\""),
        ("f'{lib.map(a)}'", "f'{({\"k\": a})}'"),
        ("f'{lib.late(a)}'", "f'{(lambda: a)}'"),
        ("f'{lib.sub(a, b)}'", "f'{a - b}'"),
    ],
)
def test_written(tmp_path: Path, before: str, after: str) -> None:
    head = "import lib\n\n\ndef f(a, b, c):\n    "
    kept = "\n    lib.keep()\n"
    text = f"{head}{after}{kept}"
    ast.parse(text)
    assert applied(pack(tmp_path, python__r=RULE), {"a.py": f"{head}{before}{kept}"}) == {
        "a.py": text
    }


@pytest.mark.parametrize(
    ("text", "level", "why"),
    [
        ("lib.at[1] = 2", None, "it is set here, and cannot be what it is"),
        ("a, (b, lib.at[1]) = x", None, "it is set here, and cannot be what it is"),
        ("del lib.at[1]", None, "it is set here, and cannot be what it is"),
        ("lib.at[1] += 2", None, "it is set here, and cannot be what it is"),
        ("for lib.at[1] in x: pass", None, "it is set here, and cannot be what it is"),
        ("with x as lib.at[1]: pass", None, "it is set here, and cannot be what it is"),
        ("for x in lib.at[1]: pass", "safe", ""),
        ("f\"{f'{lib.key(a)}'}\"", None, "no quotes are left for it in the f-string around"),
        ('f"{lib.two(a)=}"', "review", "the f-string around shows its code"),
        ("lib.two(*a)", None, "what the `*` brings cannot be told"),
        ("lib.two(a, *b)", None, "what the `*` brings cannot be told"),
        ("lib.two(a, **b)", None, "what the `**` brings cannot be told"),
    ],
)
def test_no_more_than_can_stand_there(
    tmp_path: Path, text: str, level: str | None, why: str
) -> None:
    (finding,) = found(pack(tmp_path, python__r=RULE), {"a.py": f"import lib\n{text}\n"})
    assert (str(finding.fix.applicability) if finding.fix else None) == level
    assert why in f"{finding.message}; {'; '.join(finding.evidence)}"


def test_a_call_that_is_given_too_much_is_another_one(tmp_path: Path) -> None:
    assert not found(pack(tmp_path, python__r=RULE), {"a.py": "import lib\nlib.two(a, b, *c)\n"})
