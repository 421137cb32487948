"""What the text of a profile page says of its association."""

from __future__ import annotations

from dataclasses import dataclass, field

from loaders.datasets.associations.labels import is_contact
from loaders.datasets.associations.members import member_figures
from loaders.datasets.associations.naming import Naming
from loaders.datasets.associations.organs import Organs
from loaders.datasets.associations.page import Line, Page
from loaders.datasets.associations.statements import (
    announces_objectives,
    founding_date,
    legal_basis,
    objectives_after,
    purpose,
)
from loaders.model.records import Figure, Objective
from loaders.model.values import PartialDate, Text
from loaders.sources.dataset import Dataset
from loaders.sources.issue_log import IssueLog

LONGEST_QUOTATION = 300
"""Characters of a reserved text that may be quoted with its source."""


@dataclass
class Profile:
    """The facts of the page's text, filled in line by line."""

    organs: Organs
    founding_date: PartialDate | None = None
    purpose: Text | None = None
    legal_basis: Text | None = None
    objectives: list[Objective] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def says_enough(self, contacts: bool, named: bool) -> bool:
        """Whether this is a profile: it says two things that one says, or opens with contacts.

        One thing alone stands in any news, contacts without a name on any page.
        """
        said = (
            self.founding_date, self.objectives, self.figures, self.organs.stated, self.legal_basis,
        )  # fmt: skip
        return sum(map(bool, said)) + contacts + (contacts and named) > 1


def read_profile(
    page: Page, naming: Naming, issued: PartialDate | None, dataset: Dataset, issues: IssueLog
) -> Profile:
    """The facts that the lines still open state; each of these lines is then taken."""
    reader = _Reader(page, naming, issued, dataset, issues)
    for line in page.open_lines():
        if line.number not in page.fates:  # an earlier line may have taken its list
            reader.read(line)
    return reader.profile


@dataclass
class _Reader:
    page: Page
    naming: Naming
    issued: PartialDate | None
    dataset: Dataset
    issues: IssueLog

    def __post_init__(self) -> None:
        self.profile = Profile(Organs(self.page, self.issues))

    def read(self, line: Line) -> None:
        if is_contact(line.text):
            self.issues.left_out("contact")
        self._objectives(line)
        self.profile.organs.read(line)
        if line.item:
            return
        try:
            date = founding_date(line, self.naming)
            figures = member_figures(line, self.naming, self.issued)
        except ValueError as error:
            advice = f"nothing that this line dates is published: {error}"
            self.issues.refuse("date", line.text, advice, line=line.number)
            self.page.mark(line, "refused")
            return
        if date:
            self._keep_founding(line, date)
        if figures:
            self.profile.figures += [each for each in figures if each not in self.profile.figures]
            self.page.mark(line, "taken")
        if (text := purpose(line)) and self.profile.purpose is None and self._may_stand(text):
            self.profile.purpose = Text(text, self.dataset.language)
            self.page.mark(line, "taken")
        law = legal_basis(line)
        if law and self.profile.legal_basis is None and self._may_stand(law):
            self.profile.legal_basis = Text(law, self.dataset.language)
            self.page.mark(line, "taken")

    def _keep_founding(self, line: Line, date: PartialDate) -> None:
        kept = self.profile.founding_date
        if kept and kept != date:
            advice = f"the page also says {kept.lexical}, which stands first and is kept"
            self.issues.warn("founding date", date.lexical, advice, line=line.number)
        self.profile.founding_date = kept or date
        self.page.mark(line, "taken")

    def _objectives(self, line: Line) -> None:
        stated = objectives_after(self.page, line)
        for position, (stated_on, text) in enumerate(stated, start=1):
            if is_contact(text):
                self.issues.left_out("contact")
                self.page.mark(stated_on, "contact")
            elif self._may_stand(text):
                objective = Objective(text=Text(text, self.dataset.language), position=position)
                self.profile.objectives.append(objective)
                self.page.mark(stated_on, "taken")
            else:
                self.issues.left_out("text")
                self.page.mark(stated_on, "withheld")
        if announces_objectives(line):
            self.page.mark(line, "taken")

    def _may_stand(self, text: str) -> bool:
        fits = self.dataset.publishes_texts or len(text) <= LONGEST_QUOTATION
        return fits and not is_contact(text)
