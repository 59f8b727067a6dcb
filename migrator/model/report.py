"""The result of a run: the only value besides a plan that crosses a floor."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.model.finding import Finding
    from migrator.model.text import Position


class State(str, Enum):
    """Where a checklist item stands; `MANUAL`: open, and only a person can close it."""

    DONE = "done"
    OPEN = "open"
    MANUAL = "manual"
    UNCHECKED = "unchecked"

    def __str__(self) -> str:
        return self.value


class ChecklistItem(NamedTuple):
    """One question of the migration guide, answered from the code.

    `todo` says what to do next; it is empty where nothing is.
    """

    id: str
    title: str
    section: str
    state: State
    findings: int
    evidence: str
    todo: str = ""


class NotAnalysed(NamedTuple):
    """A file with legacy words that could not be read or parsed; `known`: as in the baseline."""

    path: str
    reason: str
    known: bool = False


class Passed(NamedTuple):
    """A file or folder that a rule might have to see, but that could not be taken, and why."""

    path: str
    reason: str


class EditBytes(NamedTuple):
    """An edit as programs need it: byte offsets into the file as it is on disk, and places."""

    start: int
    end: int
    text: str
    first: Position
    last: Position


class Excerpt(NamedTuple):
    """Source lines in a row, without their line ends; `line` is the number of the first."""

    line: int
    lines: tuple[str, ...]


class Located(NamedTuple):
    """A finding with what a printer needs and only the source can tell.

    `lines` are the source lines the span touches, without their line ends; `line_hash` is the
    fingerprint that code scanning knows the first of them by, `encoding` the codec of the file.
    `around` holds what the span and the edits touch with the lines next to it, in order and apart.
    `scope` names what stands around it (`Class.method`, the keys of a mapping), `known` says that
    it is in the baseline of the run, and so fails nothing.
    """

    finding: Finding
    start: Position
    end: Position
    edits: tuple[EditBytes, ...]
    lines: tuple[str, ...]
    line_hash: str
    encoding: str
    around: tuple[Excerpt, ...]
    scope: str = ""
    known: bool = False

    @property
    def text(self) -> str:
        """The text of the span; its line ends are LF."""
        *lines, last = self.lines
        return "\n".join((*lines, last[: self.end.column - 1]))[self.start.column - 1 :]


class Suppressed(NamedTuple):
    """A finding that a comment at `line` suppresses, for that reason, which may be empty."""

    located: Located
    line: int
    reason: str


class Compared(NamedTuple):
    """What a run is compared with: the baseline in `file`, in findings and files not analysed.

    `left` are still there, `gone` are not; `expired` are those of the findings that count as new
    because their time is over.
    """

    file: str
    left: int
    gone: int
    expired: int


class RuleInfo(NamedTuple):
    """A rule that was asked for, all its languages together; `manual` is plain text."""

    id: str
    pack: str
    summary: str
    manual: str


class PackInfo(NamedTuple):
    """A pack's id, version and title."""

    id: str
    version: str
    title: str


class Counts(NamedTuple):
    """How every file of the walk ended, in files: the parts sum up to `seen`."""

    seen: int = 0
    parsed: int = 0
    clean: int = 0
    reported: int = 0
    not_analysed: int = 0
    skipped: int = 0


@dataclass(frozen=True)
class Report:
    """Everything an audit has to say; findings sorted by path, line, column, rule.

    `rules` are sorted by id, and every finding's rule is one of them. `skipped` is sorted by path.
    `owners` has the paths that somebody owns, as the repository's CODEOWNERS file says.
    `suppressed` findings are in no count. With a `baseline`, what is `known` fails nothing. Where
    it is about what changed alone, `part` says since when, in words that go behind "changed".
    """

    packs: tuple[PackInfo, ...]
    findings: tuple[Located, ...]
    checklist: tuple[ChecklistItem, ...]
    not_analysed: tuple[NotAnalysed, ...]
    counts: Counts
    excluded: Mapping[str, int]
    rules: tuple[RuleInfo, ...]
    skipped: tuple[Passed, ...] = ()
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suppressed: tuple[Suppressed, ...] = ()
    baseline: Compared | None = None
    part: str = ""

    @property
    def new(self) -> tuple[Located, ...]:
        """The findings that are in no baseline."""
        return tuple(one for one in self.findings if not one.known)

    @property
    def newly_refused(self) -> tuple[NotAnalysed, ...]:
        """The files not analysed that are in no baseline."""
        return tuple(one for one in self.not_analysed if not one.known)
