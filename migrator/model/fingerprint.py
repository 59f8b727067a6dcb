"""The fingerprint of a line, as GitHub's SARIF uploader computes it.

Code scanning tells alerts apart by it. It covers the first hundred characters from the start of the
line on that are no blanks, so it stays when lines are added above, and counts equal ones.
"""

from __future__ import annotations

import re
from itertools import accumulate
from operator import mul

_WINDOW = 100
_BITS = 64
_WEIGHTS = [pow(37, exponent, 2**_BITS) for exponent in reversed(range(_WINDOW))]
# The uploader counts UTF-16 code units: that is what a character is in its language.
_CODEC, _UNIT = "utf-16-le", 2
_LINE_END = re.compile(r"\r\n?")


class LineHashes:
    """The fingerprints of the lines of one file, by their numbers from 1.

    The file counts as UTF-8 whatever it says of itself, as it does for the uploader; a byte that
    has no meaning there is U+FFFD.
    """

    def __init__(self, data: bytes) -> None:
        text = _LINE_END.sub("\n", data.decode("utf-8", "replace"))
        lines = [line.encode(_CODEC) for line in re.sub("[ \t]", "", text).split("\n")]
        self._starts = [0, *accumulate(len(line) + _UNIT for line in lines[:-1])]
        self._text = "\n".encode(_CODEC).join(lines) + ("\uffff" + "\0" * _WINDOW).encode(_CODEC)
        seen: dict[int, int] = {}
        self._counts: list[int] = []
        for start in self._starts:
            window = hash(self._window(start))
            count = seen[window] = seen.get(window, 0) + 1
            self._counts.append(count)

    def __getitem__(self, line: int) -> str:
        units = memoryview(self._window(self._starts[line - 1]))
        values = (low | high << 8 for low, high in zip(units[::2], units[1::2], strict=True))
        value = sum(map(mul, values, _WEIGHTS)) % 2**_BITS
        return f"{value:x}:{self._counts[line - 1]}"

    def __len__(self) -> int:
        return len(self._counts)

    def _window(self, start: int) -> bytes:
        return self._text[start : start + _UNIT * _WINDOW]
