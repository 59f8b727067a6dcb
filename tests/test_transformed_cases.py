"""A case that is written otherwise, and means the same, is migrated alike.

To apply and then rewrite gives what to rewrite and then apply does.
"""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from in_process import builtin

from migrator.engine.cases import Case, cases, in_memory
from migrator.model import Look

FOLDER = Path(__file__).parent.parent / "fixtures/async-streaming"
CASES = list(cases(FOLDER))
# Of a push, some of the cases that can be rewritten are; at night, all.
EACH = 1 if os.environ.get("MIGRATE_NIGHTLY") else 10
_PYTHON, _YAML, _ELIXIR = ("py",), ("yaml", "yml"), ("ex", "exs")
#: Cases in which what a rewriting changes counts, and why.
OTHERWISE = {
    # An import in a block is not certain to have run before a function that imports it as well.
    ("in_a_try", "py-package-and-submodule-in-full"),
    # A name that is deleted in a block is not certain to be gone.
    ("in_a_try", "py-values-and-deleted-names"),
    # The import that goes stands where the block begins.
    ("bodies_in_a_with", "py-package-and-submodule-in-full"),
    # What does not parse ends with the block around it, so that the rest does not either.
    ("in_an_if", "ex-beside-a-module-that-does-not-parse"),
}

Rewrite = Callable[[str], str]


class UnfitError(Exception):
    """The text cannot be rewritten so."""


def _refuse(text: str, *found: str) -> None:
    if any(one in text for one in found):
        raise UnfitError


def _indented(text: str, by: str) -> str:
    """`text`, which has no string of several lines, further in."""
    _refuse(text, "\r", "\ufeff", '"""', "'''", "~S", "coding", "\\\n")
    return "".join(by + line if line.strip() else line for line in text.splitlines(keepends=True))


