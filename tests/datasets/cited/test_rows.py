"""The entities of a row of the cited tables, and the fate of one that cannot be true."""

from __future__ import annotations

import dataclasses

import pytest

from loaders.model.records import (
    Agreement,
    Association,
    Figure,
    FundingLine,
    Partnership,
    Party,
    Project,
)
from loaders.model.values import PartialDate, Ref
from loaders.sources.dataset import registrations
from tests.datasets.cited import conftest as rows
from tests.datasets.cited.conftest import ASSOCIATION, FUNDING, PARTNERSHIP, Reader


def entities(outcome):
    assert not outcome.issues.count("refused"), [str(note) for note in outcome.issues.notes]
    return [entity for record in outcome.records for entity in record.entities]


def test_each_row_cites_its_very_page(reading: Reader) -> None:
    other = {**PARTNERSHIP, "id": "p2", "source_url": "https://example.org/2", "source_title": ""}
    first, second = reading(PARTNERSHIP, {**other, "source_date": "2019-05"}).records
    assert (first.key, first.document.address) == ("p1", "https://example.org/jumelages")
    assert (first.document.publisher, first.document.rights) == ("Exemple", "unstated")
    assert first.document.retrieved == PartialDate("2026-11-29")
    assert second.document.address == "https://example.org/2"
    assert second.document.title.value == "example.org"
    assert second.document.issued == PartialDate("2019-05")


@pytest.mark.parametrize("relation", ["twinning", "cooperation", "friendship"])
def test_a_lasting_relation_is_a_tie_of_its_form(reading: Reader, relation: str) -> None:
    row = {**PARTNERSHIP, "relation": relation, "start": "1948", "themes": "santé | pétanque"}
    (tie,) = entities(reading(row))
    assert isinstance(tie, Partnership)
    assert tie.form == Ref(f"concept/form/{relation}")
    assert tie.start == PartialDate("1948")
    assert tie.themes == (Ref("concept/theme/sante"),)
    assert tie.themes_as_stated == ("pétanque",)
    assert [party.name for party in tie.home] == ["Brest"]
    assert [party.name for party in tie.foreign] == ["Denver"]


def test_an_agreement_frames_the_tie_and_what_began_before_it_is_the_ties(reading: Reader) -> None:
    row = {**PARTNERSHIP, "relation": "agreement", "first_signature": "2019-11-25"}
    (agreement,) = entities(reading({**row, "start": "2012", "end": "2022"}))
    assert isinstance(agreement, Agreement)
    assert (agreement.date, agreement.start) == (PartialDate("2019-11-25"), None)
    assert agreement.end == PartialDate("2022")
    assert len(agreement.signatories) == 2
    (tie,) = agreement.frames
    assert isinstance(tie, Partnership)
    assert (tie.start, tie.form, tie.joins) == (PartialDate("2012"), None, False)


def test_a_project_joins_ties_and_makes_none(reading: Reader) -> None:
    row = {**PARTNERSHIP, "relation": "project", "project": "cited-p1", "start": "2012"}
    (project,) = entities(reading(row))
    assert isinstance(project, Project)
    assert (project.key, project.start) == ("cited-p1", PartialDate("2012"))
    (tie,) = project.project_of
    assert isinstance(tie, Partnership)
    assert tie.joins


def test_a_row_of_an_atlas_page_speaks_of_the_project_of_that_page(reading: Reader) -> None:
    row = {**PARTNERSHIP, "relation": "cooperation", "project": "atlas-9331", "start": "2016"}
    tie, project = entities(reading({**row, "first_signature": "2005", "project_title": "Eau"}))
    assert isinstance(project, Project)
    assert (project.key, project.start, project.names[0].value) == (
        "atlas-9331",
        PartialDate("2016"),
        "Eau",
    )
    # The page dates its project; of the tie it tells the first signature.
    assert isinstance(tie, Partnership)
    assert (tie.start, tie.first_signature) == (None, PartialDate("2005"))


