"""What is sent and kept in one file, and comes back where it is received or asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import all_arguments, is_local, name_of, receiver
from migrator.helpers.elixir.patterns import head_of

from ._results import results_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ._meaning import Meaning

# The callback that takes what is sent by each of the functions.
_CALLBACKS = {
    "handle_info": ((None, "send"), ("Kernel", "send"), ("Process", "send")),
    "handle_cast": (("GenServer", "cast"),),
    "handle_call": (("GenServer", "call"),),
}
RECEIVED = "handle_info"
_PUTS = (("Process", "put"), ("Application", "put_env"), (":persistent_term", "put"))
_TABLES = (":ets", ":dets")
_LOOKS = ("lookup", "match_object", "select", "tab2list", "take")
_GETS = {"Process": "get", "Application": "get_env", ":persistent_term": "get"}


class Stores:
    """The values of one file that others of its places get, by the way that they go."""

    def __init__(self, meaning: Meaning) -> None:
        self._sent: dict[str, list[Node]] = {}
        self._put: dict[tuple[str, str], list[Node]] = {}
        #: What is thrown, which a `catch` gets.
        self.thrown: list[Node] = []
        self._states: list[Node] = []
        self._entries: list[Node] = []
        self._meaning = meaning
        for call in meaning.calls:
            module, name = self._named(call)
            given = all_arguments(call)
            for callback, senders in _CALLBACKS.items():
                if (module, name) in senders and len(given) > 1:
                    self._sent.setdefault(callback, []).append(given[1])
            if (module, name) in _PUTS and len(given) > 1:
                key = (module or "", given[-2].text)
                self._put.setdefault(key, []).append(given[-1])
            if is_local(call, "throw"):
                self.thrown += given[:1]
            if module in _TABLES and name in ("insert", "insert_new") and len(given) == 2:
                self._entries.append(given[1])
            if module == "Agent" and name in ("update", "start_link", "start") and given:
                self._states += results_of(given[1] if name == "update" else given[0])

    def _named(self, call: Node) -> tuple[str | None, str | None]:
        on = receiver(call)
        if on is None:
            return None, name_of(call)
        return self._meaning.names.name(on) or on.text, name_of(call)

    def received(self, definition: Node | None = None) -> list[Node]:
        """What a `receive` gets, or the callback that `definition` is a clause of."""
        head = head_of(definition) if definition is not None else (RECEIVED, 1, 1)
        return self._sent.get(head[0], []) if head is not None else []

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
            if given[1].text.replace(" ", "") == "&&1":
                yield from self._states
