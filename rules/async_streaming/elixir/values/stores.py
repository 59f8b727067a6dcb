"""What is sent and kept in one file, and comes back where it is received or asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import all_arguments, bare, is_local, name_of, pairs, receiver
from migrator.helpers.elixir.patterns import head_of, is_pattern

from .functions import EMPTY, KEYED, key_of, keys_of, path_of
from .results import results_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.elixir.names import Module
    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning

# The callback that takes what is sent by each of the functions.
_CALLBACKS = {
    "handle_info": ((None, "send"), ("Kernel", "send"), ("Process", "send")),
    "handle_cast": (("GenServer", "cast"),),
    "handle_call": (("GenServer", "call"),),
}
RECEIVED = "handle_info"
# Where the tuples that callbacks of a server give hold its state, by their first and their size.
_STATES = {
    ("noreply", 2): 1,
    ("noreply", 3): 1,
    ("ok", 2): 1,
    ("ok", 3): 1,
    ("reply", 3): 2,
    ("reply", 4): 2,
    ("stop", 3): 2,
    ("stop", 4): 3,
}
_SERVES = frozenset({"init", "handle_call", "handle_cast", "handle_continue", "handle_info"})
_ENDS = frozenset({"code_change", "format_status", "terminate"})
_PUTS = (("Process", "put"), ("Application", "put_env"), (":persistent_term", "put"))
_TABLES = (":ets", ":dets")
_LOOKS = ("lookup", "match_object", "select", "tab2list", "take")
_GETS = {"Process": "get", "Application": "get_env", ":persistent_term": "get"}
# Functions that give the state of an Agent as it is, or its items in another order.
_AS_IT_IS = frozenset({"&&1", "&Function.identity/1", "&Enum.reverse/1", "&Enum.to_list/1"})
_KEPT_BY_KEY = frozenset({"put", "put_new", "replace", "replace!", "update", "update!"})


class Stores:
    """The values of one file that others of its places get, by the way that they go."""

    def __init__(self, meaning: Meaning) -> None:
        #: What is sent, by the callback that takes it.
        self.sent: dict[str, list[Node]] = {}
        self._put: dict[tuple[str, str], list[Node]] = {}
        #: What is thrown, which a `catch` gets.
        self.thrown: list[Node] = []
        #: What the Agents of the file keep.
        self.states: list[Node] = []
        self._entries: list[Node] = []
        self._under: dict[str, list[Node]] = {}
        self._served: dict[Module | None, list[Node]] = {}
        self._replies: list[Node] = []
        self._meaning = meaning
        for call in meaning.calls:
            self._call(call)
        for (module, name), clauses in meaning.definitions.items():
            for one in clauses if name in _SERVES else ():
                self._serve(module, one.call)
        for mapping in meaning.tree.of("keywords", "map"):
            for pair in pairs(mapping) if not is_pattern(mapping) else ():
                self._keep(pair.key, pair.value)

    def _call(self, call: Node) -> None:
        module, name = self._named(call)
        given = all_arguments(call)
        for callback, senders in _CALLBACKS.items():
            if (module, name) in senders and len(given) > 1:
                self.sent.setdefault(callback, []).append(given[1])
        if (module, name) in _PUTS and len(given) > 1:
            key = (module or "", given[-2].text)
            self._put.setdefault(key, []).append(given[-1])
        if is_local(call, "throw"):
            self.thrown += given[:1]
        if module in _TABLES and name in ("insert", "insert_new") and len(given) == 2:
            self._entries.append(given[1])
        if module == "Agent" and name in ("cast", "update", "start_link", "start") and given:
            self.states += results_of(given[0] if name.startswith("start") else given[-1])
        if module in KEYED and name in _KEPT_BY_KEY and len(given) > 2:
            key_given = key_of(given[1])
            values = given[2:] if name.startswith("update") else given[2:3]
            for one in values if key_given is not None else ():
                self._keep(key_given or "", one)
        if is_local(call, "put_in", "update_in") and len(given) > 1:
            keys = path_of(given[0])[1] if len(given) == 2 else keys_of(given[1])
            if keys:
                self._keep(str(keys[-1].place), given[-1])

    def _keep(self, key: str, value: Node) -> None:
        made = list(results_of(value)) or [value]
        self._under.setdefault(key, []).extend(one for one in made if one.text not in EMPTY)

    def _serve(self, module: Module | None, definition: Node) -> None:
        for result in map(bare, results_of(definition)):
            parts = result.children if result.kind == "tuple" else []
            tag = parts[0].text.removeprefix(":") if parts else ""
            place = _STATES.get((tag, len(parts)))
            if place is not None:
                self._served.setdefault(module, []).append(parts[place])
            if tag in ("reply", "stop") and len(parts) > 2:
                self._replies.append(parts[1 if tag == "reply" else -2])

    def _named(self, call: Node) -> tuple[str | None, str | None]:
        on = receiver(call)
        if on is None:
            return None, name_of(call)
        return self._meaning.names.name(on) or on.text, name_of(call)

    def received(self, definition: Node | None = None) -> list[Node]:
        """What a `receive` gets, or the callback that `definition` is a clause of."""
        head = head_of(definition) if definition is not None else (RECEIVED, 1, 1)
        return self.sent.get(head[0], []) if head is not None else []

    def served(self, definition: Node, place: int) -> list[Node]:
        """What the state of a server is that comes to `definition`, a clause of it, at `place`."""
        head = head_of(definition)
        if head is None or head[0] not in _SERVES | _ENDS or place != head[2] - 1 or not place:
            return []
        return self._served.get(self._meaning.names.module(definition), [])

    def under(self, key: str) -> list[Node]:
        """What is kept under `key` in maps of the file."""
        return self._under.get(key, [])

    def entries(self, call: Node) -> list[Node]:
        """What `call` gives a list of, where it looks into a table."""
        module, name = self._named(call)
        return self._entries if module in _TABLES and name in _LOOKS else []

    def kept(self, call: Node) -> Iterator[Node]:
        """What was kept before of what `call` asks for."""
        module, name = self._named(call)
        given = all_arguments(call)
        if module in _GETS and name in (_GETS[module], f"{_GETS[module]}!") and given:
            key = given[1] if module == "Application" and len(given) > 1 else given[0]
            yield from self._put.get((module, key.text), [])
        elif module == "Agent" and name == "get" and len(given) == 2:
            if given[1].text.replace(" ", "") in _AS_IT_IS:
                yield from self.states
            else:
                yield from results_of(given[1])
        elif module == "GenServer" and name == "call":
            yield from self._replies
