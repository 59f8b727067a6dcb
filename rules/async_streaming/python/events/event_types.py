"""Types that speak of events: `Literal["chunk", "complete"]`, `tuple[Literal["chunk"], str]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ..flow.shapes import LEGACY_TAGS, string_of
from ..reading.annotations import arguments_of, leaf_of

if TYPE_CHECKING:
    from .places import Places

_OTHER_TYPE = "what goes with the tag is a mapping now: write its type"


def find_types(places: Places) -> None:
    """Add the types of one file that name both tags, or one in front of a text.

    One tag among other words is somebody else's: a state that is complete.
    """
    for node in places.tree.of(cst.Subscript):
        if leaf_of(node.value) != "Literal":
            continue
        literals = [one for one in arguments_of(node) if isinstance(one, cst.SimpleString)]
        tags = {string_of(one) for one in literals} & LEGACY_TAGS.keys()
        if _is_tag_of_pair(places, node):
            if tags:
                places.add(node, {one for one in tags if one}, None, trouble=_OTHER_TYPE)
        elif len(tags) == len(LEGACY_TAGS):
            places.retagged_in(node, literals, None)


def _is_tag_of_pair(places: Places, node: cst.CSTNode) -> bool:
    """Whether the type `node` is the first of two in a tuple's."""
    element = places.tree.parents[places.tree.parents[node]]
    pair = places.tree.parents[element]
    return (
        isinstance(pair, cst.Subscript)
        and leaf_of(pair.value).lower() == "tuple"
        and len(pair.slice) == 2
        and pair.slice[0] is element
    )
