"""What stands around the place that a pattern finds: `inside` and `not-inside`."""

from __future__ import annotations

from pathlib import Path

import pytest
from declared import applied, found, pack

from migrator.errors import MigrateError

ASYNC = """
    summary: s
    find: lib.wait($N)
    replace: await lib.sleep($N)
    inside: "async def $F($$$A): ..."
    not-inside: ["def $F($$$A): ...", "lambda $$$A: $X"]
"""


def test_one_is_to_be_there_and_none_of_the_others(tmp_path: Path) -> None:
    before = (
        "import lib\n\nlib.wait(0)\n\n\nasync def run(x):\n    lib.wait(1)\n"
        "    if x:\n        lib.wait(2)\n\n    def inner():\n        lib.wait(3)\n\n"
        "    return lambda: lib.wait(4)\n"
    )
    after = before.replace("lib.wait(1)", "await lib.sleep(1)")
    after = after.replace("lib.wait(2)", "await lib.sleep(2)")
    rules = pack(tmp_path, python__a=ASYNC)
    assert applied(rules, {"a.py": before}) == {"a.py": after}
    assert [one.span.start for one in found(rules, {"a.py": before})] == [
        before.index("lib.wait(1)"),
        before.index("lib.wait(2)"),
    ]


def test_what_stands_around_is_evidence(tmp_path: Path) -> None:
    (only,) = found(
        pack(tmp_path, python__a=ASYNC),
        {"a.py": "import lib\n\n\nasync def run():\n    lib.wait(1)\n"},
    )
    assert "it stands inside `async def $F($$$A): ...`" in only.evidence


def test_a_hole_stands_for_the_same_code(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        python__a="""
            summary: s
            find: $S.send($X)
            replace: $S.post($X)
            inside: "with lib.Session() as $S: ..."
        """,
    )
    before = (
        "import lib\n\n\ndef run(other):\n    with lib.Session() as s:\n"
        "        s.send(1)\n        other.send(2)\n    s.send(3)\n"
    )
    # Nothing says what `s.send` is: for review.
    assert applied(rules, {"a.py": before}) == {"a.py": before}
    after = before.replace("s.send(1)", "s.post(1)")
    assert applied(rules, {"a.py": before}, unsafe=True) == {"a.py": after}


@pytest.mark.parametrize(
    ("head", "stands"),
    [
        ("with lib.open():", True),
        ("with lib.open() as file:", True),
        ("with a, lib.open() as file, b:", True),
        ("with opened():", True),
        ("with lib.open(1):", False),
        ("with open():", False),
        ("async with lib.open():", False),
        ("if lib.open():", False),
    ],
)
def test_a_with_is_each_of_its_items(tmp_path: Path, head: str, stands: bool) -> None:
    rules = pack(
        tmp_path,
        python__a="""
            summary: s
            find: lib.get($X)
            replace: lib.fetch($X)
            not-inside: "with lib.open(): ..."
        """,
    )
    before = f"import lib\nfrom lib import open as opened\n\n\nasync def f():\n    {head}\n"
    before += "        lib.get(1)\n"
    after = before if stands else before.replace("get", "fetch")
    assert applied(rules, {"a.py": before}) == {"a.py": after}


def test_what_may_stand_around_makes_it_one_for_review(tmp_path: Path) -> None:
    files = {
        "a.py": "import lib, sys\n\nif sys.argv:\n    from lib import tx\nelse:\n"
        "    from shop import tx\n\nwith tx():\n    lib.get(1)\n"
    }
    for key in ("inside", "not-inside"):
        rules = pack(
            tmp_path,
            python__a=f"""
                summary: s
                find: lib.get($X)
                replace: lib.fetch($X)
                {key}: "with lib.tx(): ..."
            """,
        )
        (only,) = found(rules, files)
        assert only.fix is not None
        assert str(only.fix.applicability) == "review"
        assert "it may stand inside `with lib.tx(): ...`" in only.evidence


def test_a_name_that_the_project_hands_on(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        python__a="""
            summary: s
            find: lib.get($X)
            replace: lib.fetch($X)
            not-inside: "with lib.db.transaction(): ..."
        """,
    )
    files = {
        "shop/__init__.py": "",
        "shop/db.py": "from lib.db import transaction\n",
        "shop/run.py": "import lib\nfrom shop.db import transaction\n\nwith transaction():\n"
        "    lib.get(1)\n",
    }
    assert applied(rules, files) == files


def test_what_is_only_named_counts_where_it_stands(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        python__a="""
            summary: s
            find: lib.get($X)
            replace: lib.fetch($X)
            inside: "class $C(lib.Case): ..."
        """,
    )
    before = (
        "import lib\n\ng = map(lib.get, [])\nt = 'lib.get'\n\n\nclass A(lib.Case):\n"
        "    g = map(lib.get, [])\n    t = 'lib.get'\n    lib.get(1)\n    lib.get(*x)\n"
        "lib.get(*x)\n"
    )
    lines = [before.count("\n", 0, one.span.start) + 1 for one in found(rules, {"a.py": before})]
    assert lines == [8, 9, 10, 11]


