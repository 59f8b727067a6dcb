"""The page on how a run goes tells where each module of the engine belongs."""

from __future__ import annotations

import re
from pathlib import Path

from pages import section

import migrator.engine


def test_every_module_of_the_engine_has_its_place() -> None:
    table = section("architecture.md", "Where things are").partition("| | modules |")[2]
    named = re.findall(r"`(\w+)`", table)
    (folder,) = map(Path, migrator.engine.__path__)
    there = {path.stem for path in folder.iterdir() if not path.name.startswith("_")}
    assert sorted(named) == sorted(there)
