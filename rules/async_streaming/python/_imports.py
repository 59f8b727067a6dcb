"""What becomes of the imports that bring legacy names into a file, and of the names' uses.

A statement is edited in place for the package most of its names move to; names that move
elsewhere get an import on the next line. While a use of `invoke` stays, its import stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Edit, Look, Source, Span
from migrator.helpers.python.annotations import quoted_names
from migrator.helpers.python.names import Binding, Scope, dotted_text
from migrator.helpers.python.names import Use as Read

from .._names import PYTHON_CURRENT, PYTHON_LEGACY
from ._calls import Use, uses
from ._meaning import CURRENT_INVOKE, INVOKE, Meaning, in_namespace, meaning_of, once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LEGACY_LEAF = PYTHON_LEGACY.rpartition(".")[2]
_CURRENT_LEAF = PYTHON_CURRENT.rpartition(".")[2]
_PARENT = PYTHON_LEGACY.rpartition(".")[0]
_LLM, _, _INVOKE_LEAF = CURRENT_INVOKE.rpartition(".")
# Comments that speak to a tool about the whole statement hold for each part of a split one.
_PRAGMA = re.compile(r"#\s*(noqa|type:|pylint:|pyright:|nosec|pragma:|isort:)")


@dataclass(eq=False)
class Reference:
    """A name or attribute chain that stands in the legacy namespace; `name` is what it means.

    `spelled` is the part of the chain that stands for the namespace itself, where it is spelled;
    `quoted` its span instead where the chain stands in the string of an annotation.
    """

    node: cst.BaseExpression
    name: str
    spelled: cst.BaseExpression | None
    sure: bool
    edits: list[Edit] = field(default_factory=list)
    quoted: Span | None = None


@dataclass(eq=False)
class Import:
    """One imported legacy name: its binding, what uses it, and the edits it takes part in."""

    binding: Binding
    name: str
    rule: str
    references: list[Reference] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    applicability: Applicability = Applicability.SAFE
    elsewhere: Applicability = Applicability.SAFE
    stays: str = ""
    for_both_versions: bool = False
    statement: Statement | None = None


@dataclass(eq=False)
class Statement:
    """One import statement and the edits that move its names."""

    node: cst.Import | cst.ImportFrom
    imports: list[Import] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


@dataclass(eq=False)
class Imports:
    """All legacy imports of a file; `of_use` and `of_reference` lead from a use to its import."""

    statements: list[Statement]
    of_use: dict[Use, Import | None]
    loose: list[Reference]


def imports(source: Source, look: Look) -> Imports:
    """The legacy imports of `source`, with their edits under `look`."""
    return once(_imports, source, look)


def _imports(source: Source, look: Look) -> Imports:
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return Imports([], {}, [])
    return _Planner(meaning, look, uses(source, look)).planned()


def rule_of(name: str) -> str:
    """The rule that a legacy name falls under."""
    if name == INVOKE:
        return "legacy-call"
    return "legacy-handler" if name.rpartition(".")[2] == "Handler" else "legacy-namespace"


class _Planner:
    def __init__(self, meaning: Meaning, look: Look, found: Sequence[Use]) -> None:
        self.meaning = meaning
        self.names = meaning.names
        self.tree = meaning.tree
        self.look = look
        self.uses = found
        self.statements: dict[cst.CSTNode, Statement] = {}
        self.by_binding: dict[Binding, Import] = {}
        self.of_use: dict[Use, Import | None] = {}
        self.loose: list[Reference] = []
        #: The names that new imports give the current `invoke`, beside the imports they come with.
        self.new_invokes: list[tuple[str, Import]] = []

    def planned(self) -> Imports:
        self._collect_imports()
        self._collect_uses()
        self._collect_references()
        for statement in self.statements.values():
            for imported in statement.imports:
                self._judge(imported)
        for statement in self.statements.values():
            if isinstance(statement.node, cst.ImportFrom):
                _FromStatement(self, statement).plan()
            else:
                _PlainStatement(self, statement).plan()
        self._plan_loose()
        ordered = sorted(self.statements.values(), key=lambda one: self.tree.spans[one.node])
        return Imports(ordered, self.of_use, self.loose)

    # Collecting

    def _collect_imports(self) -> None:
        for binding in self.names.bindings():
            if binding.kind == "import" and isinstance(binding.node, cst.ImportAlias):
                name = self._imported_name(binding, binding.node)
                if name and in_namespace(name, PYTHON_LEGACY):
                    self._add(binding, name)
        for star in self.names.star_imports:
            name = self.absolute(star.target or "")
            if name and in_namespace(name, PYTHON_LEGACY):
                self._add(star, name)

    def _imported_name(self, binding: Binding, alias: cst.ImportAlias) -> str | None:
        statement = self.tree.parents[alias]
        if isinstance(statement, cst.Import):
            return dotted_text(alias.name)
        return self.absolute(binding.target or "")

    def absolute(self, target: str) -> str | None:
        """The absolute dotted name of an import's target."""
        stripped = target.lstrip(".")
        level = len(target) - len(stripped)
        return self.meaning.modules.absolute(self.meaning.source.path, level, stripped)

    def _add(self, binding: Binding, name: str) -> None:
        node = binding.node
        statement_node = node if binding.kind == "star" else self.tree.parents[node]
        assert isinstance(statement_node, (cst.Import, cst.ImportFrom))
        statement = self.statements.setdefault(statement_node, Statement(statement_node))
        imported = Import(binding, name, rule_of(name), statement=statement)
        statement.imports.append(imported)
        self.by_binding[binding] = imported

    def imports_behind(self, node: cst.BaseExpression) -> list[Import]:
        """The legacy imports that give the name at the root of `node` its meaning."""
        root = node
        while isinstance(root, cst.Attribute):
            root = root.value
        assert isinstance(root, cst.Name)
        reaching = self.names.reaching(root)
        if not reaching:
            return [one for one in self.by_binding.values() if one.binding.kind == "star"]
        found = [self.by_binding[one] for one in reaching if one in self.by_binding]
        if all(one.target == _PARENT for one in reaching):
            # Every `import pipeline.x` binds `pipeline`: any of them can be the one that counts.
            scopes = set(self.names.uses[root].scope.up())
            found = [
                one
                for binding, one in self.by_binding.items()
                if binding.target == _PARENT and binding.scope in scopes
            ]
        return found

    def _collect_uses(self) -> None:
        for use in self.uses:
            behind = self.imports_behind(use.name)
            self.of_use[use] = behind[0] if behind else None
            for imported in behind:
                imported.uses.append(use)

    def _collect_references(self) -> None:
        called = {use.name for use in self.uses}
        for name in self.names.uses:
            if name in called or not self.names.reaching(name):
                continue
            reference = self._reference(name, called)
            if reference is None:
                continue
            behind = self.imports_behind(reference.node)
            for imported in behind:
                imported.references.append(reference)
            reaching = self.names.reaching(name)
            if not behind and all(one.target == _PARENT for one in reaching):
                self.loose.append(reference)
        self._collect_quoted()

    def _collect_quoted(self) -> None:
        """The annotations in quotes that go by way of an import of the package itself."""
        for quoted in quoted_names(self.meaning.source):
            root, _, rest = quoted.dotted.partition(".")
            scope = self.names.scope_of(quoted.literal)
            for binding in self.names.visible(root, Read(scope, quoted.span.start, ())):
                imported = self.by_binding.get(binding)
                if imported is None or imported.name != PYTHON_LEGACY or not rest:
                    continue
                if binding.target == _PARENT:
                    # Spelled in full: the string itself is edited as a legacy name.
                    if in_namespace(quoted.dotted, PYTHON_LEGACY):
                        imported.references.append(
                            Reference(quoted.literal, quoted.dotted, None, sure=True)
                        )
                else:
                    span = Span(quoted.span.start, quoted.span.start + len(root))
                    name = f"{PYTHON_LEGACY}.{rest}"
                    imported.references.append(
                        Reference(quoted.literal, name, None, sure=True, quoted=span)
                    )

    def _reference(self, name: cst.Name, called: set[cst.BaseExpression]) -> Reference | None:
        node: cst.BaseExpression = name
        spelled: cst.BaseExpression | None = None
        best: tuple[cst.BaseExpression, str, bool] | None = None
        while True:
            found = self.meaning.legacy(node)
            if found:
                best = (node, *found)
                if found[0] == PYTHON_LEGACY and spelled is None:
                    spelled = node
                if found[0].rpartition(".")[2][:1].isupper():
                    break
            parent = self.tree.parents[node]
            if not (isinstance(parent, cst.Attribute) and parent.value is node):
                break
            node = parent
            if node in called:
                return None
        return Reference(best[0], best[1], spelled, best[2]) if best else None

    # Judging

    def _judge(self, imported: Import) -> None:
        labels = [use.applicability for use in imported.uses]
        if imported.name == INVOKE:
            place = f"{self.names.place}{imported.binding.name}"
            elsewhere = self.meaning.known.get(("python-invoke-use", place))
            if isinstance(elsewhere, int):
                imported.elsewhere = Applicability(elsewhere)
            labels.append(imported.elsewhere)
        imported.applicability = min(labels, default=Applicability.SAFE)
        if imported.applicability is Applicability.MANUAL:
            lines = [
                str(self.meaning.source.position(self.tree.spans[use.node].start).line)
                for use in imported.uses
                if use.applicability is Applicability.MANUAL
            ]
            where = f"at line {', '.join(lines)}" if lines else "in another file"
            imported.stays = f"the use of `invoke` {where} needs it until it is moved by hand"
        current = self._other_version(imported.binding)
        if current is not None:
            line = self.meaning.source.position(self.tree.spans[current.node].start).line
            imported.for_both_versions = True
            imported.applicability = Applicability.MANUAL
            imported.stays = f"line {line} imports the current one in its place, so it is for both"

    def _other_version(self, binding: Binding) -> Binding | None:
        """The import of the current package that gives the name in another branch."""
        for other in binding.scope.bindings.get(binding.name, ()):
            if (
                other.kind == "import"
                and other.target != _PARENT
                and other.blocks != binding.blocks
            ):
                name = self.absolute(other.target or "")
                if name and (in_namespace(name, PYTHON_CURRENT) or name == CURRENT_INVOKE):
                    return other
        return None

    def moves(self, use: Use) -> bool:
        """Whether the edits of `use` will be applied."""
        imported = self.of_use.get(use)
        limit = imported.elsewhere if imported else Applicability.SAFE
        return self.look.applies("legacy-call", min(use.applicability, limit))

    def renames(self, imported: Import) -> bool:
        """Whether the rest of what `imported` stands for moves to the current namespace."""
        return not imported.for_both_versions and self.look.applies(
            imported.rule, Applicability.SAFE
        )

    # Names that are free

    def at_hand(self, imported: Import, moved: Sequence[Use]) -> str | None:
        """A name of the current `invoke` that is, or will be, there for the calls `moved`."""
        existing = self.existing(CURRENT_INVOKE, imported.binding.scope)
        candidates = [(existing.name, existing.scope)] if existing else []
        for name, scope in (*candidates, *self.arriving(imported)):
            if name != imported.binding.name and not self._shadowed(name, scope, moved):
                return name
        return None

    def arriving(self, imported: Import) -> Iterator[tuple[str, Scope]]:
        """Names that imports above will give the current `invoke`, moved ones and new ones."""
        scopes = (imported.binding.scope, self.names.module)
        for other in self.by_binding.values():
            if (
                other.name == INVOKE
                and other.binding.kind == "import"
                and other.binding.scope in scopes
                and other.binding.at < imported.binding.at
                and not other.binding.blocks
                and other.uses
                and self.look.applies("legacy-call", other.applicability)
                and all(self.moves(use) for use in other.uses)
            ):
                yield other.binding.name, other.binding.scope
        for name, other in self.new_invokes:
            if other.binding.scope in scopes and other.binding.at < imported.binding.at:
                yield name, other.binding.scope

    def free(self, names: Sequence[str], imported: Import, users: Iterable[Use | Reference]) -> str:
        """The first of `names` that is bound nowhere between the import and its users."""
        scopes: set[Scope] = {imported.binding.scope}
        for user in users:
            node = user.name if isinstance(user, Use) else user.node
            for scope in self.names.scope_of(node).up():
                scopes.add(scope)
                if scope is imported.binding.scope:
                    break
        for name in names:
            bound = any(name in scope.bindings for scope in scopes)
            read = any(
                not self.names.reaching(node)
                or imported.binding.scope in [one.scope for one in self.names.reaching(node)]
                for node in self.names.reads.get(name, ())
            )
            if not bound and not read:
                return name
        return names[-1]

    def _shadowed(self, name: str, owner: Scope, users: Iterable[Use]) -> bool:
        for user in users:
            for scope in self.names.scope_of(user.name).up():
                if scope is owner:
                    break
                if name in scope.bindings:
                    return True
        return False

    def existing(self, name: str, scope: Scope) -> Binding | None:
        """An import of the current `name` that is already there, in `scope` or the module."""
        for binding in self.names.bindings():
            if (
                binding.kind == "import"
                and binding.scope in (scope, self.names.module)
                and not binding.blocks
                and self.absolute(binding.target or "") == name
            ):
                return binding
        return None

    def exported(self, name: str) -> bool:
        """Whether `__all__` names `name`."""
        return any(
            isinstance(node, cst.SimpleString) and node.evaluated_value == name
            for binding in self.names.module.bindings.get("__all__", ())
            if binding.value is not None
            for node in _below(binding.value)
        )

    def _plan_loose(self) -> None:
        for reference in self.loose:
            reference.sure = False
            reference.edits.append(self.respell(reference))

    def respell(self, reference: Reference) -> Edit:
        """`async_streaming` in a chain such as `pipeline.async_streaming.X` becomes `streaming`."""
        spelled = reference.spelled
        assert isinstance(spelled, cst.Attribute)
        return self.edit(spelled.attr, _CURRENT_LEAF)

    def edit(self, node: cst.CSTNode, text: str) -> Edit:
        """Replace all of `node`."""
        return Edit(self.meaning.source.path, self.tree.spans[node], text)


