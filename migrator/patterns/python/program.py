"""The rules of a pack for Python, run over a file together: they share its imports."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.imports import Imports, Statement
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import dotted_text
from migrator.languages.python import children
from migrator.model import Applicability, Edit, Finding, Fix, Look, Severity, Source, Span, splice
from migrator.patterns.holes import HOLE, put_in
from migrator.patterns.python.given import gives, kept, takes
from migrator.patterns.python.matching import Match, Meaning, Pattern, meaning, root_of, use_at
from migrator.patterns.python.reexports import hands_on
from migrator.patterns.python.rendering import Rendering, Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from migrator.model import Fact
    from migrator.patterns.python.constraints import Condition
    from migrator.patterns.reading import Rename

    #: The findings by rule, and the names that the module would lose.
    _Looked = tuple[Mapping[str, Sequence[Finding]], frozenset[str]]

MANUAL, REVIEW, SAFE = Applicability.MANUAL, Applicability.REVIEW, Applicability.SAFE


_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_LOOKED_AT = (cst.BaseExpression, cst.BaseSmallStatement, cst.BaseCompoundStatement)


@dataclass(frozen=True, eq=False)
class Variant:
    """A pattern of a rule, the constraints on its holes, and what becomes of what it finds."""

    pattern: Pattern
    template: Template | None
    where: Mapping[str, Condition]
    message: str


@dataclass(frozen=True, eq=False)
class PythonRule:
    """A rule file for Python, compiled."""

    id: str
    severity: Severity
    most: Applicability
    variants: tuple[Variant, ...]
    renames: tuple[Rename, ...]


@dataclass(eq=False)
class _Hit:
    """One place that a rule found, and the edits that it will have."""

    rule: PythonRule
    node: cst.CSTNode
    span: Span
    message: str
    match: Match
    variant: Variant | None = None
    rename: Rename | None = None
    applicability: Applicability = SAFE
    edits: tuple[Edit, ...] = ()
    statements: list[Statement] = field(default_factory=list)
    outer: _Hit | None = None


class Program:
    """All rules of one pack."""

    def __init__(self, rules: Sequence[PythonRule]) -> None:
        self.rules = rules
        found = [one.pattern.snippet.names for rule in rules for one in rule.variants]
        self._called = tuple(dict.fromkeys(name for names in found for name in names))

    def findings(self, source: Source, look: Look, rule: str) -> Iterable[Finding]:
        """What the rule called `rule` finds in `source`."""
        return self._looked(source, look)[0].get(rule, ())

    def facts(self, source: Source, look: Look) -> Iterator[Fact]:
        """What matters of `source` to other files, whatever the rule."""
        yield from gives(source, look, sorted(self._looked(source, look)[1]))
        yield from takes(source, look)
        yield from hands_on(source, look, self._called)

    def _looked(self, source: Source, look: Look) -> _Looked:
        names = kept(source, look)
        key = (self, meaning(source, look), look.level, look.fixing, names)
        if key not in source.memo:
            one = _Pass(self.rules, source, look, names)
            found: dict[str, list[Finding]] = {}
            for finding in one.run():
                found.setdefault(finding.rule, []).append(finding)
            source.memo[key] = (found, one.lost())
        looked: _Looked = source.memo[key]
        return looked


class _Pass:
    """One look at one file."""

    def __init__(
        self, rules: Sequence[PythonRule], source: Source, look: Look, kept: frozenset[str]
    ) -> None:
        self.rules = rules
        self.kept = kept
        self.source = source
        self.look = look
        self.meaning: Meaning = meaning(source, look)
        self.tree = self.meaning.tree
        self.hits: list[_Hit] = []
        self._claimed: set[cst.CSTNode] = set()
        self._imports: Imports | None = None

    def run(self) -> Iterator[Finding]:
        self._find()
        for hit in self.hits:
            self._weigh(hit)
        self._imports = Imports(
            self.meaning.names, self.meaning.absolute, self._moved, self._gone(), self.kept
        )
        # Inner ones first: what they become is part of what stands in the holes of outer ones.
        for hit in sorted(self.hits, key=lambda hit: hit.span.end - hit.span.start):
            self._edit(hit)
        self._import_hits()
        self._imported_hits()
        self._texts()
        for hit in self.hits:
            finding = self._finding(hit)
            if finding is not None:
                yield finding

    def lost(self) -> frozenset[str]:
        """The names that the module loses, or would if no other file took them from it."""
        assert self._imports is not None
        return self._imports.lost()

    # Finding

    def _find(self) -> None:
        variants = [
            (rule, variant)
            for rule in self.rules
            for variant in rule.variants
            if variant.pattern.snippet.form != "import"
            # What is handed on may have another name here.
            if self.meaning.handed_on
            or all(word in self.source.text for word in variant.pattern.snippet.words)
        ]
        renames = [(rule, one) for rule in self.rules for one in rule.renames]
        spans = self.tree.spans
        nodes = self.tree.of(*_LOOKED_AT)  # type: ignore[type-abstract]
        for node in sorted(nodes, key=lambda node: _place(spans[node], node)):
            if node not in self._claimed:
                self._try(node, variants)
            if isinstance(node, (cst.Name, cst.Attribute)):
                if node not in self._claimed:
                    self._try_renames(node, renames)
            elif isinstance(node, cst.Call):
                self._try_keywords(node, renames)

    def _try(self, node: cst.CSTNode, variants: Sequence[tuple[PythonRule, Variant]]) -> None:
        found = self._best(node, variants)
        if found is None:
            return
        rule, variant, match = found
        values = {name: self._text(one) for name, one in match.holes.items()}
        for name, nodes in match.rests.items():
            values[name] = ", ".join(map(self._text, nodes))
        message = put_in(variant.message, values)
        if match.unclear:
            message = f"{message}; {match.unclear}, so that it is left to you"
        hit = _Hit(rule, node, self._shown(node), message, match, variant)
        self.hits.append(hit)
        if isinstance(node, cst.Expr):
            self._claimed.add(node.value)
        if variant.template is not None and not match.unclear:
            kept = set(variant.template.snippet.names)
            for chain, dotted in match.named.items():
                if dotted not in kept:
                    self._claim(chain)

    def _shown(self, node: cst.CSTNode) -> Span:
        """What of `node` is shown: all of it, of a block the head."""
        start, end = self.tree.spans[node]
        if isinstance(node, cst.BaseCompoundStatement):
            body = self.tree.spans[node.body].start
            end = start + self.source.text[start:body].rfind(":") + 1
        return Span(start, end)

    def _best(
        self, node: cst.CSTNode, variants: Sequence[tuple[PythonRule, Variant]]
    ) -> tuple[PythonRule, Variant, Match] | None:
        """The first pattern that is proven to be met at `node`, else the one that comes closest."""
        best: tuple[PythonRule, Variant, Match] | None = None
        for rule, variant in variants:
            match = variant.pattern.match(self.meaning, node)
            if match is None or not self._holds(variant, match):
                continue
            if best is None or match.proven > best[2].proven:
                best = (rule, variant, match)
            if match.proven is SAFE:
                break
        return best

    def _holds(self, variant: Variant, match: Match) -> bool:
        if match.unclear:
            return True
        for name, condition in variant.where.items():
            nodes = match.rests[name] if name in match.rests else (match.holes[name],)
            if not condition.holds_of_all(self.meaning, nodes, match):
                return False
        if not match.named and not any(one.form.instance for one in variant.where.values()):
            match.lower(REVIEW, "nothing in the pattern is resolved to what it means")
        return True

    def _claim(self, node: cst.CSTNode) -> None:
        while isinstance(node, cst.Attribute):
            self._claimed.add(node)
            node = node.value
        self._claimed.add(node)

    def _try_renames(
        self, node: cst.BaseExpression, renames: Sequence[tuple[PythonRule, Rename]]
    ) -> None:
        for rule, rename in renames:
            if rename.keyword is not None:
                continue
            proven = self.meaning.stands_for(node, rename.old)
            if proven is MANUAL or rename.old not in self.meaning.resolved(node):
                continue
            match = Match(named={node: rename.old})
            match.evidence.append(self.meaning.imported_at(node))
            if proven is REVIEW:
                why = f"`{dotted_text(node)}` may stand for something else than `{rename.old}`"
                match.lower(REVIEW, why)
            message = f"`{rename.old}` is now `{rename.new}`"
            self.hits.append(_Hit(rule, node, self.tree.spans[node], message, match, rename=rename))
            self._claim(node)
            return

    def _try_keywords(self, node: cst.Call, renames: Sequence[tuple[PythonRule, Rename]]) -> None:
        for rule, rename in renames:
            if rename.keyword is None:
                continue
            old, new = rename.keyword
            given = {arg.keyword.value: arg.keyword for arg in node.args if arg.keyword}
            if old not in given:
                continue
            proven = self.meaning.stands_for(node.func, rename.old)
            if proven is MANUAL:
                continue
            match = Match(evidence=[self.meaning.imported_at(node.func)])
            if proven is REVIEW:
                match.lower(REVIEW, f"`{dotted_text(node.func)}` may be another function")
            message = f"the argument `{old}` of `{rename.old}` is now `{new}`"
            if new in given:
                match.lower(MANUAL, f"`{new}=` is there already")
            span = self.tree.spans[given[old]]
            hit = _Hit(rule, given[old], span, message, match, rename=rename)
            hit.edits = (Edit(self.source.path, span, new),)
            self.hits.append(hit)

    # Weighing

    def _weigh(self, hit: _Hit) -> None:
        """How far the hit is proven, so far as its own place tells."""
        hit.applicability = min(hit.rule.most, hit.match.proven)
        if hit.variant is None:
            return
        if hit.variant.template is None or hit.match.unclear:
            hit.applicability = MANUAL
            return
        rendering = self._rendering(hit, lambda dotted, _: dotted)
        for to, why in rendering.lowered:
            hit.match.lower(to, why)
        hit.applicability = min(hit.applicability, hit.match.proven)

    def _rendering(self, hit: _Hit, spell: object, hits: Sequence[_Hit] = ()) -> Rendering:
        assert hit.variant is not None and hit.variant.template is not None

        def inner(node: cst.CSTNode) -> str:
            span = self._span(node)
            edits = [
                edit
                for one in hits
                if self._applies(one) and span.start <= one.span.start and one.span.end <= span.end
                for edit in one.edits
                if span.start <= edit.span.start and edit.span.end <= span.end
            ]
            moved = [
                Edit(path, Span(at.start - span.start, at.end - span.start), text)
                for path, at, text in edits
            ]
            return splice(self.source.text[span.start : span.end], moved)

        rendering = Rendering(
            self.meaning,
            hit.node,
            hit.match,
            hit.variant.pattern,
            hit.variant.template,
            spell,  # type: ignore[arg-type]
            inner,
        )
        rendering.render()
        return rendering

    def _applies(self, hit: _Hit) -> bool:
        line = self.source.position(hit.span.start).line
        return self.look.applies(hit.rule.id, hit.applicability, line)

    def _moved(self, dotted: str) -> str | None:
        """Where `dotted` moves by the renames that will be applied: the longest of them counts."""
        found = self._renamed(dotted)
        if found is None or not self.look.applies(found[0].id, found[0].most):
            return None
        _, rename = found
        return rename.new + dotted[len(rename.old) :]

    def _renamed(self, dotted: str) -> tuple[PythonRule, Rename] | None:
        found = [
            (rule, rename)
            for rule in self.rules
            for rename in rule.renames
            if rename.keyword is None and f"{dotted}.".startswith(f"{rename.old}.")
        ]
        return max(found, key=lambda one: len(one[1].old), default=None)

    def _gone(self) -> frozenset[cst.Name]:
        """The names that the edits to be applied take away."""
        gone: set[cst.Name] = set()
        for hit in self.hits:
            if not self._applies(hit):
                continue
            if hit.rename is not None:
                root = root_of(hit.node) if hit.rename.keyword is None else None
                if root is not None:
                    gone.add(root)
            elif hit.variant is not None and hit.variant.template is not None:
                gone |= self._gone_in(hit, hit.variant.template)
        return frozenset(gone)

    def _gone_in(self, hit: _Hit, template: Template) -> set[cst.Name]:
        bound = template.snippet.bound
        stays = [node for name, node in hit.match.holes.items() if name in bound]
        stays += [
            node for name, nodes in hit.match.rests.items() if name in bound for node in nodes
        ]
        stays += [node for node, name in hit.match.named.items() if name in template.snippet.names]
        gone = set(_uses(self.meaning, hit.node))
        for node in stays:
            gone -= set(_uses(self.meaning, node))
        return gone

    # Editing

    def _edit(self, hit: _Hit) -> None:
        assert self._imports is not None
        imports = self._imports
        if hit.applicability is MANUAL:
            return

        def spell(dotted: str, like: cst.CSTNode | None) -> str:
            template = hit.variant.template if hit.variant else None
            unit = template.unit(dotted) if template else None
            was = hit.match.named.get(like, "") if like is not None else ""
            if like is not None and was not in self.meaning.resolved(like):
                was = ""  # it comes from a module that hands it on, and nothing beside it
            at = use_at(self.meaning, hit.node)
            text, statement = imports.spell(dotted, at, like, was, unit)
            if statement is not None and statement not in hit.statements:
                hit.statements.append(statement)
            return text

        if hit.rename is not None:
            if hit.rename.keyword is None:
                text = spell(hit.rename.new, hit.node)
                if text != self._text(hit.node):
                    hit.edits = (Edit(self.source.path, hit.span, text),)
            return
        rendering = self._rendering(hit, spell, self.hits)
        hit.edits = rendering.edits
        for one in self.hits:
            if one is not hit and any(
                self._span(node).start <= one.span.start and one.span.end <= self._span(node).end
                for node in rendering.copied
            ):
                one.outer = hit

    def _import_hits(self) -> None:
        """Findings for the import statements that bring a name which has moved."""
        assert self._imports is not None
        for statement in self._imports.statements():
            told: set[PythonRule] = set()
            names = statement.targets()
            for target, node in names:
                found = self._renamed(target)
                if found is None:
                    continue
                rule, rename = found
                is_module = f"{statement.module}.".startswith(f"{rename.old}.")
                if is_module and rule in told:
                    continue
                told.add(rule)
                module = getattr(statement.node, "module", None)
                at = module if is_module and module is not None else node
                span = self.tree.spans[at]
                message = f"`{rename.old}` is now `{rename.new}`"
                line = self.source.position(span.start).line
                match = Match(evidence=[f"line {line} imports `{target}`"])
                hit = _Hit(rule, at, span, message, match, rename=rename)
                hit.applicability = rule.most
                hit.statements.append(statement)
                if not self._applies(hit):
                    hit.edits = (Edit(self.source.path, span, rename.new),)
                self.hits.append(hit)

    def _imported_hits(self) -> None:
        """Findings for the imports that a rule looks for, of those that stay."""
        assert self._imports is not None
        wanted = [
            (rule, variant, variant.pattern.snippet.names[0])
            for rule in self.rules
            for variant in rule.variants
            if variant.pattern.snippet.form == "import"
        ]
        for target, node in self._imports.staying():
            for rule, variant, name in wanted:
                if f"{target}.".startswith(f"{name}."):
                    line = self.source.position(self.tree.spans[node].start).line
                    match = Match(evidence=[f"line {line} imports `{target}`"])
                    span = self.tree.spans[node]
                    hit = _Hit(rule, node, span, variant.message, match, variant)
                    hit.applicability = MANUAL
                    self.hits.append(hit)
                    break

    def _texts(self) -> None:
        """Texts that are a dotted name as a whole: of what has moved, or of a function called."""
        called = {
            name: (rule, variant)
            for rule in self.rules
            for variant in rule.variants
            if (name := _function(variant.pattern.tree))
        }
        for node in self.tree.spans:
            text = self._dotted(node)
            if text is None:
                continue
            found = self._renamed(text)
            if found is not None:
                self.hits.append(self._text_hit(node, text, *found))
            elif text in called:
                rule, variant = called[text]
                match = Match(evidence=["the text is its name as a whole"])
                message = f"{put_in(variant.message, {})}; it is only named here"
                hit = _Hit(rule, node, self.tree.spans[node], message, match, variant)
                hit.applicability = MANUAL
                self.hits.append(hit)

    def _dotted(self, node: cst.CSTNode) -> str | None:
        """The dotted name that a string is, if it is one by itself."""
        if not isinstance(node, cst.SimpleString) or "." not in node.raw_value:
            return None
        if isinstance(self.tree.parents[node], (cst.ConcatenatedString, cst.Expr)):
            return None
        text = text_of(node)
        is_name = text is not None and text == node.raw_value and _DOTTED.fullmatch(text)
        return text if is_name else None

    def _text_hit(self, node: cst.CSTNode, text: str, rule: PythonRule, rename: Rename) -> _Hit:
        match = Match(evidence=["the text is a dotted name as a whole"])
        span = self.tree.spans[node]
        message = f"`{rename.old}` is now `{rename.new}`"
        hit = _Hit(rule, node, span, message, match, rename=rename)
        hit.applicability = rule.most
        start = self.source.text.index(text, span.start)
        named = Span(start, start + len(rename.old))
        hit.edits = (Edit(self.source.path, named, rename.new),)
        return hit

    def _finding(self, hit: _Hit) -> Finding | None:
        assert self._imports is not None
        edits: list[Edit] = []
        if (
            hit.rename is not None
            and not hit.edits
            and root_of(hit.node) in self.meaning.names.uses
        ):
            return None  # its import alone changes
        if hit.applicability is not MANUAL:
            outer = hit
            while outer.outer is not None and self._applies(outer.outer):
                outer = outer.outer
            edits += outer.edits
            if self._applies(hit):
                gone = self._names_of(hit)
                statements = {id(one): one for one in (*hit.statements, *outer.statements)}
                for one in self._imports.statements_of(gone):
                    statements[id(one)] = one
                for one in statements.values():
                    edits += self._imports.edits(one)
            if not edits:
                return None
        fix = Fix(hit.message, tuple(dict.fromkeys(edits)), hit.applicability) if edits else None
        return Finding(
            hit.rule.id,
            self.source.path,
            hit.span,
            hit.rule.severity,
            hit.message,
            tuple(dict.fromkeys(hit.match.evidence)),
            fix,
        )

    def _names_of(self, hit: _Hit) -> Iterable[cst.Name]:
        if hit.variant is not None and hit.variant.template is not None:
            return self._gone_in(hit, hit.variant.template)
        root = root_of(hit.node)
        return (root,) if root is not None and root in self.meaning.names.uses else ()

    def _span(self, node: cst.CSTNode) -> Span:
        from migrator.helpers.python.rewrite import whole

        if isinstance(node, cst.BaseExpression):
            return whole(self.tree, node)
        return self.tree.spans[node]

    def _text(self, node: cst.CSTNode) -> str:
        start, end = self._span(node)
        return self.source.text[start:end]


def _function(pattern: cst.CSTNode) -> str | None:
    """The dotted name of the function that a pattern calls."""
    name = dotted_text(pattern.func) if isinstance(pattern, cst.Call) else ""
    return name if "." in name and HOLE not in name else None


def _place(span: Span, node: cst.CSTNode) -> tuple[int, int, bool]:
    """Outer ones first, and a statement before the expression that is all of it."""
    return span.start, -span.end, isinstance(node, cst.BaseExpression)


def _uses(meaning: Meaning, node: cst.CSTNode) -> Iterator[cst.Name]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, cst.Name) and current in meaning.names.uses:
            yield current
        waiting += children(current)
