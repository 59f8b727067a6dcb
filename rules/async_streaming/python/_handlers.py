"""What may be given as a handler, and which classes are handlers."""

from __future__ import annotations

import builtins
import re
import sys
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import dotted_text

from .._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from ._annotations import (
    annotation_of,
    attribute_type,
    class_named,
    items_of,
    leaf_of,
    place_named,
    types_in,
)
from ._attributes import own_settings, self_values, set_from_outside, values_of_attribute
from ._classes import (
    bases_of,
    class_of,
    defines,
    definition,
    derived,
    handed_to,
    instance_class,
    is_builtin,
    is_callable,
    is_known_base,
    is_made_otherwise,
    is_property,
    local_bases,
    methods_called,
    owner_above,
    owner_class,
    returned_by,
)
from ._contents import CASTS, defaults_of, given_again, items, looped_over, taken_from
from ._decorators import decorated_by, outcomes
from ._far_classes import class_elsewhere, far_member, inherited_methods, is_known_class
from ._handler_classes import handler_classes, is_handler_class
from ._held import value_of
from ._mappings import subscript_key
from ._meaning import METHOD, Meaning
from ._set_methods import methods_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.helpers.python.scopes import Binding

    from ._contents import Inner

_MAX_DEPTH = 8
# By these names go the handlers of the legacy contract, and what is called with an event itself.
_HANDLER = re.compile(r"handler", re.IGNORECASE)
# What gives in the body of a class what it is given, once that is read by its name.
_GIVE_THEIR_OWN = frozenset({"classmethod", "staticmethod"})
# What makes things of Python itself: the rest may give whatever it is handed.
_MAKE_OWN_THINGS = frozenset(
    {"bytearray", "dict", "frozenset", "list", "open", "set", "sorted", "str", "tuple"}
)
# By these an object may have any attribute: a `handle_event` as well.
_GIVE_ANY = ("__getattr__", "__getattribute__")
_CALLBACK_TYPE = re.compile(r"\w*(?:Callable|Callback|Fn|Func|Function|Hook|Listener)")
_CALLBACK = re.compile(
    r"_*(?:on|handle|print|log|write|send|emit|notify|record|publish|push)(?:_\w+)?"
    r"|(?:\w+_)?(?:append|callback|callbacks|cb|func|fn|hook|listener|put|put_nowait)"
)


class Kind(Enum):
    """What an expression given as handler is."""

    OBJECT = "object"  # a class or an instance: its `handle_event` takes the event
    FUNCTION = "function"  # takes the event itself
    NEITHER = "neither"  # nothing a handler can be, or now this and now that


@dataclass(frozen=True)
class Given:
    """The kind of an expression, and whether it is certain."""

    kind: Kind
    sure: bool = True


_OBJECT = Given(Kind.OBJECT)
_FUNCTION = Given(Kind.FUNCTION)
_LIKELY_OBJECT = Given(Kind.OBJECT, sure=False)
_NEITHER = Given(Kind.NEITHER)


def given(meaning: Meaning, node: cst.BaseExpression, depth: int = 0) -> Given:
    """What `node` is when it is given as handler.

    By the legacy contract a variable of which nothing else is known holds an object with
    `handle_event`.
    """
    key = (node, depth)
    if key not in meaning.given:
        meaning.given[key] = _given(meaning, node, depth)
    return meaning.given[key]


def _given(meaning: Meaning, node: cst.BaseExpression, depth: int) -> Given:
    if depth > _MAX_DEPTH:
        return _LIKELY_OBJECT
    if isinstance(node, cst.Lambda):
        return _of_function(meaning, node)
    if isinstance(node, cst.Name):
        return _of_name(meaning, node, depth)
    if isinstance(node, cst.Attribute):
        return _of_attribute(meaning, node, depth)
    if isinstance(node, cst.Call):
        return _of_call(meaning, node, depth)
    if isinstance(node, cst.IfExp):
        return _both(given(meaning, arm, depth + 1) for arm in (node.body, node.orelse))
    if isinstance(node, cst.BooleanOperation):
        return _both(given(meaning, arm, depth + 1) for arm in (node.left, node.right))
    if isinstance(node, cst.NamedExpr):
        return given(meaning, node.value, depth + 1)
    if isinstance(node, cst.Subscript):
        key = subscript_key(node) or ""
        return _known_item(meaning, node.value, depth) or _by_names(key, leaf_of(node.value))
    if isinstance(node, cst.Await):
        return given(meaning, node.expression, depth + 1)
    return _NEITHER


