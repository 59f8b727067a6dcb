"""Arguments that have another name now, where a function is called or a call of it prepared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import dotted_text
from migrator.model import Applicability, Edit, Severity
from migrator.patterns.python.matching import Match
from migrator.patterns.python.rules import Hit, PythonRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.renaming import Rename

MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW
# What gives the arguments behind its first one to that.
_PREPARED = ("functools.partial", "functools.partialmethod")


def keyword_hits(
    meaning: Meaning, node: cst.Call, renames: Sequence[tuple[PythonRule, Rename]]
) -> Iterator[Hit]:
    """What of the arguments of a call has another name now, or may have."""
    for rule, rename in renames:
        if rename.keyword is not None:
            hit = _hit(meaning, node, rule, rename)
            if hit is not None:
                yield hit


def _hit(meaning: Meaning, node: cst.Call, rule: PythonRule, rename: Rename) -> Hit | None:
    assert rename.keyword is not None
    old, new = rename.keyword
    given = {arg.keyword.value: arg.keyword for arg in node.args if arg.keyword}
    brought = _brought(node, old) if old not in given else None
    if old not in given and (brought is None or rule.severity is Severity.ADVICE):
        return None
    function, is_prepared = _called(meaning, node)
    proven = meaning.stands_for(function, rename.old)
    if proven is MANUAL:
        return None
    match = Match(evidence=[meaning.imported_at(function)])
    if proven is REVIEW:
        match.lower(REVIEW, f"`{dotted_text(function)}` may be another function")
    message = f"the argument `{old}` of `{rename.old}` is now `{new}`"
    if brought is not None:
        match.lower(MANUAL, f"`{old}` may come with the `**`")
        span = meaning.tree.spans[brought.value]
        return Hit(rule, brought, span, message, match, rename=rename)
    if is_prepared:
        match.lower(REVIEW, "whoever calls what this makes may give the argument too")
    if new in given:
        match.lower(MANUAL, f"`{new}=` is there already")
    span = meaning.tree.spans[given[old]]
    hit = Hit(rule, given[old], span, message, match, rename=rename)
    hit.edits = (Edit(meaning.source.path, span, new),)
    return hit


def _called(meaning: Meaning, node: cst.Call) -> tuple[cst.CSTNode, bool]:
    """The function that the arguments of `node` are for, and whether they are for a later call."""
    first = node.args[0] if node.args else None
    if first is None or first.keyword or first.star:
        return node.func, False
    if all(meaning.stands_for(node.func, one) is MANUAL for one in _PREPARED):
        return node.func, False
    return first.value, True


def _brought(node: cst.Call, name: str) -> cst.Arg | None:
    """What may bring an argument of that name without saying so in the call."""
    for arg in node.args:
        if arg.star == "**" and not _is_without(arg.value, name):
            return arg
    return None


def _is_without(node: cst.CSTNode, name: str) -> bool:
    """Whether `node` is a dict with all keys written out, and `name` none of them."""
    if not isinstance(node, cst.Dict):
        return False
    keys = [one.key if isinstance(one, cst.DictElement) else None for one in node.elements]
    texts = [text_of(key) if isinstance(key, cst.SimpleString) else None for key in keys]
    return None not in texts and name not in texts
