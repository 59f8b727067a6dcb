"""Patterns and renames for Elixir: what they find, and exactly what they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

from migrator.engine.cases import in_memory
from migrator.model import Look

if TYPE_CHECKING:
    from pathlib import Path

WARN = """
    summary: The old level
    find: Logger.warn($M, $$$REST)
    replace: Logger.warning($M, $$$REST)
"""
INVOKE = """
    summary: The call moved
    find: "Lib.Old.invoke(prompt: $P, handler: $H, $$$REST)"
    replace: "Lib.LLM.invoke(ctx, prompt: $P, stream: true, on_event: $H, $$$REST)"
"""
URGENT = """
    summary: The option is called otherwise
    find: "Lib.f($$$REST, urgent: $U)"
    replace: "Lib.g($$$REST, priority: $U)"
"""
CONFIG = """
    summary: The old macros
    find: use Mix.Config
    replace: import Config
"""
SIZE = """
    summary: No size
    find: Lib.has(@D, @K)
    replace: "@K in @D"
""".replace("@", "$")
MOVED = """
    summary: The namespace moved
    rename: Lib.Old -> Lib.New
"""
AWAY = """
    summary: One module moved away
    rename: Lib.Old -> Other.Place.Thing
"""
RENAMED = """
    summary: Functions are called otherwise
    rename:
      - Lib.old/1 -> Lib.new
      - Lib.gone -> Lib.Elsewhere.here
      - Lib.run(every:) -> Lib.run(each:)
