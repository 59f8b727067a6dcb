"""Measure one run of each kind on a corpus: `python benchmarks/figures.py CORPUS`, on Linux.

`benchmarks/corpus.py` makes the corpus, and `benchmarks/peers.py` sets others beside us. Each
figure counts with all processes that are started: processor seconds, seconds, and the largest
process in MiB; medians of the rounds, in which all take turns. Hooks get ten files of the corpus,
in a project that holds nothing else. One file of the corpus is changed and put back, and what an
apply changes is undone, so the corpus is as it was.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from peers import measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peers import Cost

MIGRATE = str(Path(sys.executable).parent / "migrate")
# What is newer than this when it is read is read again by the next run.
_SETTLED = 3
_SMALL = 2000


def run(folder: Path, *arguments: str) -> Cost:
    """The cost of one run of the command in `folder`."""
    return measured([MIGRATE, *arguments], folder)


@contextmanager
def hook(corpus: Path, *, legacy: bool) -> Iterator[Path]:
    """A project of ten Python files of the corpus, with legacy use or without."""
    with tempfile.TemporaryDirectory() as scratch:
        found = (
            path
            for path in sorted(corpus.rglob("*.py"))
            if 2000 < path.stat().st_size < 20_000
            and (b"pipeline.async_streaming" in path.read_bytes()) == legacy
        )
        for number, path in zip(range(10), found, strict=False):
            shutil.copyfile(path, Path(scratch) / f"file{number}.py")
        yield Path(scratch)


def names(folder: Path) -> list[str]:
    """The files in `folder`."""
    return sorted(path.name for path in folder.iterdir())


def round_of(corpus: Path, clean: Path, legacy: Path) -> dict[str, Cost]:
    """Each figure once."""
    changed = next(path for path in sorted(corpus.rglob("*.py")) if path.stat().st_size > _SMALL)
    before = changed.read_bytes(), changed.stat()
    found = {
        "`--version`": run(clean, "--version"),
        "`--help`": run(clean, "--help"),
        "ten clean files": run(clean, "audit", *names(clean)),
        "ten files with findings": run(legacy, "audit", "--no-cache", *names(legacy)),
        "audit, cold": run(corpus, "audit", "--no-cache", "."),
        "audit, nothing changed": run(corpus, "audit", "."),
    }
    changed.write_bytes(before[0] + b"\n# another line\n")
    time.sleep(_SETTLED)
    found["audit, one file changed"] = run(corpus, "audit", ".")
    changed.write_bytes(before[0])
    os.utime(changed, ns=(before[1].st_atime_ns, before[1].st_mtime_ns))
    found["apply"] = run(corpus, "apply", ".")
    found["undo"] = run(corpus, "undo")
    time.sleep(_SETTLED)
    run(corpus, "audit", ".")  # the cache is of what is there now
    return found


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    corpus: Path = arguments.corpus
    with tempfile.TemporaryDirectory() as state:
        os.environ["MIGRATE_STATE_DIR"] = str(Path(state) / "state")
        with hook(corpus, legacy=False) as clean, hook(corpus, legacy=True) as legacy:
            run(clean, "audit", *names(clean))
            run(corpus, "audit", ".")  # fills the cache
            rounds = [round_of(corpus, clean, legacy) for _ in range(arguments.rounds)]
    print("| | cpu s | wall s | MiB |\n|---|---|---|---|")
    for name in rounds[0]:
        cpu, wall, memory = (median(one[name][at] for one in rounds) for at in range(3))
        print(f"| {name} | {cpu:.2f} | {wall:.2f} | {memory:.0f} |")
    print(f"\nload {', '.join(f'{one:.1f}' for one in os.getloadavg())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
