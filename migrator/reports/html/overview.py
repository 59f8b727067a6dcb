"""The top of the page: how much is left, the checklist, what was not analysed."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from migrator.model import State
from migrator.reports.html.charts import LABELS, breakdown, ring, stacked
from migrator.reports.html.elements import Markup, element, sentence, together
from migrator.reports.wording import NOT_ANALYSED, because, counted, is_clean, label, summary

if TYPE_CHECKING:
    from migrator.model import ChecklistItem, Report
    from migrator.reports.html.places import Places

_MEANINGS = {
    "safe": "migrate apply makes the change",
    "review": "very likely right; apply --unsafe makes it",
    "manual": "a person has to decide",
    "advice": "recommended, fails nothing",
}
_MARKS = {State.DONE: "✓", State.OPEN: "○", State.MANUAL: "!", State.UNCHECKED: "?"}
_STATES = {
    State.DONE: "done",
    State.OPEN: "open",
    State.MANUAL: "open, by hand",
    State.UNCHECKED: "unchecked",
}


def lead(report: Report) -> Markup:
    """What is left, as a sentence and as a chart."""
    first, rest = summary(report)
    clean = is_clean(report)
    packs = together(
        (sentence(f"{pack.title} (pack {pack.id} {pack.version})") for pack in report.packs), " · "
    )
    return element(
        "section",
        element("h1", first, class_="clean" if clean else False),
        element("p", sentence(rest.strip()), class_="rest"),
        element("p", packs, class_="packs"),
        _figure(report) if report.findings else Markup(),
        class_="lead",
    )


def _figure(report: Report) -> Markup:
    counts = Counter(label(one.finding) for one in report.findings)
    total = len(report.findings)
    told = f"{counted(total, 'finding')}: {breakdown(counts)}"
    legend = (
        element(
            "div",
            element("dt", element("i", class_=f"key {name}", aria_hidden="true"), name),
            element(
                "dd",
                element("b", str(counts[name])),
                element("span", _MEANINGS[name]),
            ),
        )
        for name in LABELS
    )
    return element("figure", stacked(counts, total, told), element("dl", *legend), class_="amounts")


def checklist(report: Report) -> Markup:
    """The guide's checklist, a list for each section of the guide."""
    if not report.checklist:
        return Markup()
    done = sum(item.state is State.DONE for item in report.checklist)
    told = f"{done} of {len(report.checklist)} done"
    sections = (
        element("div", element("h3", sentence(section)), element("ul", *map(_item, items)))
        for section, items in groupby(report.checklist, key=lambda item: item.section)
    )
    return element(
        "section",
        element(
            "div",
            element("h2", "Checklist", id="checklist"),
            ring(done, len(report.checklist), told),
            class_="progress",
        ),
        element("div", *sections, class_="sections"),
        class_="checklist",
        aria_labelledby="checklist",
    )


def _item(item: ChecklistItem) -> Markup:
    return element(
        "li",
        element("span", _MARKS[item.state], class_="mark", aria_hidden="true"),
        element(
            "div",
            element("h4", sentence(item.title)),
            element("p", element("b", _STATES[item.state]), Markup(" · "), sentence(item.evidence)),
            element("p", sentence(f"Next: {item.todo}")) if item.todo else Markup(),
        ),
        class_=str(item.state),
    )


def not_analysed(report: Report, places: Places) -> Markup:
    """The files that hold words of the old API and could not be read or parsed."""
    if not report.not_analysed:
        return Markup()
    rows = (
        element(
            "li",
            element("code", one.path, class_="path"),
            element("span", sentence(one.reason)),
            _owned(one.path, report, places),
        )
        for one in report.not_analysed
    )
    return element(
        "section",
        element("h2", "Not analysed", id=NOT_ANALYSED),
        element(
            "p",
            "These files hold a word of the old API, but could not be read or parsed, so what is "
            "left in them is unknown. Mend them, or exclude them.",
        ),
        element("ul", *rows),
        class_="refused",
        aria_labelledby=NOT_ANALYSED,
    )


def _owned(path: str, report: Report, places: Places) -> Markup:
    owners = places.owners(path) if report.owners else ()
    return element("span", " ".join(owners), class_="owners") if owners else Markup()


def suppressed(report: Report) -> Markup:
    """The findings that comments suppress, with their reasons."""
    if not report.suppressed:
        return Markup()
    rows = (
        element(
            "li",
            element("code", f"{one.located.finding.path}:{one.located.start.line}", class_="path"),
            element("span", element("code", one.located.finding.rule), f": {because(one)}"),
        )
        for one in report.suppressed
    )
    return element(
        "section",
        element("h2", "Suppressed", id="suppressed"),
        element("p", "Comments in these places say that they stay as they are."),
        element("ul", *rows),
        class_="refused",
        aria_labelledby="suppressed",
    )
