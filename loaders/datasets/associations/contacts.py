"""The ways to reach an association, from its own contact block; a person's details are left out."""

from __future__ import annotations

import re
from typing import Literal

from loaders.datasets.associations.address import BOX
from loaders.datasets.associations.details import WEB, Contacts, Told
from loaders.datasets.associations.fields import CONTACT_WORDS, Field, field_of, labelled
from loaders.datasets.associations.labels import (
    begins_with_person,
    is_addressed_to_person,
    is_contact,
    is_like_a_person_s_name,
    is_prose,
    labelled_values,
    names_person,
    opens_block,
    opens_section,
)
from loaders.datasets.associations.naming import Naming
from loaders.datasets.associations.page import AssociationPage, PageLine
from loaders.datasets.associations.territories import country_named
from loaders.sources.issue_log import IssueLog
from loaders.sources.masking import EMAIL

_ANNOUNCES = re.compile(r"\b(?:contact\w*|joindre|reach|écri\w+|write to|webm\w+)\b", re.I)
_BESIDE = re.compile(
    r"(?P<label>[^\d:]{3,40}?)\s(?P<value>(?:https?://|www\.)?\S+\.[a-z]{2,6}(?:/\S*)?"
    r"|[A-ZÀ-Ý][\w'’-]+(?:\s[A-ZÀ-Ý][\w'’-]+)+(?:\s\(.*)?)"
)
"""A label and its value where a layout has lost what parted them: a site, a person's name."""


def read_contacts(page: AssociationPage, naming: Naming, issues: IssueLog) -> Contacts:
    """The contact details in the association's own block.

    The block follows the title, or a heading such as `Contact`, or begins with an address. A line
    that names a person makes the contact details after it that person's.
    """
    reader = _Reader(page, naming, issues)
    for line in page.lines:
        if not naming.title or line.place > naming.title.place:
            if line.place in page.fates:
                reader.pass_over(line)
            else:
                reader.read(line)
    reader.close()
    return reader.contacts


