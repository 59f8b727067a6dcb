"""The uses of the legacy `invoke`, each with what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Edit, Look, Source
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.rewrite import rewrite
from migrator.helpers.python.scopes import Binding, Scope, dotted_text

from .._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from ._given import names_behind
from ._handlers import Kind, given
from ._meaning import CURRENT_INVOKE, METHOD, Meaning, meaning_of, once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# What is asked about a module and takes nothing from it that is called later.
_ASK_A_MODULE = frozenset(
    {"dir", "getdoc", "getfile", "getsource", "id", "print", "reload", "repr"}
)
_NEEDS_PARENTHESES = (
    cst.Await,
    cst.BinaryOperation,
    cst.BooleanOperation,
    cst.Comparison,
    cst.IfExp,
    cst.NamedExpr,
    cst.UnaryOperation,
)
_NO_SPACE = cst.AssignEqual(
    whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace("")
)
_ONE_SPACE = cst.SimpleWhitespace(" ")


@dataclass(frozen=True, eq=False)
class Use:
    """One place that uses `invoke`; `edits` change its arguments, not the name it is called by."""

    name: cst.BaseExpression
    node: cst.CSTNode
    applicability: Applicability
    message: str
    evidence: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    handler: cst.BaseExpression | None = None
    #: Whether it is suppressed, and so is to stay.
    kept: bool = False


def uses(source: Source, look: Look) -> Sequence[Use]:
    """Every use of the legacy `invoke` in `source`, in the order they stand there."""
    return once(_uses, source, look)


def _uses(source: Source, look: Look) -> Sequence[Use]:
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return ()
    found = tuple(_kept(meaning, use, look) for use in _each(meaning))
    held = _held(meaning, found)
    return tuple(_with_held(meaning, use, held) for use in found)


def held(source: Source, look: Look) -> dict[str, int]:
    """What of the legacy library suppressed calls are given, and the line of one: it stays."""
    meaning = meaning_of(source, look)
    return _held(meaning, uses(source, look))


def _held(meaning: Meaning, found: Sequence[Use]) -> dict[str, int]:
    return {
        name: meaning.source.position(meaning.tree.spans[use.node].start).line
        for use in found
        if use.kept
        for name in _library_names(meaning, use)
    }


def _library_names(meaning: Meaning, use: Use) -> set[str]:
    """The names of the legacy library behind the handler of a call."""
    if use.handler is None:
        return set()
    behind = {name for name, _ in names_behind(meaning, use.handler)}
    return {name for name in behind if in_namespace(name, PYTHON_LEGACY)}


def _with_held(meaning: Meaning, use: Use, held: Mapping[str, int]) -> Use:
    """`use`, which stays where its handler does."""
    shared = () if use.kept else sorted(_library_names(meaning, use) & held.keys())
    if not shared:
        return use
    message = f"`{shared[0]}` stays for the suppressed call at line {held[shared[0]]}: move both"
    return replace(use, applicability=Applicability.MANUAL, message=message, edits=())


def _kept(meaning: Meaning, use: Use, look: Look) -> Use:
    """`use`, which stays as it is where it is suppressed."""
    line = meaning.source.position(meaning.tree.spans[use.node].start).line
    if not look.keeps("legacy-call", line):
        return use
    return replace(use, applicability=Applicability.MANUAL, edits=(), kept=True)


def _each(meaning: Meaning) -> Iterator[Use]:
    for name in sorted(meaning.suspected(), key=lambda name: meaning.tree.spans[name]):
        node: cst.BaseExpression = name
        while True:
            found = meaning.legacy(node)
            if found and found[0] == INVOKE:
                if not _is_asked_for(meaning, node):
                    yield _use(meaning, node, sure=found[1])
                break
            if found and found[0] == PYTHON_LEGACY and _is_taken_by_name(meaning, node):
                message = (
                    "`invoke` is taken from the package by its name here; take it from "
                    "`pipeline.llm`, where it has other arguments"
                )
                call = meaning.tree.parents[meaning.tree.parents[node]]
                evidence = (origin(meaning, node),)
                yield Use(node, call, Applicability.MANUAL, message, evidence)
                break
            parent = meaning.tree.parents[node]
            if not (isinstance(parent, cst.Attribute) and parent.value is node):
                if found and found[0] == PYTHON_LEGACY and _is_passed_on(meaning, node):
                    message = (
                        "the package goes on as a value here, and `invoke` may be taken from it; "
                        "that is in `pipeline.llm` now, where it has other arguments"
                    )
                    evidence = (origin(meaning, node),)
                    yield Use(node, node, Applicability.MANUAL, message, evidence)
                break
            node = parent


def _is_passed_on(meaning: Meaning, module: cst.BaseExpression) -> bool:
    """Whether `module`, the package itself, goes where what is taken from it is not followed."""
    around = meaning.tree.parents[module]
    if isinstance(around, cst.Arg):
        call = meaning.tree.parents[around]
        asks = isinstance(call, cst.Call) and (
            dotted_text(call.func).rpartition(".")[2] in _ASK_A_MODULE
            or any(text_of(other.value) is not None for other in call.args)
        )
        return isinstance(call, cst.Call) and not asks
    if isinstance(around, cst.Assign):
        names = [one.target for one in around.targets if isinstance(one.target, cst.Name)]
        in_class = meaning.names.scope_of(around).kind == "class"
        return in_class or len(names) < len(around.targets) or _is_called_by(meaning, names, module)
    return isinstance(around, (cst.DictElement, cst.Element, cst.Param, cst.Return, cst.Yield))


def _is_called_by(meaning: Meaning, names: Iterable[cst.Name], module: cst.BaseExpression) -> bool:
    """Whether `invoke` is taken by way of one of `names`, which are given `module`."""
    for name in names:
        for read in meaning.names.reads.get(name.value, ()):
            taken = meaning.tree.parents[read]
            if isinstance(taken, cst.Attribute) and taken.attr.value == INVOKE.rpartition(".")[2]:
                if any(binding.value is module for binding in meaning.names.reaching(read)):
                    return True
    return False


def _is_asked_for(meaning: Meaning, node: cst.BaseExpression) -> bool:
    """Whether it is only asked if `invoke` is there: the name goes wherever its import goes."""
    reaching = meaning.names.reaching(node) if isinstance(node, cst.Name) else []
    if not any(one.kind == "import" for one in reaching):
        return False
    parent = meaning.tree.parents[node]
    if isinstance(parent, cst.ComparisonTarget):
        parent = meaning.tree.parents[parent]
    if isinstance(parent, cst.Comparison) and len(parent.comparisons) == 1:
        target = parent.comparisons[0]
        sides = {dotted_text(parent.left), dotted_text(target.comparator)}
        by_identity = (cst.Is, cst.IsNot, cst.Equal, cst.NotEqual)
        return isinstance(target.operator, by_identity) and "None" in sides
    if isinstance(parent, cst.UnaryOperation):
        return isinstance(parent.operator, cst.Not)
    if isinstance(parent, (cst.If, cst.While, cst.IfExp, cst.Assert)):
        return parent.test is node
    return False


def _use(meaning: Meaning, name: cst.BaseExpression, *, sure: bool) -> Use:
    parent = meaning.tree.parents[name]
    evidence = (origin(meaning, name),)
    if not isinstance(parent, cst.Call) or parent.func is not name:
        message = (
            "`invoke` is used as a value here; "
            "pass on a function that calls `pipeline.llm.invoke(ctx, prompt=..., stream=True, "
            "on_event=...)` instead"
        )
        return Use(name, name, Applicability.MANUAL, message, evidence)
    current = [
        other
        for other in meaning.meanings(name)
        if other and (other == CURRENT_INVOKE or in_namespace(other, PYTHON_CURRENT))
    ]
    if current:
        message = f"`invoke` may be `{current[0]}` here as well: the code is for both versions"
        return Use(name, parent, Applicability.MANUAL, message, evidence)
    for found in meaning.names.resolve(name):
        place = meaning.directly(found) if found and ":" not in found else ""
        if "." in place.partition(":")[2]:
            message = (
                "`invoke` is reached by way of a module that another file imports, and is no "
                "longer in it; import `pipeline.llm` here"
            )
            return Use(name, parent, Applicability.MANUAL, message, evidence)
        stuck = meaning.known.get(("python-stuck", place))
        if stuck is not None:
            message = (
                f"`invoke` comes by way of `{stuck}`, which is not among the files that may be "
                "edited: run over both"
            )
            return Use(name, parent, Applicability.MANUAL, message, evidence)
    reached = meaning.names.reaching(_root(name))
    if any(one.kind in ("assign", "walrus") and meaning.names.meaning(one) for one in reached):
        message = "`invoke` is called by way of a variable; call `pipeline.llm.invoke` directly"
        return Use(name, parent, Applicability.MANUAL, message, evidence)
    use = _Call(meaning, name, parent, evidence, sure=sure).use()
    return _with_others(meaning, use)


def _with_others(meaning: Meaning, use: Use) -> Use:
    """`use`, no surer than the other uses of the import in another file that it comes by."""
    for found in meaning.names.resolve(use.name):
        place = meaning.directly(found) if found and ":" not in found else ""
        level = meaning.known.get(("python-invoke-level", place))
        if not isinstance(level, int) or use.applicability <= level:
            continue
        module = place.partition(":")[0]
        if level == Applicability.MANUAL:
            message = (
                f"`invoke` comes by way of `{module}`, where it stays for a use that must be moved "
                "by hand; move that, or import `pipeline.llm` here"
            )
            return replace(use, applicability=Applicability.MANUAL, message=message, edits=())
        message = f"{use.message}; review: `{module}`, which it comes by, has uses for review"
        return replace(use, applicability=Applicability(level), message=message)
    return use


def _is_taken_by_name(meaning: Meaning, module: cst.BaseExpression) -> bool:
    """Whether `invoke` is taken from `module` in a call: `patch.object(module, "invoke")`."""
    call = meaning.tree.parents[meaning.tree.parents[module]]
    return isinstance(call, cst.Call) and any(
        text_of(arg.value) == INVOKE.rpartition(".")[2] for arg in call.args
    )


def _root(node: cst.BaseExpression) -> cst.Name:
    while isinstance(node, cst.Attribute):
        node = node.value
    assert isinstance(node, cst.Name)
    return node


def origin(meaning: Meaning, node: cst.BaseExpression) -> str:
    """Where the name `node` comes from, as a sentence for a finding's evidence."""
    text = dotted_text(node)
    root = _root(node)
    bindings = meaning.names.reaching(root)
    found = meaning.legacy(node)
    module, _, leaf = (found[0] if found else text).rpartition(".")
    if not bindings:
        star = meaning.names.star_imports
        line = meaning.source.position(meaning.tree.spans[star[0].node].start).line if star else 0
        return f"`{leaf}` comes from `{module}`, by the star import at line {line}"
    binding = next((one for one in bindings if one.kind == "import"), bindings[0])
    line = meaning.source.position(meaning.tree.spans[binding.node].start).line
    what = "imported" if binding.kind == "import" else "bound"
    local = "" if text == root.value == leaf else f" as `{root.value}`"
    return f"`{leaf}` comes from `{module}`, {what} at line {line}{local}"


