"""Lines for a person: text with styles, which takes rich only where there are colours to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from rich.console import Console

    #: Texts in a row, each with the name that rich has for its style.
    Line = tuple[tuple[str, str], ...]


def plain(text: str) -> Line:
    """A line without a style."""
    return ((text, ""),)


def printer(sink: TextIO, *, color: bool, width: int | None) -> Callable[[Line], None]:
    """What writes lines to `sink`, to the letter; wrapped at `width` columns, at `None` not."""
    if not color and width is None:
        return lambda line: print(*(text for text, _ in line), sep="", file=sink)
    from rich.text import Text

    console = console_of(sink, color=color, width=width)
    return lambda line: console.print(Text.assemble(*line))


def console_of(sink: TextIO, *, color: bool, width: int | None) -> Console:
    """A console that prints to the letter what it is given."""
    from rich.console import Console

    return Console(
        file=sink,
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        width=width or 10_000,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
    )
