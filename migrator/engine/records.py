"""Files of the tree that a person commits: sorted lines of JSON, one for each thing they keep."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator.engine.contents import contents
from migrator.engine.state import root_of
from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LIMIT = 100 * 1024 * 1024
_MARKS = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")


def found(name: str) -> Path | None:
    """The file of that name in the current folder, or above it in the same project."""
    here = Path(os.path.realpath("."))
    root = root_of(here)
    folders = [folder for folder in (here, *here.parents) if folder.is_relative_to(root)]
    files = (Path(os.path.relpath(folder / name)) for folder in folders)
    return next((file for file in files if os.path.lexists(file)), None)


def read(file: Path, what: str) -> Iterator[tuple[str, Any]]:
    """Each line of `file` as a value, behind its place; raises `MigrateError` where it is none.

    `what` is what a line is one of.
    """
    data = contents(str(file), _LIMIT)
    if isinstance(data, str):
        raise MigrateError(f"{file}: {data}")
    for number, line in enumerate(data.data.splitlines(), 1):
        if line.strip():
            try:
                value = json.loads(line)
            except ValueError as error:
                said = "a mark of a merge" if line[:7] in _MARKS else str(error)
                raise MigrateError(f"{file}:{number}: is no line of {what}: {said}") from None
            yield f"{file}:{number}", value


def write(file: Path, lines: Iterable[str]) -> None:
    """Write the file whole, or leave it as it was; raises `MigrateError`."""
    if file.is_symlink():
        raise MigrateError(f"{file}: is a symbolic link, and links are not written through")
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with beside.open("xb") as new:
            new.write("".join(f"{line}\n" for line in lines).encode())
            new.flush()
            os.fsync(new.fileno())
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise MigrateError(f"{file}: {error.strerror}; it is as it was") from None
