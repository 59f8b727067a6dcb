"""The same rules in migrate and in ast-grep, on files that mark each line to be found.

    python -m pip install ast-grep-cli && python benchmarks/ast_grep.py

`docs/ast-grep.md` has the table that it prints.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

FILES = Path(__file__).parent.parent / "fixtures" / "beside-ast-grep"


class Rule(NamedTuple):
    """One rule in both tools; ast-grep gets a pattern, for its language."""

    language: str
    ours: str
    theirs: str


SEND = """\
summary: The call `acme.send`
find: acme.send($TEXT, urgent=$URGENT)
replace: acme.post($TEXT, priority=$URGENT)
signatures: ["acme.send(text, urgent)"]
"""
WARN = "summary: The old level\nrename: Logger.warn -> Logger.warning\n"
KEY = 'summary: The old key\npaths: [{path: "**.async_stream", rename: stream}]\n'
RULES = {
    ".py": Rule("python", SEND, "acme.send($TEXT, urgent=$URGENT)"),
    ".ex": Rule("elixir", WARN, "Logger.warn($$$ARGS)"),
    ".yaml": Rule("yaml", KEY, "async_stream: $VALUE"),
}


def marked(path: Path) -> set[int]:
    """The lines that are to be found."""
    lines = path.read_text("utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if "# MATCH" in line}


def ours(path: Path, rule: Rule) -> set[int]:
    """The lines that migrate finds, import statements aside."""
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "pack"
        (pack / rule.language).mkdir(parents=True)
        (pack / "pack.yaml").write_text("id: p\nversion: '1'\ntitle: P\n")
        (pack / rule.language / "r.yaml").write_text(rule.ours)
        command = [sys.executable, "-m", "migrator", "audit", "--format", "json"]
        run = subprocess.run(
            [*command, "--pack", str(pack), str(path)], capture_output=True, text=True, check=False
        )
    report = json.loads(run.stdout)
    return {one["line"] for one in report["findings"]}


def theirs(path: Path, rule: Rule) -> set[int]:
    """The lines that ast-grep finds."""
    program = Path(sys.executable).parent / "ast-grep"
    command = [str(program), "run", "--lang", rule.language, "--pattern", rule.theirs, "--json"]
    run = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    return {one["range"]["start"]["line"] + 1 for one in json.loads(run.stdout or "[]")}


def table() -> list[str]:
    """A row for each file: what is to be found, and what each tool finds, rightly and wrongly."""
    rows = ["| | to be found | migrate | ast-grep |", "|---|---|---|---|"]
    for path in sorted(FILES.iterdir()):
        rule, wanted = RULES[path.suffix], marked(path)
        cells = []
        for found in (ours(path, rule), theirs(path, rule)):
            wrong = len(found - wanted)
            cells.append(f"{len(found & wanted)}{f', and {wrong} wrong' if wrong else ''}")
        rows.append(f"| `{path.name}` | {len(wanted)} | {' | '.join(cells)} |")
    return rows


if __name__ == "__main__":
    print("\n".join(table()))
