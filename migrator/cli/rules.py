"""`migrate rules`: list, show, test and begin rules and packs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrator.cli import complete
from migrator.cli.options import pack_option
from migrator.engine.catalog import folders, shipped
from migrator.engine.packs import load, manual
from migrator.engine.skeletons import LANGUAGES
from migrator.errors import MigrateError, meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.engine.guide import Example
    from migrator.engine.packs import Pack
    from migrator.model import Rule


@click.group("rules")
def command() -> None:
    """List, show, test and begin the rules of packs.

    \b
    migrate rules list                    every rule in one line
    migrate rules show legacy-call        the manual page of one
    migrate rules new pack acme           begin a pack
    migrate rules test ./acme --update    try its cases, and take what came out
    """


@command.command("list", short_help="Print every rule and option of every pack.")
@pack_option
def list_rules(packs: tuple[str, ...]) -> int:
    """Print every rule and option of every pack: its languages, and what it is in one line."""
    for pack in map(load, _folders(packs)):
        _tell(f"{pack.id} {pack.version}  {pack.title}")
        rules = _by_id(pack)
        width = max(map(len, rules), default=0)
        for id_, rule in sorted(rules.items()):
            _tell(f"  {id_:<{width}}  {rule[0].summary} ({_languages(rule)})")
        for name, option in pack.options.items():
            _tell(f"  [tool.migrator.{pack.id}] {name}: {option.told}")
    return 0


@command.command("show", short_help="Print the manual page of a rule.")
@pack_option
@click.argument("rule", shell_complete=complete.rules)
def show(packs: tuple[str, ...], rule: str) -> int:
    """Print the manual page of RULE: what it finds, why, an example, when its fix is safe."""
    loaded = [load(folder) for folder in _folders(packs)]
    found = [(pack, _by_id(pack)[rule]) for pack in loaded if rule in _by_id(pack)]
    if not found:
        known = {id_ for pack in loaded for id_ in _by_id(pack)}
        raise MigrateError(f"no rule is called `{rule}`; {meant(rule, known)}")
    for pack, rules in found:
        _tell(f"{rule}, a rule of the pack {pack.id} {pack.version} for {_languages(rules)}")
        _tell(f"\n{manual(rules)}")
        for item in pack.checklist:
            if rule in item.rules:
                _tell(f"\nThe checklist asks for it: {item.title} ({item.section}).")
    return 0


@command.command("test", short_help="Try the cases beside the rules of a pack.")
@click.option(
    "--update",
    is_flag=True,
    help="Write what came out into the cases that fail, after showing it.  [default: off]",
)
@click.argument("packs", nargs=-1, metavar="[PACK]...", shell_complete=complete.packs)
def test(packs: tuple[str, ...], *, update: bool) -> int:
    """Try every case beside the rules of PACK, byte for byte, and the examples of its guide.

    PACK is the id of a pack or a folder; the packs that come with migrate if none is named. A
    case passes if the audit reports what it says, an apply leaves what it says with and without
    --unsafe, and a second apply changes nothing. Exit code 0: all pass; 1: some do not; 2: there
    is nothing to test.
    """
    failed = False
    for folder in _folders(packs):
        failed |= _test(folder, update=update)
    return 1 if failed else 0


def _test(folder: Path, *, update: bool) -> bool:
    """Test one pack; whether a case or an example failed."""
    from migrator.engine import cases

    pack = load(folder)
    found = list(cases.cases(cases.folder_of(folder, pack)))
    shown = _examples(folder, pack)
    if not found and not shown:
        place = folder / "fixtures"
        raise MigrateError(
            f"{place}: there is no case for `{pack.id}`; write one, as "
            "`<rule>/<case>/before.<suffix>`"
        )
    bad = updated = 0
    wrong: set[str] = set()
    parts: set[tuple[str, str]] = set()
    for case in found:
        got = cases.outcome(case, pack)
        wrong.update(got.errors)
        parts.update(got.parts)
        bad += bool(got.problems)
        for problem in got.problems:
            _tell(f"{case.rule}/{case.name}: {problem}")
        if update and got.problems and not got.faults:
            cases.update(case, got)
            updated += 1
    for missing in cases.uncovered(pack, found, wrong, parts):
        _tell(missing, err=True)
    strays = list(cases.no_cases(cases.folder_of(folder, pack), set(_by_id(pack))))
    for stray in strays:
        _tell(stray, err=True)
    bad_examples = _test_guide(folder, pack, shown)
    _tell(f"{pack.id}: {len(found) - bad} of {len(found)} cases pass")
    if updated:
        _tell(f"{pack.id}: {updated} of the others now say what came out: look at the change")
    return bad > updated or bad_examples or bool(strays)


def _examples(folder: Path, pack: Pack) -> Sequence[Example]:
    """The examples of the pack's guide."""
    if pack.guide is None:
        return ()
    from migrator.engine.guide import examples

    return tuple(examples((folder / pack.guide).read_text("utf-8")))


def _test_guide(folder: Path, pack: Pack, found: Sequence[Example]) -> bool:
    """Try the examples of the pack's guide; whether one failed."""
    if pack.guide is None:
        return False
    from migrator.engine.guide import problem

    bad = 0
    for example in found:
        if said := problem(example, pack):
            bad += 1
            _tell(f"{folder / pack.guide}:{example.line}: {said}")
    _tell(f"{pack.id}: {len(found) - bad} of {len(found)} examples of the guide pass")
    return bool(bad)


def _tell(text: str, *, err: bool = False) -> None:
    """Print what may be the words of a pack, or quote a file."""
    from migrator.reports.escape import shown

    click.echo("\n".join(map(shown, text.split("\n"))), err=err)


@command.group("new")
def new() -> None:
    """Begin a pack or a rule with a small one that passes its own test."""


@new.command("pack", short_help="Write a pack with one rule, its cases and a guide.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="What its first rule and its guide are about.",
)
@click.argument("folder", type=click.Path(path_type=Path))
def new_pack(folder: Path, language: str) -> int:
    """Write a pack with one rule, its cases and a guide to FOLDER."""
    from migrator.engine.skeletons import pack

    for path in pack(folder, language):
        _tell(f"wrote {path}")
    return 0


@new.command("rule", short_help="Write a rule and its cases into a pack.")
@click.argument("path", type=click.Path(path_type=Path), metavar="PACK/LANGUAGE/RULE.yaml")
def new_rule(path: Path) -> int:
    """Write a rule for python, elixir or yaml and its cases into the pack in the folder PACK."""
    from migrator.engine.skeletons import rule

    for written in rule(path):
        _tell(f"wrote {written}")
    manifest = path.parent.parent / "pack.yaml"
    _tell(f"next: name `{path.stem}` in the `rules` of an item of the checklist in {manifest}")
    return 0


def _folders(packs: tuple[str, ...]) -> tuple[Path, ...]:
    """Of the packs that are named, else of all that come with the tool."""
    return folders(packs) if packs else tuple(shipped().values())


def _by_id(pack: Pack) -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = {}
    for rule in pack.rules:
        rules.setdefault(rule.id, []).append(rule)
    return rules


def _languages(rules: list[Rule]) -> str:
    # What only concludes over all files has no language to name.
    return ", ".join(
        "all files together" if rule.language == "project" else rule.language for rule in rules
    )
