"""Names that nothing calls where they stand: in import statements, and in texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.annotations import quoted_names
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import Use
from migrator.model import Applicability, Edit, Severity, Source, Span
from migrator.patterns.holes import put_in
from migrator.patterns.python.holes import hole_of, rest_of
from migrator.patterns.python.matching import Match
from migrator.patterns.python.meaning import root_of, use_at
from migrator.patterns.python.rules import Hit, PythonRule, Variant, function_of, renamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from migrator.helpers.python.import_statements import Statement
    from migrator.helpers.python.imports import Imports
    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.renaming import Rename

MANUAL = Applicability.MANUAL
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")


class Named:
    """One look at the imports, as they are after all other edits, and at the texts of one file."""

    def __init__(
        self,
        rules: Sequence[PythonRule],
        meaning: Meaning,
        imports: Imports,
        applies: Callable[[Hit], bool],
        found: Sequence[Hit],
    ) -> None:
        self.rules = rules
        self.meaning = meaning
        self.source: Source = meaning.source
        self.tree = meaning.tree
        self.imports = imports
        self.applies = applies
        self.found = found

    def hits(self) -> Iterator[Hit]:
        """What is found of imports and mere names."""
        yield from self._import_hits()
        yield from self._imported_hits()
        yield from self._values()

    def _import_hits(self) -> Iterator[Hit]:
        """Findings for the import statements that bring a name which has moved."""
        for statement in self.imports.statements():
            told: set[PythonRule] = set()
            names = statement.targets()
            for target, node in names:
                found = renamed(self.rules, target)
                if found is None:
                    continue
                rule, rename = found
                at = moved_at(statement.node, statement.module, node, rename)
                if at is not node and rule in told:
                    continue
                told.add(rule)
                span = self.tree.spans[at]
                message = rename.told
                line = self.source.position(span.start).line
                match = Match(evidence=[f"line {line} imports `{target}`"])
                hit = Hit(rule, at, span, message, match, rename=rename)
                held = self._held(statement, target, node)
                if held is not Applicability.SAFE:
                    match.lower(held, "it stays for a use that stays")
                hit.applicability = min(rule.most, match.proven)
                hit.statements.append(statement)
                if not self.applies(hit):
                    hit.edits = (Edit(self.source.path, span, rename.new),)
                yield hit

    def _held(self, statement: Statement, target: str, node: cst.CSTNode) -> Applicability:
        """How far the uses of `target` move, which `import` brings by its path at `node`."""
        by_path = [one for one in statement.aliases if one.node.name is node]
        is_by_path = not any(one.node.asname or one.keeps_local for one in by_path)
        if not isinstance(statement.node, cst.Import) or not is_by_path:
            return Applicability.SAFE
        # What `import a.b` binds, other imports of `a` bind too.
        levels = [
            hit.applicability
            for hit in self.found
            if hit.rename is not None
            and hit.rename.keyword is None
            and f"{target}.".startswith(f"{hit.rename.old}.")
            and (root := root_of(hit.node)) is not None
            and root.value == target.partition(".")[0]
        ]
        return min(levels, default=Applicability.SAFE)

    def _imported_hits(self) -> Iterator[Hit]:
        """Findings for the imports that a rule looks for, of those that stay."""
        wanted = [
            (rule, variant, variant.pattern.snippet.names[0])
            for rule in self.rules
            for variant in rule.variants
            if variant.pattern.snippet.form == "import"
        ]
        for target, node in self.imports.staying():
            for rule, variant, name in wanted:
                if f"{target}.".startswith(f"{name}."):
                    line = self.source.position(self.tree.spans[node].start).line
                    match = Match(evidence=[f"line {line} imports `{target}`"])
                    span = self.tree.spans[node]
                    hit = Hit(rule, node, span, variant.message, match, variant)
                    hit.applicability = MANUAL
                    yield hit
                    break

    def _values(self) -> Iterator[Hit]:
        """Functions that a rule calls by another name now, where they are not called."""
        gone = {
            name: (rule, variant)
            for rule in self.rules
            for variant in rule.variants
            if (name := function_of(variant.pattern.tree)) and _is_gone(variant, name)
        }
        told = {node for hit in self.found for node in _chains(hit.node)}
        for node in self.tree.of(cst.Name, cst.Attribute) if gone else ():
            parent = self.tree.parents[node]
            is_part = isinstance(parent, cst.Attribute) or node in told
            if is_part or (isinstance(parent, cst.Call) and parent.func is node):
                continue
            name = next((one for one in self.meaning.meant(node) if one in gone), None)
            if name is None or self.meaning.stands_for(node, name) is MANUAL:
                continue
            rule, variant = gone[name]
            match = Match(evidence=[self.meaning.imported_at(node)])
            if not self._is_there(variant, node, match):
                continue
            message = f"{put_in(variant.message, {})}; it is only named here: what calls it"
            span = self.tree.spans[node]
            hit = Hit(rule, node, span, f"{message} is not known", match, variant)
            hit.applicability = MANUAL
            yield hit

    def texts(self) -> Iterator[Hit]:
        """Texts that are a dotted name as a whole: of what has moved, or of a function called.

        They may stand in what a pattern writes anew, as may annotations in quotes.
        """
        yield from self._annotations()
        called = [
            (name, rule, variant)
            for rule in self.rules
            # What is advised is to be what was found: a name alone may be used in any way.
            if rule.severity is not Severity.ADVICE
            for variant in rule.variants
            if (name := function_of(variant.pattern.tree))
        ]
        for node in self.tree.of(cst.SimpleString):
            text = self._dotted(node)
            if text is None:
                continue
            found = renamed(self.rules, text)
            if found is not None:
                yield self._text_hit(node, text, *found)
                continue
            for name, rule, variant in reversed(called):
                match = Match(evidence=["the text is its name as a whole"])
                if name != text or not self._is_there(variant, node, match):
                    continue
                message = f"{put_in(variant.message, {})}; it is only named here"
                hit = Hit(rule, node, self.tree.spans[node], message, match, variant)
                hit.applicability = MANUAL
                yield hit
                break

    def _annotations(self) -> Iterator[Hit]:
        """Names in annotations in quotes that go by another way now; the name itself stays."""
        for quoted in quoted_names(self.source):
            root, _, rest = quoted.dotted.partition(".")
            use = Use(use_at(self.meaning, quoted.literal).scope, len(self.source.text), ())
            found = self.meaning.names.visible(root, use)
            targets = {one.target for one in found if one.kind == "import"}
            target = self.meaning.absolute(targets.pop() or "") if len(targets) == 1 else ""
            moved = renamed(self.rules, f"{target}.{rest}") if target and rest else None
            if moved is None or self._dotted(quoted.literal) == quoted.dotted:
                continue
            rule, rename = moved
            if f"{target}.".startswith(f"{rename.old}."):
                continue  # its import moves, and keeps the name
            match = Match(evidence=["an annotation in quotes names it"])
            message = rename.told
            hit = Hit(rule, quoted.literal, quoted.span, message, match, rename=rename)
            if len(found) > 1:
                match.lower(Applicability.REVIEW, f"`{root}` may stand for something else")
            new = rename.new + f"{target}.{rest}"[len(rename.old) :]
            if new.startswith(f"{target}."):
                edit = Edit(self.source.path, quoted.span, root + new[len(target) :])
                hit.edits = (edit,)
            else:
                match.lower(MANUAL, "it comes from elsewhere, and has to be imported")
            hit.applicability = min(rule.most, match.proven)
            yield hit

    def _is_there(self, variant: Variant, node: cst.CSTNode, match: Match) -> bool:
        """Whether what stands around `node` is as the pattern asks."""
        return variant.around.holds(self.meaning, self.tree.ancestors(node), match)

    def _dotted(self, node: cst.CSTNode) -> str | None:
        """The dotted name that a string is, if it is one by itself."""
        if not isinstance(node, cst.SimpleString) or "." not in node.raw_value:
            return None
        if isinstance(self.tree.parents[node], (cst.ConcatenatedString, cst.Expr)):
            return None
        text = text_of(node)
        is_name = text is not None and text == node.raw_value and _DOTTED.fullmatch(text)
        return text if is_name else None

    def _text_hit(self, node: cst.CSTNode, text: str, rule: PythonRule, rename: Rename) -> Hit:
        match = Match(evidence=["the text is a dotted name as a whole"])
        span = self.tree.spans[node]
        message = rename.told
        hit = Hit(rule, node, span, message, match, rename=rename)
        hit.applicability = rule.most
        start = self.source.text.index(text, span.start)
        named = Span(start, start + len(rename.old))
        hit.edits = (Edit(self.source.path, named, rename.new),)
        return hit


def moved_at(
    statement: cst.CSTNode | None, module: str, node: cst.CSTNode, rename: Rename
) -> cst.CSTNode:
    """What of an import statement has moved: the module that it imports from, or `node` of it."""
    written = getattr(statement, "module", None)
    is_module = f"{module}.".startswith(f"{rename.old}.") and written is not None
    return written if is_module and isinstance(written, cst.CSTNode) else node


def _is_gone(variant: Variant, name: str) -> bool:
    """Whether any call of the function becomes one of another."""
    call, template = variant.pattern.tree, variant.template
    stays = not variant.removes and (template is None or name in template.snippet.names)
    if stays or variant.where:
        return False
    if variant.pattern.snippet.form != "expression":
        return False
    assert isinstance(call, cst.Call)
    return all(rest_of(arg) or hole_of(arg.value) for arg in call.args)


def _chains(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A chain of names and all that it begins with; nothing else."""
    while isinstance(node, (cst.Name, cst.Attribute)):
        yield node
        node = node.value if isinstance(node, cst.Attribute) else cst.Pass()
