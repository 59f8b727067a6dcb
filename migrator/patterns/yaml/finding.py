"""What the rules for YAML find in one file, and the edits of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.helpers.merges import lookup
from migrator.helpers.yaml import line_of
from migrator.languages.yaml import BLOCKS, Alias, Mapping, Node, Scalar, Tree, parse, resolved
from migrator.model import Applicability, Edit, Finding, Fix, Severity, Source, Span
from migrator.patterns.yaml.edits import aliased, respelled
from migrator.patterns.yaml.keys import Renaming
from migrator.patterns.yaml.nesting import Made, Nesting, keys_of
from migrator.patterns.yaml.paths import Place, Step, leads_everywhere, places
from migrator.patterns.yaml.removal import Removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.model import Look
    from migrator.patterns.forms import Path
    from migrator.patterns.yaml.added import Added

VERBS = ("rename", "nest", "replace", "add", "remove")
MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW


@dataclass(frozen=True)
class FoundPath:
    """A path of a rule file, compiled, and its `part` there; `added` is the pair that it adds."""

    part: str
    form: Path
    steps: tuple[Step, ...]
    added: Added | None


@dataclass(frozen=True)
class YamlRule:
    """A rule file for YAML, compiled."""

    id: str
    severity: Severity
    most: Applicability
    paths: tuple[FoundPath, ...]
    message: str | None
    summary: str


def check(rule: YamlRule, source: Source, look: Look) -> Iterator[Finding]:
    """The findings of `rule` in `source`."""
    tree = parse(source)
    seen: set[int] = set()
    gone: set[Node] = set()
    by_path: list[tuple[FoundPath, list[Place]]] = []
    for one in rule.paths:
        found = [place for root in tree.documents for place in places(root, one.steps)]
        by_path.append((one, found))
        if one.form.remove:
            gone.update(_subject(place) for place in found if _says(one, place))
    removal = Removal(source, tree, gone)
    nesting = _nesting(rule, source, look, by_path)
    for one, found in by_path:
        finder = _Finder(rule, one, source, tree, found, removal, nesting)
        for place in found:
            if id(_subject(place)) not in seen:
                finding = finder.finding(place)
                if finding is not None:
                    seen.add(id(_subject(place)))
                    yield finding


def _nesting(
    rule: YamlRule, source: Source, look: Look, by_path: list[tuple[FoundPath, list[Place]]]
) -> Nesting:
    """The pairs that go below other keys, of those that no path before is about."""
    if all(one.form.nest is None for one, _ in by_path):
        return Nesting(source, {}, (), ())
    claimed: set[Node] = set()
    made = Made(parse(source))
    moves: dict[Node, tuple[str, ...]] = {}
    around: list[Mapping] = []
    for one, found in by_path:
        keys = keys_of(one.form.nest) if one.form.nest is not None else None
        for place in found:
            subject = _subject(place)
            is_open = keys and subject not in claimed and _says(one, place)
            if keys and is_open and place.mapping and place.pair:
                if not made.is_there(place.mapping, place.pair, keys):
                    moves[subject] = keys
                    around.append(place.mapping)
            claimed.add(subject)
    kept = {key for key in moves if look.keeps(rule.id, source.position(key.span.start).line)}
    return Nesting(source, moves, around, kept)


class _Finder:
    """One path of a rule in one file."""

    def __init__(
        self,
        rule: YamlRule,
        one: FoundPath,
        source: Source,
        tree: Tree,
        found: list[Place],
        removal: Removal,
        nesting: Nesting,
    ) -> None:
        self.rule = rule
        self.one = one
        self.form = one.form
        self.source = source
        self.removal = removal
        self.nesting = nesting
        self.anchored = tuple(resolved(node) for node in tree.nodes if isinstance(node, Alias))
        new = self.form.rename
        self.renaming = None if new is None else Renaming(source, tree, found, new)

    def finding(self, place: Place) -> Finding | None:
        """What there is to say of `place`, which the path leads to."""
        rule, form = self.rule, self.form
        value = _text(place.node)
        match = None
        if form.text is not None:
            match = re.fullmatch(form.text, value) if value is not None else None
            if match is None:
                return None
        node = resolved(place.node)
        added = self.one.added
        if added and (not isinstance(node, Mapping) or lookup(node, added.key)):
            return None
        if form.replace is not None and match is None and value == form.replace:
            return None
        if self.renaming is not None and self.renaming.is_another(place):
            return None
        if form.nest is not None and not self.nesting.is_about(_subject(place)):
            return None
        evidence = [f"the path `{form.path}` leads here"]
        message = form.message or rule.message or self._told(place, value)
        hindrance = self._hindrance(place)
        edits = () if hindrance else self._edits(place, match)
        if hindrance:
            message += f"; {hindrance}"
        elif not edits and any(getattr(form, verb) for verb in VERBS):
            evidence.append("how it is written keeps it from being changed by a tool")
        doubt = self._doubt(place) if edits else None
        most = rule.most
        if doubt is not None:
            most = min(most, REVIEW)
            evidence.append(doubt)
        fix = Fix(message, edits, most) if edits and most is not MANUAL else None
        at = self._span(place)
        return Finding(
            rule.id,
            self.source.path,
            at,
            rule.severity,
            message,
            tuple(evidence),
            fix,
            self.one.part,
        )

    def _hindrance(self, place: Place) -> str | None:
        """Why nothing can be changed at `place`, and what to do."""
        if self.renaming is not None:
            return self.renaming.hindrance(place)
        if self.form.nest is not None:
            return self.nesting.hindrance(_subject(place))
        return self.removal.hindrance(place) if self.form.remove else None

    def _doubt(self, place: Place) -> str | None:
        """What else changes with what is changed here."""
        doubt = self.renaming.doubt(place) if self.renaming else None
        if doubt is not None:
            return doubt
        if not leads_everywhere(self.one.steps) or self.form.nest is not None:
            shared = aliased(_subject(place), self.anchored)
        else:
            shared = self.renaming is None and place.node in self.anchored
        return "it is used in another place too, by an alias" if shared else None

    def _span(self, place: Place) -> Span:
        if place.pair is not None and self.form.replace is None and self.one.added is None:
            return place.pair[0].span
        node = place.node
        if isinstance(node, Mapping) and node.pairs and not node.flow:
            return node.pairs[0][0].span
        return node.span

    def _edits(self, place: Place, match: re.Match[str] | None) -> tuple[Edit, ...]:
        """The edits that the verb asks for, if there is a way to make them."""
        form = self.form
        if self.renaming is not None:
            return self.renaming.edits(place)
        if form.nest is not None:
            return self.nesting.edits(_subject(place))
        if form.replace is not None:
            node = place.node
            text = match.expand(form.replace) if match else form.replace
            if not isinstance(node, Scalar):
                return ()
            holder = place.sequence if place.mapping is None else place.mapping
            in_flow = holder is not None and holder.flow
            return respelled(self.source, node, text, in_flow=in_flow)
        if self.one.added is not None:
            mapping = resolved(place.node)
            assert isinstance(mapping, Mapping)
            return self.one.added.edits(self.source, mapping)
        return self.removal.edits(place) if form.remove else ()

    def _told(self, place: Place, value: str | None) -> str:
        form = self.form
        new = form.rename if form.nest is None else form.nest
        if new is not None and place.pair is not None:
            old = resolved(place.pair[0])
            assert isinstance(old, Scalar)
            return f"`{old.value}` is now `{new}`"
        key = line_of(place.pair[0]) if place.pair else None
        if form.replace is not None and value is not None:
            said = value if key is None else f"{key}: {value}"
            return f"`{said}` is no longer to be used" if key is None else f"`{said}` is old"
        if self.one.added is not None:
            return f"`{self.one.added.key}: {self.one.added.value}` is missing"
        if form.remove:
            return f"{'this item' if key is None else f'`{key}`'} is no longer to be used"
        return self.rule.summary.rstrip(".")


def _subject(place: Place) -> Node:
    """What stands at `place`, by its key where it has one."""
    return place.pair[0] if place.pair else place.node


def _says(one: FoundPath, place: Place) -> bool:
    """Whether what stands at `place` has the text that the path asks for."""
    text = one.form.text
    value = _text(place.node)
    return text is None or (value is not None and re.fullmatch(text, value) is not None)


def _text(node: Node) -> str | None:
    value = line_of(node)
    return _block(node) if value is None else value


def _block(node: Node) -> str | None:
    """The text of a block scalar, which can be read but is never edited; its end is layout."""
    is_block = isinstance(node, Scalar) and node.style in BLOCKS and not node.tag
    return node.value.rstrip("\n") if isinstance(node, Scalar) and is_block else None
