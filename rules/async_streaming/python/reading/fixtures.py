"""The fixtures of pytest: what tests are given by the names of their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import parameters

from .classes import returned_by, yielded_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.python.scopes import Scope

    from .meaning import Meaning

_FIXTURES = frozenset({"pytest.fixture", "pytest.yield_fixture", "pytest_asyncio.fixture"})


def given_to_tests(meaning: Meaning) -> Iterator[tuple[cst.Param, cst.BaseExpression]]:
    """What the fixtures of this file give to its tests, and to each other."""
    found = fixtures(meaning)
    if not found:
        return
    for param in tested(meaning):
        for fixture in found.get(param.name.value, ()):
            for value in given_by(meaning, fixture):
                yield param, value


def fixtures(meaning: Meaning) -> dict[str, list[cst.FunctionDef]]:
    """The fixtures of this file by the names that tests call them."""
    found: dict[str, list[cst.FunctionDef]] = {}
    if all(one.target is None or "pytest" not in one.target for one, _ in meaning.imports()):
        return found
    for node in meaning.names.scopes:
        if isinstance(node, cst.FunctionDef) and (name := _name(meaning, node)):
            found.setdefault(name, []).append(node)
    return found


def given_by(meaning: Meaning, fixture: cst.FunctionDef) -> list[cst.BaseExpression]:
    """What `fixture` gives to a test."""
    return returned_by(meaning, fixture) + yielded_by(meaning, fixture)


def tested(meaning: Meaning) -> Iterator[cst.Param]:
    """The parameters of this file that pytest gives fixtures to."""
    for node, scope in meaning.names.scopes.items():
        if isinstance(node, cst.FunctionDef) and _is_given_fixtures(meaning, node, scope):
            yield from (param for param in parameters(node.params) if param.default is None)


def _is_given_fixtures(meaning: Meaning, node: cst.FunctionDef, scope: Scope) -> bool:
    around = scope.around
    is_found = around is not None and around.kind in ("class", "module")
    return is_found and (node.name.value.startswith("test") or _name(meaning, node) is not None)


def _name(meaning: Meaning, function: cst.FunctionDef) -> str | None:
    """What tests call the fixture that `function` is, if it is one."""
    for one in function.decorators:
        call = one.decorator if isinstance(one.decorator, cst.Call) else None
        if meaning.meaning(call.func if call else one.decorator) not in _FIXTURES:
            continue
        for arg in call.args if call else ():
            if arg.keyword is not None and arg.keyword.value == "name":
                return text_of(arg.value)
        return function.name.value
    return None
