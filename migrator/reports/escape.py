"""Text from other people's files, made safe to show: on a terminal, in a log, in a document."""

from __future__ import annotations

import json
import re

# The first sign of what a CI runner that reads the log obeys, wherever it stands in a line.
_COMMAND = r"#(?=#(?:vso)?\[)"
# Control characters (a tab is none here), bidirectional overrides, lone surrogates, and two codes
# that XML has no place for.
_UNSAFE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufffe\uffff]|" + _COMMAND
)


def shown(text: str) -> str:
    """`text` with whatever could move the cursor, hide or reorder what follows escaped.

    So are `##[` and `##vso[`, which GitHub's and Azure's runners obey.
    """
    return _UNSAFE.sub(_escaped, text)


def shown_path(path: str) -> str:
    """`path` as the first word of a line, where a runner would obey one that begins with `::`."""
    return shown(f"./{path}" if path.lstrip().startswith("::") else path)


def as_json(value: object) -> str:
    """`value` as JSON with a line end, in ASCII and without what a runner obeys."""
    return re.sub(_COMMAND, r"\\u0023", json.dumps(value, indent=2, ensure_ascii=True)) + "\n"


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # a byte that is no text, as the file system gave it
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
