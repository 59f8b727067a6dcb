"""What functions of the language give: which parts of what they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import all_arguments, atom_of, is_local, name_of, receiver

from ..reading.bindings import Kind, Step
from .results import results_of
from .ways import ANY_ITEM, AWAITED, OF_PAIR, Part, Ways, inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from migrator.languages.elixir import Node

    from .calling import Calling

    Path = tuple[Step, ...]
    Gives = Callable[[list[Node], Kind, Path], "Ways | None"]

#: Modules whose functions go through lists.
LOOPS = frozenset({"Enum", "Stream"})
#: Modules whose functions go through pairs of keys and values.
KEYED = frozenset({"Keyword", "Map"})
EMPTY = frozenset({"%{}", "[]", '""', "nil", "Map.new()", "MapSet.new()"})
_FIRST = Step("tuple", 0)

# Functions by what they give: one of the list that they are given; a list of the same items.
_ONES = frozenset(
    {
        *("List.first", "List.last", "List.last!", "Enum.at", "Enum.fetch!", "Enum.find"),
        *("Enum.max_by", "Enum.min_by", "Enum.random", "hd"),
    }
)
_SAME = frozenset(
    {
        *("concat", "dedup", "dedup_by", "drop", "drop_every", "drop_while", "each", "filter"),
        *("intersperse", "into", "reject", "reverse", "shuffle", "slice", "sort", "sort_by"),
        *("take", "take_every", "take_random", "take_while", "to_list", "uniq", "uniq_by"),
        *("cycle", "delete", "delete_at"),
    }
)
_SPLITS = frozenset({"partition", "split", "split_while", "split_with", "min_max_by"})
_CHUNKS = frozenset({"chunk_by", "chunk_every", "chunk_while"})
_MAPPED = frozenset({"Enum.map", "Stream.map"})
_FLAT = frozenset({"Enum.flat_map", "Stream.flat_map"})
_PUTS = frozenset({"put", "put_new", "replace", "replace!"})
_UPDATES = frozenset({"update", "update!"})
_LESS = frozenset({"delete", "drop", "take", "filter", "reject", "to_list", "new", "from_struct"})
_GETS = frozenset({"get", "get_lazy", "fetch!"})
_ITSELF = frozenset({"Function.identity", "Map.to_list", "Keyword.to_list", "tap", "dbg"})


def given_by(calling: Calling, call: Node, kind: Kind, path: Path) -> Ways | None:
    """What `path` leads to in what `call` gives; `None` where nothing is known of the function."""
    given = all_arguments(call) if call.kind == "call" else []
    asked = _asked_for(calling, call, given)
    if asked is not None:
        base, steps = asked
        kept = Part(Kind.VALUE, base, (*steps, *inside(kind, path)))
        otherwise = _otherwise(call, given, kind, path)
        return _ways([kept, *otherwise], is_any=bool(otherwise))
    if not given:
        return None
    module = calling.module(call)
    name = name_of(call) or ""
    full = f"{module}.{name}" if receiver(call) is not None else name
    if full in _ITSELF:
        return _ways([Part(kind, given[0], path)])
    if full in _ONES:
        return _ways([Part(Kind.ITEM, given[0], inside(kind, path))])
    if full == "then" and len(given) == 2:
        return _results(given[1], kind, path)
    if module == "Task" or module.startswith("Task."):
        return _of_task(name, given, kind, path)
    if is_local(call, "put_in", "update_in"):
        return _in_path(name, given, kind, path)
    if is_local(call, "struct", "struct!"):
        return _ways([Part(kind, one, path) for one in reversed(given)], is_any=True)
    if is_local(call, "for"):
        return _results(call, Kind.VALUE, path) if kind is Kind.ITEM else None
    if module in KEYED and kind is Kind.VALUE:
        return _of_keyed(name, given, path)
    if module in KEYED:
        return _of_pairs(name, given, path)
    if module in LOOPS or module == "List":
        return _of_list(full, name, given, kind, path)
    return None


def _ways(parts: Iterable[Part], *, is_any: bool = False) -> Ways:
    return Ways(tuple(parts), is_any)


def _results(function: Node, kind: Kind, path: Path) -> Ways:
    return _ways(Part(kind, one, path) for one in results_of(function))


def path_of(node: Node) -> tuple[Node, Path]:
    """What a path begins at, and its keys: `state` and `:log` of `state.log` or `state[:log]`."""
    steps: list[Step] = []
    while True:
        base, key = _key_of(node)
        if base is None or key is None:
            return node, tuple(reversed(steps))
        steps.append(Step("key", key))
        node = base


def _key_of(node: Node) -> tuple[Node | None, str | None]:
    """What `map.key` or `map[:key]` asks, and the key."""
    if node.kind == "access_call":
        return node.child("target"), key_of(node.child("key"))
    on = receiver(node) if node.kind == "call" and node.of("arguments") is None else None
    if on is None or on.kind == "alias":
        return None, None
    return on, name_of(node)


def key_of(node: Node | None) -> str | None:
    """A key as patterns tell it."""
    return atom_of(node) or (node.text if node is not None and node.kind == "string" else None)


def keys_of(node: Node) -> Path | None:
    """The keys in the list `node`."""
    keys = [key_of(one) for one in node.children] if node.kind == "list" else []
    return tuple(Step("key", one) for one in keys if one) if keys and all(keys) else None


def _asked_for(calling: Calling, call: Node, given: Sequence[Node]) -> tuple[Node, Path] | None:
    """What `map.key`, `map[:key]`, `Map.get(map, :key)` or `elem(tuple, 0)` asks, and for what."""
    base, key = _key_of(call) if not given else (None, None)
    if base is not None and key is not None:
        return base, (Step("key", key),)
    name = name_of(call) or ""
    if calling.module(call) in (*KEYED, "Access") and name in _GETS and len(given) > 1:
        key = key_of(given[1])
        return (given[0], (Step("key", key),)) if key is not None else None
    if call.local == "get_in" and len(given) == 2:
        keys = keys_of(given[1])
        return (given[0], keys) if keys is not None else None
    is_element = name == "elem" and calling.module(call) in ("", "Kernel")
    if is_element and len(given) == 2 and given[1].kind == "integer":
        return given[0], (Step("tuple", int(given[1].text)),)
    return None


def _otherwise(call: Node, given: Sequence[Node], kind: Kind, path: Path) -> list[Part]:
    """What `Map.get(map, :key, otherwise)` gives where there is no such key."""
    if len(given) < 3 or given[2].text in EMPTY:
        return []
    if name_of(call) == "get_lazy":
        return list(_results(given[2], kind, path).parts)
    return [Part(kind, given[2], path)]


# By module


def _of_task(name: str, given: list[Node], kind: Kind, path: Path) -> Ways | None:
    if name in ("async", "async_nolink") and path[:1] == (AWAITED,):
        return _results(given[-1], kind, path[1:])
    if name == "await":
        return _ways([Part(Kind.VALUE, given[0], (AWAITED, *inside(kind, path)))])
    if name == "await_many" and kind is Kind.ITEM:
        return _ways([Part(Kind.ITEM, given[0], (AWAITED, *path))])
    is_streamed = name.startswith("async_stream") and kind is Kind.ITEM
    if is_streamed and path[:1] == (OF_PAIR,) and len(given) > 1:
        return _results(given[1], Kind.VALUE, path[1:])
    return None


def _in_path(name: str, given: list[Node], kind: Kind, path: Path) -> Ways | None:
    """What `put_in(map.key, value)` or `put_in(map, [:key], value)` makes of the map."""
    if kind is not Kind.VALUE or len(given) < 2:
        return None
    base, keys = path_of(given[0]) if len(given) == 2 else (given[0], keys_of(given[1]))
    if keys is None or path[: len(keys)] != keys:
        return _ways([Part(kind, base, path)])
    rest = path[len(keys) :]
    if name == "put_in":
        return _ways([Part(kind, given[-1], rest)])
    return _results(given[-1], kind, rest)


def _of_keyed(name: str, given: list[Node], path: Path) -> Ways | None:
    """What functions of maps and keyword lists give."""
    base, first = given[0], path[0] if path else None
    key = key_of(given[1]) if len(given) > 1 else None
    if first is None:
        return None
    if name in ("fetch", "pop") and first.kind == "tuple" and key is not None:
        if first.place == (1 if name == "fetch" else 0):
            return _ways([Part(Kind.VALUE, base, (Step("key", key), *path[1:]))])
        return _ways([Part(Kind.VALUE, base, path[1:])])
    if first.kind != "key":
        return None
    if name == "merge" and len(given) > 1:
        return _ways([Part(Kind.VALUE, one, path) for one in reversed(given[:2])], is_any=True)
    if name in _LESS:
        return _ways([Part(Kind.VALUE, base, path)])
    if name not in _PUTS | _UPDATES or len(given) < 3:
        return None
    if key is not None and key != first.place:
        return _ways([Part(Kind.VALUE, base, path)])
    values = [given[2]] if name in _PUTS or len(given) > 3 else []
    parts = [Part(Kind.VALUE, one, path[1:]) for one in values if one.text not in EMPTY]
    if name in _UPDATES:
        parts += _results(given[-1], Kind.VALUE, path[1:]).parts
    return _ways(parts, is_any=key is None)


def _of_pairs(name: str, given: list[Node], path: Path) -> Ways | None:
    """The items of the lists that functions of maps give."""
    if name == "values":
        return _ways([Part(Kind.ITEM, given[0], (OF_PAIR, *path))])
    if name in _LESS and len(given) == 1:
        return _ways([Part(Kind.ITEM, given[0], path)])
    return None


def _of_list(full: str, name: str, given: list[Node], kind: Kind, path: Path) -> Ways | None:
    """What functions that go through a list give: `given[0]` is that."""
    items, last = given[0], given[-1]
    first = path[0] if path else None
    if kind is Kind.ITEM:
        return _listed(full, name, given, path)
    if name in ("reduce", "reduce_while", "find_value", "into") and len(given) > 1:
        return _folded(name, given, kind, path)
    if first is not None and first.kind == "tuple" and name in _SPLITS:
        is_list = len(path) > 1 and path[1].kind == "list"
        return _ways([Part(Kind.ITEM, items, path[2 if is_list else 1 :])])
    if full in ("Enum.fetch", "List.pop_at") and first is not None:
        if first == (OF_PAIR if name == "fetch" else _FIRST)._replace(tags=first.tags):
            return _ways([Part(Kind.ITEM, items, path[1:])])
    if name == "scan":
        return _results(last, kind, path)
    if name == "map_reduce" and first is not None and first._replace(tags=None) == _FIRST:
        is_list = len(path) > 1 and path[1].kind == "list"
        return _results(last, Kind.VALUE, (_FIRST, *path[2:])) if is_list else None
    return None


def _folded(name: str, given: list[Node], kind: Kind, path: Path) -> Ways | None:
    """What is made of a list as a whole."""
    if name == "into":
        return _ways([Part(kind, given[0], path)])
    if name == "find_value":
        return _results(given[-1], kind, path)
    # What `reduce_while` goes on with, or stops at, is the second of a pair.
    inner = (OF_PAIR, *inside(kind, path)) if name == "reduce_while" else path
    kept = Kind.VALUE if name == "reduce_while" else kind
    parts = list(_results(given[-1], kept, inner).parts)
    if len(given) > 2 and given[1].text not in EMPTY:
        parts.append(Part(kind, given[1], path))
    return _ways(parts)


def _listed(full: str, name: str, given: list[Node], path: Path) -> Ways | None:
    """The items of the list that a function gives."""
    items, last = given[0], given[-1]
    first = path[0] if path else None
    if full in _MAPPED and len(given) == 2:
        return _results(last, Kind.VALUE, path)
    if full in _FLAT and len(given) == 2:
        return _results(last, Kind.ITEM, path)
    if name in ("reduce", "reduce_while") and len(given) > 1:
        return _folded(name, given, Kind.ITEM, path)
    if full == "List.wrap":
        whole = Part(Kind.VALUE, items, path)
        return _ways([whole, Part(Kind.ITEM, items, path)], is_any=True)
    if full == "List.flatten" or (name == "concat" and len(given) == 1):
        inner = Part(Kind.ITEM, items, (ANY_ITEM, *path))
        return _ways([inner, Part(Kind.ITEM, items, path)], is_any=True)
    if name == "concat":
        return _ways([Part(Kind.ITEM, one, path) for one in given], is_any=True)
    if full in ("List.insert_at", "List.replace_at") and len(given) == 3:
        return _ways([Part(Kind.VALUE, last, path), Part(Kind.ITEM, items, path)], is_any=True)
    if full == "List.duplicate":
        return _ways([Part(Kind.VALUE, items, path)])
    if name in _SAME:
        return _ways([Part(Kind.ITEM, items, path)])
    if name == "with_index" and first is not None and first.place == 0:
        return _ways([Part(Kind.ITEM, items, path[1:])])
    if name == "zip" and first is not None and first.kind == "tuple":
        place = int(first.place)
        return _ways([Part(Kind.ITEM, given[place], path[1:])]) if place < len(given) else None
    if name in _CHUNKS and first is not None and first.kind == "list":
        return _ways([Part(Kind.ITEM, items, path[1:])])
    if name == "scan":
        return _results(last, Kind.VALUE, path)
    return None
