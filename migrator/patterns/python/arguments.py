"""The arguments of a call that becomes another: they stay, are named otherwise, come or go."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator.helpers.python.items import rearranged
from migrator.model import Edit, Span
from migrator.patterns.gaps import increasing
from migrator.patterns.python.holes import hole_of, rest_of
from migrator.patterns.python.parentheses import has_parentheses
from migrator.patterns.python.spans import span_at
from migrator.patterns.python.weighing import misplaced_keywords

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from migrator.patterns.python.matching import Match
    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.python.weighing import Doubt


class _Wanted(NamedTuple):
    """An argument that is written: `at` is which one of the call it is, if it is one.

    It is `given` by the template, or `held` by `$$$REST`, which may be of a list or another call.
    """

    at: int | None
    given: cst.Arg | None
    held: cst.CSTNode | None
    keyword: str | None
    star: str


@dataclass
class Arguments:
    """The arguments of one call, of which `match` has what stands in the holes.

    `inner` gives the text of a node in it with the edits that are its own, `written` what a part of
    the template is there, and `held` what stands in its holes. Afterwards `copied` are the nodes
    whose text is written anew, `lowered` tells what makes the edits less than safe, and `order` has
    what stays of the arguments as it is evaluated then.
    """

    meaning: Meaning
    match: Match
    inner: Callable[[cst.CSTNode], str]
    written: Callable[[cst.CSTNode], str]
    held: Callable[[cst.CSTNode], Sequence[cst.CSTNode]]
    order: Sequence[cst.CSTNode] = ()
    copied: list[cst.CSTNode] = field(default_factory=list)
    lowered: list[Doubt] = field(default_factory=list)

    def edits(self, template: cst.Call, node: cst.Call) -> list[Edit]:
        """The edits that give the call `node` the arguments that `template` has."""
        asked = [one for arg in template.args for one in self._wanted(arg, node)]
        wanted = _unnamed_first(self._ordered(asked, node))
        self.order = [value for one in wanted for value in self._made_of(one)]
        stay = increasing([one.at for one in wanted])
        new: list[int | str] = []
        edits: list[Edit] = []
        for place, one in enumerate(wanted):
            old = node.args[one.at] if one.at is not None else None
            if old is not None and _is_bare(old, one.given, len(wanted)):
                self.copied.append(old.value)
                prefix = f"{one.keyword}=" if one.keyword else ""
                new.append(f"{prefix}({self.inner(old.value)})")
            elif one.at is not None and old is not None and place in stay:
                new.append(one.at)
                if one.given is not None:
                    edits += self._keyword(old, one.keyword)
            elif one.given is None:
                assert one.held is not None
                self.copied.append(one.held)
                new.append(self.inner(one.held))
            else:
                text = self.written(one.given.value)
                prefix = f"{one.keyword}=" if one.keyword else one.given.star
                new.append(f"{prefix}{text}")
        self.lowered += misplaced_keywords([one.star or one.keyword for one in wanted])
        at_end = self.meaning.tree.spans[node].end - 1
        edits += rearranged(self.meaning.source, node.args, new, at_end)
        return edits

    def _made_of(self, wanted: _Wanted) -> Sequence[cst.CSTNode]:
        """What of the call is in `wanted`."""
        if wanted.given is not None:
            return self.held(wanted.given.value)
        return () if wanted.held is None else (wanted.held,)

    def _ordered(self, wanted: Sequence[_Wanted], node: cst.Call) -> list[_Wanted]:
        """`wanted` with arguments that have a name, and had one, in the order that they are in.

        What is new stays before what it precedes in the template.
        """
        named = {id(one): at for at, arg in enumerate(node.args) for one in (arg, arg.value)}
        groups: list[tuple[int | None, list[_Wanted]]] = []
        new: list[_Wanted] = []
        for one in wanted:
            made_of = [named.get(id(part)) for part in self._made_of(one)]
            places = [at for at in made_of if at is not None and node.args[at].keyword]
            if one.keyword and not made_of:
                new.append(one)
                continue
            is_named = bool(one.keyword) and len(places) == len(made_of)
            groups.append((min(places) if is_named else None, [*new, one]))
            new = []
        moving = iter(sorted((one for one in groups if one[0] is not None), key=itemgetter(0)))
        ordered = [group if place is None else next(moving)[1] for place, group in groups]
        return [*(one for group in ordered for one in group), *new]

    def _wanted(self, arg: cst.Arg, node: cst.Call) -> Iterator[_Wanted]:
        """What `arg` of the template makes of the arguments of `node`."""
        rest = rest_of(arg)
        if rest is None:
            keyword = arg.keyword.value if arg.keyword else None
            hole = hole_of(arg.value)
            held = self.match.holes[hole] if hole is not None else None
            values = {id(one.value): at for at, one in enumerate(node.args)}
            at = values.get(id(held))
            # With other stars it is another argument.
            is_kept = at is not None and node.args[at].star == arg.star
            yield _Wanted(at if is_kept else None, arg, None, keyword, arg.star)
            return
        places = {id(one): at for at, one in enumerate(node.args)}
        for one in self.match.rests[rest]:
            keyword, star = None, ""
            if isinstance(one, cst.Arg):
                keyword, star = one.keyword.value if one.keyword else None, one.star
            elif isinstance(one, cst.StarredElement):
                star = "*"
            yield _Wanted(places.get(id(one)), None, one, keyword, star)

    def _keyword(self, arg: cst.Arg, keyword: str | None) -> list[Edit]:
        spans, path = self.meaning.tree.spans, self.meaning.source.path
        if arg.keyword is None:
            start = spans[arg].start
            return [Edit(path, Span(start, start), f"{keyword}=")] if keyword else []
        if keyword is None:
            cut = Span(spans[arg.keyword].start, span_at(self.meaning, arg.value).start)
            return [Edit(path, cut, "")]
        return [Edit(path, spans[arg.keyword], keyword)]


def _unnamed_first(wanted: list[_Wanted]) -> list[_Wanted]:
    """`wanted` with arguments without a name before the others, where each of them is in the place
    that it was in: the template has any number of arguments behind one with a name.
    """
    unnamed = [one for one in wanted if not one.keyword and not one.star]
    if [one.at for one in unnamed] != list(range(len(unnamed))):
        return wanted
    if any(one.star == "*" for one in wanted):
        return wanted
    return [*unnamed, *(one for one in wanted if one.keyword or one.star)]


def _is_bare(old: cst.Arg, new: cst.Arg | None, count: int) -> bool:
    """Whether the value of `old` needs parentheses as `new`, one of `count`, that it has not.

    It is `new` itself where there is none.
    """
    if has_parentheses(old.value):
        return False
    keyword = (old if new is None else new).keyword
    is_named = isinstance(old.value, cst.NamedExpr) and keyword is not None
    is_sole = count == 1 and keyword is None
    return is_named or (isinstance(old.value, cst.GeneratorExp) and not is_sole)
