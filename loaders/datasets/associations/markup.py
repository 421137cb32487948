"""The text of an HTML page, its headings, lists, links and rows marked as text marks them."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

FURNITURE = "\ue000"
"""Marks a line of the site's navigation on the way from HTML to lines."""
CELL = "\ue001"
"""Stands between the cells of a row of a table."""

_LINE = "\ue002"  # the line of the file stands between two of these
_HTML = re.compile(r"<(?:!doctype|html|body|div|p|h[1-6]|ul|table|span|br)\b", re.IGNORECASE)
_BLOCKS = re.compile(
    "p|div|section|article|header|footer|main|aside|address|table|tr|ul|ol|dl|dt|dd|blockquote|nav"
    "|h[1-6]|caption|figure|figcaption|li"
)
_WITHIN_A_CELL = ["table", "tr", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6"]


def is_html(text: str) -> bool:
    """True where a text is marked up as HTML."""
    return bool(_HTML.search(text))


def source_line(raw: str, number: int) -> tuple[int, str]:
    r"""The line of the file that a line of `html_lines` comes from, and its text.

    >>> source_line("\ue0027\ue002BP 12 \ue0028\ue002Lomé", 3), source_line("BP 12", 3)
    ((7, 'BP 12 Lomé'), (3, 'BP 12'))
    """
    found = re.search(rf"{_LINE}(\d+){_LINE}", raw)
    return (int(found[1]) if found else number), re.sub(rf"{_LINE}\d+{_LINE}", "", raw)


def html_lines(text: str) -> str:
    """The text of an HTML page, each piece of it with the line of the file that it stands on."""
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup(["script", "style", "head", "noscript", "template"]):
        tag.decompose()
    for tag in soup.find_all(["nav", "form", "select", "button"]):
        for string in list(tag.find_all(string=True)):
            string.replace_with(f"{FURNITURE}{string}")
    for string in list(soup.find_all(string=True)):
        comment = isinstance(string, PreformattedString)  # or a document type, or CDATA
        string.replace_with("" if comment else _marked(string))
    for link in soup.find_all("a", href=True):
        words = link.get_text()
        if isinstance(link, Tag) and re.sub(rf"{_LINE}\d+{_LINE}", "", words).strip():
            link.replace_with(f"[{words}]({str(link['href']).replace(' ', '%20')})")
    for row in soup.find_all("tr"):
        _join_cells(row)
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all("li"):
        tag.insert_before("\n- ")
    for tag in soup.find_all("dt"):
        tag.append(" " if _bare(tag).endswith(":") else " : ")
        below = tag.find_next_sibling(["dt", "dd"])
        if isinstance(below, Tag) and below.name == "dd":
            tag.insert_before("\n")
            tag.unwrap()
    for tag in soup.find_all(lambda tag: bool(_BLOCKS.fullmatch(tag.name))):
        level = re.fullmatch(r"h([1-6])", tag.name)
        # A paragraph within a list item opens no line of its own: its bullet would stand alone;
        # nor does what a list defines, beside its label.
        first = tag.name in ("p", "div") and tag.parent and tag.parent.name == "li"
        beside = first or tag.name in ("dd", "li")
        tag.insert_before("" if beside else f"\n{'#' * int(level[1])} " if level else "\n")
        tag.insert_after("\n")
    return soup.get_text()


def _marked(string: NavigableString) -> str:
    line = string.parent.sourceline if string.parent else None
    words = re.sub(r"\s+", " ", str(string))
    return f"{_LINE}{line}{_LINE}{words}" if line and words.strip() else words


def _join_cells(row: Tag) -> None:
    """Put the cells of a row on one line; one that holds lists, tables or headings stays apart."""
    cells = row.find_all(["td", "th"], recursive=False)
    if any(cell.find(_WITHIN_A_CELL) for cell in cells):
        return
    for cell in cells:
        for inner in cell.find_all(["br", "p", "div"]):
            if inner.name == "br":
                inner.replace_with(", ")
            elif inner.find_next_sibling(["p", "div"]):
                inner.insert_after(", ")
                inner.unwrap()
            else:
                inner.unwrap()
    for cell in cells[1:] if len(cells) > 1 else []:
        cell.insert_before(CELL)


def _bare(tag: Tag) -> str:
    return re.sub(rf"{_LINE}\d+{_LINE}", "", tag.get_text()).rstrip()
