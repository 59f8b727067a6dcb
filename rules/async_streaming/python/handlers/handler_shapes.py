"""What the names of a Python module are as handlers: whether they take one event."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import Binding, Use, dotted_text

from ..._facts import ANY, BASES, CALLED, REFUSES, STARRED, TAKES, UNKNOWN
from ..._names import current_name
from ..reading.classes import BARE_BASES, class_of, definition, is_static
from ..reading.meaning import METHOD, Meaning
from ..reading.set_methods import is_replaced

if TYPE_CHECKING:
    from collections.abc import Iterable

_HARMLESS = frozenset({"dataclass", "final", "runtime_checkable", "total_ordering"})
_PLAIN_METACLASSES = frozenset({"ABCMeta", "type"})
_METHOD_MARKS = frozenset({"abstractmethod", "classmethod", "override", "staticmethod"})

Shape = tuple[str, str | tuple[str, ...]]

_UNKNOWN: Shape = (UNKNOWN, "")
# What is written out so is neither a class, nor a function, nor an instance of the project's.
_PLAIN_VALUES = (
    cst.BaseComp,
    cst.BaseNumber,
    cst.BaseString,
    cst.Comparison,
    cst.Dict,
    cst.Ellipsis,
    cst.List,
    cst.Set,
    cst.Tuple,
)


class Shapes:
    """What the names of a module are as handlers."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.names = meaning.names

    def of(self, qualname: str) -> Shape | None:
        """The shape of what the module calls so, and what that says; `None` where it has none."""
        first, *rest = qualname.split(".")
        if first not in self.names.module.bindings:
            return self._not_bound(qualname)
        bindings = self._at_the_end(first)
        if not bindings:  # it is deleted
            return _UNKNOWN if "__getattr__" in self.names.module.bindings else None
        shapes = {self._of_binding(binding, rest) for binding in bindings}
        if len(shapes) > 1:
            # Bound in several places (`try`, `if`): one that can take an event is enough.
            return next((one for one in sorted(shapes, key=str) if one[0] == TAKES), _UNKNOWN)
        return shapes.pop()

    def _at_the_end(self, name: str) -> list[Binding]:
        """What a name of the module may stand for once all of it has run."""
        end = Use(self.names.module, len(self.meaning.source.text) + 1, ())
        return self.names.visible(name, end)

    def bases_beside_own(self, qualname: str) -> tuple[str, ...]:
        """The bases of the class of that name, where it has the method itself."""
        bindings = self._at_the_end(qualname) if "." not in qualname else []
        owner = bindings[0].node if len(bindings) == 1 else None
        if not isinstance(owner, cst.ClassDef) or METHOD not in self.names.scopes[owner].bindings:
            return ()
        return self._bases(owner) or ()

    def is_public(self, qualname: str) -> bool:
        """Whether `from module import *` brings the name, as far as that can be told."""
        first = qualname.partition(".")[0]
        all_ = self.names.module.bindings.get("__all__", ())
        if not all_:
            return not first.startswith("_")
        value = all_[0].value if len(all_) == 1 and "__all__" not in self.names.reads else None
        if not isinstance(value, (cst.List, cst.Tuple)):
            return True
        listed = [text_of(element.value) for element in value.elements]
        return None in listed or first in listed

    def _not_bound(self, qualname: str) -> Shape | None:
        if "__getattr__" in self.names.module.bindings:
            return _UNKNOWN
        stars = [
            self._absolute((star.target or "").rstrip(".")) for star in self.names.star_imports
        ]
        # What begins with the name of its own module is looked for there, not in that by way of it.
        own = self._submodule(qualname.partition(".")[0])
        led = tuple(
            one for star in stars if star and star != own for one in self._by_star(star, qualname)
        )
        return (STARRED, led) if led else None

    def _by_star(self, star: str, qualname: str) -> Iterable[str]:
        """What a name that comes by `from star import *` may be: of that module, or below it."""
        module = self.meaning.modules.place(star, self.meaning.source.path) or ""
        below = self._led(f"{star}.{qualname}")
        return dict.fromkeys((below, f"{module}{qualname}") if module.endswith(":") else (below,))

    def _led(self, name: str) -> str:
        """The place that this file means by `name`, or the name where the project has none.

        To other files the same name may mean a module of their own: from one to the other, without
        this, names would grow without end.
        """
        place = self.meaning.modules.place(name, self.meaning.source.path)
        return name if place is None or place.endswith(":") else place

    def _submodule(self, name: str) -> str | None:
        """What a package calls its module `name` in full."""
        is_package = self.names.place.endswith("__init__:")
        return self._absolute(f".{name}") if is_package else None

    def _absolute(self, target: str) -> str | None:
        stripped = target.lstrip(".")
        level = len(target) - len(stripped)
        path = self.meaning.source.path
        return self.meaning.modules.absolute(path, level, stripped)

    def _of_binding(self, binding: Binding, rest: list[str]) -> Shape:
        if binding.kind == "import":
            target = self._absolute(binding.target or "")
            return (ANY, (self._led(".".join((target, *rest))),)) if target else _UNKNOWN
        node = binding.node
        if isinstance(node, cst.ClassDef):
            return self._of_member(node, rest) if rest else self._of_class(node)
        if rest:
            return _UNKNOWN
        if isinstance(node, cst.FunctionDef):
            return _UNKNOWN if node.decorators else _of_function(node, 0, "it")
        if binding.value is not None and binding.index is None:
            return self._of_value(binding.value)
        return _UNKNOWN

    def _of_member(self, owner: cst.ClassDef, rest: list[str]) -> Shape:
        bindings = self.names.scopes[owner].bindings.get(rest[0], ())
        if not bindings:
            return self._of_inherited(owner, rest)
        node = bindings[-1].node
        if isinstance(node, cst.ClassDef):
            return self._of_member(node, rest[1:]) if rest[1:] else self._of_class(node)
        if isinstance(node, cst.FunctionDef) and not rest[1:]:
            return self._of_method(node, f"`{rest[0]}`")
        return _UNKNOWN

    def _of_class(self, owner: cst.ClassDef) -> Shape:
        if is_replaced(self.meaning, owner):
            return _UNKNOWN
        bindings = self.names.scopes[owner].bindings
        for binding in reversed(bindings.get(METHOD, ())):
            return self._of_own(binding)
        bases = self._bases(owner)
        if bases is None or _is_made_by_another(owner):
            return _UNKNOWN
        return CALLED if "__call__" in bindings else BASES, bases

    def _of_own(self, binding: Binding) -> Shape:
        """What the body of a class binds to the name of the method."""
        label = f"its `{METHOD}`"
        if isinstance(binding.node, cst.FunctionDef):
            return self._of_method(binding.node, label)
        value = binding.value if binding.index is None else None
        if value is not None and _is_plain(value):
            return REFUSES, f"{label} is no function"
        found = definition(self.meaning, value) if value is not None else None
        if isinstance(value, cst.Lambda):
            return _of_function(value, 1, label)
        if isinstance(found, cst.FunctionDef) and not found.decorators:
            return _of_function(found, 1, label)
        return _UNKNOWN

    def _of_inherited(self, owner: cst.ClassDef, rest: list[str]) -> Shape:
        """A name that the body of `owner` does not bind: its bases may, or what stores there."""
        bases = self._bases(owner)
        if bases is None or owner.keywords or self._is_stored(owner, rest[0]):
            return _UNKNOWN
        return ANY, tuple(".".join((base, *rest)) for base in bases)

    def _is_stored(self, owner: cst.ClassDef, name: str) -> bool:
        """Whether this file stores `name` in the class `owner` from outside of its body."""
        return any(
            isinstance(node, cst.Attribute)
            and node.attr.value == name
            and isinstance(self.meaning.tree.parents[node], (cst.AssignTarget, cst.AnnAssign))
            and class_of(self.meaning, node.value) is owner
            for node in self.meaning.tree.spans
        )

    def _bases(self, owner: cst.ClassDef) -> tuple[str, ...] | None:
        """The bases that may bring members to `owner`; `None` where other things may as well."""
        decorated = {
            dotted_text(call.func if isinstance(call := one.decorator, cst.Call) else call)
            for one in owner.decorators
        }
        if "__getattr__" in self.names.scopes[owner].bindings or any(
            name.rpartition(".")[2] not in _HARMLESS for name in decorated
        ):
            return None
        bases: list[str] = []
        for base in owner.bases:
            node = base.value.value if isinstance(base.value, cst.Subscript) else base.value
            name = self.meaning.meaning(node) or self._local_base(node)
            if name is None or base.star:
                return None
            if name not in BARE_BASES and name != "object":
                bases.append(current_name(name) or name)
        return tuple(bases)

    def _local_base(self, node: cst.BaseExpression) -> str | None:
        local = class_of(self.meaning, node)
        if local is not None:
            return f"{self.names.place}{self.names.scopes[local].qualname}"
        if isinstance(node, cst.Name) and not self.names.reaching(node):
            is_builtin = isinstance(getattr(builtins, node.value, None), type)
            may_be_another = self.names.star_imports and node.value != "object"
            return "object" if is_builtin and not may_be_another else None
        return None

    def _of_method(self, method: cst.FunctionDef, label: str) -> Shape:
        marks = {dotted_text(one.decorator).rpartition(".")[2] for one in method.decorators}
        if marks - _METHOD_MARKS:
            return _UNKNOWN
        return _of_function(method, 0 if is_static(method) else 1, label)

    def _of_value(self, value: cst.BaseExpression) -> Shape:
        if _is_plain(value):
            return REFUSES, "it is neither a class nor a function"
        if isinstance(value, cst.Lambda):
            return _of_function(value, 0, "it")
        if isinstance(value, cst.Call):
            owner = class_of(self.meaning, value.func)
            if owner is not None:
                return self._of_class(owner)
            name = self.meaning.meaning(value.func)
            leaf = (name or "").rpartition(":")[2].rpartition(".")[2]
            # By convention a name in capitals and small letters is a class's: its instance.
            if name and leaf[:1].isupper() and name != f"{self.names.place}{leaf}":
                return ANY, (current_name(name) or name,)
            return _UNKNOWN
        if isinstance(value, (cst.Name, cst.Attribute)):
            found = definition(self.meaning, value)
            if isinstance(found, cst.ClassDef):
                return self._of_class(found)
            if isinstance(found, cst.FunctionDef):
                return _UNKNOWN if found.decorators else _of_function(found, 0, "it")
            name = self.meaning.meaning(value)
            if name and not name.startswith(self.names.place):
                return ANY, (current_name(name) or name,)
        return _UNKNOWN