def _of_function(meaning: Meaning, on: cst.CSTNode | str) -> Given:
    """What the function `on` is: one that is set a `handle_event` is called by that."""
    return _LIKELY_OBJECT if methods_set(meaning, on) else _FUNCTION


def _both(kinds: Iterable[Given]) -> Given:
    found = list(kinds)
    if len({one.kind for one in found}) != 1:
        return _NEITHER
    return Given(found[0].kind, all(one.sure for one in found))


def _of_name(meaning: Meaning, node: cst.Name, depth: int) -> Given:
    if node.value in ("None", "True", "False"):
        return _NEITHER
    bindings = meaning.names.reaching(node)
    if not bindings:
        named = _named(meaning, node)
        if named is None and isinstance(getattr(builtins, node.value, None), type(print)):
            return _FUNCTION
        return named or _LIKELY_OBJECT
    # A name that is `None` where an import failed is not called there.
    real = [one for one in bindings if one.kind != "assign" or meaning.names.meaning(one)]
    return _both(_of_binding(meaning, node, binding, depth) for binding in real or bindings)


def _of_binding(meaning: Meaning, node: cst.Name, binding: Binding, depth: int) -> Given:
    if isinstance(binding.node, (cst.FunctionDef, cst.ClassDef)):
        return of_definition(meaning, binding.node, depth)
    if binding.kind == "import":
        return _named(meaning, node) or _LIKELY_OBJECT
    if binding.kind == "parameter" and isinstance(binding.node, cst.Param):
        return _of_parameter(meaning, binding.node, depth)
    declared = of_annotation(meaning, annotation_of(meaning, node))
    if declared is not None:
        return declared
    value = value_of(meaning, binding)
    if value is not None:
        return given(meaning, value, depth + 1)
    looped = looped_over(meaning, binding.node) if binding.kind == "for" else None
    if looped is None:
        return _by_names(node.value)
    collection = looped.node
    known = _known_item(meaning, collection, depth, keys=looped.keys)
    if known is None and isinstance(collection, (cst.Attribute, cst.Name)):
        named = _by_names(node.value, leaf_of(collection))
        # What a variable holds many of is what a variable holds, by the contract.
        return _OBJECT if named == _LIKELY_OBJECT else named
    return known or _by_names(node.value)


def of_definition(meaning: Meaning, node: cst.FunctionDef | cst.ClassDef, depth: int = 0) -> Given:
    """What the name of a function or class is, once its decorators have run."""
    found: list[Given] = []
    for made in outcomes(meaning, node):
        if made is None:
            kind = Kind.FUNCTION if isinstance(node, cst.FunctionDef) else Kind.OBJECT
            found.append(Given(kind, sure=False))
        elif isinstance(made, cst.FunctionDef):
            found.append(_of_function(meaning, made))
        elif isinstance(made, cst.ClassDef):
            found.append(_OBJECT if made is node else _of_instance(meaning, made, depth))
        elif isinstance(made, cst.BaseExpression) and depth < _MAX_DEPTH:
            found.append(given(meaning, made, depth + 1))
    return _both(found)


def _of_instance(meaning: Meaning, owner: cst.ClassDef, depth: int) -> Given:
    """What a call of the class `owner` gives: an instance, or what it makes instead of one."""
    kind = _OBJECT
    if is_callable(meaning, owner):
        is_set = any(methods_set(meaning, base) for base in local_bases(meaning, owner))
        gives_any = any(defines(meaning, owner, name) for name in _GIVE_ANY)
        kind = _LIKELY_OBJECT if is_set or gives_any else _FUNCTION
    if is_made_otherwise(meaning, owner):
        return Given(kind.kind, sure=False)
    for base in local_bases(meaning, owner):
        for binding in meaning.names.scopes[base].bindings.get("__new__", ()):
            if owner not in handler_classes(meaning) or depth >= _MAX_DEPTH:
                return _LIKELY_OBJECT
            if isinstance(binding.node, cst.FunctionDef):
                made = _of_returns(meaning, binding.node, depth)
                return made if made == kind else Given(made.kind, sure=False)
    return kind


