"""Advice is given beside what another rule of the pack makes of a place, and keeps nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("id_", ["a", "z"])
@pytest.mark.parametrize(
    "mover", ["find: lib.old($A, $B)\nreplace: lib.new($A, $B)\n", "rename: lib.old -> lib.new\n"]
)
def test_in_python(tmp_path: Path, id_: str, mover: str) -> None:
    advice = "summary: s\nseverity: advice\nfind: lib.old($A, $B)\nwhere: {B: {kind: lambda}}\n"
    rules = pack(tmp_path, python__m=f"summary: s\n{mover}", **{f"python__{id_}": advice})
    text = "from lib import old\n\nold(1, lambda: 2)\nold(1, 2)\n"
    assert sorted({one.rule for one in found(rules, {"a.py": text})}) == sorted([id_, "m"])
    assert applied(rules, {"a.py": text}) == {"a.py": text.replace("old", "new")}


@pytest.mark.parametrize("id_", ["a", "z"])
@pytest.mark.parametrize(
    "mover",
    [
        'find: "Lib.Old.go($A, $B)"\nreplace: "Lib.New.go($A, $B)"\n',
        "rename: Lib.Old.go/2 -> Lib.New.go\n",
        "rename: Lib.Old -> Lib.New\n",
    ],
)
def test_in_elixir(tmp_path: Path, id_: str, mover: str) -> None:
    advice = "summary: s\nseverity: advice\nfind: Lib.Old.go($A, $B)\nwhere: {B: {kind: lambda}}\n"
    rules = pack(tmp_path, elixir__m=f"summary: s\n{mover}", **{f"elixir__{id_}": advice})
    text = "Lib.Old.go(1, fn -> 2 end)\nLib.Old.go(1, 2)\n"
    assert sorted({one.rule for one in found(rules, {"a.exs": text})}) == sorted([id_, "m"])
    assert applied(rules, {"a.exs": text}) == {"a.exs": text.replace("Old", "New")}
