"""Charts in plain SVG. Each has a text that says the same, its own or one beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reports.html.elements import Markup, element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: What a finding asks for, in the order in which it is drawn and told.
LABELS = ("safe", "review", "manual", "advice")
_GAP = 0.4


def breakdown(counts: Mapping[str, int]) -> str:
    """The same as a bar of `counts`, in words."""
    return ", ".join(f"{counts[name]} {name}" for name in LABELS if counts.get(name))


def stacked(counts: Mapping[str, int], most: int, told: str = "") -> Markup:
    """A bar with a part for each label, as long as they are of `most`; without `told`, silent."""
    speaks: dict[str, str] = {"role": "img"} if told else {"aria_hidden": "true"}
    return element(
        "svg",
        *((element("title", told),) if told else ()),
        *_parts(counts, most),
        class_="bar",
        viewBox="0 0 100 1",
        preserveAspectRatio="none",
        focusable="false",
        **speaks,
    )


def _parts(counts: Mapping[str, int], most: int) -> Iterator[Markup]:
    at = 0.0
    for name in (name for name in LABELS if counts.get(name)):
        gap = _GAP if at else 0
        width = 100 * counts[name] / most
        yield element("rect", class_=name, x=at + gap, width=max(width - gap, _GAP), height="1")
        at += width


def ring(done: int, total: int, told: str) -> Markup:
    """How much of something is done."""
    share = 100 * done / total
    # A circle of this radius is 100 round.
    circle = {"cx": "20", "cy": "20", "r": "15.915"}
    return element(
        "svg",
        element("title", told),
        element("circle", class_="track", **circle),
        element("circle", class_="done", stroke_dasharray=f"{share:g} {100 - share:g}", **circle)
        if done
        else Markup(),
        element("text", f"{done}/{total}", x="20", y="20"),
        class_="ring",
        viewBox="2.5 2.5 35 35",
        role="img",
    )
