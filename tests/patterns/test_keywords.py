"""Arguments that have another name now, however they are given."""

from __future__ import annotations

from pathlib import Path

import pytest
from declared import applied, found, pack

PYTHON = "summary: s\nrename: lib.run(every=) -> lib.run(each=)\n"
ELIXIR = 'summary: s\nrename: "Lib.run(every:) -> Lib.run(each:)"\n'
HEAD = "import functools\nfrom functools import partial\nfrom lib import run\n"


@pytest.mark.parametrize(
    ("call", "applicability", "said"),
    [
        ("run(every=1)", "safe", ""),
        ("run(**options, every=1)", "safe", ""),
        ("run(every=1, each=2)", "manual", "`each=` is there already"),
        ("run(**options)", "manual", "`every` may come with the `**`"),
        ("run(1, **{'every': 2})", "manual", "`every` may come with the `**`"),
        ("run(1, **{'other': 1, **options})", "manual", "`every` may come with the `**`"),
        ("run(1, **{'other': 1})  # every", None, ""),
        ("run(*options)  # every", None, ""),
        ("other(**options)  # every", None, ""),
        ("partial(run, every=1)", "review", "whoever calls what this makes"),
        ("functools.partialmethod(run, 1, every=1)", "review", "whoever calls what this makes"),
        ("partial(run, **options)  # every", "manual", "`every` may come with the `**`"),
        ("partial(other, every=1)", None, ""),
        ("partial(*run, every=1)", None, ""),
        ("other(run, every=1)", None, ""),
    ],
)
def test_python(tmp_path: Path, call: str, applicability: str | None, said: str) -> None:
    rules = pack(tmp_path, python__a=PYTHON)
    files = {"a.py": f"{HEAD}options = dict(every=1)\n{call}\n"}
    findings = found(rules, files)
    if applicability is None:
        assert not findings
        return
    (only,) = findings
    assert (str(only.fix.applicability) if only.fix else "manual") == applicability
    assert said in "\n".join(only.evidence)
    if applicability != "manual":
        after = {"a.py": files["a.py"].replace(call, call.replace("every", "each"))}
        assert applied(rules, files, unsafe=True) == after


def test_what_sets_a_name_is_evidence(tmp_path: Path) -> None:
    rules = pack(tmp_path, python__a=PYTHON)
    (only,) = found(rules, {"a.py": "import lib\n\ngo = lib.run\ngo(every=1)\n"})
    assert only.evidence == ("line 3 sets what `go` stands for",)


def test_advice_is_given_of_what_is_there_alone(tmp_path: Path) -> None:
    rules = pack(
        tmp_path, python__a=f"{PYTHON}severity: advice\n", elixir__b=f"{ELIXIR}severity: advice\n"
    )
    files = {
        "a.py": "import lib\n\nlib.run(**{'every': 1})\n",
        "b.ex": "Lib.run(opts ++ [every: 1])\n",
    }
    assert not found(rules, files)


@pytest.mark.parametrize(
    ("call", "applicability"),
    [
        ("Lib.run(1, every: 2)", "safe"),
        ("Lib.run(1, [every: 2])", "safe"),
        ("Lib.run(1, [{:every, 2}])", "manual"),
        ("Lib.run(1, [every: 2] ++ opts)", "manual"),
        ("Lib.run(1, opts ++ [{:every, 2}])", "manual"),
        ("Lib.run(1, [:every | opts])", None),
        ("Lib.run(1, Keyword.merge(opts, every: 2))", "manual"),
        ("Lib.run(1, opts |> Keyword.put(:every, 2))", "manual"),
        ("Lib.run(1, Keyword.put_new(opts, :every, 2))", "manual"),
        ("Lib.run(1, other(every: 2))", None),
        ("Lib.run(1, [other: [every: 2]] ++ opts)", None),
        ("Lib.run(:every, opts)", None),
        ("Lib.run(opts)  # every", None),
    ],
)
def test_elixir(tmp_path: Path, call: str, applicability: str | None) -> None:
    rules = pack(tmp_path, elixir__a=ELIXIR)
    findings = found(rules, {"a.ex": f"defmodule A do\n  def a(opts), do: {call}\nend\n"})
    levels = [str(one.fix.applicability) if one.fix else "manual" for one in findings]
    assert levels == ([] if applicability is None else [applicability])
