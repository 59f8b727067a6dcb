"""Events that go as messages from file to file: sent in one, received in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Fact
from migrator.helpers.elixir.calls import atom_of, bare

from ..reading.bindings import Step
from ..reading.meaning import SENDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning
    from .stores import Stores
    from .whole import Whole

    Path = tuple[Step, ...]

#: How deep in the tuples of a message an event is looked for.
_NESTED = 3
_RECEIVES = ("receive", "assert_receive", "assert_received")


def facts(whole: Whole, stores: Stores, path: str) -> Iterator[Fact]:
    """The messages of a file that hold an event, by what takes them and where in them it is."""
    for callback, messages in stores.sent.items():
        places = {place for one in messages for place in _events_in(whole, one)}
        for place in sorted(places, key=repr):
            plain = tuple(map(tuple, place))
            yield Fact(SENDS, f"{callback} {plain!r}", (callback, plain), path)


def learn(fact: Fact) -> Fact:
    """What files are told that may receive such a message."""
    callback = fact.value[0] if isinstance(fact.value, tuple) else ""
    words = tuple((word,) for word in (*_RECEIVES, str(callback)))
    return Fact(SENDS, fact.key, fact.value, words=words)


def sent_elsewhere(meaning: Meaning) -> dict[str, list[Path]]:
    """Where in messages of other files an event is, by the callback that takes them."""
    found: dict[str, list[Path]] = {}
    for (kind, _), value in meaning.known.items():
        if kind == SENDS and isinstance(value, tuple):
            found.setdefault(value[0], []).append(tuple(Step(*one) for one in value[1]))
    return found


def may_be(asked: Path, sent: Path) -> bool:
    """Whether the part of a message that a pattern, or a function, asks for may be that one."""
    return len(asked) == len(sent) and all(map(_is_same, asked, sent))


def _is_same(asked: Step, sent: Step) -> bool:
    if (asked.kind, asked.place) != (sent.kind, sent.place):
        return False
    if asked.tags is None or sent.tags is None:
        return True
    both = list(zip(asked.tags, sent.tags, strict=False))
    is_other = any(one and other and one != other for one, other in both)
    return len(asked.tags) == len(sent.tags) and not is_other


def _events_in(whole: Whole, message: Node, depth: int = 0) -> Iterator[Path]:
    """Where in `message` events stand."""
    message = bare(message)
    if whole.value(message) is not None:
        yield ()
    elif message.kind == "tuple" and depth < _NESTED:
        tags = tuple(map(atom_of, message.children))
        for place, one in enumerate(message.children):
            for rest in _events_in(whole, one, depth + 1):
                yield (Step("tuple", place, tags), *rest)
