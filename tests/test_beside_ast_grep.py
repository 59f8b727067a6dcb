"""The files of the comparison with ast-grep: all that is marked in them is found, and no more."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from declared import found, pack

ROOT = Path(__file__).parent.parent
SCRIPT = runpy.run_path(str(ROOT / "benchmarks" / "ast_grep.py"))
PAGE = (ROOT / "docs" / "ast-grep.md").read_text("utf-8")
FILES = sorted((ROOT / "fixtures" / "beside-ast-grep").iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_found(tmp_path: Path, path: Path) -> None:
    rule, text = SCRIPT["RULES"][path.suffix], path.read_text("utf-8")
    findings = found(pack(tmp_path, **{f"{rule.language}__r": rule.ours}), {path.name: text})
    wanted = SCRIPT["marked"](path)
    assert {1 + text.count("\n", 0, one.span.start) for one in findings} == wanted
    assert f"| `{path.name}` | {len(wanted)} | {len(wanted)} |" in PAGE
