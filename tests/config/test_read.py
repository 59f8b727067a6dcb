"""What a configuration may say, how mistakes in one are told, and which one counts."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from migrator.config import Closest, Configuration, configuration_at, configuration_in, lines
from migrator.errors import MigrateError
from migrator.model import Severity

WHOLE = """
[project]
name = "x"

[tool.migrator]
select = ["a", "b"]
ignore = [
    "b",  # later
]
extend-exclude = ["old/"]
packs = ["own"]
required-version = ">=0.0.1,<99"
max-seconds = 2

[tool.migrator.per-file-ignores]
"tests/**" = ["a"]

[tool.migrator.severities]
a = "advice"

[[tool.migrator.some-pack.models]]
provider = "x"
[[tool.migrator.some-pack.models]]
provider = "y"

[tool.migrator.verify]
command = "make"
"""


def read(folder: Path, text: str, name: str = "pyproject.toml") -> Configuration:
    (folder / name).write_text(text, "utf-8")
    found = configuration_in(folder)
    assert found is not None
    return found


def test_every_key(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    assert (found.select, found.ignore, found.packs) == (("a", "b"), ("b",), ("own",))
    assert found.extend_exclude == ("old/",)
    assert found.per_file_ignores == {"tests/**": ("a",)}
    assert found.severities == {"a": Severity.ADVICE}
    assert found.limits == {"max-seconds": 2.0}
    assert found.options == {"some-pack": {"models": [{"provider": "x"}, {"provider": "y"}]}}
    assert (found.verify, found.required_version) == ("make", ">=0.0.1,<99")


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("select",), 6),
        (("ignore",), 7),
        (("max-seconds",), 13),
        (("per-file-ignores", "tests/**"), 16),
        (("severities", "a"), 19),
        (("some-pack", "models", 0, "provider"), 22),
        (("some-pack", "models", 1, "provider"), 24),
        (("some-pack", "models", 1, "model"), 23),
        (("verify", "command"), 27),
    ],
)
def test_where_a_key_stands(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: tuple[str | int, ...],
    line: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read(tmp_path, WHOLE).place(*keys) == f"pyproject.toml:{line}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nselct = []", "2: unknown key `selct`; did you mean `select`?"),
        ("select = 1", "1: `select` must be a list of strings"),
        ("select = []", "1: `select`: names no rule; without the key, all are selected"),
        ("ignore = ['a', 1]", "1: `ignore` must be a list of strings"),
        ("per-file-ignores = ['a']", "1: `per-file-ignores` must be a table: rules by the pattern"),
        ("[per-file-ignores]\n\n'*.py' = 'a'", "3: `per-file-ignores.*.py` must be a list of"),
        ("severities = 'error'", "1: `severities` must be a table"),
        ("[severities]\na = 'off'", "2: `severities.a` must be `error` or `advice`; to leave"),
        ("[severities]\na = ['error']", "2: `severities.a` must be `error` or `advice`; to leave"),
        ("max-seconds = true", "1: `max-seconds` must be a number above 0"),
        ("max-seconds = 0", "1: `max-seconds` must be a number above 0"),
        ("verify = 'make'", "1: `verify` must be a table"),
        ("[verify]\ncomand = 'x'", "2: unknown key `verify.comand`; did you mean `command`?"),
        ("[verify]\ncommand = ''", "2: `verify.command` must be a text for the shell"),
        ("required-version = 1", "1: `required-version` must be a short text, as in `>=0.1`"),
        ("required-version = 'new'", "1: `required-version` is no version: `new`"),
        ("required-version = '>=99'", "1: `required-version` asks for migrate >=99, and this is"),
        ("required-version = '99'", "1: `required-version` asks for migrate 99, and this is"),
        # What a later version knows is not judged by this one.
        ("later = 1\nrequired-version = '>=99'", "2: `required-version` asks for"),
        ("a = [1,\n\nb = 2", "3: is no TOML"),
        ("a = " + "[" * 100_000, " is nested too deep"),
        ("[" + "a . 'b'." * 100_000 + "c]", " is nested too deep"),
    ],
)
def test_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MigrateError) as error:
        read(tmp_path, text, "migrator.toml")
    assert str(error.value).startswith(f"migrator.toml:{said}")


def test_options_of_a_pack_that_are_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MigrateError) as error:
        read(tmp_path, "ignore = []\nasync-streaming = 3", "migrator.toml")
    told = str(error.value)
    assert told.startswith("migrator.toml:2: unknown key `async-streaming`; known are ")
    assert told.endswith("; if it is a pack, it must be a table of options")


def test_keys_have_the_prefix_of_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MigrateError) as error:
        read(tmp_path, "[tool.migrator]\nextend-exclud = []")
    told = "pyproject.toml:2: unknown key `tool.migrator.extend-exclud`"
    assert str(error.value) == f"{told}; did you mean `extend-exclude`?"


@pytest.mark.parametrize("data", [b"[tool.black]", b"\xff", b"{{ name }}", b"tool = 1"])
def test_a_project_that_says_nothing_of_us_has_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "pyproject.toml").write_bytes(data)
    assert configuration_in(tmp_path) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff # migrator", "is not UTF-8"),
        (b"#" * 1_100_000 + b"\n[tool.migrator]", "is larger than 1024 KiB"),
        (b"\ntool = 1 # migrator", "toml:2: `tool` must be a table"),
        (b"[[tool]]\nmigrator = 1", "toml:1: `tool` must be a table"),
        (b"migrator = 1" + b"0" * 5000, "is no TOML: Exceeds the limit"),
        (b"[tool.migrator]\nrequired-version = '1" + b"0" * 5000 + b"'", "a short text"),
        (b"[tool]\nmigrator = 1", "toml:2: `tool.migrator` must be a table"),
        (b"tool = {migrator = 1}", "toml:1: `tool.migrator` must be a table"),
        (b"\n[[tool.migrator]]\nselect = []", "toml:2: `tool.migrator` must be a table"),
    ],
)
def test_a_file_that_cannot_be_taken(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(data)
    with pytest.raises(MigrateError, match=said):
        configuration_at(tmp_path / "pyproject.toml")


def test_the_closest_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "migrator.toml").write_text("ignore = ['own']")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.migrator]\nignore = ['shared']")
    (inner / "pyproject.toml").write_text("[tool.black]")
    (tmp_path / "pyproject.toml").write_text("[tool.migrator]\nignore = ['outer']")
    closest = Closest()
    assert closest.of(inner).ignore == ("own",)
    assert closest.of(inner / "..").ignore == ("own",)
    assert closest.of(inner / ".." / "..").ignore == ("outer",)
    assert Closest(Configuration()).of(inner) == Configuration()
    pinned = configuration_at(tmp_path / "pyproject.toml")
    assert Closest(pinned).of(inner).ignore == ("outer",)


def values(count: int, line: str, before: str = "", key: str = "a") -> str:
    return f"{key} = [{before}\n" + line * count + "]\n"


def many(keys: int, line: str) -> str:
    return "".join(values(290, line, key=f"k{number}") for number in range(keys))


@pytest.mark.parametrize(
    ("text", "times", "line"),
    [
        (values(30_000, "  'rule',\n"), 2, 30_003),
        ("".join(f"k{number} = 1\n" for number in range(30_000)), 1, 30_001),
        ("".join(f"[t{number}]\na = 1\n" for number in range(15_000)), 1, None),
        ('a = """\n' + "]\n" * 100_000 + '"""\n', 4, None),
        (values(300, "[],\n", "1," * 400_000), 2, None),
        (values(300, '\'"""\',\n', "1," * 400_000), 2, None),
        (many(900, "1,\n"), 2, 291 * 900 + 901),
        (many(600, "[],\n"), 2, None),
        ("#" * 900_000 + "\n" + "\n" * 100_000, 1, 100_002),
    ],
)
def test_no_text_costs_long_to_find_lines_in(
    monkeypatch: pytest.MonkeyPatch, text: str, times: float, line: int | None
) -> None:
    """How many characters are parsed, as a multiple of those that there are."""
    loads, parsed = lines.tomllib.loads, 0

    def counted(piece: str) -> dict[str, object]:
        nonlocal parsed
        parsed += len(piece)
        return dict(loads(piece))

    text += "last = 1\n"
    counted(text)
    assert parsed == len(text)
    monkeypatch.setattr(
        lines,
        "tomllib",
        SimpleNamespace(loads=counted, TOMLDecodeError=lines.tomllib.TOMLDecodeError),
    )
    found = lines.lines(text)
    assert parsed <= (times + 1) * len(text)
    assert found.get(("last",)) == line


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
@pytest.mark.parametrize("name", ["migrator.toml", "pyproject.toml"])
def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path, name: str) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside.toml"
    (project / "inner").mkdir(parents=True)
    outside.write_text("[tool.migrator]\n" * (name == "pyproject.toml") + "ignore = []")
    (project / name).symlink_to(outside)
    said = f"{name}: is a symbolic link that leads out of {project}, and is not followed; "
    with pytest.raises(MigrateError, match=re.escape(f"{project}/{said}")):
        configuration_in(project)
    assert configuration_at(project / name).ignore == ()
    (project / name).rename(project / "inner" / name)
    (project / ".git").touch()
    with pytest.raises(MigrateError, match=re.escape(f"{project}/inner/{said}")):
        Closest().of(project / "inner")
    (project / "own").write_bytes(outside.read_bytes())
    (project / "inner" / name).unlink()
    (project / "inner" / name).symlink_to("../own")
    found = configuration_in(project / "inner")
    assert found is not None
    assert found.base == project / "inner"
