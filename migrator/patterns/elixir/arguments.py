"""The arguments of a call that a rule changes: what stays, what moves, what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, is_local
from migrator.helpers.elixir.items import rearranged
from migrator.helpers.elixir.patterns import DEFINITIONS, unguarded
from migrator.model import Applicability, Edit, Span
from migrator.patterns.elixir.meaning import pieces, piped
from migrator.patterns.elixir.pairs import explicit, key_of, keyword_pairs, value_of
from migrator.patterns.elixir.snippets import hole, positional, rest
from migrator.patterns.gaps import increasing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.rendering import Rendering


class Arguments:
    """The arguments of one call, and what becomes of them.

    Items are the positional ones and the pairs behind them, in one row; where the pairs stand in
    a list of their own, that list has a row of its own.
    """

    def __init__(self, rendering: Rendering, pattern: Node, template: Node, node: Node) -> None:
        self.rendering = rendering
        self.match = rendering.match
        self.node = node
        self.pattern = pattern
        self.template = template
        self.plain = positional(node)
        self.pairs = keyword_pairs(node)
        self.holder: Node | None = None
        if not self.pairs and self.plain and keyword_pairs(pattern):
            inside = explicit(self.plain[-1])
            if inside is not None:
                self.holder, self.pairs = self.plain[-1], inside
                self.plain = self.plain[:-1]
        self.items = [*self.plain, *self.pairs]
        self._edits: list[Edit] = []
        #: The items that get another key, or lose theirs: the key.
        self._keys: dict[int, str] = {}
        #: What is written as a pair, and was none of the call.
        self._pair_texts: set[str] = set()

    def edits(self) -> list[Edit]:
        """The edits that make the arguments those of the template."""
        new_plain, new_pairs = positional(self.template), keyword_pairs(self.template)
        ours, ours_pairs = positional(self.pattern), keyword_pairs(self.pattern)
        if piped(self.node) is not None and piped(self.template) is None:
            # What is piped in is the first of both, and stands elsewhere.
            if rest(ours[0]) is None:
                ours, new_plain = ours[1:], new_plain[1:]
        wanted: list[int | str] = []
        for place, one in enumerate(new_plain):
            same = ours[place] if place < len(ours) and len(ours) == len(new_plain) else None
            wanted += self._plain(one, same, place)
        kept: list[int | str] = []
        while wanted and self._is_pair(wanted[-1]):
            kept.insert(0, wanted.pop())
        plain = len(wanted)
        kept += [at for one in new_pairs for at in self._pair(one, ours_pairs)]
        wanted += _settled(kept)
        pairs = [at for at, one in enumerate(wanted[:plain]) if self._is_pair(one)]
        if any(not self._is_pair(one) for one in wanted[min(pairs, default=plain) : plain]):
            why = "an argument would follow the keywords"
            self.rendering.lowered.append((Applicability.MANUAL, why))
        has_pairs = bool(pairs) or len(wanted) > plain
        arity = plain - len(pairs) + has_pairs
        if self.holder is not None:
            # What becomes an argument leaves the list.
            wanted[:plain] = [
                self._moved(one) if isinstance(one, int) and one >= len(self.plain) else one
                for one in wanted[:plain]
            ]
        wanted = self._in_order(wanted)
        if self.node is self.rendering.node:
            left = piped(self.node) is not None
            self.rendering.arity = left + arity
        self._write(wanted, plain)
        return self._edits

    def _is_field(self) -> bool:
        """Whether the template takes what may be a field: parentheses would make it a call."""
        target = self.template.child("target")
        left = target.child("left") if target is not None and target.kind == "dot" else None
        return self.template.of("arguments") is None and left is not None and left.kind != "alias"

    def _is_pair(self, one: int | str) -> bool:
        """Whether it is a pair, and stays one."""
        if isinstance(one, str):
            return one in self._pair_texts
        return isinstance(one, int) and one >= len(self.plain) and self._keys.get(one) != ""

    def _plain(self, template: Node, pattern: Node | None, place: int) -> Iterator[int | str]:
        """What stands for one argument of the template."""
        name = rest(template)
        if name is not None:
            yield from self._rest(self.match.rests[name])
            return
        at = self._index(template)
        if at is not None:
            if at >= len(self.plain):
                self._keys[at] = ""
            yield at
        elif pattern is not None and place < len(self.plain) and hole(template) is None:
            # The same argument, changed in itself.
            node = self.plain[place]
            if is_local(self.node, *DEFINITIONS) and pattern.kind == "call":
                # A guard of which the pattern says nothing stays.
                node = unguarded(node)
            if node.kind == "identifier" and pattern.kind == template.kind == "call":
                # The head of a function without parameters may have no parentheses.
                pattern = pattern.child("target") or pattern
                template = template if arguments(template) else template.child("target") or template
            self._edits += self.rendering.change(pattern, template, node)
            yield place
        elif self._are_last(template):
            # Keywords that stand last need no brackets.
            keywords = self.match.holes[hole(template) or ""]
            self.rendering.copied.append(keywords)
            yield self.rendering.inner(keywords)
        else:
            yield self._text(template)

    def _are_last(self, template: Node) -> bool:
        """Whether in the hole `template` are keywords, behind which there is nothing."""
        held = self.match.holes.get(hole(template) or "")
        if held is None or held.kind != "keywords" or keyword_pairs(self.template):
            return False
        return template is positional(self.template)[-1]

    def _rest(self, nodes: Sequence[Node]) -> Iterator[int | str]:
        left = piped(self.node)
        for node in nodes:
            for one in pieces(node) if node.kind == "keywords" else (node,):
                if one is left:
                    continue
                at = next((at for at, item in enumerate(self.items) if item is one), None)
                yield self._foreign(one) if at is None else at

    def _foreign(self, node: Node) -> str:
        """The text of what was no argument of the call, but an item of a list or another call."""
        self.rendering.copied.append(node)
        text = self.rendering.inner(node)
        if node.kind == "pair":
            self._pair_texts.add(text)
            around = node.parent.parent if node.parent is not None else None
            if around is not None and around.kind == "list":
                why = "a pair in a list is no argument with a name"
                self.rendering.lowered.append((Applicability.MANUAL, why))
        return text

    def _pair(self, template: Node, ours: Sequence[Node]) -> Iterator[int | str]:
        """What stands for one pair of the template."""
        name = rest(template)
        if name is not None:
            yield from self._rest(self.match.rests[name])
            return
        value = value_of(template)
        assert value is not None
        at = self._index(value)
        key = self.rendering.template.snippet.source.text[template.span.start : value.span.start]
        if at is not None and at >= len(self.plain):
            if key_of(self.items[at]) != key_of(template):
                self._keys[at] = key
            yield at
            return
        if at is not None and self.holder is None:
            self._keys[at] = key
            yield at
            return
        same = next((one for one in ours if key_of(one) == key_of(template)), None)
        given = next((one for one in self.pairs if key_of(one) == key_of(template)), None)
        if same is not None and given is not None:
            before, theirs = value_of(same), value_of(given)
            assert before is not None and theirs is not None
            self._edits += self.rendering.change(before, value, theirs)
            yield self.items.index(given)
            return
        if given is not None:
            why = f"`{key.strip()}` is there already"
            self.rendering.lowered.append((Applicability.MANUAL, why))
        yield self._text(template)

    def _index(self, template: Node) -> int | None:
        """Which of the arguments stands in the hole that `template` is."""
        name = hole(template)
        if name is None:
            return None
        node = self.match.holes[name]
        for at, one in enumerate(self.items):
            if one is node or (at >= len(self.plain) and value_of(one) is node):
                return at
        return None

    def _text(self, template: Node) -> str:
        return self.rendering.written(self.rendering.template.pieces(template))

    def _in_order(self, wanted: Sequence[int | str]) -> list[int | str]:
        """`wanted` with what would leave its order written anew."""
        stay = increasing([one if isinstance(one, int) else None for one in wanted])
        found: list[int | str] = []
        for at, one in enumerate(wanted):
            if isinstance(one, str):
                found.append(one)
            elif at in stay:
                self._rekey(one)
                found.append(one)
            else:
                found.append(self._moved(one))
        return found

    def _value(self, at: int) -> Node:
        """The item at `at`, without its key."""
        item = self.items[at]
        return (value_of(item) or item) if at >= len(self.plain) else item

    def _rekey(self, at: int) -> None:
        if at in self._keys:
            span = Span(self.items[at].span.start, self._value(at).span.start)
            self._edits.append(Edit(self.rendering.source.path, span, self._keys[at]))

    def _moved(self, at: int) -> str:
        node = self._value(at) if at in self._keys else self.items[at]
        self.rendering.copied.append(node)
        return self._keys.get(at, "") + self.rendering.inner(node)

    def _write(self, wanted: Sequence[int | str], plain: int) -> None:
        source, node = self.rendering.source, self.node
        given = node.of("arguments")
        if self.holder is not None:
            inside = [
                one - len(self.plain) if isinstance(one, int) else one for one in wanted[plain:]
            ]
            outer = [*wanted[:plain], *([len(self.plain)] if inside else [])]
            self._edits += rearranged(source, [*self.plain, self.holder], outer, 0)
            if inside:
                self._edits += rearranged(source, self.pairs, inside, 0)
            return
        target = node.child("target")
        assert target is not None
        if given is None:
            if wanted:
                text = f"({', '.join(map(str, wanted))})"
                end = target.span.end
                self._edits.append(Edit(source.path, Span(end, end), text))
            return
        if not wanted and self._is_field():
            self._edits.append(Edit(source.path, Span(target.span.end, given.span.end), ""))
            return
        if not wanted and arguments(node) and not given.text.startswith("("):
            cut = Span(target.span.end, given.span.end)
            self._edits.append(Edit(source.path, cut, "()"))
            return
        self._edits += rearranged(source, self.items, wanted, given.span.end - 1)


def _settled(wanted: Sequence[int | str]) -> list[int | str]:
    """Pairs in the order that they have: their order means nothing, that of evaluation may.

    A new one comes directly before the one that follows it in the template.
    """
    kept = sorted(one for one in wanted if isinstance(one, int))
    before: dict[int, list[str]] = {}
    texts: list[str] = []
    for one in wanted:
        if isinstance(one, str):
            texts.append(one)
        else:
            before[one], texts = texts, []
    found: list[int | str] = []
    for at in kept:
        found += [*before[at], at]
    last = next((at for at in reversed(range(len(wanted))) if isinstance(wanted[at], int)), None)
    if texts and last is not None:
        place = found.index(wanted[last]) + 1
        return [*found[:place], *texts, *found[place:]]
    return [*found, *texts]
