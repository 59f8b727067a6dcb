"""Packs by id, by folder, from installed packages and from the project's configuration."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from migrator.config import configuration_in
from migrator.engine.catalog import folders, shipped
from migrator.engine.packs import check_distinct, load
from migrator.errors import MigrateError

RULE = "summary: s\nrename: lib.{name} -> lib.new\n"


def pack(folder: Path, id_: str, name: str = "old") -> Path:
    (folder / "python").mkdir(parents=True)
    (folder / "pack.yaml").write_text(f"id: {id_}\nversion: '1'\ntitle: T\n")
    (folder / "python" / f"{name}.yaml").write_text(RULE.format(name=name))
    return folder


def audit(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "migrator", "audit", "--format", "json", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_without_a_name_those_that_are_shipped() -> None:
    assert list(shipped()) == ["async-streaming", "upgrades"]
    assert folders(()) == (shipped()["async-streaming"],)


def test_an_id_comes_before_a_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack(tmp_path / "async-streaming", "other")
    pack(tmp_path / "mine", "mine")
    monkeypatch.chdir(tmp_path)
    assert folders(["async-streaming"]) == (shipped()["async-streaming"],)
    assert folders(["./async-streaming", "mine"]) == (Path("async-streaming"), Path("mine"))
    with pytest.raises(MigrateError, match="did you mean `async-streaming`"):
        folders(["async-streamin"])


def test_an_installed_package_is_found_and_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack(tmp_path / "acme_pack", "acme")
    (tmp_path / "acme_pack" / "__init__.py").write_text("raise SystemExit('imported')\n")
    info = tmp_path / "acme-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[migrate.packs]\nacme = acme_pack\nlost = nowhere_at_all\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert folders(["acme"]) == (tmp_path / "acme_pack",)
    with pytest.raises(MigrateError, match="did you mean `acme`"):
        folders(["acm"])


def test_several_packs_in_one_run(tmp_path: Path) -> None:
    pack(tmp_path / "a" / "pack", "a")
    pack(tmp_path / "b" / "pack", "b", "older")
    (tmp_path / "x.py").write_text("from lib import old, older\n")
    run = audit(tmp_path, "--pack", "a/pack", "--pack", "b/pack", "x.py")
    report = json.loads(run.stdout)
    assert report["pack"] == {"id": "a", "version": "1"}
    assert [one["id"] for one in report["packs"]] == ["a", "b"]
    assert [one["rule"] for one in report["findings"]] == ["old", "older"]


def test_two_packs_of_one_id_or_with_one_rule(tmp_path: Path) -> None:
    first, second = load(pack(tmp_path / "a", "a")), load(pack(tmp_path / "b", "b"))
    with pytest.raises(MigrateError, match="two packs are called `a`"):
        check_distinct([first, first])
    with pytest.raises(MigrateError, match="`old` is a rule of the pack `a` and of `b`"):
        check_distinct([first, second])


def test_the_configuration_adds_packs_without_code(tmp_path: Path) -> None:
    pack(tmp_path / "tools" / "mine", "mine")
    (tmp_path / "migrator.toml").write_text('packs = ["tools/mine"]\n')
    (tmp_path / "x.py").write_text("from lib import old\n")
    report = json.loads(audit(tmp_path, "x.py").stdout)
    assert [one["id"] for one in report["packs"]] == ["async-streaming", "mine"]
    assert [one["rule"] for one in report["findings"]] == ["old"]


def test_the_configuration_cannot_name_code(tmp_path: Path) -> None:
    mine = pack(tmp_path / "mine", "mine")
    (mine / "python" / "_code.py").write_text("open('proof', 'w')\n")
    (mine / "python" / "code.py").write_text("from . import _code\nTRIGGERS = ()\ncheck = list\n")
    (tmp_path / "migrator.toml").write_text('packs = ["mine"]\n')
    run = audit(tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert "must hold no Python" in run.stderr
    assert not (tmp_path / "proof").exists()
    (tmp_path / "migrator.toml").write_text('packs = ["nowhere"]\n')
    assert "there is no `pack.yaml`" in audit(tmp_path).stderr


def a_link_out(file: Path) -> None:
    outside = file.parents[3] / "outside"
    outside.write_text("secret: 1\n")
    file.symlink_to(outside)


def a_pipe(file: Path) -> None:
    os.mkfifo(file)


def endless(file: Path) -> None:
    file.symlink_to("/dev/zero")


def large(file: Path) -> None:
    file.write_bytes(b"#" * 1024 * 1024 + b"\n")


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
@pytest.mark.parametrize("name", ["python/other.yaml", "python/_own.yaml", "x.yaml", "pack.md"])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (a_link_out, "is a symbolic link that leads out of its pack"),
        (a_pipe, "is no regular file"),
        (endless, "is a symbolic link that leads out of its pack"),
        (large, "is larger than 1 MiB"),
    ],
)
def test_what_a_pack_of_the_tree_may_not_hold(
    tmp_path: Path, name: str, make: Callable[[Path], None], said: str
) -> None:
    own = pack(tmp_path / "tree" / "own", "own")
    (tmp_path / "tree" / "migrator.toml").write_text("packs = ['own']\n")
    config = configuration_in(tmp_path / "tree")
    assert own in folders((), config)
    (own / "python" / "link.yaml").symlink_to("old.yaml")
    assert own in folders((), config)
    make(own / name)
    with pytest.raises(
        MigrateError, match=f"{re.escape(str(own / name))}: {said}, and is not read"
    ):
        folders((), config)
