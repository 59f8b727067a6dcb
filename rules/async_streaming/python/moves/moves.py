"""The findings of the rules that move names: imports, references, calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Edit, Finding, Fix, Look, Severity, Source, Span
from migrator.languages.python import parse

from ..._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY
from ..reading.meaning import CURRENT_INVOKE, Meaning, at_most, meaning_of
from .calls import origin
from .imports import Imports, imports
from .legacy_imports import Import, Reference, Statement, rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .moved_calls import Use


def findings(source: Source, look: Look, rule: str) -> Iterator[Finding]:
    """What `rule` finds among the imports of legacy names and their references."""
    meaning = meaning_of(source, look)
    plan = imports(source, look)
    told: set[Reference] = set()
    for statement in plan.statements:
        for imported in statement.imports:
            if imported.rule == rule:
                yield _of_import(meaning, statement, imported)
        for imported in statement.imports:
            for reference in imported.references:
                # Several imports of one package can each be what a name goes by.
                if rule_of(reference.name) == rule and reference not in told:
                    if reference.edits:
                        told.add(reference)
                        yield _of_reference(meaning, reference, statement.edits)
                    elif _is_named_apart(imported, reference):
                        told.add(reference)
                        level = imported.applicability
                        yield _of_reference(meaning, reference, statement.edits, level)
                    elif _is_kept(meaning, imported, reference):
                        # What other files tell may have it stay as well: the comment is in use.
                        told.add(reference)
                        yield _of_reference(meaning, reference, (), Applicability.MANUAL)
    for reference in plan.loose:
        if rule_of(reference.name) == rule:
            yield _of_reference(meaning, reference, ())


def _is_named_apart(imported: Import, reference: Reference) -> bool:
    """Whether a `Handler` is reached by an import that does not name it: `s.Handler`."""
    # The string of an annotation is told as such.
    is_code = reference.quoted is None and not isinstance(reference.node, cst.BaseString)
    return rule_of(reference.name) == "legacy-handler" != imported.rule and is_code


def _is_kept(meaning: Meaning, imported: Import, reference: Reference) -> bool:
    """Whether what is found at `reference` is suppressed."""
    is_named = reference.spelled is not None or imported.binding.kind == "star"
    line = meaning.source.position(meaning.tree.spans[reference.node].start).line
    return is_named and meaning.look.keeps(rule_of(reference.name), line)


def _of_import(meaning: Meaning, statement: Statement, imported: Import) -> Finding:
    node = imported.binding.node
    span = meaning.tree.spans[node]
    current = CURRENT_INVOKE if imported.name == INVOKE else _current(imported.name)
    message = f"`{imported.name}` is now `{current}`"
    if imported.stays:
        message += f"; this import stays: {imported.stays}"
    evidence = f"line {meaning.source.position(span.start).line} imports `{imported.name}`"
    return _finding(
        imported.rule,
        meaning.source,
        span,
        message,
        (evidence,),
        imported.applicability,
        statement.edits,
    )


def _of_reference(
    meaning: Meaning,
    reference: Reference,
    edits: Iterable[Edit],
    level: Applicability = Applicability.SAFE,
) -> Finding:
    applicability = min(at_most(reference.sure), level)
    if reference.quoted is None:
        span, evidence = meaning.tree.spans[reference.node], origin(meaning, reference.node)
    else:
        span, evidence = reference.quoted, "the string is an annotation, which goes by the import"
    return _finding(
        rule_of(reference.name),
        meaning.source,
        span,
        f"`{reference.name}` is now `{_current(reference.name)}`",
        (evidence,),
        applicability,
        (*edits, *reference.edits),
    )


def _current(name: str) -> str:
    return PYTHON_CURRENT + name[len(PYTHON_LEGACY) :]


def of_use(source: Source, plan: Imports, use: Use) -> Finding:
    """The finding of one use of `invoke`, with the edits of its import."""
    imported = plan.of_use.get(use)
    applicability = use.applicability
    if imported is not None and use.edits:
        applicability = min(applicability, imported.elsewhere)
    edits = (*use.edits, *(imported.shared if imported else ()))
    span = parse(source).spans[use.node]
    return _finding("legacy-call", source, span, use.message, use.evidence, applicability, edits)


def _finding(
    rule: str,
    source: Source,
    span: Span,
    message: str,
    evidence: tuple[str, ...],
    applicability: Applicability,
    edits: Iterable[Edit],
) -> Finding:
    fix = None
    if applicability is not Applicability.MANUAL:
        ordered = tuple(dict.fromkeys(edits))
        fix = Fix(message, ordered, applicability)
    return Finding(rule, source.path, span, Severity.ERROR, message, evidence, fix)
