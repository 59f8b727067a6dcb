"""What our table prints is what libcst prints: the text, and where each node begins and ends."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest

from migrator.languages import python_writer
from migrator.languages.python_spans import Printed

SYNTAX = '''\
#!/usr/bin/env python
# a comment


"""A docstring."""
import a , b.c as d ; from . import ( e, f as g , )
from ..h import *
import one, two ;
from .  . import  a  as  b ; from  x.y  import(c as d)
x [ * y , 1 ], x[: :], x[1:], x[::2]
x: int = 1 ; y : str
x = y = ( z ) = 1.0 ; x += 2j ; x @= (( 3 ))
del x , y ; pass ; assert x , "why" ; raise E from e
raise
if x : pass
elif   not ( y ) :
    pass
  # less
elif -z : pass
else :
    pass   # more

    # footer
while x is not y and z not  in w or ~x: continue
else: break
for x , *y in z . w [ 1 : 2 , : : 3 , ... ] :
\tasync with a as b , c : pass
else: pass
with ( a as b , c as ( d ) , ) : pass
with (open(a)) as b: pass
try : pass
except : pass
try:
    pass
except ( A , B ) as c :
    pass
else :
    pass
finally :
    pass
try: pass
except * A as b: pass
try: pass
finally: pass

@ decorated
# between
@ more . of ( it )

# before
async def f ( a , / , b : int = 1 , * c : int , d = 2 , ** e ) -> int :
    """Doc"""
    await a ; yield ; yield b ; x = yield from c
    return
    return  1 , ( 2 , ) , ( )
def g ( * , a ) : return lambda : 0
def h(a, *, b=1): global x , y ; nonlocal_ = lambda a , * b , ** c : ( a )
class A : x = 1
class B ( A , metaclass = M , ** k ) :

    # first
    def m ( self ) :
        nonlocal z
        x = [ a for a in b if c if d for e in f ] , { a : b for a in c } , { a for a in b }
        y = ( a async for a in b ) ; f ( * a , b = c , ** d ) (
            # inside
            e ,  # e
            g
            ,
        )
    pass
x = "a" 'b' f"c{ d !r:>{ w }}e" ; y = rb"f" + f"{ x = }" ; y = f\'\'\'{x!s}\'\'\'
x = { ** a , b : c , } ; y = { * a , b } ; z = [ * a , b , ] ; w = { }
x = a if b else c ; ( y := 1 ) ; x = a < b <= c != d == e > f >= g in h is i
x = a \\
    + b \\
  . c
x = - a ** + b - z // c % d << e >> f & g | h ^ i @ j / k * l
x //= 1 ; x **= 1 ; x >>= 1 ; x <<= 1 ; x &= 1 ; x ^= 1 ; x |= 1 ; x %= 1 ; x -= 1 ; x *= 1 ; x /= 1
match x :
    case { "a" : 1 , ** rest } : pass
    case [ 1 , * _ ] | ( 2 , 3 ) : pass
    case A ( b , c = d ) as e if f : pass
    case None | a . b | -1 : pass
type X [ T : int , * U , ** V ] = int
def generic [ T ] ( a : T ) -> T : ...
x = a [ * b ] ; print ( * a , sep = "" )
'''
ENDS = [
    *("", "x", "x\n", "\n", "# a", "x  # a", "if x:\n  y", "if x:\r\n\ty\r\n", "\n\n# a\n\n"),
    "x = \\\n1",
]
BLANKS = (
    cst.EmptyLine,
    cst.Newline,
    cst.ParenthesizedWhitespace,
    cst.SimpleWhitespace,
    cst.TrailingWhitespace,
)


def is_kept(node: cst.CSTNode) -> bool:
    """Whether the table has a place for `node`: blanks have none, but for those that join lines."""
    is_joined = isinstance(node, cst.SimpleWhitespace) and "\\" in node.value
    return is_joined or not isinstance(node, BLANKS)


@pytest.mark.parametrize(
    "text",
    [SYNTAX, *ENDS, *(path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py"))],
)
def test_the_table_prints_as_libcst_does(text: str) -> None:
    module = cst.parse_module(text)
    ours, theirs = Printed(module).by_table(), Printed(module).by_libcst()
    assert ours.code == theirs.code
    assert ours.position == theirs.position
    for one, other in ((ours.spans, theirs.spans), (ours.parents, theirs.parents)):
        kept = [(node, said) for node, said in one.items() if is_kept(node)]
        assert kept == [(node, said) for node, said in other.items() if is_kept(node)]


def test_the_syntax_above_has_each_kind_of_node_that_the_table_has() -> None:
    spans = Printed(cst.parse_module(SYNTAX)).by_libcst().spans
    seen = {type(node).__name__ for node in spans}
    assert set(python_writer._KINDS) <= seen
    assert {name for name, _ in python_writer._operators()} - seen == set()