def _below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    from migrator.languages.python import children

    yield node
    for child in children(node):
        yield from _below(child)


class _Lines:
    """New import lines after a statement, and aliases taken out of it."""

    def __init__(self, planner: _Planner, node: cst.Import | cst.ImportFrom) -> None:
        self.planner = planner
        self.source = planner.meaning.source
        self.tree = planner.tree
        self.node = node
        self.new: list[str] = []

    @property
    def _alone(self) -> bool:
        line = self.tree.parents[self.node]
        return isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1

    @property
    def _in_parentheses(self) -> bool:
        return isinstance(self.node, cst.ImportFrom) and self.node.lpar is not None

    def pragma(self) -> str:
        """The comment behind the statement, if it speaks to a tool."""
        line = self.tree.parents[self.node]
        if self._alone and isinstance(line, cst.SimpleStatementLine):
            comment = line.trailing_whitespace.comment
            if comment and _PRAGMA.match(comment.value):
                return f"  {comment.value}"
        return ""

    def add(self, statement: str, comments: Sequence[str] = ()) -> None:
        """Ask for `statement` on the line after, once, with comments above and one behind it."""
        *above, behind = comments or ("",)
        text = statement + (behind or self.pragma() if self._alone else "")
        if text not in self.new:
            self.new += [*above, text]

    def add_invoke(self, imported: Import, module: str, local: str) -> None:
        """Ask for an import of the current `invoke` as `local`, for the uses of `imported`."""
        as_ = "" if local == _INVOKE_LEAF else f" as {local}"
        self.add(f"from {module} import {_INVOKE_LEAF}{as_}")
        if not imported.binding.blocks:
            self.planner.new_invokes.append((local, imported))

    def edits(self) -> Iterator[Edit]:
        """The edit that brings the new lines, if there are any."""
        if not self.new:
            return
        span = self.tree.spans[self.node]
        if not self._alone:
            text = "".join(f";{self._after_semicolon()}{statement}" for statement in self.new)
            yield Edit(self.source.path, Span(span.end, span.end), text)
            return
        start = self.source.line_span(self.source.position(span.start).line)
        end = self.source.line_span(self.source.position(span.end).line)
        indent = self.source.text[start.start : span.start]
        last = self.source.text[end.start : end.end]
        newline = last[len(last.rstrip("\r\n")) :]
        at = Span(end.end, end.end)
        if newline:
            text = "".join(f"{indent}{statement}{newline}" for statement in self.new)
        else:
            newline = _first_newline(self.source.text)
            text = "".join(f"{newline}{indent}{statement}" for statement in self.new)
        yield Edit(self.source.path, at, text)

    def instead(self) -> Edit:
        """Put the first new line in the statement's place, or take its line out if none is new."""
        span = self.tree.spans[self.node]
        if self.new:
            statement = self.new.pop(0).partition("  #")[0]
            return Edit(self.source.path, span, statement)
        if not self._alone:
            return Edit(self.source.path, span, "pass")
        return Edit(self.source.path, self.whole_line(), "")

    def whole_line(self) -> Span:
        """The lines that the statement stands on, with their line ends."""
        span = self.tree.spans[self.node]
        first = self.source.line_span(self.source.position(span.start).line)
        last = self.source.line_span(self.source.position(span.end).line)
        return Span(first.start, last.end)

    def _after_semicolon(self) -> str:
        for statement in self.tree.parents[self.node].body:  # type: ignore[attr-defined]
            if isinstance(statement.semicolon, cst.Semicolon):
                after = statement.semicolon.whitespace_after
                return after.value if isinstance(after, cst.SimpleWhitespace) else " "
        return " "

    def removed(self, aliases: Sequence[cst.ImportAlias]) -> Iterator[tuple[Edit, Sequence[str]]]:
        """Take `aliases`, not all, out of the statement; each with the comments that go along."""
        names = self.node.names
        assert not isinstance(names, cst.ImportStar)
        text = self.source.text
        for place, alias in enumerate(names):
            if alias not in aliases:
                continue
            span = self.tree.spans[alias]
            line = self.source.line_span(self.source.position(span.start).line)
            own = re.fullmatch(
                r"[ \t\f]*(?P<name>[^,#\r\n]*?)[ \t]*,?[ \t]*(?P<comment>#[^\r\n]*)?[\r\n]*",
                text[line.start : line.end],
            )
            if (
                self._in_parentheses
                and self._alone
                and own
                and line.start + own.start("name") == span.start
                and (
                    self.source.position(self.tree.spans[self.node].start).line
                    != self.source.position(span.start).line
                )
                and ")" not in text[span.end : line.end].partition("#")[0]
            ):
                comment = f"  {own['comment']}" if own["comment"] else ""
                first, above = self._comments_above(line.start)
                yield Edit(self.source.path, Span(first, line.end), ""), (*above, comment)
                continue
            later = [other for other in names[place + 1 :] if other not in aliases]
            ends_line = bool(later) and (
                self.source.position(self.tree.spans[later[0]].start).line
                != self.source.position(span.start).line
            )
            if place == 0 or (later and not ends_line):
                following = names[place + 1]
                cut = Span(span.start, self.tree.spans[following].start)
            else:
                kept = [other for other in names[:place] if other not in aliases]
                cut = Span(self.tree.spans[names[place - 1]].end, span.end)
                if not kept:
                    cut = span
            yield Edit(self.source.path, cut, ""), ()

    def _comments_above(self, start: int) -> tuple[int, list[str]]:
        """The lines of nothing but comments directly above, and where they begin."""
        above: list[str] = []
        while start:
            line = self.source.line_span(self.source.position(start - 1).line)
            text = self.source.text[line.start : line.end].strip()
            if not text.startswith("#") or line.start <= self.tree.spans[self.node].start:
                break
            above.insert(0, text)
            start = line.start
        return start, above


