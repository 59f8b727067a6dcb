"""Whether a node is what a pattern means: names resolved, arguments by parameter, layout aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.helpers.python.modules import modules
from migrator.helpers.python.names import names
from migrator.helpers.python.scopes import Use, dotted_text, parameters
from migrator.languages.python import children
from migrator.model import Applicability, Look, Source
from migrator.patterns.holes import HOLE, REST
from migrator.patterns.python.learning import HANDED_ON
from migrator.patterns.python.snippets import is_builtin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from migrator.patterns.holes import Snippet
    from migrator.patterns.python.snippets import Signature

# Layout, and tokens whose place in the tree says all there is to them.
_LAYOUT = (
    cst.BaseParenthesizableWhitespace,
    cst.Comma,
    cst.LeftParen,
    cst.RightParen,
    cst.LeftSquareBracket,
    cst.RightSquareBracket,
    cst.LeftCurlyBrace,
    cst.RightCurlyBrace,
    cst.Dot,
    cst.AssignEqual,
    cst.Colon,
    cst.Semicolon,
    cst.EmptyLine,
    cst.TrailingWhitespace,
)
_NAMED = (cst.FunctionDef, cst.ClassDef)
_ITEMS = (cst.Tuple, cst.List, cst.Set)


@dataclass
class Match:
    """What stands in the holes, how far it is proven, and why it is believed.

    `named` are the chains of names that stand for dotted names of the pattern. `unclear` says
    what kept the arguments of a call from being told apart: then nothing is in the holes.
    """

    holes: dict[str, cst.CSTNode] = field(default_factory=dict)
    rests: dict[str, tuple[cst.CSTNode, ...]] = field(default_factory=dict)
    named: dict[cst.CSTNode, str] = field(default_factory=dict)
    proven: Applicability = Applicability.SAFE
    evidence: list[str] = field(default_factory=list)
    unclear: str | None = None

    def lower(self, to: Applicability, why: str) -> None:
        """Take it for no more than `to`, because of `why`."""
        self.proven = min(self.proven, to)
        if why not in self.evidence:
            self.evidence.append(why)


class Meaning:
    """What the names of one file stand for, as dotted names from the root.

    `handed_on` are the names that modules of the project hand on, by their places in it.
    """

    def __init__(self, source: Source, look: Look, handed_on: Mapping[str, str]) -> None:
        self.source = source
        self.handed_on = handed_on
        self.names = names(source)
        self.tree = self.names.tree
        self._modules = modules(look.paths)
        self._resolved: dict[cst.CSTNode, frozenset[str | None]] = {}

    def absolute(self, dotted: str) -> str:
        """`dotted` without leading dots."""
        bare = dotted.lstrip(".")
        level = len(dotted) - len(bare)
        return self._modules.absolute(self.source.path, level, bare) or dotted

    def through(self, dotted: str) -> str:
        """What `dotted` is where a module of the project hands it on, else itself."""
        place = self._modules.place(dotted, self.source.path) if self.handed_on else None
        module, _, name = (place or "").partition(":")
        parts = name.split(".")
        for count in range(len(parts), 0, -1):
            known = self.handed_on.get(f"{module}:{'.'.join(parts[:count])}")
            if known is not None:
                return ".".join((known, *parts[count:]))
        return dotted

    def meant(self, node: cst.CSTNode) -> frozenset[str | None]:
        """The same as `resolved`, through what modules of the project hand on."""
        return frozenset(one and self.through(one) for one in self.resolved(node))

    def stands_for(self, node: cst.CSTNode, dotted: str) -> Applicability:
        """How far it is proven that `node` stands for `dotted`: `MANUAL` if it does not."""
        root = root_of(node)
        if root is None or root not in self.names.uses:
            return Applicability.MANUAL
        if "." not in dotted and is_builtin(dotted):
            is_it = isinstance(node, cst.Name) and node.value == dotted
            bound = self.names.reaching(root) or self.names.star_imports
            return Applicability.SAFE if is_it and not bound else Applicability.MANUAL
        found = self.meant(node)
        if dotted not in found:
            return Applicability.MANUAL
        is_starred = not self.names.reaching(root)
        return Applicability.SAFE if len(found) == 1 and not is_starred else Applicability.REVIEW

    def resolved(self, node: cst.CSTNode) -> frozenset[str | None]:
        """The dotted names that a name or chain can stand for; `None` among them: others."""
        if node not in self._resolved:
            found = self.names.resolve(node)
            self._resolved[node] = frozenset(one and self.absolute(one) for one in found)
        return self._resolved[node]

    def imported_at(self, node: cst.CSTNode) -> str:
        """A sentence of what `node` comes from."""
        root = root_of(node)
        assert root is not None
        bound = [one for one in self.names.reaching(root) if one.kind == "import"]
        text = dotted_text(node)
        if not bound:
            return f"`{text}` is not bound in this file"
        line = self.source.position(self.tree.spans[bound[-1].node].start).line
        handed = [one for one in self.resolved(node) - self.meant(node) if one]
        if handed:
            return f"line {line} imports `{handed[0]}`, which the project hands on"
        return f"line {line} imports what `{text}` stands for"

    @cached_property
    def packages(self) -> frozenset[str]:
        """The top-level packages that this file imports anything from."""
        found = set()
        for binding in (*self.names.bindings(), *self.names.star_imports):
            if binding.kind in ("import", "star") and binding.target:
                found.add(self.absolute(binding.target).partition(".")[0])
        return frozenset(found)


def meaning(source: Source, look: Look) -> Meaning:
    """The `Meaning` of `source`, made once for a set of paths."""
    handed_on = frozenset(
        (fact.key, fact.value)
        for fact in look.known
        if fact.kind == HANDED_ON and isinstance(fact.value, str)
    )
    key = (Meaning, look.paths, handed_on)
    if key not in source.memo:
        source.memo[key] = Meaning(source, look, dict(handed_on))
    found: Meaning = source.memo[key]
    return found


def root_of(node: cst.CSTNode) -> cst.Name | None:
    """The name that a chain of attributes begins with."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node if isinstance(node, cst.Name) else None


