"""Elixir with holes, as rule files have it: read, and its full names listed.

A module in a snippet is named in full: `Logger.warn` is that function of that module, whatever an
alias or an import makes of it in a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from migrator.errors import NotAnalysedError
from migrator.helpers.elixir.bindings import BLANKS
from migrator.helpers.elixir.calls import arguments, pairs, text_in
from migrator.languages.elixir import Node, Tree, parse
from migrator.model import Source
from migrator.patterns.holes import HOLE, REST, Snippet, SnippetError, named, together, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = "Elixir."
# Words that every file may hold: none of them says what a pattern is about.
_COMMON = frozenset({"alias", "def", "defp", "do", "end", "fn", "if", "import", "require", "use"})


#: The kinds of expressions by the name that rule files give them.
KINDS: dict[str, frozenset[str]] = {
    "name": frozenset({"identifier"}),
    "call": frozenset({"call"}),
    "string": frozenset({"string", "charlist", "sigil"}),
    "number": frozenset({"integer", "float"}),
    "lambda": frozenset({"anonymous_function"}),
    "list": frozenset({"list"}),
    "tuple": frozenset({"tuple"}),
    "dict": frozenset({"map"}),
    "atom": frozenset({"atom", "quoted_atom"}),
    "module": frozenset({"alias"}),
}


@dataclass(frozen=True)
class ElixirSnippet(Snippet):
    """A snippet with its tree; `root` is the one expression in it."""

    source: Source = field(compare=False)
    root: Node = field(compare=False)
    above: tuple[ElixirSnippet, ...] = field(default=(), kw_only=True)
    below: tuple[ElixirSnippet, ...] = field(default=(), kw_only=True)


def snippet(text: str, *, is_written: bool = False) -> ElixirSnippet:
    """The snippet that `text` spells; raises `SnippetError`.

    One that is written may be several statements.
    """
    source, tree = _parsed(text)
    statements = tree.root.children
    if is_written and len(statements) > 1:
        return together(text.strip(), [around(one.text) for one in statements], -1)
    if not is_written:
        told_apart(map(_rests, tree.nodes))
    return _snippet(text, source, tree)


def around(text: str) -> ElixirSnippet:
    """The snippet of code around something, where statements of a body stand in any order."""
    return _snippet(text, *_parsed(text))


def _snippet(text: str, source: Source, tree: Tree) -> ElixirSnippet:
    """The snippet that `text` spells, of which `source` and `tree` are made."""
    nodes = [node for node in tree.nodes if node.named]
    statements = tree.root.children
    if len(statements) != 1:
        problem = "there is no code in it" if not statements else "it is more than one expression"
        raise SnippetError(problem)
    holes = [name for node in nodes if (name := hole(node)) is not None]
    rests = [name for node in nodes if (name := rest(node)) is not None]
    for node in nodes:
        if node.kind == "quoted_content" and (HOLE in node.text or REST in node.text):
            raise SnippetError("a hole has no place inside a string")
    names = list(_names(nodes))
    words = [word for name in names for word in _words(name)]
    words += [word for node in nodes for word in _own_words(node)]
    return ElixirSnippet(
        text.strip(),
        source.text,
        tuple(dict.fromkeys(holes)),
        tuple(dict.fromkeys(rests)),
        tuple(dict.fromkeys(names)),
        tuple(dict.fromkeys(word for word in words if word not in _COMMON)),
        source,
        statements[0],
    )


def hole(node: Node) -> str | None:
    """The name of the hole that `node` is."""
    if node.kind == "identifier" and node.text.startswith(HOLE):
        return node.text[len(HOLE) :]
    return None


def rest(node: Node) -> str | None:
    """The name of the hole for any number of things that `node` is: an identifier, or a pair."""
    if node.kind == "identifier" and node.text.startswith(REST):
        around = node.parent
        return None if around is not None and around.kind == "pair" else node.text[len(REST) :]
    if node.kind == "pair" and node.text.startswith(REST):
        return node.text[len(REST) :].partition(":")[0]
    return None


def _rests(node: Node) -> list[str]:
    """The holes for any number of things that stand in one row below `node`."""
    row = list(node.children)
    if node.kind != "arguments" and row and row[-1].kind == "keywords":
        # A list or a map has its pairs in one row with its other items, a call behind them.
        row += row.pop().children
    return [name for one in row if (name := rest(one)) is not None]


def full_name(node: Node) -> str | None:
    """The full name of the module that a node of a snippet names."""
    if node.kind != "alias":
        return None
    return BLANKS.sub("", node.text).removeprefix(_ROOT)


def is_function(name: str) -> bool:
    """Whether the last part of a dotted name is that of a function."""
    return not name.rpartition(".")[2][:1].isupper()


def function_name(node: Node) -> str | None:
    """`M.f` for a call of that function in a snippet."""
    target = node.child("target") if node.kind == "call" else None
    if target is None or target.kind != "dot":
        return None
    left, right = target.child("left"), target.child("right")
    module = full_name(left) if left is not None else None
    if module is None or right is None or right.kind != "identifier" or hole(right):
        return None
    return f"{module}.{right.text}"


def _parsed(text: str) -> tuple[Source, Tree]:
    """`text` as code that parses: what stands for any number of pairs has to be a pair itself."""
    count = text.count("$$$")
    said = ""
    for choice in product((False, True), repeat=min(count, 4)):
        left = iter(choice)

        def rest_as(stars: str, name: str, left: Iterator[bool] = left) -> str:
            return f"{stars}{REST}{name}" + (f": {REST}{name}" if next(left, False) else "")

        code = named(text, lambda stars, name: f"{stars}{HOLE}{name}", rest_as)
        source = Source("snippet.ex", code, "elixir")
        try:
            tree = parse(source)
        except NotAnalysedError as error:
            said = said or str(error)
            continue
        if not tree.gaps:
            return source, tree
        said = said or tree.gaps[0].reason.partition(";")[0]
    raise SnippetError(f"does not parse as an Elixir expression: {said}")


def _names(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        called = function_name(node)
        if called is not None:
            yield called
        module = full_name(node)
        if module is not None and not _is_called(node):
            yield module


def _is_called(node: Node) -> bool:
    """Whether a module is that of a function which is named with it."""
    dot = node.parent
    call = dot.parent if dot is not None and dot.kind == "dot" else None
    return call is not None and function_name(call) is not None


def _words(name: str) -> Iterator[str]:
    """The parts of a name that a file must hold: the last of a module, and the function."""
    module, _, last = name.rpartition(".")
    if last[:1].isupper():
        yield last
    else:
        yield from (module.rpartition(".")[2], last)


def _own_words(node: Node) -> Iterator[str]:
    """What a node that is no name brings: a local call, a function of a hole, keys and texts."""
    if node.kind == "identifier" and not hole(node) and not rest(node):
        around = node.parent
        if (
            around is not None
            and around.kind in ("call", "dot")
            and node.part in ("target", "right")
        ):
            if not node.text.startswith(REST):
                yield node.text
    elif node.kind == "atom":
        yield node.text[1:]
    elif node.kind == "map_content" or (node.kind == "keywords" and not _is_argument(node)):
        yield from (pair.key for pair in pairs(node) if not pair.key.startswith(REST))
    elif node.kind == "unary_operator" and node.text.startswith("@"):
        operand = node.child("operand")
        if operand is not None and operand.kind == "identifier" and not hole(operand):
            yield operand.text
    elif (text := text_in(node)) is not None and node.kind != "quoted_keyword":
        yield text


def _is_argument(node: Node) -> bool:
    """Whether pairs are the last argument of a call, which may come from elsewhere."""
    around = node.parent
    return around is not None and around.kind == "arguments"


def positional(call: Node) -> list[Node]:
    """The arguments of a call without the keywords at the end."""
    given = arguments(call)
    return given[:-1] if given and given[-1].kind == "keywords" else given