def _of_parameter(meaning: Meaning, param: cst.Param, depth: int) -> Given:
    annotation = param.annotation.annotation if param.annotation else None
    declared = of_annotation(meaning, annotation) if not param.star else None
    if declared is not None:
        return declared
    handed = [given(meaning, value, depth + 1) for value in handed_to(meaning, param)]
    handed += [Given(Kind(kind)) for kind in _passed(meaning, param)]
    # A decorator may stand below others: what it is given is what they made of the definition.
    handed += [of_definition(meaning, node, depth + 1) for node in decorated_by(meaning, param)]
    default = None
    if param.default is not None and not _is_none(param.default):
        default = given(meaning, param.default, depth + 1)
    if default is not None and default.kind is Kind.FUNCTION:
        handed.append(default)
    if any(one.kind is Kind.FUNCTION for one in handed):
        # Others may call with something else, which is an object by the contract.
        return Given(_both(handed).kind, sure=False)
    return _OBJECT if default in (None, _NEITHER) else default


def _passed(meaning: Meaning, param: cst.Param) -> Iterator[str]:
    """The kinds of what the calls of other files give to `param`, which goes on as handler."""
    function = meaning.tree.parents[meaning.tree.parents[param]]
    if isinstance(function, cst.FunctionDef):
        place = f"{meaning.names.place}{meaning.names.scopes[function].qualname}"
        place = place.removesuffix(".__init__")  # who calls it names the class
        kinds = meaning.known.get(("python-passed", place))
        if isinstance(kinds, tuple):
            yield from kinds


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def of_annotation(meaning: Meaning, annotation: cst.BaseExpression | None) -> Given | None:
    """What an annotation declares to be given; `None` where it tells neither of the kinds."""
    types = list(types_in(meaning, annotation)) if annotation is not None else []
    told = [found for one in types if (found := _of_type(meaning, one)) is not None]
    if not told:
        return None
    both = _both(told)
    if both.kind is Kind.FUNCTION and len(told) < len(types):
        return Given(Kind.FUNCTION, sure=False)
    return both


def _of_type(meaning: Meaning, node: cst.BaseExpression) -> Given | None:
    if leaf_of(node) == "Callable":
        return _FUNCTION
    owner = class_named(meaning, node)
    if owner is not None:
        if is_callable(meaning, owner):
            return _FUNCTION
        is_handler = owner in handler_classes(meaning) or defines(meaning, owner, METHOD)
        return _OBJECT if is_handler else None
    place = place_named(meaning, node)
    if is_handler_class(meaning, place):
        return _OBJECT
    if is_known_class(meaning, place) and place is not None:
        methods = inherited_methods(meaning, place)
        if METHOD in methods:
            return _OBJECT
        return _FUNCTION if "__call__" in methods else None
    defined = meaning.known.get(("python-def", place or ""))
    if isinstance(defined, tuple) and Kind(defined[0]) is Kind.FUNCTION:
        return _FUNCTION
    return Given(Kind.FUNCTION, sure=False) if _CALLBACK_TYPE.fullmatch(leaf_of(node)) else None


def _known_item(
    meaning: Meaning, node: cst.BaseExpression, depth: int, *, keys: bool = False
) -> Given | None:
    """What the collection `node` holds: as it is written out, or by its annotation."""
    held = items(meaning, node, keys) if depth < _MAX_DEPTH else []
    known = [given(meaning, value, depth + 1) for value in held if value is not None]
    declared = _declared_items(meaning, node, keys=keys) if None in held or not known else None
    if declared is not None or not known:
        return declared
    both = _both(known)
    # What is not known is an object by the contract.
    return Given(both.kind, both.sure and (None not in held or both.kind is Kind.OBJECT))


def _declared_items(meaning: Meaning, node: cst.BaseExpression, *, keys: bool) -> Given | None:
    """What the annotation of the collection `node` says of what is in it."""
    while (inner := given_again(node, keys)) is not None:
        node, keys = inner
    annotation = annotation_of(meaning, node)
    if annotation is None:
        return None
    bindings = meaning.names.reaching(node) if isinstance(node, cst.Name) else ()
    is_starred = any(isinstance(one.node, cst.Param) and one.node.star for one in bindings)
    return of_annotation(meaning, annotation if is_starred else items_of(annotation, keys=keys))


