"""Python files as bytes and trees: encodings, odd line ends, spans that count characters."""

from __future__ import annotations

import codecs
import contextlib
import io
import tokenize
from pathlib import Path

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.errors import NotAnalysedError
from migrator.languages import python
from migrator.languages.python_nodes import children
from migrator.model import Source

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"


def source(text: str) -> Source:
    return Source("example.py", text, "python")


@pytest.mark.parametrize(
    ("data", "encoding", "bom"),
    [
        (b"x = 1\n", "utf-8", b""),
        (b"", "utf-8", b""),
        (codecs.BOM_UTF8 + b"x = 1\n", "utf-8", codecs.BOM_UTF8),
        (codecs.BOM_UTF8 + b"# coding: utf-8\n", "utf-8", codecs.BOM_UTF8),
        (b"# -*- coding: latin-1 -*-\n", "iso8859-1", b""),
        (b"#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n", "cp1252", b""),
        (b"\n# coding: shift_jis\n", "shift_jis", b""),
        (b"#!python\r# coding: latin-1\rx = 1\r", "iso8859-1", b""),
        (b"x = 1\n# coding: latin-1\n", "utf-8", b""),
        (b"\n\n# coding: latin-1\n", "utf-8", b""),
        (b"# coding: latin-1\n# coding: cp1252\n", "iso8859-1", b""),
    ],
)
def test_encoding(data: bytes, encoding: str, bom: bytes) -> None:
    assert python.encoding(data) == (encoding, bom)


HEADS = [
    "# coding: latin-1", "# coding: cp1252", " \t\f#-*- coding=koi8-r -*-", "# encoding:\tcp437,",
    "# coding : latin-1", "# coding: !coding:latin-1", "x = 1  # coding: latin-1", "#", "", "\f",
    "#!python", "x = 1",
]  # fmt: skip


@given(st.lists(st.sampled_from(HEADS), max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_encoding_is_that_of_the_interpreter(lines: list[str], end: str) -> None:
    data = end.join(lines).encode()
    expected, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    assert python.encoding(data) == (codecs.lookup(expected).name, b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("x = 1".encode("utf-16"), "UTF-16"),
        (b"x = 1\0\n", "NUL byte at offset 5"),
        (b"# coding: utf-7\n", "'utf-7'"),
        (b"# coding: unicode_escape\n", "no encoding for source code"),
        (b"# coding: idna\n", "no encoding for source code"),
        (b"# coding: rot13\n", "no encoding for source code"),
        (b"# coding: no-such-thing\n", "unknown encoding 'no-such-thing'"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "byte order mark of UTF-8"),
    ],
)
def test_encoding_refused(data: bytes, reason: str) -> None:
    with pytest.raises(NotAnalysedError, match=reason):
        python.encoding(data)


@pytest.mark.parametrize(
    "text",
    [
        "name = other\n",
        "name = other",
        "name = other  # \\\n",
        "# \\\r\n",
        "é = 'ü'; name = other\n",
        "name = other\r\nname2 = 1\r\n",
        "name = 1\rother = 2\r",
        "name = 1\nother = 2\r\nthird = 3\r",
        "\fname = 1\nother = 2\n",
        "if name:\n\tother\n\f\n\fthird = 1\n",
        "def name():\n    '''\n    \fdoc'''\n\f    # comment\n\fother = 1\n",
        "name = \\\n    other\n",
        "name(  # comment\n    other,\n\n    # own line\n)\n",
        "match name:\n    case (first, *rest) if other:\n        pass\n",
        "f'{name!r:>{other}}' f\"{third}\"\n",
        "",
    ],
)
def test_spans_hold_the_text_of_each_name(text: str) -> None:
    tree = python.parse(source(text))
    for node, (start, end) in tree.spans.items():
        if isinstance(node, cst.Name):
            assert text[start:end] == node.value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1\nprint 1\n", "line 2, column 1"),
        ("def f(:\n", "line 1"),
        ("x = (\n", "does not parse"),
        ("\x1a", "line 1"),
    ],
)
def test_refused_with_the_line(text: str, reason: str) -> None:
    with pytest.raises(NotAnalysedError, match=reason):
        python.parse(source(text))


@pytest.mark.parametrize("text", ["y", "x = 1\n", "", "z\n"])
def test_a_print_that_differs_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(python, "_module", lambda _: cst.parse_module(text))
    with pytest.raises(NotAnalysedError, match="does not survive parsing and printing"):
        python.parse(source("y\n"))


NESTED = (
    "@d\nclass A(b):\n    async def f(self, *a: int, **k) -> None:\n        return (a[0], {**k})\n"
)


def test_nodes_by_kind_come_in_the_order_of_all() -> None:
    tree = python.parse(source(NESTED))
    for kinds in ((cst.Name,), (cst.Name, cst.Subscript), (cst.BaseExpression,), (cst.CSTNode,)):
        assert tree.of(*kinds) == tuple(node for node in tree.spans if isinstance(node, kinds))


def test_parents_are_those_whose_children_they_are() -> None:
    tree = python.parse(source(NESTED))
    printed = {child: node for node in tree.spans for child in children(node)}
    assert tree.parents == {node: printed[node] for node in tree.spans if node in printed}
    assert set(tree.spans) - set(tree.parents) == {tree.module}


def test_parsed_once() -> None:
    example = source("x = 1\n")
    assert python.parse(example) is python.parse(example)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-32"])
def test_words_are_found(codec: str) -> None:
    plain = python.plain(
        f"# coding: {codec.removesuffix('-sig')}\nGrößer.async_stream".encode(codec), "a.py"
    )
    assert "Größer.async_stream".encode() in plain
    assert b"async_handler" not in plain


@pytest.mark.parametrize(
    "data", [b"# coding: of nobody\n\xfc", b"\xef\xbb\xbf# coding: latin-1\n\xfc", b"\xfc"]
)
def test_words_are_looked_for_in_what_is_refused_too(data: bytes) -> None:
    assert python.plain(data, "a.py") == data


def test_the_parser_makes_what_libcst_finds_valid() -> None:
    """And what is made by hand is asked whether it is, as ever."""
    for path in sorted(FIXTURES.rglob("*.py")):
        text = path.read_bytes().decode("utf-8", "replace")
        with contextlib.suppress(NotAnalysedError):
            own = python.parse(source(text)).module
            assert own.deep_equals(cst.parse_module(own.code)), path
    with pytest.raises(cst.CSTValidationError):
        cst.Name("")


def test_what_and_which_a_node_is_does_not_change_by_how_it_is_told() -> None:
    tree = python.parse(source("class A(B):\n    def f(self, x=1): return [x, 'a' 'b', f'{x}']\n"))
    kinds = [cst.CSTNode]
    for kind in kinds:
        kinds += kind.__subclasses__()
    told = {(type(node), kind) for node in tree.spans for kind in kinds if isinstance(node, kind)}
    assert told == {
        (type(node), kind) for node in tree.spans for kind in kinds if issubclass(type(node), kind)
    }
    assert (cst.Name, cst.BaseExpression) in told
    assert not isinstance("x", cst.Name)
    assert len({*tree.spans, *tree.spans}) == len(tree.spans)
