"""What a look at one file yields, in plain values that go between processes and into the cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.model import Asked, Fact, Located, Span

CRASHED = "rule-crashed"
CRASHED_SUMMARY = "A rule failed on a file, so what it would have found there is unknown"


class Directive(NamedTuple):
    """One comment that suppresses; `ids` are the rules that it names, each with its place.

    `lines` are the first and the last line (from 1) that it speaks for, `None` the whole file;
    `line` is its own. `whole` is what goes where none of it is left, `listed` what stands between
    the brackets. `problem` says why it suppresses nothing, whatever is found.
    """

    span: Span
    line: int
    lines: tuple[int, int] | None
    ids: tuple[tuple[str, Span], ...]
    reason: str
    whole: Span
    listed: Span
    problem: str = ""


@dataclass(frozen=True)
class Checked:
    """What one file yields, in plain values; `reason` says why it could not be analysed.

    `gaps` are the parts of it that could not, as bytes with the reason, `digest` is that of the
    bytes which were looked at: edits are for no others. `directives` are its comments that
    suppress findings, which are all among `findings` still, `scopes` name what stands around the
    places of its findings and facts. `spent` are seconds of a processor by rule; see `Times`.

    `again` is the file looked at once more, with what it teaches itself: what its rules were told
    then, and what that yielded. The next round is likely to ask for that, and a tree is at hand.

    `asked` is what was asked of the paths of all files, here and in `again`; see `Paths`.
    """

    path: str
    findings: tuple[Located, ...] = ()
    facts: tuple[Fact, ...] = ()
    reason: str | None = None
    gaps: tuple[tuple[bytes, str], ...] = ()
    names: tuple[str, ...] = ()
    digest: bytes = b""
    directives: tuple[Directive, ...] = ()
    scopes: Mapping[int, str] = field(default_factory=dict)
    spent: Mapping[str, float] = field(default_factory=dict, compare=False)
    again: tuple[frozenset[Fact], Checked] | None = None
    asked: Asked | None = field(default=(), compare=False)


def is_final(checked: Checked) -> bool:
    """Whether that is what every look at these bytes yields, on a busy machine too."""
    return bool(checked.digest) and all(one.finding.rule != CRASHED for one in checked.findings)
