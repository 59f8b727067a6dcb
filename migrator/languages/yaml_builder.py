"""YAML nodes from the events of ruamel.yaml's parser.

They are not from its composer, which puts the node in the place of an alias: the place where the
alias stands would be lost, and a small file of aliases of aliases would be as large as what it
stands for. Nothing is constructed: a tag is a name and no more.
"""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import Reader

from migrator.errors import NotAnalysedError
from migrator.languages.yaml import Alias, Mapping, Node, Scalar, Sequence, Tree, is_text, resolved
from migrator.model import Source, Span

# YAML 1.1 ended lines with these and ruamel.yaml still does; YAML 1.2 takes them for text.
_NO_LINE_ENDS = str.maketrans({"\x85": "·", "\u2028": "·", "\u2029": "·"})
_TAG_BEFORE = re.compile(r"![^\s,\[\]{}]*\s+\Z")
# Nobody writes what is deeper, and the scanner looks at all open levels for each token.
_DEEPEST = 500
_LONGEST_TAG = 1000
_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+|#[^\r\n]*)+)*")
# Plain, these are text under every schema: a word that is no boolean, null or number.
_TEXT = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)\Z)[a-z_][\w .:/-]*", re.IGNORECASE)
_COLON = re.compile(r"(?:[ \t\r\n]|(?<=[ \t\r\n])#[^\r\n]*(?=[\r\n]))*:")
# Blanks with a tab between what stands on one line, where they indent nothing.
_BLANKS = re.compile(r"(?<![-?\s])[ \t]*\t[ \t]*|(?<=\S[-?])[ \t]*\t[ \t]*")
_TEMPLATE = re.compile(r"\{[{%]")
_LINE_ENDS = frozenset("\n\r\ufeff")


