"""What things come to by all that they lead to, in circles perhaps, each looked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    T = TypeVar("T", bound=Hashable)
    R = TypeVar("R", bound=Hashable)


def gathered(
    start: T,
    known: dict[T, tuple[R, ...]],
    found: Callable[[T], Iterable[R]],
    ahead: Callable[[T], Iterable[T]],
) -> tuple[R, ...]:
    """All that is found in `start` and in what it leads to, without repeats.

    `found` tells what is in one thing itself, `ahead` what that leads to. `known` remembers the
    answers from one call to the next. Things that lead to each other have all in common: Tarjan's
    strongly connected components.
    """
    order: dict[T, int] = {}
    lowest: dict[T, int] = {}
    leads: dict[T, list[T]] = {}
    together: list[T] = []
    around: list[tuple[T, Iterator[T]]] = []

    def enter(one: T) -> None:
        order[one] = lowest[one] = len(order)
        leads[one] = list(dict.fromkeys(ahead(one)))
        together.append(one)
        around.append((one, iter(leads[one])))

    if start not in known:
        enter(start)
    while around:
        current, left = around[-1]
        following = next((one for one in left if one not in known), None)
        if following is not None and following not in order:
            enter(following)
        elif following is not None:
            lowest[current] = min(lowest[current], order[following])
        else:
            around.pop()
            if around:
                outer, _ = around[-1]
                lowest[outer] = min(lowest[outer], lowest[current])
            if lowest[current] == order[current]:
                members = _behind(together, current)
                answer = tuple(_all(members, leads, known, found))
                known.update(dict.fromkeys(members, answer))
    return known[start]


def _behind(together: list[T], first: T) -> list[T]:
    """Take from the end of `together` all down to `first`."""
    members = [together.pop()]
    while members[-1] != first:
        members.append(together.pop())
    return members


def _all(
    members: Iterable[T],
    leads: dict[T, list[T]],
    known: dict[T, tuple[R, ...]],
    found: Callable[[T], Iterable[R]],
) -> dict[R, None]:
    """What is found in `members`, and known of what they lead to."""
    gathered_: dict[R, None] = {}
    for one in members:
        gathered_.update(dict.fromkeys(found(one)))
        for other in leads[one]:
            gathered_.update(dict.fromkeys(known.get(other, ())))
    return gathered_
