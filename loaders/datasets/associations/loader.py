"""Reads the profile page of a national association of local authorities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from loaders.datasets.associations.contacts import Contacts, read_contacts
from loaders.datasets.associations.dates import date_line
from loaders.datasets.associations.labels import is_contact, without_names
from loaders.datasets.associations.naming import (
    Naming,
    country_of,
    mark_furniture,
    name_association,
)
from loaders.datasets.associations.page import Page, read_page
from loaders.datasets.associations.profile import Profile, read_profile
from loaders.errors import NotOfThisKind, RecordError
from loaders.model.iris import slug
from loaders.model.records import Association, Document, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

_PARTNERSHIP_PAGE = re.compile(
    r"Contacts dans le poste diplomatique|Thématique d['’]intervention"
    r"|Le (?:partenariat|projet) est\b|Année de (?:première signature|début d[eu])"
    r"|Atlas français de la coopération"
)
_LOCAL = re.compile(
    r"commun|municip|\bmair|\bvilles?\b|collectivités|régions?\b|département|provinc|préfect|cercles"
    r"|\bélus\b|pouvoirs|loca(?:l|ux)|territori|\bcités|mayors|cities",
    re.IGNORECASE,
)
"""What the name of an association of local authorities, or of their elected, speaks of."""

# Ten times the longest paragraph and address that a page was seen to have. Searching e-mail
# addresses in one word of 20,000 letters takes 24 s: it is refused before.
_NO_PROSE = re.compile(r"\S{1000}|.{20000}")
_COMMUNIQUE = re.compile(r"Communiqué(?: de presse)?", re.IGNORECASE)


def records(file: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of a profile page."""
    page = read_page(file.text())
    _refuse_other_kinds(page, file.name)
    mark_furniture(page)
    told = IssueLog(issues.dataset, issues.file)  # of a page of another kind nothing is told
    naming = name_association(page, told)
    issued = _publication_date(page)
    known = naming or Naming("\ue000")  # a page without a name is read to tell what kind it is of
    contacts = read_contacts(page, known, told)
    profile = read_profile(page, known, issued, dataset, told)
    if not profile.says_enough(contacts.found, naming is not None):
        raise NotOfThisKind(f"{file.name} is no profile of an association")
    if naming is None:
        raise RecordError("name", "", "the page names no association: add its title", line=1)
    if not (_LOCAL.search(naming.name) or profile.figures):
        raise NotOfThisKind(f"{file.name} is the profile of another kind of organisation")
    key = slug(naming.acronym or naming.name)
    issues.record = key
    issues.notes += [replace(note, record=key) for note in told.notes]
    issues.counts.update(told.counts)
    texts = _mark_the_rest(page, dataset, issues)
    for line in page.lines:
        issues.line(page.fates[line.number], line.count)
    yield SourceRecord(
        key=key,
        document=Document(
            title=Text(naming.name),
            language=dataset.language,
            issued=issued,
            rights=dataset.rights,
            rights_statement=Text(dataset.rights_statement.fr),
        ),
        entities=(_association(naming, contacts, profile, texts),),
        file=file.name,
        checksum=file.checksum,
    )


def _refuse_other_kinds(page: Page, name: str) -> None:
    if any(_PARTNERSHIP_PAGE.match(line.text) for line in page.lines):
        raise NotOfThisKind(f"{name} is the page of a partnership")
    if any(_NO_PROSE.search(line.text) for line in page.lines):
        raise NotOfThisKind(f"{name} has lines or words too long for a page")
    if page.lines and _COMMUNIQUE.fullmatch(page.lines[0].text):
        raise NotOfThisKind(f"{name} is a press release")


def _publication_date(page: Page) -> PartialDate | None:
    dated = None
    for line in page.open_lines():
        if date := date_line(line.text):
            page.mark(line, "taken" if dated is None else "noise")
            dated = dated or date
    return dated


def _mark_the_rest(page: Page, dataset: Dataset, issues: IssueLog) -> tuple[Text, ...]:
    """Give every line that is left its fate; the texts that may be published."""
    published = []
    for line in page.open_lines():
        if is_contact(line.text):
            page.mark(line, "contact")
        elif not line.item and len(line.text.split()) < 6:
            page.mark(line, "unknown")
            advice = "this line is not understood, and is not published"
            issues.warn("line", without_names(line.text), advice, line=line.number)
        elif dataset.publishes_texts:
            page.mark(line, "taken")
            published.append(line.text)
        else:
            page.mark(line, "withheld")
            issues.left_out("text")
    return (Text("\n".join(published), dataset.language),) if published else ()


def _association(
    naming: Naming, contacts: Contacts, profile: Profile, description: tuple[Text, ...]
) -> Association:
    key = slug(naming.name)
    site = contacts.site()
    address = site.address.full if site and site.address else None
    return Association(
        key=key,
        names=(Text(naming.name),),
        other_names=(Text(naming.acronym),) if naming.acronym else (),
        description=description,
        acronym=naming.acronym,
        kind=Ref("concept/kind/local-government-association"),
        country=country_of(naming, address),
        founding_date=profile.founding_date,
        purpose=profile.purpose,
        legal_basis=profile.legal_basis,
        homepage=Ref(contacts.homepage) if contacts.homepage else None,
        site=site,
        organs=profile.organs.organs(key),
        objectives=tuple(profile.objectives),
        figures=tuple(profile.figures),
    )