def _named(meaning: Meaning, node: cst.CSTNode) -> Given | None:
    """By what is known of the name: a legacy class, a definition in another file."""
    name = meaning.meaning(node)
    if name is None:
        return None
    defined = meaning.known.get(("python-def", name))
    if isinstance(defined, tuple):
        kind, sure = defined
        if Kind(kind) is Kind.FUNCTION and methods_set(meaning, name):
            return _LIKELY_OBJECT
        return Given(Kind(kind), bool(sure))
    if in_namespace(name, PYTHON_LEGACY) or in_namespace(name, PYTHON_CURRENT):
        leaf = name.rpartition(".")[2]
        return Given(Kind.OBJECT, sure=leaf[:1].isupper()) if name != INVOKE else _NEITHER
    return None


def _of_attribute(meaning: Meaning, node: cst.Attribute, depth: int) -> Given:
    if node.attr.value == METHOD:
        return _FUNCTION
    found = _of_own_attribute(meaning, node, depth)
    set_to = [given(meaning, value, depth + 1) for value in set_from_outside(meaning, node)]
    set_to += _overriding(meaning, node, depth)
    others = [one for one in set_to if one.kind is not Kind.NEITHER]
    if found == _NEITHER and others:  # as it is made it may hold nothing
        return Given(_both(others).kind, sure=False)
    return Given(found.kind, found.sure and all(one.kind is found.kind for one in others))


def _overriding(meaning: Meaning, node: cst.Attribute, depth: int) -> Iterator[Given]:
    """What the attribute `node` of `self` is where a class that derives from its own says so."""
    owner = owner_class(meaning, node.value)
    if owner is None:
        return
    for further in derived(meaning, owner):
        for binding in meaning.names.scopes[further].bindings.get(node.attr.value, ()):
            if isinstance(binding.node, cst.FunctionDef):
                yield _of_method(meaning, binding.node, depth)
    place = f"{meaning.names.place}{meaning.names.scopes[owner].qualname}.{node.attr.value}"
    kinds = meaning.known.get(("python-overridden", place))
    yield from (Given(Kind(kind)) for kind in kinds) if isinstance(kinds, tuple) else ()


def _of_own_attribute(meaning: Meaning, node: cst.Attribute, depth: int) -> Given:
    """What the attribute `node` is by what its class, or its module, says of it."""
    name = node.attr.value
    owner = instance_class(meaning, node.value)
    if owner is not None:
        return _of_member(meaning, owner, name, depth)
    if (owner := owner_above(meaning, node.value)) is not None:
        return _of_member(meaning, owner, name, depth, is_above=True)
    named = _named(meaning, node)
    if named is not None:
        return named
    place = class_elsewhere(meaning, node.value)
    if is_known_class(meaning, place) and place is not None:
        told = far_member(meaning, place, name)
        return _by_name(name) if told is None else Given(Kind(told[0]), told[1])
    if _is_builtin(meaning, node.value, depth):
        return _FUNCTION
    made = list(_classes_held(meaning, node.value))
    if made and None not in made:
        return _both(_of_member(meaning, one, name, depth) for one in made if one is not None)
    return _by_name(name)


def _classes_held(meaning: Meaning, node: cst.BaseExpression) -> Iterator[cst.ClassDef | None]:
    """The classes of this file that the attribute `node` holds instances of; `None`: another."""
    for value in values_of_attribute(meaning, node) if isinstance(node, cst.Attribute) else ():
        yield instance_class(meaning, value)


def _by_name(name: str) -> Given:
    """What an attribute, or what a call gives, is to judge by its name: not certain mostly."""
    if _HANDLER.search(name):
        return _OBJECT
    return Given(Kind.FUNCTION if _CALLBACK.fullmatch(name) else Kind.OBJECT, sure=False)


def _by_names(*names: str) -> Given:
    """What is not known, to judge by the first of its names that tells anything."""
    told = (name for name in names if _HANDLER.search(name) or _CALLBACK.fullmatch(name))
    return _by_name(next(told, ""))


