"""Lines for a person: text with styles, which takes rich only where there are colours to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from rich.console import Console
    from rich.text import Text

    #: Texts in a row, each with the name that rich has for its style.
    Line = tuple[tuple[str, str], ...]


# How much further in a wrapped line goes on; with less room than that it is the terminal's to fold.
_FURTHER = 4
_NARROW = 16


def plain(text: str) -> Line:
    """A line without a style."""
    return ((text, ""),)


def printer(sink: TextIO, *, color: bool, width: int | None) -> Callable[[Line], None]:
    """What writes lines to `sink`, to the letter; wrapped at `width` columns, at `None` not."""
    if not color and width is None:
        return lambda line: print(*(text for text, _ in line), sep="", file=sink)
    from rich.text import Text

    console = console_of(sink, color=color, width=width)

    def write(line: Line) -> None:
        text = Text.assemble(*line)
        for part in (text,) if width is None else _wrapped(console, text, width):
            console.print(part)

    return write


def _wrapped(console: Console, text: Text, width: int) -> Iterator[Text]:
    """A line at `width` columns: what follows its first one stands further in."""
    from rich.text import Text

    indent = len(text.plain) - len(text.plain.lstrip(" "))
    room = width - indent - _FURTHER
    if text.cell_len <= width or room < _NARROW:
        yield text
        return
    blanks = " " * indent
    for part in text[indent:].wrap(console, room):
        part.rstrip()
        yield Text.assemble(blanks, part)
        blanks = " " * (indent + _FURTHER)


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
