"""What holds of any files whatever is in them: outside of the edits that are reported no byte
changes, places are those that an editor shows, and the disk, a patch and an undo agree."""

from __future__ import annotations

import codecs
import io
import re
import subprocess
import tokenize
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import faulty_disk
import trees
from in_process import builtin

from migrator.engine.cases import in_memory
from migrator.engine.transaction import hold
from migrator.model import Applicability, Change, Look, Plan
from migrator.reports import diff

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from migrator.model import EditBytes, Position, Report

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BY_ZEROS = {(False, True): "utf-16-le", (True, False): "utf-16-be"}
_LINES = re.compile(r"(.*?(?:\r\n|\r|\n)|.+\Z)", re.DOTALL)


def after_an_apply(
    path: str, data: bytes, level: Applicability = Applicability.SAFE
) -> tuple[Report, bytes]:
    """The report of one file, and its bytes after an apply; checks all that memory can tell."""
    project = in_memory([builtin()], {path: data}, Look(level=level))
    audit = project.audit()
    report, plan = audit.report(), project.plan(audit)
    assert not plan.skipped, [one.reason for one in plan.skipped]
    after = plan.changes[0].after if plan.changes else data
    assert_reported(path, data, after, report, level)
    return report, after


def assert_reported(
    path: str, data: bytes, after: bytes, report: Report, level: Applicability
) -> None:
    """`after` is `data` with the edits that the report has for it, at the places it tells."""
    edits = dict.fromkeys(
        edit
        for one in report.findings
        if one.finding.path == path and one.finding.applicability >= level
        for edit in one.edits
    )
    codec, mark = encoding_of(path, data)
    assert spliced(data, edits, codec) == after
    text = data[len(mark) :].decode(codec)
    lines = _LINES.findall(text)
    for edit in edits:
        for place, offset in ((edit.first, edit.start), (edit.last, edit.end)):
            before = text[: character_at(lines, place)]
            assert len(mark) + len(before.encode(codec)) == offset, (path, edit)
    for one in report.findings:
        if one.finding.path == path:
            shown = [line.rstrip("\r\n") for line in lines[one.start.line - 1 : one.end.line]]
            assert list(one.lines) == (shown or [""])[: len(one.lines)]
            start, end = character_at(lines, one.start), character_at(lines, one.end)
            assert (start, end) == tuple(one.finding.span)


def encoding_of(path: str, data: bytes) -> tuple[str, bytes]:
    """The codec and byte order mark of a file, as others than the tool find them."""
    if PurePosixPath(path).suffix == ".py":
        lines = io.BytesIO(re.sub(rb"\r\n?", b"\n", data))
        codec, _ = tokenize.detect_encoding(lines.readline)
        if codec == "utf-8-sig":
            return "utf-8", codecs.BOM_UTF8
        return codec, b""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec, mark
    # Without a mark, YAML tells UTF-16 by where the first zero stands (YAML 1.2, 5.2).
    zeros = (data[:1] == b"\0", data[1:2] == b"\0")
    is_yaml = PurePosixPath(path).suffix in (".yaml", ".yml")
    return (_BY_ZEROS.get(zeros, "utf-8") if is_yaml else "utf-8"), b""


def spliced(data: bytes, edits: Iterable[EditBytes], codec: str) -> bytes:
    """`data` with the edits made, which must be apart from one another."""
    pieces, done = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        assert done <= edit.start <= edit.end <= len(data)
        pieces += [data[done : edit.start], edit.text.encode(codec)]
        done = edit.end
    return b"".join((*pieces, data[done:]))


def character_at(lines: Sequence[str], place: Position) -> int:
    """The offset of a place in the text that has these lines, with what ends them."""
    return sum(map(len, lines[: place.line - 1])) + place.column - 1


def assert_on_disk(folder: Path, files: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Files with these bytes before and after: written, taken back, and patched by git."""
    for tree in (folder / "applied", folder / "patched"):
        for path, (before, _) in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(before)
    changes = [
        Change(path, before, after) for path, (before, after) in files.items() if before != after
    ]
    assert changes
    sink = io.BytesIO()
    diff.render(Plan(tuple(changes)), sink, color=False)
    git_applies(folder / "patched", sink.getvalue())
    assert_holds(folder / "patched", {path: after for path, (_, after) in files.items()})
    tree = folder / "applied"
    before = trees.seen(tree)
    quick = faulty_disk.FaultyDisk(faulty_disk.nothing)
    with hold([str(tree)], print, quick) as held:
        outcome = held.write(
            [Change(str(tree / one.path), one.before, one.after) for one in changes]
        )
    assert not outcome.left
    assert_holds(tree, {path: after for path, (_, after) in files.items()})
    with hold([str(tree)], print, quick) as held:
        assert not held.undo().left
    assert trees.seen(tree) == before


def git_applies(folder: Path, patch: bytes) -> None:
    """Have git apply a patch to the files in `folder`."""
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    run = subprocess.run(command, cwd=folder, input=patch, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]


def assert_holds(folder: Path, files: Mapping[str, bytes]) -> None:
    """The files of `folder` are these, byte for byte."""
    assert trees.seen(folder).keys() == files.keys()
    for path, data in files.items():
        assert (folder / path).read_bytes() == data, path