"""


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        # functions, however they are reached
        (WARN, 'Logger.warn("a")\n', 'Logger.warning("a")\n'),
        (WARN, 'Logger.warn "a", k: 1\n', 'Logger.warning "a", k: 1\n'),
        # any number of arguments has the options that the pattern does not name
        (URGENT, "Lib.f(1, a: 2, urgent: 3)\n", "Lib.g(1, a: 2, priority: 3)\n"),
        (URGENT, "Lib.f(urgent: 3, a: 2)\n", "Lib.g(priority: 3, a: 2)\n"),
        (URGENT, "x |> Lib.f(1, urgent: 3, a: 2)\n", "x |> Lib.g(1, priority: 3, a: 2)\n"),
        (URGENT, "Lib.f(1, 2, [urgent: 3, a: 2])\n", "Lib.g(1, 2, [priority: 3, a: 2])\n"),
        (URGENT, "Lib.f(1, 2, a: 2)\n", "Lib.f(1, 2, a: 2)\n"),
        (WARN, 'alias Logger, as: L\nL.warn("a")\n', 'alias Logger, as: L\nL.warning("a")\n'),
        (WARN, 'Elixir.Logger.warn("a")\n', 'Elixir.Logger.warning("a")\n'),
        (WARN, "x |> f() |> Logger.warn()\n", "x |> f() |> Logger.warning()\n"),
        (WARN, "x\n|> Logger.warn(a: 1) # c\n", "x\n|> Logger.warning(a: 1) # c\n"),
        (WARN, "each(xs, &Logger.warn/1)\n", "each(xs, &Logger.warning/1)\n"),
        (WARN, "each(xs, &Logger.warn(&1))\n", "each(xs, &Logger.warning(&1))\n"),
        (WARN, '"#{Logger.warn("é")}"\r\n', '"#{Logger.warning("é")}"\r\n'),
        (WARN, "Logger.warn(Logger.warn(1))\n", "Logger.warning(Logger.warning(1))\n"),
        (WARN, "Logger.warn(fn -> 1 end)\n", "Logger.warning(fn -> 1 end)\n"),
        (WARN, "Logger.warn(~s(a), b)\n", "Logger.warning(~s(a), b)\n"),
        (
            WARN,
            "import Logger, only: [warn: 1, info: 1]\nwarn(1)\n",
            "import Logger, only: [warning: 1, info: 1]\nwarning(1)\n",
        ),
        (WARN, "import Logger\nwarn 1\n", "import Logger\nwarning 1\n"),
        # arguments by their keys, in any order and either spelling; what is left stays as it is
        (
            INVOKE,
            "alias Lib.Old\nOld.invoke(handler: H, prompt: p)\nf()\n",
            "Lib.LLM.invoke(ctx, stream: true, on_event: H, prompt: p)\nf()\n",
        ),
        (
            INVOKE,
            "Lib.Old.invoke([prompt: p, handler: H, a: 1])\n",
            "Lib.LLM.invoke(ctx, [prompt: p, stream: true, on_event: H, a: 1])\n",
        ),
        (
            INVOKE,
            "Lib.Old.invoke(\n  prompt: p, # the prompt\n  # about\n  handler: H\n)\n",
            "Lib.LLM.invoke(\n  ctx,\n  prompt: p, # the prompt\n  # about\n  stream: true,\n"
            "  on_event: H\n)\n",
        ),
        (
            INVOKE,
            "import Lib.Old, only: [invoke: 1]\nf()\ninvoke prompt: p, handler: H\n",
            "f()\nLib.LLM.invoke ctx, prompt: p, stream: true, on_event: H\n",
        ),
        # directives
        (
            CONFIG,
            "use Mix.Config # c\n\nconfig :a, b: 1\n",
            "import Config # c\n\nconfig :a, b: 1\n",
        ),
        (CONFIG, "alias Mix.Config, as: C\nuse C\n", "import Config\n"),
        # operators, and what they need around them
        (SIZE, "Lib.has(d, k)\n", "k in d\n"),
        (SIZE, "not Lib.has(d, k)\n", "not (k in d)\n"),
        (SIZE, "Lib.has(d, a && b)\n", "(a && b) in d\n"),
        (SIZE, "d |> Lib.has(k)\n", "k in d\n"),
        # modules
        (MOVED, "alias Lib.Old\nOld.A.f()\n", "alias Lib.New\nNew.A.f()\n"),
        (MOVED, "alias Lib.Old.A\nA.f()\n", "alias Lib.New.A\nA.f()\n"),
        (MOVED, "alias Lib.{Old, Other}\nOld.f()\n", "alias Lib.{New, Other}\nNew.f()\n"),
        (MOVED, "alias Lib.Old.{A, B}\nA.f()\n", "alias Lib.New.{A, B}\nA.f()\n"),
        (MOVED, "alias Lib.Old, as: O\nO.f()\n", "alias Lib.New, as: O\nO.f()\n"),
        (MOVED, "alias Lib, as: L\n%L.Old.S{a: 1}\n", "alias Lib, as: L\n%L.New.S{a: 1}\n"),
        (MOVED, "use Lib.Old.A, b: 1\n", "use Lib.New.A, b: 1\n"),
        (MOVED, "@spec f(Lib.Old.t()) :: :ok\n", "@spec f(Lib.New.t()) :: :ok\n"),
        (MOVED, '[:"Elixir.Lib.Old.A", "Lib.Old"]\n', '[:"Elixir.Lib.New.A", "Lib.New"]\n'),
        (MOVED, "&Lib.Old.f/1\n", "&Lib.New.f/1\n"),
        (
            MOVED,
            "defmodule Lib.Old.Mine do\n  def f, do: __MODULE__.g()\nend\n",
            "defmodule Lib.New.Mine do\n  def f, do: __MODULE__.g()\nend\n",
        ),
        (
            MOVED,
            "defmodule Lib do\n  defmodule Old do\n  end\n\n  Old.f()\nend\n",
            "defmodule Lib do\n  defmodule New do\n  end\n\n  New.f()\nend\n",
        ),
        (
            MOVED,
            "alias Lib.Old\nalias My.New\nNew.f(Old.A)\n",
            "alias Lib.New, as: Old\nalias My.New\nNew.f(Old.A)\n",
        ),
        (AWAY, "alias Lib.Old\nOld.f()\n", "alias Other.Place.Thing\nThing.f()\n"),
        (
            AWAY,
            "alias Lib.{Old, B}\nOld.f()\n",
            "alias Lib.{B}\nalias Other.Place.Thing\nThing.f()\n",
        ),
        (AWAY, "alias Lib, as: L\nL.Old.f()\n", "alias Lib, as: L\nOther.Place.Thing.f()\n"),
        (AWAY, "alias My.Other\nLib.Old.f()\n", "alias My.Other\nElixir.Other.Place.Thing.f()\n"),
        # functions and options
        (RENAMED, "Lib.old(1)\nLib.old(1, 2)\n", "Lib.new(1)\nLib.old(1, 2)\n"),
        (RENAMED, "1 |> Lib.old\n&Lib.old/1\n", "1 |> Lib.new\n&Lib.new/1\n"),
        (RENAMED, "apply(Lib, :old, [1])\n", "apply(Lib, :new, [1])\n"),
        (RENAMED, "Lib.gone(1)\n", "Lib.Elsewhere.here(1)\n"),
        (
            RENAMED,
            "alias My.Lib, as: M\nLib.gone()\n",
            "alias My.Lib, as: M\nLib.Elsewhere.here()\n",
        ),
        (
            RENAMED,
            "import Lib, only: [gone: 1, old: 1, b: 0]\ngone(old(1))\n",
            "import Lib, only: [new: 1, b: 0]\nLib.Elsewhere.here(new(1))\n",
        ),
        # functions of one name are told by their arities
        (
            RENAMED,
            "import Lib, only: [old: 1, gone: 1, old: 2]\nold(1)\nold(1, 2)\n",
            "import Lib, only: [new: 1, gone: 1, old: 2]\nnew(1)\nold(1, 2)\n",
        ),
        (
            RENAMED,
            "import Lib, only: [old: 2, gone: 1, gone: 0]\ngone(1)\n",
            "import Lib, only: [old: 2, gone: 0]\nLib.Elsewhere.here(1)\n",
        ),
        (RENAMED, "Lib.run(a, every: 1)\n", "Lib.run(a, each: 1)\n"),
        (RENAMED, "Lib.run(a, [{:b, 1}, every: 1])\n", "Lib.run(a, [{:b, 1}, every: 1])\n"),
        (RENAMED, 'a |> Lib.run("every": 1)\n', 'a |> Lib.run("each": 1)\n'),
    ],
)
def test_written(tmp_path: Path, rule: str, before: str, after: str) -> None:
    assert applied(pack(tmp_path, elixir__r=rule), {"a.ex": before}) == {"a.ex": after}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (WARN, 'Other.warn("a")\nwarn("a")\nx.warn("a")\n'),
        (WARN, 'alias My.Logger\nLogger.warn("a")\n'),
        (WARN, "defmodule A do\n  defmodule Logger do\n  end\n\n  Logger.warn(1)\nend\n"),
        (WARN, "import Logger, only: [info: 1]\nwarn(1)\n"),
        (WARN, "import Logger, except: [warn: 1]\nwarn(1)\n"),
        (WARN, "defmodule A do\n  import Logger, only: :macros\n  def warn(x), do: x\nend\n"),
        (WARN, '# Logger.warn("a")\n"Logger.warn(1)"\n~S"""\nLogger.warn(1)\n"""\n'),
        (WARN, "Logger.warn(1) do\n  2\nend\n"),
        (WARN, "&Logger.warning/1\n&Logger.warn/0\nLogger.warn()\n"),
        (CONFIG, "use Mix.Config, a: 1\nimport Mix.Config\nuse Mix.ConfigX\n"),
        (
            INVOKE,
            "Lib.Old.invoke(prompt: p)\nLib.Old.invoke(p, h)\nLib.Old.invoke(:p)\n"
            "Lib.Old.invoke(%{prompt: p})\nMy.Old.invoke(prompt: p, handler: h)",
        ),
        (MOVED, "alias My.Old\nOld.f()\nLib.Older.f()\nOld.Lib.f()\n"),
        (MOVED, '# Lib.Old\n@doc "Lib.Old is old"\n"Lib.Old.f()"\n:"Lib.Old x"\n'),
        (RENAMED, "Lib.run(a, [everyone: 1])\nLib.runs(every: 1)\nOther.old(1)\n"),
        (RENAMED, "apply(Lib, :old, [1, 2])\nLib.old\n"),
    ],
)
def test_left_alone(tmp_path: Path, rule: str, text: str) -> None:
    rules = pack(tmp_path, elixir__r=rule)
    assert not found(rules, {"a.ex": text})
    assert applied(rules, {"a.ex": text}, unsafe=True) == {"a.ex": text}


@pytest.mark.parametrize(
    ("rule", "text", "applicability", "said"),
    [
        (INVOKE, "Lib.Old.invoke(opts)\n", "manual", "the keywords in `opts`"),
        (INVOKE, "Lib.Old.invoke([{:a, 1} | opts])\n", "manual", "cannot be told"),
        (WARN, "{Logger, :warn, []}\n", "manual", "only named here"),
        (WARN, "defdelegate warn(x), to: Logger\n", "manual", "only named here"),
        (INVOKE, "&Lib.Old.invoke/1\n", "manual", "a capture takes its arguments as they come"),
        (RENAMED, "{Lib, :old, []}\n", "review", "only named here"),
        (RENAMED, "defdelegate old(x), to: Lib\n", "manual", "only named here"),
        (RENAMED, "Lib.run(every: 1, each: 2)\n", "manual", "`each:` is there already"),
        (SIZE, "Lib.has(f(), g())\n", "review", "in another order"),
        (SIZE, "Lib.has(\n  d,\n  # why\n  k\n)\n", "review", "a comment in it would be lost"),
    ],
)
def test_less_than_safe(
    tmp_path: Path, rule: str, text: str, applicability: str, said: str
) -> None:
    (finding,) = found(pack(tmp_path, elixir__r=rule), {"a.ex": text})
    assert str(finding.applicability) == applicability
    assert said in f"{finding.message} {finding.evidence}"


def test_what_use_brings_counts(tmp_path: Path) -> None:
    web = (
        "defmodule Web do\n  defmacro __using__(_) do\n    quote do\n"
        "      alias My.Logger\n      alias Lib.Old\n    end\n  end\nend\n"
    )
    page = "defmodule Page do\n  use Web\n  def f, do: Logger.warn(1)\n  def g, do: Old.A.x\nend\n"
    rules = pack(tmp_path, elixir__w=WARN, elixir__m=MOVED)
    assert applied(rules, {"web.ex": web, "page.ex": page}) == {
        "web.ex": web.replace("alias Lib.Old", "alias Lib.New, as: Old"),
        "page.ex": page,
    }


WEB = """
defmodule Shop.Web do
  defmacro __using__(_) do
    quote do
      alias Shop.Lib
    end
  end
