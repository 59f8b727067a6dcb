"""Generated workflow files: what is told of them is what a plain reckoning of their meaning has."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from promises import after_an_apply
from workflow_files import Workflows
from workflow_meaning import Node, documents, keys, shape, steps

from migrator.model import Applicability

if TYPE_CHECKING:
    from migrator.model import Located, Report

_MARKS = {"utf-8": b"", "utf-8-sig": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe"}
_NEW = {"Pipeline.AsyncStreaming": "Pipeline.Streaming", "pipeline.async_": "pipeline."}


def place(one: Located) -> tuple[int, int]:
    return (one.start.line, one.start.column)


def found(report: Report, rule: str, message: str = "") -> list[Located]:
    every = (one for one in report.findings if one.finding.rule == rule)
    return [one for one in every if message in one.finding.message]


def shapes(
    roots: list[Node], renamed: frozenset[tuple[int, int]] = frozenset(), *, but_true: bool = False
) -> str:
    """What the documents hold, with names in the current namespace; see `shape`."""
    told = repr([shape(root, renamed, but_true=but_true) for root in roots])
    for old, new in _NEW.items():
        told = told.replace(old, new)
    return told


@settings(max_examples=300)
@given(
    st.integers(0, 2**32),  # no smaller file is looked for: it would take minutes
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(sorted(_MARKS)),
)
def test_what_is_told_is_what_the_data_mean(seed: int, line_end: str, codec: str) -> None:
    text = Workflows(Random(seed)).file()  # noqa: S311
    mark, codec = _MARKS[codec], codec.removesuffix("-sig")
    data = mark + text.replace("\n", line_end).encode(codec)

    def read(after: bytes) -> list[Node]:
        return documents(after[len(mark) :].decode(codec).replace(line_end, "\n"))

    roots = read(data)
    expected, legacy = steps(roots), keys(roots)
    report, after = after_an_apply("a.yaml", data)
    assert not report.not_analysed
    told = [
        (place(one), one.finding.applicability.name.lower()) for one in found(report, "step-keys")
    ]
    assert sorted(told) == legacy
    for verdict, message in (
        ("missing", "does not stream: set"),
        ("torn", "would also count"),
    ):
        places = [one.at for one in expected if one.verdict == verdict]
        assert sorted(map(place, found(report, "step-must-stream", message))) == places
    off = [one for one in expected if one.verdict == "off"]
    assert len(found(report, "step-must-stream", "told not to")) == len(off)

    safe = frozenset(at for at, level in legacy if level == "safe")
    assert shapes(read(after)) == shapes(roots, safe)

    report, after = after_an_apply("a.yaml", data, Applicability.REVIEW)
    moved = frozenset(at for at, level in legacy if level != "manual")
    assert shapes(read(after), but_true=True) == shapes(roots, moved, but_true=True)
    mended = steps(read(after))
    # Behind a block scalar that ends with the file no key can be added.
    by_hand = [
        one for one in found(report, "step-must-stream", "does not stream: set") if not one.edits
    ]
    assert len(by_hand) == [one.verdict for one in mended].count("missing")
    assert all(text.endswith("llm") for _ in by_hand)
    # Where one name comes to hide the other by a merge, another value counts, as was told.
    if all(level != "review" for _, level in legacy):
        for one, then in zip(expected, mended, strict=True):
            kept = [use for use in one.uses if use != "missing"]
            now = [use for was, use in zip(one.uses, then.uses, strict=True) if was != "missing"]
            assert now == kept
