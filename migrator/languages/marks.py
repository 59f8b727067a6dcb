"""Byte order marks: what codec the first bytes of a file say it is in."""

from __future__ import annotations

import codecs

# UTF-32 comes first: its mark begins as that of UTF-16 does.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = tuple(mark for mark, codec in MARKS if codec != "utf-8")


def wide(data: bytes) -> str | None:
    """The codec of UTF-16 or UTF-32 that `data` is marked with, if it is."""
    if not data.startswith(_WIDE):
        return None
    return next(codec for mark, codec in MARKS if data.startswith(mark))
