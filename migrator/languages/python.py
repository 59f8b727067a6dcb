"""Python, parsed by libcst: a tree whose spans count characters of the source as it is on disk."""

from __future__ import annotations

import ast
import codecs
import re
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

from migrator.errors import NotAnalysedError
from migrator.model import Gap, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import libcst as cst

name = "python"
suffixes = (".py", ".pyi", ".pyw")

# PEP 263: in the first line, or in the second where the first holds nothing but a comment.
_COOKIE = re.compile(
    rb"\A(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)"
)
_ASCII = bytes(range(128))
# The interpreter resets the column at a form feed; libcst drops it from the indentation it keeps.
_INDENT_TO_FORM_FEED = re.compile(r"(?:(?<=[\r\n])|\A)[ \t\f]*\f")
_BLANK_TAIL = re.compile(r"(?<=\n)[ \t\f\r\n]+\Z")
_LONE_CR = re.compile(r"\r(?!\n)")


def encoding(data: bytes) -> tuple[str, bytes]:
    """The codec by byte order mark and PEP 263 cookie; see `Language.encoding`."""
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
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


def holds(data: bytes, word: str) -> bool:
    """Whether the bytes of `word` are in `data`, in those of UTF-16 as well if it is marked so."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return word.encode("utf-16-le") in data or word.encode("utf-16-be") in data
    return word.encode() in data


@dataclass(frozen=True)
class Tree:
    """A parsed module; `span` and `parent` are known for each of its nodes."""

    module: cst.Module
    spans: dict[cst.CSTNode, Span]
    parents: dict[cst.CSTNode, cst.CSTNode]

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around `node`, innermost first."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)


def parse(source: Source) -> Tree:
    """The tree of `source`; raises `NotAnalysedError` with line and column where it has none."""
    return source.once(_parse)


def gaps(source: Source) -> tuple[Gap, ...]:
    """None: what does not parse as a whole is refused."""
    return ()


def _parse(source: Source) -> Tree:
    import libcst as cst

    text, offsets = _readable(source.text)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))
    try:
        module = cst.parse_module(text)
        if text.endswith("\n") and not module.has_trailing_newline:
            # libcst takes the last line end for a continuation where a comment ends with `\\`.
            module = module.with_changes(has_trailing_newline=True)
        if module.code != text:
            # libcst loses blank lines before a last line of blanks. They hold nothing to look at.
            text = _BLANK_TAIL.sub("", text)
            module = cst.parse_module(text)
        spans = _spans(module)
    except cst.ParserSyntaxError as error:
        raise NotAnalysedError(_refusal(text, error)) from None
    except RecursionError:
        raise NotAnalysedError("is nested too deeply to be parsed") from None
    # libcst prints a line end after the last statement, then takes it back if there was none.
    last = len(text)
    spans = {node: Span(min(start, last), min(end, last)) for node, (start, end) in spans.items()}
    if offsets is not None:
        spans = {node: Span(offsets[start], offsets[end]) for node, (start, end) in spans.items()}
    _check(module, text, spans, source)
    parents = {child: node for node in spans for child in children(node)}
    return Tree(module, spans, parents)


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


def _spans(module: cst.Module) -> dict[cst.CSTNode, Span]:
    from libcst._nodes.internal import CodegenState

    spans: dict[cst.CSTNode, Span] = {}
    opened: list[int] = []

    class Spans(CodegenState):
        """Prints nothing: notes where each node begins and ends while libcst prints the module."""

        position = 0

        def add_indent_tokens(self) -> None:
            self.position += sum(map(len, self.indent_tokens))

        def add_token(self, value: str) -> None:
            self.position += len(value)

        def before_codegen(self, node: cst.CSTNode) -> None:
            opened.append(self.position)

        def after_codegen(self, node: cst.CSTNode) -> None:
            spans.setdefault(node, Span(opened.pop(), self.position))

        @contextmanager
        def record_syntactic_position(
            self,
            node: cst.CSTNode,
            *,
            start_node: cst.CSTNode | None = None,
            end_node: cst.CSTNode | None = None,
        ) -> Iterator[None]:
            start = self.position
            yield
            spans[node] = Span(
                spans[start_node].start if start_node else start,
                spans[end_node].end if end_node else self.position,
            )

    module._codegen(Spans(module.default_indent, module.default_newline))
    return spans


def _check(module: cst.Module, text: str, spans: dict[cst.CSTNode, Span], source: Source) -> None:
    import libcst as cst

    held = module.code == text and all(
        source.text[start:end] == node.value
        for node, (start, end) in spans.items()
        if isinstance(node, cst.Name)
    )
    if not held:
        raise NotAnalysedError("does not survive parsing and printing unchanged")


@cache
def _child_fields(kind: type[cst.CSTNode]) -> Callable[[cst.CSTNode], tuple[object, ...]]:
    names = [field.name for field in fields(kind)]
    return lambda node: tuple([getattr(node, name) for name in names])


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes that stand directly in `node`, in the order of their fields."""
    import libcst as cst

    for value in _child_fields(type(node))(node):
        if isinstance(value, cst.CSTNode):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from (item for item in value if isinstance(item, cst.CSTNode))
