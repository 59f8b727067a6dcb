"""What a project sets of the options of packs, checked, and what holds where it sets nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.config import KEYS
from migrator.patterns.options import fault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from migrator.config import Configuration
    from migrator.engine.packs import Pack
    from migrator.patterns.options import Option


def with_defaults(
    packs: Sequence[Pack], configured: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """The value of every option of each of `packs`, by the pack's id."""
    return {
        pack.id: {
            **{name: one.default for name, one in pack.options.items()},
            **configured.get(pack.id, {}),
        }
        for pack in packs
    }


def check_options(packs: Sequence[Pack], config: Configuration, others: Collection[str]) -> None:
    """Raise `MigrateError` for an option that no pack has, or whose value is of another type.

    The options of `others`, packs that the run does without, are not looked at.
    """
    by_id = {pack.id: pack for pack in packs}
    for id_, table in config.options.items():
        if id_ not in by_id:
            if id_ in others:
                continue
            raise config.unknown("table", (*by_id, *KEYS), id_)
        options = by_id[id_].options
        for name, given in table.items():
            if name not in options:
                raise config.unknown("key", options, id_, name)
            _check(given, options[name], config, (id_, name))


def _check(given: Any, option: Option, config: Configuration, place: tuple[str | int, ...]) -> None:
    problem = fault(given, option.type)
    if problem is not None:
        raise config.error(problem, *place)
    if option.type == "tables":
        for number, entry in enumerate(given):
            _check_entry(entry, option.columns, config, (*place, number))


def _check_entry(
    entry: dict[str, Any],
    columns: Mapping[str, str],
    config: Configuration,
    place: tuple[str | int, ...],
) -> None:
    for name in entry:
        if name not in columns:
            raise config.unknown("key", columns, *place, name)
    for name, type_ in columns.items():
        if name not in entry:
            raise config.error("is missing", *place, name)
        problem = fault(entry[name], type_)
        if problem is not None:
            raise config.error(problem, *place, name)
