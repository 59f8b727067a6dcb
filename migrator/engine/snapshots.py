"""What an audit came to, kept as a whole for the next one that comes to the same.

It does where all files are what they were; and where those that were looked at are, and no other
has a word that was looked for.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from migrator.engine.checked import Checked, is_final
from migrator.engine.results import asked_to_edit, may_edit_alike
from migrator.engine.values import decoded, encoded
from migrator.model import Finding

if TYPE_CHECKING:
    from migrator.engine.audit import Audit
    from migrator.engine.results import Results
    from migrator.engine.seen import Seen
    from migrator.model import Asked, Triggers

_KIND = "audit"
_WHOLE = "audit of all"


class _Kept(NamedTuple):
    """What an audit rested on, and what came of it.

    That are the stamps of the files that were looked at, the words of each round, and what was
    asked of the files that may be edited.
    """

    stamps: dict[str, str]
    rounds: tuple[Triggers, ...]
    asked: Asked
    checked: tuple[Checked, ...]
    conclusions: tuple[Finding, ...]


class Snapshots:
    """Audits by all that rules are told, and by the stamps of files."""

    def __init__(self, results: Results, seen: Seen) -> None:
        self._cache = results.cache
        self._told = results.told
        self._seen = seen

    def restore(self, audit: Audit) -> bool:
        """Have `audit`, which has not run, come to what it would come to by looking."""
        told = self._told(audit.look)
        value = self._cache.get(_KIND, *told) if told else None
        found = None if value is None else _read(value)
        if told is None or value is None or found is None:
            return False
        if not may_edit_alike(audit.look, found.asked):
            return False
        whole = hashlib.sha256(value).digest()
        if self._cache.get(_WHOLE, *told, self._seen.token) != whole:
            if not self._is_the_same(audit, found):
                return False
            self._keep_whole(told, whole)
        audit.checked = {one.path: one for one in found.checked}
        audit.conclusions = list(found.conclusions)
        return True

    def _is_the_same(self, audit: Audit, kept: _Kept) -> bool:
        now = self._seen.stamps
        if any(now.get(path) != stamp for path, stamp in kept.stamps.items()):
            return False
        return audit.holding(kept.rounds) <= kept.stamps.keys() and not audit.candidates.unread

    def keep(self, audit: Audit) -> None:
        """Keep what `audit` came to, unless another run might come to something else."""
        told, asked = self._told(audit.look), asked_to_edit(audit.look)
        # Nothing asks for facts when all rounds are over.
        checked = tuple(
            replace(one, facts=(), asked=None, spent={}, again=None)
            for one in audit.checked.values()
        )
        if told is None or asked is None:
            return
        if audit.candidates.unread or not all(map(is_final, checked)):
            return
        stamps = {path: self._seen.stamps[path] for path in audit.checked}
        if not self._seen.are_settled(stamps):
            return
        conclusions = tuple(audit.conclusions)
        value = encoded(tuple(_Kept(stamps, tuple(audit.rounds), asked, checked, conclusions)))
        self._cache.put(_KIND, value, *told)
        self._keep_whole(told, hashlib.sha256(value).digest())

    def _keep_whole(self, told: tuple[bytes, bytes], whole: bytes) -> None:
        if self._seen.are_settled(self._seen.stamps):
            self._cache.put(_WHOLE, whole, *told, self._seen.token)


def _read(value: bytes) -> _Kept | None:
    """What was kept, if it is as we write it."""
    try:
        found = _Kept(*decoded(value))
    except (TypeError, ValueError):
        return None
    is_ours = (
        isinstance(found.stamps, dict)
        and isinstance(found.rounds, tuple)
        and isinstance(found.asked, tuple)
        and isinstance(found.checked, tuple)
        and all(isinstance(one, Checked) for one in found.checked)
        and isinstance(found.conclusions, tuple)
        and all(isinstance(one, Finding) for one in found.conclusions)
    )
    return found if is_ours else None
