"""From rule files to rules: each is checked, then compiled to the `Rule` that code makes too."""

from __future__ import annotations

from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from migrator.errors import MigrateError
from migrator.model import Rule
from migrator.patterns.definition import Document, read
from migrator.patterns.forms import RuleFile
from migrator.patterns.pages import manual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from migrator.model import Fact, Finding, Look, Source, Triggers
    from migrator.model.rule import Check, Learn

    #: Compiles all rules of a pack for one language: triggers, check, learn of each by its id.
    Compiled = dict[str, tuple[Triggers, Check, Learn | None]]
    Compiler = Callable[[list[tuple[str, RuleFile, Document]]], Compiled]


def compiled(files: Iterable[tuple[str, Path]], language: str, pack: str) -> list[Rule]:
    """The rules in `files`, each an id and a path; raises `MigrateError` with line and key."""
    forms = [(id_, *read(path, RuleFile)) for id_, path in files]
    compile_ = _compiler(language, forms[0][2])
    checks = compile_(forms)
    return [
        Rule(
            id=id_,
            pack=pack,
            summary=form.summary.rstrip("."),
            manual=manual(form, language),
            language=language,
            triggers=checks[id_][0],
            check=_limited(checks[id_][1], form.files),
            learn=checks[id_][2],
        )
        for id_, form, _ in forms
    ]


def _limited(check: Check, files: Sequence[str]) -> Check:
    """`check`, for files alone whose paths end like one of `files`, if there are any."""
    return partial(_check_some, check, tuple(files)) if files else check


def _check_some(
    check: Check, files: tuple[str, ...], source: Source, look: Look
) -> Iterable[Finding | Fact]:
    path = PurePosixPath(source.path)
    return check(source, look) if any(path.match(one) for one in files) else ()


def _compiler(language: str, document: Document) -> Compiler:
    if language == "python":
        from migrator.patterns.python.compile import compile_all

        return compile_all
    if language == "yaml":
        from migrator.patterns.yaml.compile import compile_all as compile_paths

        return compile_paths
    if language == "elixir":
        from migrator.patterns.elixir.compile import compile_all as compile_elixir

        return compile_elixir
    raise MigrateError(
        f"{document.path}: a rule without code is for python, elixir or yaml: "
        f"one for {language} is a `.py` file"
    )
