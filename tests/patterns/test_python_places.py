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
      - {find: "yield lib.given($A)", replace: "yield lib.new($A)"}
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
        ("x = yield lib.given(a)", "x = yield lib.new(a)"),
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


@pytest.mark.parametrize(
    ("place", "is_one"),
    [
        ("async def f(x):\n    lib.run(x)\n", True),
        ("async def f(x):\n    return [lib.run(y) for y in x]\n", True),
        ("async def f(x):\n    return lambda: lib.run(x)\n", False),
        ("async def f(x):\n    def g():\n        lib.run(x)\n", False),
        ("async def f(x=lib.run(1)):\n    pass\n", False),
        ("@lib.run(1)\nasync def f(x):\n    pass\n", False),
        ("async def f(x):\n    class A:\n        y = lib.run(x)\n", False),
        ("def f(x):\n    lib.run(x)\n", False),
        ("lib.run(1)\n", False),
        ("[lib.run(y) for y in ()]\n", False),
    ],
)
def test_only_a_coroutine_awaits(tmp_path: Path, place: str, is_one: bool) -> None:
    rules = pack(
        tmp_path, python__a="summary: s\nfind: lib.run($X)\nreplace: await lib.start($X)\n"
    )
    before = f"import lib\n\n{place}"
    (only,) = found(rules, {"a.py": before})
    assert (only.fix is not None) == is_one
    after = before.replace("lib.run", "await lib.start") if is_one else before
    assert applied(rules, {"a.py": before}) == {"a.py": after}
    if not is_one:
        assert "it would be awaited outside of an `async def`" in only.evidence


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("x", True),
        ("x.y[0]", True),
        ("x['a']", True),
        ('x["a"]', False),
        ("'\\n'", False),
        ("x\n+ 1", False),
    ],
)
def test_what_an_f_string_that_is_written_can_hold(tmp_path: Path, text: str, is_one: bool) -> None:
    rules = pack(tmp_path, python__a='summary: s\nfind: lib.text($X)\nreplace: f"{$X}!"\n')
    before = f"import lib\n\nt = lib.text({text})\n"
    (only,) = found(rules, {"a.py": before})
    assert (only.fix is not None) == is_one
    after = f'\nt = f"{{{text}}}!"\n' if is_one else before
    assert applied(rules, {"a.py": before}) == {"a.py": after}


@pytest.mark.parametrize(
    ("given", "applicability"), [("1", "safe"), ("'a'", "safe"), ("x.y", "safe"), ("x()", "review")]
)
def test_what_a_lambda_that_is_written_evaluates_later(
    tmp_path: Path, given: str, applicability: str
) -> None:
    rules = pack(
        tmp_path, python__a='summary: s\nfind: lib.put($X)\nreplace: "lib.lazy(lambda: $X)"\n'
    )
    (only,) = found(rules, {"a.py": f"import lib\n\nlib.put({given})\n"})
    assert only.fix is not None
    assert str(only.fix.applicability) == applicability


def test_a_generator_beside_what_is_written_gets_parentheses(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        python__a="summary: s\nfind: lib.sum($$$REST)\nreplace: lib.total(0, $$$REST)\n",
    )
    before = "import lib\n\nlib.sum(x for x in y)\nlib.sum((x for x in y))\n"
    line = "lib.total(0, (x for x in y))\n"
    assert applied(rules, {"a.py": before}) == {"a.py": f"import lib\n\n{line}{line}"}
