"""What findings are searched and filtered by; each choice is a bar of a chart as well."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrator.reports.html.charts import breakdown, stacked
from migrator.reports.html.elements import Markup, element
from migrator.reports.wording import counted, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.model import Located, Report
    from migrator.reports.html.places import Places

    #: What findings are filed under, each with how many of each label there are.
    Choices = dict[str, Counter[str]]

_SHOWN = 8
_KEYS = (
    ("/", "search"),
    ("j", "next"),
    ("k", "previous"),
    ("Esc", "clear the search"),
)


def search(report: Report, places: Places) -> Markup:
    """The form: a search, choices by what findings have in common, and the keys."""
    facets = [
        _facet(title, name, choices) for title, name, choices in _facets(report, places) if choices
    ]
    return element(
        "form",
        element(
            "div",
            element("label", "Search the findings", for_="query", class_="unseen"),
            element(
                "input",
                id="query",
                type="search",
                name="q",
                placeholder="Search: path, rule, code …",
                autocomplete="off",
                spellcheck="false",
            ),
            element("p", counted(len(report.findings), "finding"), id="count", role="status"),
            element("button", "Show all", type="reset", hidden=True),
            class_="query",
        ),
        element("details", element("summary", "Filters"), *facets, class_="facets", open=True),
        _keys(),
        id="search",
        role="search",
        aria_label="Findings",
    )


def _facets(report: Report, places: Places) -> Iterator[tuple[str, str, Choices]]:
    by_rule, by_severity, by_level, by_folder, by_owner, by_state = (
        dict[str, Counter[str]]() for _ in "123456"
    )
    for one in report.findings:
        finding, path = one.finding, one.finding.path
        filed: Iterable[tuple[Choices, Sequence[str]]] = (
            (by_rule, (finding.rule,)),
            (by_severity, (str(finding.severity),)),
            (by_level, (str(finding.applicability),)),
            (by_folder, (places.folder(path),)),
            (by_owner, places.owners(path) if report.owners else ()),
            (by_state, (state(one),) if report.baseline else ()),
        )
        for choices, names in filed:
            for name in names:
                choices.setdefault(name, Counter())[label(finding)] += 1
    yield "Baseline", "baseline", by_state
    yield "Applicability", "applicability", by_level
    yield "Severity", "severity", by_severity
    yield "Rule", "rule", by_rule
    yield "Folder", "folder", by_folder
    yield "Owner", "owner", by_owner


def state(one: Located) -> str:
    """What a finding is beside a baseline."""
    return "in the baseline" if one.known else "new"


def _facet(title: str, name: str, choices: Choices) -> Markup:
    ranked = sorted(choices.items(), key=lambda choice: (-choice[1].total(), choice[0]))
    most = ranked[0][1].total()
    made = [_choice(name, value, counts, most) for value, counts in ranked]
    more = made[_SHOWN:]
    return element(
        "fieldset",
        element("legend", title),
        *made[:_SHOWN],
        element("details", element("summary", f"{len(more)} more"), *more) if more else Markup(),
    )


def _choice(name: str, value: str, counts: Counter[str], most: int) -> Markup:
    return element(
        "label",
        element("input", type="checkbox", name=name, value=value),
        element("span", value, class_="name"),
        element(
            "span",
            str(counts.total()),
            element("span", f" findings: {breakdown(counts)}", class_="unseen"),
            class_="number",
        ),
        stacked(counts, most),
        class_="choice",
    )


def _keys() -> Markup:
    return element(
        "div",
        element("label", element("input", type="checkbox", name="keys", checked=True), "Keys"),
        element(
            "ul",
            *(element("li", element("kbd", key), " ", does) for key, does in _KEYS),
        ),
        class_="keys",
    )
