"""HTML reduced to the lines of the same page as text."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString

from loaders.datasets.atlas.labels import is_label
from loaders.sources.masking import EMAIL

CELL = "\x1f"
"""Stands between the cells of a row: the control character made for it, which no page shows."""

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|div|table|main|section|article|meta|h[1-6]|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_UNSEEN = "script, style, head, noscript, template, select, button, [hidden], [aria-hidden=true]"
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS = [
    "address", "article", "aside", "blockquote", "caption", "dd", "div", "dl", "dt", "fieldset",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main",
    "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
]  # fmt: skip
_INLINE = ["a", "b", "em", "font", "i", "label", "span", "strong", "u"]
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")


def is_html(text: str) -> bool:
    """True where a text is an HTML page or a part of one."""
    return bool(_HTML.match(text))


def reduce_html(text: str) -> tuple[str, tuple[str, ...]]:
    """The lines that a reader of the HTML page sees, and the addresses that it gives as its own.

    A row of a table is one line, its cells separated by CELL, unless a cell holds a label of the
    page: such tables are only its layout.
    """
    soup = BeautifulSoup(text, "html.parser")
    addresses = _addresses(soup)
    _drop_unseen(soup)
    for string in soup.find_all(string=True):
        if type(string) is NavigableString and string.find_parent(["pre", "textarea"]) is None:
            string.replace_with(re.sub(r"[\r\n\t\f ]+", " ", string))
    for link in soup.select('a[href^="mailto:"]'):
        if not EMAIL.search(link.get_text()):
            address = str(link["href"]).removeprefix("mailto:").partition("?")[0]
            link.replace_with(f"{link.get_text()} {address}")
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all(_BLOCKS):
        _set_apart(tag)
    for tag in soup.find_all(_INLINE):
        if is_label(tag.get_text()):
            _set_apart(tag)
    for row in soup.find_all("tr"):
        if row.find("tr") is None:
            _reduce_row(row)
    return soup.get_text(), addresses


def _addresses(soup: BeautifulSoup) -> tuple[str, ...]:
    found = [
        str(tag.get(attribute, ""))
        for selector, attribute in (
            ('link[rel~="canonical"]', "href"),
            ('meta[property="og:url"]', "content"),
            ("base", "href"),
        )
        for tag in soup.select(selector)
    ]
    for comment in soup.find_all(string=lambda string: isinstance(string, Comment)):
        found += _SAVED_FROM.findall(str(comment))
    return tuple(filter(None, found))


def _drop_unseen(soup: BeautifulSoup) -> None:
    for tag in soup.select(_UNSEEN):
        tag.decompose()
    for tag in soup.find_all(style=_HIDING):
        tag.decompose()
    for comment in soup.find_all(string=lambda string: isinstance(string, Comment)):
        comment.extract()


def _set_apart(tag: Tag) -> None:
    tag.insert_before("\n")
    tag.insert_after("\n")


def _reduce_row(row: Tag) -> None:
    cells = [cell.get_text() for cell in row.find_all(["td", "th"], recursive=False)]
    if len(cells) > 1 and not any(map(is_label, "\n".join(cells).split("\n"))):
        row.replace_with("\n" + CELL.join(" ".join(cell.split()) for cell in cells) + "\n")
