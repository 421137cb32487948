"""A page of associations as lines: text, Markdown or HTML, reduced to the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from loaders.datasets.associations.markup import CELL, FURNITURE, html_lines, is_html, source_line
from loaders.datasets.associations.tables import rows_read
from loaders.sources.issue_log import Fate

_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^()\s>]*)>?[^()]*\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!@<>~|-])")
_BULLET = re.compile(
    r"(?:[-•–—▪◦·●■►▶➢➤✓✔‣→]\s*|\*\s+|\d{1,2}(?:[.)°-]|°-)\s+"
    r"|(?:[a-zA-Z]|[ivx]{2,4})\)\s+)(?=\S)"
)
_MARKS = re.compile(
    r"\s*\[(?:edit|modifier|modifier le code|\d{1,3}|note \d+)\]"
    r"|Voir et modifier les données sur Wikidata"
)
"""Marks of an encyclopedia's pages: a footnote, a link to an editor."""
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u2067\u2069\u00ad\ufeff"))
_FRENCH = re.compile(r"\b(?:le|la|les|des|du|une|et|est|en|dans|pour|ses|elle|aux)\b", re.I)
_ENGLISH = re.compile(r"\b(?:the|of|and|is|in|was|its|for|with|by|are|on|to|our)\b", re.I)
_RANKS: tuple[Fate, ...] = ("refused", "unknown", "taken", "withheld", "contact", "noise")
"""Of several fates of one line of the file, the first that stands here is the line's."""


@dataclass(frozen=True)
class PageLine:
    """One line of a page, its marks taken off: level of a `heading`, `item`, targets of links.

    `number` is its line in the file, `place` its own among the lines read: the cells of one row
    are several. `cells` are those of a row of a table that is not read yet; an `entry` opens what
    a row or item of a directory says of one association. `count` is how many lines of the file it
    stands on.
    """

    number: int
    text: str
    heading: int = 0
    item: bool = False
    furniture: bool = False
    links: tuple[str, ...] = ()
    count: int = 1
    place: int = 0
    cells: tuple[str, ...] = ()
    entry: bool = False
    apart: bool = False

    @property
    def sentences(self) -> list[str]:
        """Its sentences; the point of an abbreviation such as `B.P.` or `M.` ends none."""
        ends = r"(?:(?<=[^\s.]{3}[.!?])|(?<=[A-Z]{2}\.)|(?<=[^\s.]{2}\)\.))"
        return re.split(rf"{ends}\s+(?=[^\W\d_a-zà-ÿ]|[«\"“(])", self.text)


@dataclass
class AssociationPage:
    """The lines of a page, or of its part about one association, and what became of each.

    `fates` and `read` (the words of a line that gave a fact) go by the place of the line; the
    parts of a page share them.
    """

    lines: list[PageLine]
    language: str = "fr"
    fates: dict[int, Fate] = field(default_factory=dict)
    read: dict[int, list[str]] = field(default_factory=dict)

    def mark(self, line: PageLine, fate: Fate, words: str | None = None) -> None:
        """Say what became of a line, and which of its words said so (None: all of them).

        A line that gave a fact stays `taken`.
        """
        if self.fates.get(line.place) != "taken":
            self.fates[line.place] = fate
        self.read.setdefault(line.place, []).append(line.text if words is None else words)

    def part(self, lines: Iterable[PageLine]) -> AssociationPage:
        """The page of some of its lines, with the same account."""
        return replace(self, lines=list(lines))

    def open_lines(self) -> list[PageLine]:
        """The lines whose fate is still open, in the order of the page."""
        return [line for line in self.lines if line.place not in self.fates]

    def after(self, line: PageLine) -> Iterator[PageLine]:
        """The lines that follow a line."""
        return (other for other in self.lines if other.place > line.place)

    def account(self) -> Iterator[tuple[Fate, int]]:
        """The fate of each line of the file, and how many lines of it that is."""
        rows: dict[int, list[PageLine]] = {}
        for line in self.lines:
            rows.setdefault(line.number if line.cells else -line.place, []).append(line)
        for row in rows.values():
            fates = {self.fates.get(line.place, "unknown") for line in row}
            yield next(fate for fate in _RANKS if fate in fates), row[0].count


