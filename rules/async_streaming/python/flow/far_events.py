"""Events that go to what other files define, and those that come back from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Fact

from ..moves.role import Role
from ..reading.classes import returned_by, yielded_by
from ..reading.far_params import params_at, run_by
from ..reading.far_targets import places_called, possible_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning
    from .subjects import Key, Subjects

#: What a function gives of the events it is handed: one, several, or the tag of one.
EVENT, EVENTS, TAG = "event", "events", "tag"


class FarEvents:
    """What functions of other files are handed of events, and what they give of them."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.names = meaning.names
        # By the kind of fact and the place, which arguments are events, or hold nothing but such.
        self._handed: dict[tuple[str, str], set[int | str]] = {}
        self._kept: dict[str, str] = {}
        own = meaning.names.place
        self._given = meaning.known.of("python-gives", besides=own)
        #: Whether another file tells this one that it has to do with events.
        self.is_told = bool(self._given) or bool(self._taking())

    def _taking(self) -> list[tuple[cst.FunctionDef, cst.Param]]:
        """The parameters here that other files hand several events at once."""
        found: list[tuple[cst.FunctionDef, cst.Param]] = []
        for node, scope in self.names.scopes.items():
            handed = self.meaning.known.get(
                ("python-handed-items", f"{self.names.place}{scope.qualname}")
            )
            if isinstance(handed, tuple):
                for function in run_by(self.meaning, node):
                    found += [(function, one) for one in params_at(self.meaning, function, handed)]
        return found

    def take(self, subjects: Subjects) -> None:
        """Note what other files hand to functions here."""
        for function, param in self._taking():
            place = f"{self.names.place}{self.names.scopes[function].qualname}"
            kept = str(self.meaning.known.get(("python-kept", place)) or "")
            reason = "another file hands it the events"
            role = Role(Applicability.REVIEW, reason, handed=True, kept=kept, recorded=True)
            for binding in self.names.scopes[function].bindings[param.name.value]:
                if binding.node is param:
                    subjects.recorded.places.setdefault(binding, role)

    def hand(self, subjects: Subjects, call: cst.Call, arg: cst.Arg) -> None:
        """Note what `call` hands to functions of other files, if `arg` is an event or several."""
        places = () if arg.star else places_called(self.meaning, call.func)
        if not places:
            return
        for kind, key in (
            ("handed", subjects.event(arg.value)),
            ("handed-items", subjects.several.key(arg.value)),
        ):
            role = subjects.role(key)
            at = arg.keyword.value if arg.keyword else list(call.args).index(arg)
            if role is None or role.written:
                continue
            for place, above in places:
                self._handed.setdefault((f"{kind}{above}", place), set()).add(at)
                if role.kept:
                    self._kept.setdefault(place, role.kept)

    def key(self, node: cst.BaseExpression, kind: str) -> Key | None:
        """The key of what the call `node` of a function of another file gives, if it is `kind`."""
        if not self._given or not isinstance(node, cst.Call):
            return None
        for place in possible_places(self.meaning, node.func):
            told = self._given.get(place)
            if isinstance(told, tuple) and told[0] == kind:
                return ("from-far", place)
        return None

    def role(self, place: str) -> Role:
        """The role of the events that the function at `place` gives."""
        told = self._given[place]
        assert isinstance(told, tuple)
        _, is_legacy, kept = told
        reason = f"`{place.rpartition(':')[2]}` of another file gives an event"
        return Role(Applicability.REVIEW, reason, is_legacy, handed=True, kept=kept)

    def facts(self, subjects: Subjects) -> Iterator[Fact]:
        """What functions of other files are handed, and what those of this one give."""
        path = self.meaning.source.path
        for (kind, place), indices in sorted(self._handed.items()):
            for at in sorted(indices, key=str):
                yield Fact(kind, place, at, path)
        for place, why in sorted(self._kept.items()):
            yield Fact("kept", place, why, path)
        is_concerned = subjects.known() or subjects.made or subjects.roles.params or self.is_told
        for node, scope in self.names.scopes.items() if is_concerned else ():
            if isinstance(node, cst.FunctionDef):
                for kind, role in _gives(subjects, node):
                    value = (kind, role.legacy, role.kept)
                    yield Fact("gives", f"{self.names.place}{scope.qualname}", value, path)
                    break


def _gives(subjects: Subjects, function: cst.FunctionDef) -> Iterator[tuple[str, Role]]:
    """What `function` gives of events, by what it returns or yields."""
    returned = returned_by(subjects.meaning, function)
    yielded = yielded_by(subjects.meaning, function)
    for kind, keys in (
        (EVENT, map(subjects.event, returned)),
        (EVENTS, map(subjects.several.key, returned)),
        (EVENTS, map(subjects.event, yielded)),
        (TAG, map(subjects.apart.tag, returned)),
    ):
        found = [role for key in keys if (role := subjects.role(key)) is not None]
        roles = [role for role in found if not role.written]
        if roles:
            yield kind, next((one for one in roles if one.kept), roles[0])
