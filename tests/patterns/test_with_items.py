"""A pattern of a `with` of one thing, which is each of the things that a `with` has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.patterns.declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

READ = """
    summary: Files are read in a session
    find: "with lib.open($PATH) as $FILE: ..."
    replace: "with lib.session().read($PATH) as $FILE: ..."
"""
WAIT = """
    summary: Locks are awaited
    find: "with lib.lock($L): ..."
    replace: "async with lib.locked($L): ..."
"""
EVERY = """
    summary: A file is closed
    every: "with lib.open($PATH) as $FILE: ..."
    has: $FILE.close()
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("with lib.open(p) as f: ...", "with lib.session().read(p) as f: ..."),
        (
            "with lib.open(p) as f, g() as h: ...",
            "with lib.session().read(p) as f, g() as h: ...",
        ),
        (
            "with g(), lib.open(p) as f, lib.open(q) as h: ...",
            "with g(), lib.session().read(p) as f, lib.session().read(q) as h: ...",
        ),
        (
            "with (\n    lib.open(p) as f,  # one\n    g() as h,\n): ...",
            "with (\n    lib.session().read(p) as f,  # one\n    g() as h,\n): ...",
        ),
    ],
)
def test_each(tmp_path: Path, before: str, after: str) -> None:
    files = {"a.py": f"import lib\n{before}\n"}
    assert applied(pack(tmp_path, python__r=READ), files) == {"a.py": f"import lib\n{after}\n"}


@pytest.mark.parametrize(
    "code",
    [
        "with g(), lib.open(p): ...",
        "with g() as f, h(lib.open(p)) as i: ...",
        "async def a():\n    async with g() as h, lib.open(p) as f: ...",
    ],
)
def test_none(tmp_path: Path, code: str) -> None:
    assert not found(pack(tmp_path, python__r=READ), {"a.py": f"import lib\n{code}\n"})


def test_what_cannot_become_another_statement_alone(tmp_path: Path) -> None:
    code = "import lib\nasync def f():\n    with lib.lock(1): ...\n    with g(), lib.lock(2): ...\n"
    wait = pack(tmp_path, python__r=WAIT)
    one, other = found(wait, {"a.py": code})
    assert one.fix is not None
    assert other.fix is None
    assert other.message.endswith("; it stands beside others, so that it is left to you")
    [after] = applied(wait, {"a.py": code}).values()
    assert after == code.replace("with lib.lock(1)", "async with lib.locked(1)")


def test_a_finding_points_at_the_whole_head_or_at_one_thing(tmp_path: Path) -> None:
    code = "import lib\nwith lib.open(p) as f: ...\nwith g(), lib.open(p) as f: ...\n"
    spans = [one.span for one in found(pack(tmp_path, python__r=READ), {"a.py": code})]
    texts = [code[one.start : one.end] for one in spans]
    assert texts == ["with lib.open(p) as f:", "lib.open(p) as f"]


def test_the_body_of_every_one_is_looked_at(tmp_path: Path) -> None:
    code = "import lib\nwith lib.open(p) as f:\n    f.close()\nwith lib.open(p) as f:\n    pass\n"
    [one] = found(pack(tmp_path, python__r=EVERY), {"a.py": code})
    assert code[: one.span.start].count("\n") == 3


def test_it_does_not_stand_inside_of_itself(tmp_path: Path) -> None:
    rule = f'{READ}    not-inside: "with $ANY as $NAME: ..."\n'
    before = (
        "import lib\nwith lib.open(p) as f: ...\nwith g() as h:\n"
        "    with lib.open(q) as i, h() as j: ...\n"
    )
    after = before.replace("with lib.open(p)", "with lib.session().read(p)")
    assert applied(pack(tmp_path, python__r=rule), {"a.py": before}) == {"a.py": after}
