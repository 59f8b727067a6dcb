"""Files of which is known what they have to be after an apply: pieces of code, each with what it
becomes, among text of any kind and in a layout that hypothesis draws."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHANGE = re.compile("⟦(.*?)→(.*?)⟧")
# What ends a comment, what is a mark of ours, and what a codec writes as something else.
_NEVER = "\r\n\0⟦\x1b¥‾"


class File(NamedTuple):
    """The bytes of a file, and those it has to have after an apply."""

    before: bytes
    after: bytes


class Layout(NamedTuple):
    """How a file is laid out; of several line ends each line takes one by chance."""

    ends: Sequence[str]
    indents: Sequence[str]
    codec: str = "utf-8"
    mark: bytes = b""
    head: str = ""


@st.composite
def files(
    draw: st.DrawFn,
    layouts: Sequence[Layout],
    pieces: Sequence[str],
    noise: Sequence[str],
    forbidden: str,
) -> File:
    """A file of `pieces` and `noise` in one of the layouts.

    In a piece `⟦old→new⟧` is what changes, `$n` a number of its own, and `¶` the end of a line,
    where a comment may stand; it is indented by fours. `forbidden` are the characters that no
    comment may hold.
    """
    layout = draw(st.sampled_from(layouts))
    indent = draw(st.sampled_from(layout.indents))
    comment = st.text(
        st.characters(codec=layout.codec, exclude_characters="\r\n\0⟦\x1b¥‾" + forbidden),
        max_size=8,
    )
    line_end = st.sampled_from(layout.ends)
    whole = [*layout.head.splitlines()]
    chosen = draw(st.lists(st.sampled_from(pieces), min_size=1, max_size=3))
    for number, piece in enumerate(chosen):
        for text in (draw(st.sampled_from(noise)), piece):
            for line in text.replace("$n", str(number)).split("\n"):
                if line.endswith("¶"):
                    line = line[:-1] + draw(st.sampled_from(["", " ", "  # ", " #"]))
                    line += draw(comment) if line.endswith(("#", "# ")) else ""
                blanks = len(line) - len(line.lstrip(" "))
                whole.append(indent * (blanks // 4) + line[blanks:])
    text = "".join(line + draw(line_end) for line in whole)
    text += draw(st.sampled_from(["", "\n", " \n", "\t"]))
    if draw(st.booleans()):
        text = text.rstrip("\r\n \t")

    def coded(part: int) -> bytes:
        return layout.mark + _CHANGE.sub(rf"\{part}", text).encode(layout.codec)

    return File(coded(1), coded(2))
