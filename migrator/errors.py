"""The errors a user can meet: each says what is wrong, where, and what to do."""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Collection


class MigrateError(Exception):
    """A usage, configuration or pack error: the command prints it and exits with 2."""


class NotAnalysedError(Exception):
    """A file that cannot be read, decoded or parsed; the message is the reason a user is shown."""


_FEW = 16
_NEAR = 0.8


def is_near(name: str, meant: str) -> bool:
    """Whether `name` is probably `meant`, and mistyped."""
    import difflib

    return name != meant and bool(difflib.get_close_matches(name, [meant], 1, _NEAR))


def meant(name: str, known: Collection[str]) -> str:
    """What was probably meant by `name`, for the end of an error: a near name, or all `known`.

    Of many, the nearest: a list that nobody reads hides the error.
    """
    import difflib

    last = name.rsplit("/", 1)[-1].replace("_", "-").lower()
    close = difflib.get_close_matches(name, known, 1) or difflib.get_close_matches(last, known, 1)
    if close:
        return f"did you mean `{close[0]}`?"
    if len(known) <= _FEW:
        return f"known are {', '.join(sorted(known))}" if known else "none is known"
    near = sorted(difflib.get_close_matches(name, known, 5, 0))
    return f"the nearest of {len(known)} are {', '.join(near)}"
