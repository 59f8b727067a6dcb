"""One page that needs nothing but itself: where a migration stands, and every finding.

Its policy allows the one style and the one script in it, by their hashes, and no request at all.
The script reads what it filters from the elements; there is no data in it.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from migrator import __version__
from migrator.reports.html.elements import Markup, element, raw
from migrator.reports.html.findings import findings, rules
from migrator.reports.html.overview import checklist, lead, not_analysed, suppressed
from migrator.reports.html.places import Places
from migrator.reports.html.search import search
from migrator.reports.wording import summary

if TYPE_CHECKING:
    from typing import TextIO

    from migrator.model import Report

_SKIP = element("a", "Skip to the findings", class_="skip", href="#findings")
_THEMES = {"": "System", "light": "Light", "dark": "Dark"}


def render(report: Report, sink: TextIO) -> None:
    """Write `report` to `sink`."""
    style, script = (
        files(__package__).joinpath(name).read_text("utf-8") for name in ("page.css", "page.js")
    )
    page = element(
        "html",
        _head(report, style, script),
        element(
            "body",
            *((_SKIP,) if report.findings else ()),
            _header(),
            _main(report, Places(report)),
            element("footer", element("p", f"Made by migrate {__version__}.")),
            raw("script", script),
        ),
        lang="en",
    )
    sink.write(f"<!DOCTYPE html>\n{page}\n")


def _head(report: Report, style: str, script: str) -> Markup:
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{summary(report)[0]} · migrate"),
        raw("style", style),
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _header() -> Markup:
    return element(
        "header",
        element("p", "migrate audit", class_="product"),
        element(
            "fieldset",
            element("legend", "Colours", class_="unseen"),
            *(
                element(
                    "label",
                    element(
                        "input",
                        type="radio",
                        name="theme",
                        value=value,
                        form="search",
                        checked=not value,
                    ),
                    element("span", name),
                )
                for value, name in _THEMES.items()
            ),
            class_="themes",
        ),
        class_="top",
    )


def _main(report: Report, places: Places) -> Markup:
    found = element(
        "section",
        element("h2", "Findings", id="findings", tabindex="-1"),
        element("div", search(report, places), findings(report, places), class_="columns"),
        aria_labelledby="findings",
    )
    return element(
        "main",
        lead(report),
        checklist(report),
        not_analysed(report, places),
        suppressed(report),
        *((found, rules(report)) if report.findings else ()),
    )