def test_what_is_no_authority_takes_part_and_is_no_end(reading: Reader) -> None:
    row = {**PARTNERSHIP, "french_parties": "Brest | Eau de Paris"}
    (tie,) = entities(reading(row))
    assert isinstance(tie, Partnership)
    assert [party.name for party in tie.home] == ["Brest"]
    assert [(p.name, p.authority) for p in tie.participants] == [("Eau de Paris", False)]


def test_without_a_french_party_all_are_of_one_side(reading: Reader) -> None:
    row = {**PARTNERSHIP, "french_parties": "", "french_kinds": ""}
    (tie,) = entities(
        reading({**row, "foreign_parties": "Hildesheim | Bath", "foreign_country": "DEU | GBR"})
    )
    assert isinstance(tie, Partnership)
    assert ([party.name for party in tie.home], tie.foreign) == (["Hildesheim", "Bath"], ())


def test_kinds_and_territories_go_with_the_names(reading: Reader) -> None:
    row = {**PARTNERSHIP, "french_parties": "Chinon | Étaules", "french_kinds": "commune | other"}
    territories = "Indre-et-Loire | Charente-Maritime"
    (tie,) = entities(reading({**row, "french_departement_or_region": territories}))
    assert isinstance(tie, Partnership)
    assert [(p.kind, p.within) for p in tie.home] == [
        ("commune", ("Indre-et-Loire",)),
        (None, ("Charente-Maritime",)),
    ]


@pytest.mark.parametrize(
    ("changed", "column", "told"),
    [
        ({"source_url": ""}, "source_url", "without one nothing is cited"),
        ({"source_url": "jumelages"}, "source_url", "write the address of the page"),
        ({"foreign_country": "XXX"}, "foreign_country", "ISO 3166-1"),
        ({"foreign_country": ""}, "foreign_country", "one country for each"),
        ({"foreign_country": "USA | USA"}, "foreign_country", "one country for each"),
        ({"foreign_parties": "", "foreign_country": ""}, "foreign_parties", "two ends"),
        ({"french_parties": ""}, "french_parties", "two ends"),
        ({"start": "2027"}, "start", "after 2026-11-29"),
        ({"first_signature": "2026-11-30"}, "first_signature", "after 2026-11-29"),
        ({"start": "vers 1948"}, "start", "1998-05-30"),
        ({"start": "2000", "end": "1999"}, "end", "before the start"),
        ({"relation": "amour"}, "relation", "write twinning"),
    ],
)
def test_a_row_that_cannot_be_true_is_left_out_and_named(
    reading: Reader, changed: dict[str, str], column: str, told: str
) -> None:
    outcome = reading(PARTNERSHIP, {**PARTNERSHIP, "id": "p2", **changed})
    assert [record.key for record in outcome.records] == ["p1"]
    (note,) = outcome.issues.notes
    assert (note.level, note.field, note.line) == ("refused", column, 3)
    assert told in note.advice
    assert outcome.issues.lines["refused"] == 1


def test_a_planned_end_is_no_error(reading: Reader) -> None:
    (tie,) = entities(reading({**PARTNERSHIP, "start": "2024", "end": "2028"}))
    assert tie.end == PartialDate("2028")


def test_a_contribution_is_a_line_of_its_project(reading: Reader) -> None:
    (project,) = entities(reading({**FUNDING, "year": "2012", "precision": "about"}))
    assert isinstance(project, Project)
    (line,) = project.funding
    assert isinstance(line, FundingLine)
    assert (line.amount_eur, line.year) == (5000, PartialDate("2012"))
    assert isinstance(line.sole_funder, Party)
    assert line.sole_funder.name == "Ville de Brest"
    assert line.precision == Ref("concept/precision/about")
    assert not project.figures


def test_a_total_budget_is_a_figure_and_no_contribution(reading: Reader) -> None:
    (project,) = entities(reading({**FUNDING, "of_total": "yes", "currency": "XOF"}))
    assert not project.funding
    (budget,) = project.figures
    assert budget.measure == Ref("concept/measure/total-budget")
    assert (budget.value, budget.currency) == (5000, "XOF")


