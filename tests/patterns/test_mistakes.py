"""Mistakes in rule files: each is one error with file, line and key."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from declared import pack

from migrator.errors import MigrateError

if TYPE_CHECKING:
    from pathlib import Path

FIND = "summary: s\nfind: lib.f($A, $$$REST)\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("summary: s\n", "r.yaml:1: nothing to find: give `find`, `alternatives` or `rename`"),
        (FIND + "fnd: x\n", "r.yaml:3: `fnd`: unknown key `fnd`; did you mean `find`?"),
        ("find: lib.f()\n", "r.yaml:1: `summary` is missing"),
        ("summary: ''\nfind: lib.f()\n", "r.yaml:1: `summary`"),
        (FIND + "replace: lib.g($B)\n", "r.yaml:3: `replace`: `find` has no hole `$B`"),
        (FIND + "replace: lib.g($RES)\n", "did you mean `REST`?"),
        (FIND + "replace: lib.g($REST)\n", "any number of things in the pattern: `$$$REST`"),
        (FIND + "replace: lib.g($$$A)\n", "one expression in the pattern: write `$A`"),
        (FIND + "replace: lib.g(\n", "`replace`: does not parse as a Python expression"),
        (FIND + "message: about $B\n", "r.yaml:3: `message`: `find` has no hole `$B`"),
        (FIND + "where: {B: {kind: name}}\n", "`where.B`: the pattern has no hole `$B`"),
        (FIND + "where: {A: {text: '('}}\n", "`where.A.text`: is no regular expression"),
        (FIND + "where:\n  A:\n    has: f(\n", "r.yaml:5: `where.A.has`: does not parse"),
        (FIND + "where: {A: {not: {inside: 1 +}}}\n", "`where.A.not.inside`: does not parse"),
        (FIND + "where: {A: {value: {has: 1 +}}}\n", "`where.A.value.has`: does not parse"),
        (FIND + "at: B\n", "r.yaml:3: `at`: the pattern has no hole `$B`"),
        (FIND + "at: REST\n", "r.yaml:3: `at`: the pattern has no hole `$REST`"),
        (FIND + "replace: lib.g($A)\nat: A\n", "r.yaml:4: `at`: a finding with a fix points at"),
        ("summary: s\nrename: a.b -> c.d\nat: A\n", "`at`: `at` needs a `find` beside it"),
        (
            "summary: s\nrename: a.b -> c.d\nbecomes: lib.f()\n",
            "r.yaml:3: `becomes`: `becomes` needs a `find` beside it",
        ),
        (
            "summary: s\nevery: lib.f()\nhas: lib.g()\nbecomes: lib.h()\n",
            "`becomes`: `every` and `becomes` exclude each other",
        ),
        (
            FIND + "replace: lib.g($A)\nbecomes: lib.g($A)\n",
            "r.yaml:4: `becomes`: `replace` says what it becomes",
        ),
        (FIND + "becomes: [lib.g($A), lib.g(]\n", "r.yaml:3: `becomes[1]`: does not parse"),
        (FIND + "becomes: $A($B)\n", "r.yaml:3: `becomes`: it would match all code of this shape"),
        (FIND + "becomes: import lib.g\n", "`becomes`: an import is found while it stays"),
        (
            FIND + "where: {A: {kind: name}}\nbecomes: lib.g($B)\n",
            "r.yaml:4: `becomes`: it has no hole `$A`, which the rule asks about",
        ),
        (
            FIND + "where: {A: {kind: name}}\nbecomes: lib.g($$$A)\n",
            "r.yaml:4: `becomes`: it has no hole `$A`, which the rule asks about",
        ),
        (
            FIND + "message: about $REST\nbecomes: lib.g($A)\n",
            "r.yaml:4: `becomes`: it has no hole `$$$REST`, which the rule asks about",
        ),
        (FIND + "at: A\nbecomes: lib.g()\n", "`becomes`: it has no hole `$A`"),
        (
            "summary: s\nfind: import a\nreplace: ''\n",
            "`replace`: an import goes by itself",
        ),
        (
            "summary: s\nfind: 'with lib.f(): ...'\nreplace: ''\n",
            "r.yaml:3: `replace`: what is empty takes a statement or a decorator out",
        ),
        (FIND + "signatures: ['lib.g(a)']\n", "`signatures[0]`: no pattern has `lib.g`"),
        (FIND + "signatures: ['lib.f(a']\n", "`signatures[0]`: a signature is a dotted name"),
        (FIND + "signatures: ['lib.f(a, *)']\n", "`signatures[0]`: does not parse as parameters"),
        (FIND + "signatures: ['lib.f(a)', 'lib.f(b)']\n", "`signatures[1]`: there is one of"),
        (FIND + "imports: [lib.g]\n", "`imports[0]`: no name in `replace` begins with `lib.g`"),
        ("summary: s\nfind: $X\n", "r.yaml:2: `find`: it would match all code of this shape"),
        ("summary: s\nfind: $F($$$A)\n", "it would match all code of this shape"),
        ("summary: s\nfind: $A + 1\n", "it would match all code of this shape"),
        (
            "summary: s\nfind: lib.f($$$A, old=True, $$$B)\n",
            "r.yaml:2: `find`: `$$$A` and `$$$B` cannot be told apart in one list",
        ),
        ("summary: s\nfind: 'lib.f([$$$A, 1, $$$B])'\n", "`$$$A` and `$$$B` cannot be told apart"),
        ("summary: s\nfind: lib.f(*$$$A, **$$$B)\n", "`$$$A` and `$$$B` cannot be told apart"),
        ("summary: s\nfind: 'lib.f({**$$$A, **$$$B})'\n", "cannot be told apart"),
        ("summary: s\nfind: 'lib.F[$$$A, int, $$$B]'\n", "cannot be told apart"),
        ("summary: s\nfind: self.f()\n", "`self.f` is no name that can be imported: write `$SELF`"),
        ("summary: s\nfind: f($x)\n", "a hole is `$NAME` or `$$$NAME`, in capital letters"),
        ("summary: s\nfind: lib.f('$X')\n", "a hole has no place inside a string"),
        (
            "summary: s\nfind: x = lib.f()\n",
            "`x` is bound here: write `$X`, or say with `inside` which class sets it",
        ),
        (
            "summary: s\nfind: $X = lib.f()\nreplace: x = lib.g()\ninside: 'class $C: ...'\n",
            "`replace`: `x` is bound here: write `$X`",
        ),
        (
            "summary: s\nfind: |\n  @lib.f\n  @lib.g\nreplace: '@lib.h'\n",
            "`find`: it is more than one decorator: a pattern is one",
        ),
        (
            "summary: s\nfind: '@lib.f($A, $B)'\nreplace: |\n  @lib.g($A)\n  @lib.h($B)\n",
            "`replace`: of several that are written, one has all the holes",
        ),
        ("summary: s\nfind: 'def f(x): ...'\n", "`x` is bound here: write `$X`"),
        ("summary: s\nfind: 'with lib.f(): pass'\n", "the body of a statement is `...`"),
        ("summary: s\nevery: lib.f()\n", "`every`: say with `has`"),
        ("summary: s\nhas: lib.f()\n", "`has`: `has` needs an `every`"),
        ("summary: s\nevery: lib.f()\nhas: a(\n", "r.yaml:3: `has`: does not parse"),
        (FIND + "every: lib.f()\nhas: a\n", "`find`: `every` and `find` exclude each other"),
        ("summary: s\nevery: lib.f()\nhas: import a\n", "`has`: an import is not looked for"),
        ("summary: s\nfind: global x\n", "a statement of this kind cannot be looked for"),
        ("summary: s\nfind: |\n  lib.f()\n  lib.g()\n", "it is more than one statement"),
        (
            "summary: s\nfind: lib.f()\nreplace: |\n  lib.f()\n  if lib.a: ...\n",
            "`replace`: it is more than one statement, and not all are simple ones",
        ),
        ("summary: s\nfind: import a, b\n", "imports one name: list several"),
        ("summary: s\nfind: from . import a\n", "has a full name and no holes"),
        ("summary: s\nfind: import a\nreplace: import b\n", "`replace`: what an import"),
        (FIND + "replace: import b\n", "`replace`: must be an expression, a statement"),
        (FIND + "replace: '@lib.f'\n", "`replace`: a decorator becomes a decorator"),
        (FIND + "replace: 'if $A: ...'\n", "`replace`: a block becomes a block"),
        ("summary: s\nfind: import a.b\nreplace: lib.f()\n", "`replace`: what an import becomes"),
        (
            "summary: s\nfind: '@lib.f'\nreplace: '@lib.g\n\n  def f(): ...'\n",
            "r.yaml:3: `replace`: must be",
        ),
        (
            "summary: s\nfind: |\n  try: ...\n  except lib.E: ...\nreplace: lib.f()\n",
            "r.yaml:5: `replace`: what has several bodies",
        ),
        (
            "summary: s\nfind: 'def lib($A, $$$B): ...'\nreplace: 'def f($$$B): ...'\n",
            "r.yaml:3: `replace`: with `$$$` among them",
        ),
        ("summary: s\nfind: send($A)\n", "r.yaml:2: `find`: `send` is no full name"),
        (FIND + "replace: send($A)\n", "`replace`: `send` is no full name, and stands for nothing"),
        ("summary: s\nfind: '@task'\n", "`find`: `task` is no full name"),
        ("summary: s\nfind: 'class $N(Base): ...'\n", "`Base` is no full name"),
        (
            "summary: s\nfind: $X.send()\nwhere:\n  X: {instance: Client}\n",
            "r.yaml:4: `where.X.instance`: `Client` is no full name: write `package.Client`",
        ),
        ("summary: s\nrename: a -> b\nunder: {a: safe}\n", "r.yaml:3: `under`: `under` is for"),
        (
            FIND + "where: {A: {proven: true}}\n",
            "`where.A.proven`: say with `instance`",
        ),
        ("summary: s\nfind: [lib.f(), 'lib.g(']\n", "r.yaml:2: `find[1]`: does not parse"),
        ("summary: s\nreplace: lib.g()\n", "`replace`: `replace` needs a `find` beside it"),
        (
            "summary: s\nalternatives:\n  - find: lib.f($A)\n    replace: lib.g($B)\n",
            "r.yaml:4: `alternatives[0].replace`: `find` has no hole `$B`",
        ),
        ("summary: s\nrename: a.b => c\n", "`rename`: a rename is `old.name -> new.name`"),
        ("summary: s\nrename: [a.b -> c, a.b -> a.b.c]\n", "`rename[1]`: `a.b.c` begins with"),
        ("summary: s\nrename: a.f(x=) -> a.f\n", "name the argument on both sides"),
        ("summary: s\nrename: a.f(x=) -> a.g(y=)\n", "the function is to be the same"),
        ("summary: s\nrename: a -> a\n", "both sides are the same"),
        ("summary: s\npaths: [{path: a}]\n", "`paths`: a path leads to values in YAML"),
    ],
)
def test_for_python(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MigrateError) as raised:
        pack(tmp_path, python__r=text)
    assert "python/r.yaml:" in str(raised.value)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("summary: s\n", "r.yaml:1: nothing to find: give `paths` or `rename`"),
        ("summary: s\nrename: a.b\n", "r.yaml:2: `rename`: a rename is `old.name -> new.name`"),
        ("summary: s\nrename: [a -> a.b]\n", "`rename[0]`: `a.b` begins with `a`"),
        ("summary: s\nunder: {a: safe}\npaths: [{path: a}]\n", "`under` needs a `rename`"),
        ("summary: s\nrename: a.b -> c\nunder: {a: sure}\n", "r.yaml:3: `under.a`: `sure`"),
        ("summary: s\nfind: a\n", "r.yaml:2: `find`: `find` is for code"),
        ("summary: s\nevery: a\n", "r.yaml:2: `every`: `every` is for code"),
        (
            "summary: s\npaths: [{path: a.b}]\nbecomes: lib.f()\n",
            "r.yaml:3: `becomes`: `becomes` is for code: for yaml there are `paths` and `rename`",
        ),
        ("summary: s\npaths:\n  - rename: a\n", "r.yaml:3: `paths[0]`: `path` is missing"),
        ("summary: s\npaths: [{path: []}]\n", "`paths[0].path`: give at least one path"),
        (
            "summary: s\npaths:\n  - path:\n    - a\n    - b[*\n",
            "r.yaml:5: `paths[0].path[1]`: does not read as a path at",
        ),
        ("summary: s\npaths: [{path: 'a[*'}]\n", "`paths[0].path`: does not read as a path at"),
        ("summary: s\npaths: [{path: '*'}]\n", "it would match every file"),
        ("summary: s\npaths: [{path: '**'}]\n", "leads everywhere"),
        ("summary: s\npaths: [{path: ''}]\n", "there is no path in it"),
        ("summary: s\npaths: [{path: 'a[!b=c]'}]\n", "a condition is `[key=value]`"),
        ("summary: s\npaths: [{path: a, rename: b, remove: true}]\n", "exclude each other"),
        ("summary: s\npaths: [{path: 'a[*]', rename: b}]\n", "must end with a key to rename"),
        ("summary: s\npaths: [{path: 'a', rename: a}]\n", "is the key that stands there already"),
        ("summary: s\npaths: [{path: a, nest: b}]\n", "`paths[0].nest`: give two keys or more"),
        ("summary: s\npaths: [{path: a, nest: b.on}]\n", "`paths[0].nest`: give two keys or more"),
        ("summary: s\npaths: [{path: 'a[*]', nest: b.c}]\n", "the path must end with a key"),
        ("summary: s\npaths: [{path: a, nest: b.c, remove: true}]\n", "exclude each other"),
        (
            "summary: s\npaths: [{path: a, text: '('}]\n",
            "`paths[0].text`: is no regular expression",
        ),
        ("summary: s\npaths: [{path: a, text: x, replace: '\\1'}]\n", "there is no group 1"),
        ("summary: s\npaths: [{path: a, text: '.*', replace: x}]\n", "go on for ever"),
        ("summary: s\npaths: [{path: a.*, replace: x}]\n", "say with `text` what it must be"),
        ("summary: s\npaths: [{path: a, add: stream}]\n", "give `key: value`"),
        *(
            (
                f"summary: s\npaths: [{{path: a, add: 'b: {value}'}}]\n",
                f"`paths[0].add`: `{value}` is no value as YAML writes it on a line",
            )
            for value in ("]x", "[x", "x: y", "x #y", "*x", "|")
        ),
    ],
)
def test_for_yaml(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MigrateError) as raised:
        pack(tmp_path, yaml__r=text)
    assert "yaml/r.yaml:" in str(raised.value)
    assert said in str(raised.value)


CALL = "summary: s\nfind: Lib.f($A, $$$REST)\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("summary: s\n", "r.yaml:1: nothing to find: give `find`, `alternatives` or `rename`"),
        (CALL + "fnd: x\n", "r.yaml:3: `fnd`: unknown key `fnd`; did you mean `find`?"),
        (CALL + "replace: Lib.g($B)\n", "r.yaml:3: `replace`: `find` has no hole `$B`"),
        (CALL + "replace: Lib.g($REST)\n", "any number of things in the pattern: `$$$REST`"),
        (CALL + "replace: Lib.g(\n", "r.yaml:3: `replace`: does not parse as an Elixir expression"),
        ("summary: s\nfind: |\n  A.f()\n  A.g()\n", "`find`: it is more than one expression"),
        (
            "summary: s\nfind: A.f($X, $Y)\nreplace: |\n  A.g($X)\n  A.h($Y)\n",
            "`replace`: of several that are written, one has all the holes",
        ),
        (CALL + "replace: '# no'\n", "`replace`: there is no code in it"),
        (CALL + "message: about $B\n", "r.yaml:3: `message`: `find` has no hole `$B`"),
        (CALL + "where: {B: {kind: name}}\n", "`where.B`: the pattern has no hole `$B`"),
        (CALL + "where: {A: {text: '('}}\n", "`where.A.text`: is no regular expression"),
        (CALL + "where:\n  A:\n    has: f(\n", "r.yaml:5: `where.A.has`: does not parse"),
        (CALL + "where: {A: {instance: B}}\n", "`where.A.instance`: is for python"),
        (CALL + "where: {A: {kind: attribute}}\n", "`where.A.kind`: Elixir has no `attribute`"),
        (CALL + "where: {A: {kind: atm}}\n", "`atm` is no value for it; did you mean `atom`?"),
        (CALL + "signatures: ['Lib.f(a)']\n", "`signatures`: is for python"),
        (CALL + "imports: [Lib]\n", "`imports`: is for python"),
        ("summary: s\nfind: $X\n", "r.yaml:2: `find`: it would match all code of this shape"),
        ("summary: s\nfind: $F($$$A)\n", "it would match all code of this shape"),
        ("summary: s\nfind: if $A do $$$B end\n", "it would match all code of this shape"),
        ("summary: s\nfind: f($x)\n", "a hole is `$NAME` or `$$$NAME`, in capital letters"),
        ('summary: s\nfind: f("$X")\n', "a hole has no place inside a string"),
        ("summary: s\nfind: 'f(a: $X, $Y)'\n", "does not parse as an Elixir expression"),
        (
            "summary: s\nfind: 'Lib.f([$$$A, 1, $$$B])'\n",
            "r.yaml:2: `find`: `$$$A` and `$$$B` cannot be told apart in one list",
        ),
        ("summary: s\nfind: 'Lib.f($$$A, 1, $$$B)'\n", "cannot be told apart"),
        ("summary: s\nfind: 'Lib.f(a: 1, $$$A, b: 2, $$$B)'\n", "cannot be told apart"),
        ("summary: s\nfind: 'Lib.f([$$$A, b: 2, $$$B])'\n", "cannot be told apart"),
        ("summary: s\nfind: 'Lib.f(%{$$$A, b: 2, $$$B})'\n", "cannot be told apart"),
        (
            "summary: s\nfind: |\n  Lib.f do\n    $$$A\n    go()\n    $$$B\n  end\n",
            "cannot be told apart",
        ),
        ("summary: s\nfind: f(a: $X)\n", "r.yaml:2: does not parse as YAML"),
        ("summary: s\nfind: f(a: $X)\n", "put quotes around code with `: ` in it"),
        ("summary: s\nreplace: Lib.g()\n", "`replace`: `replace` needs a `find` beside it"),
        ("summary: s\nrename: lib.f -> lib.g\n", "`rename`: a rename is `Old.Name -> New.Name`"),
        ("summary: s\nrename: Lib -> Lib.New\n", "`Lib.New` begins with `Lib`"),
        ("summary: s\nrename: Lib.f -> Lib.New\n", "a module stays a module"),
        ("summary: s\nrename: 'A.f(x:) -> A.f'\n", "name the argument on both sides"),
        ("summary: s\nrename: 'A.f(x:) -> A.g(y:)'\n", "the function is to be the same"),
        ("summary: s\nrename: 'A(x:) -> A(y:)'\n", "`A` is a module: name a function of it"),
        ("summary: s\nrename: A -> A\n", "both sides are the same"),
        ("summary: s\npaths: [{path: a}]\n", "`paths`: a path leads to values in YAML"),
    ],
)
def test_for_elixir(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MigrateError) as raised:
        pack(tmp_path, elixir__r=text)
    assert "elixir/r.yaml:" in str(raised.value)
    assert said in str(raised.value)


def test_for_no_language(tmp_path: Path) -> None:
    with pytest.raises(MigrateError, match="for python, elixir or yaml"):
        pack(tmp_path, project__r="summary: s\n")


def test_loading_imports_no_parser(tmp_path: Path) -> None:
    pack(tmp_path, python__r=FIND)
    program = "import sys; from pathlib import Path; from migrator.engine.packs import load; "
    program += f"load(Path({str(tmp_path)!r})); print('libcst' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n"
