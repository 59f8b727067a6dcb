"""The program of rules that were read: made when a file is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.bindings import Brought
from migrator.patterns.around import Around
from migrator.patterns.elixir.alike import equal
from migrator.patterns.elixir.constraints import Condition
from migrator.patterns.elixir.matching import Pattern
from migrator.patterns.elixir.program import Program
from migrator.patterns.elixir.rules import ElixirRule, Variant
from migrator.patterns.elixir.snippets import ElixirSnippet, snippet
from migrator.patterns.elixir.surrounding import Surrounding
from migrator.patterns.elixir.template import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.patterns.elixir.compile import Read
    from migrator.patterns.elixir.uses import Uses
    from migrator.patterns.forms import Constraint
    from migrator.patterns.holes import Snippet
    from migrator.patterns.reading import ReadVariant


def build(read: Sequence[Read], uses: Uses) -> Program:
    """The program of the rules of one pack; `uses` is what modules of the library bring."""
    brought = frozenset(Brought(*one, always=True) for one in uses)
    return Program([_rule(one) for one in read], brought)


def _rule(read: Read) -> ElixirRule:
    return ElixirRule(
        read.id,
        read.severity,
        read.most,
        tuple(map(_variant, read.variants)),
        tuple(read.renames),
    )


def _variant(read: ReadVariant) -> Variant:
    assert isinstance(read.find, ElixirSnippet)
    assert read.replace is None or isinstance(read.replace, ElixirSnippet)
    template = Template(read.replace) if read.replace is not None else None
    where = {name: _condition(one) for name, one in read.where.items()}
    has = None
    if read.has is not None:
        assert isinstance(read.has, ElixirSnippet)
        has = Pattern(read.has)
    around = Around(_surroundings(read.inside), _surroundings(read.outside), equal)
    pattern = Pattern(read.find)
    becomes = [Pattern(one) for one in read.becomes if isinstance(one, ElixirSnippet)]
    made = Pattern(read.replace) if read.replace is not None else None
    return Variant(
        read.part,
        pattern,
        template,
        where,
        read.message,
        read.at,
        read.removes,
        has,
        around,
        becomes,
        made,
    )


def _surroundings(snippets: Sequence[Snippet]) -> list[Surrounding]:
    return [Surrounding(one) for one in snippets if isinstance(one, ElixirSnippet)]


def _condition(form: Constraint) -> Condition:
    return Condition(
        form,
        Surrounding(snippet(form.inside)) if form.inside else None,
        Pattern(snippet(form.has)) if form.has else None,
        _condition(form.value) if form.value else None,
        _condition(form.not_) if form.not_ else None,
    )
