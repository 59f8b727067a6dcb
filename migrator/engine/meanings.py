"""What the names on a line stand for, to explain a place that no rule matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.python.scopes import Binding
    from migrator.model import Source

_SAYS = {
    "assign": "is assigned",
    "class": "is the class defined",
    "function": "is the function defined",
    "import": "is imported",
    "parameter": "is a parameter",
}


def meanings(source: Source, line: int) -> Iterator[str]:
    """A sentence for each name that is read on `line`; none where the language has no names."""
    if source.language == "elixir":
        from migrator.helpers.elixir.names import sentences

        yield from sentences(source, line)
    elif source.language == "python":
        yield from _of_python(source, line)


def _of_python(source: Source, line: int) -> Iterator[str]:
    from migrator.helpers.python.names import names

    found = names(source)
    told = set()
    for name in sorted(found.uses, key=lambda node: found.tree.spans[node]):
        if source.position(found.tree.spans[name].start).line != line or name.value in told:
            continue
        told.add(name.value)
        bindings = found.reaching(name)
        for binding in bindings:
            at = source.position(found.tree.spans[binding.node].start).line
            yield f"`{name.value}` {_said(binding)} at line {at}"
        if not bindings:
            yield f"`{name.value}` is bound nowhere in this file"


def _said(binding: Binding) -> str:
    said = _SAYS.get(binding.kind, "is bound")
    return f"{said} from `{binding.target}`" if binding.target else said
