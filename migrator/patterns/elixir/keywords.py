"""Options of functions that are called otherwise now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, atom_of, key_name, operator
from migrator.model import Applicability, Severity, Span
from migrator.patterns.elixir.matching import Match
from migrator.patterns.elixir.meaning import arity_of, pieces
from migrator.patterns.elixir.pairs import explicit, key_of, keyword_pairs
from migrator.patterns.elixir.rules import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.meaning import Meaning
    from migrator.patterns.elixir.rules import ElixirRule
    from migrator.patterns.renaming import Rename

_MANUAL = Applicability.MANUAL


def keyword_hits(
    meaning: Meaning, node: Node, name: str, renames: Sequence[tuple[ElixirRule, Rename]]
) -> Iterator[Hit]:
    """What of the options of a call of `name` is called otherwise now."""
    for rule, rename in renames:
        module, _, function = rename.old.rpartition(".")
        if rename.keyword is None or function != name:
            continue
        reached = meaning.reached(node, module, function, arity_of(node))
        given = arguments(node)
        if reached is None or not given:
            continue
        match = Match(evidence=[reached.evidence])
        hit = _hit(node, given[-1], rule, rename, match)
        if hit is not None:
            yield hit


def _hit(node: Node, last: Node, rule: ElixirRule, rename: Rename, match: Match) -> Hit | None:
    assert rename.keyword is not None
    old, new = rename.keyword
    message = f"the option `{old}` of `{rename.old}` is now `{new}`"
    pairs = keyword_pairs(node) or explicit(last) or []
    keys = {one[1]: pair for pair in pairs if (one := key_of(pair))}
    key = keys[old].child("key") if old in keys else None
    named = key_name(key) if key is not None else None
    if named is not None:
        if new in keys:
            match.lower(_MANUAL, f"`{new}:` is there already")
        span = Span(named.span.start, named.span.start + len(old))
        return Hit(rule, named, span, message, match, rename=rename, renamed=((span, new),))
    made_of = next((one for one in _keys_in(last) if _key(one) == old), None)
    if made_of is None or rule.severity is Severity.ADVICE:
        return None
    match.lower(_MANUAL, "the options are put together where they are given")
    return Hit(rule, made_of, made_of.span, message, match, rename=rename)


def _keys_in(options: Node) -> Iterator[Node]:
    """What names a key in an expression that makes options: lists, joined or by `Keyword`."""
    waiting = [options]
    while waiting:
        node = waiting.pop()
        if node.kind in ("list", "keywords"):
            for one in pieces(node):
                if one.kind == "pair":
                    yield from filter(None, (one.child("key"),))
                elif one.kind == "tuple":
                    yield from one.children[:1]
                else:
                    waiting.append(one)
        elif operator(node) in ("++", "|", "|>"):
            waiting += node.children
        elif node.kind == "call" and node.text.startswith("Keyword."):
            given = arguments(node)
            waiting += given
            yield from given


def _key(node: Node) -> str | None:
    named = key_name(node) if node.kind == "keyword" else None
    return named.text.rstrip().removesuffix(":") if named is not None else atom_of(node)