end
"""
PAGE = """
defmodule Page do
  use Shop.Web
  def f, do: Lib.Old.run(1)
  def g, do: Elixir.Lib.Old.run(2)
end
"""
MAY_BRING = """
defmodule Shop.Web do
  def page do
    quote do
      alias Shop.Lib
    end
  end

  defmacro __using__(which), do: apply(__MODULE__, which, [])
end
"""
BASE = """
defmodule Shop.Base do
  defmacro __using__(_) do
    quote do
      use Shop.Web
    end
  end
end
"""


@pytest.mark.parametrize(
    "rule", [MOVED, "summary: s\nfind: Lib.Old.run($A)\nreplace: Lib.New.go($A)\n"]
)
@pytest.mark.parametrize(
    ("files", "levels"),
    [
        # a `Lib` that another file brings is not the library's
        ({"web.ex": WEB, "page.ex": PAGE}, ["safe"]),
        ({"web.ex": WEB, "base.ex": BASE, "page.ex": PAGE.replace("Web", "Base")}, ["safe"]),
        # one that it may bring makes it uncertain
        ({"web.ex": MAY_BRING, "page.ex": PAGE}, ["review", "safe"]),
        # another module has it
        ({"web.ex": WEB, "page.ex": PAGE.replace("Shop.Web", "Shop.Web.Other")}, ["safe", "safe"]),
    ],
)
def test_what_use_hides(
    tmp_path: Path, rule: str, files: dict[str, str], levels: list[str]
) -> None:
    rules = pack(tmp_path, elixir__r=rule)
    assert [str(one.applicability) for one in found(rules, files)] == levels
    after = applied(rules, files)
    assert ("  def f, do: Lib.Old.run(1)\n" in after["page.ex"]) == (
        len(levels) < 2 or "review" in levels
    )
    assert "Old.run(2)" not in after["page.ex"]
    assert {**after, "page.ex": ""} == {**files, "page.ex": ""}


def test_an_alias_stays_while_a_use_is_left_to_a_person(tmp_path: Path) -> None:
    rules = pack(tmp_path, elixir__i=INVOKE, elixir__m=MOVED)
    text = "alias Lib.Old\nOld.invoke(opts)\nOld.A.f()\n"
    assert applied(rules, {"a.ex": text}) == {"a.ex": text}
    assert [str(one.applicability) for one in found(rules, {"a.ex": text})] == ["manual", "manual"]


def test_a_file_that_does_not_parse_as_a_whole_is_changed_where_it_does(tmp_path: Path) -> None:
    broken = "defmodule A do\n  def f, do: [1, 2\nend\n\n"
    whole = 'defmodule B do\n  def f, do: Logger.warn("b")\nend\n'
    data = {"a.ex": f"{broken}{whole}".encode()}
    project = in_memory([pack(tmp_path, elixir__w=WARN)], data, Look())
    (change,) = project.plan(project.audit()).changes
    assert change.after.decode() == broken + whole.replace("warn", "warning")


BLOCKS = """
    summary: Blocks and attributes
    alternatives:
      - find: |
          Lib.run $X do
            $$$BODY
          end
        replace: |
          Lib.go $X do
            $$$BODY
          end
      - find: "@behaviour Lib.Old"
        replace: use Lib.New
      - find: "@lib old: $X"
        replace: "@lib new: $X"
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "alias Lib, as: L\nL.run 1 do\n  # c\n  run(2)\nend\n",
            "alias Lib, as: L\nL.go 1 do\n  # c\n  run(2)\nend\n",
        ),
        (
            "defmodule A do\n  alias Lib.Old\n\n  @behaviour Old  # c\n  @impl Old\nend\n",
            "defmodule A do\n  alias Lib.Old\n\n  use Lib.New  # c\n  @impl Old\nend\n",
        ),
        ("@lib old: 1  # c\n", "@lib new: 1  # c\n"),
        # what looks alike
        ("Lib.run(1)\nOther.run 1 do\n  2\nend\n", ""),
        ("defmodule A do\n  @behaviour Other.Old\n  @doc Lib.Old\nend\n", ""),
        ("@other old: 1\n@lib old: 1, more: 2\n@lib [1]\n", ""),
    ],
)
def test_blocks_and_attributes(tmp_path: Path, before: str, after: str) -> None:
    written = applied(pack(tmp_path, elixir__r=BLOCKS), {"a.ex": before}, unsafe=True)
    assert written == {"a.ex": after or before}


