"""Questions about events: `{kind, data}`, `elem/2`, look-ups by the tag.

Where kind and text go by names of their own, what follows depends on both: reported, by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .apart import Apart
from .asked import Asked
from .current import Current
from .elements import Elements
from .handed_tags import handed_tags
from .made import made_anew
from .recorded import recorded
from .recorded_texts import recorded_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning
    from ..reading.shapes import Place
    from ..takers.legacy import Legacy
    from ..takers.roles import Roles


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
