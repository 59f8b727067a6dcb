"""Where each item of the guide's checklist stands, what that rests on, and what to do next."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrator.engine.checked import CRASHED
from migrator.model import Applicability, ChecklistItem, Severity, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from migrator.engine.checked import Checked
    from migrator.engine.packs import Item
    from migrator.engine.validation import Standing
    from migrator.model import Located, Look, NotAnalysed, Suppressed


class Checklist:
    """What the items of a checklist are answered from."""

    def __init__(
        self,
        findings: Sequence[Located],
        suppressed: Sequence[Suppressed],
        not_analysed: Sequence[NotAnalysed],
        checked: Mapping[str, Checked],
        languages: Collection[str],
        look: Look,
        validation: Standing,
        part: str,
    ) -> None:
        self._findings = findings
        self._suppressed = [one.located for one in suppressed]
        self._not_analysed = not_analysed
        self._looked = sum(1 for one in checked.values() if one.reason is None)
        self._languages = languages
        self._look = look
        self._validation = validation
        self._part = part
        self._crashed = {one.finding.path for one in findings if one.finding.rule == CRASHED}

    def item(self, item: Item) -> ChecklistItem:
        """Where `item` stands, what that rests on, and what to do next where it is not done."""
        if item.by_verify:
            state, count, (evidence, todo) = self._validated()
        else:
            state, count, (evidence, todo) = self._by_rules(item)
        return ChecklistItem(item.id, item.title, item.section, state, count, evidence, todo)

    def _validated(self) -> tuple[State, int, tuple[str, str]]:
        state = self._validation.state
        todo = {
            State.DONE: "",
            State.OPEN: "mend what failed, then run `migrate verify` again",
        }.get(state, "run `migrate verify`")
        return state, int(state is State.OPEN), (self._validation.evidence, todo)

    def _by_rules(self, item: Item) -> tuple[State, int, tuple[str, str]]:
        left = _keeping_open(item, self._findings)
        suppressed = _keeping_open(item, self._suppressed)
        missing = self._not_analysed if item.rules else ()
        blocking = missing if item.needs_all_analysed else ()
        if left or blocking:
            levels = {one.finding.applicability for one in left}
            is_manual = not blocking and levels == {Applicability.MANUAL}
            state = State.MANUAL if is_manual else State.OPEN
            places = _files(len({one.finding.path for one in left}))
            told = f"{len(left)} of {', '.join(item.rules)} in {places}", "; ".join(_todo(left))
        else:
            state, told = self._without_findings(item)
        evidence, todo = told
        if suppressed:
            # The old API is in use there still, as somebody has decided.
            state = State.MANUAL if state is State.DONE else state
            evidence += f"; {len(suppressed)} suppressed"
            todo = todo or "move what is suppressed, or leave it so"
        if missing:
            evidence += f"; {_files(len(missing))} not analysed"
            mend = f"see why {missing[0].path} is not analysed"
            todo = f"{todo}; {mend}" if todo else mend
        return state, len(left) + len(blocking), (evidence, todo)

    def _without_findings(self, item: Item) -> tuple[State, tuple[str, str]]:
        left_out = sorted(set(item.rules) - (self._look.fixing or set(item.rules)))
        partly = [path for path, rules in self._look.left_out.items() if rules & set(item.rules)]
        if self._part:
            evidence = f"only what changed {self._part} was looked at"
            return State.UNCHECKED, (evidence, "audit the whole")
        if item.language and item.language not in self._languages:
            return State.DONE, (f"there are no files of {item.language}", "")
        if left_out:
            rules = ", ".join(left_out)
            return State.UNCHECKED, (f"{rules} was not asked for", f"audit with {rules}")
        if partly:
            missed = set[str]().union(*(self._look.left_out[path] for path in partly))
            rules = ", ".join(sorted(missed & set(item.rules)))
            evidence = f"{rules} was not asked for in {_files(len(partly))}"
            return State.UNCHECKED, (evidence, f"audit {min(partly)} with {rules}")
        if self._crashed and item.rules:
            evidence = f"a rule failed on {_files(len(self._crashed))}"
            return State.UNCHECKED, (evidence, f"report the failure on {min(self._crashed)}")
        looked = _files(self._looked)
        return State.DONE, (f"no finding of {', '.join(item.rules)} in {looked} analysed", "")


def _keeping_open(item: Item, findings: Iterable[Located]) -> list[Located]:
    counted = (Severity.ERROR, Severity.ADVICE) if item.counts_advice else (Severity.ERROR,)
    return [
        one
        for one in findings
        if one.finding.rule in item.rules and one.finding.severity in counted
    ]


def _todo(left: Sequence[Located]) -> Iterator[str]:
    """What settles the findings `left`: a command for those with edits, the place of others."""
    counts = Counter(one.finding.applicability for one in left)
    if safe := counts[Applicability.SAFE]:
        yield f"`migrate apply` settles {safe}"
    if review := counts[Applicability.REVIEW]:
        yield f"review {review} in `migrate apply --unsafe --dry-run`"
    if manual := counts[Applicability.MANUAL]:
        first = next(one for one in left if one.finding.applicability is Applicability.MANUAL)
        place = f"{first.finding.path}:{first.start.line}"
        yield f"edit {manual} by hand, the first at {place}"


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"