def parsed(source: Source) -> Tree:
    """The tree of `source`; raises `NotAnalysedError` with line and column where it has none."""
    text = source.text.translate(_NO_LINE_ENDS)
    try:
        try:
            return _built(source, text)
        except MarkedYAMLError as error:
            mark = error.problem_mark
            if mark is None or not text.startswith("\t", mark.index):
                raise
            # ruamel.yaml takes no tab for a blank between tokens, other parsers do.
            return _built(source, _BLANKS.sub(_spaces, text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(str(error.problem or error.context).split())
        raise _refused(source, mark.index if mark else 0, problem) from None
    except YAMLError as error:
        problem = " ".join(str(error).split())
        raise _refused(source, getattr(error, "position", 0), problem) from None
    except RecursionError:
        raise NotAnalysedError("is nested too deeply to be parsed") from None


def _built(source: Source, text: str) -> Tree:
    builder = _Builder(source)
    yaml = YAML(typ="safe", pure=True)
    yaml.Reader = _Strides
    for event in yaml.parse(text):
        builder.take(event)
    return Tree(tuple(builder.documents))


class _Strides(Reader):
    """Goes over what ends no line in one step; the library looks at each character."""

    def forward(self, length: int = 1) -> None:
        start = self.pointer
        end = start + length
        passed = self.buffer[start:end]
        if not _LINE_ENDS.isdisjoint(passed) or end + 1 >= len(self.buffer):
            super().forward(length)
        else:
            self.pointer = end
            self.index += length
            self.column += length


def _spaces(blanks: re.Match[str]) -> str:
    return " " * len(blanks[0])


def _refused(source: Source, offset: int, problem: str) -> NotAnalysedError:
    line, column = source.position(min(offset, len(source.text)))
    template = _TEMPLATE.search(source.text)
    hint = ""
    if template:
        hint = f"; `{template[0]}` at line {source.position(template.start()).line}: a template?"
    return NotAnalysedError(
        f"does not parse as YAML at line {line}, column {column}: {problem}{hint}"
    )


class _Builder:
    """Nodes from events, without recursion: depth costs memory and no more."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.documents: list[Node] = []
        self._open: list[tuple[Mapping | Sequence, list[Node]]] = []
        self._anchors: dict[str, Scalar | Mapping | Sequence] = {}

    def take(self, event: Any) -> None:
        span = Span(event.start_mark.index, event.end_mark.index)
        if getattr(event, "tag", None) is not None:
            span = self._from_tag(span)
        if isinstance(event, events.DocumentStartEvent):
            self._anchors = {}
        elif isinstance(event, events.ScalarEvent):
            style = event.style or ""
            written = self._written(span, style)
            node = Scalar(span, event.anchor, event.tag, event.value, style, written)
            self._add(self._anchored(node))
        elif isinstance(event, events.AliasEvent):
            if event.anchor not in self._anchors:
                problem = f"the alias `*{event.anchor}` has no anchor above it"
                raise _refused(self.source, span.start, problem)
            self._add(Alias(span, target=self._anchors[event.anchor]))
        elif isinstance(event, events.CollectionStartEvent):
            if len(self._open) == _DEEPEST:
                problem = f"is nested deeper than {_DEEPEST} levels"
                raise _refused(self.source, span.start, problem)
            kind = Mapping if isinstance(event, events.MappingStartEvent) else Sequence
            opened = kind(span, event.anchor, event.tag, bool(event.flow_style))
            self._open.append((self._anchored(opened), []))
        elif isinstance(event, events.CollectionEndEvent):
            self._close(span.end)

    def _anchored(self, node: Any) -> Any:
        if node.anchor is not None:
            self._anchors[node.anchor] = node
        return node

    def _from_tag(self, span: Span) -> Span:
        """`span` from its tag on: the mark of what has an anchor behind its tag is the anchor's."""
        text = self.source.text
        properties = _PROPERTIES.match(text, span.start, span.end)
        if properties is None or "!" in properties[0]:
            return span
        before = _TAG_BEFORE.search(text, max(0, span.start - _LONGEST_TAG), span.start)
        return Span(before.start(), span.end) if before else span

    def _written(self, span: Span, style: str) -> Span:
        match = _PROPERTIES.match(self.source.text, span.start, span.end)
        assert match is not None
        quotes = 1 if style in ("'", '"') and match.end() < span.end else 0
        return Span(match.end() + quotes, span.end - quotes)

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1][1].append(node)
        else:
            self.documents.append(node)

    def _close(self, end: int) -> None:
        node, parts = self._open.pop()
        if isinstance(node, Sequence):
            node.items = parts
        else:
            node.pairs = list(zip(parts[::2], parts[1::2], strict=True))
            self._place(node)
            self._unequal(node)
        if parts and not node.flow:
            # The mark is that of the next token, behind blank lines and comments.
            end = max(part.span.end for part in parts[-2:])
        node.span = Span(node.span.start, end)
        self._add(node)

    def _place(self, node: Mapping) -> None:
        """Put values that nothing is written for behind their colons, or else their keys.

        Their marks are that of the next token, as are those of blocks.
        """
        for key, value in node.pairs:
            if isinstance(value, Scalar) and value.span.start == value.span.end:
                colon = _COLON.match(self.source.text, key.span.end, value.span.end)
                at = colon.end() if colon else key.span.end
                value.span = value.written = Span(at, at)

    def _unequal(self, node: Mapping) -> None:
        """Refuse what no reader reads alike: equal keys, and braces that a template stands in."""
        seen: dict[tuple[str, str], int] = {}
        for key, _ in node.pairs:
            key = resolved(key)
            if isinstance(key, Scalar):
                identity = (key.value, _kind(key))
                if identity in seen:
                    line = self.source.position(seen[identity]).line
                    problem = f"the key `{key.value}` stands at line {line} already"
                    raise _refused(self.source, key.span.start, problem)
                seen[identity] = key.span.start
            elif isinstance(key, Mapping) and node.flow and key.span.start == node.span.start + 1:
                problem = "`{{` without quotes, as templates have it"
                raise _refused(self.source, node.span.start, problem)


def _kind(scalar: Scalar) -> str:
    """The type of a key, so far as two keys of one spelling can differ in it."""
    if not is_text(scalar):
        return str(scalar.tag)
    if scalar.tag is None and not scalar.style and not _TEXT.fullmatch(scalar.value):
        return "plain"
    return "text"
