"""The trees of rules that were read: this imports libcst, and is done when a file is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.patterns.around import Around
from migrator.patterns.python.constraints import Condition
from migrator.patterns.python.items import (
    BesidePattern,
    ItemPattern,
    ItemTemplate,
    fits,
    is_item,
)
from migrator.patterns.python.matching import Pattern, equal
from migrator.patterns.python.program import Program
from migrator.patterns.python.rules import PythonRule, Variant
from migrator.patterns.python.snippets import around, snippet
from migrator.patterns.python.surrounding import Surrounding
from migrator.patterns.python.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
        tuple(one for variant in read.variants for one in _variants(variant, read)),
        tuple(read.renames),
        read.form.imports,
    )


def _variants(read: ReadVariant, rule: Read) -> Iterator[Variant]:
    """The variant, and one for where a `with` has more things than it speaks of."""
    signatures = rule.signatures
    pattern = Pattern(read.find, signatures)
    template = Template(read.replace) if read.replace else None
    becomes = [Pattern(one, signatures) for one in read.becomes]
    if not is_item(pattern) or read.has:
        yield _variant(read, signatures, pattern, template, becomes)
    elif all(fits(pattern, one) for one in (*becomes, *([template] if template else ()))):
        yield _variant(
            read,
            signatures,
            ItemPattern(read.find, signatures),
            ItemTemplate(read.replace) if read.replace else None,
            [ItemPattern(one, signatures) for one in read.becomes],
        )
    else:
        yield _variant(read, signatures, pattern, template, becomes)
        message = f"{read.message}; it stands beside others, so that it is left to you"
        beside = BesidePattern(read.find, signatures)
        yield _variant(replace(read, message=message), signatures, beside, None, ())


def _variant(
    read: ReadVariant,
    signatures: Mapping[str, Signature],
    pattern: Pattern,
    template: Template | None,
    becomes: Sequence[Pattern],
) -> Variant:
    where = {name: _condition(one, signatures) for name, one in read.where.items()}
    has = Pattern(read.has, signatures) if read.has else None
    inside = [Surrounding(one, signatures) for one in read.inside]
    outside = [Surrounding(one, signatures) for one in read.outside]
    beside = Around(inside, outside, equal)
    return Variant(
        pattern, template, where, read.message, read.at, read.removes, has, beside, becomes
    )


def _condition(form: Constraint, signatures: Mapping[str, Signature]) -> Condition:
    return Condition(
        form,
        Surrounding(around(form.inside), signatures) if form.inside else None,
        Pattern(snippet(form.has), signatures) if form.has else None,
        _condition(form.value, signatures) if form.value else None,
        _condition(form.not_, signatures) if form.not_ else None,
    )