class _Reader:
    """Walks the lines after the title, and knows whose contact details the next ones are."""

    def __init__(self, page: AssociationPage, naming: Naming, issues: IssueLog) -> None:
        self.page, self.naming, self.issues = page, naming, issues
        self.contacts = Contacts()
        self.place: Literal["head", "block", "text"] = "head"
        self.own = True
        self.waiting: Field | None = None  # a label whose value stands on the next line
        self.last: Field | None = None  # the label whose value the line before was
        self.labelled = False  # whether a label has followed the heading of the block
        self.personal = False  # whether the line before was a label such as `President`
        self.told = False  # whether a fact of the page stood before
        self.unlabelled: list[PageLine] = []  # lines of the head that may be its address

    def pass_over(self, line: PageLine) -> None:
        """Know that a line is read already: what follows a fact of the page is no address."""
        self.waiting = self.last = None
        if labelled(line.text) or is_prose(line):
            self.told = True
        if is_prose(line):
            self._text(line)

    def read(self, line: PageLine) -> None:
        """Take one line, or leave it for others."""
        before, values = labelled_values(line)
        if other := labelled(line.text):
            if other[0] == "person":
                self.own, self.waiting, self.last = False, None, None
                self._leave_out(line)
                return
            if other[0] not in CONTACT_WORDS:
                self.waiting = self.last = None
                self.told = True
                return  # a fact of the association itself, on a line of its own
        of_block = values and (
            (not before and len(line.text) < 200)
            or (BOX.search(before) and not line.text.endswith("."))
        )
        last, self.last = self.last, None
        alone = field_of(line.text) if not values else None
        if self.personal or alone == "person":
            self.personal = alone == "person"
            self.own, self.waiting, self.told = False, None, True
            self._leave_out(line)
            return
        if alone and alone not in CONTACT_WORDS:
            self.waiting, self.told = None, True
            return  # a label whose value is missing
        beside = _BESIDE.fullmatch(line.text) if not values else None
        if beside and (named := field_of(beside["label"])) in ("web", "person"):
            if named == "web":
                self._labelled(line, "", [(named, beside["value"])])
            else:
                self.own = False
                self._leave_out(line)
            return
        unmarked = not (values or line.heading or opens_block(line) or opens_section(line))
        if unmarked and is_like_a_person_s_name(line.text):
            self.own = False  # what follows it may be this person's; the line is told
            return
        if not values and opens_block(line):
            self.place, self.own, self.waiting, self.labelled = "block", True, None, False
            self.told = False
            self.page.mark(line, "taken")
        elif opens_section(line) or (is_prose(line) and not of_block):
            self._text(line)
        elif alone and self.own and not opens_block(line):
            self.waiting = alone
            self.page.mark(line, "taken")
        elif self.place == "text" and self.own and not values and BOX.match(line.text):
            self.place, self.labelled = "block", False
            self._bare(line, last)
        elif values and (of_block or self.place != "text"):
            self._labelled(line, before, values)
        elif self.place != "text":
            self._bare(line, last)

    def _text(self, line: PageLine) -> None:
        """Pass text; what it announces of a person makes the contact details below it theirs."""
        announced = line.text.endswith(":") or _ANNOUNCES.search(line.text) or is_contact(line.text)
        self.own = not (announced or begins_with_person(line.text))
        self.place, self.waiting = "text", None

    def close(self) -> None:
        """Take the unlabelled lines for the address, where the page sets a block apart."""
        if not (self.contacts.found or any(BOX.search(line.text) for line in self.unlabelled)):
            return
        address = []
        for line in self.unlabelled:
            name = self.naming.opening.match(line.text)
            address.append(line.text[name.end() :] if name else line.text)
            self.page.mark(line, "taken")
            self.contacts.found = True
        self.contacts.addresses[:0] = filter(None, address)

    def _labelled(self, line: PageLine, before: str, values: list[tuple[Field, str]]) -> None:
        if self.place == "text" and (values[0][0] == "address" or BOX.search(before)):
            self.own = True  # nobody's private details begin with a postal address
        if [label for label, _ in values] == ["web"] and not before:
            self.page.mark(line, "taken" if self._value(line, *values[0]) else "refused")
            return  # a site is nobody's private detail
        if not self.own or (before and names_person(before) and not BOX.search(before)):
            self._leave_out(line)
            return
        self.contacts.found, self.waiting, self.labelled = True, None, True
        if before:
            self.contacts.addresses.append(before)
        fine = [self._value(line, label, value) for label, value in values]
        self.last = values[-1][0]
        self.page.mark(line, "taken" if all(fine) else "refused")

    def _bare(self, line: PageLine, last: Field | None) -> None:
        if label := self.waiting or (last if self.own and _goes_on(last, line.text) else None):
            self.waiting, self.last = None, label
            self.page.mark(line, "taken" if self._value(line, label, line.text) else "refused")
        elif begins_with_person(line.text) or is_addressed_to_person(line.text):
            self.own = False
            self._leave_out(line)
        elif self.own and WEB.fullmatch(line.text):
            self.page.mark(
                line,
                "taken"
                if self.contacts.take_site(line.text, line.links, self._told(line))
                else "refused",
            )
        elif is_contact(line.text):
            if self.own and EMAIL.fullmatch(line.text):
                self.contacts.found = True
                self.page.mark(
                    line,
                    "taken"
                    if self.contacts.take_emails(line.text, self._told(line))
                    else "refused",
                )
            else:
                self._leave_out(line)
        elif self.own and self.place == "block" and not (self.labelled or self.told):
            self.contacts.addresses.append(line.text)
            self.contacts.found = True
            self.page.mark(line, "taken")
        elif self.own and (BOX.search(line.text) or self._may_be_address(line)):
            self.unlabelled.append(line)

    def _may_be_address(self, line: PageLine) -> bool:
        """True where a line without a mark stands where addresses do: from the title to a label."""
        # The name in another script is none.
        latin = re.match(r"[^A-Za-zÀ-ÿ]*\d|[A-Za-zÀ-ÿ]|\W", line.text)
        sentence = line.text.endswith(".") and len(line.text.split()) > 2
        amid = re.match(r"[a-zà-ÿ]", line.text) or (
            not self.naming.opening.match(line.text)
            and re.search(rf"\b{self.naming.names}", line.text)
        )
        if amid:
            self.told = True  # a sentence that a narrow column has broken
        untold = not (self.contacts.found or self.told) and " :" not in line.text
        return bool(self.naming.title and latin and untold and not sentence)

    def _value(self, line: PageLine, label: Field, value: str) -> bool:
        """Take the value of a label; False, with a note, where nothing of it can be read."""
        if not value and not (label == "web" and line.links):
            self.waiting = label
            return True
        personal = names_person(EMAIL.sub("", value)) if label not in ("address", "web") else False
        if personal or (
            label == "address"
            and (is_addressed_to_person(value) or is_like_a_person_s_name(value.split(",")[0]))
        ):
            self.own = False
            self._leave_out(line)
            return True
        return self.contacts.take(label, value, line.links, self._told(line))

    def _told(self, line: PageLine) -> Told:
        return Told(self.issues, line.number)

    def _leave_out(self, line: PageLine) -> None:
        self.page.mark(line, "contact")
        self.issues.left_out("contact")
        told = "a contact detail, or a person's name: it is left out"
        self.issues.inform("contact", "‹contact›", told, line=line.number)


def _goes_on(label: Field | None, text: str) -> bool:
    """True where a line below the value of a label is, by its form, of that value too."""
    if label in ("telephone", "fax", "both"):
        return bool(re.fullmatch(r"[+(]?\d[\d\s()./-]{6,}", text))
    if label == "address":
        place = BOX.search(text) or re.search(r"\d", text) or country_named(text)
        return bool(place) and not is_contact(text)
    return False
