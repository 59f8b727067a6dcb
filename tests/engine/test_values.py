"""Values of the model as bytes and back: the same, of the same types, or nothing at all."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.engine.checked import Checked, Directive
from migrator.engine.values import decoded, encoded
from migrator.model import (
    Applicability,
    Edit,
    EditBytes,
    Excerpt,
    Fact,
    Finding,
    Fix,
    Located,
    Position,
    Severity,
    Span,
)

LONG = st.text(min_size=1, max_size=3).map(lambda text: text * 101)
PLAIN = st.none() | st.booleans() | st.integers() | st.text() | LONG | st.binary()
NESTED = st.recursive(
    PLAIN, lambda inner: st.lists(inner).map(tuple) | st.frozensets(inner, max_size=4), max_leaves=9
)
EDIT = Edit("a", Span(1, 2), "\ud800 é")
FINDING = Finding(
    "rule",
    "a",
    Span(1, 2),
    Severity.ERROR,
    "message",
    ("why",),
    Fix("title", (EDIT,), Applicability.REVIEW),
)
CHECKED = Checked(
    "a",
    (
        Located(
            FINDING,
            Position(1, 2),
            Position(1, 3),
            (EditBytes(1, 2, "x", Position(1, 2), Position(1, 3)),),
            ("line",),
            "hash",
            "utf-8",
            (Excerpt(1, ("line",)),),
            "scope",
        ),
    ),
    (Fact("kind", "key", (1, ("a", None)), "a", Span(1, 2), (("a", "b"),), ("b",)),),
    gaps=((b"\xff\0", "reason"),),
    digest=b"\x80",
    directives=(
        Directive(Span(0, 1), 1, None, (("rule", Span(2, 3)),), "", Span(0, 1), Span(0, 1)),
    ),
    scopes={3: "scope"},
)


def types(value: object) -> object:
    """The types of all that `value` is made of."""
    if isinstance(value, tuple):
        return type(value), [types(one) for one in value]
    return type(value)


@given(NESTED)
@settings(max_examples=200)
def test_plain_values_come_back(value: object) -> None:
    again = decoded(encoded(value))
    assert again == value
    assert types(again) == types(value)


def test_a_result_comes_back() -> None:
    again = decoded(encoded(CHECKED))
    assert again == CHECKED
    assert again.findings[0].finding.fix.applicability is Applicability.REVIEW
    assert types(again.facts[0].value) == types(CHECKED.facts[0].value)


def test_sets_have_one_encoding() -> None:
    assert encoded(frozenset({"a", "b", ("c", 1)})) == encoded(frozenset({("c", 1), "b", "a"}))


def test_sets_of_long_texts_have_one_encoding() -> None:
    texts = [name * 200 for name in "abcdefgh"]
    assert encoded(frozenset(texts)) == encoded(frozenset(reversed(texts)))


def test_a_line_is_written_once_for_all_that_is_found_in_it() -> None:
    line = "x" * 10_000
    located = CHECKED.findings[0]._replace(
        lines=(line,), around=(Excerpt(1, ("before", line, "behind")),)
    )
    checked = replace(CHECKED, findings=(located,) * 50)
    data = encoded((checked, replace(checked, path="b")))
    assert data.count(line.encode()) == 1
    assert [one.path for one in decoded(data)] == ["a", "b"]
    assert decoded(data)[1].findings == checked.findings


class Own(NamedTuple):
    """A type of somebody else's."""

    part: int


class Span2(Span):
    """One that only seems to be of the model."""


Span2.__name__ = "Span"


@pytest.mark.parametrize("value", [Own(1), 1.5, [1], {1}, object(), Span2(1, 2), int])
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encoded((value,))


HOSTILE = [
    b"",
    b"{}",
    b'{"a": 1, "b": 2}',
    b'{"eval": ["1"]}',
    b'{"Checked": []}',
    b'{"Checked": 3}',
    b'{"Severity": ["none"]}',
    b'{"bytes": 3}',
    b'{"dict": [1]}',
    b'{"set": [{"dict": []}]}',
    b'{"__class__": ["x"]}',
    b"[" * 100_000,
    b"\xff",
    json.dumps({"Span": [1, 2, 3]}).encode(),
]


NO_TEXTS = [
    b'[["a"], {"text": 1}]',
    b'[["a"], {"text": "a"}]',
    b'[["a"], {"text": null}]',
    b'[[["a"]], {"text": 0}]',
    b'[{"0": "a"}, {"text": 0}]',
    b'["a", {"text": 0}]',
    b"[[]]",
    b"[[], 1, 2]",
    b"1",
]


@pytest.mark.parametrize("data", [*HOSTILE, *(b"[[], %b]" % one for one in HOSTILE), *NO_TEXTS])
def test_what_was_not_encoded_is_no_value(data: bytes) -> None:
    with pytest.raises(ValueError):
        decoded(data)