def _is_builtin(meaning: Meaning, node: cst.BaseExpression, depth: int) -> bool:
    """Whether `node` belongs to Python itself: a list, a queue, `sys.stdout`."""
    key = (node, depth)
    if key not in meaning.builtin:
        meaning.builtin[key] = _is_of_python(meaning, node, depth)
    return meaning.builtin[key]


def _is_of_python(meaning: Meaning, node: cst.BaseExpression, depth: int) -> bool:
    if depth > _MAX_DEPTH:
        return False
    if isinstance(node, (cst.List, cst.Dict, cst.Set, cst.BaseString, cst.ListComp)):
        return True
    root = node.func if isinstance(node, cst.Call) else node
    name = meaning.meaning(root) if isinstance(root, (cst.Name, cst.Attribute)) else None
    if name is not None:
        return name.partition(".")[0] in sys.stdlib_module_names
    values: list[cst.BaseExpression | None] = []
    if isinstance(root, cst.Attribute) and root is node:
        owner = owner_class(meaning, root.value)
        for base in local_bases(meaning, owner) if owner is not None else ():
            values += self_values(meaning, base, root.attr.value)
    elif isinstance(root, cst.Name):
        bindings = meaning.names.reaching(root)
        if root is not node:
            return not bindings and root.value in _MAKE_OWN_THINGS
        values = [one.value if one.index is None else None for one in bindings]
    return bool(values) and all(
        value is not None and _is_builtin(meaning, value, depth + 1) for value in values
    )


def _of_member(
    meaning: Meaning, owner: cst.ClassDef, name: str, depth: int, *, is_above: bool = False
) -> Given:
    """What the attribute `name` of instances of `owner` is; with `is_above`, of its bases."""
    classes = local_bases(meaning, owner)
    declared = of_annotation(meaning, attribute_type(meaning, owner, name))
    if declared is not None:
        return declared
    known = True
    for defined in classes[1:] if is_above else classes:
        found = list(members(meaning, defined, name, depth))
        if found:
            # Where it is `None` it is not called.
            return _both([one for one in found if one is not None] or [_NEITHER])
        known = known and all(is_known_base(meaning, base) for base in bases_of(defined))
    far = (meaning.meaning(base) for one in classes for base in bases_of(one))
    for place in [one for one in far if is_known_class(meaning, one) and one is not None]:
        told = far_member(meaning, place, name)
        if told is not None:
            return Given(Kind(told[0]), told[1])
    known = known and all(is_known_base(meaning, base) for base in bases_of(owner))
    if _CALLBACK.fullmatch(name):
        return _by_name(name)
    return _OBJECT if known else _LIKELY_OBJECT


def attributes(meaning: Meaning, owner: cst.ClassDef) -> tuple[tuple[str, str, bool], ...]:
    """What `owner` says its attributes are when they are given, and whether for certain."""
    names = dict.fromkeys((*meaning.names.scopes[owner].bindings, *own_settings(meaning, owner)))
    found: list[tuple[str, str, bool]] = []
    for name in names:
        held = [one for one in members(meaning, owner, name) if one is not None]
        if held:
            both = _both(held)
            found.append((name, both.kind.value, both.sure))
    return tuple(found)


def members(
    meaning: Meaning, owner: cst.ClassDef, name: str, depth: int = 0
) -> Iterator[Given | None]:
    """What `owner` says the attribute `name` of its instances is; `None` where it says `None`."""
    scope = meaning.names.scopes[owner]
    for binding in scope.bindings.get(name, ()):
        if isinstance(binding.node, cst.FunctionDef):
            yield _of_method(meaning, binding.node, depth)
        elif binding.value is not None and binding.index is None:
            is_read_anew = _is_descriptor(meaning, binding.value)
            yield _LIKELY_OBJECT if is_read_anew else _unless_none(meaning, binding.value, depth)
    for value in self_values(meaning, owner, name):
        yield _unless_none(meaning, value, depth)


def _of_method(meaning: Meaning, method: cst.FunctionDef, depth: int) -> Given:
    """What an instance has by the name of `method`: what that gives, where it is a property."""
    made = _of_returns if is_property(method) else of_definition
    return made(meaning, method, depth)


