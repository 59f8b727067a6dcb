"""The cases beside the rules of a pack: what an audit has to report, and an apply to leave.

A case is a folder `<rule>/<case>` with `before.<suffix>` and, where they differ from it,
`after.<suffix>`, which `migrate apply` leaves, and `unsafe.<suffix>`, which `--unsafe` does; or
with folders of those names, for several files. The lines of `findings.txt` are `path:line rule
severity applicability`, those of `not-analysed.txt` are paths. `why.txt` says what the case is
there for.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from migrator.config import Configuration, configuration_in
from migrator.engine.check import check
from migrator.engine.discover import Walk
from migrator.engine.options import check_options
from migrator.engine.project import Project
from migrator.languages import SUFFIXES
from migrator.model import Applicability, Look, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from migrator.engine.checked import Checked
    from migrator.engine.packs import Pack
    from migrator.engine.project import Task
    from migrator.model import Report


@dataclass(frozen=True)
class Case:
    """One case as its folder has it: files by path, and what is to be reported of them."""

    folder: Path
    rule: str
    name: str
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    unsafe: Mapping[str, bytes]
    findings: tuple[str, ...]
    not_analysed: tuple[str, ...]
    configuration: Configuration


def folder_of(folder: Path, pack: Pack) -> Path:
    """Where the cases of the pack in `folder` are: in it, or beside the folder of packs."""
    inside = folder / "fixtures"
    return inside if inside.is_dir() else folder.parent.parent / "fixtures" / pack.id


def cases(folder: Path) -> Iterator[Case]:
    """The cases below `folder`, in the order of their names."""
    for path in sorted(folder.glob("*/*")):
        before = _files(path, "before")
        if before:
            after = {**before, **_files(path, "after")}
            yield Case(
                path,
                path.parent.name,
                path.name,
                before,
                after,
                {**after, **_files(path, "unsafe")},
                tuple(sorted(_lines(path / "findings.txt"))),
                tuple(sorted(_lines(path / "not-analysed.txt"))),
                configuration_in(path / "before") or Configuration(),
            )


def no_cases(folder: Path, rules: Collection[str]) -> Iterator[str]:
    """What looks like a case below `folder` and is none, or is one of no rule, in words."""
    for rule in sorted(folder.glob("[!.]*")):
        near = difflib.get_close_matches(rule.name, rules, 1)
        if not rule.is_dir():
            yield f"{rule}: cases lie in folders by rule: `{folder.name}/<rule>/<case>/before.py`"
        elif rule.name not in rules and near:
            yield f"{rule}: no rule is called `{rule.name}`; did you mean `{near[0]}`?"
        for case in sorted(rule.glob("[!.]*")) if rule.is_dir() else ():
            if not case.is_dir():
                yield f"{case}: a case is a folder: `{rule.name}/<case>/before{case.suffix}`"
            elif any(case.iterdir()) and not _files(case, "before"):
                yield f"{case}: there is no `before.<suffix>` in it, and no folder `before`"


def uncovered(
    pack: Pack, found: Sequence[Case], wrong: Collection[str], parts: Collection[tuple[str, str]]
) -> Iterator[str]:
    """What of a pack no case of `found` shows, and rules that no item of its checklist rests on.

    Of these only those that report an error in some case, `wrong`: advice may stand beside a list.
    Of the parts of a rule, which are all that it looks for, `parts` found something.
    """
    rules = {case.rule for case in found}
    untouched = {case.rule for case in found if not case.findings}
    known = {rule.id for rule in pack.rules}
    for id_ in sorted(known):
        if id_ not in rules:
            yield f"{id_}: no case covers this rule"
        elif id_ not in untouched:
            yield f"{id_}: no case shows what it leaves alone"
    for rule in pack.rules:
        left = [one for one in rule.parts if (rule.id, one[0]) not in parts]
        if left and rule.id in rules and len(rule.parts) > 1:
            shown = ", ".join(f"`{part}` (`{' '.join(text.split())}`)" for part, text in left[:3])
            more = f", and {len(left) - 3} more" if len(left) > 3 else ""
            yield f"{rule.id}: no case shows what is found by {shown}{more}"
    listed = {rule for item in pack.checklist for rule in item.rules}
    for id_ in sorted(known.intersection(wrong) - listed) if listed else ():
        yield f"{id_}: no item of the checklist rests on this rule"
    for item in pack.checklist:
        if item.rules and not rules.intersection(item.rules):
            yield f"{item.id}: no case covers this item of the checklist"


def _files(case: Path, part: str) -> dict[str, bytes]:
    folder = case / part
    if folder.is_dir():
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        names = {path.relative_to(folder): path for path in paths}
        # An installer compiles whatever is Python in what it installs.
        own = ((name, path) for name, path in names.items() if "__pycache__" not in name.parts)
        return {name.as_posix(): path.read_bytes() for name, path in own}
    return {f"before{path.suffix}": path.read_bytes() for path in case.glob(f"{part}.*")}


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []


def in_memory(packs: Sequence[Pack], files: Mapping[str, bytes], look: Look) -> Project:
    """`files` as a project that is looked at in this process: none of them may bring it down."""
    languages = {path: SUFFIXES.get(PurePosixPath(path).suffix) for path in sorted(files)}
    walk = Walk({path: language for path, language in languages.items() if language})
    rules = [rule for pack in packs for rule in pack.rules]

    def checked(tasks: Sequence[Task], look: Look) -> Iterable[Checked]:
        for task in tasks:
            data = files[task.path] if task.data is None else task.data
            told = replace(look, known=task.known)
            yield check(task.path, data, task.language, rules, told, teach=True)

    return Project(packs, walk, look, files.__getitem__, checked)


@dataclass(frozen=True)
class Outcome:
    """What became of a case: `problems` are what is otherwise than it says, a text each.

    `faults` are those of them that are wrong whatever the case says, and no update mends; `errors`
    are the rules that reported any, `parts` the parts of rules that found something.
    """

    findings: tuple[str, ...]
    errors: frozenset[str]
    parts: frozenset[tuple[str, str]]
    not_analysed: tuple[str, ...]
    after: Mapping[str, bytes]
    unsafe: Mapping[str, bytes]
    problems: tuple[str, ...]
    faults: tuple[str, ...]


def outcome(case: Case, pack: Pack) -> Outcome:
    """Audit the case, apply it at both levels, and once more.

    Raises `MigrateError` where its configuration sets an option otherwise than the pack has it.
    """
    check_options([pack], case.configuration, ())

    def project(level: Applicability, files: Mapping[str, bytes]) -> Project:
        return in_memory([pack], files, Look(level=level, options=case.configuration.options))

    safe = project(Applicability.SAFE, case.before)
    audit = safe.audit()
    report = audit.report()
    reported = tuple(_reported(report))
    refused = tuple(one.path for one in report.not_analysed)
    said = [*_differs("findings.txt", case.findings, reported)]
    said += _differs("not-analysed.txt", case.not_analysed, refused)
    faults: list[str] = []
    got: dict[str, Mapping[str, bytes]] = {}
    for part, level, expected in (
        ("after", Applicability.SAFE, case.after),
        ("unsafe", Applicability.REVIEW, case.unsafe),
    ):
        first = project(level, case.before)
        plan = first.plan(audit if level is Applicability.SAFE else first.audit())
        faults += (f"{part}: {one.finding.path}: {one.reason}" for one in plan.skipped)
        changed = {**case.before, **{change.path: change.after for change in plan.changes}}
        got[part] = changed
        is_told = part == "unsafe" and (changed, expected) == (got["after"], case.after)
        for path, data in sorted(expected.items()):
            if not is_told:
                said += _differs(f"{part}: {path}", _shown(data), _shown(changed.get(path, b"")))
        if changed != expected and (is_told or expected == case.before):
            continue  # what is to be there is said to be wrong already
        second = project(level, expected)
        again = second.plan(second.audit())
        unstable = [f"{part}: a second apply changes {one.path}" for one in again.changes]
        (faults if changed == expected else said).extend(unstable)
    found = [one.finding for one in report.findings]
    parts = frozenset((one.rule, one.part) for one in found)
    errors = frozenset(one.rule for one in found if one.severity is Severity.ERROR)
    problems = (*faults, *said)
    return Outcome(
        reported, errors, parts, refused, got["after"], got["unsafe"], problems, tuple(faults)
    )


def problems(case: Case, pack: Pack) -> tuple[str, ...]:
    """What comes out otherwise than `case` has it, a text each; nothing where all is as it says."""
    return outcome(case, pack).problems


def update(case: Case, got: Outcome) -> None:
    """Write what came out to the folder of `case`, in place of what it says."""
    is_folder = (case.folder / "before").is_dir()
    for part, files, base in (
        ("after", got.after, case.before),
        ("unsafe", got.unsafe, got.after),
    ):
        for path, data in files.items():
            suffix = PurePosixPath(path).suffix
            target = case.folder / part / path if is_folder else case.folder / f"{part}{suffix}"
            if data == base[path]:
                target.unlink(missing_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
    for name, lines in (("findings.txt", got.findings), ("not-analysed.txt", got.not_analysed)):
        target = case.folder / name
        if lines:
            target.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        else:
            target.unlink(missing_ok=True)


def _reported(report: Report) -> list[str]:
    return sorted(
        f"{one.finding.path}:{one.start.line} {one.finding.rule} "
        f"{one.finding.severity} {one.finding.applicability}"
        for one in report.findings
    )


def _shown(data: bytes) -> list[str]:
    """The lines of `data`, so that bytes which differ are lines which differ."""
    return [repr(line)[2:-1] for line in data.splitlines(keepends=True)]


def _differs(what: str, expected: Sequence[str], got: Sequence[str]) -> Iterator[str]:
    if list(expected) != list(got):
        lines = difflib.unified_diff(expected, got, "expected", "got", lineterm="")
        yield "\n".join((f"{what}:", *lines))
