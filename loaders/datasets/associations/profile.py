"""The profile of an association, from the labels, items and sentences of its page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from loaders.datasets.associations.fields import Field, field_of, labelled
from loaders.datasets.associations.founding import (
    founded_on,
    founding,
    founding_alone,
    is_topic,
)
from loaders.datasets.associations.labels import is_contact
from loaders.datasets.associations.members import member_figures, members_counted, members_valued
from loaders.datasets.associations.naming import Naming
from loaders.datasets.associations.organs import Organs
from loaders.datasets.associations.page import AssociationPage, PageLine
from loaders.datasets.associations.statements import (
    announces_objectives,
    legal_basis,
    legal_form,
    objectives_after,
    purpose,
    seat,
)
from loaders.datasets.associations.subjects import Sentence, describes, is_ours, sentences
from loaders.datasets.associations.territories import country_named
from loaders.model.records import Figure, Objective
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import Dataset
from loaders.sources.issue_log import IssueLog

Found = TypeVar("Found")

LONGEST_QUOTATION = 300
"""Characters of a reserved text that may be quoted with its source."""


@dataclass
class Profile:
    """The facts of the page's text, filled in line by line."""

    organs: Organs
    language: str
    founding_date: PartialDate | None = None
    purpose: Text | None = None
    legal_basis: Text | None = None
    legal_form: Text | None = None
    seat: str | None = None
    acronym: str | None = None
    country: Ref | None = None
    former: list[str] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def says_enough(self, contacts: bool, named: bool, listed: bool) -> bool:
        """True where the page is a profile: it says two of its things, or opens with contacts.

        One thing alone stands in any news, contacts without a name on any page; in a list of
        associations one thing is enough.
        """
        said = (
            self.founding_date, self.objectives, self.figures, self.organs.stated,
            self.legal_basis, self.seat, self.acronym, self.former,
        )  # fmt: skip
        return sum(map(bool, said)) + contacts + ((contacts or listed) and named) > 1


