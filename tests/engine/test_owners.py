"""CODEOWNERS: which lines match a path, which of them counts, and where the file lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.engine.owners import PLACES, Owners, Rules


@pytest.mark.parametrize(
    ("pattern", "matches", "others"),
    [
        ("*", ["a.py", "a/b.py", ".hidden/c"], []),
        ("*.py", ["a.py", "x/y/a.py", "a.py/in/it"], ["a.pyi", "py"]),
        ("/*.py", ["a.py"], ["x/a.py"]),
        ("docs", ["docs", "docs/a", "x/docs/a"], ["docsy", "x/adocs"]),
        ("/docs", ["docs", "docs/a/b"], ["x/docs/a", "docs2"]),
        ("docs/", ["docs/a", "x/docs/a/b"], ["docs", "x/docs"]),
        ("/docs/", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"]),
        ("docs/*", ["docs/a"], ["docs/a/b", "x/docs/a"]),
        ("docs/**", ["docs/a", "docs/a/b"], ["x/docs/a"]),
        ("docs/*.md", ["docs/a.md", "docs/a.md/b"], ["docs/x/a.md"]),
        ("src/api", ["src/api/a", "src/api"], ["x/src/api", "src/apis"]),
        ("**/api", ["api", "x/y/api/z"], ["apis"]),
        ("/src/**/test_*.py", ["src/test_a.py", "src/x/y/test_b.py"], ["test_a.py", "src/a.py"]),
        ("a/**/b/**/c", ["a/b/c", "a/x/b/b/y/c", "a/b/c/d"], ["a/c", "a/b/x"]),
        ("a?c", ["abc", "x/a-c/d"], ["ac", "abbc"]),
        ("[ab].py", ["a.py", "b.py"], ["c.py"]),
        (r"my\ docs/", ["my docs/a"], ["my", "docs/a"]),
        (r"a\*.py", ["a*.py"], ["ab.py"]),
        (r"\#a", ["#a"], ["a", r"\#a"]),
    ],
)
def test_patterns(pattern: str, matches: list[str], others: list[str]) -> None:
    rules = Rules(f"{pattern} @someone\n")
    assert {path: rules.of(path) for path in matches} == dict.fromkeys(matches, ("@someone",))
    assert {path: rules.of(path) for path in others} == dict.fromkeys(others, ())


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("* @first\nsrc/ @team/last", ("@team/last",)),
        ("src/ @first\n* @last", ("@last",)),
        ("* @both a@example.org", ("@both", "a@example.org")),
        ("* @first\nsrc/", ()),
        ("* @first # @nobody", ("@first",)),
        ("# * @nobody\r\n\t* \t@first\t\r\n", ("@first",)),
        ("* @first\n!src/ @nobody\n* not-an-owner\n/ @nobody\n", ("@first",)),
        ("* @first\n\\", ("@first",)),
        ("* @first\nsrc/[z-a] @second", ("@first",)),
        ("* @first\n[Docs][2] @usual\ndocs/\n^[Code] @usual\nsrc/\n", ("@first", "@usual")),
        ("* @first\n[Code]\nsrc/ @second\n[code]\nsrc/a.py @third", ("@first", "@third")),
        ("\udcff @x\n* @first", ("@first",)),
        ("", ()),
    ],
)
def test_which_line_counts(text: str, owners: tuple[str, ...]) -> None:
    assert Rules(text).of("src/a.py") == owners


def test_a_pattern_costs_what_it_is_long() -> None:
    stars = "*a" * 60 + "b"
    deep = "/".join(["**", "a"] * 60) + "/b"
    rules = Rules(f"{stars} @x\n{deep} @y\n")
    assert rules.of("a" * 250) == rules.of("/".join("a" * 250)) == ()


@pytest.mark.parametrize("place", PLACES)
def test_the_first_file_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / ".git").mkdir()
    for number, one in enumerate(PLACES):
        (tmp_path / one).parent.mkdir(exist_ok=True)
        if number >= PLACES.index(place):
            (tmp_path / one).write_text(f"/src/ @{number}\n")
    (tmp_path / "src" / "deep").mkdir(parents=True)
    expected = (f"@{PLACES.index(place)}",)
    for here, path in (
        (".", "src/a.py"), ("src", "a.py"), ("src/deep", "a.py"), ("src/deep", "../a.py"),
        ("docs", "../src/deep/a.py"), (".", str(tmp_path / "src" / "a.py")),
    ):  # fmt: skip
        monkeypatch.chdir(tmp_path / here)
        assert Owners().of(path) == expected
    monkeypatch.chdir(tmp_path)
    assert Owners().of("a.py") == ()


@pytest.mark.parametrize("link", ["CODEOWNERS", ".github", "docs"])
def test_a_link_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / ".git").mkdir(parents=True)
    outside.mkdir()
    (outside / "CODEOWNERS").write_text("* @secret\n")
    (root / link).symlink_to(outside / "CODEOWNERS" if link == "CODEOWNERS" else outside)
    monkeypatch.chdir(root)
    assert Owners().of("a.py") == ()


def test_two_repositories_have_a_file_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        (tmp_path / name / ".git").mkdir(parents=True)
        (tmp_path / name / "CODEOWNERS").write_text(f"* @{name}\n")
    monkeypatch.chdir(tmp_path)
    owners = Owners()
    assert [owners.of(f"{name}/a.py") for name in ("one", "two")] == [("@one",), ("@two",)]
