"""What is known in one Python file of the classes of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ..learnt.learning import ABOVE, GIVEN, GIVEN_HERE
from .classes import BARE_BASES, bases_of, is_known_base, owner_above, owner_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .meaning import Meaning

_MAX_DEPTH = 8
_CLASS = "python-class"


def class_elsewhere(meaning: Meaning, node: cst.BaseExpression) -> str | None:
    """The place of the class in another file that `node` is, or is an instance of, if known."""
    name = meaning.meaning(node.func if isinstance(node, cst.Call) else node)
    if name is None and isinstance(node, cst.Name):
        bindings = meaning.names.reaching(node)
        value = bindings[0].value if len(bindings) == 1 and bindings[0].index is None else None
        name = meaning.meaning(value.func) if isinstance(value, cst.Call) else None
    made = meaning.known.get(("python-made", name or ""))
    return made if isinstance(made, str) else name


def is_known_class(meaning: Meaning, place: str | None) -> bool:
    """Whether it is known what the class at `place` has."""
    return place is not None and (_CLASS, place) in meaning.known


def inherited_methods(meaning: Meaning, place: str, depth: int = 0) -> frozenset[str]:
    """The methods that the class at `place`, in another file, is known to have."""
    value = meaning.known.get((_CLASS, place))
    if not isinstance(value, tuple) or depth > _MAX_DEPTH:
        return frozenset()
    bases, methods, *_ = value
    return frozenset(methods).union(
        *(inherited_methods(meaning, base, depth + 1) for base in bases)
    )


def far_member(meaning: Meaning, place: str, name: str, depth: int = 0) -> tuple[str, bool] | None:
    """What the attribute `name` of the class at `place` is when it is given as handler.

    With whether that is certain; `None` where nothing gives the class an attribute of that name.
    """
    value = meaning.known.get((_CLASS, place))
    if not isinstance(value, tuple) or depth > _MAX_DEPTH:
        return "object", False
    bases, methods, attributes, is_whole, _ = value
    for other, kind, sure in attributes:
        if other == name:
            return str(kind), bool(sure)
    if name in methods:
        return "function", True
    for base in bases:
        if base not in BARE_BASES:
            found = far_member(meaning, base, name, depth + 1)
            if found is not None:
                return found
    return None if is_whole else ("object", False)


def bases_told(meaning: Meaning, owner: cst.ClassDef) -> tuple[tuple[str, ...], bool]:
    """The names of the bases of `owner` for other files, and whether those are all."""
    named = [(base, meaning.meaning(base)) for base in bases_of(owner)]
    is_whole = all(
        is_known_base(meaning, base) or (name is not None and ":" in name) for base, name in named
    )
    is_whole = is_whole and not any(one.star for one in owner.bases)
    is_whole = is_whole and "__getattr__" not in meaning.names.scopes[owner].bindings
    return tuple(dict.fromkeys(name for _, name in named if name)), is_whole


def far_places(meaning: Meaning, func: cst.BaseExpression) -> Iterator[str]:
    """The place of what `func` calls where another file defines it: of instances a method."""
    name = meaning.meaning(func)
    if name is None and isinstance(func, cst.Attribute):
        owner = class_elsewhere(meaning, func.value)
        name = f"{owner}.{func.attr.value}" if owner is not None else None
    if name is not None and is_far(meaning, name):
        yield name


def is_far(meaning: Meaning, name: str) -> bool:
    """Whether `name` is the place of something that another file defines."""
    return ":" in name and not name.endswith(":") and not name.startswith(meaning.names.place)


def given_far(meaning: Meaning) -> Iterator[str]:
    """The places of what other files define and is given as handler, there or elsewhere."""
    for kind in (GIVEN, GIVEN_HERE):
        yield from meaning.known.of(f"python-{kind}", besides=meaning.names.place)


def is_given_far(meaning: Meaning, place: str) -> bool:
    """Whether what is at `place`, in another file, is given as handler."""
    return any((f"python-{kind}", place) in meaning.known for kind in (GIVEN, GIVEN_HERE))


def is_given(meaning: Meaning, name: str) -> bool:
    """Whether `name`, or a method of it, is given as handler and defined in another file."""
    return any(place == name or place.startswith(f"{name}.") for place in given_far(meaning))


def own_places(meaning: Meaning, node: cst.BaseExpression) -> Iterator[tuple[str, str]]:
    """The place of the attribute that `node` is, of `self` or `super()`, which others may define.

    With what the kind of a fact about it ends in.
    """
    holder = node.value if isinstance(node, cst.Attribute) else None
    if holder is None or not isinstance(node, cst.Attribute):
        return
    for owner, above in (
        (owner_class(meaning, holder), ""),
        (owner_above(meaning, holder), ABOVE),
    ):
        if owner is not None:
            qualname = meaning.names.scopes[owner].qualname
            yield f"{meaning.names.place}{qualname}.{node.attr.value}", above
