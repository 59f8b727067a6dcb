"""Markdown: what fits a comment, and that nothing in it is markup."""

from __future__ import annotations

import html
import io
import re

import hostile
import in_process
import pytest
from markdown_it import MarkdownIt

from migrator.model import ChecklistItem, Report, State
from migrator.reports import markdown
from migrator.reports.escape import shown

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = re.compile(
    r"<details>\n<summary>(?:<code>[^<>]*</code>|Not analysed): \d+</summary>\n?|</details>\n?"
)


def written(report: Report, limit: int = markdown.COMMENT) -> str:
    sink = io.StringIO()
    markdown.render(report, sink, limit=limit)
    return sink.getvalue()


def with_checklist(report: Report, *items: ChecklistItem) -> Report:
    return type(report)(**{**vars(report), "checklist": items})


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_nothing_hostile_is_markup(text: str) -> None:
    item = ChecklistItem("id", text, text, State.OPEN, 1, text)
    made = hostile.report(
        [hostile.finding(text, path=text), hostile.finding(text, path=text, rule=text)],
        [(text, text)],
    )
    tokens = READER.parse(written(with_checklist(made, item)))
    kinds = [token.type for token in tokens]
    assert kinds.count("fence") == kinds.count("bullet_list_open") + 1 == 2
    assert kinds.count("tr_open") == 3
    assert kinds.count("td_open") == 10
    for place, token in enumerate(tokens):
        if token.type == "fence":
            runs = re.findall("`+", token.content)
            assert len(token.markup) > max(map(len, runs), default=0)
        if token.type == "td_open" and tokens[place + 1].children:
            (cell,) = tokens[place + 1].children
            assert cell.content.strip() in {hostile.RULE.id, shown(text).strip(), "1"}
        if token.type == "html_block":
            assert OURS.fullmatch(token.content)
        children = {child.type for child in token.children or ()}
        assert not children - {"text", "text_special", "code_inline", "strong_open", "strong_close"}
        # A mention or a reference is one outside code alone.
        spoken = "".join(
            child.content for child in token.children or () if child.type != "code_inline"
        )
        if "forged" in spoken:
            assert text.strip() in spoken or not text.isprintable() or "##" in text


def test_a_title_of_a_pack_is_plain_text() -> None:
    item = ChecklistItem("id", "a *b* <c> `d` [e](f)", "1. _g_", State.DONE, 0, "no finding")
    page = READER.render(written(with_checklist(hostile.report(), item)))
    assert "[x] a *b* &lt;c&gt; `d` [e](f) <code>done: no finding</code>" in page
    assert "<strong>1. _g_</strong>" in page


def test_counts_checklist_and_findings() -> None:
    report = in_process.audited({"a.yaml": b"async_stream: 1\n", "b<.yaml": b"async_handler: [\n"})
    text = written(report)
    assert "**1 left** in 1 of 2 files: 1 safe to apply" in text
    assert "| `step-keys` | 1 |  |  |  |" in text
    assert "- [ ] Step keys have lost their prefix `open: 1 of step-keys in 1 file" in text
    assert "- [x] Events are deltas `done: no finding of event-shape in 1 file analysed" in text
    assert "<summary><code>a.yaml</code>: 1</summary>" in text
    assert "1:1 step-keys [safe] `async_stream` is now `stream`\n    | async_stream: 1\n" in text
    assert "\nb<.yaml: does not parse" in text


def test_a_clean_tree() -> None:
    text = written(hostile.report())
    assert text == "### migrate audit\n\n**Nothing is left to migrate** (0 files looked at).\n"


@pytest.mark.parametrize("limit", [300, 1_000, 4_000, 20_000, markdown.COMMENT])
def test_it_fits(limit: int) -> None:
    found = [hostile.finding(f"🌊 {number:04}", path=f"{number // 50}.py") for number in range(500)]
    text = written(hostile.report(found), limit)
    assert len(text.encode()) <= limit
    left = re.search(r"\nLeft out, to keep this short: (\d+) more findings?\.\n", text)
    numbers = re.findall(r"\[safe\] 🌊 (\d{4})\n", text)
    assert numbers == [f"{number:04}" for number in range(500 - int(left[1] if left else 0))]
    fences = [token for token in READER.parse(text) if token.type == "fence"]
    assert len(fences) == text.count("<details>") == text.count("</details>")
    assert (left is None) == (limit >= 20_000)


def test_all_findings_come_before_what_is_told_of_them() -> None:
    found = [hostile.finding(f"{number:04}" * 8) for number in range(200)]
    whole = written(hostile.report(found))
    brief = written(hostile.report(found), len(whole) - 1)
    assert "because" in whole and "because" not in brief
    assert brief.count("[safe]") == whole.count("[safe]") == 200


def test_names_in_html_are_escaped() -> None:
    name = "</code><b>&amp;"
    assert f"<code>{html.escape(name)}</code>" in written(
        hostile.report([hostile.finding(path=name)])
    )


def test_what_is_left_out_is_the_end() -> None:
    long, short = (hostile.finding("x" * length, path=f"{length}.py") for length in (900, 1))
    text = written(hostile.report([long, short]), 900)
    assert "Left out, to keep this short: 2 more findings." in text
    assert "1.py" not in text
