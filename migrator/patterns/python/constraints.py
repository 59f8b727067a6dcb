"""What has to hold of the code in a hole."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from migrator.languages.python_nodes import children
from migrator.model import Applicability
from migrator.patterns.python.classes import instance, subclass
from migrator.patterns.python.matching import Match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from migrator.patterns.forms import Constraint
    from migrator.patterns.python.matching import Pattern
    from migrator.patterns.python.meaning import Meaning

_KINDS: dict[str, tuple[type[cst.CSTNode], ...]] = {
    "name": (cst.Name,),
    "attribute": (cst.Attribute,),
    "call": (cst.Call,),
    "string": (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString),
    "number": (cst.Integer, cst.Float, cst.Imaginary),
    "lambda": (cst.Lambda,),
    "list": (cst.List,),
    "tuple": (cst.Tuple,),
    "dict": (cst.Dict,),
}
_NO, _MAYBE, _YES = Applicability.MANUAL, Applicability.REVIEW, Applicability.SAFE


@dataclass(frozen=True)
class Condition:
    """A constraint with its patterns compiled."""

    form: Constraint
    inside: Pattern | None
    has: Pattern | None
    value: Condition | None
    not_: Condition | None
    #: The names of the class that is asked for, by renames of the pack too.
    instances: tuple[str, ...] = ()
    subclasses: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the class that is asked for, in either way."""
        return (*self.instances, *self.subclasses)

    def holds_of_all(self, meaning: Meaning, nodes: Sequence[cst.CSTNode], found: Match) -> bool:
        """Whether it holds of every one of `nodes`, and of the arguments that they are.

        What is to be in them is to be in one.
        """
        each = replace(self, has=None)
        for node in nodes:
            if isinstance(node, cst.Arg) and self.form.without:
                if node.keyword and node.keyword.value in self.form.without:
                    return False
                if node.star == "**":
                    found.lower(_MAYBE, "what the `**` brings cannot be told")
            value = node.value if isinstance(node, (cst.Arg, cst.BaseElement)) else node
            if not each.holds(meaning, value, found):
                return False
        return self.has is None or any(any_below(self.has, meaning, node) for node in nodes)

    def holds(self, meaning: Meaning, node: cst.CSTNode, found: Match) -> bool:
        """Whether all of it holds of `node`; what is only likely lowers `found`."""
        form = self.form
        kinds = (form.kind,) if isinstance(form.kind, str) else form.kind
        if kinds and not any(_is_kind(meaning, node, kind) for kind in kinds):
            return False
        text = meaning.tree.module.code_for_node(node).strip()
        if form.text is not None and not re.fullmatch(form.text, text):
            return False
        if form.name is not None:
            proven = meaning.stands_for(node, form.name)
            if proven is _NO or (form.proven and proven is not _YES):
                return False
            found.lower(proven, f"`{text}` stands for `{form.name}`")
        if not self._is_of_class(meaning, node, text, found):
            return False
        if self.inside and not any(
            self.inside.match(meaning, around) for around in meaning.tree.ancestors(node)
        ):
            return False
        if self.has and not any_below(self.has, meaning, node):
            return False
        if self.value and not self.value.holds(meaning, _set_to(meaning, node), found):
            return False
        return self.not_ is None or not self.not_.holds(meaning, node, _copy(found))

    def _is_of_class(self, meaning: Meaning, node: cst.CSTNode, text: str, found: Match) -> bool:
        """Whether `node` is the class, or an instance of the class, that is asked for."""
        class_ = self.form.instance
        if class_ is not None:
            proven = self._counted(_most(instance, meaning, node, self.instances))
            may_be = f"`{text}` may be an instance of `{class_}` or of another class"
            if not _noted(found, proven, f"`{text}` is an instance of `{class_}`", may_be):
                return False
        class_ = self.form.subclass
        if class_ is not None:
            proven = self._counted(_most(subclass, meaning, node, self.subclasses))
            may_be = f"`{text}` may be `{class_}`, derive from it, or be something else"
            if not _noted(found, proven, f"`{text}` is `{class_}` or derives from it", may_be):
                return False
        return True

    def _counted(self, proven: Applicability) -> Applicability:
        """What is `proven`, and nothing where that is less than is asked for."""
        return _NO if self.form.proven and proven is not _YES else proven


def _most(
    proves: Callable[[Meaning, cst.CSTNode, str], Applicability],
    meaning: Meaning,
    node: cst.CSTNode,
    classes: Sequence[str],
) -> Applicability:
    """How far `node` is proven to be of one of `classes`."""
    return max((meaning.counted(proves(meaning, node, one), one) for one in classes), default=_NO)


def _noted(found: Match, proven: Applicability, is_so: str, may_be: str) -> bool:
    """Whether something is so, or may be, which `found` then tells."""
    if proven is _YES:
        found.evidence.append(is_so)
    elif proven is _MAYBE:
        found.lower(proven, may_be)
    return proven is not _NO


def _copy(found: Match) -> Match:
    return Match(dict(found.holes), dict(found.rests))


def _is_kind(meaning: Meaning, node: cst.CSTNode, kind: str) -> bool:
    if kind == "function":
        return isinstance(node, cst.Name) and any(
            binding.kind == "function" for binding in meaning.names.reaching(node)
        )
    return isinstance(node, _KINDS[kind])


def _set_to(meaning: Meaning, node: cst.CSTNode) -> cst.CSTNode:
    """What a variable holds, where all that reaches `node` is one assignment; else `node`."""
    if not isinstance(node, cst.Name) or node not in meaning.names.uses:
        return node
    found = meaning.names.reaching(node)
    if len(found) != 1 or found[0].kind != "assign" or found[0].index is not None:
        return node
    return found[0].value or node


def any_below(pattern: Pattern, meaning: Meaning, node: cst.CSTNode) -> bool:
    """Whether the pattern is found in `node`."""
    return any(pattern.match(meaning, one) for one in below(node))


def below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """`node` and every node in it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += children(current)
