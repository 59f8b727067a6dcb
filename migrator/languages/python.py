"""Python, parsed by libcst: a tree whose spans count characters of the source as it is on disk."""

from __future__ import annotations

import ast
import codecs
import contextlib
import re
import sys
import warnings
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING, TypeVar, overload

from migrator.errors import NotAnalysedError
from migrator.languages.marks import wide
from migrator.languages.python_stars import stars
from migrator.model import Gap, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    import libcst as cst

    from migrator.languages.python_spans import Printed

    One = TypeVar("One", bound=cst.CSTNode)
    Two = TypeVar("Two", bound=cst.CSTNode)

name = "python"
suffixes = (".py", ".pyi", ".pyw")

# PEP 263: in the first line, else in the second where the first holds nothing but a comment.
_COOKIE = re.compile(
    rb"\A(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))??[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)"
)
# Where a cookie may stand, unless somebody hides it behind a very long first line.
_COOKIE_WITHIN = 1000
_ASCII = bytes(range(128))
# The interpreter resets the column at a form feed; libcst drops it from the indentation it keeps.
_INDENT_TO_FORM_FEED = re.compile(r"(?:(?<=[\r\n])|\A)[ \t\f]*\f")
_BLANK_TAIL = re.compile(r"(?<=\n)[ \t\f\r\n]+\Z")
_LONE_CR = re.compile(r"\r(?!\n)")


def encoding(data: bytes) -> tuple[str, bytes]:
    """The codec by byte order mark and PEP 263 cookie; see `Language.encoding`."""
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    if wide(data):
        raise NotAnalysedError("is UTF-16 or UTF-32, which Python does not read: save it as UTF-8")
    if b"\0" in data:
        raise NotAnalysedError(f"holds a NUL byte at offset {data.index(0)}")
    cookie = _COOKIE.match(data[len(bom) :])
    if not cookie:
        return "utf-8", bom
    named = cookie[1].decode("ascii", "replace")
    try:
        codec = codecs.lookup(named)
    except LookupError:
        raise NotAnalysedError(f"declares the unknown encoding {named!r}") from None
    if not _reads_ascii(codec.name):
        raise NotAnalysedError(f"declares {named!r}, which is no encoding for source code")
    if bom and codec.name not in ("utf-8", "utf-8-sig"):
        raise NotAnalysedError(f"declares {named!r}, but begins with the byte order mark of UTF-8")
    return ("utf-8" if codec.name == "utf-8-sig" else codec.name), bom


def _reads_ascii(codec: str) -> bool:
    """Whether ASCII means itself: a codec of escapes may read code as something else."""
    if codec.endswith("escape") or codec == "idna":
        return False
    try:
        return bool(codecs.decode(_ASCII, codec) == _ASCII.decode("ascii"))
    except Exception:
        return False  # a codec may raise whatever it likes: that of `zip` has errors of its own


def plain(data: bytes, path: str) -> bytes:
    """`data` in UTF-8, with a word for each module that it imports all of; see `Language.plain`."""
    codec = wide(data)
    if codec is None and b"coding" in data[:_COOKIE_WITHIN] and not data.isascii():
        with contextlib.suppress(NotAnalysedError):
            codec, _ = encoding(data)
    found = data if codec in (None, "utf-8") else data.decode(codec, "replace").encode()
    added = stars(found, path)
    return (
        found
        if not added
        else b"".join((found, *(one.encode(errors="surrogateescape") for one in added)))
    )


@dataclass(frozen=True)
class Tree:
    """A parsed module; `spans` has its nodes in the order they end, `parents` what they are in.

    Blanks and line ends have neither, but for blanks that join lines.
    """

    module: cst.Module
    spans: dict[cst.CSTNode, Span]
    parents: dict[cst.CSTNode, cst.CSTNode]
    _found: dict[tuple[type, ...], tuple[cst.CSTNode, ...]] = field(default_factory=dict)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around `node`, innermost first."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    @overload
    def of(self, kind: type[One], /) -> tuple[One, ...]: ...

    @overload
    def of(self, kind: type[One], other: type[Two], /) -> tuple[One | Two, ...]: ...

    @overload
    def of(self, *kinds: type[cst.CSTNode]) -> tuple[cst.CSTNode, ...]: ...

    def of(self, *kinds: type[cst.CSTNode]) -> tuple[cst.CSTNode, ...]:
        """The nodes of these kinds, in the order of `spans`.

        To ask each node of a file what it is costs more than all else that a rule does.
        """
        if kinds not in self._found:
            groups = [group for kind, group in self._by_kind.items() if _is_one_of(kind, kinds)]
            self._found[kinds] = tuple([node for _, node in sorted(chain.from_iterable(groups))])
        return self._found[kinds]

    @cached_property
    def _by_kind(self) -> dict[type, list[tuple[int, cst.CSTNode]]]:
        groups: dict[type, list[tuple[int, cst.CSTNode]]] = {}
        for numbered in enumerate(self.spans):
            groups.setdefault(type(numbered[1]), []).append(numbered)
        return groups