def _line(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def with_crlf(text: str) -> str:
    """The line ends of Windows."""
    _refuse(text, "\r", "\f")
    return text.replace("\n", "\r\n")


def with_tabs(text: str) -> str:
    """Tabs for the blanks that lines begin with."""
    _refuse(text, "\t", '"""', "'''", "\\\n")
    return re.sub("^(?: {4})+", lambda found: "\t" * (len(found[0]) // 4), text, flags=re.MULTILINE)


def in_a_try(text: str) -> str:
    """A whole module in a block."""
    _refuse(text, "__future__")
    return f"try:\n{_line(_indented(text, '    '))}finally:\n    pass\n" if text.strip() else text


def behind_other_letters(text: str) -> str:
    """Letters of two, three and four bytes before all places."""
    _refuse(text, "\ufeff", "coding", "__future__", "#!", "\r")
    return f'# ünïcödé, ein — 🎉\n"""Dóc 🎉."""\n{text}'


def with_an_event_of_another_name(text: str) -> str:
    """`event` is called otherwise."""
    if re.search(r"""\bevent\b *[=:] *|\.event\b|["':@&%]event\b""", text):
        raise UnfitError
    return re.sub(r"\bevent\b(?![?!:])", "evt9", text)


def with_else_for_elif(text: str) -> str:
    """`elif` as an `if` in `else`."""
    _refuse(text, '"""', "'''", "\r")
    lines = text.splitlines(keepends=True)
    while found := [at for at, line in enumerate(lines) if re.match(" *elif ", line)]:
        first = found[-1]
        margin = " " * (len(lines[first]) - len(lines[first].lstrip()))
        goes_on = re.compile(rf"\s*$|{margin} |{margin}else\b| *#")
        last = first + 1
        while last < len(lines) and goes_on.match(lines[last]):
            last += 1
        while not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#"):
            last -= 1
        inner = [f"    {line}" if line.strip() else line for line in lines[first:last]]
        inner[0] = inner[0].replace("elif", "if", 1)
        lines[first:last] = [f"{margin}else:\n", *inner]
    return "".join(lines)


def bodies_in_a_with(text: str) -> str:
    """All that a function does in a block that is managed."""
    _refuse(text, "\r", "\t", '"""', "'''", "\\\n", "migrate:")
    lines = text.splitlines(keepends=True)
    functions = [
        one
        for one in ast.walk(ast.parse(text))
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))
        and one.body[0].lineno > one.lineno
    ]
    inner = dict.fromkeys(range(len(lines)), 0)
    heads: dict[int, list[int]] = {}
    for one in functions:
        first = one.body[0]
        decorators = getattr(first, "decorator_list", ())
        begins = min(each.lineno for each in (first, *decorators))
        heads.setdefault(begins - 1, []).append(first.col_offset)
        for at in range(begins - 1, one.end_lineno or 0):
            inner[at] += 1
    written: list[str] = []
    for at, line in enumerate(lines):
        margins = (" " * (column + 4 * (inner[at] - 1)) for column in heads.get(at, ()))
        written += (f"{margin}with managed():\n" for margin in margins)
        written.append(f"{'    ' * inner[at]}{line}" if line.strip() else line)
    return "".join(written)


def as_a_second_document(text: str) -> str:
    """Behind another document."""
    _refuse(text, "---", "...", "%", "\ufeff", "\r")
    return f"first: 1\n---\n{text}"


def below_a_key(text: str) -> str:
    """All of it as the value of a key."""
    _refuse(text, "---", "...", "%", "\t")
    return f"wrapped:\n{_indented(text, '  ')}"


def in_a_list(text: str) -> str:
    """All of it as an item."""
    _refuse(text, "---", "...", "%", "\t")
    return f"all:\n  -\n{_indented(text, '    ')}"


def in_an_if(text: str) -> str:
    """Modules in a block."""
    return f"if true do\n{_line(_indented(text, '  '))}end\n"


REWRITES: list[tuple[Rewrite, tuple[str, ...]]] = [
    (with_crlf, (*_PYTHON, *_YAML, *_ELIXIR)),
    (with_tabs, _PYTHON),
    (in_a_try, _PYTHON),
    (behind_other_letters, _PYTHON),
    (with_an_event_of_another_name, (*_PYTHON, *_ELIXIR)),
    (with_else_for_elif, _PYTHON),
    (bodies_in_a_with, _PYTHON),
    (as_a_second_document, _YAML),
    (below_a_key, _YAML),
    (in_a_list, _YAML),
    (in_an_if, _ELIXIR),
]


def _rewritten(
    files: Mapping[str, bytes], rewrite: Rewrite, suffixes: tuple[str, ...]
) -> dict[str, bytes]:
    return {
        path: rewrite(data.decode()).encode() if path.endswith(suffixes) else data
        for path, data in files.items()
    }


def _migrated(case: Case, files: Mapping[str, bytes]) -> tuple[dict[str, bytes], Counter[str]]:
    project = in_memory([builtin()], files, Look(options=case.configuration.options))
    audit = project.audit()
    changed = {one.path: one.after for one in project.plan(audit).changes}
    told = (one.finding for one in audit.report().findings)
    found = Counter(f"{one.path} {one.rule} {one.applicability}" for one in told)
    return {**files, **changed}, found


@pytest.mark.parametrize(
    ("rewrite", "suffixes"), REWRITES, ids=[one.__name__ for one, _ in REWRITES]
)
def test_what_is_written_otherwise_is_migrated_alike(
    rewrite: Rewrite, suffixes: tuple[str, ...]
) -> None:
    fitting: list[tuple[Case, dict[str, bytes]]] = []
    for case in CASES:
        with suppress(UnfitError, UnicodeDecodeError, SyntaxError):
            before = _rewritten(case.before, rewrite, suffixes)
            if before != case.before and (rewrite.__name__, case.name) not in OTHERWISE:
                fitting.append((case, before))
    assert fitting
    for case, before in fitting[::EACH]:
        after, told = _migrated(case, case.before)
        with suppress(UnfitError, SyntaxError):
            expected = _rewritten(after, rewrite, suffixes)
            assert _migrated(case, before) == (expected, told), f"{case.rule}/{case.name}"
