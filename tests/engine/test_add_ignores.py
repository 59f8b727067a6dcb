"""Comments written for what an audit found: where they stand, and that they change nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from in_process import builtin

from migrator.engine.add_ignores import check_reason, ignores
from migrator.engine.cases import Case, cases, in_memory
from migrator.engine.sources import read
from migrator.errors import MigrateError
from migrator.languages import SUFFIXES, language
from migrator.model import Look, Plan, Severity

CASES = list(cases(Path(__file__).parent.parent.parent / "fixtures" / "async-streaming"))
# Of all some, and those where a comment turned unused in the round in which more is known.
NAMES = frozenset({"py-import-from-package", "py-recorded-and-asked-by-lambdas", "py-submodules"})
SOME = [case for at, case in enumerate(CASES) if at % 11 == 0 or case.name in NAMES]
COMMENT = "# migrate: ignore[{}] why"
NAMESPACE, KEYS = COMMENT.format("legacy-namespace"), COMMENT.format("step-keys")


def written(files: dict[str, bytes], reason: str = "why") -> Plan:
    project = in_memory([builtin()], files, Look())
    return ignores(project, project.audit(), reason)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.yaml", "async_stream: 1\n", f"async_stream: 1  {KEYS}\n"),
        ("a.yaml", "async_stream: 1", f"async_stream: 1  {KEYS}"),
        ("a.yaml", "async_stream: 1 \r\nb: 1\r\n", f"async_stream: 1  {KEYS}\r\nb: 1\r\n"),
        ("a.yaml", "async_stream: 1 # a\n", f"async_stream: 1 # a  {KEYS}\n"),
        ("a.yaml", "async_stream: |\n  a\n", f"async_stream: |  {KEYS}\n  a\n"),
        ("a.yaml", "async_stream: a\n  b\nc: 1\n", f"async_stream: a\n  b  {KEYS}\nc: 1\n"),
        ("a.yaml", 'async_stream: "a\n  b"\n', f'async_stream: "a\n  b"  {KEYS}\n'),
        ("a.yaml", "{a: 1, async_stream: [\n 1]}\n", f"{{a: 1, async_stream: [  {KEYS}\n 1]}}\n"),
        (
            "a.py",
            "from pipeline.async_streaming import \\\n    ConsoleHandler\n",
            f"from pipeline.async_streaming import \\\n    ConsoleHandler  {NAMESPACE}\n",
        ),
        (
            "a.py",
            '"""A.\n\npipeline.async_streaming.X\n"""\n',
            f'"""A.\n\npipeline.async_streaming.X\n"""  {NAMESPACE}\n',
        ),
        (
            "a.py",
            "# pipeline.async_streaming.X\nA = 1\n",
            f"# pipeline.async_streaming.X  {NAMESPACE}\nA = 1\n",
        ),
        (
            "a.py",
            "# -*- coding: latin-1 -*-\nA = 'pipeline.async_streaming.X', 'é'\n",
            f"# -*- coding: latin-1 -*-\nA = 'pipeline.async_streaming.X', 'é'  {NAMESPACE}\n",
        ),
        (
            "a.ex",
            'defmodule A do\n  @doc """\n  Pipeline.AsyncStreaming.X\n  """\n  def a, do: 1\nend\n',
            'defmodule A do\n  @doc """\n  Pipeline.AsyncStreaming.X\n  """'
            f"  {NAMESPACE}\n  def a, do: 1\nend\n",
        ),
        (
            "a.yaml",
            "async_handler: Pipeline.AsyncStreaming.X\n",
            "async_handler: Pipeline.AsyncStreaming.X  "
            f"{COMMENT.format('legacy-namespace, step-keys')}\n",
        ),
    ],
)
def test_where_it_stands(name: str, before: str, after: str) -> None:
    codec = "latin-1" if "latin-1" in before else "utf-8"
    plan = written({name: before.encode(codec)})
    assert [change.after.decode(codec) for change in plan.changes] == [after]
    assert not plan.skipped


def meaning(path: str, data: bytes) -> object:
    """What the file says, comments aside."""
    name = SUFFIXES[Path(path).suffix]
    if name == "python":
        return ast.dump(ast.parse(data))
    tree = language(name).parse(read(path, data, name))
    if name == "yaml":
        return [(type(node), getattr(node, "value", "")) for node in tree.nodes]  # type: ignore[attr-defined]
    leaves = (node for node in tree.nodes if not node.tokens)  # type: ignore[attr-defined]
    return [(node.kind, node.text) for node in leaves if node.kind != "comment"]


# One of each kind of case is tried here; all of them were, once.
@pytest.mark.parametrize("case", SOME, ids=lambda case: f"{case.rule}/{case.name}")
def test_no_error_is_left_and_the_files_mean_the_same(case: Case) -> None:
    look = Look(options=case.configuration.options)
    project = in_memory([builtin()], case.before, look)
    plan = ignores(project, project.audit(), "why")
    assert not plan.skipped
    for change in plan.changes:
        assert meaning(change.path, change.before) == meaning(change.path, change.after)
    files = {**case.before, **{change.path: change.after for change in plan.changes}}
    after = in_memory([builtin()], files, look)
    audit = after.audit()
    report = audit.report()
    assert not [one for one in report.findings if one.finding.severity is Severity.ERROR]
    assert len(report.suppressed) == len(plan.applied)
    assert not after.plan(audit).changes


def test_a_reason_that_the_encoding_has_no_letters_for() -> None:
    files = {"a.py": b"# coding: ascii\nA = 'pipeline.async_streaming.X'\n"}
    plan = written(files, "wartet auf Ä")
    assert not plan.changes
    assert {one.finding.path for one in plan.skipped} == {"a.py"}


@pytest.mark.parametrize("reason", ["", "  ", "a\nb", "a # b", "#", "a\x1b[0m"])
def test_reasons_that_a_comment_cannot_hold(reason: str) -> None:
    with pytest.raises(MigrateError):
        check_reason(reason)
