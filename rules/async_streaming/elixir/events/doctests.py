"""Events in the doctests of handlers, which run as tests do: `iex> handle_event({:chunk, "a"})`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from migrator import Edit, Source, Span
from migrator.errors import NotAnalysedError
from migrator.helpers.elixir.attributes import is_doc
from migrator.helpers.elixir.calls import atom_of
from migrator.languages.elixir import parse

from ..reading.shapes import COMPLETE, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning
    from ..takers.roles import Roles

# Code, and what it is to give, up to the next blank line.
_EXAMPLE = re.compile(
    r"^[ \t]*iex(?:\(\d+\))?>[^\r\n]*(?:\r?\n[ \t]*[^\s\"][^\r\n]*)*", re.MULTILINE
)
_LINE = re.compile(r"[ \t]*(?P<prompt>(?:iex|\.\.\.)(?:\(\d+\))?>)?[ \t]*(?P<code>[^\r\n]*)")
_EVENT = re.compile(rf"\{{ *:({'|'.join(TAGS)})\b")
_BROKEN = "the code of the doctest goes on in other lines"
_OUTCOME = "what comes out of the doctest has more keys now"


class Example(NamedTuple):
    """An event in a doctest; `trouble` says why a person has to write the current one."""

    tag: str
    span: Span
    reason: str
    edits: tuple[Edit, ...] = ()
    trouble: str = ""


def examples(meaning: Meaning, roles: Roles) -> Iterator[Example]:
    """The legacy events in the doctests of the handlers of a file."""
    for doc in meaning.tree.of("string", "sigil"):
        role = roles.behaviours.of(doc) if _EVENT.search(doc.text) and is_doc(doc) else None
        if role is not None:
            reason = f"a doctest has it, and {role.reason}"
            for example in _EXAMPLE.finditer(doc.text):
                for line in _LINE.finditer(example[0]):
                    start = doc.span.start + example.start() + line.start("code")
                    for one in _in_line(meaning.source, line):
                        yield _moved(one, start)._replace(reason=reason)


def _moved(one: Example, by: int) -> Example:
    """`one`, of which all places begin at `by`."""
    edits = tuple(edit._replace(span=_at(edit.span, by)) for edit in one.edits)
    return one._replace(span=_at(one.span, by), edits=edits)


def _at(span: Span, by: int) -> Span:
    return Span(by + span.start, by + span.end)


def _in_line(source: Source, line: re.Match[str]) -> Iterator[Example]:
    code = line["code"]
    if _EVENT.search(code) is None:
        return
    events = _tuples(code)
    if events is None:
        for match in _EVENT.finditer(code):
            yield Example(match[1], Span(*match.span()), "", trouble=_BROKEN)
        return
    for event in events:
        tag = atom_of(event.children[0]) if len(event.children) == 2 else None
        if tag == COMPLETE and not line["prompt"]:
            yield Example(tag, event.span, "", trouble=_OUTCOME)
        elif tag in TAGS and tag is not None:
            yield Example(tag, event.span, "", tuple(_edits(source.path, event, tag)))


def _tuples(code: str) -> list[Node] | None:
    """The tuples in `code`; `None` where it is no whole code, or in escapes of the text around."""
    try:
        tree = parse(Source("doctest.ex", code, "elixir"))
    except NotAnalysedError:
        return None
    return None if tree.gaps or "\\" in code else tree.of("tuple")


def _edits(path: str, event: Node, tag: str) -> Iterator[Edit]:
    name, text = event.children
    yield Edit(path, name.span, TAGS[tag])
    more = ", tokens: nil, finish_reason: nil" if tag == COMPLETE else ""
    if text.text != "_":
        yield Edit(path, Span(text.span.start, text.span.start), "%{content: ")
        yield Edit(path, Span(text.span.end, text.span.end), f"{more}}}")
