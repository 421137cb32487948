"""A profile page as lines: text, Markdown or HTML, reduced to the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString

from loaders.sources.issue_log import Fate

_HTML = re.compile(r"<(?:!doctype|html|body|div|p|h[1-6]|ul|table|span|br)\b", re.IGNORECASE)
_BLOCKS = re.compile(
    "p|div|section|article|header|footer|main|aside|address|table|tr|ul|ol|dl|dt|dd|blockquote|nav"
    "|h[1-6]"
)
_FURNITURE = "\ue000"  # marks a line of the site's navigation on the way from HTML to lines
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^()\s>]*)>?[^()]*\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!@<>~|-])")
_BULLET = re.compile(
    r"(?:[-•–—▪◦·●■►▶➢➤✓✔‣→]\s*|\*\s+|\d{1,2}(?:[.)°-]|°-)\s+"
    r"|(?:[a-zA-Z]|[ivx]{2,4})\)\s+)(?=\S)"
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u00ad\ufeff"))


@dataclass(frozen=True)
class Line:
    """One line of a page, its marks taken off: `item` of a list, `heading`, targets of its links.

    `count` is how many lines of the file it stands on.
    """

    number: int
    text: str
    heading: bool = False
    item: bool = False
    furniture: bool = False
    links: tuple[str, ...] = ()
    count: int = 1

    @property
    def sentences(self) -> list[str]:
        """Its sentences; the point of an abbreviation such as `B.P.` or `M.` ends none."""
        ends = r"(?:(?<=[^\s.]{3}[.!?])|(?<=[A-Z]{2}\.))"
        return re.split(rf"{ends}\s+(?=[^\W\d_a-zà-ÿ]|[«\"“(])", self.text)


@dataclass
class Page:
    """The lines of a page that are not blank, and what became of each."""

    lines: list[Line]
    fates: dict[int, Fate] = field(default_factory=dict)

    def mark(self, line: Line, fate: Fate) -> None:
        """Say what became of a line; one that gave a fact stays `taken`."""
        if self.fates.get(line.number) != "taken":
            self.fates[line.number] = fate

    def open_lines(self) -> list[Line]:
        """The lines whose fate is still open, in the order of the page."""
        return [line for line in self.lines if line.number not in self.fates]

    def after(self, line: Line) -> Iterator[Line]:
        """The lines that follow a line."""
        return (other for other in self.lines if other.number > line.number)


def read_page(text: str) -> Page:
    """The page of a text, in Markdown or not, or of an HTML document."""
    if _HTML.search(text):
        text = _html_lines(text)
    lines: list[Line] = []
    after_blank = True
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _line(number, raw)
        if line.text:
            if lines and not after_blank and _continues(lines[-1], line):
                whole = f"{lines[-1].text} {line.text}"
                links = lines[-1].links + line.links
                lines[-1] = replace(lines[-1], text=whole, links=links, count=lines[-1].count + 1)
            else:
                lines.append(line)
        after_blank = not line.text
    return Page(lines)


def _line(number: int, raw: str) -> Line:
    text = " ".join(raw.translate(_INVISIBLE).split())
    furniture = _FURNITURE in text
    text = text.replace(_FURNITURE, "").strip()
    if re.fullmatch(r"[\s*_=~|.-]*", text):  # a rule, or a mark around nothing
        return Line(number, "")
    heading = re.match(r"#{1,6}\s+", text)
    text = text[heading.end() :] if heading else text
    text = re.sub(r"\*\*|(?<!\w)__|__(?!\w)", "", text).strip()
    bullet = None if heading else _BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    links = tuple(match[2] for match in _LINK.finditer(text))
    text = _LINK.sub(lambda match: match[1], text)
    text = re.sub(r"(?<!\w)\*([^*]+)\*(?!\w)", r"\1", _ESCAPED.sub(r"\1", text))
    text = re.sub(r"<((?:https?|mailto):[^<>\s]+|[^<>\s]+@[^<>\s]+)>", r"\1", text)
    return Line(number, " ".join(text.split()), bool(heading), bool(bullet), furniture, links)


def _continues(before: Line, line: Line) -> bool:
    """Whether a text wrapped at a column goes on: a title, a list item or a long sentence."""
    if (
        line.item
        or line.heading
        or before.furniture
        or not re.match(r"(?!www\.|http|\S+@)[a-zà-ÿ(]", line.text)
    ):
        return False
    if line.text.endswith(")") and re.match(r"(Association|Union|Fédération)\b", before.text):
        return "(" not in before.text
    open_ended = not re.search(r"[.;:!?]$", before.text)
    return open_ended and (before.item or len(before.text) > 60)


def _colon(label: Tag) -> str:
    """What stands between a label and its value, where the page leaves it to its layout."""
    return " " if label.get_text().rstrip().endswith(":") else " : "


def _html_lines(text: str) -> str:
    """The text of an HTML page, its headings, lists and links marked as Markdown marks them."""
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup(["script", "style", "head", "noscript", "template"]):
        tag.decompose()
    for string in list(soup.find_all(string=True)):
        comment = isinstance(string, PreformattedString)  # or a document type, or CDATA
        string.replace_with("" if comment else string.replace("\n", " "))
    for link in soup.find_all("a", href=True):
        words = link.get_text()
        if isinstance(link, Tag) and words.strip():
            link.replace_with(f"[{words}]({str(link['href']).replace(' ', '%20')})")
    for tag in soup.find_all(["nav", "form", "select"]):
        for string in list(tag.find_all(string=True)):
            string.replace_with(f"{_FURNITURE}{string}")
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all("li"):
        tag.insert_before("\n- ")
        tag.insert_after("\n")
    for tag in soup.find_all(lambda tag: bool(_BLOCKS.fullmatch(tag.name))):
        level = re.fullmatch(r"h([1-6])", tag.name)
        # A paragraph within a list item opens no line of its own: its bullet would stand alone.
        inside_item = tag.name in ("p", "div") and tag.parent and tag.parent.name == "li"
        tag.insert_before("" if inside_item else f"\n{'#' * int(level[1])} " if level else "\n")
        tag.insert_after("\n")
    for tag in soup.find_all("dt"):
        tag.append(_colon(tag))
    for tag in soup.find_all(["td", "th"]):
        value = tag.find_next_sibling(["td", "th"])
        labels = isinstance(value, Tag) and (tag.name, value.name) == ("th", "td")
        tag.insert_after(_colon(tag) if labels else " ")
    return soup.get_text()
