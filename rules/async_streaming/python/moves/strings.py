"""Legacy names in strings, comments and docstrings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator import Applicability, Edit, Fact, Finding, Fix, Look, Severity, Source, Span
from migrator.helpers.python.annotations import quoted_names
from migrator.helpers.python.literals import inside, respell, side_by_side, text_of
from migrator.languages.python import parse

from ..._names import INVOKE, PYTHON_LEGACY, current_name, in_namespace, rule_of
from ..reading.meaning import Meaning, meaning_of, once
from .named_imports import needed_by

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAF = PYTHON_LEGACY.rpartition(".")[2]
_CALL = rule_of(INVOKE)
# A mention in prose uses nothing, whatever it mentions.
_TEXT = rule_of(PYTHON_LEGACY)
_NAMESPACE = r"(?:pipeline\.async_streaming|(?:Elixir\.)?Pipeline\.AsyncStreaming)"
_NAME = re.compile(rf"{_NAMESPACE}(?:\.[^\W\d]\w*)*(?:(?<=\.invoke)!)?")
_ENTRY_POINT = re.compile(rf"({_NAMESPACE}(?:\.[^\W\d]\w*)*):([^\W\d]\w*(?:\.[^\W\d]\w*)*)")
_BEGINNING = re.compile(rf"({_NAMESPACE}(?:\.[^\W\d]\w*)*)[.:](?:\*|%s|\{{\w*\}})?")
_MENTION = re.compile(rf"(?<![\w.]){_NAMESPACE}(?!\w)(?:\.[^\W\d]\w*)*(?:(?<=\.invoke)!)?")
_IMPORTED = re.compile(
    r"[ \t]+import[ \t]+\(?[ \t]*(\w+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*\w+)*)"
)
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")


class _Found(NamedTuple):
    """A legacy name in a text: its rule, what to say, and the edits, if there are any.

    `place` is the name of another file by way of which it is one.
    """

    rule: str
    span: Span
    message: str
    evidence: str
    level: Applicability
    edits: tuple[Edit, ...] = ()
    place: str = ""


def findings(source: Source, look: Look, rule: str) -> Iterator[Finding]:
    """What `rule` finds in the strings, comments and docstrings of `source`."""
    for found in once(_all, source, look):
        if found.rule == rule:
            fix = Fix(found.message, found.edits, found.level) if found.edits else None
            yield Finding(
                rule,
                source.path,
                found.span,
                Severity.ERROR,
                found.message,
                (found.evidence,),
                fix,
            )


def facts(source: Source, look: Look) -> Iterator[Fact]:
    """The names of other files that strings need to stay, which are suppressed."""
    for found in once(_all, source, look):
        line = source.position(found.span.start).line
        if found.place and look.keeps(found.rule, line):
            why = f"line {line} of {source.path}, which is suppressed, names it"
            yield Fact("holds", found.place, why, source.path)


def _all(source: Source, look: Look) -> tuple[_Found, ...]:
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return ()
    kinds = (cst.Comment, cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
    found = [one for node in parse(source).of(*kinds) for one in _of_node(meaning, node)]
    return tuple(sorted(found, key=lambda one: one.span))


def _of_node(meaning: Meaning, node: cst.CSTNode) -> Iterator[_Found]:
    tree = meaning.tree
    if isinstance(node, cst.Comment):
        yield from _mentions(meaning.source, tree.spans[node], "comment")
    elif isinstance(node, cst.SimpleString):
        parent = tree.parents[node]
        if isinstance(parent, cst.ConcatenatedString):
            return
        if isinstance(parent, cst.Expr):
            yield from _mentions(meaning.source, inside(meaning.source, node), "docstring")
        else:
            yield from _string(meaning, node)
    elif isinstance(node, cst.FormattedString):
        if not isinstance(tree.parents[node], cst.ConcatenatedString):
            yield from _formatted(meaning, node)
    elif isinstance(node, cst.ConcatenatedString):
        parent = tree.parents[node]
        if not isinstance(parent, cst.ConcatenatedString):
            parts = list(side_by_side(node))
            if isinstance(parent, cst.Expr):
                for part in parts:
                    if isinstance(part, cst.SimpleString):
                        span = inside(meaning.source, part)
                        yield from _mentions(meaning.source, span, "docstring")
            else:
                yield from _concatenated(meaning, node, parts)


# Strings


def _string(meaning: Meaning, node: cst.SimpleString) -> Iterator[_Found]:
    source = meaning.source
    text = text_of(node)
    span = meaning.tree.spans[node]
    if text is None:
        if "b" in node.prefix.lower() and _NAME.fullmatch(node.raw_value):
            name = node.raw_value
            edit = respell(source, node, _current(name))
            yield _moved(span, name, Applicability.REVIEW, edit, "the bytes spell a legacy name")
        return
    if _NAME.fullmatch(text):
        evidence = "the string is a legacy name as a whole"
        if needed := needed_by(meaning, node):
            message = f"`{text}` is now `{_current(text)}`; it stays here: {needed}"
            yield _Found(rule_of(text), span, message, evidence, Applicability.MANUAL)
            return
        yield _moved(span, text, _level(text), respell(source, node, _current(text)), evidence)
    elif text.startswith("."):
        yield from _relative(meaning, node, text)
    elif match := _ENTRY_POINT.fullmatch(text):
        name = f"{match[1]}.{match[2]}"
        module, _, leaf = _current(name).rpartition(".")
        new = f"{module}:{leaf}" if name == INVOKE else f"{_current(match[1])}:{match[2]}"
        evidence = "the string names a module and, behind a colon, what is in it"
        found = _moved(span, name, Applicability.REVIEW, respell(source, node, new), evidence)
        message = found.message.replace(name, text).replace(_current(name), new)
        yield found._replace(message=message)
    elif match := _BEGINNING.fullmatch(text):
        yield _beginning(match[1], span)
    elif PYTHON_LEGACY in text:
        yield from _annotation(meaning.source, node)
    elif _DOTTED.fullmatch(text):
        yield from _by_way_of_project(meaning, node, text)
    elif text == _LEAF:
        yield from _attribute_of_project(meaning, node)


def _relative(meaning: Meaning, node: cst.SimpleString, text: str) -> Iterator[_Found]:
    """`import_module(".async_streaming", "pipeline")`."""
    call = meaning.tree.parents[meaning.tree.parents[node]]
    target = meaning.names.imported_by(call) if isinstance(call, cst.Call) else None
    name = meaning.canonical(target) if target is not None else ""
    if not in_namespace(name, PYTHON_LEGACY) or _LEAF not in text.split("."):
        return
    span = meaning.tree.spans[node]
    evidence = "the string is imported, relative to the package named beside it"
    if needed := needed_by(meaning, node):
        message = f"`{name}` is now `{_current(name)}`; it stays here: {needed}"
        yield _Found(rule_of(name), span, message, evidence, Applicability.MANUAL)
        return
    leaf = _current(PYTHON_LEGACY).rpartition(".")[2]
    new = ".".join(leaf if part == _LEAF else part for part in text.split("."))
    yield _moved(span, name, Applicability.SAFE, respell(meaning.source, node, new), evidence)


def _by_way_of_project(meaning: Meaning, node: cst.SimpleString, text: str) -> Iterator[_Found]:
    """`newsroom.jobs.async_streaming.X`, where that module imports the legacy package."""
    parts = text.split(".")
    by_alias = parts[-1] == "invoke" and meaning.canonical(text[: -len(".invoke")]) == PYTHON_LEGACY
    name = meaning.canonical(text) if by_alias or _LEAF in parts else ""
    source, span = meaning.source, meaning.tree.spans[node]
    if not in_namespace(name, PYTHON_LEGACY):
        line = source.position(span.start).line
        if _LEAF in parts and parts[-1] == "invoke" and meaning.look.keeps(_CALL, line):
            # Once that module has moved nothing shows where it led to.
            message = f"`{text}` stays as it is, and what it led to has moved"
            evidence = "a comment is to keep it"
            yield _Found(_CALL, span, message, evidence, Applicability.MANUAL)
        return
    evidence = f"`{text}` leads to `{name}` through a module of these sources"
    place = meaning.directly(text)
    if name == INVOKE:
        message = f"`{name}` is now `{_current(name)}`, which that module imports in another way"
        yield _Found("legacy-call", span, message, evidence, Applicability.MANUAL, place=place)
        return
    leaf = _current(PYTHON_LEGACY).rpartition(".")[2]
    edit = respell(source, node, ".".join(leaf if part == _LEAF else part for part in parts))
    yield _moved(span, name, Applicability.REVIEW, edit, evidence)._replace(place=place)


def _attribute_of_project(meaning: Meaning, node: cst.SimpleString) -> Iterator[_Found]:
    """`monkeypatch.setattr(jobs, "async_streaming", ...)`, where `jobs` imports the package."""
    call = meaning.tree.parents[meaning.tree.parents[node]]
    for arg in call.args if isinstance(call, cst.Call) else ():
        module = meaning.meaning(arg.value)
        if module and module.endswith(":") and meaning.canonical(module + _LEAF) == PYTHON_LEGACY:
            message = (
                f"`{PYTHON_LEGACY}` is now `{_current(PYTHON_LEGACY)}`: "
                "name what that module imports from then on"
            )
            evidence = f"`{module[:-1]}` imports the package by this name"
            span = meaning.tree.spans[node]
            yield _Found(_TEXT, span, message, evidence, Applicability.MANUAL, place=module + _LEAF)
            return


def _formatted(meaning: Meaning, node: cst.FormattedString) -> Iterator[_Found]:
    """An f-string that is a legacy name as a whole, or puts names together from it."""
    first = node.parts[0] if node.parts else None
    if not isinstance(first, cst.FormattedStringText):
        return
    span, text = meaning.tree.spans[node], first.value
    if len(node.parts) == 1 and _NAME.fullmatch(text):
        edit = Edit(meaning.source.path, meaning.tree.spans[first], _current(text))
        yield _moved(span, text, _level(text), edit, "the string is a legacy name as a whole")
    elif len(node.parts) > 1 and (match := _BEGINNING.fullmatch(text)):
        yield _beginning(match[1], span)


def _beginning(name: str, span: Span) -> _Found:
    message = f"`{name}` is now `{_current(name)}`, and names are put together from it here"
    evidence = "the string is the beginning of legacy names"
    return _Found(_TEXT, span, message, evidence, Applicability.MANUAL)


def _concatenated(
    meaning: Meaning, node: cst.ConcatenatedString, parts: list[cst.BaseString]
) -> Iterator[_Found]:
    texts = [text_of(part) for part in parts]
    name = "".join(text or "" for text in texts)
    if None in texts or not _NAME.fullmatch(name):
        return
    span = meaning.tree.spans[node]
    evidence = "the strings make up a legacy name as a whole"
    for part in parts:
        assert isinstance(part, cst.SimpleString)
        raw = part.raw_value
        match = _NAME.match(raw)
        if match and rule_of(name) != _CALL:
            start = inside(meaning.source, part).start
            found = Span(start, start + match.end())
            edit = Edit(meaning.source.path, found, _current(match[0]))
            yield _moved(span, name, Applicability.SAFE, edit, evidence)
            return
    message = f"`{name}` is now `{_current(name)}`: rename it in these strings"
    yield _Found(rule_of(name), span, message, evidence, Applicability.MANUAL)


def _moved(span: Span, name: str, level: Applicability, edit: Edit, evidence: str) -> _Found:
    message = f"`{name}` is now `{_current(name)}`"
    if rule_of(name) == _CALL:
        message += ", which takes other arguments"
    return _Found(rule_of(name), span, message, evidence, level, (edit,))


def _level(name: str) -> Applicability:
    return Applicability.REVIEW if rule_of(name) == _CALL else Applicability.SAFE


def _annotation(source: Source, node: cst.SimpleString) -> Iterator[_Found]:
    """The names in a quoted annotation that holds more than a name: it is code, not text."""
    for quoted in quoted_names(source):
        if quoted.literal is node and in_namespace(quoted.dotted, PYTHON_LEGACY):
            edit = Edit(source.path, quoted.span, _current(quoted.dotted))
            evidence = "the string is an annotation, which names it in full"
            yield _moved(quoted.span, quoted.dotted, _level(quoted.dotted), edit, evidence)


# Comments and docstrings


def _mentions(source: Source, span: Span, what: str) -> Iterator[_Found]:
    """One finding a line that names the legacy package."""
    by_line: dict[int, list[re.Match[str]]] = {}
    for match in _MENTION.finditer(source.text, span.start, span.end):
        by_line.setdefault(source.position(match.start()).line, []).append(match)
    for matches in by_line.values():
        name = matches[0][0]
        edits = [_mention(source, match) for match in matches]
        where = Span(matches[0].start(), matches[-1].end())
        evidence = f"a {what} names it"
        kept = tuple(edit for edit in edits if edit is not None)
        if len(kept) < len(edits):
            message = f"this {what} imports names that move to different modules: rewrite it"
            yield _Found(_TEXT, where, message, evidence, Applicability.MANUAL)
        else:
            message = f"`{name}` is now `{kept[0].text}`"
            yield _Found(_TEXT, where, message, evidence, Applicability.REVIEW, kept)


def _mention(source: Source, match: re.Match[str]) -> Edit | None:
    """The edit of one name; `None` where it imports `invoke` beside others."""
    new = _current(match[0])
    imported = _IMPORTED.match(source.text, match.end())
    if imported and match[0] == PYTHON_LEGACY:
        names = [name.split()[0] for name in imported[1].split(",")]
        if "invoke" in names:
            if len(names) > 1:
                return None
            new = _current(INVOKE).rpartition(".")[0]
    return Edit(source.path, Span(*match.span()), new)


def _current(name: str) -> str:
    new = current_name(name)
    assert new is not None, name
    return new