def use_at(meaning: Meaning, node: cst.CSTNode) -> Use:
    """Where `node` stands, as a name that is read there would."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, cst.Name) and current in meaning.names.uses:
            return meaning.names.uses[current]
        waiting += children(current)
    return Use(meaning.names.scope_of(node), meaning.tree.spans[node].start, ())


class Pattern:
    """A snippet as a tree that code is compared with."""

    def __init__(self, snippet: Snippet, signatures: Mapping[str, Signature]) -> None:
        self.snippet = snippet
        self.signatures = signatures

    @cached_property
    def tree(self) -> cst.CSTNode:
        if self.snippet.form in ("expression", "decorator"):
            return cst.parse_expression(self.snippet.code)
        statement = cst.parse_statement(self.snippet.code)
        return statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else statement

    @cached_property
    def kind(self) -> type[cst.CSTNode]:
        """The type that a node must have, so that most need no closer look."""
        is_chain = dotted_text(self.tree) and not _hole(self.tree)
        return cst.BaseExpression if is_chain else type(self.tree)

    def match(self, meaning: Meaning, node: cst.CSTNode) -> Match | None:
        """What stands in the holes if `node` is what this means."""
        if not isinstance(node, self.kind):
            return None
        if self.snippet.form == "decorator":
            if not isinstance(meaning.tree.parents[node], cst.Decorator):
                return None
        found = Match()
        if not _Matching(meaning, self.signatures, found).same(self.tree, node):
            return None
        return found


def is_hole(node: cst.CSTNode) -> bool:
    """Whether `node` of a snippet is a hole for one thing."""
    return _hole(node) is not None


def _hole(node: cst.CSTNode) -> str | None:
    is_hole = isinstance(node, cst.Name) and node.value.startswith(HOLE)
    return node.value[len(HOLE) :] if is_hole and isinstance(node, cst.Name) else None


def rest_of(node: cst.CSTNode) -> str | None:
    """The name of the hole for any number of arguments or items that `node` is."""
    value = getattr(node, "value", None)
    starred = isinstance(node, (cst.StarredElement, cst.StarredDictElement)) or (
        isinstance(node, cst.Arg) and node.star
    )
    is_rest = starred and isinstance(value, cst.Name) and value.value.startswith(REST)
    return value.value[len(REST) :] if is_rest and isinstance(value, cst.Name) else None


def rest_of_parameters(node: cst.Parameters) -> str | None:
    """The name of the hole for any number of parameters that is the last of `node`."""
    star = node.star_arg
    name = star.name.value if isinstance(star, cst.Param) else ""
    return name[len(REST) :] if name.startswith(REST) else None


class _Matching:
    """One comparison; what it finds goes into `found`, which a failure leaves half filled."""

    def __init__(self, meaning: Meaning, signatures: Mapping[str, Signature], found: Match) -> None:
        self.meaning = meaning
        self.signatures = signatures
        self.found = found

    def same(self, pattern: cst.CSTNode, node: cst.CSTNode) -> bool:
        hole = _hole(pattern)
        if hole is not None:
            return self._bind(hole, node)
        dotted = dotted_text(pattern)
        if dotted and HOLE not in dotted:
            return self._named(dotted, node)
        if isinstance(pattern, cst.Call) and isinstance(node, cst.Call):
            return self.same(pattern.func, node.func) and self._arguments(pattern, node)
        if isinstance(pattern, cst.SimpleString):
            return _same_text(pattern, node)
        if isinstance(pattern, cst.SimpleStatementSuite) and isinstance(node, cst.BaseSuite):
            return True  # `...`, which is any body
        if type(pattern) is not type(node):
            return False
        if isinstance(pattern, _ITEMS) and isinstance(node, _ITEMS):
            return self._sequence(pattern.elements, node.elements)
        if isinstance(pattern, cst.Dict) and isinstance(node, cst.Dict):
            return self._sequence(pattern.elements, node.elements)
        if isinstance(pattern, cst.Attribute) and isinstance(node, cst.Attribute):
            attribute = _hole(pattern.attr)
            if attribute is None and pattern.attr.value != node.attr.value:
                return False
            if attribute is not None and not self._bind(attribute, node.attr):
                return False
            return self.same(pattern.value, node.value)
        if isinstance(pattern, cst.Parameters) and isinstance(node, cst.Parameters):
            return self._parameters(pattern, node)
        if isinstance(pattern, cst.Arg) and isinstance(node, cst.Arg):
            ours, theirs = pattern.keyword, node.keyword
            if (ours and ours.value) != (theirs and theirs.value) or pattern.star != node.star:
                return False
            return self.same(pattern.value, node.value)
        return self._alike(pattern, node)

    def _alike(self, pattern: cst.CSTNode, node: cst.CSTNode) -> bool:
        """The same token, and the same below it."""
        if getattr(pattern, "value", "") != getattr(node, "value", "") and isinstance(
            getattr(pattern, "value", None), str
        ):
            return False
        ours, theirs = _parts(pattern), _parts(node)
        if isinstance(pattern, _NAMED) and isinstance(node, _NAMED):
            name = _hole(pattern.name)
            if not (self._bind(name, node.name) if name else pattern.name.deep_equals(node.name)):
                return False
            ours = [one for one in ours if one is not pattern.name]
            theirs = [one for one in theirs if one is not node.name]
            # What is not said of them may be any.
            said = {type(one) for one in ours}
            optional = (cst.Decorator, cst.Annotation)
            theirs = [one for one in theirs if type(one) in said or not isinstance(one, optional)]
        if isinstance(pattern, cst.Param) and pattern.annotation is None:
            theirs = [one for one in theirs if not isinstance(one, cst.Annotation)]
        return self._sequence(ours, theirs)

    def _parameters(self, pattern: cst.Parameters, node: cst.Parameters) -> bool:
        name = rest_of_parameters(pattern)
        if name is None:
            return self._alike(pattern, node)
        theirs, first = tuple(parameters(node)), len(pattern.params)
        if [*theirs[:first]] != [*node.posonly_params, *node.params][:first]:
            return False
        self.found.rests[name] = theirs[first:]
        return len(theirs) >= first and all(map(self.same, pattern.params, theirs))

    def _bind(self, hole: str, node: cst.CSTNode) -> bool:
        before = self.found.holes.setdefault(hole, node)
        return before is node or equal(before, node)

    def _named(self, dotted: str, node: cst.CSTNode) -> bool:
        proven = self.meaning.stands_for(node, dotted)
        if proven is Applicability.MANUAL:
            return False
        self.found.named[node] = dotted
        if proven is Applicability.REVIEW:
            why = f"`{dotted_text(node)}` may stand for something else than `{dotted}` here"
            self.found.lower(proven, why)
        elif is_builtin(dotted) and "." not in dotted:
            self.found.evidence.append(f"`{dotted}` is the builtin here")
        else:
            self.found.evidence.append(self.meaning.imported_at(node))
        return True

    def _sequence(self, ours: Sequence[cst.CSTNode], theirs: Sequence[cst.CSTNode]) -> bool:
        rest = next((at for at, one in enumerate(ours) if rest_of(one)), None)
        if rest is None:
            return len(ours) == len(theirs) and all(map(self.same, ours, theirs))
        after = len(ours) - rest - 1
        if len(theirs) < rest + after:
            return False
        end = len(theirs) - after
        name = rest_of(ours[rest])
        assert name is not None
        self.found.rests[name] = tuple(theirs[rest:end])
        before = zip(ours[:rest], theirs[:rest], strict=True)
        behind = zip(ours[rest + 1 :], theirs[end:], strict=True)
        return all(self.same(one, other) for one, other in (*before, *behind))

    # Arguments

    def _arguments(self, pattern: cst.Call, node: cst.Call) -> bool:
        signature = self.signatures.get(self.found.named.get(node.func, ""))
        rest = next((name for one in pattern.args if (name := rest_of(one))), None)
        if signature is None and all(one.keyword is None for one in pattern.args):
            if rest is None or not any(one.keyword for one in node.args):
                return self._sequence(pattern.args, node.args)
        left = list(node.args)
        for place, wanted in enumerate(pattern.args):
            if rest_of(wanted):
                continue
            given, why = self._argument(wanted, place, node, signature)
            if given is None:
                if why and self.found.named.get(node.func):
                    self.found.unclear = why
                    return True
                return False
            if given.star != wanted.star or not self.same(wanted.value, given.value):
                return False
            left.remove(given)
        if left and rest is None:
            return False
        if rest is not None:
            self.found.rests[rest] = tuple(left)
        doubled = next((one for one in left if one.star == "**"), None)
        if doubled is not None and len(left) < len(node.args):
            self.found.lower(Applicability.REVIEW, "what the `**` brings cannot be told")
        return True

    def _argument(
        self, wanted: cst.Arg, place: int, node: cst.Call, signature: Signature | None
    ) -> tuple[cst.Arg | None, str | None]:
        """The argument of `node` that `wanted` asks for, or what keeps it from being told."""
        name = wanted.keyword.value if wanted.keyword else None
        if name is None and signature is not None:
            name = signature.place(place)
        index = 0
        for one in node.args:
            if one.star == "*":
                if name is None or (signature and name in _positional(signature)):
                    return None, "what the `*` brings cannot be told"
            elif one.star == "**":
                continue
            elif one.keyword is not None:
                if one.keyword.value == name:
                    return one, None
            else:
                taken = signature.place(index) if signature else None
                if (taken is not None and taken == name) or (name is None and index == place):
                    return one, None
                index += 1
        if name is not None and any(one.star == "**" for one in node.args):
            return None, f"`{name}` may come with the `**`"
        return None, None


def _positional(signature: Signature) -> frozenset[str]:
    return frozenset(one.name for one in signature.parameters if one.positional)


def _parts(node: cst.CSTNode) -> list[cst.CSTNode]:
    return [one for one in children(node) if not isinstance(one, _LAYOUT)]


def _same_text(pattern: cst.SimpleString, node: cst.CSTNode) -> bool:
    if not isinstance(node, cst.SimpleString):
        return False
    ours = text_of(pattern)
    if ours is not None:
        return text_of(node) == ours
    return pattern.prefix.lower() == node.prefix.lower() and pattern.raw_value == node.raw_value


def equal(one: cst.CSTNode, other: cst.CSTNode) -> bool:
    """Whether two pieces of code are the same but for layout."""
    if type(one) is not type(other):
        return False
    ours, theirs = getattr(one, "value", None), getattr(other, "value", None)
    if isinstance(ours, str) and ours != theirs:
        return False
    below, beside = _parts(one), _parts(other)
    return len(below) == len(beside) and all(map(equal, below, beside))