@pytest.mark.parametrize(
    ("head", "applicability"),
    [
        ("class A(lib.Case):", "safe"),
        ("class A(Mixin, lib.Case, metaclass=M):", "safe"),
        ("@decorated\nclass A(Base):", "safe"),
        ("class A(Further):", "safe"),
        ("class A(Unknown):", "review"),
        ("class A(lib.Other):", "review"),
        ("class A(Mixin):", None),
        ("class A:", None),
        ("class A(Case):", None),
    ],
)
def test_a_class_is_one_that_derives(tmp_path: Path, head: str, applicability: str | None) -> None:
    rules = pack(
        tmp_path,
        python__a="""
            summary: s
            find: lib.get($X)
            replace: lib.fetch($X)
            inside: "class $C(lib.Case): ..."
        """,
    )
    before = (
        "import lib\nfrom shop import Unknown\n\n\nclass Mixin:\n    pass\n\n\n"
        "class Base(lib.Case):\n    pass\n\n\nclass Further(Mixin, Base):\n    pass\n\n\n"
        f"class Case:\n    pass\n\n\n{head}\n    def run(self):\n        lib.get(1)\n"
    )
    levels = [str(one.fix.applicability) for one in found(rules, {"a.py": before}) if one.fix]
    assert levels == ([] if applicability is None else [applicability])


def test_every_such_place_inside_of_another(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        python__a="""
            summary: s
            every: "def handle($S, $E): ..."
            has: lib.log($X)
            inside: "class $C(lib.Handler): ..."
        """,
    )
    method = "    def handle(self, event):\n        {}\n"
    files = {
        "a.py": f"import lib\n\nclass A(lib.Handler):\n{method.format('lib.log(1)')}",
        "b.py": f"import lib\n\nclass A(lib.Handler):\n{method.format('lib.tell(1)')}",
        "c.py": f"import lib\n\nclass A(object):\n{method.format('lib.tell(1)')}",
    }
    assert [one.path for one in found(rules, files)] == ["b.py"]


# Elixir


@pytest.mark.parametrize(
    ("pattern", "lines"),
    [
        ("def $NAME($$$A) do $$$B end", [2, 5, 9, 14]),
        ("def start($$$A) do $$$B end", [5, 9, 14]),
        ("def start($A) do $$$B end", [9]),
        ("def start($A, $B) when $G do $$$BODY end", [14]),
        ("test $$$A do $$$B end", [17, 20]),
        ("test $A do $$$B end", [17]),
        ("fn $$$A -> $$$B end", [9, 26, 27]),
        ("Repo.transaction(fn -> $$$B end)", [26]),
        ("quote do $$$B end", [28]),
        ("case $Y do $$$B end", [14]),
        ("defmodule $M do $$$B end", [2, 5, 9, 14, 17, 20, 23, 26, 27, 28]),
    ],
)
def test_heads_in_elixir_have_any_body_and_guard(
    tmp_path: Path, pattern: str, lines: list[int]
) -> None:
    rules = pack(
        tmp_path,
        elixir__a=f"""
            summary: s
            find: Lib.get($X)
            replace: Lib.fetch($X)
            inside: "{pattern}"
        """,
    )
    text = """defmodule Shop do
  def stop, do: Lib.get(0)

  def start do
    Lib.get(1)
  end

  def start(x) do
    Enum.map(x, fn y -> Lib.get(y) end)
  end

  def start(x, y) when x > y do
    case x do
      1 -> Lib.get(y)
    end
  end
  test "a", do: Lib.get(2)

  test "b", %{conn: conn} do
    Lib.get(conn)
  end

  defp start(x, y), do: Lib.get(x)

  defp others do
    Repo.transaction(fn -> Lib.get(3) end)
    run(fn 1 -> 2; _ -> Lib.get(4) end)
    quote do: Lib.get(5)
  end
end
"""
    assert [
        text.count("\n", 0, one.span.start) + 1 for one in found(rules, {"a.ex": text})
    ] == lines


def test_captures_and_mentions_in_elixir_count_where_they_stand(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        elixir__a="""
            summary: s
            find: Lib.get($X)
            replace: Lib.fetch($X)
            not-inside: "quote do $$$B end"
        """,
    )
    before = (
        "defmodule A do\n  def a, do: &Lib.get/1\n  def b, do: {Lib, :get, [1]}\n"
        "  quote do\n    &Lib.get/1\n    {Lib, :get, [1]}\n  end\nend\n"
    )
    lines = [before.count("\n", 0, one.span.start) + 1 for one in found(rules, {"a.ex": before})]
    assert lines == [2, 3]
    after = before.replace("do: &Lib.get/1", "do: &Lib.fetch/1")
    assert applied(rules, {"a.ex": before}) == {"a.ex": after}


