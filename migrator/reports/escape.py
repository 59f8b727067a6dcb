"""Text from other people's files, made safe to show on a terminal."""

from __future__ import annotations

import re

# Control characters (a tab is none here), bidirectional overrides, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def shown(text: str) -> str:
    """`text` with whatever could move the cursor, hide or reorder what follows escaped."""
    return _UNSAFE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # a byte that is no text, as the file system gave it
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
