"""Legacy names in strings, comments and docs, and those put together when the program runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Finding, Fix, Look, Severity, Source, Span
from migrator.helpers.elixir.attributes import is_doc
from migrator.helpers.elixir.calls import text_in

from ..._names import ELIXIR_LEGACY, current_name, rule_of
from ..calls.calls import uses
from ..reading.concatenated import Concatenated, concatenated
from ..reading.fate import NEW
from ..reading.meaning import Meaning, meaning_of, once
from ..reading.stays import why_it_stays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

_NAMESPACE = r"(?:pipeline\.async_streaming|(?:Elixir\.)?Pipeline\.AsyncStreaming)"
_PARTS = r"(?:\.[^\W\d]\w*)*(?:(?<=\.invoke)!)?(?:/1)?"
_NAME = re.compile(_NAMESPACE + _PARTS)
_MENTION = re.compile(rf"(?<![\w.]){_NAMESPACE}(?!\w){_PARTS}")
_CALL = "legacy-call"
_TEXT = "legacy-namespace"
# The sigils of strings and of charlists.
_TEXTS = ("s", "S", "c", "C")
_MODULE = re.compile(r"[A-Z]\w*(?:\.[A-Z]\w*)+")


def findings(source: Source, look: Look, rule: str) -> Iterator[Finding]:
    """What `rule` finds in the strings, comments and docs of `source`."""
    return (finding for finding in once(_all, source, look) if finding.rule == rule)


def _all(source: Source, look: Look) -> tuple[Finding, ...]:
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return ()
    found: list[Finding] = []
    for node in meaning.tree.of("charlist", "comment", "sigil", "string"):
        if node.kind == "comment":
            found += _mentions(source, node.span, "comment")
        elif is_doc(node):
            found += _mentions(source, node.span, "documentation")
        elif node.kind in ("charlist", "string") or _sigil(node) in _TEXTS:
            found += _string(meaning, node)
        elif _sigil(node) in ("w", "W"):
            found += _words(source, node)
    is_called = any(use.site.problem and not use.site.reference for use in uses(source, look))
    found += (_put_together(source, one, is_called) for one in concatenated(meaning))
    return tuple(found)


def _put_together(source: Source, one: Concatenated, is_called: bool) -> Finding:
    """`is_called`: something is called in the file on what a variable holds, the namespace say."""
    message = f"`{one.name}` is now `{current_name(one.name)}`"
    # What comes behind the namespace itself, or is called on it, does not show.
    level = Applicability.REVIEW if one.name == ELIXIR_LEGACY else Applicability.SAFE
    fix: Fix | None = Fix(message, (Edit(source.path, one.old, NEW),), level)
    if one.is_taken or (level is Applicability.REVIEW and is_called):
        why = f"`{NEW}` is another module" if one.is_taken else "what is called on it does not show"
        message += f"; by hand here: {why}"
        fix = None
    evidence = ("a call puts the name together",)
    rule = rule_of(one.name)
    return Finding(rule, source.path, one.call.span, Severity.ERROR, message, evidence, fix)


def _string(meaning: Meaning, node: Node) -> Iterator[Finding]:
    source, text = meaning.source, text_in(node)
    if text is None or not _NAME.fullmatch(text):
        return
    new = _current(text)
    inside = node.of("quoted_content")
    assert inside is not None
    rule = rule_of(text)
    level = Applicability.REVIEW if rule == _CALL else Applicability.SAFE
    message = f"`{text}` is now `{new}`"
    if rule == _CALL:
        message += ", which takes other arguments"
    evidence = ("the string is a legacy name as a whole",)
    fix: Fix | None = Fix(message, (Edit(source.path, inside.span, new),), level)
    if why := why_it_stays(meaning, text.removeprefix("Elixir.")):
        message += f"; it stays {why}"
        fix = None
    yield Finding(rule, source.path, node.span, Severity.ERROR, message, evidence, fix)


def _sigil(node: Node) -> str | None:
    name = node.of("sigil_name") if node.kind == "sigil" else None
    return name.text if name is not None else None


def _words(source: Source, node: Node) -> Iterator[Finding]:
    """The legacy names in a list of words that holds names of modules and nothing else."""
    inside = node.of("quoted_content")
    if inside is None or not all(_MODULE.fullmatch(word) for word in inside.text.split()):
        return
    for match in re.finditer(r"\S+", inside.text):
        if _NAME.fullmatch(match[0]):
            start = inside.span.start + match.start()
            span = Span(start, start + len(match[0]))
            new = _current(match[0])
            message = f"`{match[0]}` is now `{new}`"
            fix = Fix(message, (Edit(source.path, span, new),), Applicability.REVIEW)
            evidence = ("it is a legacy name in a list of names",)
            rule = rule_of(match[0])
            yield Finding(rule, source.path, span, Severity.ERROR, message, evidence, fix)


def _mentions(source: Source, span: Span, what: str) -> Iterator[Finding]:
    """One finding a line that names the legacy namespace."""
    by_line: dict[int, list[re.Match[str]]] = {}
    for match in _MENTION.finditer(source.text, span.start, span.end):
        by_line.setdefault(source.position(match.start()).line, []).append(match)
    for matches in by_line.values():
        edits = tuple(
            Edit(source.path, Span(*match.span()), _current(match[0])) for match in matches
        )
        message = f"`{matches[0][0]}` is now `{edits[0].text}`"
        where = Span(matches[0].start(), matches[-1].end())
        fix = Fix(message, edits, Applicability.REVIEW)
        evidence = (f"a {what} names it",)
        yield Finding(_TEXT, source.path, where, Severity.ERROR, message, evidence, fix)


def _current(name: str) -> str:
    new = current_name(name)
    assert new is not None, name
    # The function takes a context as well.
    return f"{new[:-1]}2" if new.endswith(("!/1", "invoke/1")) else new