HELD = """
    summary: Functions and modules moved
    rename:
      - Lib.Old -> Lib.New
      - Lib.fetch/1 -> Lib.get
      - Lib.put -> Shop.put
"""
SENT = """
    summary: A call
    find: "Lib.send($X)"
    replace: "Lib.post($X, all: true)"
"""


@pytest.mark.parametrize(
    ("rule", "before", "after", "unsafe"),
    [
        # attributes that hold a module
        (
            HELD,
            "defmodule A do\n  alias Lib, as: L\n  @lib L\n  @old Lib.Old\n"
            "  def f, do: @lib.fetch(1) |> @lib.put()\n  def g, do: &@lib.fetch/1\nend\n",
            "defmodule A do\n  alias Lib, as: L\n  @lib L\n  @old Lib.New\n"
            "  def f, do: @lib.get(1) |> Shop.put()\n  def g, do: &@lib.get/1\nend\n",
            None,
        ),
        (
            SENT,
            "defmodule A do\n  @lib Lib\n  def f, do: @lib.send(1)\nend\n",
            "defmodule A do\n  @lib Lib\n  def f, do: @lib.post(1, all: true)\nend\n",
            None,
        ),
        (
            HELD,
            "defmodule A do\n  @lib Lib\n  def f, do: @lib.fetch(1)\n  @lib Other\nend\n",
            None,
            "defmodule A do\n  @lib Lib\n  def f, do: @lib.get(1)\n  @lib Other\nend\n",
        ),
        (HELD, "defmodule A do\n  @lib Other\n  def f, do: @lib.fetch(1)\nend\n", None, None),
        (
            HELD,
            "defmodule A do\n  @lib Lib\nend\ndefmodule B do\n  def f, do: @lib.fetch(1)\nend\n",
            None,
            None,
        ),
        (
            HELD,
            "defmodule A do\n  @lib Application.compile_env(:a, :lib)\n  @lib.fetch(1)\nend\n",
            None,
            None,
        ),
        # typespecs, and what docs refer to
        (
            HELD,
            "@type t :: %Lib.Old{}\n@spec f(Lib.Old.t()) :: [Lib.Old.X.t()] | nil\n",
            "@type t :: %Lib.New{}\n@spec f(Lib.New.t()) :: [Lib.New.X.t()] | nil\n",
            None,
        ),
        (
            HELD,
            '@moduledoc """\nSee `Lib.Old`, `c:Lib.fetch/1` and [it](`Lib.put/2`).\n"""\n',
            None,
            '@moduledoc """\nSee `Lib.New`, `c:Lib.get/1` and [it](`Shop.put/2`).\n"""\n',
        ),
        (
            HELD,
            '@doc ~S"`My.Lib.Old`, `Lib.Older`, ``Lib.Old``, Lib.Old, `Lib.fetch/2`"\n',
            None,
            None,
        ),
        (HELD, 'def f, do: "`Lib.Old`"\n', None, None),
    ],
)
def test_attributes_typespecs_and_docs(
    tmp_path: Path, rule: str, before: str, after: str | None, unsafe: str | None
) -> None:
    rules = pack(tmp_path, elixir__r=rule)
    assert bool(found(rules, {"a.ex": before})) == bool(after or unsafe)
    assert applied(rules, {"a.ex": before}) == {"a.ex": after or before}
    assert applied(rules, {"a.ex": before}, unsafe=True) == {"a.ex": unsafe or after or before}


