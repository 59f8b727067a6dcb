"""What one file may cost before it is given up."""

from __future__ import annotations

from typing import NamedTuple

from migrator.engine.contents import SIZE_LIMIT


class Limits(NamedTuple):
    """What a worker may spend on a file.

    `time` in seconds of a processor (on Windows, in seconds that pass), `memory` in bytes of
    address space (Linux alone can limit that), `size` in bytes of the file.
    """

    time: float = 10.0
    memory: int = 1024**3
    size: int = SIZE_LIMIT
