"""The manual page of a rule without code says what it changes, and when that is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import pack

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = "It changes nothing: what it finds is left to you."


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("find: lib.f($A)\nreplace: lib.g($A)\n", "lib.f($A) -> lib.g($A)"),
        ("find: lib.f($A)\nreplace: ''\n", "lib.f($A): taken out"),
        ("rename: lib.a -> lib.b\n", "A change is safe where"),
        ("find: lib.f($A)\n", NOTHING),
        ("alternatives: [{find: lib.f($A)}]\n", NOTHING),
        ("every: lib.f($$$A)\nhas: lib.g($B)\n", NOTHING),
    ],
)
def test_of_a_rule_for_python(tmp_path: Path, rule: str, said: str) -> None:
    (one,) = pack(tmp_path, python__r=f"summary: s\n{rule}").rules
    assert said in one.manual
    assert (NOTHING in one.manual) == (said == NOTHING)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("{path: a.b, remove: true}", "a.b: taken out"),
        ("{path: a.b, rename: c}", "A change is safe, unless an alias"),
        ("{path: a.b}", NOTHING),
    ],
)
def test_of_a_rule_for_yaml(tmp_path: Path, path: str, said: str) -> None:
    (one,) = pack(tmp_path, yaml__r=f"summary: s\npaths: [{path}]\n").rules
    assert said in one.manual
    assert (NOTHING in one.manual) == (said == NOTHING)
