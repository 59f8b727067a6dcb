"""The file of a baseline: what it may hold, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.engine.baseline import Baseline, Entry, Key, load, notes, save
from migrator.errors import MigrateError

HOSTILE = Key("a\udc80\n.py", "rule", "A.b", "x = '\u202e\\'")


def test_it_comes_back_sorted_and_whole(tmp_path: Path) -> None:
    file = tmp_path / "b.jsonl"
    entries = (
        Entry(Key("b.py", "rule", "", "x"), notes("@desk", "because", "2030-01-31")),
        Entry(HOSTILE),
        Entry(Key("b.py", "rule", "", "x")),
    )
    save(Baseline(file, entries))
    assert load(file).entries == tuple(sorted(entries))
    data = file.read_bytes()
    assert data.isascii() and data.splitlines() == sorted(data.splitlines())
    save(load(file))
    assert file.read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == ["b.jsonl"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", ":2: is no line of a baseline"),
        ("<<<<<<< HEAD", ":2: is no line of a baseline: a mark of a merge"),
        ('["a", "b", "c"]', ":2: must be `[path, rule, scope, text]`"),
        ('["a", "b", "c", 1]', ":2: must be"),
        ('["a", "b", "c", "d", []]', ":2: must be"),
        ('{"a": 1}', ":2: must be"),
        ('["a", "b", "c", "d", {"ower": "x"}]', ":2: unknown key `ower`; did you mean `owner`?"),
        ('["a", "b", "c", "d", {"until": "soon"}]', ":2: `until` must be a date such as"),
        ('["a", "b", "c", "d", {"until": "20300131"}]', ":2: `until` must be a date such as"),
        ('["a", "b", "c", "d", {"owner": 1}]', ":2: `owner` must be a string"),
    ],
)
def test_a_line_that_is_wrong(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "b.jsonl"
    file.write_text(f'["a", "b", "c", "d"]\n{line}\n')
    with pytest.raises(MigrateError) as error:
        load(file)
    assert str(error.value).startswith(f"{file}{said}")


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(MigrateError, match="there is no such baseline"):
        load(tmp_path / "nowhere")
    with pytest.raises(MigrateError, match="is no regular file"):
        load(tmp_path)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MigrateError, match="link"):
        save(Baseline(link))
    with pytest.raises(MigrateError, match="is no date"):
        notes(None, None, "tomorrow")
