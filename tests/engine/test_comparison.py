"""What is left of a baseline, what is gone from it, and what is new."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from in_process import audited, builtin

from migrator.engine.baseline import Baseline, Entry, notes
from migrator.engine.comparison import Comparison, Scope, compare
from migrator.reports.wording import NOT_ANALYSED

TODAY = datetime.date(2026, 1, 31)
RULES = frozenset(rule.id for rule in builtin().rules) | {NOT_ANALYSED}

PYTHON = """from pipeline.async_streaming import ConsoleHandler


class Desk:
    def show(self, ctx):
        return {"type": "llm", "async_stream": True}

    def tell(self, ctx):
        return {"type": "llm", "async_stream": True}
"""
YAML = """steps:
  - id: one
    type: llm
    async_stream: true
  - id: two
    type: llm
    async_stream: true
"""
ELIXIR = """defmodule Desk do
  def show(step), do: Map.get(step, :async_stream)

  def tell(step) when is_map(step) do
    Map.get(step, :async_stream)
  end
end
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def beside(
    files: dict[str, str],
    entries: tuple[Entry, ...] = (),
    *,
    paths: tuple[str, ...] = (".",),
    rules: frozenset[str] = RULES,
) -> Comparison:
    """A tree of `files` beside a baseline; the files are on disk as well."""
    for path in Path().glob("**/*"):
        if path.is_file():
            path.unlink()
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    scope = Scope(tuple(Path(path).resolve() for path in paths), rules)
    report = audited({name: text.encode() for name, text in files.items()})
    return compare(report, Baseline(Path("b.jsonl"), entries), scope, TODAY)


def entries(files: dict[str, str]) -> tuple[Entry, ...]:
    seen = beside(files)
    return tuple(sorted(Entry(key) for key in (*seen.fresh, *seen.advice)))


@pytest.mark.parametrize(
    ("name", "text", "scopes"),
    [
        ("a.py", PYTHON, {"", "Desk.show", "Desk.tell"}),
        ("a.yaml", YAML, {"steps.one", "steps.two"}),
        ("a.ex", ELIXIR, {"Desk.show", "Desk.tell"}),
    ],
)
def test_scopes_tell_equal_texts_apart(name: str, text: str, scopes: set[str]) -> None:
    made = entries({name: text})
    assert {entry.key.scope for entry in made} == scopes
    assert len({entry.key for entry in made}) == len(made)


@pytest.mark.parametrize(
    ("name", "before", "after", "left", "new", "gone"),
    [
        ("a.py", PYTHON, PYTHON, 3, 0, 0),
        # Lines above, another layout, an unrelated change beside it.
        ("a.py", PYTHON, "# new\n\n" + PYTHON.replace('"llm", ', '"llm",\n            '), 3, 0, 0),
        ("a.yaml", YAML, "name: x\n" + YAML.replace("true", "true  # now"), 2, 0, 0),
        # The order of the functions or steps.
        ("a.yaml", YAML, "steps:\n" + YAML[YAML.index("  - id: two") :] + YAML[7:66], 2, 0, 0),
        # One done, one more, one in another place.
        ("a.py", PYTHON, PYTHON.replace('"async_stream"', '"stream"', 1), 2, 0, 1),
        ("a.yaml", YAML, YAML.replace("async_stream", "stream", 1), 1, 0, 1),
        ("a.yaml", YAML, YAML + "  - id: three\n    async_stream: 1\n", 2, 1, 0),
        ("a.py", PYTHON, PYTHON.replace("def tell", "def say"), 2, 1, 1),
        # Equal ones are counted.
        (
            "a.py",
            "A = {'type': 'llm', 'async_stream': 1}\n",
            "A = {'type': 'llm', 'async_stream': 1}\n" * 2,
            1,
            1,
            0,
        ),
    ],
)
def test_what_becomes_of_it(
    name: str, before: str, after: str, left: int, new: int, gone: int
) -> None:
    seen = beside({name: after}, entries({name: before}))
    assert (len(seen.left), len(seen.fresh), len(seen.gone)) == (left, new, gone)
    assert seen.report.baseline is not None
    assert sum(one.known for one in seen.report.findings) == left


def test_a_file_that_is_renamed_is_followed() -> None:
    made = entries({"a.py": PYTHON, "b.py": PYTHON.replace("Desk", "Other")})
    seen = beside({"new/c.py": PYTHON, "b.py": PYTHON.replace("Desk", "Other")}, made)
    assert seen.renamed == {"a.py": "new/c.py"}
    assert (len(seen.left), seen.fresh, seen.gone) == (6, [], [])
    assert {entry.key.path for entry in seen.left} == {"b.py", "new/c.py"}
    # What is new in it is new; what the old one had no more than it is not.
    more = PYTHON + "\n    def more(self):\n        return {'type': 'llm', 'async_stream': 1}\n"
    seen = beside({"new/c.py": more}, made)
    assert [key.scope for key in seen.fresh] == ["Desk.more"]
    # A copy is new: the file is still there.
    seen = beside({"a.py": PYTHON, "c.py": PYTHON}, made)
    assert len(seen.fresh) == 3


def test_a_part_of_the_tree_and_of_the_rules_says_nothing_of_the_rest() -> None:
    made = entries({"a/a.py": PYTHON, "b/b.py": PYTHON})
    seen = beside({"b/b.py": ""}, made, paths=("b",))
    assert {entry.key.path for entry in seen.gone} == {"b/b.py"}
    assert {entry.key.path for entry in seen.untold} == {"a/a.py"}
    seen = beside({}, made, rules=frozenset({"step-keys"}))
    assert {entry.key.rule for entry in seen.gone} == {"step-keys"}
    assert {entry.key.rule for entry in seen.untold} == {"legacy-namespace"}


def test_a_file_that_is_not_analysed_any_more() -> None:
    made = entries({"a.yaml": YAML})
    seen = beside({"a.yaml": "{% if a %}\n" + YAML}, made)
    assert seen.untold == list(made)
    assert [key.rule for key in seen.fresh] == [NOT_ANALYSED]
    known = beside({"a.yaml": "{% if a %}\n" + YAML}, entries({"a.yaml": "{% if a %}\n" + YAML}))
    assert (known.fresh, len(known.left), known.report.newly_refused) == ([], 1, ())


@pytest.mark.parametrize(
    ("until", "fresh"), [("2026-01-30", 1), ("2026-01-31", 0), ("2026-02-01", 0)]
)
def test_one_whose_time_is_over_is_new(until: str, fresh: int) -> None:
    files = {"a.yaml": "async_stream: 1\n"}
    (entry,) = entries(files)
    seen = beside(files, (Entry(entry.key, notes("@desk", None, until)),))
    assert (len(seen.fresh), len(seen.expired)) == (fresh, fresh)
