"""Objects that one file gives to functions of another: handlers, and what keeps events.

A function that is given one need not say where it comes from: what it reads of it, and writes to
it, are events all the same. So it is with what a function of another file returns, and a fixture
in a `conftest.py` gives one to tests by its name alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact

from ..handlers.handler_classes import handler_classes, is_handler_class
from ..learnt.handing import FIXTURE, HANDED_INSTANCE, RETURNED
from ..reading.classes import local_bases
from ..reading.far_targets import places_called
from ..reading.fixtures import fixtures, given_by
from ..reading.instances import instances, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..reading.instances import Owner
    from .subjects import Subjects

_CONFTEST = "conftest.py"


def facts(subjects: Subjects) -> Iterator[Fact]:
    """`handed-instance`: what calls give to functions elsewhere.

    `returned-instance`: what functions of the module give; `fixture`: what tests may get.
    """
    meaning = subjects.meaning
    path = meaning.source.path
    owners = _Owners(subjects)
    if not owners.any:
        return
    for call in meaning.tree.of(cst.Call):
        places = places_called(meaning, call.func)
        for at, arg in enumerate(call.args) if places else ():
            for owner in owners.of(arg.value) if not arg.star else ():
                told = (arg.keyword.value if arg.keyword else at, owner)
                for place, above in places:
                    yield Fact(f"{HANDED_INSTANCE}{above}", place, told, path)
    for name, bindings in meaning.names.module.bindings.items():
        node = bindings[-1].node
        for owner in owners.given_by(node) if isinstance(node, cst.FunctionDef) else ():
            yield Fact(RETURNED, f"{meaning.names.place}{name}", owner, path)
    if path.endswith(_CONFTEST):
        for name, functions in fixtures(meaning).items():
            for owner in dict.fromkeys(one for each in functions for one in owners.given_by(each)):
                yield Fact(FIXTURE, f"{path.removesuffix(_CONFTEST)}:{name}", owner, path)


class _Owners:
    """The classes whose instances matter elsewhere, as other files name them."""

    def __init__(self, subjects: Subjects) -> None:
        self._meaning = subjects.meaning
        self._handlers = handler_classes(subjects.meaning)
        keeping = (*subjects.recorded.places, *subjects.recorded.held)
        self._keeping = {place[0] for place in keeping if isinstance(place, tuple)}
        #: Whether there are any that this file knows of.
        own = subjects.meaning.names.place
        known = subjects.meaning.known.of("python-handler", besides=own)
        self.any = bool(self._handlers or self._keeping or known)

    def given_by(self, function: cst.FunctionDef) -> list[str]:
        """Those that what `function` gives may be instances of."""
        values = given_by(self._meaning, function)
        found = [one for value in values for one in instances(self._meaning, value)]
        if function.returns is not None:
            found += named(self._meaning, function.returns.annotation)
        return self._told(found)

    def of(self, node: cst.BaseExpression) -> list[str]:
        """Those that `node` may be an instance of."""
        return self._told(instances(self._meaning, node))

    def _told(self, owners: Iterable[Owner]) -> list[str]:
        """Those of `owners` that matter, as other files name them."""
        found: list[str] = []
        for owner in dict.fromkeys(owners):
            if isinstance(owner, str):
                if owner in self._keeping or is_handler_class(self._meaning, owner):
                    found.append(owner)
            elif owner in self._handlers or not self._keeping.isdisjoint(
                local_bases(self._meaning, owner)
            ):
                names = self._meaning.names
                found.append(f"{names.place}{names.scopes[owner].qualname}")
        return found
