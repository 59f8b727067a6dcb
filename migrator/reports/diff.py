"""A plan as a patch: raw bytes that `git apply` takes, or coloured for a terminal."""

from __future__ import annotations

import difflib
import os
import re
from typing import TYPE_CHECKING, Any

from migrator.reports.differences import groups
from migrator.reports.escape import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.text import Text

    from migrator.model import Change, Plan

_CONTEXT = 3
# In longer lines words are not compared: that takes too long.
_MOST_WORDS = 250_000
_PLAIN_NAME = re.compile(rb"[ !#-\[\]-~]+")
_ESCAPES = {7: b"a", 8: b"b", 9: b"t", 10: b"n", 11: b"v", 12: b"f", 13: b"r", 34: b'"', 92: b"\\"}
_WORD = re.compile(r"\w+|\s+|.")


def folder_of(plan: Plan) -> str:
    """The folder that the patch of `plan` is applied in: one above the current one, or `""` for it.

    A patch cannot name what lies outside the folder it is applied in.
    """
    return "/".join([".."] * max((_climbs(change.path) for change in plan.changes), default=0))


def _climbs(path: str) -> int:
    return sum(part == ".." for part in path.split("/"))


def render(plan: Plan, sink: Any, *, color: bool) -> None:
    """Write the changes of `plan`: to a binary `sink`, or coloured to a text `sink`."""
    if color:
        _render_colored(plan, sink)
        return
    folder = folder_of(plan)
    for change in plan.changes:
        for line in patch(change, folder):
            sink.write(line)
    sink.flush()


def patch(change: Change, folder: str = "") -> Iterator[bytes]:
    """One file's change as a unified diff, line by line; a line ends at LF and nowhere else.

    The file is named relative to `folder`.
    """
    path = os.path.relpath(change.path, folder).replace(os.sep, "/") if folder else change.path
    old, new = b"a/" + path.encode("utf-8", "surrogateescape"), b"b/"
    new += old[2:]
    for sign, name in ((b"---", _quoted(old)), (b"+++", _quoted(new))):
        # Without the tab, git takes the name to end at the first blank.
        tab = b"\t" if b" " in name and not name.startswith(b'"') else b""
        yield b"%s %s%s\n" % (sign, name, tab)
    before, after = _lines(change.before), _lines(change.after)
    for group in groups(before, after, _CONTEXT):
        (_, start, _, new_start, _), (_, _, end, _, new_end) = group[0], group[-1]
        yield b"@@ -%s +%s @@\n" % (_range(start, end), _range(new_start, new_end))
        for kind, one, other, new_one, new_other in group:
            if kind == "equal":
                yield from _ended(b" ", before[one:other])
            else:
                yield from _ended(b"-", before[one:other])
                yield from _ended(b"+", after[new_one:new_other])


def _range(start: int, end: int) -> bytes:
    """Lines as a patch counts them: from 1, but from the line before where there are none."""
    length = end - start
    return b"%d" % end if length == 1 else b"%d,%d" % (start + 1 if length else start, length)


def _ended(sign: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield sign + line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _quoted(name: bytes) -> bytes:
    """`name` as git writes it: in quotes with C escapes where it holds more than plain ASCII."""
    if _PLAIN_NAME.fullmatch(name):
        return name
    out = b"".join(
        b"\\" + _ESCAPES[byte]
        if byte in _ESCAPES
        else bytes([byte])
        if 32 <= byte < 127
        else b"\\%03o" % byte
        for byte in name
    )
    return b'"' + out + b'"'


def _render_colored(plan: Plan, sink: Any) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sink, force_terminal=True, highlight=False, soft_wrap=True)
    for change in plan.changes:
        lines = list(patch(change))[2:]
        added = sum(line.startswith(b"+") for line in lines)
        removed = sum(line.startswith(b"-") for line in lines)
        title = Text(shown(change.path), style="bold")
        title.append(f"  +{added}", style="green").append(f" -{removed}", style="red")
        console.print(title)
        for text in hunks(change):
            console.print(text)
        console.print()


def hunks(change: Change) -> Iterator[Text]:
    """One file's change for a terminal, line by line, the words that differ marked."""
    from rich.text import Text

    body = [line.decode("utf-8", "backslashreplace") for line in patch(change)][2:]
    place = 0
    while place < len(body):
        line = body[place]
        if line.startswith("@@"):
            yield Text(shown(line.rstrip("\n")), style="cyan")
            place += 1
        elif line.startswith("-"):
            gone = _run(body, place, "-")
            come = _run(body, place + len(gone), "+")
            yield from _marked(gone, come)
            place += len(gone) + len(come)
        else:
            style = "green" if line.startswith("+") else "dim"
            yield Text(shown(line.rstrip("\n")), style=style)
            place += 1


def _run(lines: list[str], start: int, sign: str) -> list[str]:
    """The lines from `start` on that begin with `sign`."""
    end = start
    while end < len(lines) and lines[end].startswith((sign, "\n\\")):
        end += 1
    return lines[start:end]


def _marked(gone: list[str], come: list[str]) -> Iterator[Any]:
    """The lines of a replacement, the words that differ within a line marked."""
    from rich.text import Text

    pairs = len(gone) == len(come)
    after: list[Any] = []
    for number, line in enumerate(gone):
        old = Text(shown(line.rstrip("\n")), style="red")
        if pairs:
            new = Text(shown(come[number].rstrip("\n")), style="green")
            _mark_words(old, new)
            after.append(new)
        yield old
    if pairs:
        yield from after
    else:
        for line in come:
            yield Text(shown(line.rstrip("\n")), style="green")


def _mark_words(old: Any, new: Any) -> None:
    one, other = _WORD.findall(old.plain[1:]), _WORD.findall(new.plain[1:])
    if len(one) * len(other) > _MOST_WORDS:
        return
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            _stylize(old, one, start, end)
            _stylize(new, other, new_start, new_end)


def _stylize(text: Any, words: list[str], start: int, end: int) -> None:
    before = 1 + sum(map(len, words[:start]))
    text.stylize("reverse", before, before + sum(map(len, words[start:end])))
