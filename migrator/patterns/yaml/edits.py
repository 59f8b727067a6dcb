"""What becomes of the value at a path: edits in the style of what stands there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.model import Edit, Source

if TYPE_CHECKING:
    from migrator.languages.yaml import Node, Scalar

# Plain, this stays one scalar; with a colon in it, behind a letter: `12:30` may be a number.
_PLAIN = re.compile(r"[A-Za-z0-9_./+@-][\w ./+@${}-]*|[A-Za-z_](?:[\w ./+@${}-]|:(?=[\w./+@-]))*")
_BRACE = re.compile(r"[{}]")
#: What YAML 1.1, if not 1.2, takes for something else than a text.
NO_TEXT = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|~)|[-+]?\.?\d[\w.:+-]*")


def respelled(
    source: Source, scalar: Scalar, text: str, *, in_flow: bool = False, is_name: bool = False
) -> tuple[Edit, ...]:
    """Write `text` in place of what `scalar` says, in its quotes; so that it stays a text, where it
    `is_name`.
    """
    if scalar.style in ("|", ">") or "\n" in text:
        return ()
    if scalar.style == "'":
        text = text.replace("'", "''")
    elif scalar.style == '"':
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    elif (
        not _PLAIN.fullmatch(text)
        or text.endswith(" ")
        or (in_flow and _BRACE.search(text))
        or (is_name and NO_TEXT.fullmatch(text))
    ):
        text = f"'{text.replace(chr(39), chr(39) * 2)}'"
    return (Edit(source.path, scalar.written, text),)


def aliased(node: Node, anchored: tuple[Node, ...]) -> bool:
    """Whether `node` stands in something that is used in a second place by an alias."""
    return any(
        one.span.start <= node.span.start and node.span.end <= one.span.end for one in anchored
    )
