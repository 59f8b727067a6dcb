"""A call of the legacy `invoke` as one of the current: its arguments, its context, its layout."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from migrator import Applicability, Edit
from migrator.helpers.python.rewrite import rewrite
from migrator.helpers.python.scopes import Binding, Scope, dotted_text

from ..handlers.handlers import given
from ..reading.kinds import Kind
from ..reading.meaning import METHOD, Meaning

Gap = cst.BaseParenthesizableWhitespace

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
    #: Why what it is given takes the legacy events for now, if it is to stay.
    kept: str = ""


class Call:
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
        """The use with the edits that move the call, or why they are to be made by hand."""
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
        use = self.meaning.names.uses[root_of(self.name)]
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


def root_of(node: cst.BaseExpression) -> cst.Name:
    """The name that an attribute chain begins with."""
    while isinstance(node, cst.Attribute):
        node = node.value
    assert isinstance(node, cst.Name)
    return node


def _in_parentheses(node: cst.BaseExpression) -> cst.BaseExpression:
    if node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


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
