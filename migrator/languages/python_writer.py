"""Functions that print the nodes of a Python file by a table, and note where each of them is.

libcst prints a module node by node, with several calls for each blank. That takes half as long as
to parse it, and is done for every file. Here a table says of what each kind of node consists; one
function a kind is made of it. What is not in the table is printed by libcst itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import libcst as cst

from migrator.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from migrator.languages.python_spans import Printed

    Write = Callable[[cst.CSTNode, cst.CSTNode, int], int]

# What a node consists of, in order:
#     "x"    that text                    x    the node in that field
#     x?     the node, if there is one    x*   the nodes in that field
#     _x     the blanks in that field     x+   the nodes in that field, or the one that it is
#     =x     the text in that field       =x?  the text, if there is one
#     x:"y"  an annotation with that sign in front
#     x~     what follows an `if`, where another one is an `elif`
#     ( )    the parentheses around; what is between is the node's own span
#     < >    the same without parentheses; `>x|y` ends where that in the first field there is ends
#     <x>    its own span is that of the nodes in that field
#     @      the indentation; `@indent`: if the node says so
#     + -    the lines between are indented
_OPERATION = "( left operator right )"
_VALUE = "( =value )"
_KINDS = {
    "AnnAssign": '< target annotation:":" equal? value? > semicolon?',
    "Arg": "< =star _whitespace_after_star keyword? equal? value > comma? _whitespace_after_arg",
    "AsName": '_whitespace_before_as "as" _whitespace_after_as name',
    "Assert": '< "assert" _whitespace_after_assert test comma? msg? > semicolon?',
    "Assign": "< targets* value > semicolon?",
    "AssignTarget": '< target > _whitespace_before_equal "=" _whitespace_after_equal',
    "Attribute": "( value dot attr )",
    "AugAssign": "< target operator value > semicolon?",
    "Await": '( "await" _whitespace_after_await expression )',
    "BinaryOperation": _OPERATION,
    "BooleanOperation": _OPERATION,
    "Break": '< "break" > semicolon?',
    "Call": '( func _whitespace_after_func "(" _whitespace_before_args args* ")" )',
    "ClassDef": "leading_lines* decorators* lines_after_decorators* @ "
    '< "class" _whitespace_after_class name _whitespace_after_name type_parameters? '
    "_whitespace_after_type_parameters lpar? bases* keywords* rpar? "
    '_whitespace_before_colon ":" body >body',
    "Comparison": "( left comparisons* )",
    "ComparisonTarget": "operator comparator",
    "Comment": "=value",
    "CompFor": '_whitespace_before asynchronous? "for" _whitespace_after_for target '
    '_whitespace_before_in "in" _whitespace_after_in iter ifs* inner_for_in?',
    "CompIf": '_whitespace_before "if" _whitespace_before_test test',
    "ConcatenatedString": "( left _whitespace_between right )",
    "Continue": '< "continue" > semicolon?',
    "Decorator": 'leading_lines* @ < "@" _whitespace_after_at decorator > trailing_whitespace',
    "Del": '< "del" _whitespace_after_del target > semicolon?',
    "Dict": "( lbrace elements* rbrace )",
    "DictComp": '( lbrace key _whitespace_before_colon ":" _whitespace_after_colon value for_in '
    "rbrace )",
    "DictElement": '< key _whitespace_before_colon ":" _whitespace_after_colon value > comma?',
    "Element": "< value > comma?",
    "Ellipsis": '( "..." )',
    "Else": 'leading_lines* @ < "else" _whitespace_before_colon ":" body >body',
    "EmptyLine": "@indent _whitespace comment? newline",
    "ExceptHandler": 'leading_lines* @ < "except" _whitespace_after_except type? name? '
    '_whitespace_before_colon ":" body >body',
    "Expr": "< value > semicolon?",
    "Finally": 'leading_lines* @ < "finally" _whitespace_before_colon ":" body >body',
    "Float": _VALUE,
    "For": 'leading_lines* @ < asynchronous? "for" _whitespace_after_for target '
    '_whitespace_before_in "in" _whitespace_after_in iter _whitespace_before_colon ":" '
    "body orelse? >orelse|body",
    "FormattedString": "( =start parts* =end )",
    "FormattedStringText": "=value",
    "FunctionDef": "leading_lines* decorators* lines_after_decorators* @ "
    '< asynchronous? "def" _whitespace_after_def name _whitespace_after_name type_parameters? '
    '_whitespace_after_type_parameters "(" _whitespace_before_params params ")" '
    'returns:"->" _whitespace_before_colon ":" body >body',
    "GeneratorExp": "( elt for_in )",
    "If": 'leading_lines* @ < "if" _whitespace_before_test test _whitespace_after_test ":" '
    "body orelse~ >orelse|body",
    "IfExp": '( body _whitespace_before_if "if" _whitespace_after_if test '
    '_whitespace_before_else "else" _whitespace_after_else orelse )',
    "ImportAlias": "< name asname? > comma?",
    "Import": '< "import" _whitespace_after_import names* > semicolon?',
    "ImportFrom": '< "from" _whitespace_after_from relative* module? _whitespace_before_import '
    '"import" _whitespace_after_import lpar? names+ rpar? >rpar|names semicolon?',
    "Index": "=star? _whitespace_after_star value",
    "IndentedBlock": "header + body* <body> footer* -",
    "Integer": _VALUE,
    "Lambda": '( "lambda" _whitespace_after_lambda params colon body )',
    "LeftCurlyBrace": '"{" _whitespace_after',
    "LeftParen": '"(" _whitespace_after',
    "LeftSquareBracket": '"[" _whitespace_after',
    "List": "( lbracket elements* rbracket )",
    "ListComp": "( lbracket elt for_in rbracket )",
    "Name": _VALUE,
    "NamedExpr": '( target _whitespace_before_walrus ":=" _whitespace_after_walrus value )',
    "NotEqual": "_whitespace_before < =value > _whitespace_after",
    "Param": '< =star _whitespace_after_star name > annotation:":" equal? default? comma? '
    "_whitespace_after_param",
    "ParamSlash": '"/" _whitespace_after comma?',
    "ParamStar": '"*" comma',
    "Parameters": "posonly_params* posonly_ind? params* star_arg? kwonly_params* star_kwarg?",
    "ParenthesizedWhitespace": "first_line empty_lines* @indent _last_line",
    "Pass": '< "pass" > semicolon?',
    "Raise": '< "raise" _whitespace_after_raise exc? cause? > semicolon?',
    "Return": '< "return" _whitespace_after_return value? > semicolon?',
    "RightCurlyBrace": '_whitespace_before "}"',
    "RightParen": '_whitespace_before ")"',
    "RightSquareBracket": '_whitespace_before "]"',
    "Set": "( lbrace elements* rbrace )",
    "SetComp": "( lbrace elt for_in rbrace )",
    "SimpleStatementLine": "leading_lines* @ < body* >body trailing_whitespace",
    "SimpleStatementSuite": "_leading_whitespace < body* >body trailing_whitespace",
    "SimpleString": _VALUE,
    "Slice": "lower? first_colon upper? second_colon? step?",
    "StarredDictElement": '< "**" _whitespace_before_value value > comma?',
    "StarredElement": '( "*" _whitespace_before_value value ) comma?',
    "Subscript": "( value _whitespace_after_value lbracket slice* rbracket )",
    "SubscriptElement": "< slice > comma?",
    "TrailingWhitespace": "_whitespace comment? newline",
    "Tuple": "( elements* )",
    "Try": 'leading_lines* @ < "try" _whitespace_before_colon ":" body handlers* orelse? '
    "finalbody? >finalbody|orelse|handlers|body",
    "UnaryOperation": "( operator expression )",
    "While": 'leading_lines* @ < "while" _whitespace_after_while test _whitespace_before_colon '
    '":" body orelse? >orelse|body',
    "With": 'leading_lines* @ < asynchronous? "with" _whitespace_after_with lpar? items* rpar? '
    '_whitespace_before_colon ":" body >body',
    "WithItem": "< item asname? > comma?",
}
_BETWEEN = '_whitespace_before < "{}" > _whitespace_after'
_BEFORE = '"{}" _whitespace_after'
_BETWEEN_TWO = '_whitespace_before < "{}" _whitespace_between "{}" > _whitespace_after'
# They have neither span nor parent, as blanks: half of all nodes, of which nothing is asked.
_BLANK = frozenset({"EmptyLine", "ParenthesizedWhitespace", "TrailingWhitespace"})
_ITEM = re.compile(r"""(?P<field>[a-z_]+):"(?P<sign>[^"]+)"|"(?P<text>[^"]+)"|(?P<mark>\S+)""")


class _Table(dict[object, "Write"]):
    """The function for each kind of node, that of libcst for what is not in our table."""

    def __init__(self, printed: Printed) -> None:
        self._beside = printed.beside

    def __missing__(self, kind: object) -> Write:
        return self._beside


def _writer() -> Callable[..., _Table]:
    """Makes the functions that print nodes from the printed, its dicts, and what takes tokens."""
    table = {**_KINDS, **dict(_operators())}
    lines = ["def writer(printed, spans, parents, add):", "    table = Table(printed)"]
    for kind, spec in table.items():
        lines += _function(kind, kind, spec)
    lines += _function("elif_", "If", table["If"].replace('"if"', '"elif"'))
    lines += (f"    table[cst.{kind}] = {kind}" for kind in (*table, "Newline"))
    lines.append("    table['elif'] = elif_")
    lines.insert(2, _NEWLINE)
    lines.append("    return table")
    made: dict[str, Any] = {
        "BACKSLASH": "\\",
        "MISSING": cst.MaybeSentinel.DEFAULT,
        "Span": Span,
        "Table": _Table,
        "cst": cst,
        "new": tuple.__new__,
    }
    # As dataclasses are made: a function a kind, of nothing but the table above.
    exec("\n".join(lines), made)  # noqa: S102
    writer: Callable[..., _Table] = made["writer"]
    return writer


_NEWLINE = """
    def Newline(node, parent, pos):
        text = printed.default_newline if node.value is None else node.value
        add(text)
        return pos + len(text)
"""


def _operators() -> Iterator[tuple[str, str]]:
    """What marks and operators consist of, which say their texts themselves."""
    for name, kind in vars(cst).items():
        if not isinstance(kind, type) or not issubclass(kind, cst.CSTNode) or "Base" in name:
            continue
        fields = getattr(kind, "__dataclass_fields__", {})
        if "value" in fields:
            continue
        if hasattr(kind, "_get_tokens"):
            yield name, _BETWEEN_TWO.format(*kind._get_tokens(None))
        elif hasattr(kind, "_get_token"):
            spec = _BETWEEN if "whitespace_before" in fields else _BEFORE
            yield name, spec.format(kind._get_token(None))


def _function(name: str, kind: str, spec: str) -> Iterator[str]:
    """The lines of the function that prints nodes of a kind."""
    is_blank = kind in _BLANK
    own = re.search(r"[(<]", re.sub(r'"[^"]*"', "", spec)) is not None
    yield f"    def {name}(node, parent, pos):"
    if not is_blank:
        yield "        parents[node] = parent"
    if not own and not is_blank:
        yield "        start = pos"
    for match in _ITEM.finditer(spec):
        yield from _indented(_indented(_item(match)))
    if not own and not is_blank:
        yield "        spans[node] = new(Span, (start, pos))"
    yield "        return pos"


def _item(match: re.Match[str]) -> Iterator[str]:
    """The lines that print one item of the table."""
    if match["text"]:
        yield f"add({match['text']!r}); pos += {len(match['text'])}"
    elif match["field"]:
        yield f"one = node.{match['field']}"
        yield "if one is not None:"
        yield "    parents[one] = node"
        yield from _indented(_blanks("one", "whitespace_before_indicator"))
        yield f"    add({match['sign']!r}); pos += {len(match['sign'])}"
        yield from _indented(_blanks("one", "whitespace_after_indicator"))
        yield "    began, inner = pos, one.annotation"
        yield "    pos = table[inner.__class__](inner, one, pos)"
        yield "    spans[one] = new(Span, (began, pos))"
    elif match["mark"][0] in "()<>":
        yield from _bound(match["mark"])
    elif match["mark"][0] in "@+-":
        yield from _INDENT[match["mark"]]
    elif match["mark"][0] == "_":
        yield from _blanks("node", match["mark"][1:])
    else:
        yield from _field(match["mark"])


_INDENT = {
    "@": ("printed.tokens += printed.indent_tokens; pos += printed.indent",),
    "@indent": (
        "if node.indent:",
        "    printed.tokens += printed.indent_tokens; pos += printed.indent",
    ),
    "+": (
        "more = printed.default_indent if node.indent is None else node.indent",
        "printed.increase_indent(more)",
    ),
    "-": ("printed.decrease_indent()",),
}
_ONE = "pos = table[one.__class__](one, node, pos)"


def _bound(mark: str) -> Iterator[str]:
    """The lines at which the own span of a node begins or ends."""
    if mark == "(":
        yield f"for one in node.lpar: {_ONE}"
    if mark in "(<":
        yield "start = pos"
    if mark in ")>":
        yield "spans[node] = new(Span, (start, pos))"
    if mark == ")":
        yield f"for one in node.rpar: {_ONE}"
    if mark[0] == "<" != mark:
        yield f"held = node.{mark[1:-1]}"
        yield "spans[node] = new(Span, (spans[held[0]][0], spans[held[-1]][1]))"
    if mark[0] == ">" != mark:
        fields = mark[1:].split("|")
        yield f"last = {' or '.join(f'node.{field}' for field in fields)}"
        yield "if last.__class__ in (tuple, list): last = last[-1]"
        yield "spans[node] = new(Span, (start, spans[last][1]))"


def _field(mark: str) -> Iterator[str]:
    """The lines that print what is in a field."""
    name = mark.strip("=?*+~")
    if mark[-1] == "*":
        yield f"for one in node.{name}: {_ONE}"
        return
    yield f"one = node.{name}"
    if mark[-1] == "+":
        yield f"for one in one if one.__class__ in (tuple, list) else (one,): {_ONE}"
    elif mark[0] == "=":
        condition = "if one is not None: " if mark[-1] == "?" else ""
        yield f"{condition}add(one); pos += len(one)"
    elif mark[-1] == "?":
        yield f"if one is not None and one is not MISSING: {_ONE}"
    elif mark[-1] == "~":
        yield "if one.__class__ is cst.If: pos = table['elif'](one, node, pos)"
        yield f"elif one is not None: {_ONE}"
    else:
        yield _ONE


def _blanks(node: str, field: str) -> Iterator[str]:
    """The lines that print the blanks in a field; a line that is joined by them is asked for."""
    yield f"one_blank = {node}.{field}"
    yield "if one_blank.__class__ is cst.SimpleWhitespace:"
    yield "    text = one_blank.value"
    yield "    if text:"
    yield "        add(text); pos += len(text)"
    yield "        if BACKSLASH in text:"
    yield f"            parents[one_blank] = {node}"
    yield "            spans[one_blank] = new(Span, (pos - len(text), pos))"
    yield "elif one_blank.__class__ is cst.ParenthesizedWhitespace:"
    yield f"    pos = table[cst.ParenthesizedWhitespace](one_blank, {node}, pos)"


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)


#: Makes the table for one printed: once for all processes that share what one of them imports.
WRITER = _writer()
