"""Annotations in quotes name what a file imports: the name stays, or moves with what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.patterns.declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

RENAMES = """
    summary: s
    rename:
      - lib.Old -> lib.New
      - lib.old.Thing -> lib.new.Thing
      - lib.gone -> lib.here
"""
CALL = "summary: s\nfind: lib.Old($A)\nreplace: lib.make($A)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from lib import Old\n\ndef f(a: 'Old | None'):\n    Old()\n",
            "from lib import New as Old\n\ndef f(a: 'Old | None'):\n    Old()\n",
        ),
        (
            "from lib import Old\n\ndef f(a: list['Old']): ...\n",
            "from lib import New as Old\n\ndef f(a: list['Old']): ...\n",
        ),
        (
            "import lib\n\ndef f(a: 'list[lib.old.Thing]'): ...\n",
            "import lib\n\ndef f(a: 'list[lib.new.Thing]'): ...\n",
        ),
        (
            "import lib as l\n\ndef f(a: 'l.Old | int'):\n    l.Old()\n",
            "import lib as l\n\ndef f(a: 'l.New | int'):\n    l.New()\n",
        ),
        (
            "from lib import gone\n\ndef f(a: 'gone.Thing | int'): ...\n",
            "from lib import here as gone\n\ndef f(a: 'gone.Thing | int'): ...\n",
        ),
        # other names, and what is no annotation
        (
            "from lib import Old\n\ndef f(a: 'Older', b='Old'):\n    Old()\n",
            "from lib import New\n\ndef f(a: 'Older', b='Old'):\n    New()\n",
        ),
        (
            "import lib\nfrom other import old\n\ndef f(a: 'list[old.Thing]'): ...\n",
            "import lib\nfrom other import old\n\ndef f(a: 'list[old.Thing]'): ...\n",
        ),
    ],
)
def test_written(tmp_path: Path, before: str, after: str) -> None:
    assert applied(pack(tmp_path, python__r=RENAMES), {"a.py": before}) == {"a.py": after}


def test_what_comes_from_elsewhere_is_left_to_a_person(tmp_path: Path) -> None:
    text = "import lib.old as lo\n\ndef f(a: 'list[lo.Thing]'): ...\n"
    rules = pack(tmp_path, python__r=RENAMES)
    [one] = [one for one in found(rules, {"a.py": text}) if one.fix is None]
    assert one.message == "`lib.old.Thing` is now `lib.new.Thing`"
    assert "lo.Thing" in applied(rules, {"a.py": text})["a.py"]


def test_an_import_stays_for_an_annotation(tmp_path: Path) -> None:
    before = "from lib import Old\n\ndef f(a: 'Old') -> 'list[Old]':\n    return Old(a)\n"
    after = before.replace("import Old", "import Old, make").replace("return Old", "return make")
    assert applied(pack(tmp_path, python__r=CALL), {"a.py": before}) == {"a.py": after}