def test_an_amount_of_a_programme_is_a_figure_of_its_funder(reading: Reader) -> None:
    (figure,) = entities(reading({**FUNDING, "project": ""}))
    assert isinstance(figure, Figure)
    assert isinstance(figure.of, Party)
    assert figure.of.name == "Ville de Brest"
    assert figure.measure == Ref("concept/measure/programme-amount")


def test_joint_and_unnamed_funders_stay_so(reading: Reader) -> None:
    joint = {**FUNDING, "funder": "France | Maroc", "funder_country": "FRA | MAR"}
    joint["funder_kind"] = ""
    group = {**FUNDING, "id": "f2", "funder": "collectivités", "named": "", "currency": "MAD"}
    both = entities(reading(joint, group))
    (one,), (other,) = (project.funding for project in both)
    assert [funder.name for funder in one.joint_funders] == ["France", "Maroc"]
    assert (other.unnamed, other.funder_as_stated) == (True, "collectivités")
    assert (other.amount_eur, other.amount.value, other.amount.currency) == (None, 5000, "MAD")


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"currency": ""}, "currency"),
        ({"amount": "5 000 €"}, "amount"),
        ({"source_url": ""}, "source_url"),
        ({"year": "2031"}, "year"),
        ({"funder_country": "FRA | MLI"}, "funder_country"),
    ],
)
def test_an_amount_that_says_nothing_is_left_out_and_named(
    reading: Reader, changed: dict[str, str], column: str
) -> None:
    outcome = reading({**FUNDING, **changed}, {**FUNDING, "id": "f2"})
    assert [record.key for record in outcome.records] == ["f2"]
    assert [(note.field, note.line) for note in outcome.issues.notes] == [(column, 2)]


def test_two_pages_of_one_association_speak_of_one_body(reading: Reader) -> None:
    again = {**ASSOCIATION, "id": "a2", "name": "Association des exemples (AEX)"}
    again |= {"body": "Association des exemples", "members_as_of": "2019", "organs": "bureau"}
    first, second = entities(reading(ASSOCIATION, again))
    assert isinstance(second, Association)
    assert first.key == second.key == "association-des-exemples"
    assert first.figures[0].key != second.figures[0].key
    (organ,) = second.organs
    assert organ.organ_type == Ref("concept/organ-type/executive-body")


def test_a_table_of_another_kind_is_none(reading: Reader) -> None:
    outcome = reading({"ville": "Brest"})
    assert not outcome.records
    assert outcome.issues.counts["skipped"] == 1


def test_a_row_without_two_authorities_makes_no_tie_and_is_counted(reading: Reader) -> None:
    row = {**PARTNERSHIP, "french_parties": "Eau de Paris"}
    agreement = {**row, "id": "p2", "relation": "agreement", "first_signature": "2019"}
    outcome = reading(row, agreement)
    (record,) = outcome.records
    assert record.key == "p2"
    (made,) = record.entities
    assert isinstance(made, Agreement)
    assert ([party.name for party in made.signatories], made.frames) == (
        ["Denver", "Eau de Paris"],
        (),
    )
    assert outcome.issues.counts["without two ends"] == 2
    assert [note.level for note in outcome.issues.notes] == ["untied", "untied"]


def test_one_line_leaves_a_wrong_row_out_with_its_reason(
    reading: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = registrations()
    dataset = dataclasses.replace(known["cited"].dataset, exclude={"p2": "another town"})
    registration = dataclasses.replace(known["cited"], dataset=dataset)
    monkeypatch.setattr(rows, "registrations", lambda: {**known, "cited": registration})
    outcome = reading(PARTNERSHIP, {**PARTNERSHIP, "id": "p2"})
    assert [record.key for record in outcome.records] == ["p1"]
    assert outcome.issues.counts["excluded"] == 1
    (note,) = outcome.issues.notes
    assert (note.record, note.advice) == ("p2", "dataset.yml excludes it: another town")
