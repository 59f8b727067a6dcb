"""Which module a name stands for, as the compiler sees it where the name is written.

`alias`, `import`, `require` and `use` hold from where they stand to the end of their block; a
module that is nested in another one has a short name in it. A name is looked up by its first part;
`Elixir.` in front leaves nothing to look up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.bindings import (
    BLANKS,
    Brought,
    Directive,
    Env,
    Module,
    Names,
    Reference,
    Target,
)
from migrator.helpers.elixir.calls import is_local
from migrator.helpers.elixir.patterns import DEFINITIONS, head_of
from migrator.helpers.elixir.scopes import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node
    from migrator.model import Source

__all__ = [
    "Brought",
    "Directive",
    "Env",
    "Module",
    "Names",
    "Reference",
    "Target",
    "handed_on",
    "line_of",
    "names",
    "said",
    "sentences",
]

_HOW = {"require": "required", "use": "aliased by `use`"}


def names(source: Source, brought: frozenset[Brought] = frozenset()) -> Names:
    """The names of `source`, made once; `brought` is known of the modules that it may use."""
    key = (names, brought)
    if key not in source.memo:
        source.memo[key] = Walk(source, brought).found
    found: Names = source.memo[key]
    return found


def handed_on(found: Names) -> Iterator[Brought]:
    """What the modules of a file bring to those that use them: names made in quoted code, and what
    a `use` in such code brings in its turn.
    """
    for directive in found.directives:
        module = directive.module.name if directive.module else None
        for target in directive.targets:
            if not target.quoted or not module:
                continue
            always = any(_is_using(around) for around in directive.call.up())
            part = "" if always else _part(directive.call)
            if directive.kind in ("alias", "import"):
                yield Brought(module, directive.kind, target.short or "", target.name, always, part)
            for one in directive.brings:
                is_sure = always and one.always
                yield one._replace(module=module, always=is_sure, part="" if is_sure else part)


def _is_using(node: Node) -> bool:
    head = head_of(node) if is_local(node, "defmacro") else None
    return head is not None and head[0] == "__using__"


def _part(node: Node) -> str:
    """The name of the innermost function that `node` stands in."""
    heads = (head_of(one) for one in node.up() if is_local(one, *DEFINITIONS))
    return next((head[0] for head in heads if head is not None), "")


def line_of(source: Source, node: Node) -> int:
    """The line that `node` begins in."""
    return source.position(node.span.start).line


def sentences(source: Source, line: int) -> Iterator[str]:
    """What each module named on `line` stands for, and why."""
    for reference in names(source).references:
        if line_of(source, reference.node) == line and reference.parts:
            yield said(source, reference)


def said(source: Source, reference: Reference) -> str:
    """What a reference stands for, as a sentence for evidence."""
    target = reference.target
    prefix = target.directive.prefix if target is not None else None
    parts = [node.text for node in (prefix, reference.node) if node is not None]
    written = BLANKS.sub("", ".".join(parts))
    if isinstance(reference.by, Target):
        directive = reference.by.directive
        how = _HOW.get(directive.kind, "aliased")
        line = line_of(source, directive.call)
        return f"`{reference.parts[0][0]}` is `{reference.by.name}`, {how} at line {line}"
    if reference.by:
        return f"`{written}` is `{reference.name}`, within the module around it"
    return f"`{written}` is the full name of a module: no alias holds for its first part here"