def _first_newline(text: str) -> str:
    found = re.search(r"\r\n|\r|\n", text)
    return found[0] if found else "\n"


class _FromStatement:
    """`from pipeline.async_streaming import ...`, or `from pipeline import async_streaming`."""

    def __init__(self, planner: _Planner, statement: Statement) -> None:
        assert isinstance(statement.node, cst.ImportFrom)
        self.planner = planner
        self.statement = statement
        self.node = statement.node
        self.lines = _Lines(planner, statement.node)
        self.edits = statement.edits
        self.dots = "." * len(self.node.relative)

    def plan(self) -> None:
        module = self.planner.absolute(
            self.dots + (dotted_text(self.node.module) if self.node.module else "")
        )
        if module == _PARENT:
            self._from_parent()
        elif isinstance(self.node.names, cst.ImportStar):
            self._star()
        else:
            self._names(self.node.names)
        self.edits += self.lines.edits()

    def _module_text(self, absolute: str) -> str:
        """`absolute` as this statement would spell it: relative where it is relative."""
        if not self.dots:
            return absolute
        spelled = dotted_text(self.node.module) if self.node.module else ""
        current = self.planner.absolute(self.dots + spelled) or ""
        base = current[: len(current) - len(spelled)].rstrip(".") if spelled else current
        return self.dots + absolute[len(base) :].lstrip(".")

    def _names(self, names: Sequence[cst.ImportAlias]) -> None:
        invoke = [one for one in self.statement.imports if one.name == INVOKE]
        rest = [one for one in self.statement.imports if one.name != INVOKE]
        renamed = [one for one in rest if self.planner.renames(one)]
        stay = [one for one in rest if one not in renamed]
        doubled = [one for one in renamed if self._is_doubled(one)]
        in_place = [one for one in renamed if one not in doubled]
        to_llm: list[Import] = []
        for one in invoke:
            kept = [use for use in one.uses if not self.planner.moves(use)]
            moved = [use for use in one.uses if self.planner.moves(use)]
            if not self.planner.look.applies("legacy-call", one.applicability):
                stay.append(one)
                if moved:
                    self._beside(one, moved)
            elif not kept:
                to_llm.append(one)
        self._move(names, in_place, to_llm, stay, doubled)

    def _beside(self, imported: Import, moved: Sequence[Use]) -> None:
        local = self.planner.at_hand(imported, moved)
        if local is None:
            local = self.planner.free(("llm_invoke", "pipeline_llm_invoke"), imported, moved)
            self.lines.add_invoke(imported, self._module_text(_LLM), local)
        for use in moved:
            self.edits.append(self.planner.edit(use.name, local))

    def _is_doubled(self, imported: Import) -> bool:
        current = PYTHON_CURRENT + imported.name[len(PYTHON_LEGACY) :]
        existing = self.planner.existing(current, imported.binding.scope)
        return (
            existing is not None
            and existing.name == imported.binding.name
            and existing.scope is imported.binding.scope
            and self.lines._alone
        )

    def _move(
        self,
        names: Sequence[cst.ImportAlias],
        in_place: list[Import],
        to_llm: list[Import],
        stay: list[Import],
        doubled: list[Import],
    ) -> None:
        llm = []
        for one in to_llm:
            existing = self.planner.existing(CURRENT_INVOKE, one.binding.scope)
            shadowed = existing and self.planner._shadowed(existing.name, existing.scope, one.uses)
            if existing and not shadowed and self.lines._alone and not self._exports(one, existing):
                doubled.append(one)
                if existing.name != one.binding.name:
                    self.edits.extend(
                        self.planner.edit(use.name, existing.name) for use in one.uses
                    )
            else:
                llm.append(one)
        if doubled and len(doubled) == len(names):
            path = self.planner.meaning.source.path
            self.edits.append(Edit(path, self.lines.whole_line(), ""))
            return
        if in_place:
            self._respell_module(_CURRENT_LEAF)
            self._take_out([*doubled, *llm, *stay])
            for one in llm:
                self.lines.add(
                    f"from {self._module_text(_LLM)} import {self._alias(one)}", self._c(one)
                )
            for one in stay:
                old = self._module_text(one.name.rpartition(".")[0])
                self.lines.add(f"from {old} import {self._alias(one)}", self._c(one))
        elif stay:
            self._take_out([*doubled, *llm])
            for one in llm:
                self.lines.add(
                    f"from {self._module_text(_LLM)} import {self._alias(one)}", self._c(one)
                )
        elif llm:
            self._respell_module(_LLM.rpartition(".")[2])
            self._take_out(doubled)

    def _exports(self, imported: Import, existing: Binding) -> bool:
        return existing.name != imported.binding.name and self.planner.exported(
            imported.binding.name
        )

    def _respell_module(self, leaf: str) -> None:
        node: cst.CSTNode | None = self.node.module
        while node is not None:
            if isinstance(node, cst.Name):
                found = node
            elif isinstance(node, cst.Attribute):
                found = node.attr
            else:
                break
            if found.value == _LEGACY_LEAF:
                self.edits.append(self.planner.edit(found, leaf))
                return
            node = node.value if isinstance(node, cst.Attribute) else None

    def _take_out(self, gone: Sequence[Import]) -> None:
        aliases = [one.binding.node for one in gone]
        nodes = [alias for alias in aliases if isinstance(alias, cst.ImportAlias)]
        self._comments: dict[cst.CSTNode, Sequence[str]] = {}
        removed = self.lines.removed(nodes) if nodes else iter(())
        ordered = [alias for alias in self.node.names if alias in nodes]  # type: ignore[union-attr]
        for alias, (edit, comments) in zip(ordered, removed, strict=True):
            self.edits.append(edit)
            self._comments[alias] = comments

    def _c(self, imported: Import) -> Sequence[str]:
        return self._comments.get(imported.binding.node, ())

    def _alias(self, imported: Import) -> str:
        alias = imported.binding.node
        assert isinstance(alias, cst.ImportAlias)
        name = dotted_text(alias.name)
        local = imported.binding.name
        return name if local == name and alias.asname is None else f"{name} as {local}"

    def _star(self) -> None:
        (imported,) = self.statement.imports
        moved = [use for use in imported.uses if self.planner.moves(use)]
        kept = [use for use in imported.uses if not self.planner.moves(use)]
        if kept:
            if moved:
                self._beside(imported, moved)
            return
        if self.planner.renames(imported):
            self._respell_module(_CURRENT_LEAF)
            if moved:
                self.lines.add(f"from {self._module_text(_LLM)} import {_INVOKE_LEAF}")

    def _from_parent(self) -> None:
        """The package itself is imported by name: `from pipeline import async_streaming as s`."""
        for imported in self.statement.imports:
            alias = imported.binding.node
            assert isinstance(alias, cst.ImportAlias)
            _Module(self.planner, imported, self.lines, self.edits, self._module_text(_LLM)).plan(
                self._rename_alias,
                f"from {self._module_text(_PARENT) or '.'} import {_CURRENT_LEAF}",
            )

    def _rename_alias(self, imported: Import, local: str | None) -> None:
        alias = imported.binding.node
        assert isinstance(alias, cst.ImportAlias)
        if local is None:
            names = self.node.names
            assert not isinstance(names, cst.ImportStar)
            if len(names) == 1:
                self.edits.append(self.lines.instead())
            else:
                self.edits.extend(edit for edit, _ in self.lines.removed([alias]))
            return
        text = _CURRENT_LEAF
        if alias.asname is None and local != _CURRENT_LEAF:
            text += f" as {local}"
        self.edits.append(self.planner.edit(alias.name, text))