def _goes_on(binding: Binding) -> bool:
    """Whether a variable is given a value that is made of its own: `ctx = ctx or Context()`."""
    value = binding.value
    if isinstance(value, cst.Await):
        value = value.expression
    parts: list[cst.BaseExpression] = []
    if isinstance(value, cst.BooleanOperation):
        parts = [value.left, value.right]
    elif isinstance(value, cst.IfExp):
        parts = [value.body, value.orelse]
    elif isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
        parts = [value.func.value]
    return any(dotted_text(part).partition(".")[0] == binding.name for part in parts)


def _in_parentheses(node: cst.BaseExpression) -> cst.BaseExpression:
    if node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


class _Call:
    """One call of `invoke`, on its way to the call of the current one."""

    def __init__(
        self,
        meaning: Meaning,
        name: cst.BaseExpression,
        call: cst.Call,
        evidence: tuple[str, ...],
        *,
        sure: bool,
    ) -> None:
        self.meaning = meaning
        self.name = name
        self.call = call
        self.evidence = list(evidence)
        self.applicability = Applicability.SAFE if sure else Applicability.REVIEW
        self.doubts: list[str] = []
        if not sure:
            self.doubts.append("the name may also stand for something else here")

    def use(self) -> Use:
        parts = self._parts()
        if isinstance(parts, str):
            return self._manual(parts)
        prompt, handler, spread = parts
        context = self._context(prompt.value)
        if isinstance(context, str):
            return self._manual(context, handler.value)
        callback = self._callback(handler.value)
        if isinstance(callback, str):
            return self._manual(callback, handler.value)
        if spread:
            self._doubt("`**` may bring further arguments")
        new = self._rebuilt(context, prompt, handler, callback)
        edits = rewrite(self.meaning.source, self.call, new)
        message = (
            "`invoke` moves to `pipeline.llm.invoke(ctx, prompt=..., stream=True, on_event=...)`"
        )
        if self.doubts:
            message += f"; review: {'; '.join(self.doubts)}"
        return Use(
            self.name,
            self.call,
            self.applicability,
            message,
            tuple(self.evidence),
            edits,
            handler.value,
        )

    def _manual(self, reason: str, handler: cst.BaseExpression | None = None) -> Use:
        message = f"this call of `invoke` must be moved to `pipeline.llm.invoke` by hand: {reason}"
        evidence = tuple(self.evidence)
        return Use(self.name, self.call, Applicability.MANUAL, message, evidence, handler=handler)

    def _doubt(self, why: str) -> None:
        self.applicability = min(self.applicability, Applicability.REVIEW)
        self.doubts.append(why)

    def _parts(self) -> tuple[cst.Arg, cst.Arg, bool] | str:
        named: dict[str, cst.Arg] = {}
        positional: list[cst.Arg] = []
        spread = False
        for arg in self.call.args:
            if arg.star == "*":
                return "its arguments come from a `*` sequence"
            if arg.star == "**":
                spread = True
            elif arg.keyword:
                named[arg.keyword.value] = arg
            else:
                positional.append(arg)
        for taken in ("stream", "on_event", "ctx"):
            if taken in named:
                return f"it already has an argument `{taken}`"
        for name, arg in zip(("prompt", "handler"), positional, strict=False):
            if name in named:
                return f"`{name}` is given twice"
            named[name] = arg
        if len(positional) > 2:
            return "it has more than two positional arguments"
        missing = [name for name in ("prompt", "handler") if name not in named]
        if missing:
            where = " (perhaps in the `**` arguments)" if spread else ""
            return f"it names no {' and no '.join(f'`{name}`' for name in missing)}{where}"
        return named["prompt"], named["handler"], spread

    def _context(self, prompt: cst.BaseExpression) -> cst.BaseExpression | str:
        if isinstance(prompt, cst.Attribute) and prompt.attr.value == "prompt":
            holder = dotted_text(prompt.value)
            if not holder:
                return "the prompt is taken from a context that has no name here"
            self.evidence.append(f"the prompt is `{holder}.prompt`, so the context is `{holder}`")
            return cst.parse_expression(holder)
        is_outer = False
        for scope in self.meaning.names.scope_of(self.call).up():
            if scope.kind in ("function", "comprehension"):
                for name in ("ctx", "context"):
                    if name in scope.bindings:
                        return self._parameter(name, scope, is_outer=is_outer)
            is_outer = is_outer or scope.kind == "function"
        return "no context is at hand: neither `X.prompt` nor a parameter `ctx` or `context`"

    def _parameter(self, name: str, scope: Scope, *, is_outer: bool) -> cst.Name | str:
        """The context in `name`, which is bound in `scope`, or why it is none."""
        use = self.meaning.names.uses[_root(self.name)]
        reaching = self.meaning.names.visible(name, use)
        params = [
            one.node
            for one in scope.bindings[name]
            if one.kind == "parameter" and isinstance(one.node, cst.Param)
        ]
        if not params:
            return f"`{name}` is a local variable here, and no parameter"
        if params[0].star in ("*", "**"):
            return f"`{name}` is not one thing, but all further arguments"
        if not reaching or any(one.scope is not scope for one in reaching):
            return f"`{name}` is a parameter, but not at hand here"
        if all(isinstance(one.value, cst.Name) and one.value.value == "None" for one in reaching):
            return f"`{name}` is a parameter, but is `None` here"
        if is_outer:
            self._doubt(f"`{name}` is a parameter of a function further out")
        elif not any(one.kind == "parameter" or _goes_on(one) for one in reaching):
            self._doubt(f"`{name}` is a parameter, but is given another value")
        where = "a function further out" if is_outer else "the function around the call"
        self.evidence.append(f"`{name}` is a parameter of {where}")
        return cst.Name(name)

    def _callback(self, handler: cst.BaseExpression) -> cst.BaseExpression | str:
        what = given(self.meaning, handler)
        if what.kind is Kind.NEITHER:
            return "what it is given as handler is not one thing with a `handle_event`"
        if not what.sure:
            self._doubt("what it is given as handler could not be resolved")
        if what.kind is Kind.FUNCTION:
            return handler
        if isinstance(handler, _NEEDS_PARENTHESES):
            handler = _in_parentheses(handler)
        return cst.Attribute(value=handler, attr=cst.Name(METHOD))

    def _rebuilt(
        self,
        context: cst.BaseExpression,
        prompt: cst.Arg,
        handler: cst.Arg,
        callback: cst.BaseExpression,
    ) -> cst.Call:
        layout = _Layout(self.call)
        # The gap that leads to each argument, the first one's before all others.
        gaps: list[Gap] = [self.call.whitespace_before_args]
        args: list[cst.Arg] = []
        for arg in self.call.args:
            new = arg
            if arg is handler:
                gaps += layout.split(gaps.pop())
                args.append(layout.keyword(cst.Arg(cst.Name("True")), "stream"))
                new = layout.keyword(arg.with_changes(value=callback), "on_event")
            elif arg is prompt:
                new = layout.keyword(arg, "prompt")
            args.append(new)
            if isinstance(arg.comma, cst.Comma):
                gaps.append(arg.comma.whitespace_after)
        gaps[:1] = layout.split(gaps[0])
        args.insert(0, cst.Arg(context))
        return self.call.with_changes(
            args=[
                layout.followed(arg, gaps[place + 1]) if place + 1 < len(gaps) else arg
                for place, arg in enumerate(args)
            ],
            whitespace_before_args=gaps[0],
        )


