"""The trees of rules that were read: this imports libcst, and is done when a file is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.patterns.around import Around
from migrator.patterns.python.alike import equal
from migrator.patterns.python.constraints import Condition
from migrator.patterns.python.items import (
    BesidePattern,
    ItemPattern,
    ItemTemplate,
    fits,
    is_item,
)
from migrator.patterns.python.matching import Pattern
from migrator.patterns.python.program import Program
from migrator.patterns.python.rules import PythonRule, Variant
from migrator.patterns.python.snippets import around, snippet
from migrator.patterns.python.surrounding import Surrounding
from migrator.patterns.python.template import Template
from migrator.patterns.renaming import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.patterns.forms import Constraint
    from migrator.patterns.python.compile import Read
    from migrator.patterns.reading import ReadVariant
    from migrator.patterns.renaming import Rename


def build(read: Sequence[Read]) -> Program:
    """The program of the rules of one pack."""
    renames = [rename for one in read for rename in one.renames]
    return Program([_rule(one, renames) for one in read], renames)


def _rule(read: Read, renames: Sequence[Rename]) -> PythonRule:
    return PythonRule(
        read.id,
        read.severity,
        read.most,
        tuple(one for variant in read.variants for one in _variants(variant, read, renames)),
        tuple(read.renames),
        read.form.imports,
    )


def _variants(read: ReadVariant, rule: Read, renames: Sequence[Rename]) -> Iterator[Variant]:
    """The variant, and one for where a `with` has more things than it speaks of."""
    signatures = rule.signatures
    pattern = Pattern(read.find, signatures)
    template = Template(read.replace) if read.replace else None
    becomes = [Pattern(one, signatures) for one in read.becomes]
    if not is_item(pattern) or read.has:
        yield _variant(read, rule, renames, pattern, template, becomes)
    elif all(fits(pattern, one) for one in (*becomes, *([template] if template else ()))):
        yield _variant(
            read,
            rule,
            renames,
            ItemPattern(read.find, signatures),
            ItemTemplate(read.replace) if read.replace else None,
            [ItemPattern(one, signatures) for one in read.becomes],
        )
    else:
        yield _variant(read, rule, renames, pattern, template, becomes)
        message = f"{read.message}; it stands beside others, so that it is left to you"
        beside = BesidePattern(read.find, signatures)
        yield _variant(replace(read, message=message), rule, renames, beside, None, ())


def _variant(
    read: ReadVariant,
    rule: Read,
    renames: Sequence[Rename],
    pattern: Pattern,
    template: Template | None,
    becomes: Sequence[Pattern],
) -> Variant:
    signatures = rule.signatures
    where = {name: _condition(one, rule, renames) for name, one in read.where.items()}
    has = Pattern(read.has, signatures) if read.has else None
    inside = [Surrounding(one, signatures, renames) for one in read.inside]
    outside = [Surrounding(one, signatures, renames) for one in read.outside]
    beside = Around(inside, outside, equal)
    made = type(pattern)(read.replace, signatures) if read.replace else None
    return Variant(
        read.part,
        pattern,
        template,
        where,
        read.message,
        read.at,
        read.removes,
        has,
        beside,
        becomes,
        made,
    )


def _condition(form: Constraint, rule: Read, renames: Sequence[Rename]) -> Condition:
    signatures = rule.signatures
    return Condition(
        form,
        Surrounding(around(form.inside), signatures, renames) if form.inside else None,
        Pattern(snippet(form.has), signatures) if form.has else None,
        _condition(form.value, rule, renames) if form.value else None,
        _condition(form.not_, rule, renames) if form.not_ else None,
        names_of(form.instance, renames) if form.instance else (),
        names_of(form.subclass, renames) if form.subclass else (),
    )