def test_the_head_of_a_definition_is_found_by_its_name(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        elixir__a="""
            summary: s
            alternatives:
              - find: "def on_chunk($E) do $$$BODY end"
                replace: "def on_delta($E) do $$$BODY end"
              - find: "def on_chunk($E), do: $BODY"
                replace: "def on_delta($E), do: $BODY"
        """,
    )
    before = (
        "defmodule A do\n  def on_chunk(e) do\n    on_chunk(e)\n  end\n\n"
        "  def on_chunk(1), do: 2\n  def on_chunk(a, b), do: 2\nend\n"
    )
    after = before.replace("def on_chunk(e)", "def on_delta(e)")
    after = after.replace("def on_chunk(1)", "def on_delta(1)")
    assert applied(rules, {"a.ex": before}, unsafe=True) == {"a.ex": after}


# Mistakes


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("python", "rename: a.b -> a.c\ninside: x.y()", "`inside` needs a `find` beside it"),
        ("python", "find: a.b()\ninside: 1 +", "`inside`: does not parse"),
        ("python", "find: a.b()\nnot-inside: [x.y(), 1 +]", "`not-inside[1]`: does not parse"),
        ("python", "find: import a.b\ninside: x.y()", "an import is found wherever it stands"),
        ("python", "find: a.b()\ninside: import x", "nothing stands inside of an import"),
        (
            "python",
            "find: a.b($X)\ninside: x.y($$$X)",
            "`X` is any number of things here and one in `find`",
        ),
        (
            "python",
            "alternatives: [{find: a.b(), inside: 1 +}]",
            "`alternatives[0].inside`: does not parse",
        ),
        ("yaml", "paths: [{path: a.b}]\nnot-inside: x.y()", "`not-inside` is for code"),
    ],
)
def test_mistakes(tmp_path: Path, language: str, text: str, said: str) -> None:
    with pytest.raises(MigrateError) as error:
        pack(tmp_path, **{f"{language}__a": f"summary: s\n{text}\n"})
    assert said in str(error.value)


def test_a_message_tells_what_stands_around(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        python__a="""
            summary: s
            find: "class Config: ..."
            inside: ["class $MODEL(lib.Model): ...", "def $MODEL($$$A): ..."]
            message: "`$MODEL` is configured by a class"
        """,
        elixir__b="""
            summary: s
            find: Lib.wait($N)
            inside: "Lib.transaction $REPO do $$$BODY end"
            message: "`$REPO` waits for $N"
        """,
    )
    files = {
        "a.py": "import lib\n\n\nclass A(lib.Model):\n    class Config:\n        x = 1\n",
        "b.ex": "Lib.transaction MyApp.Repo do\n  Lib.wait(1)\nend\n",
    }
    assert [one.message for one in found(rules, files)] == [
        "`A` is configured by a class",
        "`MyApp.Repo` waits for 1",
    ]


def test_a_message_tells_what_each_pattern_around_has(tmp_path: Path) -> None:
    with pytest.raises(MigrateError, match=r"`message`: `find` has no hole `\$MODEL`"):
        pack(
            tmp_path,
            python__a="""
                summary: s
                find: lib.f()
                inside: ["class $MODEL(lib.Model): ...", "def $NAME($$$A): ..."]
                message: "`$MODEL` calls it"
            """,
        )


ATTRIBUTE = """
    summary: s
    find: orm_mode = $VALUE
    replace: from_attributes = $VALUE
    inside: "class $MODEL(lib.Model): ..."
"""


def test_what_a_class_sets_is_found_by_its_name(tmp_path: Path) -> None:
    before = (
        "import lib\n\n\nclass A(lib.Model):\n    class Config:\n        orm_mode = True  # yes\n\n"
        "    def f(self):\n        orm_mode = 1\n        return orm_mode\n\n\n"
        "class B(A):\n    orm_mode = 2\n    orm_mode, x = 3, 4\n\n\n"
        "class C:\n    orm_mode = 5\n\n\norm_mode = 6\n"
    )
    after = before.replace("orm_mode = True", "from_attributes = True")
    after = after.replace("orm_mode = 2", "from_attributes = 2")
    rules = pack(tmp_path, python__a=ATTRIBUTE)
    # Nothing says that it is the library that reads it.
    assert applied(rules, {"a.py": before}) == {"a.py": before}
    assert applied(rules, {"a.py": before}, unsafe=True) == {"a.py": after}


def test_each_class_sets_what_it_has_to(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        python__a="""
            summary: s
            every: "class $NAME(lib.Model): ..."
            has: title = $TITLE
            message: "`$NAME` has no title"
        """,
    )
    text = "import lib\n\n\nclass A(lib.Model):\n    title = 1\n\n\nclass B(lib.Model):\n"
    text += "    def f(self):\n        title = 1\n"
    assert [one.message for one in found(rules, {"a.py": text})] == ["`B` has no title"]
