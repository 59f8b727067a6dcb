"""Options of a pack: their types and defaults, and whether a value is one of that type.

A pack's files are YAML, in which a number is text; a project's configuration is TOML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from migrator.patterns.definition import Document, Place
    from migrator.patterns.forms import OptionForm

    #: What a project may set, and what holds where it does not.
    Value = str | bool | float | list[str] | list[dict[str, Any]]

_WORDS = {
    "text": "a text",
    "flag": "true or false",
    "number": "a number",
    "texts": "a list of texts",
    "tables": "a list of tables",
}


class Option(NamedTuple):
    """An option as its pack declares it, checked; `columns` are the types of those of tables."""

    type: str
    default: Value
    columns: Mapping[str, str]
    about: str

    @property
    def told(self) -> str:
        """Its type, what holds by default and what it is for, in one line."""
        held = str(self.default).lower() if isinstance(self.default, bool) else self.default
        has = ", ".join(f"{name}: {type_}" for name, type_ in self.columns.items())
        told = f"{_WORDS[self.type]}{f' ({has})' if has else ''}"
        return (
            f"{told}, `{held}` by default; {self.about}" if held != [] else f"{told}; {self.about}"
        )


def option(form: OptionForm, document: Document, place: Place) -> Option:
    """The option that is declared at `place`; raises `MigrateError` where it is wrong."""
    return Option(form.type, _default(form, document, place), form.columns, form.about)


def _default(form: OptionForm, document: Document, place: Place) -> Value:
    if form.columns and form.type != "tables":
        raise document.error((*place, "columns"), f"a {form.type} has no columns")
    if form.type == "tables":
        if not form.columns:
            raise document.error(place, "`columns` is missing: say what a table has")
        if form.default is not None:
            raise document.error((*place, "default"), "tables have none: a project gives them")
        return []
    if form.default is None:
        if form.type == "texts":
            return []
        raise document.error(place, "`default` is missing")
    return value(form.default, form.type, document, (*place, "default"))


def value(given: object, type_: str, document: Document, place: Place) -> Value:
    """What `given`, as it is read from YAML, says; raises `MigrateError` where it is wrong."""
    found: object = list(given) if isinstance(given, tuple) else given
    if type_ == "number" and isinstance(given, str):
        try:
            found = float(given)
        except ValueError:
            found = given
    problem = fault(found, type_)
    if problem is not None:
        raise document.error(place, problem)
    return found  # type: ignore[return-value]


def fault(given: object, type_: str) -> str | None:
    """Why `given` is no value of an option of that type."""
    if type_ == "text":
        is_one = isinstance(given, str)
    elif type_ == "flag":
        is_one = isinstance(given, bool)
    elif type_ == "number":
        is_one = isinstance(given, (int, float)) and not isinstance(given, bool)
    else:
        item = str if type_ == "texts" else dict
        is_one = isinstance(given, list) and all(isinstance(one, item) for one in given)
    return None if is_one else f"must be {_WORDS[type_]}"


def holds(wanted: Mapping[str, object], values: Mapping[str, object]) -> bool:
    """Whether the options have the values that are `wanted`; of a list, one of its texts."""
    return all(_is(values.get(name), one) for name, one in wanted.items())


def _is(given: object, wanted: object) -> bool:
    return wanted in given if isinstance(given, list) else given == wanted
