"""Code inside f-strings: which quotes it may have, and whether the string shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Collection

    from migrator.languages.python import Tree

_STRING = re.compile(r"""(?P<quote>["'])(?P<text>[^"'\\\n]*)(?P=quote)""")


def quotes_around(tree: Tree, node: cst.CSTNode) -> frozenset[str]:
    """The quotes that would end an f-string around `node` before Python 3.12."""
    return frozenset(
        around.start[-1]
        for around in tree.ancestors(node)
        if isinstance(around, cst.FormattedString) and len(around.end) == 1
    )


def requoted(text: str, taken: Collection[str]) -> str | None:
    """The code `text` with strings in quotes that are none of `taken`; `None` if there is no way.

    Nor may a backslash stand inside such an f-string.
    """
    free = next((quote for quote in "\"'" if quote not in taken), None)

    def written(match: re.Match[str]) -> str:
        quote = free if match["quote"] in taken and free else match["quote"]
        return f"{quote}{match['text']}{quote}"

    text = _STRING.sub(written, text) if taken else text
    return None if taken and any(one in text for one in (*taken, "\\")) else text


def is_shown(tree: Tree, node: cst.CSTNode) -> bool:
    """Whether a string shows the code of `node` beside what it comes to: `f"{node=}"`."""
    return any(
        isinstance(around, cst.FormattedStringExpression) and around.equal is not None
        for around in tree.ancestors(node)
    )
