"""What an apply is going to do, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from migrator.model.finding import Finding
    from migrator.model.text import Position


class Stamp(NamedTuple):
    """What tells an unchanged file without reading it; `time` in nanoseconds."""

    device: int
    inode: int
    size: int
    time: int


class Change(NamedTuple):
    """One file's bytes before and after; `stamp` is the file's when `before` was read."""

    path: str
    before: bytes
    after: bytes
    stamp: Stamp | None = None


class Skipped(NamedTuple):
    """A fix that was not taken, and why."""

    finding: Finding
    reason: str


class Unseen(NamedTuple):
    """A finding left to a person that nothing shows any more; `position` is in the result."""

    finding: Finding
    position: Position


class Plan(NamedTuple):
    """The changes of one apply, the findings they settle, and the fixes left out.

    `unseen` is the work that is left and that an audit of the result does not find: what told it
    from other code has moved.
    """

    changes: tuple[Change, ...] = ()
    applied: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unseen: tuple[Unseen, ...] = ()
