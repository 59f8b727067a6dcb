"""The findings by file, each with the change and the evidence, and the rules behind them."""

from __future__ import annotations

from itertools import count, groupby
from typing import TYPE_CHECKING

from migrator.reports.html.changes import COME, GONE, HERE, Row, rows
from migrator.reports.html.elements import Markup, element, sentence, together
from migrator.reports.html.search import state
from migrator.reports.wording import counted, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.model import Located, Report, RuleInfo
    from migrator.reports.html.places import Places

_ELEMENTS = {GONE: "del", COME: "ins"}
_NO_EDIT = "No edit can be derived: a person has to decide."


def findings(report: Report, places: Places) -> Markup:
    """A section for each file, in the order of the report."""
    numbers = _numbers(report)
    ids = count(1)
    sections = (
        _file(path, list(group), report, places, numbers, ids)
        for path, group in groupby(report.findings, key=lambda one: one.finding.path)
    )
    return element(
        "div",
        together(sections, Markup("\n")),
        element("p", "No finding matches.", id="none", hidden=True),
        class_="findings",
    )


def _numbers(report: Report) -> dict[str, int]:
    return {rule.id: number for number, rule in enumerate(report.rules, 1)}


def _file(
    path: str,
    found: list[Located],
    report: Report,
    places: Places,
    numbers: dict[str, int],
    ids: Iterator[int],
) -> Markup:
    owners = places.owners(path) if report.owners else ()
    return element(
        "section",
        element(
            "div",
            element("h3", element("code", path, class_="path")),
            element("span", " ".join(owners), class_="owners") if owners else Markup(),
            element("span", counted(len(found), "finding"), class_="number"),
            class_="head",
        ),
        *(_finding(one, next(ids), numbers) for one in found),
        class_="file",
        data_folder=places.folder(path),
        data_owner=" ".join(owners),
    )


def _finding(one: Located, number: int, numbers: dict[str, int]) -> Markup:
    finding = one.finding
    name, title = f"f{number}", f"t{number}"
    evidence = [element("li", sentence(f"because {reason}")) for reason in finding.evidence]
    return together(
        (
            Markup("\n"),
            element(
                "article",
                element("h4", sentence(finding.message), id=title),
                element(
                    "p",
                    element("span", label(finding), class_=f"label {label(finding)}"),
                    element(
                        "a",
                        f"{one.start.line}:{one.start.column}",
                        href=f"#{name}",
                        class_="place",
                        aria_label=f"line {one.start.line}, column {one.start.column}",
                    ),
                    element("a", finding.rule, href=f"#r{numbers[finding.rule]}", class_="rule"),
                    class_="facts",
                ),
                _code(one),
                element("ul", *evidence, class_="evidence") if evidence else Markup(),
                Markup() if finding.fix else element("p", _NO_EDIT, class_="decide"),
                id=name,
                tabindex="-1",
                aria_labelledby=title,
                data_rule=finding.rule,
                data_severity=str(finding.severity),
                data_applicability=str(finding.applicability),
                data_baseline=state(one),
            ),
        )
    )


def _code(one: Located) -> Markup:
    written = (together(map(_row, excerpt)) for excerpt in rows(one))
    gap = element("span", "⋯", class_="gap", aria_hidden="true")
    return element("div", together(written, gap), class_="code")


def _row(row: Row) -> Markup:
    parts = (element("mark", part.text) if part.marked else part.text for part in row.parts)
    return together(
        (
            Markup("\n"),
            element(
                _ELEMENTS.get(row.kind, "code"),
                *parts,
                data_n=False if row.line is None else str(row.line),
                class_="here" if row.kind == HERE else False,
            ),
        )
    )


def rules(report: Report) -> Markup:
    """The manual pages of the rules that found something."""
    found = {one.finding.rule for one in report.findings}
    numbers = _numbers(report)
    pages = (_page(rule, numbers[rule.id]) for rule in report.rules if rule.id in found)
    return element(
        "section",
        element("h2", "Rules", id="rules"),
        *pages,
        class_="rules",
        aria_labelledby="rules",
    )


def _page(rule: RuleInfo, number: int) -> Markup:
    rest = rule.manual.removeprefix(rule.summary).lstrip(".\n ")
    return element(
        "article",
        element("h3", element("code", rule.id), id=f"r{number}", tabindex="-1"),
        element("p", sentence(f"{rule.summary}."), class_="summary"),
        *_paragraphs(rest),
    )


def _paragraphs(text: str) -> Iterable[Markup]:
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("    "):
            yield element("pre", element("code", *_lines(paragraph)))
        elif paragraph.strip():
            yield element("p", sentence(" ".join(paragraph.split())))


def _lines(paragraph: str) -> Iterable[Markup | str]:
    for line in paragraph.split("\n"):
        yield line.removeprefix("    ")
        yield Markup("\n")
