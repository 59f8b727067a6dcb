"""No comment of a person is lost by an edit, wherever it stands.

Each line of the cases gets a comment of its own, behind it or above it; what an apply writes must
hold all of them. In a text such a comment is a part of it, and stays as well.
"""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pytest
from in_process import planned

from migrator.model import Applicability

_CASES = Path(__file__).parent.parent / "fixtures/async-streaming"
_CODE = (".ex", ".exs", ".py", ".yaml", ".yml")
_MARK = re.compile(rb"zq\d+z")


def _cases() -> list[Path]:
    found = sorted(_CASES.glob("*/*/before*"))
    return [case for case in found if not re.match(r"(ex|py|yaml)-no-", case.parent.name)]


def _commented(data: bytes, *, above: bool) -> bytes:
    """`data` with a comment at each line, where it is text in UTF-8 whose lines end with LF."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data
    lines, numbers = [], count()
    for line in text.split("\n"):
        code = line.rstrip("\r")
        comment = f"# zq{next(numbers)}z"
        has_own = not above and " #" in code
        if not code.strip() or code.endswith("\\") or has_own:
            lines.append(line)
        elif above:
            indent = code[: -len(code.lstrip())]
            lines += [f"{indent}{comment}{line[len(code) :]}", line]
        else:
            lines.append(f"{code}  {comment}{line[len(code) :]}")
    return "\n".join(lines).encode()


@pytest.mark.parametrize("above", [False, True], ids=["behind", "above"])
@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.parent.name)
def test_comments_stay(case: Path, above: bool) -> None:
    files = {
        path.relative_to(case.parent).as_posix(): path.read_bytes()
        for path in ([case] if case.is_file() else case.rglob("*"))
        if path.is_file()
    }
    for name, data in files.items():
        if name.endswith(_CODE):
            files[name] = _commented(data, above=above)
    for level in (Applicability.SAFE, Applicability.REVIEW):
        for change in planned(files, level).changes:
            before, after = (set(_MARK.findall(one)) for one in (change.before, change.after))
            assert before <= after, (level, change.path)
