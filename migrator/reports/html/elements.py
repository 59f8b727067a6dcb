"""Markup that can only be made of elements: any other text is escaped on its way in."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from migrator.reports.escape import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID = frozenset(("hr", "input", "link", "meta"))
_CODE = re.compile(r"`([^`]+)`")


class Markup(str):
    """What `element` and its like give; what is added to it by other means is plain text again."""

    __slots__ = ()


def plain(text: str) -> Markup:
    """`text` for a reader to see: nothing in it is markup, or moves what follows."""
    return text if isinstance(text, Markup) else Markup(escape(shown(text)))


def together(parts: Iterable[str], between: str = "") -> Markup:
    """`parts` one after the other."""
    return Markup(plain(between).join(map(plain, parts)))


def element(name: str, /, *content: str, **attributes: str | float | bool) -> Markup:
    """An element; `class_` is the attribute `class`, and `_` in a name stands for `-`.

    An attribute that is `True` has no value, one that is `False` is left out.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{_value(value)}"')
        for key, value in attributes.items()
        if value is not False
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{together(content)}</{name}>")


def raw(name: str, text: str) -> Markup:
    """An element whose text no reader of markup looks into: a style or a script of ours."""
    if "</" in text or "<!--" in text:
        raise ValueError(f"this text would end its {name} element")
    return Markup(f"<{name}>{text}</{name}>")


def sentence(text: str) -> Markup:
    """A sentence of a rule or a pack, with what stands in backticks as code."""
    parts = _CODE.split(text)
    return together(element("code", part) if odd % 2 else part for odd, part in enumerate(parts))


def _value(value: str | float) -> Markup:
    return plain(value if isinstance(value, str) else f"{value:g}")
