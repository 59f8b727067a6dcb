"""Work that is left to a person, and that an audit finds no more once the rest has moved.

`"%s" % event` in a handler of the old API is a finding; the very same line in a handler of the
current API is code like any other. An apply must not make it vanish in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.model import Severity, Unseen, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from migrator.model import Edit, Finding, Source


def unseen(
    before: Iterable[Finding],
    applied: Sequence[Finding],
    after: Iterable[Finding],
    source: Callable[[str], Source],
    result: Callable[[str], Source],
) -> Iterator[Unseen]:
    """Those of the errors `before` that are not `applied`, and have no like among those `after`.

    A like one is of the same rule, and stands where the finding has moved to; or, as the parts of
    a statement may change places, says the same text elsewhere in the file. `source` and `result`
    give a file before and after.
    """
    edits: dict[str, set[Edit]] = {}
    for finding in applied:
        for edit in finding.fix.edits if finding.fix else ():
            edits.setdefault(edit.path, set()).add(edit)
    remaining: dict[tuple[str, str], list[Finding]] = {}
    for finding in after:
        remaining.setdefault((finding.path, finding.rule), []).append(finding)
    settled = set(applied)
    lost: list[Unseen] = []
    for finding in before:
        if finding.severity is not Severity.ERROR or finding in settled:
            continue
        alike = remaining.get((finding.path, finding.rule), [])
        start, end = moved(finding.span, edits.get(finding.path, ()))
        there = [one for one in alike if one.span.start <= end and start <= one.span.end]
        if there:
            alike.remove(there[0])
        else:
            lost.append(Unseen(finding, result(finding.path).position(start)))
    for one in lost:
        said = source(one.finding.path).text[slice(*one.finding.span)]
        alike = remaining.get((one.finding.path, one.finding.rule), [])
        text = result(one.finding.path).text if alike else ""
        elsewhere = [like for like in alike if text[slice(*like.span)] == said]
        if elsewhere:
            alike.remove(elsewhere[0])
        else:
            yield one
