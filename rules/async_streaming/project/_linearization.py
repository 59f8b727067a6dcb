"""The order in which Python looks for a method in a class and its bases."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


def linearization(owner: T, bases_of: Callable[[T], Sequence[T]]) -> list[T] | None:
    """`owner` and all that it derives from, first the one that is asked first.

    `None` where there is no such order: Python refuses such a class, and one that leads to itself.
    """
    orders: dict[T, list[T] | None] = {}
    waiting = [owner]
    while waiting:
        current = waiting[-1]
        left = [base for base in bases_of(current) if base not in orders]
        if current not in orders and left:
            orders[current] = None  # what leads back to it finds no order
            waiting += left
            continue
        waiting.pop()
        bases = list(bases_of(current))
        found = [orders[base] for base in bases]
        known = [list(order) for order in found if order is not None]
        merged = _merged([*known, bases]) if len(known) == len(found) else None
        orders[current] = None if merged is None else [current, *merged]
    return orders[owner]


def _merged(orders: Sequence[list[T]]) -> list[T] | None:
    """One order that keeps all of `orders`; it takes of each as early as the others let it."""
    left = [order for order in orders if order]
    merged: list[T] = []
    while left:
        behind = {one for order in left for one in order[1:]}
        first = next((order[0] for order in left if order[0] not in behind), None)
        if first is None:
            return None
        merged.append(first)
        left = [rest for order in left if (rest := order[1:] if order[0] == first else order)]
    return merged
