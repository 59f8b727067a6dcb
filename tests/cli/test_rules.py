"""Rules listed, shown and tested, by real processes."""

from __future__ import annotations

import compileall
import shutil
from pathlib import Path

import pytest
from command import migrate

PACK = """id: p
version: '2'
title: From a to b
checklist: [{id: item, title: Nothing old, section: One, rules: [old-name]}]
"""
RULE = """'''The old name.

It is new now.
'''
from migrator import Applicability, Edit, Finding, Fix, Severity, Span

TRIGGERS = (("old",),)


def check(source, look):
    for at in range(len(source.text)):
        if source.text.startswith("old", at):
            edit = Edit(source.path, Span(at, at + 3), "new")
            fix = Fix("rename", (edit,), Applicability.SAFE)
            yield Finding("old-name", source.path, edit.span, Severity.ERROR, "old", (), fix)
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack with one rule and one case, below the test's folder."""
    folder = tmp_path / "pack"
    (folder / "python").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK)
    (folder / "python" / "old_name.py").write_text(RULE)
    case(folder, "py-name", "old = 1\n", "new = 1\n", "before.py:1 old-name error safe\n")
    return folder


def case(pack: Path, name: str, before: str, after: str, findings: str = "") -> None:
    folder = pack / "fixtures" / "old-name" / name
    folder.mkdir(parents=True)
    (folder / "before.py").write_text(before)
    (folder / "after.py").write_text(after)
    (folder / "findings.txt").write_text(findings)


def test_listed_and_shown(tmp_path: Path, pack: Path) -> None:
    listed = migrate(tmp_path, "rules", "list", "--pack", "pack")
    assert listed.stdout == "p 2  From a to b\n  old-name  The old name (python)\n"
    with (pack / "pack.yaml").open("a") as manifest:
        manifest.write("options: {far: {type: flag, default: true, about: To c}}\n")
    listed = migrate(tmp_path, "rules", "list", "--pack", "pack")
    assert listed.stdout.endswith("[tool.migrator.p] far: true or false, `true` by default; To c\n")
    page = migrate(tmp_path, "rules", "show", "--pack", "pack", "old-name").stdout
    assert "It is new now." in page
    assert "Nothing old (One)" in page
    unknown = migrate(tmp_path, "rules", "show", "--pack", "pack", "old-nam")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "did you mean `old-name`?" in unknown.stderr


def test_what_a_pack_says_is_shown_escaped(tmp_path: Path, pack: Path) -> None:
    manifest = (pack / "pack.yaml").read_text()
    hostile = '"\\e]0;x\\a \\e[2J ##[error]y \\u202e"'
    for said in ("From a to b", "Nothing old", "One"):
        assert said in manifest
        manifest = manifest.replace(said, hostile)
    (pack / "pack.yaml").write_text(manifest)
    with (pack / "python" / "old_name.py").open("a") as rule:
        rule.write("\n__doc__ = 'S \\x1b]0;x\\x07\\n\\nMore \\x1b[2J ##[error]y\\n'\n")
    for arguments in (("list",), ("show", "old-name")):
        shown = migrate(tmp_path, "rules", *arguments, "--pack", "pack")
        assert shown.returncode == 0, shown.stderr
        assert "\\x1b]0;x\\x07" in shown.stdout
        assert not set(shown.stdout) & set("\x1b\x07\u202e")
        assert "##[" not in shown.stdout


def test_every_case_passes(tmp_path: Path, pack: Path) -> None:
    run = migrate(tmp_path, "rules", "test", "pack")
    assert (run.returncode, run.stdout) == (0, "p: 1 of 1 cases pass\n")
    assert run.stderr == "old-name: no case shows what it leaves alone\n"
    case(pack, "py-no-other", "other = 1\n", "other = 1\n")
    run = migrate(tmp_path, "rules", "test", "pack")
    assert (run.returncode, run.stdout, run.stderr) == (0, "p: 2 of 2 cases pass\n", "")


def test_what_an_installer_compiles_is_no_part_of_a_case(tmp_path: Path, pack: Path) -> None:
    folder = pack / "fixtures" / "old-name" / "py-in-a-folder"
    for part, name in (("before", "old"), ("after", "new")):
        (folder / part / "app").mkdir(parents=True)
        (folder / part / "app" / "use.py").write_text(f"{name} = 1\n")
    (folder / "findings.txt").write_text("app/use.py:1 old-name error safe\n")
    assert compileall.compile_dir(pack, quiet=1)
    assert (folder / "after" / "app" / "__pycache__").is_dir()
    tested = migrate(tmp_path, "rules", "test", "pack")
    assert (tested.returncode, tested.stdout) == (0, "p: 2 of 2 cases pass\n")


