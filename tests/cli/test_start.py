"""What a run imports: counted, since the time it takes is the machine's."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import migrator.cli
from migrator.cli.page import COMMANDS, HELP

RUN = """
import sys
from migrator.cli.app import run
before = set(sys.modules)
code = run(sys.argv[1:])
sys.stdout.flush()
print(code, *sorted(sys.modules), file=sys.stderr)
"""


def imported(folder: Path, *arguments: str) -> tuple[str, set[str]]:
    """The output of a run in `folder`, and all modules that its process has imported."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    code, *modules = done.stderr.splitlines()[-1].split(" ")
    assert code == "0", done.stderr
    return done.stdout, set(modules)


#: What is to be imported for a file that is parsed, and for no other.
HEAVY = {"libcst", "ruamel", "tree_sitter", "msgspec", "multiprocessing", "subprocess", "rich"}
CLEAN = {
    "a.py": "import asyncio\n",
    "b.pyi": "x: int\n",
    "c.ex": "defmodule C do\nend\n",
    "d.yaml": "steps:\n  - id: one\n",
}


@pytest.mark.parametrize("command", ["audit", "apply", "gate"])
def test_clean_files_start_no_parser_and_no_process(tmp_path: Path, command: str) -> None:
    for name, text in CLEAN.items():
        (tmp_path / name).write_text(text)
    words = (command, "--force-exclude", *CLEAN)
    first, _ = imported(tmp_path, *words)
    out, modules = imported(tmp_path, *words)
    assert out == first
    assert not modules & HEAVY
    assert not {name for name in modules if name.startswith("migrator_packs")}


def test_without_the_cache_packs_are_read_and_no_file_is_parsed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CLEAN["a.py"])
    _, modules = imported(tmp_path, "audit", "--no-cache")
    assert "migrator_packs.async_streaming.python" in modules
    # The patterns of rules without code are read: those for Python by the interpreter's parser.
    assert not modules & {"libcst", "multiprocessing", "migrator.patterns.elixir.passes"}


def test_what_follows_from_the_facts_of_python_files_takes_no_libcst(tmp_path: Path) -> None:
    legacy = "from pipeline.async_streaming import Handler\nclass Own(Handler): pass\n"
    (tmp_path / "a.py").write_text(legacy)
    _, modules = imported(tmp_path, "audit", "--exit-zero")
    assert "migrator_packs.async_streaming.python.learnt.learning" in modules
    assert "libcst" not in modules


@pytest.mark.parametrize("word", ["--version", "--help", "-h"])
def test_the_first_page_takes_no_command_line(tmp_path: Path, word: str) -> None:
    out, modules = imported(tmp_path, word)
    assert out
    assert not modules & {"click", "typing", "re", "pathlib", "migrator.model"}
    assert len({name for name in modules if name.startswith("migrator")}) < 8


def test_the_first_page_is_the_same_by_any_way(tmp_path: Path) -> None:
    out, modules = imported(tmp_path, "--help", "--version")
    assert "click" in modules
    assert out == HELP + "\n"


def test_every_command_is_on_the_first_page() -> None:
    names = [module.name for module in pkgutil.iter_modules(migrator.cli.__path__)]
    modules = {name: importlib.import_module(f"migrator.cli.{name}") for name in names}
    assert {name for name, module in modules.items() if hasattr(module, "command")} == set(COMMANDS)
    assert all(modules[name].command.name == name for name in COMMANDS)
    listed = HELP.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert all(len(line) <= 80 for line in HELP.splitlines())


def test_what_did_not_change_takes_no_parser_and_no_rule(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "from pipeline.async_streaming import Handler\n\n\nclass Own(Handler):\n    pass\n"
    )
    (tmp_path / "b.yaml").write_text("steps:\n  - async_handler: a.Own\n")
    words = ("audit", "--format", "json", "--exit-zero")
    first, modules = imported(tmp_path, *words)
    assert "multiprocessing" in modules
    again, modules = imported(tmp_path, *words)
    assert again == first
    assert json.loads(first)["findings"]
    assert not modules & HEAVY
    assert not {name for name in modules if name.startswith("migrator_packs")}