@dataclass
class ProfileReader:
    """Reads the lines of a page that are still open; those that gave a fact are then taken."""

    page: AssociationPage
    naming: Naming
    issued: PartialDate | None
    dataset: Dataset
    issues: IssueLog
    listed: bool = False

    def __post_init__(self) -> None:
        self._listed: set[int] = set()  # places of lines that are objectives
        self.profile = Profile(Organs(self.page, self.issues), self.page.language)

    def read_labels(self) -> None:
        """Read `Label : value`, on one line or on two, and items that are one fact."""
        lines = self.page.lines
        for line, below in zip(lines, [*lines[1:], None], strict=False):
            if line.place in self.page.fates:
                continue
            if found := labelled(line.text):
                self._labelled(line, found[0], found[1], found[2])
            elif below and (named := field_of(line.text)) and not is_contact(below.text):
                told = below.place in self.page.fates  # its own acronym, say
                if not field_of(below.text) and (
                    told or self._labelled(below, named, line.text.rstrip(" :"), below.text)
                ):
                    self.page.mark(line, "taken")
            elif beside := _label_beside_value(line.text):
                self._labelled(line, *beside)
            elif line.item or line.entry or line.cells or line.count == 0:
                self._alone(line)

    def read_text(self) -> None:
        """Read lists of objectives and of organs, and sentences."""
        told = [
            line for line in self.page.open_lines() if not (line.item or line.entry or line.cells)
        ]
        for line in self.page.open_lines():
            if line.place not in self.page.fates:  # an earlier line may have taken its list
                self._objectives(line)
                self.profile.organs.read(line)
        told = [line for line in told if line.place not in self._listed]
        for sentence in sentences(told, self.naming):
            self._sentence(sentence)

    def _labelled(self, line: PageLine, named: Field, label: str, value: str) -> bool:
        """Take the value of a label that is a fact of the association; False where it is none."""
        language, profile = self.page.language, self.profile
        if named == "founded":
            date = self._dated(line, lambda: founded_on(value, language))
            return date is not None and self._founded(line, date, line.text)
        if named == "members":
            return self._counted(line, lambda: members_valued(label, value, language), label)
        if named == "acronym" and re.fullmatch(r"[A-ZÀ-Ý][\w.&/-]{1,19}", value):
            profile.acronym = profile.acronym or value
        elif named == "country" and (country := country_named(value)):
            profile.country = profile.country or country
        elif named == "former" and len(value) < 160:
            profile.former.append(value)
        elif named == "law" and self._may_stand(value):
            profile.legal_basis = profile.legal_basis or Text(value, language)
        else:
            return False
        self.page.mark(line, "taken")
        return True

    def _alone(self, line: PageLine) -> None:
        text, language = line.text.rstrip(" .;"), self.page.language
        if date := self._dated(line, lambda: founding_alone(text, self.naming, language)):
            self._founded(line, date, line.text)
        elif line.place not in self.page.fates:
            own = not (self.listed and line.cells)
            self._counted(line, lambda: members_counted(text, members=own, language=language))

    def _sentence(self, sentence: Sentence) -> None:
        line, language = sentence.line, self.page.language
        found = self._dated(line, lambda: founding(sentence, self.naming, language))
        if found:
            self._founded(line, *found)
        self._counted(line, lambda: member_figures(sentence, self.naming, self.issued, language))
        aim = purpose(sentence, self.naming)
        if aim and self.profile.purpose is None and self._may_stand(aim):
            self.profile.purpose = Text(aim, language)
            self.page.mark(line, "taken", sentence.text)
        law = legal_basis(sentence.text)
        if law and self.profile.legal_basis is None and self._may_stand(law[0]):
            before = sentence.text[: sentence.text.index(law[1])]
            begins = is_topic(sentence.text, self.naming) or re.match("C['’]est ", sentence.text)
            described = describes(f"{before}association", self.naming)
            if (begins and sentence.topical) or described or is_ours(before, sentence, self.naming):
                self.profile.legal_basis = Text(law[0], language)
                self.page.mark(line, "taken", law[1])
        form = legal_form(sentence.text)
        if form and self.profile.legal_form is None and sentence.topical | bool(law):
            self.profile.legal_form = Text(form, language)
            self.page.mark(line, "taken", form)
        if place := seat(sentence, self.naming):
            self.profile.seat = self.profile.seat or place[0]
            self.page.mark(line, "taken", place[1])

    def _dated(self, line: PageLine, read: Callable[[], Found]) -> Found | None:
        """The reading of a rule; where it has a day that does not exist, the line is refused."""
        try:
            return read()
        except ValueError as error:
            advice = f"nothing that this line dates is published: {error}"
            self.issues.refuse("date", line.text, advice, line=line.number)
            self.page.mark(line, "refused")
            return None

    def _counted(
        self, line: PageLine, read: Callable[[], Iterable[tuple[Figure, str]]], label: str = ""
    ) -> bool:
        found = self._dated(line, lambda: list(read())) or []
        for figure, words in found:
            same = (figure.measure, figure.value, figure.precision, figure.date)
            told = [(f.measure, f.value, f.precision, f.date) for f in self.profile.figures]
            if same not in told:
                self.profile.figures.append(figure)
            self.page.mark(line, "taken", words)
            self.page.mark(line, "taken", label)
        return bool(found)

    def _founded(self, line: PageLine, date: PartialDate, words: str) -> bool:
        kept = self.profile.founding_date
        if kept and kept != date:
            advice = f"the page also says {kept.lexical}, which stands first and is kept"
            self.issues.warn("founding date", date.lexical, advice, line=line.number)
        self.profile.founding_date = kept or date
        self.page.mark(line, "taken", words)
        return True

    def _objectives(self, line: PageLine) -> None:
        stated = list(objectives_after(self.page, line))
        self._listed |= {stated_on.place for stated_on, _ in stated if stated_on != line}
        for position, (stated_on, text) in enumerate(stated, start=1):
            if is_contact(text):
                self.issues.left_out("contact")
                self.page.mark(stated_on, "contact")
            elif self._may_stand(text):
                objective = Objective(text=Text(text, self.page.language), position=position)
                self.profile.objectives.append(objective)
                self.page.mark(stated_on, "taken")
            else:
                self.issues.left_out("text")
                self.page.mark(stated_on, "withheld")
        if announces_objectives(line):
            self.page.mark(line, "taken", line.sentences[-1])

    def _may_stand(self, text: str) -> bool:
        fits = self.dataset.publishes_texts or len(text) <= LONGEST_QUOTATION
        return fits and not is_contact(text)


def _label_beside_value(text: str) -> tuple[Field, str, str] | None:
    """The label and value of "Création 5 mai 1992", where a layout has lost what parted them."""
    words = text.split() if len(text) < 60 and "," not in text else []
    for count in range(min(5, len(words) - 1), 0, -1):
        label, value = " ".join(words[:count]), " ".join(words[count:])
        named = field_of(label)
        dated = named in ("founded", "members") and value[:1].isdigit()
        if named and (dated or (named == "acronym" and value.isupper())):
            return named, label, value
    return None
