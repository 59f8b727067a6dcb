"""Check every n-th file of a tree with every rule: `python benchmarks/every_file.py FOLDER...`.

An audit parses only files that hold words of the old API. Here those words are no condition, so
that the rules meet all the code there is: none may fail, and nothing may be found. Then once more
with legacy code planted behind the end, all of which must be found.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from typing import TYPE_CHECKING

from trial import AFTER, EXPECTED

from migrator.engine.check import check
from migrator.engine.packs import builtin_folder, load
from migrator.languages import SUFFIXES
from migrator.model import Look

if TYPE_CHECKING:
    from migrator.model import Rule

_LARGEST = 200_000


@cache
def rules(language: str) -> list[Rule]:
    """The rules of the built-in pack for one language."""
    pack = load(builtin_folder() / "async_streaming")
    return [rule for rule in pack.rules if rule.language == language]


def problems(path: Path) -> list[str]:
    """What goes wrong with one file as it is, and with legacy code planted in it."""
    data = path.read_bytes()
    language = SUFFIXES[path.suffix]
    look = Look(paths=frozenset({str(path)}))
    plain = check(str(path), data, language, rules(language), look)
    if plain.reason is not None:
        return []
    found = [f"{path}:{one.start.line} {one.finding.rule}" for one in plain.findings]
    line_end = b"\r\n" if b"\r\n" in data else b"\n"
    more = data + AFTER[path.suffix][0].encode().replace(b"\n", line_end)
    planted = check(str(path), more, language, rules(language), look)
    rules_found = Counter(one.finding.rule for one in planted.findings)
    if rules_found != EXPECTED[path.suffix] + Counter(one.finding.rule for one in plain.findings):
        found.append(f"{path} planted: {planted.reason or dict(rules_found)}")
    return found


def main() -> int:
    """Check the folders given; 1 if anything goes wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    files = sorted(
        path
        for folder in arguments.folders
        for path in folder.rglob("*")
        if path.suffix in AFTER and path.is_file() and path.stat().st_size < _LARGEST
    )[:: arguments.every]
    with Pool() as pool:
        found = [one for each in pool.imap_unordered(problems, files, 8) for one in each]
    for line in found:
        print(line)
    print(f"{len(files)} files, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
