"""Exit codes, streams and bad input, by real processes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command import migrate

LEGACY = "async_stream: true\n"
REVIEW = "name: pipeline.async_streaming.X\n"
MANUAL = "async_stream: true\nstream: true\n"
TEMPLATE = "{% if a %}\nasync_stream: true\n"
ADVICE = """from pipeline.streaming import Handler


class A(Handler):
    def handle_event(self, event):
        match event:
            case ("delta", {"content": text}):
                print(text)
"""


@pytest.mark.parametrize(
    ("content", "audit", "apply", "check"),
    [
        ("a: 1\n", 0, 0, 0),
        (LEGACY, 1, 0, 1),
        (REVIEW, 1, 0, 0),
        (MANUAL, 1, 0, 0),
        (TEMPLATE, 1, 1, 1),
        ("{% if a %}\ntype: llm\n", 0, 0, 0),
    ],
    ids=["clean", "legacy", "review", "manual", "template", "other template"],
)
def test_exit_codes(tmp_path: Path, content: str, audit: int, apply: int, check: int) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(content)
    assert migrate(tmp_path, "audit").returncode == audit
    assert migrate(tmp_path, "apply", "--dry-run").returncode == (1 if apply else 0)
    assert migrate(tmp_path, "apply", "--check").returncode == check
    assert migrate(tmp_path, "apply", "--dry-run", "--check").returncode == check
    assert path.read_text() == content
    assert migrate(tmp_path, "apply").returncode == apply


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["audit", "nowhere"], "nowhere: No such file or directory; name a file or a folder"),
        (["audit", "n" * 300], "nn: File name too long; name a file or a folder"),
        (["audit", "n/" * 3000], "n/: File name too long; name a file or a folder"),
        (["apply", "n" * 300], "nn: File name too long; name a file or a folder"),
        (["audti"], "did you mean `audit`?"),
        (["audit", "--select", "step-key"], "did you mean `step-keys`?"),
        (["audit", "--ignore", "nothing-like-it"], "known are event-shape"),
        (["audit", "--select", "async-streaming/Step_Keys"], "did you mean `step-keys`?"),
        (["audit", "--pack", "upgrades", "--select", "datetime"], "the nearest of 41 are "),
        (["audit", "--select", ","], "names no rule"),
        (["audit", "--ignore", ""], "names no rule"),
        (["audit", "--select", "step-keys", "--ignore", "step-keys"], "none is left to run"),
        (["audit", "--isolated", "--config", "a.yaml"], "leave it or --config out"),
        (["audit", "--config", "nowhere.toml"], "nowhere.toml: there is no such file"),
        (["audit", "--format", "xml"], "xml"),
        (["audit", "--pack", "."], "pack.yaml"),
        (["explain", "a.yaml"], "a path, a colon and a line number"),
        (["explain", "b.yaml:1"], "b.yaml: no such file"),
        (["explain", "a.yaml:99"], "no line 99"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    run = migrate(tmp_path, *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[tool.migrator]\nselct = []\n", "did you mean `select`?"),
        (
            "[tool.migrator]\nselect = ['nope']\n",
            "pyproject.toml:2: `tool.migrator.select`: no rule is called `nope`",
        ),
        ("[tool.migrator]\nextend-exclude = ['[z']\n", "extend-exclude`: `[z` is no pattern"),
        ("[tool.migrator\n", "pyproject.toml"),
        ("[tool.migrator.async-streming]\n", "did you mean `async-streaming`?"),
        ("[tool.migrator.async-streaming]\nmodel = 1\n", "did you mean `models`?"),
        ("[[tool.migrator.async-streaming.models]]\nprovider = 1\n", "models[0].provider"),
    ],
)
def test_wrong_configuration(tmp_path: Path, table: str, said: str) -> None:
    (tmp_path / "pyproject.toml").write_text(table)
    run = migrate(tmp_path, "audit")
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert "pyproject.toml" in run.stderr
    assert "Traceback" not in run.stderr


def test_configuration_selects_and_excludes(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.migrator]\nignore = ['legacy-namespace']\nextend-exclude = ['old/']\n"
    )
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.yaml").write_text(LEGACY)
    (tmp_path / "b.yaml").write_text(LEGACY + REVIEW)
    found = json.loads(migrate(tmp_path, "audit", "--format", "json").stdout)
    assert [(one["path"], one["rule"]) for one in found["findings"]] == [("b.yaml", "step-keys")]
    assert found["summary"]["excluded"] == {"excluded by the configuration": 1}


def test_advice_fails_nothing(tmp_path: Path) -> None:
    text = ADVICE.replace("delta", "done").replace("print(text)", "return text")
    (tmp_path / "a.py").write_text(text)
    (tmp_path / "b.py").write_text(
        "from pipeline.llm import invoke\n\n\ndef run(ctx):\n    return ctx\n"
    )
    assert migrate(tmp_path, "audit").returncode == 0


def test_the_report_alone_goes_to_standard_output(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(LEGACY)
    run = migrate(tmp_path, "apply", "--dry-run")
    assert run.stdout.startswith("--- a/a.yaml\n+++ b/a.yaml\n@@ ")
    assert run.stderr == "would change 1 file (1 fix)\n"
    assert migrate(tmp_path, "apply").stdout == ""


def test_no_colour_and_no_wrapping_into_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x" * 100 + ": {async_stream: true}\n")
    plain = migrate(tmp_path, "audit").stdout
    assert "\x1b" not in plain
    assert "x" * 80 + ": {async_stream" in plain
    assert "\x1b[" in migrate(tmp_path, "audit", FORCE_COLOR="1").stdout
    assert "\x1b" not in migrate(tmp_path, "audit", FORCE_COLOR="1", NO_COLOR="1").stdout


@pytest.mark.parametrize("command", ["audit", "apply", "undo", "verify", "explain"])
def test_help_tells_the_exit_codes(tmp_path: Path, command: str) -> None:
    run = migrate(tmp_path, command, "--help")
    assert "Exit code" in " ".join(run.stdout.split())


@pytest.mark.parametrize(
    "command",
    [
        *("audit", "apply", "undo", "verify", "gate", "explain"),
        *("baseline write", "baseline check", "baseline prune"),
        *("rules list", "rules show", "rules test", "rules new pack", "rules new rule"),
    ],
)
def test_help_tells_every_option_with_its_default(tmp_path: Path, command: str) -> None:
    run = migrate(tmp_path, *command.split(), "--help")
    assert run.returncode == 0
    _, *options = re.split(r"^  (?=-)", run.stdout.partition("Options:")[2], flags=re.MULTILINE)
    for option in options:
        assert "[default: " in " ".join(option.split()) or option.startswith("-h, --help"), option


@pytest.mark.parametrize("group", ["", "baseline", "rules", "rules new"])
def test_help_says_of_each_command_all_that_it_begins_to_say(tmp_path: Path, group: str) -> None:
    run = migrate(tmp_path, *group.split(), "--help")
    commands = run.stdout.partition("Commands:\n")[2].splitlines()
    assert commands
    assert not [line for line in commands if not line.endswith(".") or line.endswith("...")]


def test_a_path_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(LEGACY)
    run = migrate(tmp_path, "audit", "notes.txt")
    assert run.returncode == 0
    assert run.stderr == "warning: notes.txt: is of a kind that no rule looks at\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_too_large_is_not_analysed(tmp_path: Path, encoding: str) -> None:
    for name, first in (("a.yaml", LEGACY), ("b.yaml", "async_streams: true\n")):
        with (tmp_path / name).open("w", encoding=encoding) as file:
            file.write("# x\n" * 1_300_000 + first + "# x\n" * 100_000)
    run = migrate(tmp_path, "audit", "--format", "json")
    found = json.loads(run.stdout)
    assert run.returncode == 1
    assert found["not_analysed"] == [{"path": "a.yaml", "reason": "is larger than 5 MiB"}]
    assert found["summary"]["files"] == 2
    assert run.stderr == "warning: b.yaml: is larger than 5 MiB\n"
    run = migrate(tmp_path, "apply")
    assert run.returncode == 1
    assert "a.yaml: not analysed: is larger than 5 MiB" in run.stderr


def test_a_part_of_a_longer_word_is_no_legacy_word(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("{% if a %}\nasync_streams: my_async_handler\n")
    (tmp_path / "b.py").write_text("print 'AsyncStreamingResponse'\n")
    assert migrate(tmp_path, "audit").returncode == 0
    (tmp_path / "c.yaml").write_bytes('{% if a %}\nx: "async_stream"\n'.encode("utf-16"))
    run = migrate(tmp_path, "audit", "--format", "json")
    assert [one["path"] for one in json.loads(run.stdout)["not_analysed"]] == ["c.yaml"]


def test_version(tmp_path: Path) -> None:
    run = migrate(tmp_path, "--version")
    assert run.stdout.startswith("migrate, version ")


def test_modules_of_the_tree_are_not_imported(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the tree was imported')\n")
    (tmp_path / "a.yaml").write_text(LEGACY)
    run = migrate(tmp_path, "audit", "--format", "json")
    assert (run.returncode, run.stderr) == (1, "")


@pytest.mark.parametrize("command", ["audit", "apply", "gate", "baseline write"])
def test_an_empty_path_is_none(tmp_path: Path, command: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(LEGACY)
    done = migrate(tmp_path, *command.split(), "")
    assert done.returncode == 2
    assert "is empty; leave it out for the current folder" in done.stderr
    assert path.read_text() == LEGACY
