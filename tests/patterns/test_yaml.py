"""Paths in YAML: what they lead to, and exactly what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

STEP = "steps[*][type=llm]"


def rule(*paths: str) -> str:
    return "summary: s\npaths:\n" + "".join(f"  - {path}\n" for path in paths)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        # keys, in every style
        (
            f"{{path: '{STEP}.old', rename: new}}",
            "steps:\n  - type: llm\n    old: 1  # why\n  - {type: llm, 'old': 2}\n"
            '  - type: llm\n    ? "old"\n    : 3\n  - {type: x, old: 4}\nold: 5\n',
            "steps:\n  - type: llm\n    new: 1  # why\n  - {type: llm, 'new': 2}\n"
            '  - type: llm\n    ? "new"\n    : 3\n  - {type: x, old: 4}\nold: 5\n',
        ),
        (
            "{path: '**.old', rename: new}",
            "old: 1\na:\n  - old: {old: 2}\n",
            "new: 1\na:\n  - new: {new: 2}\n",
        ),
        ("{path: 'a.*.old', rename: new}", "a: {x: {old: 1}}\n", "a: {x: {new: 1}}\n"),
        # several paths have one verb
        (
            "{path: ['a.*.old', \"b.'c/d'\"], rename: new}",
            "a: {x: {old: 1}}\nb: {c/d: 1, old: 2}\n",
            "a: {x: {new: 1}}\nb: {new: 1, old: 2}\n",
        ),
        # at any depth is also in a key, in what is merged on the spot and in what is anchored
        (
            "{path: '**.old', rename: new}",
            "a: &a {old: 1}\nb: {<<: [*a, {old: 2}], c: *a}\n? {old: 3}\n: 4\n",
            "a: &a {new: 1}\nb: {<<: [*a, {new: 2}], c: *a}\n? {new: 3}\n: 4\n",
        ),
        (
            "{path: '**.old', rename: new}",
            "a: {&k old: 1}\nb: {*k : 2}\n? |-  # old\n  old\n: 3\n",
            "a: {&k new: 1}\nb: {*k : 2}\n? |-  # old\n  new\n: 3\n",
        ),
        ("{path: \"'a.b'.old\", rename: new}", "a.b:\n  old: 1\n", "a.b:\n  new: 1\n"),
        # merged conditions count
        (
            f"{{path: '{STEP}.old', rename: new}}",
            "x: &x {type: llm}\nsteps:\n  - <<: *x\n    old: 1\n",
            "x: &x {type: llm}\nsteps:\n  - <<: *x\n    new: 1\n",
        ),
        # values
        (
            "{path: jobs.*.runs-on, text: 'ubuntu-(18|20).04', replace: ubuntu-latest}",
            "jobs:\n  a:\n    runs-on: 'ubuntu-18.04'\n  b: {runs-on: ubuntu-22.04}\n",
            "jobs:\n  a:\n    runs-on: 'ubuntu-latest'\n  b: {runs-on: ubuntu-22.04}\n",
        ),
        (
            "{path: '**.uses', text: 'actions/(checkout|cache)@v[12]', replace: 'actions/\\1@v4'}",
            "a:\n- uses: actions/cache@v2   # fast\n- uses: other/cache@v2\n",
            "a:\n- uses: actions/cache@v4   # fast\n- uses: other/cache@v2\n",
        ),
        (
            "{path: a, text: x, replace: 'no'}",
            "a: x\n",
            "a: no\n",
        ),
        # a colon needs quotes where plain text would end with it, or be a number of minutes
        *(
            (f"{{path: '**.v', text: 'old:1', replace: '{new}'}}", f"{one}\n", f"{other}\n")
            for one, new, other in [
                ("v: old:1  # as it was", "a/b:2.1-x", "v: a/b:2.1-x  # as it was"),
                ("{v: old:1, w: 1}", "b:2", "{v: b:2, w: 1}"),
                ("v: \"old:1\"", "b:2", "v: \"b:2\""),
                ("v: old:1", "b: 2", "v: 'b: 2'"),
                ("v: old:1", "b:", "v: 'b:'"),
                ("v: old:1", "22:22", "v: '22:22'"),
            ]
        ),
        # what is added stands in the mapping's style
        (
            "{path: 'a[*][!b]', add: 'b: 1'}",
            "a:\n  - c:\n  # d\n  - ? c\n# e\n  - c: >-\n      x\n    d:\n\ne: 1\n",
            "a:\n  - c:\n    b: 1\n  # d\n  - ? c\n    b: 1\n# e\n"
            "  - c: >-\n      x\n    d:\n    b: 1\n\ne: 1\n",
        ),
        (
            "{path: 'a[!b]', add: 'b: x'}",
            "a:\n  c:\n  - d: |-\n      x",
            "a:\n  c:\n  - d: |-\n      x\n  b: x",
        ),
        (
            f"{{path: '{STEP}[!stream]', add: 'stream: true'}}",
            "steps:\n  - type: llm\n    id: a\n  - {type: llm}\n  - {type: llm, stream: no}\n",
            "steps:\n  - type: llm\n    id: a\n    stream: true\n  - {type: llm, stream: true}\n"
            "  - {type: llm, stream: no}\n",
        ),
        (
            "{path: 'a[!b]', add: 'b: [x, y]'}",
            "a: {}\n---\na: { }  # none\n---\n{a: &a !x {}}\n---\n"
            "a: { # none\n}\n---\na: {\n\n  }\n"
            "---\na: !b\n---\na:\n",
            "a: {b: [x, y]}\n---\na: { b: [x, y] }  # none\n---\n{a: &a !x {b: [x, y]}}\n---\n"
            "a: {b: [x, y] # none\n}\n---\na: {b: [x, y]\n\n  }\n---\na: !b\n---\na:\n",
        ),
        (
            "{path: '**[x][!b]', add: \"b: 'say, what'\"}",
            "{x: 1}\n---\nx: 1\n",
            "{x: 1, b: 'say, what'}\n---\nx: 1\nb: 'say, what'\n",
        ),
        # braces end what is plain in flow
        (
            "{path: '**.v', text: x, replace: 'r${X}'}",
            "a: {v: x}\nb:\n  v: x\nc: [{v: 'x'}]\n",
            "a: {v: 'r${X}'}\nb:\n  v: r${X}\nc: [{v: 'r${X}'}]\n",
        ),
        # what is taken out goes with its lines
        (
            "{path: '**.old', remove: true}",
            "a: 1\nold: 2  # gone\nb:\n  - old:\n      deep: 1\n    c: 1\n  - {x: 1, old: 2}\n"
            "  - {old: 2, x: 1}\nold2: 1\n",
            "a: 1\nb:\n  - c: 1\n  - {x: 1}\n  - {x: 1}\nold2: 1\n",
        ),
        # a comment stays with what it is about
        (
            "{path: '**.old', remove: true}",
            "e: {\n  b: 1,  # x\n  old: 2,  # y\n}\nf: {\n  old: [\n    1],\n  # z\n  b: 1\n}\n"
            "g: {\n  b: 1, # x\n  old: 2\n  }\n",
            "e: {\n  b: 1,  # x\n}\nf: {\n  # z\n  b: 1\n}\ng: {\n  b: 1, # x\n  }\n",
        ),
        # a key stays a text
        (
            "{path: '**.enabled', rename: 'on'}",
            "enabled: 1\nb: {enabled: 2, \"c\": {\"enabled\": 3}}\n",
            "'on': 1\nb: {'on': 2, \"c\": {\"on\": 3}}\n",
        ),
        ("{path: '**.old', rename: '3'}", "old: 1\n", "'3': 1\n"),
        ("{path: '**.old', rename: new2}", "old: 1\n", "new2: 1\n"),
        (
            "{path: 'a[*]', text: old, remove: true}",
            "a:\n  - old\n  - new\n",
            "a:\n  - new\n",
        ),
        (
            "{path: a.old, remove: true}",
            "a:\n  x: |\n    text\n  old: |\n    more\n\nb: 1\n",
            "a:\n  x: |\n    text\n\nb: 1\n",
        ),
    ],
)  # fmt: skip
def test_written(tmp_path: Path, path: str, before: str, after: str) -> None:
    assert applied(pack(tmp_path, yaml__r=rule(path)), {"a.yaml": before}) == {"a.yaml": after}


@pytest.mark.parametrize(
    ("path", "text", "applicability", "said"),
    [
        ("{path: a.old, rename: new}", "a: {old: 1, new: 2}\n", "manual", "beside it already"),
        ("{path: 'a[!b]', add: 'b: x, y'}", "a: {c: 1}\n", "manual", "is missing"),
        (
            "{path: '**.old', remove: true}",
            "a: {b: 1, # x\n  old: 2}\n",
            "manual",
            "`old` is no longer to be used",
        ),
        (
            "{path: 'a[*]', remove: true}",
            "a: [1, # x\n  ]\n",
            "manual",
            "this item is no longer to be used",
        ),
        ("{path: 'a[!b]', add: 'b: x'}", "a:\n  c: |\n    x", "manual", "is missing"),
        ("{path: 'a[!b]', add: 'b: x'}", "a:\n  c:\n  - d: |\n      x", "manual", "is missing"),
        ("{path: 'a[!b]', add: 'b: x'}", "a:\n  c:\n    ? |\n      x", "manual", "is missing"),
        ("{path: 'a[!b]', add: 'b, c: x'}", "a: {}\n", "manual", "is missing"),
        ("{path: a.v, text: x, replace: y}", "a:\n  v: >-\n    x\n", "manual", "`v: x` is old"),
        ("{path: a.v, text: x}", "a:\n  v: |\n    x\n", "manual", "s"),
        ("{path: '**.old', rename: new}", "n: &k old\na: {*k : 1}\n", "manual", "at line 1"),
        ("{path: '**.old', rename: new}", "a: {&k old: 1}\nb: *k\n", "review", "at line 2"),
        (
            "{path: '**.old', rename: new}",
            "x: &x {old: 1}\na: {<<: *x, new: 2}\n",
            "review",
            "a merge brings it together with `new` of line 2",
        ),
        ("{path: a.old, rename: new}", "x: &x {old: 1}\na: {<<: *x}\n", "review", "by an alias"),
        ("{path: '**.v', replace: x}", "a: {v: &v 1}\nb: *v\n", "review", "by an alias"),
        (
            "{path: '**.x.old', rename: new}",
            "x: &a {old: 1}\nb: *a\n",
            "review",
            "another place too",
        ),
        ("{path: a.old, remove: true}", "a: {old: 1}\n", "manual", "keeps it from being changed"),
        ("{path: a.old}", "a: {old: 1}\n", "manual", "leads here"),
        ("{path: 'a[*][!k]'}", "a: [{x: 1}, {k: 2}]\n", "manual", "leads here"),
    ],
)
def test_no_more_than_is_proven(
    tmp_path: Path, path: str, text: str, applicability: str, said: str
) -> None:
    rules = pack(tmp_path, yaml__r=rule(path))
    (finding,) = found(rules, {"a.yaml": text})
    assert str(finding.applicability) == applicability
    assert said in " ".join((finding.message, *finding.evidence))
    assert applied(rules, {"a.yaml": text}) == {"a.yaml": text}


@pytest.mark.parametrize(
    "text",
    [
        "# steps: old\nother: |\n  old: 1\n",
        "steps: {type: llm, old: 1}\n",
        "steps: [{type: llms, old: 1}, {type: [llm], old: 1}]\n",
        "steps:\n  - type: llm\n    older: 1\n    x: {old: 1}\n",
        "steps:\n  - type: llm\n    text: |\n      old: 1\n",
    ],
)
def test_left_alone(tmp_path: Path, text: str) -> None:
    rules = pack(tmp_path, yaml__r=rule(f"{{path: '{STEP}.old', rename: new}}"))
    assert not found(rules, {"a.yaml": text})


def test_only_some_files(tmp_path: Path) -> None:
    text = "summary: s\nfiles: ['.github/workflows/*.yml']\npaths: [{path: old}]\n"
    rules = pack(tmp_path, yaml__r=text)
    files = {".github/workflows/a.yml": "old: 1\n", "a.yml": "old: 1\n"}
    assert [one.path for one in found(rules, files)] == [".github/workflows/a.yml"]


NAMES = "summary: s\nrename: [a.old -> b.new, A.Old -> B.New]\nunder: {class: safe, load: review}\n"


@pytest.mark.parametrize(
    ("text", "after", "unsafe"),
    [
        ("class: a.old.C  # why\n", "class: b.new.C  # why\n", None),
        ("class: ['a.old', [Elixir.A.Old.X]]\n", "class: ['b.new', [Elixir.B.New.X]]\n", None),
        ("c: &c a.old.C\nclass: *c\n", "c: &c b.new.C\nclass: *c\n", None),
        ("class: a.old.m:C\n", "class: b.new.m:C\n", None),
        ("class: [a.old.m:C.f, a.old:f]\n", "class: [b.new.m:C.f, b.new:f]\n", None),
        ("class: [a:old.f, a:old]\n", "class: [b:new.f, b:new]\n", None),
        ('class: "a.\\x6fld"\n', 'class: "b.new"\n', None),
        ("load: a.old.C\n", None, "load: b.new.C\n"),
        ("other: [a.old.C]\n", None, "other: [b.new.C]\n"),
        ("a.old.C: 1\n", None, "b.new.C: 1\n"),
        ("class: '&A.Old.f!/1'\n", None, "class: '&B.New.f!/1'\n"),
        ("x: !!python/name:a.old.C ''\n", None, "x: !!python/name:b.new.C ''\n"),
        ("class: ${C:-a.old.C}\n", None, None),
        # never two equal keys, by an alias either
        ("{a.old.C: 1, b.new.C: 2}\n", None, None),
        ("class: &c a.old.C\nx: {*c : 1, b.new.C: 2}\n", None, None),
        ("a.old.C: 1\nx: {b.new.C: 2}\n", None, "b.new.C: 1\nx: {b.new.C: 2}\n"),
    ],
)
def test_names(tmp_path: Path, text: str, after: str | None, unsafe: str | None) -> None:
    rules = pack(tmp_path, yaml__r=NAMES)
    assert found(rules, {"a.yaml": text})
    assert applied(rules, {"a.yaml": text}) == {"a.yaml": after or text}
    assert applied(rules, {"a.yaml": text}, unsafe=True) == {"a.yaml": unsafe or after or text}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("class: a.old.m:C\n", "`a.old.m:C` is now `b.new.m:C`"),
        ("class: '&A.Old.f/1'\n", "`&A.Old.f/1` is now `&B.New.f/1`"),
    ],
)
def test_what_a_name_is_now(tmp_path: Path, text: str, message: str) -> None:
    (finding,) = found(pack(tmp_path, yaml__r=NAMES), {"a.yaml": text})
    assert finding.message == message


@pytest.mark.parametrize("key", ["old", "'old'", "!x old", "? |-\n  old\n"])
def test_what_a_key_is_now(tmp_path: Path, key: str) -> None:
    rules = pack(tmp_path, yaml__r=rule("{path: '**.old', rename: new}"))
    (finding,) = found(rules, {"a.yaml": f"{key}: 1\n"})
    assert finding.message == "`old` is now `new`"


@pytest.mark.parametrize(
    "text",
    ["class: a.older\n", "class: my.a.old\n", "x: see a.old.C\n", "class: |\n  a.old\n"],
)
def test_other_names(tmp_path: Path, text: str) -> None:
    assert not found(pack(tmp_path, yaml__r=NAMES), {"a.yaml": text})


def test_the_longest_name_counts(tmp_path: Path) -> None:
    longer = "summary: s\nrename: a.old.f/1 -> c.f/2\nunder: {class: safe}\n"
    rules = pack(tmp_path, yaml__r=NAMES, yaml__s=longer)
    files = {"a.yaml": "class: [a.old.f/1, a.old.f/2]\n"}
    assert [one.rule for one in found(rules, files)] == ["s", "r"]
    assert applied(rules, files) == {"a.yaml": "class: [c.f/2, b.new.f/2]\n"}


GONE = rule(
    "{path: '**.old', remove: true}",
    "{path: 'in[*]', text: gone, remove: true}",
    "{path: 'in[*][*]', text: gone, remove: true}",
    "{path: '**[*][gone=1]', remove: true}",
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # a comment that is further in goes too, and no other does
        (
            "a:\n  old:\n    x: 1\n    # of x\n\n  # of k\n  k: 1\n",
            "a:\n\n  # of k\n  k: 1\n",
        ),
        ("a:\n  k: 1\n  old:\n  - 1  # one\n# of b\nb: 2\n", "a:\n  k: 1\n# of b\nb: 2\n"),
        ("- k: 1\n- gone: 1\n  # in it\n# of j\n- j: 1\n", "- k: 1\n# of j\n- j: 1\n"),
        ("a:\n  k: 1\n  old:  # none\n\n# of b\nb: 2\n", "a:\n  k: 1\n\n# of b\nb: 2\n"),
        # with its dash, wherever that stands
        ("a:\n  -  # one\n    gone: 1\n  - k: 1\n", "a:\n  - k: 1\n"),
        ("a:\n  - !x\n    gone: 1\n  - k: 1\n", "a:\n  - k: 1\n"),
        ("in:\n- - gone\n  - k\n", "in:\n- - k\n"),
        # several of one collection
        ("in: [gone, gone, a]\n", "in: [a]\n"),
        ("in: [a, gone, gone]\n", "in: [a]\n"),
        ("in: [a, gone,\n gone,\n gone,\n b]\n", "in: [a, b]\n"),
        ("in: [a,\n gone,\n gone  # why\n]\n", "in: [a,\n]\n"),
        ("in:\n- gone\n- a\n- gone\n", "in:\n- a\n"),
        # what would leave nothing, or not the same, stays
        ("in: [gone, gone]\n", None),
        ("in:\n  - gone\n  - gone\nb: 1\n", None),
        ("in:\n- - gone\n  - gone\n  - k\n", None),
        ("a:\n  -\n    # why\n    gone: 1\n  - k: 1\n", None),
        ("in: [gone,  # why\n  k]\n", None),
        ("a: {old: &x 1, k: 2}\nb: *x\n", None),
        ("a: {old: [&x 1], k: 2}\nb: {<<: {j: *x}}\n", None),
        ("a: {old: [&x 1, *x], k: 2}\n", "a: {k: 2}\n"),
    ],
)
def test_what_is_taken_out(tmp_path: Path, before: str, after: str | None) -> None:
    rules = pack(tmp_path, yaml__r=GONE)
    assert found(rules, {"a.yaml": before})
    assert applied(rules, {"a.yaml": before}, unsafe=True) == {"a.yaml": after or before}
