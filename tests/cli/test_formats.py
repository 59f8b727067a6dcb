"""`--format` and `--output-file`: which report goes where, and that the exit code agrees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from migrator.cli.app import run
from migrator.cli.outputs import FORMATS

PACK = """\
id: hints
version: 1.0.0
title: Hints
"""
HINT = """\
\"\"\"A hint.\"\"\"

from migrator import Finding, Severity, Span

TRIGGERS = (("hint",),)


def check(source, look):
    yield Finding("hint", source.path, Span(0, 4), Severity.ADVICE, "a hint")
"""
LEGACY = "async_stream: true\nasync_handler: pipeline.async_streaming.X\n"
SUMMARY = "GITHUB_STEP_SUMMARY"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a.yaml").write_text(LEGACY)
    monkeypatch.chdir(tree)
    monkeypatch.delenv(SUMMARY, raising=False)
    return tree


def audit(*arguments: str | Path) -> int:
    return run(["audit", *map(str, arguments)])


def test_a_file_holds_what_standard_output_would(
    tree: Path,
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    folder = tmp_path / "reports"
    folder.mkdir()
    every = (f"--format={form}={folder / form}" for form in FORMATS)
    assert audit(*every) == 1
    assert capfdbinary.readouterr() == (b"", b"")
    monkeypatch.delenv("FORCE_COLOR")
    for form in FORMATS:
        assert audit("--format", form) == 1
        assert capfdbinary.readouterr() == ((folder / form).read_bytes(), b"")
    assert sorted(path.name for path in tree.iterdir()) == ["a.yaml"]


@pytest.mark.parametrize(
    ("arguments", "files", "printed"),
    [
        (["--output-file", "x"], {"x": "a.yaml\n"}, ""),
        (["--format", "json", "--output-file", "x"], {"x": "{"}, ""),
        (["--format", "json=x", "--format", "github"], {"x": "{"}, "::error"),
        (["--format", "github", "--format", "json=x"], {"x": "{"}, "::error"),
        (
            ["--format", "json", "--format", "gitlab", "--output-file", "x", "--output-file", "y"],
            {"x": "{", "y": "["},
            "",
        ),
        (
            ["--format", "json=x", "--format", "gitlab", "--output-file", "y"],
            {"x": "{", "y": "["},
            "",
        ),
        (["--format", "json", "--output-file", "-"], {}, "{"),
        (["--format", "json=-", "--format", "gitlab=y"], {"y": "["}, "{"),
        (
            ["--format=json", "--format=gitlab", "--output-file=y", "--output-file=-"],
            {"y": "{"},
            "[",
        ),
    ],
)
def test_several_reports_of_one_run(
    tree: Path,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    files: dict[str, str],
    printed: str,
) -> None:
    assert audit(*arguments) == 1
    for name, begin in files.items():
        assert (tree / name).read_text().startswith(begin)
    out, err = capfd.readouterr()
    assert err == ""
    assert out.startswith(printed) and bool(out) == bool(printed)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "sarfi"], "no format is called `sarfi`; did you mean `sarif`?"),
        (["--format", "sarif="], "`sarif=` names no file after the `=`"),
        (["--format", "json", "--format", "text"], "`--format json=FILE`"),
        (
            ["--format", "json", "--format", "text", "--output-file", "x"],
            "1 --output-file for 2 --format without",
        ),
        (["--format", "json=x", "--output-file", "y"], "1 --output-file for 0 --format without"),
        (["--format", "json=x", "--format", "text=x"], "x: two reports cannot be written to one"),
        (["--format", "json=-", "--format", "sarif=-"], "`--format json=FILE`"),
        (["--format", "json", "--output-file", "a.yaml", "b.yaml"], "a.yaml: is a source file"),
        (["--output-file", "no/x"], "no/x: there is no folder no"),
        (["--output-file", ".."], "..: is a folder"),
        (["--output-file", "link"], "link: is a symbolic link"),
        (["--output-file", "dangling"], "dangling: is a symbolic link"),
        (["--output-file", "a.yaml/x"], "a.yaml/x: there is no folder a.yaml"),
    ],
)
def test_what_cannot_be_written_is_told_before_the_run(
    tree: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    before = {"kept": "kept", "a.yaml": LEGACY}
    (tree / "kept").write_text("kept")
    (tree / "link").symlink_to("kept")
    (tree / "dangling").symlink_to("nowhere")
    # The run would end with an error of its own.
    assert audit(*arguments, "no-such-path") == 2
    out, err = capfd.readouterr()
    assert (out, message in err, "no-such-path" in err) == ("", True, False)
    assert {path.name: path.read_text() for path in tree.iterdir() if path.is_file()} == {
        **before,
        "link": "kept",
    }


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that Linux has")
def test_a_report_that_does_not_fit_on_the_disk(
    tree: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert audit("--output-file", "/dev/full") == 2
    assert "error: /dev/full: No space left on device; the report is not" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        ({}, 0, "clean"),
        ({"a.yaml": "stream: true\n"}, 0, "clean"),
        ({"a.py": "from pipeline.streaming import Handler\nclass A(Handler): pass\n"}, 0, "clean"),
        ({"a.py": "hint\n"}, 0, "advice"),
        ({"a.yaml": LEGACY}, 1, "findings"),
        ({"a.yaml": "async_stream: [\n"}, 1, "refused"),
    ],
    ids=["empty", "nothing", "current", "advice", "legacy", "not analysed"],
)
def test_every_format_agrees_with_the_exit_code(
    tree: Path, tmp_path: Path, files: dict[str, str], code: int, said: str
) -> None:
    (tree / "a.yaml").unlink()
    for name, text in files.items():
        (tree / name).write_text(text)
    pack = tmp_path / "hints"
    (pack / "python").mkdir(parents=True)
    (pack / "pack.yaml").write_text(PACK)
    (pack / "python" / "hint.py").write_text(HINT)
    arguments = ["--pack", pack] if said == "advice" else []
    out = {form: tmp_path / form for form in FORMATS}
    arguments += (f"--format={form}={path}" for form, path in out.items())
    assert audit(*arguments) == code
    (log,) = json.loads(out["sarif"].read_text())["runs"]
    levels = {result["level"] for result in log["results"]}
    succeeded = log["invocations"][0]["executionSuccessful"]
    junit = ElementTree.fromstring(out["junit"].read_text())  # noqa: S314
    failed, wrong = junit.get("failures") != "0", junit.get("errors") != "0"
    issues = {one["severity"] for one in json.loads(out["gitlab"].read_text())}
    annotated = "::error" in out["github"].read_text()
    done = "Nothing is left" in out["markdown"].read_text()
    assert done == ('<h1 class="clean">Nothing is left' in out["html"].read_text())
    assert (levels, succeeded, failed, wrong, issues, annotated, done) == {
        "clean": (set(), True, False, False, set(), False, True),
        "advice": ({"note"}, True, False, False, {"info"}, False, True),
        "findings": ({"error"}, True, True, False, {"major"}, True, False),
        "refused": (set(), False, False, True, {"major"}, True, False),
    }[said]


def test_the_summary_of_the_step_holds_all_findings(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tree / "a.yaml").write_text("".join(f"- {{async_stream: {n}}}\n" for n in range(40)))
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv(SUMMARY, str(summary))
    assert audit("--format", "json") == 1
    assert summary.read_text() == "before\n"
    capfd.readouterr()
    assert audit("--format", "github") == 1
    assert capfd.readouterr().out.count("::error ") == 10
    assert summary.read_text().startswith("before\n### migrate audit\n")
    assert summary.read_text().count(" step-keys [safe] ") == 40


@pytest.mark.parametrize(
    ("name", "why"), [("no/summary.md", "No such file or directory"), ("full.md", "is full")]
)
def test_a_summary_that_cannot_be_written_is_a_warning(
    tree: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    why: str,
) -> None:
    (tmp_path / "full.md").write_bytes(b"x" * (1024 * 1024 - 100))
    monkeypatch.setenv(SUMMARY, str(tmp_path / name))
    assert audit("--format", "github") == 1
    assert f"{name}: {why}; there is no summary of the step" in capfd.readouterr().err
    assert (tmp_path / "full.md").stat().st_size == 1024 * 1024 - 100


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text")
def test_a_file_name_of_any_bytes(tree: Path, tmp_path: Path) -> None:
    (tree / "a.yaml").unlink()
    for name in (b"\xff`|%\n::error::.yaml", b"##[x]\r.yaml"):
        Path(os.fsdecode(os.fsencode(tree) + b"/" + name)).write_text(LEGACY)
    out = {form: tmp_path / form for form in FORMATS}
    assert audit(*(f"--format={form}={path}" for form, path in out.items())) == 1
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in json.loads(out["sarif"].read_text())["runs"][0]["results"]
    }
    assert uris == {"%FF%60%7C%25%0A%3A%3Aerror%3A%3A.yaml", "%23%23%5Bx%5D%0D.yaml"}
    ElementTree.fromstring(out["junit"].read_text())  # noqa: S314
    for path in out.values():
        text = path.read_bytes().decode()
        assert "##[" not in text
        assert not any(line.startswith("::error::") for line in text.splitlines())


@pytest.mark.parametrize("form", FORMATS)
def test_only_the_format_asked_for_is_imported(tree: Path, form: str) -> None:
    script = (
        "import sys; from migrator.cli.app import run; code = run(sys.argv[1:]); "
        "print(*sorted(m for m in sys.modules if m.startswith('migrator.reports.')), "
        "file=sys.stderr)"
    )
    command = [sys.executable, "-c", script, "audit", f"--format={form}"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True)
    names = {name.split(".")[2] for name in done.stderr.split()}
    assert names - {"escape", "lines", "wording"} == {form}
