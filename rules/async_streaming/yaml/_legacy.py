"""Names of the legacy namespace in a YAML stream: whole scalars, and what a tag names.

A part of a longer text is never edited; where a handler is to be named, it is reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Finding, Fix, Severity, Span
from migrator.helpers.yaml import respell
from migrator.languages.yaml import Mapping, Node, Scalar, Sequence, parse, resolved

from .._names import ELIXIR_LEGACY, PYTHON_LEGACY, STEP_KEYS, current_name, rule_of
from ._handlers import HANDLER_KEYS, handlers_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from migrator import Source

_NAME = re.compile(r"\w+(?:\.\w+)*(?::\w+|!?(?:/\d+)?)")
_PART = re.compile(rf"(?<![\w.])(?:Elixir\.)?(?:{PYTHON_LEGACY}|{ELIXIR_LEGACY})(?!\w)")
# `!!python/name:some.name`, and tags of that kind that a project reads itself.
_TAG = re.compile(r"(?:&\S+\s+)?(?P<tag>!\S*?(?P<name>[\w.]+!?))(?=[\s,\]}>]|\Z)")
_CAPTURE = "&"
_CALL = "legacy-call"
_NAMESPACE = "legacy-namespace"


def findings(source: Source, rule: str) -> Iterator[Finding]:
    """The scalars that are a legacy name as a whole, and the tags that end in one, under `rule`."""
    handlers = _named_under(source, HANDLER_KEYS)
    legacy_handlers = _named_under(source, HANDLER_KEYS & STEP_KEYS.keys())
    for node, key in _scalars(source):
        if node.style in ("|", ">"):
            continue
        name = node.value.replace(":", ".").removeprefix(_CAPTURE)
        new = current_name(name)
        if new is not None and _NAME.fullmatch(node.value.removeprefix(_CAPTURE)):
            if rule_of(name) == rule:
                yield _finding(source, node, rule, new, key, id(node) in legacy_handlers)
        elif rule == _NAMESPACE and id(node) in handlers and _is_no_prose(node.value):
            yield _in_longer_text(source, node)
    yield from _tags(source, rule)


def _is_no_prose(text: str) -> bool:
    return _PART.search(text) is not None and not any(map(str.isspace, text))


def _in_longer_text(source: Source, node: Scalar) -> Finding:
    message = f"`{node.value}` speaks of the legacy namespace in a longer text: change it by hand"
    evidence = "it stands where a step's handler is named"
    return Finding(_NAMESPACE, source.path, node.span, Severity.ERROR, message, (evidence,))


def _tags(source: Source, rule: str) -> Iterator[Finding]:
    for node in parse(source).nodes():
        match = _TAG.match(source.text, node.span.start) if node.tag else None
        new = current_name(match["name"]) if match else None
        if match is None or new is None or rule_of(match["name"]) != rule:
            continue
        message = f"the tag's `{match['name']}` is now `{new}`"
        edit = Edit(source.path, Span(*match.span("name")), new)
        fix = Fix(message, (edit,), Applicability.REVIEW)
        evidence = "a tag names it, and what reads the file decides what that means"
        span = Span(*match.span("tag"))
        yield Finding(rule, source.path, span, Severity.ERROR, message, (evidence,), fix)


def _named_under(source: Source, keys: Collection[str]) -> set[int]:
    """The scalars that stand under one of `keys`, in lists and by way of an alias too."""
    found = set()
    for node in parse(source).nodes():
        if isinstance(node, Mapping):
            for key, value in node.pairs:
                scalar = resolved(key)
                if isinstance(scalar, Scalar) and scalar.value in keys:
                    found |= {id(resolved(one)) for one in handlers_in(value)}
    return found


def _scalars(source: Source) -> Iterator[tuple[Scalar, str]]:
    """Every scalar where it is written, with the key that it stands under."""
    waiting: list[tuple[Node, str]] = [
        (document, "") for document in reversed(parse(source).documents)
    ]
    while waiting:
        node, under = waiting.pop()
        if isinstance(node, Scalar):
            yield node, under
        elif isinstance(node, Sequence):
            waiting += [(item, under) for item in reversed(node.items)]
        elif isinstance(node, Mapping):
            for key, value in reversed(node.pairs):
                scalar = resolved(key)
                name = scalar.value if isinstance(scalar, Scalar) else ""
                waiting += [(value, name), (key, "")]


def _finding(
    source: Source, node: Scalar, rule: str, new: str, key: str, is_handler: bool
) -> Finding:
    message = f"`{node.value}` is now `{new}`"
    level = Applicability.SAFE
    if rule == _CALL:
        message += ", which takes other arguments"
        level = Applicability.REVIEW
    if is_handler and node.value.startswith(_CAPTURE):
        level = Applicability.REVIEW
        evidence = "it is a capture of a step's handler"
    elif is_handler:
        evidence = "it is the name of a step's handler"
    else:
        level = Applicability.REVIEW
        evidence = (
            f"it is a legacy name as a whole, but stands under `{key}`"
            if key
            else "it is a legacy name as a whole, but no handler's key names it"
        )
    if ":" in node.value:
        new = ":".join(new.rsplit(".", 1))
    edit = respell(source, node, *_changed(node.value.removeprefix(_CAPTURE), new))
    fix = Fix(message, (edit,), level)
    return Finding(rule, source.path, node.span, Severity.ERROR, message, (evidence,), fix)


def _changed(old: str, new: str) -> tuple[str, str]:
    """`old` and `new` without the end that they share."""
    left, right = old.split("."), new.split(".")
    while len(left) > 1 and len(right) > 1 and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return ".".join(left), ".".join(right)
