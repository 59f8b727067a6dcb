"""A program of which parts stay on the legacy library runs on both libraries side by side."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from in_process import builtin

from migrator.engine.cases import in_memory
from migrator.model import Applicability, Look

FIXTURES = Path(__file__).parent.parent / "fixtures"
VENDOR = FIXTURES / "demo" / "vendor"
HANDLERS = '''\
from pipeline.async_streaming import ConsoleHandler, Handler


class Kept(Handler):
    """Is given to a call that stays, and hands the event on."""

    def handle_event(self, event):
        kind, text = event
        if kind == "chunk":
            self.show(event)
        elif kind == "complete":
            print("kept, whole:", text)

    def show(self, event):
        print("kept:", event[1])


class Moved(Handler):
    def handle_event(self, event):
        match event:
            case ("chunk", text):
                print("moved:", text)
            case ("complete", text):
                print("moved, whole:", text)
'''
PROGRAM = """\
from pipeline.async_streaming import ConsoleHandler, invoke as go  # migrate: ignore[legacy-call] x
from handlers import Kept, Moved


class Context:
    prompt = "say something"


def show(event):
    if event[0] == "chunk":
        print("function:", event[1])


def moved_function(event):
    if event[0] == "chunk":
        print("moved function:", event[1])


def run(ctx):
    # migrate: ignore[legacy-call] waits for the vendor
    go(ctx.prompt, Kept())
    go(ctx.prompt, Moved())
    go(ctx.prompt, handler=show)  # migrate: ignore[legacy-call] waits for the vendor
    go(ctx.prompt, moved_function)
    go(
        prompt=ctx.prompt,
        # The console is everyone's.
        handler=ConsoleHandler(),
    )
    go(  # migrate: ignore[legacy-call] waits for the vendor
        ctx.prompt, lambda event: print("lambda:", event[1]) if event[0] == "chunk" else None
    )


run(Context())
"""


# The handlers of the library that a call that stays is given take the old events.
OF_THE_LIBRARY = """\
from pipeline.async_streaming import ConsoleHandler, NullHandler, TeeHandler, invoke as go


class Context:
    prompt = "say something"


def run(ctx):
    go(ctx.prompt, ConsoleHandler())  # migrate: ignore[legacy-call] waits for the vendor
    go(ctx.prompt, ConsoleHandler())
    quiet = NullHandler()
    go(ctx.prompt, quiet if ctx else None)  # migrate: ignore[legacy-call] waits for the vendor
    go(ctx.prompt, TeeHandler())


run(Context())
"""


CALL, NAMES, HANDLER = "legacy-call", "legacy-namespace", "legacy-handler"
# A line of a program, by a text that is in it, and a rule that a comment there suppresses.
LINES = [
    ("async-functions", "program.py", "    invoke(prompt", CALL),
    ("base-in-other-file", "program.py", "invoke(", CALL),
    ("conditional-handlers", "program.py", "import ConsoleHandler", NAMES),
    ("conditional-handlers", "program.py", "invoke(", CALL),
    ("dense-style", "program.py", "def g(ctx)", CALL),
    ("event-parts", "program.py", "return invoke(", CALL),
    ("event-parts-handed-on", "program.py", "return invoke(", CALL),
    ("events-by-hand", "program.py", "import ConsoleHandler", NAMES),
    ("handler-class", "program.py", "        invoke(", CALL),
    ("handlers-by-annotation", "program.py", "import ConsoleHandler", NAMES),
    ("handlers-by-annotation", "program.py", "self.ctx.prompt, self.on,", CALL),
    ("handlers-of-other-files", "program.py", "printer.handler", CALL),
    ("handlers-of-other-files", "program.py", "make_handler())", CALL),
    ("import-aliases", "program.py", "noqa", NAMES),
    ("import-aliases", "program.py", "noqa", CALL),
    ("import-module-from-package", "program.py", "class Counter", HANDLER),
    ("import-plain", "program.py", "import pipeline.async_streaming", NAMES),
    ("import-star", "program.py", "import *", NAMES),
    ("import-submodules", "program.py", "tee =", NAMES),
    ("name-clash", "program.py", "import ConsoleHandler", NAMES),
    ("name-clash", "program.py", "streaming_hooks.invoke", CALL),
    ("relative-reexports", "app/hooks.py", "ConsoleHandler", NAMES),
    ("relative-reexports", "app/hooks.py", "invoke", CALL),
    ("relative-reexports", "program.py", "go(prompt", CALL),
    ("subclass-of-console", "program.py", "import ConsoleHandler", NAMES),
    ("subclass-of-console", "program.py", "handler=Framed", CALL),
    ("async-functions", "program.py", 'case ("complete"', "last-event"),
    ("base-in-other-file", "bases.py", '"chunk"', "event-shape"),
    ("events-by-hand", "program.py", 'tee.handle_event(("chunk"', "event-shape"),
    ("events-by-hand", "program.py", "'a list'", "event-shape"),
    ("handler-lambda", "program.py", "len(event[1])", "event-shape"),
    ("handlers-of-other-files", "lib/sinks.py", "prefix[1], event[1]", "event-shape"),
    ("match-shapes", "program.py", '("chunk", text)', "event-shape"),
]


def output(folder: Path, library: Path) -> str:
    return subprocess.run(
        [sys.executable, "-B", "program.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(library)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The legacy library and the current one, side by side."""
    folder = tmp_path_factory.mktemp("libraries") / "both"
    shutil.copytree(VENDOR / "legacy", folder)
    shutil.copytree(VENDOR / "current", folder, dirs_exist_ok=True)
    return folder