@pytest.mark.parametrize(
    ("before", "after", "findings", "said"),
    [
        ("old\n", "new\n", "", "findings.txt:"),
        ("old\n", "new\r\n", "before.py:1 old-name error safe\n", "+new\\n"),
        ("old\nold\n", "new\nold\n", "", "a second apply changes before.py"),
        ("old (\n", "old (\n", "", "not-analysed.txt:"),
        ("old = 1\n", "nearly = 1\n", "before.py:1 old-name error safe\n", "after: before.py:"),
    ],
)
def test_a_case_that_fails(
    tmp_path: Path, pack: Path, before: str, after: str, findings: str, said: str
) -> None:
    case(pack, "py-wrong", before, after, findings)
    text = PACK + "legacy-words: [old]\n"
    (pack / "pack.yaml").write_text(text)
    run = migrate(tmp_path, "rules", "test", "pack")
    assert run.returncode == 1
    assert "old-name/py-wrong: " in run.stdout
    assert said in run.stdout
    assert run.stdout.endswith("p: 1 of 2 cases pass\n")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("async-streamin", "no pack is called `async-streamin`; did you mean `async-streaming`?"),
        ("empty", "pack.yaml"),
    ],
)
def test_nothing_to_test(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    run = migrate(tmp_path, "rules", "test", name)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr


def test_a_rule_that_no_case_covers(tmp_path: Path, pack: Path) -> None:
    (pack / "python" / "other.py").write_text(RULE)
    run = migrate(tmp_path, "rules", "test", "pack")
    assert "other: no case covers this rule" in run.stderr


def test_patterns_that_no_case_reaches(tmp_path: Path) -> None:
    migrate(tmp_path, "rules", "new", "pack", "acme")
    (tmp_path / "acme" / "python" / "old-name.yaml").write_text(
        "summary: s\nrename: [acme.old -> acme.new, acme.a -> acme.b]\n"
        "alternatives:\n- find: acme.f($X)\n- find: acme.g($X)\n- find: acme.h()\n"
    )
    case(tmp_path / "acme", "py-some", "import acme\nacme.f(acme.old)\n", "")
    run = migrate(tmp_path, "rules", "test", "./acme")
    left = "`alternatives[1]` (`acme.g($X)`), `alternatives[2]` (`acme.h()`), "
    left += "`rename[1]` (`acme.a -> acme.b`)"
    assert f"old-name: no case shows what is found by {left}\n" in run.stderr


def test_a_new_pack_and_new_rules_pass_their_tests(tmp_path: Path) -> None:
    made = migrate(tmp_path, "rules", "new", "pack", "acme")
    assert made.stdout.startswith("wrote acme/pack.yaml\n")
    for path in ("python/old-call.yaml", "yaml/some-key.yaml", "elixir/old-module.yaml"):
        assert migrate(tmp_path, "rules", "new", "rule", f"acme/{path}").returncode == 0
    run = migrate(tmp_path, "rules", "test", "./acme")
    assert run.stdout == "acme: 1 of 1 examples of the guide pass\nacme: 8 of 8 cases pass\n"
    # Each new rule is to be named in the checklist next, as its making has said.
    beside = [line.partition(":")[0] for line in run.stderr.splitlines()]
    assert (run.returncode, beside) == (0, ["old-call", "old-module", "some-key"])


@pytest.mark.parametrize("language", ["python", "elixir", "yaml"])
def test_a_new_pack_is_for_one_language(tmp_path: Path, language: str) -> None:
    migrate(tmp_path, "rules", "new", "pack", "acme", "--language", language)
    assert [path.name for path in (tmp_path / "acme" / language).iterdir()] == ["old-name.yaml"]
    run = migrate(tmp_path, "rules", "test", "./acme")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "acme: 1 of 1 examples of the guide pass\nacme: 2 of 2 cases pass\n"


def test_the_guide_is_tried_before_there_are_cases(tmp_path: Path) -> None:
    migrate(tmp_path, "rules", "new", "pack", "acme")
    shutil.rmtree(tmp_path / "acme" / "fixtures")
    run = migrate(tmp_path, "rules", "test", "./acme")
    assert run.returncode == 0
    assert run.stdout == "acme: 1 of 1 examples of the guide pass\nacme: 0 of 0 cases pass\n"
    assert "old-name: no case covers this rule\n" in run.stderr


def test_a_rule_may_be_for_several_languages(tmp_path: Path) -> None:
    migrate(tmp_path, "rules", "new", "pack", "acme")
    for language in ("elixir", "yaml"):
        run = migrate(tmp_path, "rules", "new", "rule", f"acme/{language}/old-name.yaml")
        assert run.returncode == 0
        again = migrate(tmp_path, "rules", "new", "rule", f"acme/{language}/old-name.yaml")
        assert "is there already; name another" in again.stderr
    run = migrate(tmp_path, "rules", "test", "./acme")
    assert run.stdout.endswith("acme: 6 of 6 cases pass\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pack", "pack"), "pack: is there already; name a folder that is not"),
        (("pack", "Acme"), "called with small letters"),
        (("rule", "nowhere/python/x.yaml"), "nowhere has no `pack.yaml`"),
        (("rule", "pack/project/x.yaml"), "a rule is `python/<rule>.yaml` or `elixir/<rule>.yaml`"),
        (("rule", "pack/python/x.py"), "a rule is `python/<rule>.yaml` or `elixir/<rule>.yaml`"),
        (("rule", "pack/python/X.yaml"), "called with small letters"),
        (("rule", "pack/python/old-name.yaml"), "or a case of it is there already; name another"),
    ],
)
def test_nothing_is_written_over(
    tmp_path: Path, pack: Path, arguments: tuple[str, str], said: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    run = migrate(tmp_path, "rules", "new", *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_update_shows_and_writes_what_came_out(tmp_path: Path, pack: Path) -> None:
    case(pack, "py-wrong", "old = 1\n", "else = 1\n", "before.py:9 old-name error safe\n")
    case(pack, "py-much", "other = 1\n", "new = 1\n", "before.py:1 old-name error safe\n")
    run = migrate(tmp_path, "rules", "test", "--update", "./pack")
    assert run.returncode == 0
    assert "+before.py:1 old-name error safe" in run.stdout
    assert "p: 1 of 3 cases pass\np: 2 of the others now say what came out" in run.stdout
    wrong = pack / "fixtures" / "old-name" / "py-wrong"
    assert (wrong / "after.py").read_text() == "new = 1\n"
    assert (wrong / "findings.txt").read_text() == "before.py:1 old-name error safe\n"
    much = sorted(path.name for path in (pack / "fixtures" / "old-name" / "py-much").iterdir())
    assert much == ["before.py"]
    assert migrate(tmp_path, "rules", "test", "./pack").stdout == "p: 3 of 3 cases pass\n"


def test_no_update_mends_a_rule_that_never_ends(tmp_path: Path, pack: Path) -> None:
    rule = RULE.replace('"new")', '"old")')
    (pack / "python" / "old_name.py").write_text(rule)
    run = migrate(tmp_path, "rules", "test", "--update", "./pack")
    assert run.returncode == 1
    assert "a second look at the result finds more to fix" in run.stdout
    case = pack / "fixtures" / "old-name" / "py-name"
    assert (case / "after.py").read_text() == "new = 1\n"


GUIDE = """# Guide

```python
# BEFORE
old = 1

# AFTER
{after} = 1
```

Text.

```python before
old(2)
```

so that it becomes

```python after
new(2)
```

```text
# BEFORE
old
# AFTER
old
```
"""


@pytest.mark.parametrize(
    ("after", "code", "said"),
    [
        ("new", 0, "p: 2 of 2 examples of the guide pass\n"),
        (
            "newer",
            1,
            "pack/guide.md:3: an apply --unsafe makes something else of it:\n--- the guide\n"
            "+++ apply --unsafe\n@@ -1 +1 @@\n-newer = 1\n+new = 1\n",
        ),
    ],
)
def test_the_examples_of_the_guide(
    tmp_path: Path, pack: Path, after: str, code: int, said: str
) -> None:
    (pack / "pack.yaml").write_text(PACK + "guide: guide.md\n")
    (pack / "guide.md").write_text(GUIDE.format(after=after))
    run = migrate(tmp_path, "rules", "test", "./pack")
    assert run.returncode == code
    assert said in run.stdout


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("old-nam/py-a/before.py", "no rule is called `old-nam`; did you mean `old-name`?"),
        ("old-name/py-a/befor.py", "old-name/py-a: there is no `before.<suffix>` in it"),
        ("old-name/before.py", "before.py: a case is a folder: `old-name/<case>/before.py`"),
        ("before.py", "before.py: cases lie in folders by rule"),
    ],
)
def test_what_looks_like_a_case_and_is_none(
    tmp_path: Path, pack: Path, path: str, said: str
) -> None:
    stray = pack / "fixtures" / path
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_text("x = 1\n")
    run = migrate(tmp_path, "rules", "test", "./pack")
    assert run.returncode == 1
    assert said in run.stderr


def test_a_new_rule_says_what_is_next(tmp_path: Path) -> None:
    migrate(tmp_path, "rules", "new", "pack", "acme")
    run = migrate(tmp_path, "rules", "new", "rule", "acme/python/send.yaml")
    assert run.stdout.endswith(
        "name `send` in the `rules` of an item of the checklist in acme/pack.yaml\n"
    )


@pytest.mark.parametrize(
    ("severity", "said"),
    [("error", "aside: no item of the checklist rests on this rule\n"), ("advice", "")],
)
def test_a_rule_beside_the_checklist(tmp_path: Path, pack: Path, severity: str, said: str) -> None:
    text = f"summary: s\nseverity: {severity}\nfind: lib.f($A)\n"
    (pack / "python" / "aside.yaml").write_text(text)
    for name, line in (("py-found", "import lib\nlib.f(1)\n"), ("py-other", "f(1)\n")):
        folder = pack / "fixtures" / "aside" / name
        folder.mkdir(parents=True)
        (folder / "before.py").write_text(line)
    case(pack, "py-no-other", "other = 1\n", "other = 1\n")
    migrate(tmp_path, "rules", "test", "pack", "--update")
    assert migrate(tmp_path, "rules", "test", "pack").stderr == said
