"""The page in a real browser: what it shows, and what it does when it is used."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import hostile
import in_process
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from migrator.model import Applicability, ChecklistItem, Report, Severity, State
from migrator.reports import json as json_report
from migrator.reports.escape import shown

Opened = Callable[..., Page]
DARK, LIGHT = "rgb(21, 23, 26)", "rgb(251, 250, 247)"
FILES = {
    "src/a.py": b"""from pipeline.async_streaming import Handler, invoke


class Collect(Handler):
    def handle_event(self, event):
        match event:
            case ("chunk", text):
                print(text)


def report(ctx, **options):
    invoke(**options)
    return invoke(ctx.prompt, Collect())
""",
    "src/deep/b.yaml": b"steps:\n- {type: llm, async_stream: true}\n- {type: llm}\n",
    "c.yaml": b"# a comment\nasync_stream: true\n",
    "d.yaml": b"async_handler: [\n",
}
OWNERS = {"src/a.py": ("@team/a", "@ana"), "src/deep/b.yaml": ("@team/b",), "d.yaml": ("@dan",)}
CHOSEN = re.compile(r"#\?.")
AXE = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def report() -> Report:
    """What an audit of a few files reports, with owners for some."""
    return replace(in_process.audited(FILES), owners=OWNERS)


def many(count: int) -> Report:
    """A report of `count` findings in files of forty, half of them errors and half advice."""
    return hostile.report(
        hostile.finding(
            f"message {number}",
            path=f"src/{number // 40 % 7}/{number // 40:03}.py",
            line=number % 40 + 1,
            severity=(Severity.ERROR, Severity.ADVICE)[number % 2],
            level=(Applicability.SAFE, Applicability.MANUAL)[number % 2],
        )
        for number in range(count)
    )


def visible(page: Page) -> list[str]:
    """The places of the findings that are there to see, as `path:line:column rule`."""
    found: list[str] = page.eval_on_selector_all(
        "article[id^=f]",
        """all => all.filter(one => one.checkVisibility()).map(one =>
            one.closest(".file").querySelector(".path").textContent + ":" +
            one.querySelector(".place").textContent + " " + one.dataset.rule)""",
    )
    return found


def places(report: Report, wanted: Callable[[Any], bool] = lambda _: True) -> list[str]:
    return [
        f"{one.finding.path}:{one.start.line}:{one.start.column} {one.finding.rule}"
        for one in report.findings
        if wanted(one)
    ]


def texts(of: Locator) -> list[str]:
    return of.all_text_contents()


def as_json(report: Report) -> dict[str, Any]:
    sink = io.StringIO()
    json_report.render(report, sink)
    made: dict[str, Any] = json.loads(sink.getvalue())
    return made


def test_it_says_what_the_json_report_says(opened: Opened, report: Report) -> None:
    page, told = opened(report), as_json(report)
    for file in page.locator(".file").all():
        path = file.locator("h3").text_content()
        for node in file.locator("article").all():
            one = told["findings"].pop(0)
            assert path == one["path"]
            assert node.locator(".place").text_content() == f"{one['line']}:{one['column']}"
            for key in ("rule", "severity", "applicability"):
                assert node.get_attribute(f"data-{key}") == one[key]
            assert node.locator(".rule").text_content() == one["rule"]
            label = "advice" if one["severity"] == "advice" else one["applicability"]
            assert node.locator(".label").text_content() == label
            assert node.locator("h4").text_content() == one["message"].replace("`", "")
            assert texts(node.locator(".evidence li")) == [
                f"because {reason}".replace("`", "") for reason in one["evidence"]
            ]
            changed = node.locator("del, ins").count() > 0
            assert changed == bool(one["edits"]) != (node.locator(".decide").count() == 1)
    assert told["findings"] == []
    for node, item in zip(page.locator(".sections li").all(), told["checklist"], strict=True):
        assert node.get_attribute("class") == item["state"]
        assert node.locator("h4").text_content() == item["title"].replace("`", "")
        evidence, *todo = texts(node.locator("p"))
        assert evidence.endswith(f" · {item['evidence']}".replace("`", ""))
        assert todo == [f"Next: {item['next']}".replace("`", "")] * bool(item["next"])
    done = sum(item["state"] == "done" for item in told["checklist"])
    assert page.get_by_role("img", name=f"{done} of {len(told['checklist'])} done").count() == 1
    (refused,) = told["not_analysed"]
    row = texts(page.locator(".refused li > *"))
    assert row == [refused["path"], refused["reason"].replace("`", ""), "@dan"]
    levels = told["summary"]["findings"]
    assert f"{levels['safe']} safe" in (page.locator(".amounts title").text_content() or "")


def test_before_and_after(opened: Opened, report: Report) -> None:
    page = opened(report)
    code = page.locator("article", has_text="async_stream is now stream").locator(".code")
    rows = code.last.locator("> *")
    assert texts(rows) == [
        "steps:",
        "- {type: llm, async_stream: true}",
        "- {type: llm, stream: true}",
        "- {type: llm}",
        "",
    ]
    assert [row.evaluate("row => row.localName") for row in rows.all()] == [
        "code", "del", "ins", "code", "code",
    ]  # fmt: skip
    assert texts(code.last.locator("mark")) == ["async_stream", "stream"]
    numbers = [row.get_attribute("data-n") for row in rows.all()]
    assert numbers == ["1", "2", None, "3", "4"]


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        ({"rule": ["step-keys"]}, lambda one: one.finding.rule == "step-keys"),
        (
            {"rule": ["step-keys", "legacy-call"]},
            lambda one: one.finding.rule in ("step-keys", "legacy-call"),
        ),
        ({"folder": ["src"]}, lambda one: one.finding.path == "src/a.py"),
        ({"folder": ["."]}, lambda one: one.finding.path == "c.yaml"),
        ({"owner": ["@ana"]}, lambda one: one.finding.path == "src/a.py"),
        ({"owner": ["@ana", "@team/b"]}, lambda one: one.finding.path != "c.yaml"),
        ({"owner": ["nobody"]}, lambda one: one.finding.path == "c.yaml"),
        ({"severity": ["error"]}, lambda one: one.finding.severity is Severity.ERROR),
        ({"applicability": ["manual"]}, lambda one: not one.finding.fix),
        (
            {"applicability": ["safe"], "owner": ["@team/b"]},
            lambda one: str(one.finding.applicability) == "safe" and "deep" in one.finding.path,
        ),
        ({"applicability": ["manual"], "rule": ["step-keys"]}, lambda _: False),
    ],
)
def test_filters(
    opened: Opened, report: Report, chosen: dict[str, list[str]], wanted: Callable[[Any], bool]
) -> None:
    page = opened(report)
    everything, some = places(report), places(report, wanted)
    assert visible(page) == everything
    status = page.get_by_role("status")
    assert status.text_content() == f"{len(everything)} findings"
    for name, values in chosen.items():
        for value in values:
            page.locator(f"input[name={name}][value='{value}']").check()
    for _ in range(2):
        expect(status).to_have_text(f"{len(some)} of {len(everything)} findings")
        assert visible(page) == some
        assert page.get_by_text("No finding matches.").is_visible() == (not some)
        # What is chosen is in the address, so a reload shows the same.
        expect(page).to_have_url(CHOSEN)
        page.reload()
    page.get_by_role("button", name="Show all").click()
    expect(status).not_to_contain_text(" of ")
    assert visible(page) == everything
    assert page.evaluate("location.hash") == ""


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("SRC/DEEP", lambda one: one.finding.path == "src/deep/b.yaml"),
        ("legacy-handler", lambda one: one.finding.rule == "legacy-handler"),
        ("a.py  chunk", lambda one: one.finding.rule == "event-shape"),
        ("a comment", lambda one: one.finding.path == "c.yaml"),
        ("nowhere to be found", lambda _: False),
        ("<b>.*", lambda _: False),
    ],
)
def test_search(opened: Opened, report: Report, query: str, wanted: Callable[[Any], bool]) -> None:
    page = opened(report)
    page.get_by_role("searchbox", name="Search the findings").fill(query)
    expect(page.get_by_role("status")).to_contain_text(" of ")
    assert visible(page) == places(report, wanted)


def test_charts_say_their_numbers(opened: Opened, report: Report) -> None:
    page = opened(report)
    for name, key in (("rule", "rule"), ("severity", "severity"), ("applicability",) * 2):
        for choice in page.locator(f".choice:has([name={name}])").all():
            value = choice.locator("input").get_attribute("value")
            count = sum(one[key] == value for one in as_json(report)["findings"])
            told = choice.locator(".number").text_content() or ""
            assert told.startswith(f"{count} findings: ")
            assert sum(int(part) for part in told.split() if part.isdigit()) == 2 * count
            assert choice.locator("svg[aria-hidden=true] rect").count() >= 1


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.localName"))


def test_keys(opened: Opened) -> None:
    page = opened(many(6))
    for keys, place in [
        ("j", "f1"), ("j", "f2"), ("k", "f1"), ("k", "f1"), ("ArrowDown", "f2"), ("j", "f3"),
        ("ArrowUp", "f2"), ("/", "query"), ("j", "query"), ("Escape", "query"),
        ("Escape", "body"), ("j", "f3"), ("j", "f4"), ("j", "f5"), ("j", "f6"), ("j", "f6"),
        ("/", "query"), ("ArrowDown", "f1"), ("/", "query"), ("Enter", "f1"),
        ("Control+j", "f1"),
    ]:  # fmt: skip
        page.keyboard.press(keys)
        assert (keys, focused(page)) == (keys, place)
    assert page.locator("#query").input_value() == ""
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"


FASTER_THAN_A_FRAME = """() => {
    const press = (key) => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true }));
    for (const key of ["Escape", "Escape", "j"]) press(key);
    return document.activeElement.id;
}"""


def test_a_key_finds_what_the_one_before_it_brought_back(opened: Opened) -> None:
    page = opened(many(2))
    page.locator("#query").fill("nothing has this")
    expect(page.get_by_role("status")).to_have_text("0 of 2 findings")
    assert page.evaluate(FASTER_THAN_A_FRAME) == "f1"


def test_keys_go_where_the_filters_let_them(opened: Opened) -> None:
    page = opened(many(6))
    page.locator("[name=severity][value=advice]").check()
    expect(page.get_by_role("status")).to_contain_text(" of ")
    page.evaluate("document.activeElement.blur()")
    for key, place in [("j", "f2"), ("j", "f4"), ("j", "f6"), ("j", "f6"), ("k", "f4")]:
        page.keyboard.press(key)
        assert focused(page) == place


def test_keys_can_be_switched_off(opened: Opened) -> None:
    page = opened(many(2))
    page.get_by_label("Keys").uncheck()
    page.evaluate("document.activeElement.blur()")
    for key in ("j", "/", "k"):
        page.keyboard.press(key)
        assert focused(page) == "body"


def test_what_is_gone_to_is_not_under_the_head_of_its_file(opened: Opened) -> None:
    page = opened(many(30))
    for key in "j" * 20 + "k" * 15:
        page.keyboard.press(key)
    top = page.evaluate("document.activeElement.getBoundingClientRect().top")
    head = "document.activeElement.closest('.file').querySelector('.head')"
    assert top >= page.evaluate(f"{head}.getBoundingClientRect().bottom") - 1


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize(("scheme", "color"), [("light", LIGHT), ("dark", DARK)])
def test_light_and_dark(opened: Opened, scheme: str, color: str) -> None:
    page = opened(many(2), color_scheme=scheme)
    assert background(page) == color
    for name, wanted in (("Dark", DARK), ("Light", LIGHT), ("System", color)):
        page.locator("label", has_text=name).click()
        assert background(page) == wanted
    page.locator("label", has_text="Dark").click()
    expect(page).to_have_url(CHOSEN)
    page.reload()
    assert background(page) == DARK


def hostile_report() -> Report:
    items = [ChecklistItem(text, text, text, State.OPEN, 1, text) for text in hostile.TEXTS]
    made = hostile.everything()
    owners = {one.finding.path: (one.finding.path,) for one in made.findings}
    return replace(made, checklist=tuple(items), owners=owners)


def test_nothing_hostile_is_an_element_or_acts(opened: Opened) -> None:
    """The fixture sees to it that nothing pops up, fails or is asked for."""
    page = opened(hostile_report())
    assert page.locator("script").count() == page.locator("style").count() == 1
    assert page.locator("img, base, iframe, link, object, embed, textarea").count() == 0
    attributes = page.evaluate(
        """Array.from(document.querySelectorAll("*"))
            .flatMap(node => Array.from(node.attributes, one => one.name))
            .filter(name => name.startsWith("on") || name === "style" || name === "src")"""
    )
    assert attributes == []
    assert page.evaluate("Array.from(document.links).every(a => a.protocol === 'file:')")
    paths = texts(page.locator("h3 .path"))
    assert paths == [*map(shown, hostile.TEXTS), "a.py"]
    # Every character is one that is seen, and moves nothing.
    body = page.evaluate("document.body.textContent")
    assert shown(body.replace("\n", "")) == body.replace("\n", "")
    for choice in page.locator("[name=folder], [name=owner]").all():
        assert not choice.is_checked()


def test_hostile_names_can_be_filtered_by(opened: Opened) -> None:
    name = "</script>\u202e\udcff\" onerror='x'"
    made = hostile.report([hostile.finding(path=f"{name}/a.py"), hostile.finding(path="b/c.py")])
    page = opened(made)
    page.locator("[name=folder]").first.check()
    expect(page.get_by_role("status")).to_contain_text("1 of 2")
    assert len(visible(page)) == 1


@pytest.mark.parametrize(
    "attempt",
    [
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.acted=1\">')",
        "document.body.append(Object.assign(document.createElement('script'), {text: 'acted=1'}))",
        "fetch('https://forged.invalid').then(() => (window.acted = 1)).catch(() => 0)",
        "import('data:text/javascript,window.acted=1').catch(() => 0)",
    ],
)
def test_the_policy_would_stop_what_got_in(
    opened: Opened, browser: Browser, tmp_path: Path, attempt: str
) -> None:
    opened(many(1))
    page = browser.new_page()
    asked: list[str] = []
    page.goto((tmp_path / "report.html").as_uri())
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """() => addEventListener("securitypolicyviolation", () =>
            document.body.classList.add("refused"))"""
    )
    page.evaluate(f"() => {{ {attempt} }}")
    expect(page.locator("body.refused")).to_be_attached()
    assert not page.evaluate("'acted' in window")
    assert [url for url in asked if url.startswith("http")] == []
    page.close()


def test_five_thousand_findings(opened: Opened) -> None:
    page = opened(many(5_000))
    status = page.get_by_role("status")
    assert status.text_content() == "5000 findings"
    page.locator("#query").press_sequentially("message 4999")
    expect(page.get_by_role("status")).to_contain_text("1 of ")
    assert visible(page) == ["src/5/124.py:40:1 legacy-call"]
    page.locator("#query").fill("")
    page.locator("[name=severity][value=advice]").check()
    expect(page.get_by_role("status")).to_contain_text("2500 of ")
    # Only what is near the window is laid out.
    drawn = "one => one.checkVisibility({contentVisibilityAuto: true})"
    inside = page.eval_on_selector_all("article .code", f"all => all.filter({drawn}).length")
    assert 0 < inside < 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("kind", ["usual", "hostile", "clean"])
def test_nothing_stands_in_the_way_of_anyone(
    opened: Opened, report: Report, scheme: str, width: int, kind: str
) -> None:
    made = {"usual": report, "hostile": hostile_report(), "clean": hostile.report()}[kind]
    page = opened(made, color_scheme=scheme, viewport={"width": width, "height": 900})
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_landmarks_and_headings(opened: Opened, report: Report) -> None:
    page = opened(report)
    for role in ("banner", "main", "search", "contentinfo", "status"):
        assert page.get_by_role(role).count() == 1
    for name in ("Checklist", "Not analysed", "Findings", "Rules"):
        assert page.get_by_role("region", name=name).count() == 1
        assert page.get_by_role("heading", name=name, level=2, exact=True).count() == 1
    message = page.locator("article[id=f1] h4").text_content()
    assert page.get_by_role("article", name=message, exact=True).count() >= 1


def test_printed(opened: Opened, report: Report) -> None:
    page = opened(report, color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("#query").is_visible()
    assert not page.get_by_role("radio").first.is_visible()
    assert page.locator(".choice .bar").first.is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    undrawn = "one => !one.checkVisibility({contentVisibilityAuto: true})"
    assert page.eval_on_selector_all(".code", f"all => all.filter({undrawn}).length") == 0


def test_without_script_it_can_be_read(opened: Opened, report: Report) -> None:
    page = opened(report, java_script_enabled=False)
    assert page.locator(".file article").count() == len(report.findings)
    assert page.locator(".file article").last.is_visible()
    assert page.locator(".choice .bar").first.is_visible()
    assert not page.locator("#query").is_visible()


def test_a_clean_tree(opened: Opened) -> None:
    page = opened(hostile.report())
    assert page.get_by_role("heading", level=1).text_content() == "Nothing is left to migrate"
    assert page.get_by_role("search").count() == 0