@pytest.mark.parametrize(("program", "path", "text", "rule"), LINES)
def test_a_program_runs_the_same_beside_one_line_that_stays(
    program: str, path: str, text: str, rule: str, both: Path, tmp_path: Path
) -> None:
    folder = FIXTURES / "programs" / program
    files = {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*.py")
        if one.name != "expected.py" and "__pycache__" not in one.parts
    }
    lines = files[path].decode().splitlines()
    at = next(at for at, line in enumerate(lines) if text in line and not line.startswith("#"))
    lines[at] += f"  # migrate: ignore[{rule}] waits for the vendor"
    files[path] = "\n".join([*lines, ""]).encode()
    unsafe = (folder / "needs-unsafe.txt").exists()
    look = Look(level=Applicability.REVIEW if unsafe else Applicability.SAFE)
    project = in_memory([builtin()], files, look)
    audit = project.audit()
    assert [one.located.start.line for one in audit.report().suppressed]
    plan = project.plan(audit)
    assert not plan.skipped
    after = {**files, **{change.path: change.after for change in plan.changes}}
    assert after[path].decode().count("migrate: ignore") == 1
    for name, data in after.items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    assert output(tmp_path, both) == output(folder, both)


def test_the_output_is_the_same(tmp_path: Path) -> None:
    both, code = tmp_path / "both", tmp_path / "code"
    shutil.copytree(VENDOR / "legacy", both)
    shutil.copytree(VENDOR / "current", both, dirs_exist_ok=True)
    code.mkdir()
    (code / "handlers.py").write_text(HANDLERS)
    (code / "program.py").write_text(PROGRAM)
    before = output(code, VENDOR / "legacy")
    for arguments in ([], ["--check"]):
        apply = [sys.executable, "-m", "migrator", "apply", *arguments, "."]
        subprocess.run(apply, cwd=code, check=True)
    assert output(code, both) == before
    program = (code / "program.py").read_text()
    assert program.count("go(") == 3
    assert program.count("migrate: ignore[legacy-call]") == 4
    assert "on_event=Moved().handle_event" in program


def test_a_handler_of_the_library_stays_with_the_call_that_is_given_it(tmp_path: Path) -> None:
    both, program = tmp_path / "both", tmp_path / "program.py"
    shutil.copytree(VENDOR / "legacy", both)
    shutil.copytree(VENDOR / "current", both, dirs_exist_ok=True)
    program.write_text(OF_THE_LIBRARY.replace("    go(ctx.prompt, TeeHandler())\n", ""))
    before = output(tmp_path, VENDOR / "legacy")
    program.write_text(OF_THE_LIBRARY)
    apply = [sys.executable, "-m", "migrator", "apply", "program.py"]
    subprocess.run(apply, cwd=tmp_path, check=True)
    text = program.read_text()
    assert "from pipeline.async_streaming import ConsoleHandler, NullHandler, invoke as go" in text
    assert "from pipeline.streaming import TeeHandler" in text
    assert text.count("    go(") == 3
    assert text.count("on_event=TeeHandler().handle_event") == 1
    assert output(tmp_path, both).startswith(before)
