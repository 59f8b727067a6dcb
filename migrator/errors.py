"""The errors a user can meet: each says what is wrong, where, and what to do."""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Collection


class MigrateError(Exception):
    """A usage, configuration or pack error: the command prints it and exits with 2."""


class NotAnalysedError(Exception):
    """A file that cannot be read, decoded or parsed; the message is the reason a user is shown."""


def meant(name: str, known: Collection[str]) -> str:
    """What was probably meant by `name`, for the end of an error: a near name, or all `known`."""
    import difflib

    close = difflib.get_close_matches(name, known, 1)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"known are {', '.join(sorted(known))}" if known else "none is known"
