"""Real files with bytes deleted, doubled, swapped, cut, and line ends and encodings mixed: each is
migrated right or refused, none is damaged, and the run goes on."""

from __future__ import annotations

import ast
import io
import os
import random
import re
import sysconfig
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import faulty_disk
import pytest
import tree_sitter
import tree_sitter_elixir
import trees
from promises import assert_holds, assert_reported, git_applies
from ruamel.yaml import YAML, YAMLError

from migrator.engine.packs import builtin_folder
from migrator.engine.run import Run, Settings
from migrator.engine.transaction import hold
from migrator.model import Applicability, Plan, Report
from migrator.reports import diff

ROOT = Path(__file__).parent.parent
SUFFIXES = (".py", ".yaml", ".yml", ".ex", ".exs")
# More than the fixtures alone are, so that there is legacy code in files of others as well.
FILES, SHARES = 3000, 8
# Of a push all files are mutated once; at night there are more mutations of each.
SEEDS = 10 if os.environ.get("MIGRATE_NIGHTLY") else 1
LARGEST = 4000
#: What is added to a file that says nothing of the old API.
PLANTED = b"""
from pipeline.async_streaming import ConsoleHandler as Planted%d  # planted
STEP = {"type": "llm", "async_stream": True}
"""


@cache
def files() -> list[tuple[str, bytes]]:
    """The files of the fixtures, and of the standard library with legacy code planted."""
    fixtures = [path for path in sorted((ROOT / "fixtures").rglob("*")) if path.is_file()]
    found = [(path.suffix, path.read_bytes()) for path in fixtures if path.suffix in SUFFIXES]
    for number, data in enumerate(islice(library(), FILES - len(found))):
        planted = PLANTED % number
        found.append(
            (".py", data + (re.sub(b"\n", b"\r\n", planted) if b"\r" in data else planted))
        )
    return found[:FILES]


def library() -> Iterator[bytes]:
    """The small files of the interpreter and of what is installed beside it."""
    for name in ("stdlib", "purelib"):
        for path in sorted(Path(sysconfig.get_path(name)).rglob("*.py")):
            if 200 < path.stat().st_size < LARGEST:
                yield path.read_bytes()


def deleted(data: bytes, chance: random.Random) -> bytes:
    start, end = place(data, chance)
    return data[:start] + data[end:]


def doubled(data: bytes, chance: random.Random) -> bytes:
    start, end = place(data, chance)
    return data[:end] + data[start:]


def swapped(data: bytes, chance: random.Random) -> bytes:
    start, end = place(data, chance)
    middle = chance.randint(start, end)
    return data[:start] + data[middle:end] + data[start:middle] + data[end:]


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def line_twice(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    number = chance.randrange(len(lines))
    return b"".join((*lines[: number + 1], *lines[number:]))


def line_gone(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def other_ends(data: bytes, chance: random.Random) -> bytes:
    end = chance.choice([b"\r\n", b"\r", b"\r\r\n"])
    return data.replace(b"\n", end)


def mixed_ends(data: bytes, chance: random.Random) -> bytes:
    ends = [b"\n", b"\r\n", b"\r", b"\n\n", b" \n"]
    return re.sub(b"\n", lambda _: chance.choice(ends), data)


def put_in(data: bytes, chance: random.Random) -> bytes:
    parts = [
        b"\0",
        b"\xff",
        b"\xc3",
        b"\xef\xbb\xbf",
        b"\x0c",
        b"\t",
        b"\\",
        b"'",
        b"(",
        b"\xc2\x85",
    ]
    start, _ = place(data, chance)
    return data[:start] + chance.choice(parts) + data[start:]


def another_encoding(data: bytes, chance: random.Random) -> bytes:
    heads = [b"\xef\xbb\xbf", b"\xff\xfe", b"# coding: latin-1\n", b"# coding: utf-16\n"]
    tails = [b"# \xe9\n", "# é🌊\n".encode(), "# é\n".encode("utf-16-le"), b"# \x81\x5c\n"]
    return chance.choice([b"", *heads]) + data + chance.choice([b"", *tails])


def another_codec(data: bytes, chance: random.Random) -> bytes:
    codec = chance.choice(["latin-1", "utf-16", "utf-32", "utf-8-sig", "cp1252"])
    return data.decode("latin-1").encode(codec, "replace")


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    deleted, doubled, swapped, cut, line_twice, line_gone, other_ends, mixed_ends, put_in,
    another_encoding, another_codec,
)  # fmt: skip


def place(data: bytes, chance: random.Random) -> tuple[int, int]:
    """A part of the file that is not long."""
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.randint(1, 12))


