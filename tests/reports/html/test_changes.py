"""Lines before and after, as the page shows them."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import in_process
import pytest

from migrator.engine.locate import locate
from migrator.model import Applicability, Edit, Finding, Fix, Located, Severity, Source, Span
from migrator.reports.html.changes import rows

DEMO = Path(__file__).parents[3] / "fixtures" / "demo"
SIGNS = {"kept": " ", "gone": "-", "come": "+", "here": ">"}


def found(text: str, span: tuple[int, int], *edits: tuple[int, int, str]) -> Located:
    made = tuple(Edit("a.py", Span(start, end), new) for start, end, new in edits)
    fix = Fix("fix", made, Applicability.SAFE) if made else None
    finding = Finding("rule", "a.py", Span(*span), Severity.ERROR, "said", (), fix)
    return locate(finding, Source("a.py", text, "python"))


def drawn(one: Located) -> list[list[str]]:
    """Each line with its sign and number, what is marked in brackets."""
    return [
        [
            f"{SIGNS[row.kind]}{row.line or ''} "
            + "".join(f"[{part.text}]" if part.marked else part.text for part in row.parts)
            for row in excerpt
        ]
        for excerpt in rows(one)
    ]


TEXT = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("span", "edits", "lines"),
    [
        (("two", "two"), [], [[" 1 one", ">2 [two]", " 3 three", " 4 four"]]),
        (("wo", "thr"), [], [[" 1 one", ">2 t[wo]", ">3 [thr]ee", " 4 four", " 5 five"]]),
        (("two", "two"), [("wo", "wo", "x")],
         [[" 1 one", "-2 t[wo]", "+ t[x]", " 3 three", " 4 four"]]),
        (("two", "two"), [("t", "t", "")],
         [[" 1 one", "-2 [t]wo", "+ wo", " 3 three", " 4 four"]]),
        (("two", "two"), [("two", "two", "a\nb")],
         [[" 1 one", "-2 [two]", "+ [a]", "+ [b]", " 3 three", " 4 four"]]),
        (("two", "two"), [("two", "three", "x")],
         [[" 1 one", "-2 [two]", "-3 [three]", "+ [x]", " 4 four", " 5 five"]]),
        (("two", "two"), [("two", "two\n", "")],
         [[" 1 one", "-2 two", " 3 three", " 4 four", " 5 five"]]),
        (("two", "two"), [("\n", "", "\nx")], [[" 1 one", "+ x", " 2 two", " 3 three", " 4 four"]]),
        (("one", "one"), [("nine", "nine", "9")],
         [[">1 [one]", " 2 two", " 3 three"],
          [" 7 seven", " 8 eight", "-9 [nine]", "+ [9]", " 10 "]]),
        (("two", "two"), [("one", "one", "1"), ("four", "four", "4")],
         [["-1 [one]", "+ [1]", " 2 two", " 3 three", "-4 [four]", "+ [4]", " 5 five", " 6 six"]]),
    ],
)  # fmt: skip
def test_rows(
    end: str,
    span: tuple[str, str],
    edits: list[tuple[str, str, str]],
    lines: list[list[str]],
) -> None:
    text = TEXT.replace("\n", end)

    def place(first: str, last: str) -> tuple[int, int]:
        first, last = first.replace("\n", end), last.replace("\n", end)
        start = text.index(first)
        return start, text.index(last, start) + len(last) if last else start

    made = [(*place(first, last), new.replace("\n", end)) for first, last, new in edits]
    assert drawn(found(text, place(*span), *made)) == lines


@pytest.mark.parametrize(
    ("text", "span", "edits", "line"),
    [
        ("x" * 500, (0, 0), [], " 1 " + "x" * 120 + "…"),
        ("x" * 500 + "HERE" + "y" * 500, (500, 504), [],
         ">1 …" + "x" * 120 + "[HERE]" + "y" * 120 + "…"),
        ("HERE" * 2_000, (0, 8_000), [],
         ">1 [" + "HERE" * 500 + "…" + "HERE" * 500 + "]"),
        ("(" * 300 + "a" + "." * 300 + "b" + ")" * 300, (0, 0), [(300, 301, "x"), (601, 602, "y")],
         "-1 …" + "(" * 120 + "[a]" + "." * 120 + "…" + "." * 120 + "[b]" + ")" * 120 + "…"),
    ],
)  # fmt: skip
def test_long_lines_are_cut_around_what_matters(
    text: str, span: tuple[int, int], edits: list[tuple[int, int, str]], line: str
) -> None:
    assert drawn(found(text, span, *edits))[0][0] == line


def test_a_change_of_many_lines_is_cut() -> None:
    ((*lines, last),) = drawn(found("a\n" * 500, (0, 999)))
    assert lines == [f">{number} [a]" for number in range(1, 61)]
    assert last == "  …"


def test_rows_are_lines_of_the_file_before_and_after_the_edits_of_the_finding() -> None:
    files = {
        str(path.relative_to(DEMO)): path.read_bytes()
        for path in DEMO.rglob("*")
        if path.suffix in (".py", ".yaml", ".yml")
    }
    seen = 0
    report = in_process.audited(files)
    for path, group in groupby(report.findings, key=lambda one: one.finding.path):
        for one in group:
            before = files[path]
            after = before
            for edit in reversed(one.edits):
                new = edit.text.encode(one.encoding)
                after = after[: edit.start] + new + after[edit.end :]
            for excerpt in rows(one):
                for data, other in ((before, "come"), (after, "gone")):
                    shown = "\n".join(
                        "".join(part.text for part in row.parts)
                        for row in excerpt
                        if row.kind != other
                    )
                    text = data.decode(one.encoding)
                    assert "…" in shown or shown in "\n".join(text.splitlines()) + "\n"
                seen += 1
    assert seen > 100
