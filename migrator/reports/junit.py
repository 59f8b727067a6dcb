"""JUnit XML: a suite for each pack, a test case for each rule, which fails where errors are left.

The cases are the same in every run, so that a CI server can tell which one came to pass. One more
tells whether every file was analysed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from migrator.model import Severity
from migrator.reports.escape import shown, shown_path
from migrator.reports.wording import NOT_ANALYSED, counted, label, reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from migrator.model import Located, NotAnalysed, Report, RuleInfo

_TOOL = "migrate"


def render(report: Report, sink: TextIO) -> None:
    """Write `report` to `sink`, in ASCII whatever it holds."""
    by_rule: dict[str, list[Located]] = {rule.id: [] for rule in report.rules}
    for one in report.findings:
        by_rule[one.finding.rule].append(one)
    by_pack: dict[str, list[Element]] = {pack.id: [] for pack in report.packs}
    for rule in report.rules:
        by_pack.setdefault(rule.pack, []).append(_case(rule, by_rule[rule.id]))
    by_pack.setdefault(_TOOL, []).append(_analysed(report.newly_refused))
    root = ElementTree.Element("testsuites", name=_TOOL)
    root.extend(_suite(name, cases) for name, cases in by_pack.items())
    _count(root)
    ElementTree.indent(root)
    sink.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    sink.write(ElementTree.tostring(root, encoding="us-ascii").decode("ascii"))
    sink.write("\n")


def _suite(name: str, cases: Iterable[Element]) -> Element:
    suite = ElementTree.Element("testsuite", name=shown(name))
    suite.extend(cases)
    _count(suite)
    return suite


def _count(element: Element) -> None:
    """Say how many test cases there are below, and how they ended."""
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        element.set(name, str(sum(1 for _ in element.iter(tag))))
    element.set("skipped", "0")
    element.set("time", "0")


def _case(rule: RuleInfo, found: Sequence[Located]) -> Element:
    case = ElementTree.Element(
        "testcase", classname=shown(rule.pack), name=shown(rule.id), time="0"
    )
    errors = [one for one in found if one.finding.severity is Severity.ERROR and not one.known]
    rest = [one for one in found if one.finding.severity is Severity.ADVICE or one.known]
    if errors:
        files = counted(len({one.finding.path for one in errors}), "file")
        told = f"{counted(len(errors), 'finding')} in {files}: {shown(rule.summary)}"
        failure = ElementTree.SubElement(case, "failure", message=told, type=shown(rule.id))
        failure.text = _listed(errors)
    if rest:
        ElementTree.SubElement(case, "system-out").text = _listed(rest)
    return case


def _analysed(refused: Sequence[NotAnalysed]) -> Element:
    name = "every file was analysed"
    case = ElementTree.Element("testcase", classname=_TOOL, name=name, time="0")
    if refused:
        told = f"{counted(len(refused), 'file')} not analysed"
        error = ElementTree.SubElement(case, "error", message=told, type=NOT_ANALYSED)
        lines = (f"{shown_path(one.path)}: {shown(one.reason)}\n" for one in refused)
        error.text = "\n" + "".join(lines)
    return case


def _listed(found: Iterable[Located]) -> str:
    lines = [""]
    for one in found:
        place = f"{shown_path(one.finding.path)}:{one.start.line}:{one.start.column}"
        lines.append(f"{place}: [{label(one.finding)}] {shown(one.finding.message)}")
        lines += (f"    {reason}" for reason in reasons(one))
    return "\n".join((*lines, ""))
