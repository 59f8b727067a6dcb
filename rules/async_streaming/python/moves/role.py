"""What it says of a parameter that it takes the events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator import Applicability

if TYPE_CHECKING:
    import libcst as cst

    from migrator import Fact
    from migrator.helpers.python.scopes import Binding

    from .staying import Staying


@dataclass(frozen=True)
class Role:
    """That a parameter takes the events: how certain, why, and whether they are the legacy ones.

    Where `legacy` is false the function already serves the current API, and only what names a
    legacy event is left over from before. `handed`: not a handler, but called by one. `recorded`:
    what is read was kept before. `kept` says why it takes the legacy events for now, if it does:
    a suppressed call goes on to send them.
    """

    level: Applicability
    reason: str
    legacy: bool = True
    handed: bool = False
    kept: str = ""
    recorded: bool = False
    #: That it is written like one is all that is known of the event: of no interest to other files.
    written: bool = False
    #: What an event is written to: a function or class of this file, or the name of another one.
    taker: cst.CSTNode | str | None = None


@dataclass(frozen=True, eq=False)
class Roles:
    """The event parameters of a file.

    `handed` are those of other files' functions; `starred` those that hold the event in a tuple or
    a dict with other arguments; `stays` is what takes the legacy ones for now.
    """

    params: dict[Binding, Role]
    functions: dict[cst.CSTNode, Role]
    handed: tuple[Fact, ...]
    starred: dict[cst.Param, Role]
    stays: Staying


def unless_sure(role: Role, *, sure: bool) -> Role:
    """`role`, which is for review where something is not certain."""
    return role if sure else replace(role, level=min(role.level, Applicability.REVIEW))
