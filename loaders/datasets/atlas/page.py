"""A project page as numbered lines, and what becomes of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from loaders.datasets.atlas.markup import CELL, is_html, reduce_html
from loaders.sources.issue_log import Fate, IssueLog
from loaders.sources.masking import EMAIL, mask

PLACEHOLDER = re.compile(
    r"\?{3}[^?\s]+\?{3}|(?<![\w@])(?:pagination\.page|commun\.ico|menu\.atlas)\.[\w.]*\w"
)
"""The text that the site shows where one of its interface is missing."""

_PERSON = re.compile(r"\b(?:M\.|MM\.|Mme|Mlle|Monsieur|Madame|Dr|Contacts?\s*:)\s*[A-ZÀ-Þ]")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_MARKED_TABLE = re.compile(r"^\s*\|[\s:]*-{2,}", re.MULTILINE)


def names_person(text: str) -> bool:
    """True where a text names a person with a title."""
    return bool(_PERSON.search(text))


def is_personal(text: str) -> bool:
    """True where a text holds an e-mail address, a telephone number or a person with a title."""
    return mask(text) != text or names_person(text)


@dataclass(frozen=True)
class AtlasLine:
    """One line of a page, its blanks folded and its placeholders taken out.

    `cells` are those of a table's row where column marks stand, empty ones included.
    """

    number: int
    text: str
    cells: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The text without its column marks."""
        return " ".join(filter(None, self.cells)) if self.cells else self.text


@dataclass
class AtlasPage:
    """The lines of a page that are not blank, in order, and the fate of each.

    `addresses` are those that a saved HTML page gives as its own.
    """

    lines: list[AtlasLine]
    addresses: tuple[str, ...] = ()
    fates: dict[int, Fate] = field(default_factory=dict)

    def mark(self, fate: Fate, *lines: AtlasLine) -> None:
        """Say what becomes of lines; what was said first stands."""
        for line in lines:
            self.fates.setdefault(line.number, fate)

    def open(self, lines: Iterable[AtlasLine]) -> list[AtlasLine]:
        """The lines, of those given, that are not yet read, refused or left out."""
        return [line for line in lines if line.number not in self.fates]

    def account(self, issues: IssueLog) -> None:
        """Tell the issue log the fate of every line; what nobody understood is told in a note."""
        for line in self.open(self.lines):
            if names_person(line.text) or EMAIL.search(line.text):
                self.mark("contact", line)
                issues.left_out("personal contact")
                continue
            self.mark("unknown", line)
            issues.warn(
                "line",
                line.text,
                "this line is not understood: nothing of it is published",
                line=line.number,
            )
        for fate in self.fates.values():
            issues.line(fate)


def read_page(text: str) -> AtlasPage:
    """The page of a text, or of HTML reduced to the same lines."""
    addresses: tuple[str, ...] = ()
    if is_html(text):
        text, addresses = reduce_html(text)
    marked = bool(_MARKED_TABLE.search(text))
    lines = [
        _line(number, raw, marked)
        for number, raw in enumerate(text.split("\n"), start=1)
        if raw.strip()
    ]
    page = AtlasPage(lines, addresses)
    page.mark("noise", *(line for line in lines if not line.text))
    return page


def _line(number: int, raw: str, marked: bool) -> AtlasLine:
    text = PLACEHOLDER.sub("", raw.translate(_INVISIBLE))
    separator = CELL if CELL in text else "|"
    if separator not in text:
        return AtlasLine(number, " ".join(text.split()))
    cells = tuple(" ".join(cell.split()) for cell in text.split(separator))
    if separator == "|":
        # The last mark closes the row; where tables open their rows with one, so does the first.
        cells = cells[: len(cells) - (not cells[-1])]
        cells = cells[marked and not cells[0] :]
        return AtlasLine(number, " ".join(text.split()), cells)
    return AtlasLine(number, " ".join(filter(None, cells)), cells)
