"""YAML: spans of nodes, what is refused, and texts that are made to hurt."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.errors import NotAnalysedError
from migrator.languages import yaml
from migrator.languages.yaml import Alias, Mapping, Scalar, Sequence
from migrator.model import Source


def parsed(text: str) -> yaml.Tree:
    return yaml.parse(Source("a.yaml", text, "yaml"))


def scalars(text: str) -> list[tuple[str, str]]:
    """Each scalar's value, and what is written for it without quotes and properties."""
    return [
        (node.value, text[node.written.start : node.written.end])
        for node in parsed(text).nodes
        if isinstance(node, Scalar)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b", [("a", "a"), ("b", "b")]),
        ("'a': \"b\"", [("a", "a"), ("b", "b")]),
        ("&x a: !t 'b'", [("a", "a"), ("b", "b")]),
        ('? &x !!str "a"\n: &y b', [("a", "a"), ("b", "b")]),
        ('a: "\\x62"', [("a", "a"), ("b", "\\x62")]),
        ("a: &x # note\n  b", [("a", "a"), ("b", "b")]),
        ("[a, {b: c}]", [("a", "a"), ("b", "b"), ("c", "c")]),
        ("a:", [("a", "a"), ("", "")]),
        ("ä: 🌊", [("ä", "ä"), ("🌊", "🌊")]),
        ("a: b\r\nc: d\re: f", [(c, c) for c in "abcdef"]),
        (
            "a: b\u2028c\n# \x85d: e\nf: g",
            [("a", "a"), ("b·c", "b\u2028c"), ("f", "f"), ("g", "g")],
        ),
        ("--- a\n--- b\n...\n", [("a", "a"), ("b", "b")]),
    ],
)
def test_where_scalars_stand(text: str, expected: list[tuple[str, str]]) -> None:
    assert scalars(text) == expected


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a:\n  b: 1\n", "b: 1"),
        ("a:\n  b: 1  # b\n\n# c\nc: 2\n", "b: 1"),
        ("a:\n- [1,\n  2]\n# c\nc: 2\n", "2]"),
        ("a:\n  b:\n\n# c\nc: 2\n", "b:"),
        ("a:\n  b:  # b\n# c\nc: 2\n", "b:"),
        ("a:\n  ? b\n# c: d\nc: 2\n", "? b"),
        ("a:\n  ? b  # b\n  :\n# c\nc: 2\n", ":"),
        ("a:\n  - - b:\n# c\nc: 2\n", "b:"),
    ],
)
def test_a_block_ends_with_its_last_text(text: str, end: str) -> None:
    (root,) = parsed(text).documents
    assert isinstance(root, Mapping)
    _, value = root.pairs[0]
    assert text[: value.span.end].endswith(end)
    assert "#" not in text[value.span.end - len(end) : value.span.end]


def test_an_alias_stays_one() -> None:
    (root,) = parsed("a: &x {b: 1}\nc: *x\nd: [*x]").documents
    assert isinstance(root, Mapping)
    first, second = root.pairs[0][1], root.pairs[1][1]
    assert isinstance(second, Alias)
    assert second.target is first
    assert isinstance(root.pairs[2][1], Sequence)


def test_aliases_of_aliases_cost_nothing() -> None:
    lines = ["a0: &a0 x"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert len(parsed("\n".join(lines)).nodes) < 400


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\nb:\n\tc: 1", "line 3, column 1"),
        ("a: 1\n'a': 2", "the key `a` stands at line 1 already"),
        ("{% if x %}\na: 1", "`{%` at line 1: a template?"),
        ("a: {{ x }}", "`{{` without quotes"),
        ("a: *b", "the alias `*b` has no anchor above it"),
        ("--- &a x\n--- *a", "no anchor above it"),
        ("a: [", "does not parse as YAML at line"),
        ("a: \x01", "at line 1, column 4"),
        ("a: 'b", "does not parse as YAML"),
        ("%YAML 9.0\n--- a", "YAML"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotAnalysedError) as raised:
        parsed(text)
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    "text", ["1: a\n'1': b", "a: {{x: 1}: 2}".replace("{{", "{? {"), "", "# x"]
)
def test_what_is_not_refused(text: str) -> None:
    parsed(text)


def test_depth_ends_no_process() -> None:
    parsed("[" * 400 + "]" * 400)
    parsed("\n".join("  " * depth + "a:" for depth in range(400)))


@pytest.mark.parametrize("opening", ["[", "{a: ", "? ", "- "])
def test_depth_without_end_is_refused_at_once(opening: str) -> None:
    with pytest.raises(NotAnalysedError, match="is nested deeper than 500 levels"):
        parsed(opening * 2000)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a", ("utf-8", b"")),
        (codecs.BOM_UTF8 + b"a", ("utf-8", codecs.BOM_UTF8)),
        (codecs.BOM_UTF16_LE + b"a\0", ("utf-16-le", codecs.BOM_UTF16_LE)),
        (codecs.BOM_UTF16_BE + b"\0a", ("utf-16-be", codecs.BOM_UTF16_BE)),
        (codecs.BOM_UTF32_LE + b"a\0\0\0", ("utf-32-le", codecs.BOM_UTF32_LE)),
        (b"a\0b\0", ("utf-16-le", b"")),
        (b"\0a", ("utf-16-be", b"")),
        (b"a\0\0\0", ("utf-32-le", b"")),
        (b"\0\0\0a", ("utf-32-be", b"")),
        (b"", ("utf-8", b"")),
    ],
)
def test_encodings(data: bytes, expected: tuple[str, bytes]) -> None:
    assert yaml.encoding(data) == expected


def test_a_nul_byte_is_refused() -> None:
    with pytest.raises(NotAnalysedError, match="NUL byte at offset 2"):
        yaml.encoding(b"ab\0c")


@st.composite
def spellings(draw: st.DrawFn, word: str = "async_stream") -> str:
    """`word` in double quotes, some of its characters escaped, with line breaks between."""
    written = []
    for letter in word:
        escape = draw(st.sampled_from(["{0}", "{0}", "\\x{1:02x}", "\\u{1:04X}", "\\U{1:08x}"]))
        written.append(escape.format(letter, ord(letter)))
        written.append(draw(st.sampled_from(["", "", "", "\\\n", "\\\r\n   ", "\\\r\t"])))
    return "".join(written)


@given(spellings(), st.sampled_from(["", "x\\y ", "'C:\\' ", "'\\\\' "]))
def test_no_spelling_of_a_word_is_missed(spelled: str, before: str) -> None:
    text = f'- {before}\n- {{"{spelled}": true}}\n' if before else f'"{spelled}": true\n'
    assert b"async_stream" in yaml.plain(text.encode(), "a.yaml")
    data = codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    assert b"async_stream" in yaml.plain(data, "a.yaml")


@pytest.mark.parametrize("text", ["a: 1", "async-stream: true", "\\x61: async", "# \\"])
def test_other_words_are_not_found(text: str) -> None:
    assert b"async_stream" not in yaml.plain(text.encode(), "a.yaml")


@pytest.mark.parametrize("text", ["a: 1", "'C:\\temp'", '"\\n\\t\\"é"'])
def test_what_spells_no_word_is_looked_at_as_it_is(text: str) -> None:
    data = text.encode()
    assert yaml.plain(data, "a.yaml") is data
