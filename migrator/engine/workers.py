"""Worker processes that check files side by side; what one file does to its worker, it does alone.

A parser can be brought down (a few kilobytes of parentheses end the process), stalled or bloated
by a file. So files are only ever parsed in workers, one file at a time in each, and the parent
knows which: a file that kills its worker, or takes too long in it, is not analysed, the worker is
replaced, and the run goes on.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import time
from dataclasses import replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.engine.check import check, names_at
from migrator.engine.checked import Checked
from migrator.engine.contents import Contents, contents
from migrator.engine.packs import load
from migrator.engine.sources import Sources
from migrator.languages import PARSERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext, SpawnContext
    from multiprocessing.process import BaseProcess

    from migrator.engine.limits import Limits
    from migrator.engine.project import Task
    from migrator.model import Look

# A busy machine takes longer for the same work: so many times the limit a file may take in all.
_BUSY = 1.0 if sys.platform == "win32" else 10.0
# Seconds that a worker leaves its parent to see that a file takes too long.
_GRACE = 60.0
# What each worker needs, and shares where it is imported before it is started.
_SHARED = (
    "migrator.engine.fork_server",
    "migrator.engine.workers",
    "migrator.engine.manifest",
    *(f"migrator.patterns.{name}.compile" for name in PARSERS),
)
# Bytes of files of which a half takes about as long as it takes to start another worker: with less,
# one alone is done when the other begins.
_PAYS = 96 * 1024
# Bytes of the files of which a worker keeps the trees, some two hundred times that.
_KEPT = 192 * 1024
# Objects more than there were after the last search for cycles, some hundred bytes each.
_GARBAGE = 250_000
# What a pipe says when the process at its other end was killed, with something unread or without.
_ENDED = (BrokenPipeError, ConnectionResetError)


class Workers:
    """A pool of workers for the rules of some pack folders; a context manager."""

    def __init__(self, packs: Sequence[Path], limits: Limits) -> None:
        self._packs = packs
        self._limits = limits
        self._idle: list[_Worker] = []
        self._all: list[_Worker] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._all:
            worker.stop()

    def check(self, tasks: Sequence[Task], look: Look) -> Iterator[Checked]:
        """The result of each task, in the order they are finished."""
        waiting = list(tasks)
        languages = {task.language for task in tasks}
        busy: dict[Connection, tuple[_Worker, Task, float]] = {}
        size = sum(task.size for task in tasks)
        limit = min(len(waiting), os.cpu_count() or 1, 1 + size // _PAYS)
        while waiting or busy:
            while waiting and len(busy) < limit:
                worker = self._idle.pop() if self._idle else self._start(languages)
                task = waiting.pop(worker.best(waiting))
                worker.give(task, look)
                deadline = time.monotonic() + _BUSY * self._limits.time
                busy[worker.connection] = (worker, task, deadline)
            soonest = min(deadline for _, _, deadline in busy.values())
            ready = wait(list(busy), max(0.0, soonest - time.monotonic()))
            for connection in [one for one in busy if one in ready]:
                worker, task, _ = busy.pop(connection)
                yield self._result(worker, task)
            now = time.monotonic()
            for connection, (worker, task, deadline) in list(busy.items()):
                if deadline <= now and not connection.poll():
                    del busy[connection]
                    self._remove(worker)
                    yield Checked(task.path, reason=self._too_long())

    def _start(self, languages: Iterable[str]) -> _Worker:
        worker = _Worker(self._packs, self._limits, languages)
        self._all.append(worker)
        return worker

    def _result(self, worker: _Worker, task: Task) -> Checked:
        try:
            result: Checked = worker.connection.recv()
        except (EOFError, *_ENDED):
            self._remove(worker)
            reason = self._too_long() if worker.ran_out else "ends the process that analyses it"
            return Checked(task.path, reason=reason)
        self._idle.append(worker)
        return result

    def _too_long(self) -> str:
        return f"takes more than {self._limits.time:g} seconds to analyse"

    def _remove(self, worker: _Worker) -> None:
        worker.stop()
        self._all.remove(worker)


class _Worker:
    """One process, the pipe to it, and the look it was last told of."""

    def __init__(self, packs: Sequence[Path], limits: Limits, languages: Iterable[str]) -> None:
        # A fork server starts workers from a process without threads; Windows has only spawn.
        context: SpawnContext | ForkServerContext
        if sys.platform == "win32":
            context = multiprocessing.get_context("spawn")
        else:
            context = multiprocessing.get_context("forkserver")
            parsers = [PARSERS[name] for name in sorted(set(languages))]
            context.set_forkserver_preload([*_SHARED, *parsers])
        self.connection, theirs = context.Pipe()
        self._look: Look | None = None
        self._seen: set[str] = set()
        tree = Path.cwd()
        folders = [pack.absolute() for pack in packs]
        self._process: BaseProcess = context.Process(
            target=_serve, args=(theirs, folders, tree, limits), daemon=True
        )
        # A new interpreter imports from the folder it is started in: never from the tree.
        os.chdir(Path(os.__file__).parent)
        try:
            self._process.start()
        finally:
            os.chdir(tree)
        theirs.close()

    def best(self, tasks: Sequence[Task]) -> int:
        """Which of `tasks` to begin with: one whose file this worker may have parsed, if any."""
        return next((at for at, task in enumerate(tasks) if task.path in self._seen), 0)

    def give(self, task: Task, look: Look) -> None:
        """Hand over one task; the look goes along where it is a new one."""
        news = None if look is self._look else look
        self._look = look
        self._seen.add(task.path)
        with contextlib.suppress(*_ENDED):
            self.connection.send((task, news))

    @property
    def ran_out(self) -> bool:
        """Whether the process ended because its time was over."""
        return sys.platform != "win32" and self._process.exitcode == -signal.SIGPROF

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        self._process.kill()
        self._process.join()


def _serve(connection: Connection, folders: Sequence[Path], tree: Path, limits: Limits) -> None:
    os.chdir(tree)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    _limit_memory(limits.memory)
    _silence()
    rules = [rule for folder in folders for rule in load(folder).rules]
    sources = Sources(_KEPT)
    # A tree is some hundred thousand objects: to search them for cycles again and again while they
    # are made takes longer than to make them. Few are in one: trees of Elixir know their parents.
    gc.disable()
    gc.freeze()
    look: Look | None = None
    while True:
        try:
            task, news = connection.recv()
        except (EOFError, *_ENDED):
            return
        look = news or look
        assert look is not None
        _limit_time(limits.time)
        data = contents(task.path, limits.size) if task.data is None else task.data
        if isinstance(data, Contents):
            data = data.data
        if isinstance(data, str):
            result = Checked(task.path, reason=data)
        else:
            told = replace(look, known=task.known)
            try:
                if task.line is None:
                    result = check(
                        task.path, data, task.language, rules, told, sources=sources, teach=True
                    )
                else:
                    result = names_at(task.path, data, task.language, task.line)
            except MemoryError:
                sources = Sources(_KEPT)
                result = Checked(task.path, reason="takes too much memory to analyse")
        _limit_time(0)
        if gc.get_count()[0] > _GARBAGE:
            gc.collect()
        with contextlib.suppress(*_ENDED):  # the parent may have ended
            connection.send(result)


def _silence() -> None:
    """Show nothing of what is said when a file ends this process: that may hold what the file does.

    Who looks for a defect sees it.
    """
    if not os.environ.get("MIGRATE_DEBUG"):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _limit_time(limit: float) -> None:
    """End this process after `limit` seconds of a processor, at 0 never.

    The parent sees to it that it ends if it waits for ever; but the parent may have been killed.
    """
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, limit)
        signal.setitimer(signal.ITIMER_REAL, _BUSY * limit + _GRACE if limit else 0)


def _limit_memory(limit: int) -> None:
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
