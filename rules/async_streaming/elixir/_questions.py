"""Questions about events: `{kind, data}`, `elem/2`, look-ups by the tag.

Where kind and text go by names of their own, what follows depends on both: reported, by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._apart import Apart
from ._asked import Asked
from ._current import Current
from ._elements import Elements
from ._handed_tags import handed_tags
from ._made import made_anew
from ._recorded import recorded
from ._recorded_texts import recorded_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._legacy import Legacy
    from ._meaning import Meaning
    from ._roles import Roles
    from ._shapes import Place


def questions(meaning: Meaning, roles: Roles, legacy: Legacy) -> Iterator[Place]:
    """Every question about an event of the file, once."""
    asked, current = Asked(meaning), Current(meaning)
    elements = Elements(meaning, roles, asked, legacy, current)
    places = {one.node: one for one in Apart(meaning, roles, asked, legacy).places()}
    for place in (
        *elements.by_index(),
        *elements.by_kind(),
        *recorded(meaning, roles),
        *elements.otherwise(),
        *elements.of_lists(),
        *recorded_texts(meaning, roles, current),
        *handed_tags(meaning, roles, asked, legacy.kinds),
        *made_anew(roles, legacy),
        *elements.as_texts(),
    ):
        places.setdefault(place.node, place)
    yield from places.values()
