"""The trees of rules that were read: this imports libcst, and is done when a file is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.patterns.around import Around
from migrator.patterns.python.constraints import Condition
from migrator.patterns.python.matching import Pattern, equal
from migrator.patterns.python.program import Program
from migrator.patterns.python.rules import PythonRule, Variant
from migrator.patterns.python.snippets import around, snippet
from migrator.patterns.python.surrounding import Surrounding
from migrator.patterns.python.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from migrator.patterns.forms import Constraint
    from migrator.patterns.python.compile import Read
    from migrator.patterns.python.signatures import Signature
    from migrator.patterns.reading import ReadVariant


def build(read: Sequence[Read]) -> Program:
    """The program of the rules of one pack."""
    return Program([_rule(one) for one in read])


def _rule(read: Read) -> PythonRule:
    return PythonRule(
        read.id,
        read.severity,
        read.most,
        tuple(_variant(one, read) for one in read.variants),
        tuple(read.renames),
        read.form.imports,
    )


def _variant(variant: ReadVariant, read: Read) -> Variant:
    signatures = read.signatures
    template = Template(variant.replace) if variant.replace else None
    where = {name: _condition(one, signatures) for name, one in variant.where.items()}
    has = Pattern(variant.has, signatures) if variant.has else None
    pattern = Pattern(variant.find, signatures)
    inside = [Surrounding(one, signatures) for one in variant.inside]
    outside = [Surrounding(one, signatures) for one in variant.outside]
    beside = Around(inside, outside, equal)
    becomes = [Pattern(one, signatures) for one in variant.becomes]
    return Variant(
        pattern, template, where, variant.message, variant.at, variant.removes, has, beside, becomes
    )


def _condition(form: Constraint, signatures: Mapping[str, Signature]) -> Condition:
    return Condition(
        form,
        Surrounding(around(form.inside), signatures) if form.inside else None,
        Pattern(snippet(form.has), signatures) if form.has else None,
        _condition(form.value, signatures) if form.value else None,
        _condition(form.not_, signatures) if form.not_ else None,
    )
