"""Reads pages of associations of local authorities: one association to a page, or several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from loaders.datasets.associations.account import account_for_the_rest, tell_every_line
from loaders.datasets.associations.contacts import read_contacts
from loaders.datasets.associations.dates import date_line
from loaders.datasets.associations.details import Contacts
from loaders.datasets.associations.fields import field_of
from loaders.datasets.associations.former import Names, names_through_time
from loaders.datasets.associations.naming import Naming, mark_furniture, with_aliases
from loaders.datasets.associations.page import AssociationPage, read_page
from loaders.datasets.associations.profile import Profile, ProfileReader
from loaders.datasets.associations.sections import PageSection, sections
from loaders.datasets.associations.territories import country_of
from loaders.errors import NotOfThisKind, RecordError
from loaders.model.iris import slug
from loaders.model.records import Address, Association, Document, Seat, SourceRecord
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
    r"commun|municip|\bmair|\bvilles?\b|collectivités|régions?\b|département|provinc|préfect"
    r"|cercles"
    r"|\bélus\b|pouvoirs|loca(?:l|ux)|territori|\bcités|mayors|cit(?:y|ies)\b|towns?\b|count(?:y"
    r"|ies)\b"
    r"|councils?\b|districts?\b|governors|villages|boroughs|regional",
    re.IGNORECASE,
)
"""The words in the name of an association of local authorities, or of their elected."""

# Ten times the longest paragraph and address that a page was seen to have. Searching e-mail
# addresses in one word of 20,000 letters takes 24 s: it is refused before.
_NO_PROSE = re.compile(r"\S{1000}|.{20000}")
_COMMUNIQUE = re.compile(r"Communiqué(?: de presse)?|Press release", re.IGNORECASE)
_NOBODY = Naming("\ue000")  # a page without a name is read to tell what kind it is of


def records(file: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The record of each association that a page is about, in the order of the page."""
    page = read_page(file.text())
    _refuse_other_kinds(page, file.name)
    mark_furniture(page)
    told = IssueLog(issues.dataset, issues.file)  # of a page of another kind nothing is told
    issued = _publication_date(page)
    parts = sections(page, told)
    found = []
    for part in parts:
        own = IssueLog(issues.dataset, issues.file)
        if association := _read(part, issued, dataset, own):
            own_key = slug(association.acronym or association.names[0].value)
            found.append((own_key, association, part))
            issues.notes += [replace(note, record=own_key) for note in own.notes]
            issues.counts.update(own.counts)
    if not found:
        _tell_why(page, parts, file.name, issues)
    key = found[0][0] if len(found) == 1 else None
    issues.record = key
    issues.notes += [replace(note, record=key) for note in told.notes]
    names = {name for _, own, _ in found for name in (own.acronym, own.names[0].value) if name}
    texts = account_for_the_rest(page, names, dataset, issues)
    for fate, count in page.account():
        issues.line(fate, count)
    for own_key, association, part in found:
        if texts and len(found) == 1:
            association = replace(association, description=texts)
        yield SourceRecord(
            key=own_key,
            document=Document(
                title=association.names[0],
                language=page.language,
                issued=issued,
                rights=dataset.rights,
                rights_statement=Text(dataset.rights_statement.fr),
            ),
            entities=(association,),
            file=file.name,
            checksum=file.checksum,
            place=f"line {part.page.lines[0].number}" if len(found) > 1 else None,
        )


def _read(
    part: PageSection, issued: PartialDate | None, dataset: Dataset, issues: IssueLog
) -> Association | None:
    """The association of one part of a page; None where the part says too little of one."""
    named = part.naming is not None
    reader = ProfileReader(part.page, part.naming or _NOBODY, issued, dataset, issues, part.listed)
    reader.read_labels()
    reader.naming = with_aliases(part.page, reader.naming, reader.profile.acronym)
    names = names_through_time(part.page, reader.naming, reader.profile.former)
    reader.naming = names.naming
    contacts = read_contacts(part.page, reader.naming, issues)
    reader.read_text()
    for line, words in names.read:
        part.page.mark(line, "taken", words)
    profile = reader.profile
    if not (named and profile.says_enough(contacts.found, named, part.listed)):
        part.says = profile.says_enough(contacts.found, named, part.listed)
        return None
    told = re.compile(rf"{reader.naming.body}[^.]*{_LOCAL.pattern}", re.IGNORECASE)
    local = _LOCAL.search(names.naming.name) or profile.figures
    if not (local or any(told.match(line.text) for line in part.page.lines)):
        return None
    return _association(names, contacts, profile, part.country)


def _refuse_other_kinds(page: AssociationPage, name: str) -> None:
    if any(_PARTNERSHIP_PAGE.match(line.text) for line in page.lines):
        raise NotOfThisKind(f"{name} is the page of a partnership")
    if any(_NO_PROSE.search(line.text) for line in page.lines):
        raise NotOfThisKind(f"{name} has lines or words too long for a page")
    if page.lines and _COMMUNIQUE.fullmatch(page.lines[0].text):
        raise NotOfThisKind(f"{name} is a press release")


def _tell_why(page: AssociationPage, parts: list[PageSection], name: str, issues: IssueLog) -> None:
    """Raise for a page of which no association was read, its lines told where it may be one."""
    says = any(part.says for part in parts)
    if says and all(part.naming is None for part in parts):
        tell_every_line(page, issues)
        raise RecordError("name", "", "the page names no association: add its title", line=1)
    names = [part.naming.name for part in parts if part.naming]
    if any(map(_LOCAL.search, names)):
        tell_every_line(page, issues)
    elif names:
        raise NotOfThisKind(f"{name} is the profile of another kind of organisation")
    raise NotOfThisKind(f"{name} is no profile of an association")


def _publication_date(page: AssociationPage) -> PartialDate | None:
    dated = None
    label = None
    for line in page.open_lines():
        if not label and (date := date_line(line.text, page.language)):
            page.mark(line, "taken" if dated is None else "noise")
            dated = dated or date
        label = field_of(line.text)
    return dated


def _association(
    names: Names, contacts: Contacts, profile: Profile, country: Ref | None
) -> Association:
    naming = names.naming
    key = slug(naming.name)
    acronym = naming.acronym or profile.acronym
    site = contacts.site()
    if profile.seat and not (site and site.address):
        site = replace(site or Seat(), address=Address(full=profile.seat))
    address = site.address.full if site and site.address else None
    return Association(
        key=key,
        names=(Text(naming.name, profile.language),),
        other_names=(Text(acronym, profile.language),) if acronym else (),
        dated_name=names.present,
        former_names=names.former,
        acronym=acronym,
        kind=Ref("concept/kind/local-government-association"),
        country=country_of(naming.name, address, profile.country or country),
        founding_date=profile.founding_date,
        purpose=profile.purpose,
        legal_basis=profile.legal_basis,
        legal_form=profile.legal_form,
        homepage=Ref(contacts.homepage) if contacts.homepage else None,
        site=site,
        organs=profile.organs.organs(key),
        objectives=tuple(profile.objectives),
        figures=tuple(profile.figures),
    )
