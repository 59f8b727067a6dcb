"""Plant step keys among the keys of YAML files: `python benchmarks/planted_keys.py FOLDER...`.

In front of keys picked at random, in block mappings of every depth and style, stands a line with a
legacy key. All of them must be found, an apply must move them, and every other byte must stay.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.engine.cases import in_memory
from migrator.engine.packs import builtin_folder, load
from migrator.engine.sources import read
from migrator.errors import NotAnalysedError
from migrator.languages import yaml
from migrator.model import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.engine.packs import Pack
    from migrator.model import Source

_LARGEST = 60_000
_MAPPINGS = 4
# What is planted, what it becomes, and how many findings it is.
_FORMS = (
    ("async_stream: yes   # planted", "stream: yes   # planted", 1),
    ("'async_stream': ${X}", "'stream': ${X}", 1),
    ("? async_stream", "? stream", 1),
    (
        '"async_handler" : [Pipeline.AsyncStreaming.A, "pipeline.async_streaming.b.C"]',
        '"stream_handler" : [Pipeline.Streaming.A, "pipeline.streaming.b.C"]',
        3,
    ),
)


def places(source: Source) -> Iterator[tuple[int, str]]:
    """Where a line may be planted, with its indentation: once in each block mapping."""
    for node in yaml.parse(source).nodes:
        if isinstance(node, yaml.Mapping) and not node.flow:
            for key, _ in random.sample(node.pairs, len(node.pairs)):
                start = source.line_span(source.position(key.span.start).line).start
                indent = source.text[start : key.span.start]
                if not indent.strip() and "\t" not in indent:
                    yield start, indent
                    break


def planted(source: Source) -> tuple[bytes, bytes, int]:
    """The bytes with keys planted, those that an apply has to leave, and the count of findings."""
    found = list(places(source))
    line_end = "\r\n" if "\r\n" in source.text else "\n"
    before = after = source.text
    count = 0
    for start, indent in sorted(random.sample(found, min(_MAPPINGS, len(found))), reverse=True):
        old, new, findings = random.choice(_FORMS)  # noqa: S311
        before = f"{before[:start]}{indent}{old}{line_end}{before[start:]}"
        after = f"{after[:start]}{indent}{new}{line_end}{after[start:]}"
        count += findings
    return source.to_bytes(before), source.to_bytes(after), count


def problem(pack: Pack, source: Source) -> str | None:
    """What goes wrong with one file."""
    before, after, count = planted(source)
    project = in_memory([pack], {source.path: before}, Look())
    audit = project.audit()
    report = audit.report()
    rules = ("step-keys", "legacy-namespace")
    found = sum(one.finding.rule in rules for one in report.findings)
    if report.not_analysed:
        return report.not_analysed[0].reason
    if found != count:
        return f"{found} found of {count}"
    changes = project.plan(audit).changes
    return None if (changes[0].after if changes else before) == after else "other bytes"


def main() -> int:
    """Try the files of the folders given; 1 if anything goes wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    pack = load(builtin_folder() / "async_streaming")
    paths = sorted(
        path
        for folder in arguments.folders
        for path in folder.rglob("*.y*ml")
        if path.is_file() and path.stat().st_size < _LARGEST
    )[:: arguments.every]
    tried = wrong = 0
    for path in paths:
        try:
            source = read("a.yaml", path.read_bytes(), "yaml")
            yaml.parse(source)
        except NotAnalysedError:
            continue
        tried += 1
        if what := problem(pack, source):
            wrong += 1
            print(f"{path}: {what}")
    print(f"{len(paths)} files, {tried} that parse, {wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
