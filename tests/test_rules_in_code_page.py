"""The page on rules in code: its rule does what it says, and the helpers it names are there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from declared import applied, found, pack
from pages import DOCS, blocks, section

from migrator.engine.packs import Pack, builtin_folder, load

PAGE = "rules-in-code.md"


def timeout_pack(folder: Path) -> Pack:
    """A pack with the rule of the page."""
    pack(folder)
    (folder / "python").mkdir()
    rule, *_ = blocks(section(PAGE, "One that computes"), "python")
    (folder / "python" / "timeout_ms.py").write_text(rule, "utf-8")
    return load(folder)


def test_the_rule_makes_of_its_example_what_it_says(tmp_path: Path) -> None:
    _, before, after = blocks(section(PAGE, "One that computes"), "python")
    rules = timeout_pack(tmp_path)
    assert applied(rules, {"a.py": before}) == {"a.py": after}


def test_the_rule_leaves_alone_what_is_not_its_own(tmp_path: Path) -> None:
    rules = timeout_pack(tmp_path)
    text = "from other import connect\nimport acme\nconnect(timeout=2)\nacme.connect(2)\n"
    assert not found(rules, {"a.py": text})


def test_the_helpers_are_there() -> None:
    """Every module in the first column, and every name that stands there as a call or alone."""
    table = section(PAGE, "What to ask")
    rows = re.findall(r"^\| (`[^|]*`) \| (.*) \|$", table, re.MULTILINE)
    modules = [(name, text) for names, text in rows for name in re.findall(r"`([\w.]+)`", names)]
    assert len(modules) > 15
    for name, text in modules:
        module = import_module(f"migrator.helpers.{name}")
        if names := re.findall(r"\(`(\w+)`\)|: `(\w+)`, `(\w+)`", text):
            for one in filter(None, sum(names, ())):
                assert hasattr(module, one), f"{name} has no {one}"


def test_how_far_rules_without_code_go_is_counted() -> None:
    text = (DOCS / PAGE).read_text("utf-8")
    folder = builtin_folder() / "async_streaming"
    declared, coded = (
        [path for path in folder.glob(f"*/*.{suffix}") if not path.name.startswith("_")]
        for suffix in ("yaml", "py")
    )
    assert f" {len(declared)} of {len(declared) + len(coded)} are without" in text
    of_upgrades = list((builtin_folder() / "upgrades").glob("*/*.yaml"))
    assert f"All {len(of_upgrades)} rules of `upgrades`" in text