def _is_plain(value: cst.BaseExpression) -> bool:
    is_constant = isinstance(value, cst.Name) and value.value in ("None", "True", "False")
    return is_constant or isinstance(value, _PLAIN_VALUES)


def _is_made_by_another(owner: cst.ClassDef) -> bool:
    """Whether a metaclass, or an argument for one or for a base, may give the class members."""
    return any(
        dotted_text(one.value).rpartition(".")[2] not in _PLAIN_METACLASSES
        for one in owner.keywords
    )


def _of_function(function: cst.FunctionDef | cst.Lambda, bound: int, label: str) -> Shape:
    """Whether `function` can be called with one event, `bound` arguments being there already."""
    params = function.params
    positional = [*params.posonly_params, *params.params]
    required = [one for one in positional if one.default is None]
    takes_more = isinstance(params.star_arg, cst.Param)
    if any(param.default is None for param in params.kwonly_params):
        return REFUSES, f"{label} takes an argument by keyword alone"
    if len(required) > bound + 1:
        return REFUSES, f"{label} takes {_count(len(required) - bound)}"
    if len(positional) < bound + 1 and not takes_more:
        return REFUSES, f"{label} takes no event"
    return TAKES, ""


def _count(number: int) -> str:
    words = {2: "two", 3: "three", 4: "four"}
    return f"{words.get(number, number)} arguments"
