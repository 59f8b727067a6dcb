"""What a name, a source line or a message of somebody else's tree may hold, and reports of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.model import (
    Applicability,
    Compared,
    Counts,
    EditBytes,
    Excerpt,
    Finding,
    Fix,
    Located,
    NotAnalysed,
    PackInfo,
    Position,
    Report,
    RuleInfo,
    Severity,
    Span,
    Suppressed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXTS = (
    "::error::forged",
    "\u00a0 ::stop-commands::forged",
    "x ##[add-mask]forged",
    "##vso[task.setvariable variable=a]forged",
    "forged%0A%25::,",
    "a\r\nb\n::warning file=forged::c",
    "a:b,c=d;e",
    "|forged|\n|---|",
    "`forged` ``two`` ```three```",
    "```\n~~~\n# forged",
    "</code></summary></details><script>forged</script>",
    "<img src=//forged.invalid onerror=alert(1)><svg onload=alert(1)>",
    '" onfocus=alert(1) autofocus style=color:red x=\'"',
    "</style></title></textarea><base href=//forged.invalid>",
    "javascript:alert(1)//forged &lt;b&gt; &#x202e;",
    "<!-- forged",
    "]]>&forged;<forged>",
    "@forged #1 https://forged.invalid",
    "handlers[forged](1)",
    "{0} {forged}",
    "forged\x1b[2J\x07\0\x85",
    "\u202eforged\u2066",
    "forged\udcff\udc80",
    "forged\ufffe\uffff",
    "=forged",
    "-forged",
    "\\forged\\",
    "forged\tü🌊",
    " forged ",
)

RULE = RuleInfo("legacy-call", "a-pack", "A use of the old call", "A use of the old call.\n\nHelp.")
OTHER = RuleInfo("step-keys", "a-pack", "A key of a step", "A key of a step.\n\nHelp.")


def finding(
    text: str = "a message",
    *,
    path: str = "a.py",
    rule: str = RULE.id,
    line: int = 1,
    severity: Severity = Severity.ERROR,
    level: Applicability = Applicability.SAFE,
) -> Located:
    """A finding that says `text` wherever a text of somebody else can be said."""
    span = Span(0, len(text))
    start, end = Position(line, 1), Position(line, len(text) + 1)
    fix = Fix(text, (), level) if level is not Applicability.MANUAL else None
    edits = (EditBytes(0, 1, text, start, start),) if fix else ()
    found = Finding(rule, path, span, severity, text, (text,), fix)
    # A source line has no line end, and what was decoded has no lone surrogate.
    source = text.replace("\r", " ").replace("\n", " ").encode("utf-8", "replace").decode()
    return Located(found, start, end, edits, (source,), "1:1", "utf-8", (Excerpt(line, (source,)),))


def report(found: Iterable[Located] = (), refused: Iterable[tuple[str, str]] = ()) -> Report:
    """A report of these findings, and of paths with the reasons why they were not analysed."""
    findings, not_analysed = tuple(found), tuple(NotAnalysed(*one) for one in refused)
    paths = {one.finding.path for one in findings}
    return Report(
        (PackInfo("a-pack", "1.0", "A pack"),),
        findings,
        (),
        not_analysed,
        Counts(len(paths) + len(not_analysed), len(paths), 0, len(paths), len(not_analysed), 0),
        {},
        (RULE, OTHER),
    )


def everything() -> Report:
    """Every text as a name, as a message with source, and as the reason for no analysis."""
    found = [finding(text, path=text) for text in TEXTS]
    found += [finding(text, severity=Severity.ADVICE, level=Applicability.MANUAL) for text in TEXTS]
    return report(found, [(text, text) for text in TEXTS])


def set_aside() -> Report:
    """Every text in what is suppressed, and in what is in a baseline or beside one."""
    made = everything()
    kept = tuple(Suppressed(finding(text, path=text), 1, text) for text in TEXTS)
    known = tuple(one._replace(known=number % 2 == 0) for number, one in enumerate(made.findings))
    refused = tuple(one._replace(known=True) for one in made.not_analysed)
    return replace(
        made,
        findings=known,
        not_analysed=refused,
        suppressed=kept,
        baseline=Compared(TEXTS[0], len(TEXTS), 1, 1),
    )
