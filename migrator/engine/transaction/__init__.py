"""The only place that writes into the tree: all of an apply or none, and a way back.

`hold` gives the right to write; `write`, `undo` and `recover` do it, over `journals` in the form
that `journal` gives them; `replace` knows what may happen to one file, `disk` has the system calls.
"""

from __future__ import annotations

from migrator.engine.transaction.hold import Held, history, hold, unfinished

__all__ = ["Held", "history", "hold", "unfinished"]
