"""Sources, spans and edits: bytes come back, places are those of an editor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.model import Edit, Position, Source, Span, moved, splice

TEXTS = st.text(st.sampled_from("ab \n\r\t\fäß中🌊\u2028\x85"), max_size=40)


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text, and edits of it that are apart from one another."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, [Edit("a", Span(*pair), draw(TEXTS)) for pair in dict.fromkeys(pairs)]


@given(texts_with_edits())
def test_nothing_outside_the_edits_changes(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    result = splice(text, edits)
    ordered = sorted(edits, key=lambda edit: edit.span)
    kept, done = [], 0
    for edit in ordered:
        kept += [text[done : edit.span.start], edit.text]
        done = edit.span.end
    assert result == "".join([*kept, text[done:]])
    assert splice(text, []) == text
    assert splice(text, [*edits, *edits]) == result


@given(texts_with_edits(), st.data())
def test_a_span_is_found_again_in_the_result(
    case: tuple[str, list[Edit]], data: st.DataObject
) -> None:
    text, edits = case
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    met = [edit.span for edit in edits if edit.span.end > start and edit.span.start < end]
    start, end = min([start, *(one.start for one in met)]), max([end, *(one.end for one in met)])
    inside = [
        edit._replace(span=Span(edit.span.start - start, edit.span.end - start))
        for edit in edits
        if edit.span in met
    ]
    found = moved(Span(start, end), edits)
    assert splice(text, edits)[slice(*found)] == splice(text[start:end], inside)


@pytest.mark.parametrize(
    ("span", "found"),
    [
        ((0, 1), (0, 1)),
        ((1, 3), (1, 2)),
        ((3, 6), (2, 10)),
        ((2, 3), (1, 2)),
        ((2, 4), (1, 8)),
        ((4, 6), (8, 10)),
        ((4, 4), (8, 8)),
    ],
)
def test_a_span_takes_in_what_is_replaced_at_its_bounds(
    span: tuple[int, int], found: tuple[int, int]
) -> None:
    edits = [Edit("a", Span(1, 3), "x"), Edit("a", Span(3, 4), "longer")]
    assert splice("abcdef", edits) == "axlongeref"
    assert moved(Span(*span), edits) == Span(*found)


@given(texts_with_edits())
def test_byte_offsets_say_the_same_as_spans(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    source = Source.from_bytes(
        "a", b"\xef\xbb\xbf" + text.encode(), "python", "utf-8", b"\xef\xbb\xbf"
    )
    data = source.to_bytes()
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        start, end = (source.byte_offset(offset) for offset in edit.span)
        data = data[:start] + edit.text.encode() + data[end:]
    assert data == source.to_bytes(splice(text, edits))


@pytest.mark.parametrize(
    "spans", [[(0, 2), (1, 3)], [(2, 1)], [(0, 3), (1, 1)]], ids=["overlap", "backwards", "inside"]
)
def test_edits_that_overlap_are_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="overlap"):
        splice("abcdef", [Edit("a", Span(*span), "x") for span in spans])


@given(texts_with_edits(), st.lists(TEXTS, unique=True), st.data())
def test_insertions_at_one_place_stay_in_their_order(
    case: tuple[str, list[Edit]], inserted: list[str], data: st.DataObject
) -> None:
    """Wherever they stand among other edits; an insertion comes before what begins there."""
    text, edits = case
    at = data.draw(st.sampled_from([0, len(text), *(place for one in edits for place in one.span)]))
    edits = [one for one in edits if one.span != (at, at)]
    left = [one for one in edits if one.span.end <= at]
    right = [
        one._replace(span=Span(one.span.start - at, one.span.end - at))
        for one in edits
        if one not in left
    ]
    here = iter([Edit("a", Span(at, at), one) for one in inserted])
    places = data.draw(st.permutations([*edits, *[None] * len(inserted)]))
    mixed = [next(here) if one is None else one for one in places]
    expected = splice(text[:at], left) + "".join(inserted) + splice(text[at:], right)
    assert splice(text, mixed) == expected


@given(TEXTS)
def test_lines_end_at_lf_crlf_and_cr_alone(text: str) -> None:
    source = Source("a", text, "yaml")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert source.position(len(text)).line == len(lines)
    spans = [source.line_span(number) for number in range(1, len(lines) + 1)]
    assert "".join(text[start:end] for start, end in spans) == text
    assert [text[start:end].rstrip("\r\n") for start, end in spans] == lines


def test_columns_count_characters() -> None:
    source = Source("a", "🌊ä: x\r\ny", "yaml")
    assert source.position(4) == Position(1, 5)
    assert source.position(7) == Position(2, 1)


@given(TEXTS, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_bytes_come_back(text: str, codec: str) -> None:
    data = text.encode(codec)
    assert Source.from_bytes("a", data, "yaml", codec).to_bytes() == data
