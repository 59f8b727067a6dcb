"""What an audit came to, kept as a whole for the next one, if nothing has changed until then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.engine.check import Checked, is_final
from migrator.engine.values import decoded, encoded
from migrator.model import Fact, Finding

if TYPE_CHECKING:
    from migrator.engine.audit import Audit
    from migrator.engine.results import Results
    from migrator.engine.seen import Seen

_KIND = "audit"
# The facts that were learnt, what the files yielded, what followed.
_PARTS = ((frozenset, Fact), (tuple, Checked), (tuple, Finding))


class Snapshots:
    """Audits of one walk, by all that rules are told and by the stamps of all files."""

    def __init__(self, results: Results, seen: Seen) -> None:
        self._results = results
        self._seen = seen

    def restore(self, audit: Audit) -> bool:
        """Have `audit`, which has not run, come to what it came to when all was as it is now."""
        key = self._key(audit)
        kept = self._results.cache.get(_KIND, *key) if key else None
        try:
            found = None if kept is None else decoded(kept)
        except ValueError:
            return False
        if not (isinstance(found, tuple) and len(found) == len(_PARTS)) or not all(
            isinstance(part, kind) and all(isinstance(one, of) for one in part)
            for part, (kind, of) in zip(found, _PARTS, strict=True)
        ):
            return False
        known, checked, conclusions = found
        audit.look = replace(audit.look, known=known)
        audit.checked = {one.path: one for one in checked}
        audit.conclusions = list(conclusions)
        return True

    def keep(self, audit: Audit) -> None:
        """Keep what `audit` came to, unless another run might come to something else."""
        key = self._key(audit)
        checked = tuple(replace(one, spent={}, again=None) for one in audit.checked.values())
        if key is None or audit.unread or not all(map(is_final, checked)):
            return
        try:
            value = encoded((audit.look.known, checked, tuple(audit.conclusions)))
        except TypeError:  # a pack's own type in a fact
            return
        self._results.cache.put(_KIND, value, *key)

    def _key(self, audit: Audit) -> tuple[bytes, ...] | None:
        told = self._results.told(audit.look)
        token = self._seen.token() if told else None
        return (*told, token) if told and token else None
