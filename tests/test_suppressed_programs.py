"""A program of which parts stay on the legacy library runs on both libraries side by side."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "fixtures" / "demo" / "vendor"
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


def output(folder: Path, library: Path) -> str:
    return subprocess.run(
        [sys.executable, "-B", "program.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(library)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


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