@cache
def _is_one_of(kind: type, kinds: tuple[type, ...]) -> bool:
    return issubclass(kind, kinds)


def parse(source: Source) -> Tree:
    """The tree of `source`; raises `NotAnalysedError` with line and column where it has none."""
    return source.once(_parse)


def gaps(source: Source) -> tuple[Gap, ...]:
    """None: what does not parse as a whole is refused."""
    return ()


def comments(source: Source) -> Iterator[Span]:
    """The comments of `source`; see `Language.comments`."""
    import libcst as cst

    tree = parse(source)
    return (tree.spans[node] for node in tree.of(cst.Comment))


def unbroken(source: Source) -> Iterator[Span]:
    """Strings, and lines that a backslash joins; see `Language.unbroken`."""
    import libcst as cst

    tree = parse(source)
    for blank in tree.of(cst.SimpleWhitespace):
        if "\\" in blank.value:
            yield tree.spans[blank]
    for text in tree.of(cst.BaseString):  # type: ignore[type-abstract]
        if not isinstance(text, cst.ConcatenatedString):
            yield tree.spans[text]


def enclosing(source: Source) -> list[tuple[Span, str]]:
    """Classes and functions by their names; see `Language.enclosing`."""
    import libcst as cst

    tree = parse(source)
    named = tree.of(cst.ClassDef, cst.FunctionDef)
    return sorted((tree.spans[node], node.name.value) for node in named)


def _parse(source: Source) -> Tree:
    import libcst as cst

    text, offsets = _readable(source.text)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))
    try:
        printed = _printed(text)
        if printed.code != text:
            # libcst loses blank lines before a last line of blanks. They hold nothing to look at.
            text = _BLANK_TAIL.sub("", text)
            printed = _printed(text)
    except cst.ParserSyntaxError as error:
        raise NotAnalysedError(_refusal(text, error)) from None
    except RecursionError:
        raise NotAnalysedError("is nested too deeply to be parsed") from None
    spans = printed.spans
    if printed.position > len(text):
        # libcst prints a line end after the last statement, then takes it back if there was none.
        last = len(text)
        for node, (start, end) in spans.items():
            if end > last:
                spans[node] = Span(min(start, last), last)
    if offsets is not None:
        spans = {node: Span(offsets[start], offsets[end]) for node, (start, end) in spans.items()}
    tree = Tree(printed.module, spans, printed.parents)
    if printed.code != text or any(
        source.text[slice(*spans[name])] != name.value for name in tree.of(cst.Name)
    ):
        raise NotAnalysedError("does not survive parsing and printing unchanged")
    return tree


def _refusal(text: str, error: cst.ParserSyntaxError) -> str:
    """Where and why `text` does not parse: as the interpreter says, whose messages are better."""
    line, column = error.raw_line, error.raw_column + 1
    why = error.message.partition(": ")[2] or error.message
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as better:
        line, column, why = better.lineno or line, better.offset or column, better.msg
    except (ValueError, MemoryError, RecursionError):
        pass
    return f"does not parse as Python at line {line}, column {column}: {why}"


def _readable(text: str) -> tuple[str, list[int] | None]:
    """What libcst reads as the interpreter would, and where its characters stood in `text`."""
    text = _LONE_CR.sub("\n", text)
    if "\f" not in text:
        return text, None
    offsets: list[int] = []
    pieces: list[str] = []
    done = 0
    for match in _INDENT_TO_FORM_FEED.finditer(text):
        pieces.append(text[done : match.start()])
        offsets += range(done, match.start())
        done = match.end()
    offsets += range(done, len(text) + 1)
    return "".join((*pieces, text[done:])), offsets


def _module(text: str) -> cst.Module:
    import libcst as cst

    with _unchecked():
        module = cst.parse_module(text)
    if text.endswith("\n") and not module.has_trailing_newline:
        # libcst takes the last line end for a continuation where a comment ends with `\\`.
        return module.with_changes(has_trailing_newline=True)
    return module


@contextlib.contextmanager
def _unchecked() -> Iterator[None]:
    """Have nodes made that are not asked whether they are valid: what the parser makes is.

    To ask is a quarter of the parser's time. That it need not be done there, libcst says itself in
    the method that asks.
    """
    import libcst as cst

    asks = cst.CSTNode.__post_init__
    cst.CSTNode.__post_init__ = lambda _: None  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        cst.CSTNode.__post_init__ = asks  # type: ignore[method-assign]


def _printed(text: str) -> Printed:
    """What `text` is printed as; by libcst itself where the faster way gives another text."""
    from migrator.languages.python_spans import Printed

    module = _module(text)
    printed = Printed(module).by_table()
    return printed if printed.code == text else Printed(module).by_libcst()
