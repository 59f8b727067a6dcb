"""What may become of a directive that names the legacy namespace itself."""

from __future__ import annotations

from dataclasses import dataclass

from migrator import Applicability
from migrator.helpers.elixir.names import Reference, Target

from ..._names import ELIXIR_CURRENT, ELIXIR_LEGACY, current_name

OLD = ELIXIR_LEGACY.rpartition(".")[2]
NEW = ELIXIR_CURRENT.rpartition(".")[2]
NAMESPACE = "legacy-namespace"
HANDLER = "legacy-handler"
CALL = "legacy-call"


@dataclass(eq=False)
class Fate:
    """What becomes of it; `level` is what the least proven of its uses allows.

    `reason` says why it stays, where it does. `is_there`: what it becomes holds there already.
    """

    stays: bool = False
    keeps_short: bool = False
    is_removed: bool = False
    is_there: bool = False
    level: Applicability = Applicability.SAFE
    reason: str = ""


def is_there(reference: Reference, target: Target, short: str | None = None) -> bool:
    """Whether the alias that `target` becomes holds where it stands already."""
    short = short or target.short
    by = reference.env.aliases.get(short or "")
    beside = [one for one in (by, *target.directive.targets) if isinstance(one, Target)]
    return target.directive.kind == "alias" and any(
        one.directive.kind == "alias"
        and one.short == short
        and one.name == current_name(target.name)
        for one in beside
    )