STEP = """
    summary: A key has another name
    find: "%Lib.Step{old: @V, @@@REST}"
    replace: "%Lib.Step{new: @V, @@@REST}"
""".replace("@", "$")
RUN = """
    summary: An option has another name
    find: "Lib.run(@A, %{old: @V, @@@REST})"
    replace: "Lib.run(@A, %{new: @V, @@@REST})"
""".replace("@", "$")


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (STEP, "%Lib.Step{id: f(), old: g()}\n", "%Lib.Step{id: f(), new: g()}\n"),
        (
            STEP,
            "%Lib.Step{\n  id: 1,\n  # why\n  old: 2, # so\n  x: 3\n}\n",
            "%Lib.Step{\n  id: 1,\n  # why\n  new: 2, # so\n  x: 3\n}\n",
        ),
        (RUN, "Lib.run(1, %{id: 1, old: 2})\n", "Lib.run(1, %{id: 1, new: 2})\n"),
        (RUN, "Lib.run(1, %{:old => 2})\n", "Lib.run(1, %{:new => 2})\n"),
        (RUN, "Lib.run(1, %{new: 1, old: 2})\n", "Lib.run(1, %{new: 1, old: 2})\n"),
    ],
)
def test_keys_change_where_they_stand(tmp_path: Path, rule: str, before: str, after: str) -> None:
    assert applied(pack(tmp_path, elixir__r=rule), {"a.ex": before}) == {"a.ex": after}


