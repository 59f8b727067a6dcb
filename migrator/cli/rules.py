"""`migrate rules`: list, show and test rules and packs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrator.cli.options import pack_option, packs_of
from migrator.engine.packs import load, manual
from migrator.errors import MigrateError, meant

if TYPE_CHECKING:
    from migrator.engine.packs import Pack
    from migrator.model import Rule


@click.group("rules")
def command() -> None:
    """List, show and test the rules of packs."""


@command.command("list")
@pack_option
def list_rules(packs: tuple[str, ...]) -> int:
    """Print every rule of every pack: its languages, and what it finds in one line."""
    for pack in map(load, packs_of(packs)):
        click.echo(f"{pack.id} {pack.version}  {pack.title}")
        rules = _by_id(pack)
        width = max(map(len, rules), default=0)
        for id_, rule in sorted(rules.items()):
            click.echo(f"  {id_:<{width}}  {rule[0].summary} ({_languages(rule)})")
    return 0


@command.command("show")
@pack_option
@click.argument("rule")
def show(packs: tuple[str, ...], rule: str) -> int:
    """Print the manual page of RULE: what it finds, why, an example, when its fix is safe."""
    loaded = [load(folder) for folder in packs_of(packs)]
    found = [(pack, _by_id(pack)[rule]) for pack in loaded if rule in _by_id(pack)]
    if not found:
        known = {id_ for pack in loaded for id_ in _by_id(pack)}
        raise MigrateError(f"no rule is called `{rule}`; {meant(rule, known)}")
    for pack, rules in found:
        click.echo(f"{rule}, a rule of the pack {pack.id} {pack.version} for {_languages(rules)}")
        click.echo(f"\n{manual(rules)}")
        for item in pack.checklist:
            if rule in item.rules:
                click.echo(f"\nThe checklist asks for it: {item.title} ({item.section}).")
    return 0


@command.command("test")
@click.argument("packs", nargs=-1, metavar="[PACK]...")
def test(packs: tuple[str, ...]) -> int:
    """Try every case beside the rules of PACK, byte for byte; all installed packs if none is named.

    PACK is the id of an installed pack or a folder. A case passes if the audit reports what it
    says, an apply leaves what it says with and without --unsafe, and a second apply changes
    nothing. Exit code 0: all pass; 1: some do not; 2: there is nothing to test.
    """
    failed = False
    for folder in _folders(packs):
        failed |= _test(folder)
    return 1 if failed else 0


def _test(folder: Path) -> bool:
    """Test one pack; whether a case failed."""
    from migrator.engine.cases import cases, folder_of, problems
    from migrator.reports.escape import shown

    pack = load(folder)
    found = list(cases(folder_of(folder, pack)))
    if not found:
        raise MigrateError(f"{folder_of(folder, pack)}: there is no case here for `{pack.id}`")
    bad = 0
    for case in found:
        said = list(problems(case, pack))
        bad += bool(said)
        for problem in said:
            click.echo(f"{case.rule}/{case.name}: ", nl=False)
            click.echo("\n".join(map(shown, problem.split("\n"))))
    rules = {case.rule for case in found}
    untouched = {case.rule for case in found if not case.findings}
    for id_ in sorted(_by_id(pack)):
        if id_ not in rules:
            click.echo(f"{id_}: no case covers this rule", err=True)
        elif id_ not in untouched:
            click.echo(f"{id_}: no case shows what it leaves alone", err=True)
    for item in pack.checklist:
        if item.rules and not rules.intersection(item.rules):
            click.echo(f"{item.id}: no case covers this item of the checklist", err=True)
    click.echo(f"{pack.id}: {len(found) - bad} of {len(found)} cases pass")
    return bool(bad)


def _folders(given: tuple[str, ...]) -> list[Path]:
    installed = {load(folder).id: folder for folder in packs_of(())}
    folders = []
    for name in given or installed:
        folder = installed.get(name, Path(name))
        if not folder.is_dir():
            raise MigrateError(f"no pack is called `{name}`; {meant(name, installed)}")
        folders.append(folder)
    return folders


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
