"""Make a corpus to measure on: `python benchmarks/corpus.py FOLDER... --to TARGET`.

Copies the sources of any folders, each folder under a name of its own and several times if asked
for, and plants legacy use behind the end of some of them, picked by a seed, and in each of their
copies: so that four times the files are four times the work. Version control, links and what is too
large are left out, ignore files are kept: so it is walked as a project is.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from pathlib import Path

from trial import AFTER

_KEPT = (".gitignore",)
_LARGEST = 5 * 1024 * 1024
#: One file in so many has legacy use, about what a company has that begins to migrate.
_EVERY = 120


def copied(folders: list[Path], target: Path, times: int) -> list[list[Path]]:
    """The copies of each source of `folders` below `target`."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file() or ".git" in path.parts:
                continue
            if path.suffix not in AFTER and path.name not in _KEPT:
                continue
            if path.stat().st_size > _LARGEST:
                continue
            name = folder.resolve().name
            names = (name, *(f"{name}-{number}" for number in range(1, times)))
            copies = [target / one / path.relative_to(folder) for one in names]
            for copy in copies:
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
            if path.suffix in AFTER:
                found.append(copies)
    return found


def plant(files: list[list[Path]], every: int, seed: int) -> int:
    """Append legacy use to one file in `every`, with names of its own; how many that are."""
    chosen = random.Random(seed).sample(sorted(files), len(files) // every)  # noqa: S311
    picked = [copy for copies in zip(*chosen, strict=True) for copy in copies]
    for number, path in enumerate(picked):
        data = path.read_bytes()
        line_end = "\r\n" if b"\r\n" in data else "\n"
        legacy = AFTER[path.suffix][0].replace("lanted", f"lanted{number}")
        path.write_bytes(data + legacy.replace("\n", line_end).encode())
    return len(picked)


def main() -> int:
    """Make the corpus; prints what is in it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, required=True, help="a folder that is not there yet")
    parser.add_argument("--every", type=int, default=_EVERY, help="plant in one file of so many")
    parser.add_argument("--times", type=int, default=1, help="copy each folder so many times")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.to.mkdir(parents=True)
    (arguments.to / ".git").mkdir()  # the root of a repository: nothing above it is looked at
    files = copied(arguments.folders, arguments.to, arguments.times)
    planted = plant(files, arguments.every, arguments.seed)
    every = [copy for copies in files for copy in copies]
    size = sum(path.stat().st_size for path in every)
    print(f"{len(every)} files, {size / 1e6:.1f} MB, legacy use planted in {planted}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