def mutated(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice([1, 1, 2])):
        data = chance.choice(MUTATIONS)(data, chance)
    return data


def parses(path: Path, data: bytes) -> bool:
    """Whether a parser reads the file that is not the one of the tool, or not by its ways."""
    try:
        if path.suffix == ".py":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(data)
        elif path.suffix in (".yaml", ".yml"):
            list(YAML(typ="safe", pure=True).load_all(data))
        else:
            data.decode()
            elixir = tree_sitter.Language(tree_sitter_elixir.language())
            return not tree_sitter.Parser(elixir).parse(data).root_node.has_error
    except (SyntaxError, ValueError, YAMLError, RecursionError, MemoryError):
        return False
    return True


def planned(*paths: str) -> tuple[Report, Plan]:
    """What a run by workers reports of the current folder, and would write."""
    pack = builtin_folder() / "async_streaming"
    with Run(Settings(paths=paths, packs=(pack,))) as run:
        audit = run.audit()
        return audit.report(), run.plan(audit)


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("share", range(SHARES))
def test_migrated_right_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: int, seed: int
) -> None:
    tree, patched = tmp_path / "tree", tmp_path / "patched"
    made: dict[str, bytes] = {}
    for number, (suffix, data) in enumerate(files()):
        if number % SHARES == share:
            chance = random.Random(number + seed * FILES)  # noqa: S311
            made[f"m{number}{suffix}"] = mutated(data, chance)
    assert len(made) == FILES // SHARES
    for folder in (tree, patched):
        folder.mkdir()
        for path, data in made.items():
            (folder / path).write_bytes(data)
    before = trees.seen(tree)
    monkeypatch.chdir(tree)
    report, plan = planned()
    assert trees.seen(tree) == before
    assert_sums(report, made)
    after = {**made, **{change.path: change.after for change in plan.changes}}
    found = {one.finding.path for one in report.findings}
    left = {one.finding.path for one in plan.skipped}
    for path, data in made.items():
        if path in left or path not in found:
            assert after[path] == data, path
        else:
            assert_reported(path, data, after[path], report, Applicability.SAFE)
        if after[path] != data:
            assert parses(Path(path), after[path]) or not parses(Path(path), data), path
    assert len(plan.changes) > len(made) / 10
    sink = io.BytesIO()
    diff.render(plan, sink, color=False)
    git_applies(patched, sink.getvalue())
    assert_holds(patched, after)
    quick = faulty_disk.FaultyDisk(faulty_disk.nothing)
    with hold((), print, quick) as held:
        assert not held.write(plan.changes).left
    assert_holds(tree, after)
    assert not planned(*(change.path for change in plan.changes))[1].changes
    with hold((), print, quick) as held:
        assert not held.undo().left
    assert trees.seen(tree) == before


def assert_sums(report: Report, made: dict[str, bytes]) -> None:
    """Every file has one end, and the sums are those of the walk."""
    counts = report.counts
    found = {one.finding.path for one in report.findings}
    refused = {one.path for one in report.not_analysed}
    assert found | refused <= made.keys()
    assert counts.seen == len(made)
    assert (counts.reported, counts.not_analysed, counts.skipped) == (
        len(found - refused),
        len(refused),
        0,
    )
    assert counts.clean == len(made) - len(found | refused)
    assert not [one for one in report.findings if one.finding.rule == "rule-crashed"]
