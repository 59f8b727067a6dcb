"""Names of the legacy namespace in a YAML stream: whole scalars, never a part of a longer text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator import Applicability, Finding, Fix, Severity
from migrator.helpers.yaml import respell
from migrator.languages.yaml import Mapping, Node, Scalar, Sequence, parse, resolved

from .._names import current_name, rule_of
from ._keys import HANDLER_KEYS, handlers_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Source

_NAME = re.compile(r"[\w.]+(?::\w+|!|/\d)?")
_CALL = "legacy-call"


def findings(source: Source, rule: str) -> Iterator[Finding]:
    """The scalars that are a legacy name as a whole and fall under `rule`."""
    named = _named_as_handlers(source)
    for node, key in _scalars(source):
        name = node.value.replace(":", ".")
        new = current_name(name)
        block = node.style in ("|", ">")
        if block or new is None or not _NAME.fullmatch(node.value) or rule_of(name) != rule:
            continue
        yield _finding(source, node, rule, new, key, id(node) in named)


def _named_as_handlers(source: Source) -> set[int]:
    """The scalars that stand under a handler's key, by way of an alias too."""
    found = set()
    for node in parse(source).nodes():
        if isinstance(node, Mapping):
            for key, value in node.pairs:
                scalar = resolved(key)
                if isinstance(scalar, Scalar) and scalar.value in HANDLER_KEYS:
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
    if is_handler:
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
    edit = respell(source, node, *_changed(node.value, new))
    fix = Fix(message, (edit,), level)
    return Finding(rule, source.path, node.span, Severity.ERROR, message, (evidence,), fix)


def _changed(old: str, new: str) -> tuple[str, str]:
    """`old` and `new` without the end that they share."""
    left, right = old.split("."), new.split(".")
    while len(left) > 1 and len(right) > 1 and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return ".".join(left), ".".join(right)
