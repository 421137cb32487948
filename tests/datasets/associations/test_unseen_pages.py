"""Pages in layouts that no rule was made for: what is stated is read or told, nothing is wrong.

`unseen/facts.csv` has the facts of each page of `unseen/`, and words that stand on their line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.errors import MaillageError
from loaders.model.records import Association
from loaders.sources.dataset import registrations
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from tests.datasets.associations.pages import figures

PAGES = sorted(
    path for path in Path(__file__).with_name("unseen").iterdir() if path.name != "facts.csv"
)
ROWS = list(csv.DictReader(PAGES[0].with_name("facts.csv").open(encoding="utf-8"), delimiter=";"))
Fact = tuple[str, str, str]
PRIVATE = (
    "Nomfictif",
    "Autrenom",
    "Fictional",
    "00 00 00 09",
    "000 0009",
    "0000 0009",
    "webmestre",
)


def read(path: Path) -> tuple[set[Fact], IssueLog]:
    registration = registrations()["associations"]
    issues = IssueLog("associations")
    issues.open(path.name)
    found: set[Fact] = set()
    try:
        for record in registration.load(SourceFile(path, path.name), registration.dataset, issues):
            (association,) = record.entities
            assert isinstance(association, Association)
            found |= {(record.key, *fact) for fact in facts(association)}
    except MaillageError as error:
        issues.skip(str(error))
    return found, issues


def facts(of: Association) -> Iterator[tuple[str, str]]:
    yield "name", of.names[0].value
    single = {
        "acronym": of.acronym,
        "founded": of.founding_date and of.founding_date.lexical,
        "law": law.value if (law := of.legal_basis or of.legal_form) else None,
        "purpose": of.purpose and of.purpose.value,
        "country": of.country and of.country.target.removeprefix("country/"),
        "homepage": of.homepage and of.homepage.target,
        "since": of.dated_name and of.dated_name.start and of.dated_name.start.lexical,
        "address": of.site and of.site.address and of.site.address.full,
    }
    yield from ((fact, value) for fact, value in single.items() if value)
    for name in of.former_names:
        yield "former", name.form.value + (f" –{name.end.lexical}" if name.end else "")
    for measure, value, unit, precision_, date in (
        (measure, value, unit, precision, date)
        for measure, value, precision, unit, date in figures(of)
    ):
        yield measure, " ".join(filter(None, (str(value), unit, precision_, date)))
    for organ in of.organs:
        yield "organ", organ.names[0].value
    for objective in of.objectives:
        yield "objective", objective.text.value
    if site := of.site:
        yield from (("telephone", each.target) for each in site.telephones)
        yield from (("fax", each) for each in site.faxes)
        yield from (("email", each.target) for each in site.emails)


def expected(path: Path) -> dict[Fact, str]:
    rows = (row for row in ROWS if row["page"] == path.name[:2])
    return {(row["record"], row["fact"], row["value"]): row["words"] for row in rows}


def lost(path: Path) -> dict[Fact, set[int]]:
    """The stated facts that are not read, each with the lines that its words stand on."""
    found, _ = read(path)
    lines = path.read_text("utf-8").splitlines()
    return {
        fact: {number for number, line in enumerate(lines, 1) if words in line}
        for fact, words in expected(path).items()
        if fact not in found
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_nothing_is_read_that_the_page_does_not_state(path: Path) -> None:
    assert read(path)[0] - expected(path).keys() == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_is_not_read_is_told_with_its_line(path: Path) -> None:
    _, issues = read(path)
    told = {note.line for note in issues.notes}
    for fact, lines in lost(path).items():
        assert lines & told, fact


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_person_s_name_or_details_leak(path: Path) -> None:
    found, issues = read(path)
    shown = repr(found) + repr(issues.as_json())
    assert [private for private in PRIVATE if private in shown] == []