def read_page(text: str) -> AssociationPage:
    """The page of a text, in Markdown or not, or of an HTML document."""
    lines: list[PageLine] = []
    after_blank = True
    for number, raw in enumerate((html_lines(text) if is_html(text) else text).splitlines(), 1):
        line = _line(*source_line(raw, number))
        if line.text:
            line = replace(line, apart=after_blank)
            if lines and not after_blank and _continues(lines[-1], line):
                whole = f"{lines[-1].text} {line.text}"
                links = lines[-1].links + line.links
                lines[-1] = replace(lines[-1], text=whole, links=links, count=lines[-1].count + 1)
            else:
                lines.append(line)
        after_blank = not line.text
    lines = [replace(line, place=place) for place, line in enumerate(rows_read(lines))]
    words = " ".join(line.text for line in lines)
    english = len(_ENGLISH.findall(words)) > len(_FRENCH.findall(words))
    return AssociationPage(lines, "en" if english else "fr")


def _line(number: int, raw: str) -> PageLine:
    text = _MARKS.sub("", raw.strip().translate(_INVISIBLE))
    text = " ".join(text.replace("\t", CELL).split())
    text = text if text.startswith("|") else re.sub(r"(?:\s*\|)+$", "", text)
    furniture = FURNITURE in text
    text = text.replace(FURNITURE, "").strip()
    if re.fullmatch(r"\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?", text):
        return PageLine(number, CELL, cells=("---",))  # the rule below the head of a table
    if re.fullmatch(rf"[\s*_=~|.{CELL}-]*", text):  # a rule, or a mark around nothing
        return PageLine(number, "")
    cells = _cells(text)
    heading = re.match(r"(#{1,6})\s+", text)
    text = text[heading.end() :] if heading else text
    text = re.sub(r"\*\*|(?<!\w)__|__(?!\w)", "", text).strip()
    bullet = None if heading or cells else _BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    links = tuple(match[2] for match in _LINK.finditer(text))
    text = _plain(text.replace(CELL, " "))
    return PageLine(
        number,
        text,
        heading=len(heading[1]) if heading else 0,
        item=bool(bullet),
        furniture=furniture,
        links=links,
        cells=tuple(_plain(cell) for cell in cells),
    )


def _plain(text: str) -> str:
    text = re.sub(r"\*\*|(?<!\w)__|__(?!\w)", "", text)
    text = _LINK.sub(lambda match: match[1], text)
    text = re.sub(r"(?<!\w)\*([^*]+)\*(?!\w)", r"\1", _ESCAPED.sub(r"\1", text))
    text = re.sub(r"<((?:https?|mailto):[^<>\s]+|[^<>\s]+@[^<>\s]+)>", r"\1", text)
    return " ".join(text.split())


def _cells(text: str) -> tuple[str, ...]:
    """The cells of a row of a table: between bars at both ends, or as HTML and tabs part them."""
    if CELL in text:
        return tuple(cell.strip() for cell in text.split(CELL))
    if re.fullmatch(r"\|.+\|", text):
        return tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", text[1:-1]))
    return ()


def _continues(before: PageLine, line: PageLine) -> bool:
    """True where a text wrapped at a column goes on: a title, a list item, a long sentence."""
    if (
        line.item
        or line.heading
        or line.cells
        or before.cells
        or before.furniture
        or not re.match(r"(?!www\.|http|\S+@)[a-zà-ÿ(]", line.text)
    ):
        return False
    if line.text.endswith(")") and re.match(r"(Association|Union|Fédération)\b", before.text):
        return "(" not in before.text
    open_ended = not re.search(r"[.;:!?]$", before.text)
    return open_ended and (before.item or len(before.text) > 45)
