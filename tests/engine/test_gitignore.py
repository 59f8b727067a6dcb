"""Patterns of other people match what git has them match, and in a moment."""

from __future__ import annotations

import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.engine.gitignore import Patterns, is_pattern

PARTS = [
    "a",
    "b",
    "c",
    "*",
    "?",
    "**",
    "/",
    "[ab]",
    "[!a]",
    "[]a]",
    "\\*",
    "\\ ",
    " ",
    ".",
    "!",
    "é",
]
LINES = [
    "a", "/a", "a/", "/a/", "!a", "a/b", "a/b/", "*.b", "a*", "*", "**", "/**", "**/a", "a/**",
    "a/**/b", "a**b", "***/b", "**/", "/", "//", "//a", "a//b", "#a", "\\#a", "\\!a", "a ", "a\\ ",
    "a  \\ ", " a", "a\r", "a\\", "[", "[a", "[]", "[]a]", "[!]a]", "[^a]", "[a-c]", "[c-a]",
    "[-a]", "[a-]", "[[:alpha:]]", "[[:digit:]-c]", "[[:none:]]", "[\\a]", "[a/b]", "[!b]/a", "?",
    "??", "\\a", "a.b", "*a*b*", "*/b", "a/*/c", "**/b/**/c", "a/?/c", "[[a]", "a|b", "a&&b", "(a",
    "{a}", "é", "[é]", "\\", "!", "!!a", "$", "^a", "+a", "a\\/b",
]  # fmt: skip
PATHS = [
    "a", "b", "c", "a.b", "ab", "aab", "a b", "a ", " a", "#a", "!a", "[a", "]", "-", "a|b", "(a",
    "{a}", "é", "aé", "éb", "$", "^a", "+a", "1", "*", "\\", "x/a", "x/b", "x/c", "x/a.b", "d/a/b",
    "d/b/c", "y/b/x/c", "z/a/b/c",
]  # fmt: skip


def lines() -> list[list[str]]:
    """Ignore files: each line above alone, and some made of parts, one or three lines each."""
    maker = random.Random(7)  # noqa: S311
    made = ["".join(maker.choices(PARTS, k=maker.randint(1, 7))) for _ in range(400)]
    threes = [maker.sample(made, 3) for _ in range(100)]
    return [[line] for line in (*LINES, *made)] + threes


def test_git_matches_the_same(tmp_path: Path) -> None:
    files = lines()
    names = [f"{number}" for number in range(len(files))]
    for name, file in zip(names, files, strict=True):
        for path in PATHS:
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name / ".gitignore").write_bytes("\n".join(file).encode())
        (tmp_path / name / "a").touch()
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    asked = [f"{name}/{path}" for name in names for path in PATHS]
    told = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin", "-z", "-v", "-n"],
        cwd=tmp_path,
        input="\0".join(asked).encode(),
        capture_output=True,
        check=False,
    ).stdout.split(b"\0")
    by_git = {
        path.decode(): bool(pattern) and not pattern.startswith(b"!")
        for pattern, path in zip(told[2::4], told[3::4], strict=False)
    }
    assert len(by_git) == len(asked)
    for name, file in zip(names, files, strict=True):
        found = Patterns(file)
        for path in PATHS:
            is_folder = (tmp_path / name / path).is_dir()
            assert _ignored(found, path, is_folder) == by_git[f"{name}/{path}"], (file, path)


def _ignored(found: Patterns, path: str, is_folder: bool) -> bool:
    """Whether a walk leaves `path` out, for itself or for a folder that it lies in."""
    parts = path.split("/")
    above = ("/".join(parts[:count]) for count in range(1, len(parts)))
    return any(found.says(one, is_folder=True) for one in above) or bool(
        found.says(path, is_folder=is_folder)
    )


@pytest.fixture
def soon() -> Iterator[None]:
    """Ends a test that takes five seconds of a processor, in the middle of an expression too."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def give_up(*_: object) -> None:
        pytest.fail("takes too long", pytrace=False)

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, 5)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


LONG = "/".join(["a" * 250] * 60)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("a*" * 60 + "b", "a" * 250 + "b"),
        ("*?" * 60 + "b", "a" * 250 + "b"),
        ("*[a-z]" * 60 + "[0-9]", "a" * 250 + "0"),
        ("*" * 60 + "b", "a" * 250 + "b"),
        ("**/a*/" * 40 + "b", f"{LONG}/b"),
        ("a" + " " * 1_000_000, "a"),
        ("[[:a:]" * 5_000, None),
    ],
    ids=["stars", "any", "sets", "one star", "folders", "blanks", "open sets"],
)
@pytest.mark.usefixtures("soon")
def test_no_pattern_takes_long(pattern: str, path: str | None) -> None:
    found = Patterns([pattern])
    assert not found.says(LONG, is_folder=False)
    assert path is None or found.says(path, is_folder=False)


@pytest.mark.parametrize("line", ["[a", "a\\", "[[:none:]]"])
def test_what_can_match_nothing_is_no_pattern(line: str) -> None:
    assert not is_pattern(line)
    assert not Patterns([line])


@pytest.mark.parametrize("line", ["", "# a", "!", "a", "**/a/**/b/**/c", "[[:digit:]]"])
def test_what_is_a_line(line: str) -> None:
    assert is_pattern(line)
