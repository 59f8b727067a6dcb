"""Events that are taken apart where they are written, without a question about their tags.

`{kind, text} = {:chunk, "a"}`: what `text` is there changes with the event, so it is for a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import all_arguments, atom_of, is_local, operator
from migrator.helpers.elixir.patterns import is_pattern

from .clauses import tags_taken
from .context import below, parameters
from .handing import handed_to
from .shapes import TAGS, compared_with, takes_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from .meaning import Meaning


def unpacked(meaning: Meaning, event: Node) -> Iterator[Node]:
    """The patterns that take the text of the written `event`, or of each in its list, by a name."""
    if not is_pattern(event):
        yield from (one for one in _patterns(event) if _takes_text(meaning, one))


def takes_apart(meaning: Meaning, function: Node) -> bool:
    """Whether the `fn` takes the text of its event under a name, and never asks for a tag."""
    seen: set[str] = set()
    for clause in function.children if function.kind == "anonymous_function" else ():
        if any(_takes_text(meaning, one) for one in parameters(clause)[:1]):
            return not (TAGS.keys() <= seen or any(map(_is_asked, below(clause))))
        seen.update(tags_taken(clause))
    return False


def _is_asked(node: Node) -> bool:
    return node.kind == "atom" and atom_of(node) in TAGS


def _patterns(event: Node) -> Iterator[Node]:
    """The patterns that `event` is matched to, or each item of the list that it stands in."""
    around = event.parent
    if around is not None and around.kind == "list":
        yield from _of_items(around)
    elif around is not None and around.kind == "binary_operator":
        if operator(around) in ("=", "<-") and around.child("right") is event:
            left = around.child("left")
            yield from [left] if left is not None else []
    elif around is not None and is_local(around.parent, "case"):
        for left in compared_with(event):
            yield from left.children


def _of_items(items: Node) -> Iterator[Node]:
    """The patterns of a `for` or of the functions that are called with each of `items`."""
    around = items.parent
    if around is None:
        return
    if around.kind == "binary_operator" and operator(around) == "<-":
        left = around.child("left")
        yield from [left] if left is not None else []
    call = handed_to(items)
    for given in all_arguments(call) if call is not None else ():
        for clause in given.children if given.kind == "anonymous_function" else ():
            yield from parameters(clause)[:1]


def _takes_text(meaning: Meaning, pattern: Node) -> bool:
    """Whether a pattern names the second of two, and asks for no tag."""
    parts = pattern.children if pattern.kind == "tuple" else []
    return (
        len(parts) == 2
        and all(one.kind == "identifier" for one in parts)
        and not takes_nothing(meaning, parts[1])
    )
