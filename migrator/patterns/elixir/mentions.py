"""Functions that are only named, beside their module: `{M, :f, args}`, `apply`, `defdelegate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, atom_of, is_local, key_name, keywords
from migrator.helpers.elixir.patterns import head_of
from migrator.model import Applicability, Severity, Span
from migrator.patterns.elixir.matching import Match
from migrator.patterns.elixir.rules import Hit
from migrator.patterns.holes import put_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.meaning import Meaning
    from migrator.patterns.elixir.rules import ElixirRule, Variant
    from migrator.patterns.renaming import Rename

MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW


def mentions(
    meaning: Meaning,
    node: Node,
    variants: Sequence[tuple[ElixirRule, Variant]],
    renames: Sequence[tuple[ElixirRule, Rename]],
) -> Iterator[Hit]:
    """`{M, :f, args}`, `apply(M, :f, args)`, `defdelegate f(x), to: M`."""
    reference = meaning.names.at(node)
    if reference is None:
        return
    named = _named_beside(node) or _delegated(node)
    if named is None:
        return
    atom, arity = named
    function = atom_of(atom) or atom.text
    for rule, variant in variants:
        if rule.severity is Severity.ADVICE:
            continue
        if variant.pattern.function == f"{reference.name}.{function}":
            message = f"{put_in(variant.message, {})}; it is only named here"
            match = Match(evidence=[meaning.said(node)])
            match.lower(MANUAL, "what calls it is not known here")
            if not variant.around.holds(meaning, node.up(), match):
                continue
            yield Hit(rule, atom, atom.span, message, match, variant, module=node)
            return
    for rule, rename in renames:
        if rename.old != f"{reference.name}.{function}" or rename.keyword is not None:
            continue
        if arity is not None and rename.arity not in (None, arity):
            continue
        yield _mention(meaning, rule, rename, node, atom, arity)
        return


def _mention(
    meaning: Meaning,
    rule: ElixirRule,
    rename: Rename,
    node: Node,
    atom: Node,
    arity: int | None,
) -> Hit:
    module, _, function = rename.new.rpartition(".")
    match = Match(evidence=[meaning.said(node)])
    if atom.kind not in ("atom", "quoted_atom") or module != rename.old.rpartition(".")[0]:
        match.lower(MANUAL, "it is only named here: what calls it is not known")
    elif arity is None:
        match.lower(REVIEW, "it is only named here: what calls it is not known")
    name = key_name(atom)
    span = name.span if name is not None else atom.span
    if atom.kind == "atom":
        span = Span(span.start + 1, span.end)
    return Hit(
        rule,
        atom,
        atom.span,
        rename.told,
        match,
        rename=rename,
        renamed=((span, function),),
        module=node,
    )


def _named_beside(node: Node) -> tuple[Node, int | None] | None:
    """The atom behind a module, as the name of a function of it, and how many arguments it gets."""
    around = node.parent
    if around is None or around.kind not in ("tuple", "arguments", "list"):
        return None
    beside = around.children
    place = beside.index(node)
    if place + 1 == len(beside) or atom_of(beside[place + 1]) is None:
        return None
    atom, call = beside[place + 1], around.parent
    if is_local(call, "apply") and place == 0 and len(beside) == 3 and beside[2].kind == "list":
        return atom, len(beside[2].children)
    return atom, None


def _delegated(node: Node) -> tuple[Node, int | None] | None:
    """What `defdelegate f(x), to: M` names: the atom of its `as:`, or its head."""
    call = next((around for around in node.up() if is_local(around, "defdelegate")), None)
    if call is None:
        return None
    options = {pair.key: pair.value for pair in keywords(call)}
    head = head_of(call)
    if options.get("to") is not node or head is None:
        return None
    return options.get("as") or _name_in(arguments(call)[0]), head[2]


def _name_in(head: Node) -> Node:
    target = head.child("target")
    return target if target is not None else head
