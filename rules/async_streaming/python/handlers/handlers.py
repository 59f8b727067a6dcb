"""What an expression is when it is given as handler: an object, or a function."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import dotted_text

from ..reading.annotations import annotation_of, attribute_type, leaf_of
from ..reading.attributes import own_settings, self_values, set_from_outside, values_of_attribute
from ..reading.classes import (
    bases_of,
    class_of,
    defines,
    definition,
    derived,
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
from ..reading.contents import (
    CASTS,
    defaults_of,
    given_again,
    given_to_with,
    items,
    looped_over,
    taken_from,
)
from ..reading.decorators import decorated_by, outcomes
from ..reading.far_classes import class_elsewhere, far_member, inherited_methods, is_known_class
from ..reading.handed import handed_to
from ..reading.held import is_none, value_of
from ..reading.instances import instances
from ..reading.kinds import (
    FUNCTION,
    LIKELY_OBJECT,
    NEITHER,
    OBJECT,
    Given,
    Kind,
    by_name,
    by_names,
    is_callback,
    together,
)
from ..reading.mappings import subscript_key
from ..reading.meaning import METHOD, Meaning
from ..reading.of_python import is_of_python
from ..reading.set_methods import methods_set
from .declared import declared_items, of_annotation, of_function, of_known
from .handler_classes import handler_classes, is_handler_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.python.scopes import Binding

    from ..reading.contents import Inner

_MAX_DEPTH = 8
# What gives in the body of a class what it is given, once that is read by its name.
_GIVE_THEIR_OWN = frozenset({"classmethod", "staticmethod"})
# What Python itself has to make functions of others, and to give again what it is given.
_MAKE_FUNCTIONS = frozenset({"operator.methodcaller", "types.FunctionType", "types.MethodType"})
_GIVE_ANOTHER = frozenset(
    {"copy.copy", "copy.deepcopy", "functools.cache", "functools.lru_cache"}
    | {"functools.singledispatch", "weakref.proxy"}
)
# By these an object may have any attribute: a `handle_event` as well.
_GIVE_ANY = ("__getattr__", "__getattribute__")


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
        return LIKELY_OBJECT
    if isinstance(node, cst.Lambda):
        return of_function(meaning, node)
    if isinstance(node, cst.Name):
        return _of_name(meaning, node, depth)
    if isinstance(node, cst.Attribute):
        return _of_attribute(meaning, node, depth)
    if isinstance(node, cst.Call):
        return _of_call(meaning, node, depth)
    if isinstance(node, cst.IfExp):
        return together(given(meaning, arm, depth + 1) for arm in (node.body, node.orelse))
    if isinstance(node, cst.BooleanOperation):
        return together(given(meaning, arm, depth + 1) for arm in (node.left, node.right))
    if isinstance(node, cst.NamedExpr):
        return given(meaning, node.value, depth + 1)
    if isinstance(node, cst.Subscript):
        key = subscript_key(node) or ""
        return _known_item(meaning, node.value, depth) or by_names(key, leaf_of(node.value))
    if isinstance(node, cst.Await):
        return given(meaning, node.expression, depth + 1)
    return NEITHER


def _of_name(meaning: Meaning, node: cst.Name, depth: int) -> Given:
    if node.value in ("None", "True", "False"):
        return NEITHER
    bindings = meaning.names.reaching(node)
    if not bindings:
        named = of_known(meaning, node)
        if named is None and isinstance(getattr(builtins, node.value, None), type(print)):
            return FUNCTION
        return named or LIKELY_OBJECT
    # A name that is `None` where an import failed is not called there.
    real = [one for one in bindings if one.kind != "assign" or meaning.names.meaning(one)]
    return together(_of_binding(meaning, node, binding, depth) for binding in real or bindings)


def _of_binding(meaning: Meaning, node: cst.Name, binding: Binding, depth: int) -> Given:
    if isinstance(binding.node, (cst.FunctionDef, cst.ClassDef)):
        return of_definition(meaning, binding.node, depth)
    if binding.kind == "import":
        return of_known(meaning, node) or LIKELY_OBJECT
    if binding.kind == "parameter" and isinstance(binding.node, cst.Param):
        return _of_parameter(meaning, binding.node, depth)
    declared = of_annotation(meaning, annotation_of(meaning, node))
    if declared is not None:
        return declared
    value = value_of(meaning, binding)
    made = [value] if value is not None else []
    if made or (made := given_to_with(meaning, binding)):
        return together(given(meaning, one, depth + 1) for one in made)
    looped = looped_over(meaning, binding.node) if binding.kind == "for" else None
    if looped is None:
        return by_names(node.value)
    collection = looped.node
    known = _known_item(meaning, collection, depth, keys=looped.keys)
    if known is None and isinstance(collection, (cst.Attribute, cst.Name)):
        named = by_names(node.value, leaf_of(collection))
        # What a variable holds many of is what a variable holds, by the contract.
        return OBJECT if named == LIKELY_OBJECT else named
    return known or by_names(node.value)


def of_definition(meaning: Meaning, node: cst.FunctionDef | cst.ClassDef, depth: int = 0) -> Given:
    """What the name of a function or class is, once its decorators have run."""
    found: list[Given] = []
    for made in outcomes(meaning, node):
        if made is None:
            kind = Kind.FUNCTION if isinstance(node, cst.FunctionDef) else Kind.OBJECT
            found.append(Given(kind, sure=False))
        elif isinstance(made, cst.FunctionDef):
            found.append(of_function(meaning, made))
        elif isinstance(made, cst.ClassDef):
            found.append(OBJECT if made is node else _of_instance(meaning, made, depth))
        elif isinstance(made, cst.BaseExpression) and depth < _MAX_DEPTH:
            found.append(given(meaning, made, depth + 1))
    return together(found)


def _of_instance(meaning: Meaning, owner: cst.ClassDef, depth: int) -> Given:
    """What a call of the class `owner` gives: an instance, or what it makes instead of one."""
    kind = OBJECT
    if is_callable(meaning, owner):
        is_set = any(methods_set(meaning, base) for base in local_bases(meaning, owner))
        gives_any = any(defines(meaning, owner, name) for name in _GIVE_ANY)
        kind = LIKELY_OBJECT if is_set or gives_any else FUNCTION
    if is_made_otherwise(meaning, owner):
        return Given(kind.kind, sure=False)
    for base in local_bases(meaning, owner):
        for binding in meaning.names.scopes[base].bindings.get("__new__", ()):
            if owner not in handler_classes(meaning) or depth >= _MAX_DEPTH:
                return LIKELY_OBJECT
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
    if param.default is not None and not is_none(param.default):
        default = given(meaning, param.default, depth + 1)
    if default is not None and default.kind is Kind.FUNCTION:
        handed.append(default)
    if any(one.kind is Kind.FUNCTION for one in handed):
        # Others may call with something else, which is an object by the contract.
        return Given(together(handed).kind, sure=False)
    return OBJECT if default in (None, NEITHER) else default


def _passed(meaning: Meaning, param: cst.Param) -> Iterator[str]:
    """The kinds of what the calls of other files give to `param`, which goes on as handler."""
    function = meaning.tree.parents[meaning.tree.parents[param]]
    if isinstance(function, cst.FunctionDef):
        place = f"{meaning.names.place}{meaning.names.scopes[function].qualname}"
        place = place.removesuffix(".__init__")  # who calls it names the class
        kinds = meaning.known.get(("python-passed", place))
        if isinstance(kinds, tuple):
            yield from kinds


def _known_item(
    meaning: Meaning, node: cst.BaseExpression, depth: int, *, keys: bool = False
) -> Given | None:
    """What the collection `node` holds: as it is written out, or by its annotation."""
    held = items(meaning, node, keys) if depth < _MAX_DEPTH else []
    known = [given(meaning, value, depth + 1) for value in held if value is not None]
    declared = declared_items(meaning, node, keys=keys) if None in held or not known else None
    if declared is not None or not known:
        return declared
    both = together(known)
    # What is not known is an object by the contract.
    return Given(both.kind, both.sure and (None not in held or both.kind is Kind.OBJECT))


def _of_attribute(meaning: Meaning, node: cst.Attribute, depth: int) -> Given:
    if node.attr.value == METHOD:
        return FUNCTION
    found = _of_own_attribute(meaning, node, depth)
    set_to = [given(meaning, value, depth + 1) for value in set_from_outside(meaning, node)]
    set_to += _overriding(meaning, node, depth)
    others = [one for one in set_to if one.kind is not Kind.NEITHER]
    if found == NEITHER and others:  # as it is made it may hold nothing
        return Given(together(others).kind, sure=False)
    if len({one.kind for one in others}) > 1:
        return NEITHER
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
    named = of_known(meaning, node)
    if named is not None:
        return named
    place = class_elsewhere(meaning, node.value)
    if is_known_class(meaning, place) and place is not None:
        told = far_member(meaning, place, name)
        return by_name(name) if told is None else Given(Kind(told[0]), told[1])
    if is_of_python(meaning, node.value, depth):
        return FUNCTION
    made = list(_classes_held(meaning, node.value))
    if made and None not in made:
        return together(_of_member(meaning, one, name, depth) for one in made if one is not None)
    likely = together(_of_likely(meaning, node, depth))
    return by_name(name) if likely.kind is Kind.NEITHER else Given(likely.kind, sure=False)


def _of_likely(meaning: Meaning, node: cst.Attribute, depth: int) -> Iterator[Given]:
    """What the attribute `node` is of the classes that its object may be an instance of."""
    name = node.attr.value
    for owner in instances(meaning, node.value):
        if isinstance(owner, cst.ClassDef):
            yield _of_member(meaning, owner, name, depth)
        elif is_known_class(meaning, owner) and (told := far_member(meaning, owner, name)):
            yield Given(Kind(told[0]), told[1])


def _classes_held(meaning: Meaning, node: cst.BaseExpression) -> Iterator[cst.ClassDef | None]:
    """The classes of this file that the attribute `node` holds instances of; `None`: another."""
    for value in values_of_attribute(meaning, node) if isinstance(node, cst.Attribute) else ():
        yield instance_class(meaning, value)


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
            return together([one for one in found if one is not None] or [NEITHER])
        known = known and all(is_known_base(meaning, base) for base in bases_of(defined))
    far = (meaning.meaning(base) for one in classes for base in bases_of(one))
    for place in [one for one in far if is_known_class(meaning, one) and one is not None]:
        told = far_member(meaning, place, name)
        if told is not None:
            return Given(Kind(told[0]), told[1])
    known = known and all(is_known_base(meaning, base) for base in bases_of(owner))
    if is_callback(name):
        return by_name(name)
    return OBJECT if known else LIKELY_OBJECT


def attributes(meaning: Meaning, owner: cst.ClassDef) -> tuple[tuple[str, str, bool], ...]:
    """What `owner` says its attributes are when they are given, and whether for certain."""
    names = dict.fromkeys((*meaning.names.scopes[owner].bindings, *own_settings(meaning, owner)))
    found: list[tuple[str, str, bool]] = []
    for name in names:
        held = [one for one in members(meaning, owner, name) if one is not None]
        if held:
            both = together(held)
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
            yield LIKELY_OBJECT if is_read_anew else _unless_none(meaning, binding.value, depth)
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
    return None if is_none(value) else given(meaning, value, depth + 1)


def _of_call(meaning: Meaning, node: cst.Call, depth: int) -> Given:
    func = node.func
    called = meaning.meaning(func)
    if called == "functools.partial":
        return of_function(meaning, node)
    if called in _MAKE_FUNCTIONS:
        return FUNCTION
    if called in _GIVE_ANOTHER and len(node.args) == 1:
        return given(meaning, node.args[0].value, depth + 1)
    if called in CASTS and len(node.args) == 2:
        declared = of_annotation(meaning, node.args[0].value)
        return declared or given(meaning, node.args[1].value, depth + 1)
    if (taken := taken_from(meaning, node)) is not None:
        return _of_lookup(meaning, taken, node, depth)
    if is_builtin(meaning, func):
        is_kept = dotted_text(func) in _GIVE_THEIR_OWN and len(node.args) == 1
        return given(meaning, node.args[0].value, depth + 1) if is_kept else LIKELY_OBJECT
    return _of_result(meaning, func, depth)


def _of_lookup(meaning: Meaning, taken: Inner, node: cst.Call, depth: int) -> Given:
    """What the call `node` takes from a collection: what that holds, or what stands in for it."""
    defaults = [given(meaning, one, depth + 1) for one in defaults_of(node)]
    held = _known_item(meaning, taken.node, depth, keys=taken.keys)
    if held is not None:
        return together((held, *defaults))
    collection, keys = taken
    while (again := given_again(collection, keys)) is not None:
        collection, keys = again
    named = by_names(text_of(node.args[0].value) or "", leaf_of(collection))
    if not defaults:
        return named
    default = together(defaults)
    return Given(default.kind, default.sure and named == OBJECT == default)


def _of_result(meaning: Meaning, func: cst.BaseExpression, depth: int) -> Given:
    """What a call of `func` gives."""
    if isinstance(func, cst.Lambda):
        return given(meaning, func.body, depth + 1)
    if isinstance(func, cst.IfExp):
        return together(_of_result(meaning, arm, depth + 1) for arm in (func.body, func.orelse))
    if isinstance(func, cst.Subscript):
        if (owner := class_of(meaning, func)) is not None:
            return _of_instance(meaning, owner, depth)
        if is_handler_class(meaning, meaning.meaning(func.value)):
            return OBJECT
        held = items(meaning, func.value) if depth < _MAX_DEPTH else []
        made = [_of_result(meaning, one, depth + 1) for one in held if one is not None]
        return together(made) if made else LIKELY_OBJECT
    called = meaning.meaning(func)
    function = definition(meaning, func)
    if isinstance(function, cst.FunctionDef):
        return _of_returns(meaning, function, depth)
    if isinstance(function, cst.ClassDef):
        return _of_instance(meaning, function, depth)
    method = next(iter(methods_called(meaning, func)), None)
    if method is not None:
        return _of_returns(meaning, method, depth)
    if is_known_class(meaning, called) and called is not None:
        methods = inherited_methods(meaning, called)
        return FUNCTION if "__call__" in methods and METHOD not in methods else OBJECT
    returned = meaning.known.get(("python-returns", called or ""))
    if isinstance(returned, tuple):
        return Given(Kind(returned[0]), bool(returned[1]))
    leaf = func.attr if isinstance(func, cst.Attribute) else func
    if isinstance(leaf, cst.Name) and not leaf.value[:1].isupper():
        # What a variable makes is an instance, by the contract; a function may give anything.
        return by_name(leaf.value) if called or is_callback(leaf.value) else OBJECT
    return OBJECT


def returns(meaning: Meaning, function: cst.FunctionDef) -> Given:
    """What `function` returns, to be given as handler."""
    return _of_returns(meaning, function, 0)


def _of_returns(meaning: Meaning, function: cst.FunctionDef, depth: int) -> Given:
    annotation = function.returns.annotation if function.returns else None
    declared = of_annotation(meaning, annotation)
    if declared is not None:
        return declared
    returned = [given(meaning, value, depth + 1) for value in returned_by(meaning, function)]
    return together(returned) if returned else OBJECT
