"""Arguments with names stay in the order that they are in, and are evaluated in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.patterns.declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

RULE = """
    summary: Calls
    find: lib.f($A, x=$X, $$$REST)
    replace: lib.g($A, fresh=True, z=$X, $$$REST)
"""
MADE = """
    summary: Calls
    find: lib.f($A, x=$X, y=$Y)
    replace: lib.g($A, y=str($Y), x=$X)
"""
BEHIND = """
    summary: Calls
    find: lib.f($A, x=$X, $$$REST)
    replace: lib.g($A, z=$X, $$$REST)
"""
LAST = """
    summary: Calls
    find: lib.f($A, x=$X, y=$Y)
    replace: lib.g(x=$X, y=$Y, a=$A, last=1)
"""


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (RULE, "lib.f(1, x=2, y=3)", "lib.g(1, fresh=True, z=2, y=3)"),
        (RULE, "lib.f(1, y=3, x=2)", "lib.g(1, y=3, fresh=True, z=2)"),
        (RULE, "lib.f(1, y=p(), x=q())", "lib.g(1, y=p(), fresh=True, z=q())"),
        (RULE, "lib.f(1, y=p(), x=q(), *r)", "lib.g(1, y=p(), fresh=True, z=q(), *r)"),
        (
            RULE,
            "lib.f(\n    1,\n    y=3,  # why\n    x=2,\n)",
            "lib.g(\n    1,\n    y=3,  # why\n    fresh=True,\n    z=2,\n)",
        ),
        (BEHIND, "lib.f(1, p(), q(), x=r(), y=2)", "lib.g(1, p(), q(), z=r(), y=2)"),
        (BEHIND, "lib.f(1, 2, y=2, x=3)", "lib.g(1, 2, y=2, z=3)"),
        (MADE, "lib.f(1, x=p(), y=q())", "lib.g(1, x=p(), y=str(q()))"),
        (MADE, "lib.f(1, y=q(), x=p())", "lib.g(1, y=str(q()), x=p())"),
        (LAST, "lib.f(1, y=q(), x=p())", "lib.g(y=q(), x=p(), a=1, last=1)"),
    ],
)
def test_the_order_stays(tmp_path: Path, rule: str, before: str, after: str) -> None:
    files = {"a.py": f"import lib\n\n{before}\n"}
    assert applied(pack(tmp_path, python__r=rule), files) == {"a.py": f"import lib\n\n{after}\n"}


def test_an_argument_without_a_name_that_would_have_another_place(tmp_path: Path) -> None:
    rule = "summary: s\nfind: lib.f($A, $$$REST)\nreplace: lib.g(a=$A, $$$REST)\n"
    [one] = found(pack(tmp_path, python__r=rule), {"a.py": "import lib\nlib.f(1, 2)\n"})
    assert one.fix is None


@pytest.mark.parametrize(
    ("rule", "call"),
    [
        ("find: lib.f($A, x=$X, $$$REST)\nreplace: lib.g($$$REST, $X, $A)", "lib.f(p(), x=q())"),
        ("find: lib.f($A, $$$REST)\nreplace: lib.g($$$REST, $A)", "lib.f(p(), q())"),
        ("find: lib.f($A, $$$REST)\nreplace: lib.g([$$$REST], $A)", "lib.f(p(), q())"),
        ("find: lib.f([$$$REST], $A)\nreplace: lib.g($A, $$$REST)", "lib.f([p()], q())"),
    ],
)
def test_another_order_is_for_review(tmp_path: Path, rule: str, call: str) -> None:
    [one] = found(
        pack(tmp_path, python__r=f"summary: s\n{rule}"), {"a.py": f"import lib\n{call}\n"}
    )
    assert one.fix is not None
    assert one.fix.applicability.name == "REVIEW"
    assert "it is evaluated in another order" in one.evidence


@pytest.mark.parametrize(
    ("rule", "call", "level"),
    [
        ("find: Acme.f($A, $$$REST)\nreplace: Acme.g([$$$REST], $A)", "Acme.f(p(), q())", "REVIEW"),
        ("find: Acme.f($A, $$$REST)\nreplace: Acme.g([$$$REST], $A)", "Acme.f(p(), q)", "SAFE"),
        ("find: Acme.f($A, $$$REST)\nreplace: Acme.g($A, [$$$REST])", "Acme.f(p(), q())", "SAFE"),
        ("find: Acme.f($$$A)\nreplace: Acme.g(Acme.k($$$A), $$$A)", "Acme.f(a: p())", "REVIEW"),
        ("find: Acme.f($$$A)\nreplace: Acme.g(Acme.k($$$A), $$$A)", "Acme.f(q, a: 1)", "SAFE"),
        # a function that is captured is named, and not evaluated
        ("find: Acme.f(&$F/1)\nreplace: Acme.g(fn x -> $F(x) end)", "Acme.f(&A.b/1)", "SAFE"),
        ("find: Acme.f($F)\nreplace: Acme.g(fn -> $F end)", "Acme.f(a())", "REVIEW"),
        (
            "find: 'Acme.f(x: $X, $$$REST)'\nreplace: 'Acme.g(z: $X, $$$REST)'",
            "Acme.f(y: p(), x: q())",
            "SAFE",
        ),
    ],
)
def test_the_order_in_elixir(tmp_path: Path, rule: str, call: str, level: str) -> None:
    [one] = found(pack(tmp_path, elixir__r=f"summary: s\n{rule}"), {"a.ex": f"{call}\n"})
    assert one.fix is not None
    assert one.fix.applicability.name == level
