"""Reads a project page of the atlas: text or HTML, by its labels and their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from loaders.datasets.atlas.address import page_address, project_number
from loaders.datasets.atlas.labels import SITE_TITLE, folded, is_project_page, label_of, sections
from loaders.datasets.atlas.page import AtlasLine, AtlasPage, read_page
from loaders.datasets.atlas.reading import AtlasReading
from loaders.datasets.atlas.tables import (
    clear_furniture,
    closing_sentences,
    funding,
    named_parties,
    partners,
    priorities,
)
from loaders.errors import NotOfThisKind, RecordError
from loaders.model.iris import slug
from loaders.model.records import Document, Objective, Party, Project, SourceRecord
from loaders.model.values import PartialDate, Text
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.masking import EMAIL

_BREADCRUMB = re.compile(r"accueil(?: ?>.*)?|>|atlas|detail projet")


def records(file: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of a project page: its project."""
    page = read_page(file.text())
    if not is_project_page(page.lines):
        raise NotOfThisKind(f"{file.name} is no project page: it has none of the page's labels")
    opening, fields = sections(page.lines)
    reading = AtlasReading(page, fields, dataset, issues)
    try:
        yield _record(reading, opening, file)
    except RecordError:
        page.fates = {line.number: "refused" for line in page.lines}
        raise
    finally:
        page.account(issues)


def _record(reading: AtlasReading, opening: list[AtlasLine], file: SourceFile) -> SourceRecord:
    page, dataset, issues = reading.page, reading.dataset, reading.issues
    told = len(issues.notes)
    address = page_address(reading)
    _read_opening(page, opening, reading)
    title = reading.title()
    if not title:
        label = reading.fields.get("title")
        raise RecordError(
            "title",
            "",
            "give the page's title below its label `Titre`",
            line=label.label.number if label else None,
        )
    page.mark("taken", *(section.label for section in reading.fields.values()))
    complete = file.content.rstrip(b"\0 \t").endswith((b"\n", b"\r"))
    _warn_where_cut(reading, complete=complete)
    signature = reading.year("first_signature")
    number = project_number(reading, address, file.name)
    key = number or slug(title) + (f"-{signature.lexical}" if signature else "")
    issues.record = key
    issues.notes[told:] = [replace(note, record=key) for note in issues.notes[told:]]
    if number is None:
        issues.inform(
            "key", key, "the page's address is not known: the key is derived from its title"
        )
    project = _project(reading, f"atlas-{key}", title, signature)
    _contradict(reading, project)
    return SourceRecord(
        key=key,
        document=Document(
            title=Text(title),
            publisher=dataset.publisher.name,
            address=address,
            language=dataset.language,
            rights=dataset.rights,
            rights_statement=_rights_statement(reading),
        ),
        entities=(project,),
        file=file.name,
        checksum=file.checksum,
    )


def _project(reading: AtlasReading, key: str, title: str, signature: PartialDate | None) -> Project:
    clear_furniture(reading)
    sentences = closing_sentences(reading)
    post = reading.post()
    themes, themes_as_stated = reading.themes()
    status, status_as_stated = reading.concept("status")
    form, form_as_stated = reading.concept("form")
    foreign, french = partners(reading)
    known = {folded(party.name): party for party in (*french, *foreign)}
    texts = [reading.text(name) for name in ("context", "history", "description")]
    objective = reading.quotation("objective")
    beneficiaries = reading.quotation("beneficiaries")
    for name in ("foreign_contacts", "french_contacts", "volunteers"):
        reading.contacts(reading.lines(name))
    return Project(
        key=key,
        names=(Text(title),),
        description=tuple(Text(text) for text in texts if text),
        first_signature=signature,
        start=reading.date("start"),
        end=reading.date("end"),
        status=status,
        status_as_stated=status_as_stated,
        form=form,
        form_as_stated=form_as_stated,
        triennial=sentences.get("triennial"),
        themes=themes,
        themes_as_stated=themes_as_stated,
        priorities=tuple(priorities(reading)),
        diplomatic_post=Party(name=post) if post else None,
        home_partners=french,
        foreign_partners=foreign,
        project_owners=named_parties(reading, "owners", known),
        implementers=named_parties(reading, "implementers", known),
        beneficiaries=(Text(beneficiaries),) if beneficiaries else (),
        objectives=(Objective(text=Text(objective)),) if objective else (),
        funding=tuple(funding(reading, known)),
        communicated_in_france=sentences.get("communicated_in_france"),
        communicated_in_partner_countries=sentences.get("communicated_in_partner_countries"),
        evaluated=sentences.get("evaluated"),
    )


def _read_opening(page: AtlasPage, opening: list[AtlasLine], reading: AtlasReading) -> None:
    contacts = False
    for line in page.open(opening):
        plain = folded(line.text)
        contacts |= bool(re.match(r"(?:pas de )?(?:correspondant|conseiller)\b", plain))
        if contacts or EMAIL.search(line.text):
            reading.contacts([line])
        elif plain == folded(SITE_TITLE) or _BREADCRUMB.fullmatch(plain):
            page.mark("noise", line)


def _warn_where_cut(reading: AtlasReading, *, complete: bool) -> None:
    """Distrust the end of a page without its footer: the last line may be half a value."""
    if "footer" in reading.fields:
        return
    last = reading.page.lines[-1]
    reading.issues.warn(
        "page",
        last.text if label_of(last.text) else "",
        "the page has no footer: what follows its last line may be missing",
        line=last.number,
    )
    if not complete and label_of(last.text) is None and last.number not in reading.page.fates:
        reading.refuse("page", last, "the page ends here: this line may be cut", "")


def _contradict(reading: AtlasReading, project: Project) -> None:
    """Raise RecordError where the record cannot be true, warn where it is odd."""
    start, end, signature = project.start, project.end, project.first_signature
    line = reading.fields["end"].label.number if "end" in reading.fields else None
    if start and end and start.earliest and end.latest and end.latest < start.earliest:
        raise RecordError(
            "end",
            f"{start.lexical} → {end.lexical}",
            "the end is before the start: correct one of the two dates",
            line=line,
        )
    if end and signature and end.latest and signature.earliest and end.latest < signature.earliest:
        reading.issues.warn(
            "first_signature",
            f"{signature.lexical} → {end.lexical}",
            "the first signature is after the end: both are kept",
            line=line,
        )
    told = (
        signature, start, end, project.status, project.status_as_stated,
        project.themes, project.themes_as_stated, project.form,
        project.foreign_partners, project.home_partners, project.project_owners,
        project.funding,
    )  # fmt: skip
    if not any(told) and "footer" not in reading.fields:
        raise RecordError(
            "page",
            "",
            "the page is cut after its title: save it whole",
            line=reading.page.lines[-1].number,
        )


def _rights_statement(reading: AtlasReading) -> Text | None:
    section = reading.fields.get("footer")
    if section is None:
        return None
    for line in (section.label, *section.lines):
        if "droits reserves" in folded(line.text):
            reading.page.fates[line.number] = "taken"
            return Text(line.text)
    return None
