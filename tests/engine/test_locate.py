"""What a worker adds to a finding that only the source can tell."""

from __future__ import annotations

import pytest

from migrator.engine.locate import locate
from migrator.model import Applicability, Edit, Excerpt, Finding, Fix, Severity, Source, Span

TEXT = "".join(f"{number}\n" for number in range(1, 30))


def source(end: str) -> Source:
    return Source("a.py", TEXT.replace("\n", end), "python")


def lines(first: int, last: int) -> Excerpt:
    """The excerpt from one line to another, both included."""
    return Excerpt(first, tuple(str(line) if line < 30 else "" for line in range(first, last + 1)))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("span", "edits", "around"),
    [
        ((10, 10), [], [lines(8, 12)]),
        ((1, 1), [], [lines(1, 3)]),
        ((29, 29), [], [lines(27, 30)]),
        ((5, 9), [], [lines(3, 11)]),
        ((10, 10), [(10, 10)], [lines(8, 12)]),
        ((10, 10), [(14, 14)], [lines(8, 16)]),
        ((10, 10), [(15, 15)], [lines(8, 17)]),
        ((10, 10), [(16, 16)], [lines(8, 12), lines(14, 18)]),
        ((20, 20), [(1, 2), (20, 20)], [lines(1, 4), lines(18, 22)]),
    ],
)
def test_the_lines_around_a_finding_and_its_edits(
    end: str, span: tuple[int, int], edits: list[tuple[int, int]], around: list[Excerpt]
) -> None:
    text = source(end)

    def chars(first: int, last: int) -> Span:
        return Span(text.line_span(first).start, text.line_span(last).end - len(end))

    made = tuple(Edit("a.py", chars(*edit), "new") for edit in edits)
    fix = Fix("fix", made, Applicability.SAFE) if made else None
    finding = Finding("rule", "a.py", chars(*span), Severity.ERROR, "said", (), fix)
    assert locate(finding, text).around == tuple(around)


def test_lines_are_shared_by_the_findings_of_a_file() -> None:
    text = Source("a.yaml", "x" * 1_000_000, "yaml")
    finding = Finding("rule", "a.yaml", Span(0, 1), Severity.ERROR, "said")
    one, other = locate(finding, text), locate(finding, text)
    assert one.lines[0] is other.lines[0] is one.around[0].lines[0]
