"""Regular expressions of packs: a pack may be anybody's, and a match may take for ever.

Files are matched in workers, whose time has an end. What is matched while a pack is read costs
nothing, whatever the expression is.
"""

from __future__ import annotations

import re

_REPEATS = re.compile(r"[*+?{]")
#: With more of these than one, or one and choices, there may be many ways through one text.
_ONE_WAY = 1


def compiled(text: str) -> re.Pattern[str]:
    """The expression `text`; raises `ValueError` with the problem where it is none."""
    try:
        return re.compile(text)
    except (re.error, OverflowError) as error:
        raise ValueError(f"is no regular expression: {error}") from None
    except RecursionError:
        raise ValueError("is no regular expression: is nested too deep") from None


def surely_matches(expression: re.Pattern[str], text: str) -> bool:
    """Whether the whole of `text` matches, as far as that can be told in no time."""
    source = expression.pattern
    choices, repeats = source.count("|"), len(_REPEATS.findall(source))
    is_cheap = source.count("(") <= _ONE_WAY if not repeats else repeats <= _ONE_WAY and not choices
    return is_cheap and expression.fullmatch(text) is not None
