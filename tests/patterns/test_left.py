"""What a person leaves as it is, by a comment or an answer, stays whole, and the rest is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import pack

from migrator.engine.cases import in_memory
from migrator.model import Answer, Look

if TYPE_CHECKING:
    from pathlib import Path

RENAMED = "summary: s\nrename: lib.old -> lib.new\n"
MOVED = "summary: s\nrename: lib.a.Item -> lib.b.Item\n"
NO = Answer(False)
YES = Answer(True)


def _after(tmp_path: Path, rule: str, text: str, answers: dict[str, tuple[Answer, ...]]) -> str:
    by_key = {("r", "", said): given for said, given in answers.items()}
    look = Look(answers={"a.py": by_key} if answers else None)
    project = in_memory([pack(tmp_path, python__r=rule)], {"a.py": text.encode()}, look)
    plan = project.plan(project.audit())
    return plan.changes[0].after.decode() if plan.changes else text


@pytest.mark.parametrize(
    ("answers", "after"),
    [
        ((YES, YES), "from lib import new\nnew(1)\n"),
        ((NO, YES), "from lib import old, new\nnew(1)\n"),
        ((YES, NO), "from lib import old\nold(1)\n"),
        ((NO, NO), "from lib import old\nold(1)\n"),
    ],
)
def test_an_answer_to_an_import_and_one_to_its_use(
    tmp_path: Path, answers: tuple[Answer, ...], after: str
) -> None:
    text = "from lib import old\nold(1)\n"
    assert _after(tmp_path, RENAMED, text, {"old": answers}) == after


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            RENAMED,
            "from lib import old  # migrate: ignore[r] x\nold(1)\n",
            "from lib import old, new  # migrate: ignore[r] x\nnew(1)\n",
        ),
        (
            RENAMED,
            "from lib import old\nold(1)  # migrate: ignore[r] x\nold(2)\n",
            "from lib import old, new\nold(1)  # migrate: ignore[r] x\nnew(2)\n",
        ),
        # a name that stays the same is changed by its import alone
        (MOVED, "from lib.a import Item  # migrate: ignore[r] x\nItem(1)\n", None),
        (MOVED, "from lib.a import Item as I  # migrate: ignore[r] x\nI(1)\n", None),
        (RENAMED, "from lib import old as o  # migrate: ignore[r] x\no(1)\n", None),
        (
            "summary: s\nrename: lib.a -> lib.b\n",
            "from lib.a import (  # migrate: ignore[r] x\n    f,\n    g,\n)\nf(g)\n",
            None,
        ),
        # both names at hand
        (RENAMED, "from lib import old, new\nold(new)\n", "from lib import new\nnew(new)\n"),
    ],
)
def test_a_comment_at_an_import_or_a_use(
    tmp_path: Path, rule: str, before: str, after: str | None
) -> None:
    assert _after(tmp_path, rule, before, {}) == (after or before)


CALL = "summary: s\nfind: Lib.Old.send($A)\nreplace: Lib.Mail.post($A)\n"
MODULE = "summary: s\nrename: Lib.Old -> Lib.New\n"
FUNCTION = "summary: s\nrename: Lib.send/1 -> Lib.post\n"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        # the alias serves what stays
        (
            CALL,
            "alias Lib.Old\nOld.send(1)  # migrate: ignore[r] x\nOld.send(2)\n",
            "alias Lib.Old\nOld.send(1)  # migrate: ignore[r] x\nLib.Mail.post(2)\n",
        ),
        (MODULE, "alias Lib.Old\nOld.A.f()  # migrate: ignore[r] x\nOld.A.g()\n", None),
        # what goes by an alias that stays does too
        (
            MODULE,
            "alias Lib.Old  # migrate: ignore[r] x\nOld.A.f()\nLib.Old.A.g()\n",
            "alias Lib.Old  # migrate: ignore[r] x\nOld.A.f()\nLib.New.A.g()\n",
        ),
        (
            MODULE,
            "Lib.Old.A.f()  # migrate: ignore[r] x\nLib.Old.A.g()\n",
            "Lib.Old.A.f()  # migrate: ignore[r] x\nLib.New.A.g()\n",
        ),
        (
            FUNCTION,
            "import Lib, only: [send: 1]\nsend(1)  # migrate: ignore[r] x\nsend(2)\n",
            "import Lib, only: [send: 1]\nsend(1)  # migrate: ignore[r] x\nLib.post(2)\n",
        ),
    ],
)
def test_a_comment_in_elixir(tmp_path: Path, rule: str, before: str, after: str | None) -> None:
    project = in_memory([pack(tmp_path, elixir__r=rule)], {"a.ex": before.encode()}, Look())
    plan = project.plan(project.audit())
    assert not plan.skipped
    changed = plan.changes[0].after.decode() if plan.changes else before
    assert changed == (after or before)
