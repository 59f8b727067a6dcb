"""The wheel: one top-level module, one script, the packs inside."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_what_it_brings(tmp_path: Path) -> None:
    build = [
        sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT),
    ]  # fmt: skip
    subprocess.run(build, check=True, capture_output=True)
    (path,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        (scripts,) = (name for name in names if name.endswith("entry_points.txt"))
        assert "migrate = migrator.__main__:main" in wheel.read(scripts).decode()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"migrator"}
    assert "migrator/rules/async_streaming/pack.yaml" in names
    assert {"migrator/reports/html/page.css", "migrator/reports/html/page.js"} <= set(names)
    assert "migrator/rules/async_streaming/yaml/step-keys.yaml" in names
    assert "migrator/rules/upgrades/elixir/logger-warn.yaml" in names
    case = "migrator/rules/async_streaming/fixtures/step-keys/py-calls-that-are-steps"
    assert f"{case}/before.py" in names
    assert not [name for name in names if "__pycache__" in name]

    space = tmp_path / "space"
    with zipfile.ZipFile(path) as wheel:
        wheel.extractall(space)
    (tmp_path / "a.yaml").write_text("async_stream: true\n")
    run = subprocess.run(
        [sys.executable, "-c", "from migrator.__main__ import main; main()", "apply", "a.yaml"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(space), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "changed 1 file (1 fix)\n")