Gap = cst.BaseParenthesizableWhitespace


class _Layout:
    """How the arguments of a call are laid out, so that new ones look like those around them."""

    def __init__(self, call: cst.Call) -> None:
        commas = [arg.comma for arg in call.args[:-1] if isinstance(arg.comma, cst.Comma)]
        equals = [arg.equal for arg in call.args if isinstance(arg.equal, cst.AssignEqual)]
        self._comma = commas[0] if commas else cst.Comma(cst.SimpleWhitespace(""), _ONE_SPACE)
        self._equal = equals[0] if equals else _NO_SPACE
        broken = [
            comma.whitespace_after
            for comma in commas
            if isinstance(comma.whitespace_after, cst.ParenthesizedWhitespace)
        ]
        # Every argument begins a line of its own; the first may follow the parenthesis.
        self._line = broken[0] if commas and len(broken) == len(commas) else None

    def split(self, gap: Gap) -> tuple[Gap, Gap]:
        """The gaps before and after an argument that is put where `gap` leads to another one.

        Comments on lines of their own stay with the argument they stand above, a comment at the
        end of the line with the argument before.
        """
        if self._line is None:
            between = self._comma.whitespace_after
            is_simple = isinstance(between, cst.SimpleWhitespace)
            return gap, between if is_simple else _ONE_SPACE
        plain = self._line.with_changes(
            first_line=cst.TrailingWhitespace(newline=self._line.first_line.newline),
            empty_lines=[],
        )
        if isinstance(gap, cst.ParenthesizedWhitespace):
            return gap.with_changes(empty_lines=[]), plain.with_changes(empty_lines=gap.empty_lines)
        return gap, plain

    def followed(self, arg: cst.Arg, gap: Gap) -> cst.Arg:
        """`arg` with a comma and then `gap`."""
        comma = arg.comma if isinstance(arg.comma, cst.Comma) else self._comma
        if isinstance(arg.comma, cst.Comma) and comma.whitespace_after is gap:
            return arg
        return arg.with_changes(comma=comma.with_changes(whitespace_after=gap))

    def keyword(self, arg: cst.Arg, name: str) -> cst.Arg:
        """`arg` as the keyword argument `name`."""
        if arg.keyword is None:
            # `name := value` stands bare only in the place of a positional argument.
            is_walrus = isinstance(arg.value, cst.NamedExpr)
            value = _in_parentheses(arg.value) if is_walrus else arg.value
            return arg.with_changes(keyword=cst.Name(name), equal=self._equal, value=value)
        if arg.keyword.value == name:
            return arg
        return arg.with_changes(keyword=cst.Name(name))