@pytest.mark.parametrize(
    ("find", "replace", "before", "after"),
    [
        ("Lib.f([$$$A])", "Lib.g($$$A)", "Lib.f([1, x()])", "Lib.g(1, x())"),
        ("Lib.f([$$$A])", "Lib.g($$$A)", "Lib.f([])", "Lib.g()"),
        ("Lib.f([$$$A])", "Lib.g($$$A)", "[1] |> Lib.f()", "Lib.g(1)"),
        ("Lib.f($X, [$$$A])", "Lib.g($X, $$$A)", "Lib.f(0, [1, 2])", "Lib.g(0, 1, 2)"),
        ("Lib.f(Lib.h($$$A))", "Lib.g($$$A)", "Lib.f(Lib.h(1, x: 2))", "Lib.g(1, x: 2)"),
        ("Lib.f(Lib.h($$$A))", "Lib.g(0, $$$A)", "Lib.f(Lib.h())", "Lib.g(0)"),
        # What is a tuple in the list would be a list of options.
        ("Lib.f([$$$A])", "Lib.g($$$A)", "Lib.f([a: 1])", "Lib.f([a: 1])"),
        ("Lib.f(Lib.h($$$A))", "Lib.g($$$A, 0)", "Lib.f(Lib.h(x: 1))", "Lib.f(Lib.h(x: 1))"),
    ],
)
def test_what_a_list_or_another_call_holds_becomes_arguments(
    tmp_path: Path, find: str, replace: str, before: str, after: str
) -> None:
    rules = pack(tmp_path, elixir__r=f'summary: s\nfind: "{find}"\nreplace: "{replace}"\n')
    assert len(found(rules, {"a.ex": f"{before}\n"})) == 1
    assert applied(rules, {"a.ex": f"{before}\n"}) == {"a.ex": f"{after}\n"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x |> Lib.all(1) |> Lib.map(2)", "Lib.each(x, 1, 2)"),
        ("Lib.map(x |> Lib.all(1), 2)", "Lib.each(x, 1, 2)"),
        ("Lib.all(x, 1) |> Lib.map(2) |> Enum.sort()", "Lib.each(x, 1, 2) |> Enum.sort()"),
        ("x |> y() |> Lib.all(1) |> Lib.map(2)", "Lib.each(x |> y(), 1, 2)"),
        ("x |> Lib.all(1) |> Enum.sort() |> Lib.map(2)", None),
    ],
)
def test_a_call_in_a_pattern_may_stand_in_a_pipe(
    tmp_path: Path, before: str, after: str | None
) -> None:
    rules = pack(
        tmp_path,
        elixir__r="""
            summary: s
            find: "Lib.map(Lib.all($Q, $N), $F)"
            replace: "Lib.each($Q, $N, $F)"
        """,
    )
    assert applied(rules, {"a.ex": f"{before}\n"}) == {"a.ex": f"{after or before}\n"}