class _PlainStatement:
    """`import pipeline.async_streaming`, with or without `as`."""

    def __init__(self, planner: _Planner, statement: Statement) -> None:
        assert isinstance(statement.node, cst.Import)
        self.planner = planner
        self.statement = statement
        self.node = statement.node
        self.lines = _Lines(planner, statement.node)
        self.edits = statement.edits

    def plan(self) -> None:
        for imported in self.statement.imports:
            alias = imported.binding.node
            assert isinstance(alias, cst.ImportAlias)
            if alias.asname:
                _Module(self.planner, imported, self.lines, self.edits, _LLM).plan(
                    self._rename_alias, f"from {_PARENT} import {_CURRENT_LEAF}"
                )
            else:
                self._dotted(imported, alias)
        self.edits += self.lines.edits()

    def _rename_alias(self, imported: Import, local: str | None) -> None:
        alias = imported.binding.node
        assert isinstance(alias, cst.ImportAlias)
        if local is not None:
            self._respell(alias, _CURRENT_LEAF)
        elif len(self.node.names) == 1:
            self.edits.append(self.lines.instead())
        else:
            self.edits.extend(edit for edit, _ in self.lines.removed([alias]))

    def _respell(self, alias: cst.ImportAlias, leaf: str) -> None:
        node: cst.CSTNode = alias.name
        while isinstance(node, cst.Attribute):
            if node.attr.value == _LEGACY_LEAF:
                self.edits.append(self.planner.edit(node.attr, leaf))
                return
            node = node.value

    def _dotted(self, imported: Import, alias: cst.ImportAlias) -> None:
        """Names are spelled in full, so that each use says by itself where it moves."""
        moved = [use for use in imported.uses if self.planner.moves(use)]
        kept = [use for use in imported.uses if not self.planner.moves(use)]
        renames = self.planner.renames(imported)
        for use in moved:
            node = use.name.value if isinstance(use.name, cst.Attribute) else use.name
            if isinstance(node, cst.Attribute):
                self.edits.append(self.planner.edit(node.attr, _LLM.rpartition(".")[2]))
        if renames:
            for reference in imported.references:
                if isinstance(reference.spelled, cst.Attribute):
                    reference.edits.append(self.planner.respell(reference))
                    self.edits += reference.edits
        wanted: list[str] = []
        if imported.name != PYTHON_LEGACY:
            wanted.append(PYTHON_CURRENT + imported.name[len(PYTHON_LEGACY) :])
        elif (imported.references or not (moved or kept)) and renames:
            wanted.append(PYTHON_CURRENT)
        if moved:
            wanted.append(_LLM)
        wanted = [name for name in wanted if not self._is_imported(name, imported.binding.scope)]
        if kept or not renames:
            for name in wanted:
                self.lines.add(f"import {name}")
            return
        if not wanted:
            if len(self.node.names) == 1 and self.lines._alone:
                path = self.planner.meaning.source.path
                self.edits.append(Edit(path, self.lines.whole_line(), ""))
            else:
                self._respell(alias, _CURRENT_LEAF)
            return
        self._respell(alias, wanted[0].split(".")[1])
        for name in wanted[1:]:
            self.lines.add(f"import {name}")

    def _is_imported(self, name: str, scope: Scope) -> bool:
        return any(
            isinstance(binding.node, cst.ImportAlias)
            and binding.node.asname is None
            and isinstance(self.planner.tree.parents[binding.node], cst.Import)
            and dotted_text(binding.node.name) == name
            and binding.scope in (scope, self.planner.names.module)
            and not binding.blocks
            for binding in self.planner.names.bindings()
            if binding.kind == "import"
        )


