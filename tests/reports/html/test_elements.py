"""That text cannot become markup on any way."""

from __future__ import annotations

from html.parser import HTMLParser

import hostile
import pytest

from migrator.reports.escape import shown
from migrator.reports.html.elements import Markup, element, plain, raw, sentence, together


class Reader(HTMLParser):
    """Reads elements with their attributes, and all text between them."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_text_stays_text(text: str) -> None:
    made = element("p", text, element("b", text), together([text], text), title=text, data_x=text)
    read = Reader(made)
    assert read.elements == [("p", {"title": shown(text), "data-x": shown(text)}), ("b", {})]
    assert read.text == shown(text) * 3


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_a_sentence_has_code_and_nothing_else(text: str) -> None:
    read = Reader(sentence(f"`{text}` {text}"))
    assert {name for name, _ in read.elements} <= {"code"}
    assert read.text.replace("`", "") == shown(f"{text} {text}").replace("`", "")


def test_what_is_added_to_markup_is_text_again() -> None:
    made = element("b", "x")
    assert type(made + "<i>") is str
    assert plain(made + "<i>") == "&lt;b&gt;x&lt;/b&gt;&lt;i&gt;"
    assert plain(made) is made


@pytest.mark.parametrize(
    ("made", "markup"),
    [
        (element("p"), "<p></p>"),
        (element("input", type="x", checked=True, hidden=False), '<input type="x" checked>'),
        (element("label", class_="a", for_="b", aria_label="c", name="d"),
         '<label class="a" for="b" aria-label="c" name="d"></label>'),
        (element("rect", x=0.0, width=12.3456789), '<rect x="0" width="12.3457"></rect>'),
        (together(["<", Markup("<br>")], ", "), "&lt;, <br>"),
        (sentence("a `b` c ` d"), "a <code>b</code> c ` d"),
        (raw("style", "a > b"), "<style>a > b</style>"),
    ],
)  # fmt: skip
def test_markup(made: Markup, markup: str) -> None:
    assert made == markup


@pytest.mark.parametrize("text", ["</style>", "<!--"])
def test_a_style_or_script_ends_where_it_ends(text: str) -> None:
    with pytest.raises(ValueError, match="would end its style"):
        raw("style", text)