def test_a_message_has_one_line(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        elixir__r="""
            summary: s
            find: "Lib.run do $$$BODY end"
            replace: "Lib.go do $$$BODY end"
        """,
        python__r="summary: s\nfind: lib.f($A)\nreplace: lib.g($A)\n",
    )
    files = {
        "a.ex": "Lib.run do\n  a()\n  b(\n    1\n  )\nend\n",
        "a.py": "import lib\nlib.f([\n    1,\n    2,\n])\n",
    }
    assert not any("\n" in one.message for one in found(rules, files))


HEADS = """
    summary: s
    alternatives:
      - find: "def handle(@E) do @@@B end"
        replace: "def take(@E) do @@@B end"
        inside: "defmodule @M do\\n use Lib.H\\n @@@R\\nend"
      - find: "def up(), do: @X"
        replace: "def change(), do: @X"
        inside: "defmodule @M do\\n use Lib.H\\n @@@R\\nend"
      - find: "def kept(@E) when is_map(@E), do: @X"
        replace: "def taken(@E) when is_map(@E), do: @X"
        inside: "defmodule @M do\\n use Lib.H\\n @@@R\\nend"
""".replace("@", "$")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def handle(x) do\n  x\nend", "def take(x) do\n  x\nend"),
        (
            "def handle(%{a: b} = x)  when is_map(x) and b > 1 do\n  x\nend",
            "def take(%{a: b} = x)  when is_map(x) and b > 1 do\n  x\nend",
        ),
        ("def up, do: 1", "def change, do: 1"),
        ("def up(), do: 1", "def change(), do: 1"),
        ("def up when 1 > 0, do: 1", "def change when 1 > 0, do: 1"),
        ("def kept(x) when is_map(x), do: 1", "def taken(x) when is_map(x), do: 1"),
        ("def kept(x) when is_list(x), do: 1", "def kept(x) when is_list(x), do: 1"),
        ("def kept(x), do: 1", "def kept(x), do: 1"),
        ("def handle(x, y) when y do\n  x\nend", "def handle(x, y) when y do\n  x\nend"),
        ("def handled(x) when x do\n  x\nend", "def handled(x) when x do\n  x\nend"),
        ("def up(x), do: 1", "def up(x), do: 1"),
        ("defp up, do: 1", "defp up, do: 1"),
        ("def f, do: up()", "def f, do: up()"),
    ],
)
def test_heads_with_guards_and_without_parentheses(tmp_path: Path, before: str, after: str) -> None:
    rules = pack(tmp_path, elixir__r=HEADS)
    around = "defmodule A do\n  use Lib.H\n  {}\nend\n"
    files = {"a.ex": around.format(before.replace("\n", "\n  "))}
    expected = {"a.ex": around.format(after.replace("\n", "\n  "))}
    assert applied(rules, files, unsafe=True) == expected


def test_a_message_names_the_function_that_is_defined(tmp_path: Path) -> None:
    rule = 'summary: s\nfind: "def $NAME($X) when is_map($X), do: $Y"\nmessage: "not $NAME"\n'
    rule += 'inside: "defmodule Lib.A do\\n $$$R\\nend"\n'
    rules = pack(tmp_path, elixir__r=rule)
    text = "defmodule Lib.A do\n  def f(x) when is_map(x), do: x\n  def g(x), do: x\nend\n"
    assert [one.message for one in found(rules, {"a.ex": text})] == ["not f"]
