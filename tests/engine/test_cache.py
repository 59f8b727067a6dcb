"""What is kept from run to run: found by what it was made of, never damaged, never too much."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrator.engine import cache as module
from migrator.engine.cache import NO_CACHE, Cache, digest_of


def files(state: Path) -> list[Path]:
    return sorted(path for path in state.rglob("*") if path.is_file())


def test_a_value_is_found_by_its_kind_and_all_parts(state: Path) -> None:
    cache = Cache()
    assert cache.get("kind", b"a", b"b") is None
    cache.put("kind", b"value", b"a", b"b")
    assert Cache().get("kind", b"a", b"b") == b"value"
    for kind, parts in (("kin", (b"a", b"b")), ("kind", (b"ab",)), ("kind", (b"a", b"b", b""))):
        assert cache.get(kind, *parts) is None


def test_another_tool_finds_nothing(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cache().put("kind", b"value", b"a")
    monkeypatch.setattr(module, "digest_of", lambda *_: b"another")
    assert Cache().get("kind", b"a") is None


def test_nothing_is_kept_where_the_version_of_a_parser_cannot_be_told(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", [str(state)])
    Cache().put("kind", b"value", b"a")
    assert not state.exists()


def test_without_a_cache_nothing_is_kept(state: Path) -> None:
    NO_CACHE.put("kind", b"value", b"a")
    assert NO_CACHE.get("kind", b"a") is None
    assert not state.exists()


def shorter(data: bytes) -> bytes:
    return data[:-1]


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize("damage", [shorter, flipped, lambda _: b"", lambda data: data * 2])
def test_a_damaged_value_is_none(state: Path, damage: object) -> None:
    cache = Cache()
    cache.put("kind", b"value", b"a")
    (file,) = files(state)
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes()))
    assert cache.get("kind", b"a") is None
    cache.put("kind", b"value", b"a")
    assert cache.get("kind", b"a") == b"value"


def test_a_value_in_the_place_of_another_is_none(state: Path) -> None:
    cache = Cache()
    cache.put("kind", b"value", b"a")
    (one,) = files(state)
    cache.put("kind", b"other", b"b")
    (other,) = set(files(state)) - {one}
    one.replace(other)
    assert cache.get("kind", b"b") is None


@pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")
def test_a_folder_that_is_not_the_users_alone_is_not_used(state: Path, tmp_path: Path) -> None:
    state.mkdir(mode=0o700)
    (state / "cache").symlink_to(tmp_path)
    Cache().put("kind", b"value", b"a")
    assert not list(tmp_path.iterdir())
    (state / "cache").unlink()
    (state / "cache").mkdir()
    (state / "cache").chmod(0o777)
    Cache().put("kind", b"value", b"a")
    assert not files(state)


def test_what_was_not_used_for_longest_goes(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 100)
    monkeypatch.setattr(Cache, "_file", lambda self, kind, parts: state / "cache" / "00" / kind)
    (state / "cache").mkdir(parents=True)
    cache = Cache()
    for number in range(5):
        cache.put(str(number), b"x" * 20)
        os.utime(state / "cache" / "00" / str(number), (number, number))
    assert [path.name for path in files(state)] == ["3", "4"]
    assert cache.get("3") == b"x" * 20  # an old one that is used is marked
    cache.put("5", b"x" * 60)
    assert [path.name for path in files(state)] == ["3", "5"]


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_the_digest_is_of_names_and_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        (folder / "python").mkdir(parents=True)
        (folder / "python" / "rule.py").write_text("a")
    (one / "python" / ".rule.py.swp").write_text("of an editor")
    (one / ".git").mkdir()
    (one / ".git" / "index").write_text("of git")
    (one / "fixtures").mkdir()
    (one / "fixtures" / "case.py").write_text("no rule")
    assert digest_of(one, ["fixtures"]) == digest_of(other, ["fixtures"]) is not None
    for change in ("python/rule.py", "python/more.yml", "python/table.json", "pack.yaml"):
        before = digest_of(other)
        (other / change).write_text("b")
        assert digest_of(other) != before
    (other / "loop").symlink_to(other, target_is_directory=True)
    assert digest_of(other) is None
