"""Rules that only report: what of a match they point at, what variables hold, what is advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import found, pack

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.engine.packs import Pack

PYTHON = """
    summary: A lambda as callback
    severity: {severity}
    find: lib.on(event=$EVENT, call=$CALL, $$$REST)
    where: {{CALL: {{value: {{kind: lambda}}}}}}
    signatures: ["lib.on(event, call)"]
    at: CALL
"""
ELIXIR = """
    summary: A function on the spot
    severity: {severity}
    find: "Lib.on(@EVENT, call: @CALL, @@@REST)"
    where: {{CALL: {{value: {{kind: lambda}}}}}}
    at: CALL
""".replace("@", "$")


def _places(pack: Pack, path: str, text: str) -> list[str]:
    return [text[one.span.start : one.span.end] for one in found(pack, {path: text})]


@pytest.mark.parametrize(
    ("text", "pointed"),
    [
        ("lib.on('a', lambda e: e)", ["lambda e: e"]),
        ("lib.on(\n    'a',\n    call=lambda e: e,\n)", ["lambda e: e"]),
        ("f = lambda e: e\nlib.on('a', f)", ["f"]),
        ("def g(f):\n    f = lambda e: e\n    lib.on('a', f)", ["f"]),
        # what is a function by name, or may be something else
        ("def f(e): ...\nlib.on('a', f)", []),
        ("def g(f):\n    lib.on('a', f)", []),
        ("f = lambda e: e\nif f:\n    f = g\nlib.on('a', f)", []),
        ("f, g = lambda e: e, 1\nlib.on('a', f)", []),
        ("f = g\nlib.on('a', f)", []),
        ("lib.on('a', f, key=lambda e: e)", []),
    ],
)
def test_what_a_variable_holds_in_python(tmp_path: Path, text: str, pointed: list[str]) -> None:
    rules = pack(tmp_path, python__r=PYTHON.format(severity="error"))
    assert _places(rules, "a.py", f"import lib\n{text}\n") == pointed


@pytest.mark.parametrize(
    ("text", "pointed"),
    [
        ("Lib.on(:a, call: fn e -> e end)", ["fn e -> e end"]),
        ("Lib.on(\n  :a,\n  call: &send(pid, &1)\n)", ["&send(pid, &1)"]),
        ("f = fn e -> e end\nLib.on(:a, call: f)", ["f"]),
        ("def g(e), do: e\ndef h do\n  f = & &1.x\n  Lib.on(:a, call: f)\nend", ["f"]),
        # what is a function by name, or may be something else
        ("Lib.on(:a, call: &g/1)", []),
        ("Lib.on(:a, call: &M.g/1)", []),
        ("def h(f), do: Lib.on(:a, call: f)", []),
        ("f = fn e -> e end\nf = g(f)\nLib.on(:a, call: f)", []),
        ("def h(f) do\n  f = fn e -> e end\n  Lib.on(:a, call: f)\nend", []),
        ("{f, _} = {fn e -> e end, 1}\nLib.on(:a, call: f)", []),
        ("Lib.on(:a, call: f)\nf = fn e -> e end", []),
        ("Lib.on(:a, call: f, key: fn e -> e end)", []),
    ],
)
def test_what_a_variable_holds_in_elixir(tmp_path: Path, text: str, pointed: list[str]) -> None:
    rules = pack(tmp_path, elixir__r=ELIXIR.format(severity="error"))
    assert _places(rules, "a.ex", f"{text}\n") == pointed


@pytest.mark.parametrize(
    ("severity", "lines"),
    [
        # what may be it has to be looked at, where it breaks
        ("error", [3, 4, 5]),
        ("advice", [5]),
    ],
)
def test_advice_is_given_where_it_is_proven_to_fit(
    tmp_path: Path, severity: str, lines: list[int]
) -> None:
    text = "import lib\nlib.on('a', f)\nlib.on(*given)\npatch('lib.on')\nlib.on('a', lambda: 1)\n"
    rules = pack(tmp_path, python__r=PYTHON.format(severity=severity))
    findings = found(rules, {"a.py": text})
    assert [text.count("\n", 0, one.span.start) + 1 for one in findings] == lines


@pytest.mark.parametrize(
    ("severity", "lines"),
    [("error", [2, 3, 4, 5]), ("advice", [5])],
)
def test_advice_is_given_where_it_is_proven_to_fit_in_elixir(
    tmp_path: Path, severity: str, lines: list[int]
) -> None:
    text = (
        "Lib.on(:a, call: f)\nLib.on(:a, options)\n&Lib.on/2\n{Lib, :on, []}\n"
        "Lib.on(:a, call: fn -> 1 end)\n"
    )
    rules = pack(tmp_path, elixir__r=ELIXIR.format(severity=severity))
    findings = found(rules, {"a.ex": text})
    assert [text.count("\n", 0, one.span.start) + 1 for one in findings] == lines


def test_one_hole_for_all_alternatives_that_have_it(tmp_path: Path) -> None:
    rule = """
        summary: Callbacks
        at: CALL
        alternatives:
          - find: lib.on($EVENT, $CALL)
          - find: lib.off($EVENT)
          - find: lib.once($EVENT, $CALL)
            replace: lib.twice($EVENT, $CALL)
          - find: lib.every($EVENT, $CALL)
            at: EVENT
    """
    text = "import lib\nlib.on(a, b)\nlib.off(c)\nlib.once(d, e)\nlib.every(f, g)\n"
    pointed = ["b", "lib.off(c)", "lib.once(d, e)", "f"]
    assert _places(pack(tmp_path, python__r=rule), "a.py", text) == pointed
