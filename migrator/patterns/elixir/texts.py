"""Names in texts of an Elixir file that move: whole strings, and what docs refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import text_in
from migrator.model import Applicability, Edit, Span
from migrator.patterns.elixir.documented import references
from migrator.patterns.elixir.matching import Match
from migrator.patterns.elixir.rules import ElixirRule, Hit
from migrator.patterns.elixir.snippets import is_function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from migrator.patterns.elixir.meaning import Meaning
    from migrator.patterns.renaming import Rename

    #: The rename that a module of that full name moves by, with its rule.
    RenameOf = Callable[[str], tuple[ElixirRule, Rename] | None]

MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW


def strings(meaning: Meaning, rename_of: RenameOf) -> Iterator[Hit]:
    """Texts that are the name of a module which moves, and nothing else."""
    for node in meaning.tree.of("string", "charlist"):
        text = text_in(node)
        found = rename_of((text or "").removeprefix("Elixir."))
        inside = node.of("quoted_content")
        if found is None or text is None or inside is None:
            continue
        rule, rename = found
        if not all(part.isidentifier() for part in text.split(".")):
            continue
        start = inside.span.start + len(text) - len(text.removeprefix("Elixir."))
        span = Span(start, start + len(rename.old))
        match = Match(evidence=["the text is the name of a module as a whole"])
        message = rename.told
        hit = Hit(rule, node, node.span, message, match, rename=rename)
        hit.applicability = rule.most
        if hit.applicability is not MANUAL:
            hit.edits = (Edit(meaning.source.path, span, rename.new),)
        yield hit


def documented(meaning: Meaning, rules: Sequence[ElixirRule], rename_of: RenameOf) -> Iterator[Hit]:
    """What docs refer to and is called otherwise now."""
    functions = [(rule, one) for rule in rules for one in rule.renames if is_function(one.old)]
    for one in references(meaning.tree) if any(rule.renames for rule in rules) else ():
        called = f"{one.module}.{one.function}"
        found = next(
            (
                (rule, rename)
                for rule, rename in functions
                if rename.keyword is None and rename.old == called
                if rename.arity in (None, one.arity)
            ),
            None,
        ) or rename_of(one.module)
        if found is None:
            continue
        rule, rename = found
        spans = [(Span(one.module_at.start, one.module_at.start + len(rename.old)), rename.new)]
        if is_function(rename.old):
            module, _, function = rename.new.rpartition(".")
            spans = [(one.module_at, module), (one.function_at, function)]
        match = Match(evidence=["a doc refers to it by its full name"])
        message = rename.told
        hit = Hit(rule, meaning.tree.root, one.span, message, match, rename=rename)
        hit.applicability = min(REVIEW, rule.most)
        if hit.applicability is not MANUAL:
            hit.edits = tuple(
                Edit(meaning.source.path, span, text)
                for span, text in spans
                if meaning.source.text[span.start : span.end] != text
            )
        yield hit
