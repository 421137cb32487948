"""The fields of one page that hold a single value or a text, taken out as they are used."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.datasets.atlas.labels import LabelledSection, folded
from loaders.datasets.atlas.page import AtlasLine, AtlasPage, is_personal
from loaders.datasets.atlas.themes import concept_ref
from loaders.model.values import PartialDate, Ref
from loaders.sources.dataset import Dataset
from loaders.sources.issue_log import IssueLog
from loaders.sources.masking import mask

QUOTATION = 300
"""Characters of a reserved text that may be quoted."""

_DATES = (
    (re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"), "{2}-{1:0>2}-{0:0>2}"),
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), "{0}-{1}-{2}"),
    (re.compile(r"(\d{1,2})/(\d{4})"), "{1}-{0:0>2}"),
    (re.compile(r"(\d{4})"), "{0}"),
)
_YEARS = range(1900, 2100)
_CONTACT_LABEL = re.compile(r"courriel|(?:correspondant|conseiller)e? (?:de )?cooperation.*")


@dataclass
class AtlasReading:
    """One page being read: its fields, the fates of its lines, what the issue log is told."""

    page: AtlasPage
    fields: dict[str, LabelledSection]
    dataset: Dataset
    issues: IssueLog

    def lines(self, name: str) -> list[AtlasLine]:
        """The lines of a field whose fate is open."""
        section = self.fields.get(name)
        return self.page.open(section.lines) if section else []

    def values(self, name: str) -> list[tuple[str, AtlasLine]]:
        """The text beside the label of a field, or else each of its lines, now taken."""
        section = self.fields.get(name)
        if section and section.value:
            return [(section.value, section.label)]
        lines = self.lines(name)
        self.page.mark("taken", *lines)
        return [(line.text, line) for line in lines]

    def value(self, name: str) -> tuple[str, AtlasLine] | None:
        """The first line of a field; those that follow it stay open."""
        section = self.fields.get(name)
        if section and section.value:
            return section.value, section.label
        for line in self.lines(name):
            self.page.mark("taken", line)
            return line.text, line
        return None

    def refuse(self, field: str, line: AtlasLine, advice: str, value: str | None = None) -> None:
        """Note that a line is not published; a label keeps its own fate."""
        self.page.fates[line.number] = "refused"
        self.issues.refuse(field, line.text if value is None else value, advice, line=line.number)

    def title(self) -> str:
        """The title, its lines joined with a blank."""
        return " ".join(text for text, _ in self.values("title"))

    def too_long(self, field: str, text: str, line: AtlasLine) -> bool:
        """True where a value is no name but a text, and is therefore refused."""
        if len(text) > QUOTATION:
            self.refuse(field, line, "this is too long for a name: give the name alone", text)
        return len(text) > QUOTATION

    def date(self, name: str) -> PartialDate | None:
        """The date of a field, at its own precision; an unreadable one is refused."""
        found = self.value(name)
        if found is None:
            return None
        text, line = found
        for form, lexical in _DATES:
            match = form.fullmatch(text)
            try:
                date = PartialDate(lexical.format(*match.groups())) if match else None
            except ValueError:
                date = None
            if date and date.latest and date.latest.year in _YEARS:
                return date
        self.refuse(name, line, "write a year as 2010, or a day as 31/12/2012", text)
        return None

    def year(self, name: str) -> PartialDate | None:
        """The year of a field, also where the page dates it more precisely."""
        date = self.date(name)
        if date and len(date.lexical) > 4:
            line = self.fields[name].label.number
            self.issues.inform(name, date.lexical, "only the year of it is published", line=line)
        return PartialDate(date.lexical[:4]) if date else None

    def concept(self, name: str) -> tuple[Ref | None, str | None]:
        """The concept that a field names, or else its words as stated."""
        found = self.value(name)
        if found is None or self.too_long(name, *found):
            return None, None
        ref = concept_ref(name, found[0])
        if ref is None:
            self._unknown_concept(name, *found)
        return ref, None if ref else found[0]

    def themes(self) -> tuple[tuple[Ref, ...], tuple[str, ...]]:
        """The finest known theme of the page's three levels, and the labels that are unknown."""
        refs: list[Ref] = []
        stated: list[str] = []
        for level in ("theme", "sub_theme", "sub_sub_theme"):
            values = self.values(level)
            whole = " ".join(text for text, _ in values)
            if concept_ref("theme", whole):  # one label, on several lines perhaps
                values = [(whole, values[0][1])]
            known = [ref for text, _ in values if (ref := concept_ref("theme", text))]
            refs = known or refs
            for text, line in values:
                if concept_ref("theme", text) is None and not self.too_long(level, text, line):
                    stated.append(text)
                    self._unknown_concept(level, text, line)
        return tuple(dict.fromkeys(refs)), tuple(dict.fromkeys(stated))

    def _unknown_concept(self, field: str, text: str, line: AtlasLine) -> None:
        self.issues.warn(
            field, text, "no scheme has this label: it is kept as stated", line=line.number
        )

    def text(self, name: str) -> str | None:
        """A long text, where the dataset publishes its texts; else it is withheld and counted."""
        lines = self.lines(name)
        if not lines:
            return None
        if not self.dataset.publishes_texts:
            self._withhold(lines)
            return None
        self.page.mark("taken", *lines)
        return mask("\n".join(line.text for line in lines))

    def quotation(self, name: str) -> str | None:
        """A text of at most QUOTATION characters without contact details; else as `text`.

        A label that stands twice leaves open which text is the field's: it is then not quoted.
        """
        lines = self.lines(name)
        words = " ".join(line.text for line in lines)
        if not lines or len(words) > QUOTATION or is_personal(words):
            return self.text(name)
        if self.fields[name].repeated:
            self.issues.warn(
                name,
                self.fields[name].label.text,
                "this label stands twice: neither is quoted",
                line=self.fields[name].label.number,
            )
            self._withhold(lines)
            return None
        self.page.mark("taken", *lines)
        return words

    def _withhold(self, lines: list[AtlasLine]) -> None:
        """Leave a text out, and count it."""
        self.page.mark("withheld", *lines)
        self.issues.left_out("text")

    def post(self) -> str | None:
        """The name of the diplomatic post; the persons named below it are left out."""
        section = self.fields.get("post")
        if section is None:
            return None
        name = re.sub(r"^.*?diplomatique\s*:?", "", section.label.text, flags=re.IGNORECASE)
        if not name.strip():
            first = next(iter(self.lines("post")), None)
            if first and re.match(r"\W*(?:ambassade|consulat)", folded(first.text)):
                self.page.mark("taken", first)
                name = first.text
        self.contacts(self.lines("post"))
        return name.strip(" \"'«»“”\u00a0") or None

    def contacts(self, lines: list[AtlasLine]) -> None:
        """Leave out what contact lines say, and count it; their labels say nothing."""
        for line in lines:
            plain = folded(line.text)
            if re.match(r"pas de (?:correspondant|conseiller)", plain):
                self.page.mark("noise", line)
            elif _CONTACT_LABEL.fullmatch(plain):
                self.page.mark("taken", line)
            else:
                self.page.mark("contact", line)
                self.issues.left_out("personal contact")
