"""Trees to apply changes to: what they are before, and all that can be seen of them after."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from migrator.model import Change

#: What has the calls for extended attributes, or nothing.
xattr: ModuleType | None
if sys.platform == "linux":
    xattr = os
elif sys.platform == "darwin":
    import xattr
else:
    xattr = None

OLD = b"async_stream: true\n"
NEW = b"stream: true\n"


@dataclass(frozen=True)
class Seen:
    """What an exact undo has to bring back."""

    data: bytes
    mode: int
    owner: int
    group: int
    extended: tuple[tuple[str, bytes], ...]


def seen(tree: Path) -> dict[str, Seen]:
    """Every file below `tree`, strays too, by its path."""
    found = {}
    for folder, _, names in os.walk(tree):
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118
            info = os.lstat(path)
            if not stat.S_ISREG(info.st_mode):
                continue
            with open(path, "rb") as file:  # noqa: PTH123
                data = file.read()
            mode = stat.S_IMODE(info.st_mode)
            relative = os.path.relpath(path, tree)
            found[relative] = Seen(data, mode, info.st_uid, info.st_gid, extended(path))
    return found


def extended(path: str) -> tuple[tuple[str, bytes], ...]:
    """The extended attributes of a file, where the system has a call for them."""
    if xattr is None:
        return ()
    names = sorted(set(xattr.listxattr(path)) - {"com.apple.provenance"})
    return tuple((name, xattr.getxattr(path, name)) for name in names)


def changes(tree: Path) -> list[Change]:
    """A change for each file of `tree` that has one to make."""
    return [
        Change(str(tree / path), one.data, one.data.replace(OLD, NEW))
        for path, one in sorted(seen(tree).items())
        if OLD in one.data
    ]


def one_file(tree: Path) -> None:
    (tree / "a.yaml").write_bytes(OLD)


def nested(tree: Path) -> None:
    for name in ("a.yaml", "b/c.yaml", "b/d.yaml", "b/e/f.yaml"):
        path = tree / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(OLD + b"#\n" * 1000)


def odd(tree: Path) -> None:
    """Modes, attributes, names of any bytes, and a file that is not to be written."""
    (tree / "x\n y").mkdir()
    # On macOS a name is a text.
    byte = "\xff" if sys.platform == "darwin" else "\udcff"
    for name, mode in ((f"x\n y/{byte}.yaml", 0o751), ("a.yaml", 0o604), ("z" * 250, 0o4755)):
        path = tree / name
        path.write_bytes(b"# \xff\r\n" + OLD)
        path.chmod(mode)
    if xattr is not None:
        xattr.setxattr(str(tree / "a.yaml"), "user.note", b"\0kept")
    (tree / "read-only.yaml").write_bytes(OLD)
    (tree / "read-only.yaml").chmod(0o444)


TREES = {"one file": one_file, "nested": nested, "odd": odd}