class _Module:
    """The legacy package bound to a local name: `s.invoke`, `s.ConsoleHandler`."""

    def __init__(
        self, planner: _Planner, imported: Import, lines: _Lines, edits: list[Edit], llm: str
    ) -> None:
        self.planner = planner
        self.imported = imported
        self.lines = lines
        self.edits = edits
        self.llm = llm
        self.moved = [use for use in imported.uses if planner.moves(use)]
        self.kept = [use for use in imported.uses if not planner.moves(use)]

    def plan(self, rename: object, anew: str) -> None:
        """`rename(imported, local)` gives the import its new name, or takes it out for `None`."""
        assert callable(rename)
        imported, planner = self.imported, self.planner
        if imported.name != PYTHON_LEGACY:
            if planner.renames(imported):
                rename(imported, imported.binding.name)
            return
        if self.moved:
            self._move_calls()
        if not planner.renames(imported):
            return
        alias = imported.binding.node
        assert isinstance(alias, cst.ImportAlias)
        if self.kept:
            if imported.references:
                local = self._local()
                as_ = "" if local == _CURRENT_LEAF else f" as {local}"
                self.lines.add(f"{anew}{as_}")
                self._respell_references(local)
            return
        if not imported.references and self.moved and not planner.exported(imported.binding.name):
            rename(imported, None)
            return
        local = imported.binding.name
        if alias.asname is None:
            local = self._local()
            if planner.exported(imported.binding.name) or local != _CURRENT_LEAF:
                local = imported.binding.name
            else:
                self._respell_references(local)
        rename(imported, local)

    def _local(self) -> str:
        return self.planner.free(
            (_CURRENT_LEAF, "pipeline_streaming"), self.imported, self.imported.references
        )

    def _move_calls(self) -> None:
        local = self.planner.at_hand(self.imported, self.moved)
        if local is None:
            names = (_INVOKE_LEAF, "llm_invoke", "pipeline_llm_invoke")
            local = self.planner.free(names, self.imported, self.moved)
            self.lines.add_invoke(self.imported, self.llm, local)
        for use in self.moved:
            self.edits.append(self.planner.edit(use.name, local))

    def _respell_references(self, local: str) -> None:
        for reference in self.imported.references:
            if reference.spelled is not None:
                reference.edits.append(self.planner.edit(reference.spelled, local))
            elif reference.quoted is not None:
                path = self.planner.meaning.source.path
                reference.edits.append(Edit(path, reference.quoted, local))
        self.edits.extend(
            edit for reference in self.imported.references for edit in reference.edits
        )