def _is_descriptor(meaning: Meaning, value: cst.BaseExpression) -> bool:
    """Whether `value`, in the body of a class, decides itself what is read by its name."""
    owner = class_of(meaning, value.func) if isinstance(value, cst.Call) else None
    return owner is not None and defines(meaning, owner, "__get__")


def _unless_none(meaning: Meaning, value: cst.BaseExpression, depth: int) -> Given | None:
    return None if _is_none(value) else given(meaning, value, depth + 1)


def _of_call(meaning: Meaning, node: cst.Call, depth: int) -> Given:
    func = node.func
    called = meaning.meaning(func)
    if called == "functools.partial":
        return _of_function(meaning, node)
    if called in CASTS and len(node.args) == 2:
        declared = of_annotation(meaning, node.args[0].value)
        return declared or given(meaning, node.args[1].value, depth + 1)
    if (taken := taken_from(meaning, node)) is not None:
        return _of_lookup(meaning, taken, node, depth)
    if is_builtin(meaning, func):
        is_kept = dotted_text(func) in _GIVE_THEIR_OWN and len(node.args) == 1
        return given(meaning, node.args[0].value, depth + 1) if is_kept else _LIKELY_OBJECT
    return _of_result(meaning, func, depth)


def _of_lookup(meaning: Meaning, taken: Inner, node: cst.Call, depth: int) -> Given:
    """What the call `node` takes from a collection: what that holds, or what stands in for it."""
    defaults = [given(meaning, one, depth + 1) for one in defaults_of(node)]
    held = _known_item(meaning, taken.node, depth, keys=taken.keys)
    if held is not None:
        return _both((held, *defaults))
    collection, keys = taken
    while (again := given_again(collection, keys)) is not None:
        collection, keys = again
    named = _by_names(text_of(node.args[0].value) or "", leaf_of(collection))
    if not defaults:
        return named
    default = _both(defaults)
    return Given(default.kind, default.sure and named == _OBJECT == default)


def _of_result(meaning: Meaning, func: cst.BaseExpression, depth: int) -> Given:
    """What a call of `func` gives."""
    if isinstance(func, cst.Lambda):
        return given(meaning, func.body, depth + 1)
    if isinstance(func, cst.IfExp):
        return _both(_of_result(meaning, arm, depth + 1) for arm in (func.body, func.orelse))
    if isinstance(func, cst.Subscript):
        if (owner := class_of(meaning, func)) is not None:
            return _of_instance(meaning, owner, depth)
        if is_handler_class(meaning, meaning.meaning(func.value)):
            return _OBJECT
        held = items(meaning, func.value) if depth < _MAX_DEPTH else []
        made = [_of_result(meaning, one, depth + 1) for one in held if one is not None]
        return _both(made) if made else _LIKELY_OBJECT
    called = meaning.meaning(func)
    function = definition(meaning, func)
    if isinstance(function, cst.FunctionDef):
        return _of_returns(meaning, function, depth)
    if isinstance(function, cst.ClassDef):
        return _of_instance(meaning, function, depth)
    method = next(methods_called(meaning, func), None)
    if method is not None:
        return _of_returns(meaning, method, depth)
    if is_known_class(meaning, called) and called is not None:
        methods = inherited_methods(meaning, called)
        return _FUNCTION if "__call__" in methods and METHOD not in methods else _OBJECT
    returned = meaning.known.get(("python-returns", called or ""))
    if isinstance(returned, tuple):
        return Given(Kind(returned[0]), bool(returned[1]))
    leaf = func.attr if isinstance(func, cst.Attribute) else func
    if isinstance(leaf, cst.Name) and not leaf.value[:1].isupper():
        # What a variable makes is an instance, by the contract; a function may give anything.
        return _by_name(leaf.value) if called or _CALLBACK.fullmatch(leaf.value) else _OBJECT
    return _OBJECT


def returns(meaning: Meaning, function: cst.FunctionDef) -> Given:
    """What `function` returns, to be given as handler."""
    return _of_returns(meaning, function, 0)


def _of_returns(meaning: Meaning, function: cst.FunctionDef, depth: int) -> Given:
    annotation = function.returns.annotation if function.returns else None
    declared = of_annotation(meaning, annotation)
    if declared is not None:
        return declared
    returned = [given(meaning, value, depth + 1) for value in returned_by(meaning, function)]
    return _both(returned) if returned else _OBJECT
