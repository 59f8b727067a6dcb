"""Measure the analysis of single files: `python benchmarks/analysis.py FILE_OR_FOLDER...`.

For the files of each language: processor seconds of the bare parser, of our own parse with what we
keep beside the tree, of each rule, and of the whole look that a worker takes at a file; each as a
ratio to the bare parser. Of folders, those files are taken that hold words of the old API. What
several rules ask for (scopes, meanings) counts as the time of the first. With `--files`, the most
expensive files follow.

Each file is measured by all in turn, round after round, so that what else the machine does meets
all alike; figures are medians of the rounds, ratios those of the ratios of each round.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from migrator.engine.check import check
from migrator.engine.packs import builtin_folder, load
from migrator.engine.sources import read
from migrator.engine.words import Groups
from migrator.languages import SUFFIXES, language
from migrator.model import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from migrator.model import Rule

_BARE = "the bare parser"
_PARSE = "our parse"
_WHOLE = "the whole look"


def bare_parser(name: str) -> Callable[[str], object]:
    """What parses a text of that language without us."""
    if name == "python":
        import libcst

        return libcst.parse_module
    if name == "yaml":
        from ruamel.yaml import YAML

        return lambda text: list(YAML(typ="rt").compose_all(text))
    import tree_sitter
    import tree_sitter_elixir

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_elixir.language()))
    return lambda text: parser.parse(text.encode())


def files(paths: list[Path], rules: list[Rule]) -> Iterator[Path]:
    """The files given, and those of the folders that hold words of the rules."""
    groups = {
        name: Groups(group for rule in rules if rule.language == name for group in rule.triggers)
        for name in set(SUFFIXES.values())
    }
    for path in paths:
        if path.is_file():
            yield path
            continue
        for found in sorted(path.rglob("*")):
            name = SUFFIXES.get(found.suffix)
            if not name or not found.is_file():
                continue
            if any(groups[name].held(str(found), found.read_bytes(), name)):
                yield found


def cost(path: Path, rules: list[Rule], look: Look) -> Counter[str]:
    """Processor seconds for one file, by what is measured."""
    data, name = path.read_bytes(), SUFFIXES[path.suffix]
    text = read(str(path), data, name).text
    parser = bare_parser(name)
    seconds: Counter[str] = Counter()

    def measured(what: str, call: Callable[[], object]) -> None:
        gc.collect()
        begun = time.process_time()
        with suppress(Exception):  # what a parser refuses takes the time that it takes
            call()
        seconds[what] += time.process_time() - begun

    measured(_BARE, lambda: parser(text))
    source = read(str(path), data, name)
    measured(_PARSE, lambda: language(name).parse(source))
    for rule in rules:
        measured(rule.id, lambda rule=rule: list(rule.check(source, look)))  # type: ignore[misc]
    source.memo.clear()
    measured(_WHOLE, lambda: check(str(path), data, name, rules, look))
    return seconds


def table(rounds: list[Counter[str]]) -> Iterator[str]:
    """What each took in these rounds, and as a ratio to the bare parser."""
    for what in rounds[0]:
        seconds = median(one[what] for one in rounds)
        ratio = median(one[what] / one[_BARE] for one in rounds)
        yield f"  {what:<20} {seconds:8.3f} s {ratio:7.2f}"


def main() -> int:
    """Measure, and print a table for each language."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=0, help="name so many files")
    parser.add_argument("--language", choices=sorted(set(SUFFIXES.values())))
    arguments = parser.parse_args()
    rules = list(load(builtin_folder() / "async_streaming").rules)
    found = list(files(arguments.paths, rules))
    look = Look(paths=frozenset(map(str, found)))
    gc.disable()  # as in a worker
    for name in sorted({SUFFIXES[path.suffix] for path in found}):
        if arguments.language not in (None, name):
            continue
        own = [rule for rule in rules if rule.language == name]
        paths = [path for path in found if SUFFIXES[path.suffix] == name]
        cost(paths[0], own, look)  # what is imported at the first call
        gc.freeze()
        by_file: dict[Path, list[Counter[str]]] = {path: [] for path in paths}
        rounds = []
        for _ in range(arguments.rounds):
            total: Counter[str] = Counter()
            for path in paths:
                seconds = cost(path, own, look)
                by_file[path].append(seconds)
                for what, took in seconds.items():
                    total[what] += took
            rounds.append(total)
        size = sum(path.stat().st_size for path in paths)
        print(f"{name}: {len(paths)} files, {size / 1e6:.2f} MB, {arguments.rounds} rounds")
        print("\n".join(table(rounds)))
        whole = {path: median(one[_WHOLE] for one in by_file[path]) for path in paths}
        for path in sorted(whole, key=whole.__getitem__, reverse=True)[: arguments.files]:
            ratio = median(one[_WHOLE] / one[_BARE] for one in by_file[path])
            print(f"  {path}: {whole[path]:.3f} s, {ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
