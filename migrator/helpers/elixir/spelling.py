"""How the full name of a module is written where certain aliases hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.bindings import Target

if TYPE_CHECKING:
    from migrator.helpers.elixir.bindings import Env


def spelled(env: Env, name: str) -> str:
    """`name` in full, as it is written where `env` holds."""
    first = name.partition(".")[0]
    by = env.aliases.get(first)
    meant = by.name if isinstance(by, Target) else by
    return name if meant in (None, first) else f"Elixir.{name}"


def shortest(env: Env, name: str) -> str:
    """`name` by an alias that holds there, else in full."""
    found = [
        f"{short}{name[len(by.name) :]}"
        for short, by in env.aliases.items()
        if isinstance(by, Target) and f"{name}.".startswith(f"{by.name}.")
    ]
    return min((*found, spelled(env, name)), key=lambda text: (text.count("."), text))
