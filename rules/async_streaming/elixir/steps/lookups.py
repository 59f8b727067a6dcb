"""Keys that are looked up, set, deleted or asked for: `step[:key]`, `step.key`, `Map.get/2`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import (
    arguments,
    has_arguments,
    is_local,
    is_piped_into,
    name_of,
    operator,
    pairs,
    receiver,
)
from migrator.helpers.elixir.patterns import in_type, is_pattern
from migrator.helpers.elixir.variables import variables

from ..reading.context import below
from ..reading.shapes import COMPARISONS, compared_with
from ..reading.uses import Attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning

_BY_KEY = frozenset(
    {
        "delete", "delete_first", "fetch", "fetch!", "get", "get_and_update", "get_and_update!",
        "get_lazy", "get_values", "has_key?", "pop", "pop!", "pop_first", "pop_lazy", "put",
        "put_new", "put_new_lazy", "pop_values", "replace", "replace!", "replace_lazy", "update",
        "update!",
    }
)  # fmt: skip
_BY_KEYS = frozenset({"drop", "split", "take", "validate", "validate!"})
_BY_NAME = frozenset(
    {"compile_env", "compile_env!", "delete_env", "fetch_env", "fetch_env!", "get_env", "put_env"}
)
# Functions of Erlang that are given the key first.
_ERLANG = {
    ":erlang": frozenset({"is_map_key", "map_get"}),
    ":lists": frozenset({"keydelete", "keyfind", "keymember", "keysearch", "keytake"}),
    ":maps": frozenset({"find", "get", "is_key", "put", "remove", "take", "update"}),
    ":proplists": frozenset({"delete", "get_all_values", "get_bool", "get_value", "is_defined"}),
}
_WORDS = re.compile(r"~[wW]\W(.*)\W[acs]?", re.DOTALL)
_PATHS = ("get_in", "put_in", "update_in", "pop_in", "get_and_update_in")
#: Modules whose functions are given the pairs of a mapping, one by one.
_OVER_PAIRS = ("Enum", "Keyword", "Map", "Stream")
#: Operators with the keys of something on one side.
_OF_KEYS = (*COMPARISONS, "--")
#: Functions of `Ecto.Changeset` that are given the names of fields.
_CASTS = ("cast", "validate_required")
#: Those that are given one field behind the changeset.
_OF_A_FIELD = frozenset(
    {
        "add_error", "changed?", "delete_change", "fetch_change", "fetch_change!", "fetch_field",
        "fetch_field!", "field_missing?", "force_change", "get_change", "get_field", "put_change",
        "update_change", "validate_acceptance", "validate_change", "validate_confirmation",
        "validate_exclusion", "validate_format", "validate_inclusion", "validate_length",
        "validate_number", "validate_required", "validate_subset",
    }
)  # fmt: skip
_IN_TYPES = ("required", "optional")
# What the value of an option is in a type, and hardly what a message brings.
_OF_OPTIONS = re.compile(r"(?:boolean|module)\(\)")
# `config :app, :key, value` sets what `Application.get_env(:app, :key)` gets.
_CONFIGURED = 3
_KEYS_OF_STRUCTS = ("defstruct", "enforce_keys", "field")


@dataclass(frozen=True)
class Lookup:
    """`key` is the node that names the key; `base` what is asked, where that is one expression.

    `word` is the key where the node is a list of words: `~w(stream id)a`.
    """

    key: Node
    base: Node | None
    word: str = ""


def lookups(meaning: Meaning) -> Iterator[Lookup]:
    """Every place of the file where something is asked for by a literal key.

    A key, or a list of keys, may be what an attribute is set to: then it is named there.
    """
    attributes = Attributes(meaning)
    for found in _lookups(meaning):
        name = attribute_name(found.key)
        if name is None:
            yield found
            continue
        for value in attributes.values(meaning.names.module(found.key), name):
            yield from _one_or_listed(value)


def _lookups(meaning: Meaning) -> Iterator[Lookup]:
    for node in meaning.tree.of("access_call", "binary_operator", "call", "tuple"):
        if node.kind == "access_call":
            key = node.child("key")
            if key is not None:
                yield Lookup(key, node.child("target"))
        elif node.kind == "call":
            yield from _call(meaning, node)
        elif node.kind == "tuple":
            if len(node.children) == 2 and _is_pair(meaning, node):
                yield Lookup(node.children[0], None)
                yield from _compared(meaning, node)
        elif node.kind == "binary_operator":
            yield from _among_keys(node)


def _among_keys(node: Node) -> Iterator[Lookup]:
    """What is looked for in the keys of something, or is to be all of them."""
    left, right = node.child("left"), node.child("right")
    if left is None or right is None:
        return
    if operator(node) in ("in", "not in") and name_of(right) == "keys":
        given = arguments(right)
        yield Lookup(left, given[0] if given else None)
    elif operator(node) in _OF_KEYS:
        for keys, other in ((left, right), (right, left)):
            if name_of(keys) == "keys" and other.kind in ("list", "sigil"):
                yield from _listed(other)


def _compared(meaning: Meaning, pair: Node) -> Iterator[Lookup]:
    """What the key of a pair is compared with where pairs are gone through."""
    key = pair.children[0]
    around = next((one for one in pair.up() if _is_function(one) or is_local(one, "for")), None)
    if key.kind != "identifier" or around is None:
        return
    for one in variables(meaning.source).named(key.text, around.span):
        for told in compared_with(one):
            yield from _one_or_listed(told)


def _call(meaning: Meaning, call: Node) -> Iterator[Lookup]:
    on, name = receiver(call), name_of(call)
    if on is None:
        yield from _local(call)
        return
    module = meaning.names.name(on)
    if module is None and on.kind != "atom":
        if not has_arguments(call) and not _is_captured(call):
            target = call.child("target")
            right = target.child("right") if target is not None else None
            if right is not None:
                yield Lookup(right, on)
        return
    if module in ("Map", "Keyword", "Access") and name in _BY_KEY:
        yield from _argument(call, 1)
    elif module in ("Map", "Keyword") and name in _BY_KEYS:
        yield from _items(call)
    elif module == "List" and name is not None and name.startswith("key"):
        if any(one.text == "0" for one in arguments(call)):
            yield from _argument(call, 1)
    elif module == "Access" and name in ("key", "key!"):
        yield from (Lookup(key, None) for key in arguments(call)[:1])
    elif module == "Application" and name in _BY_NAME:
        yield from (Lookup(key, None) for key in arguments(call)[1:2])
    elif module == "Ecto.Changeset":
        yield from _of_changeset(call, name)
    elif name in _ERLANG.get(on.text, ()):
        yield from (Lookup(key, None) for key in arguments(call)[:1])


def _is_pair(meaning: Meaning, node: Node) -> bool:
    """Whether a tuple is a pair of a mapping: before its rest, in a type, or as pairs are made."""
    around = node.parent
    if around is None:
        return False
    if in_type(node):
        return _OF_OPTIONS.match(node.children[1].text) is not None
    if around.kind == "binary_operator" and around.child("left") is node:
        is_item = around.parent is not None and around.parent.kind == "list"
        is_drawn = around.parent is not None and is_local(around.parent.parent, "for")
        return (operator(around) == "|" and is_item) or (operator(around) == "<-" and is_drawn)
    function = next((one for one in node.up() if _is_function(one)), None)
    call = function.parent.parent if function is not None and function.parent is not None else None
    return (
        call is not None
        and meaning.names.name(receiver(call)) in _OVER_PAIRS
        and (is_pattern(node) or _is_result(node))
    )


def _is_result(node: Node) -> bool:
    """Whether a function gives `node`: it is all of a capture, or the last of a clause."""
    around = node.parent
    if around is None or around.kind == "unary_operator":
        return around is not None
    clause = around.parent
    is_last = around.kind == "body" and around.children[-1] is node
    return is_last and clause is not None and clause.kind == "stab_clause"


def _is_function(node: Node) -> bool:
    is_capture = node.kind == "unary_operator" and operator(node) == "&"
    return is_capture or node.kind == "anonymous_function"


def _local(call: Node) -> Iterator[Lookup]:
    if is_local(call, *_CASTS, *_OF_A_FIELD):
        yield from _of_changeset(call, name_of(call))
    elif is_local(call, *_IN_TYPES) and in_type(call):
        yield from (Lookup(key, None) for key in arguments(call)[:1])
    elif is_local(call, *_PATHS):
        # Only the first key of a path is asked of what the path begins at.
        for place, one in enumerate(_items(call)):
            yield one if not place else replace(one, base=None)
    elif is_local(call, "config") and len(arguments(call)) == _CONFIGURED:
        yield Lookup(arguments(call)[1], None)
    elif is_local(call, "is_map_key"):
        yield from _argument(call, 1)
    elif is_local(call, *_KEYS_OF_STRUCTS):
        for given in arguments(call)[:1]:
            yield from _one_or_listed(given)
    elif is_local(call, "derive"):
        for given in arguments(call)[:1]:
            for node in below(given):
                if node.kind == "keywords":
                    listed = [one.value for one in pairs(node) if one.key in ("only", "except")]
                    yield from (found for value in listed for found in _listed(value))


def _of_changeset(call: Node, name: str | None) -> Iterator[Lookup]:
    """The fields that a changeset takes, or the one that it is asked for."""
    if name in _CASTS:
        for given in arguments(call):
            if given.kind in ("list", "sigil") or attribute_name(given) is not None:
                yield from _listed(given)
    if name in _OF_A_FIELD:
        for found in _argument(call, 1):
            if found.key.kind == "atom":
                # What is asked is no step, but holds one.
                yield replace(found, base=None)


def _argument(call: Node, place: int) -> Iterator[Lookup]:
    given = arguments(call)
    if is_piped_into(call):
        piped = call.parent.child("left") if call.parent is not None else None
        given = [piped or call, *given]
    if len(given) > place:
        yield Lookup(given[place], given[0])


def _items(call: Node) -> Iterator[Lookup]:
    """The keys in the list that is the second argument."""
    for found in _argument(call, 1):
        yield from (replace(one, base=found.base) for one in _listed(found.key))


def _one_or_listed(node: Node) -> Iterator[Lookup]:
    """The keys in a list, or the one that `node` is."""
    yield from _listed(node) if node.kind in ("list", "sigil") else [Lookup(node, None)]


def _listed(node: Node) -> Iterator[Lookup]:
    """The keys in a list, or in a list of words."""
    if attribute_name(node) is not None:
        yield Lookup(node, None)
    elif node.kind == "list":
        yield from (Lookup(key, None) for key in node.children)
    elif node.kind == "sigil" and (found := _WORDS.fullmatch(node.text)) is not None:
        yield from (Lookup(node, None, word) for word in dict.fromkeys(found[1].split()))


def _is_captured(call: Node) -> bool:
    """Whether `call` is `mod.name` of `&mod.name/1`."""
    parent = call.parent
    return parent is not None and parent.kind == "binary_operator" and operator(parent) == "/"
