"""Whether a node is what a pattern means: names resolved, arguments by parameter, layout aside."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import libcst as cst

from migrator.helpers.python.scopes import dotted_text, parameters
from migrator.model import Applicability
from migrator.patterns.found import Found
from migrator.patterns.holes import HOLE
from migrator.patterns.python.alike import equal, parts, same_text
from migrator.patterns.python.holes import hole_of, rest_of, rest_of_parameters
from migrator.patterns.python.snippets import is_builtin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from migrator.patterns.holes import Snippet
    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.python.signatures import Signature

_NAMED = (cst.FunctionDef, cst.ClassDef)
_ITEMS = (cst.Tuple, cst.List, cst.Set)


class Match(Found[cst.CSTNode]):
    """What one look came to; it is chains of names that are `named`.

    Nothing is in the holes of one that is `unclear`.
    """


class Pattern:
    """A snippet as a tree that code is compared with."""

    def __init__(self, snippet: Snippet, signatures: Mapping[str, Signature]) -> None:
        self.snippet = snippet
        self.signatures = signatures

    @cached_property
    def tree(self) -> cst.CSTNode:
        if self.snippet.form in ("expression", "decorator"):
            return cst.parse_expression(f"(\n{self.snippet.code}\n)")
        statement = cst.parse_statement(self.snippet.code)
        return statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else statement

    @cached_property
    def kind(self) -> type[cst.CSTNode]:
        """The type that a node must have, so that most need no closer look."""
        is_chain = dotted_text(self.tree) and not hole_of(self.tree)
        return cst.BaseExpression if is_chain else type(self.tree)

    def match(self, meaning: Meaning, node: cst.CSTNode) -> Match | None:
        """What stands in the holes if `node` is what this means."""
        if not isinstance(node, self.kind):
            return None
        if self.snippet.form == "decorator":
            if not isinstance(meaning.tree.parents[node], cst.Decorator):
                return None
        if self.snippet.target and not _is_in_class(meaning, node):
            return None
        found = Match()
        matching = Matching(meaning, self.signatures, found, self.snippet.target)
        return found if matching.same(self.tree, node) else None


class Names(Protocol):
    """What names stand for, in a file or otherwise."""

    def stands_for(self, node: cst.CSTNode, dotted: str) -> Applicability:
        """How far it is proven that `node` stands for `dotted`."""

    def imported_at(self, node: cst.CSTNode) -> str:
        """A sentence of what `node` comes from."""


class Matching:
    """One comparison; what it finds goes into `found`, which a failure leaves half filled."""

    def __init__(
        self,
        names: Names,
        signatures: Mapping[str, Signature],
        found: Match,
        target: str | None,
    ) -> None:
        self.names = names
        self.signatures = signatures
        self.found = found
        self.target = target

    def same(self, pattern: cst.CSTNode, node: cst.CSTNode) -> bool:
        hole = hole_of(pattern)
        if hole is not None:
            return self._bind(hole, node)
        dotted = dotted_text(pattern)
        if dotted and dotted == self.target:
            return isinstance(node, cst.Name) and node.value == dotted
        if dotted and HOLE not in dotted:
            return self._named(dotted, node)
        if isinstance(pattern, cst.Call) and isinstance(node, cst.Call):
            return self.same(pattern.func, node.func) and self._arguments(pattern, node)
        if isinstance(pattern, cst.SimpleString):
            return same_text(pattern, node)
        if isinstance(pattern, cst.SimpleStatementSuite) and isinstance(node, cst.BaseSuite):
            return True  # `...`, which is any body
        if type(pattern) is not type(node):
            return False
        if isinstance(pattern, _ITEMS) and isinstance(node, _ITEMS):
            return self._sequence(pattern.elements, node.elements)
        if isinstance(pattern, cst.Dict) and isinstance(node, cst.Dict):
            return self._sequence(pattern.elements, node.elements)
        if isinstance(pattern, cst.Attribute) and isinstance(node, cst.Attribute):
            attribute = hole_of(pattern.attr)
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
        if _stars(pattern) != _stars(node):
            return False
        ours, theirs = parts(pattern), parts(node)
        if isinstance(pattern, _NAMED) and isinstance(node, _NAMED):
            name = hole_of(pattern.name)
            if not (self._bind(name, node.name) if name else pattern.name.deep_equals(node.name)):
                return False
            ours = [one for one in ours if one is not pattern.name]
            theirs = [one for one in theirs if one is not node.name]
            # What is not said of them may be any.
            said = {type(one) for one in ours}
            optional = (cst.Decorator, cst.Annotation)
            theirs = [one for one in theirs if type(one) in said or not isinstance(one, optional)]
        if isinstance(pattern, cst.If) and isinstance(node, cst.If) and pattern.orelse is None:
            # What comes where it does not hold may be any.
            theirs = [one for one in theirs if one is not node.orelse]
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
        proven = self.names.stands_for(node, dotted)
        if proven is Applicability.MANUAL:
            return False
        self.found.named[node] = dotted
        if proven is Applicability.REVIEW:
            why = f"`{dotted_text(node)}` may stand for something else than `{dotted}` here"
            self.found.lower(proven, why)
        elif is_builtin(dotted) and "." not in dotted:
            self.found.evidence.append(f"`{dotted}` is the builtin here")
        else:
            self.found.evidence.append(self.names.imported_at(node))
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
                if self._sequence(pattern.args, node.args):
                    return True
                plain = sum(1 for one in node.args if not one.star)
                may_be = rest is None and plain <= len(pattern.args)
                return may_be and self._is_unclear(node, _brought(node.args))
        left = list(node.args)
        for place, wanted in enumerate(pattern.args):
            if rest_of(wanted):
                continue
            given, why = self._argument(wanted, place, node, signature)
            if given is None:
                return self._is_unclear(node, why)
            if given.star != wanted.star or not self.same(wanted.value, given.value):
                return False
            left.remove(given)
        if left and rest is None:
            return all(one.star for one in left) and self._is_unclear(node, _brought(left))
        if rest is not None:
            self.found.rests[rest] = tuple(left)
        doubled = next((one for one in left if one.star == "**"), None)
        if doubled is not None and len(left) < len(node.args):
            self.found.lower(Applicability.REVIEW, "what the `**` brings cannot be told")
        return True

    def _is_unclear(self, node: cst.Call, why: str | None) -> bool:
        """Note `why` the arguments of a function that is known cannot be told apart."""
        if why is None or not self.found.named.get(node.func):
            return False
        self.found.unclear = why
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


def _stars(node: cst.CSTNode) -> str:
    """The stars of a parameter or an index."""
    found = getattr(node, "star", None)
    return found if isinstance(found, str) else ""


def _brought(args: Sequence[cst.Arg]) -> str | None:
    """What keeps `args` from being told apart, if one of them brings several."""
    star = next((one.star for one in args if one.star), None)
    return f"what the `{star}` brings cannot be told" if star else None


def _is_in_class(meaning: Meaning, node: cst.CSTNode) -> bool:
    """Whether the statement `node` stands in the body of a class, and in no function there."""
    scopes = (cst.ClassDef, cst.FunctionDef)
    around = next((one for one in meaning.tree.ancestors(node) if isinstance(one, scopes)), None)
    return isinstance(around, cst.ClassDef)
