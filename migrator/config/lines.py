"""On which line of a TOML text a key is set, which its parser does not tell.

A text is taken apart at the lines where what went before is whole by itself: a table's header or
a key with its value. Each such piece says alone, to the parser, which keys it sets.
"""

from __future__ import annotations

from typing import Any

from migrator.config.toml import tomllib

#: The keys and indices that lead to a value.
Place = tuple[str | int, ...]

# A value of several lines ends on one that has one of these.
_ENDS = ("]", "}", '"""', "'''")
# Characters that are parsed in vain to find where values end; in what is not hostile it is less.
_MOST = 500_000


def lines(text: str) -> dict[Place, int]:
    """The line, from 1, of every key in `text`, which is valid.

    Of none behind a value of which it costs too much to find the end.
    """
    found: dict[Place, int] = {}
    arrays: dict[Place, int] = {}
    table: Place = ()
    pieces: list[str] = []
    first, in_vain = 1, 0
    for number, line in enumerate(text.split("\n"), 1):
        if not pieces:
            first = number
        pieces.append(line)
        if len(pieces) > 1 and not any(end in line for end in _ENDS):
            continue
        piece = "\n".join(pieces)
        try:
            said = tomllib.loads(piece)
        except tomllib.TOMLDecodeError:
            in_vain += len(piece)
            if in_vain > _MOST:
                break
            continue
        except RecursionError:  # here it is deeper in calls than where the text was read
            break
        if said and piece.lstrip().startswith("["):
            table = _header(said, arrays)
            for length in range(1, len(table) + 1):
                found.setdefault(table[:length], first)
        else:
            _keep(found, table, said, first)
        pieces.clear()
    return found


def _header(said: dict[str, Any], arrays: dict[Place, int]) -> Place:
    """The place of a table; an array of tables counts on, and elsewhere means its last one."""
    place: Place = ()
    value: Any = said
    while value:
        ((key, value),) = value.items()
        place += (key,)
        if isinstance(value, list):
            arrays[place] = arrays.get(place, -1) + 1
            value = None
        if place in arrays:
            place += (arrays[place],)
    return place


def _keep(found: dict[Place, int], place: Place, value: Any, line: int) -> None:
    items = enumerate(value) if isinstance(value, list) else ()
    for key, inner in value.items() if isinstance(value, dict) else items:
        found.setdefault((*place, key), line)
        _keep(found, (*place, key), inner, line)
