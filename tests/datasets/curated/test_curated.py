from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from loaders.datasets.curated.loader import statement_classes
from loaders.errors import NotOfThisKind, SourceError
from loaders.model.records import Agreement, Association, Authority, Party, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import registrations
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog, Note

HERE = Path(__file__).parent
DOCUMENT = "document: {title: Rapport, publisher: Exemple, rights: unstated}\nsections:\n"


def load(path: Path) -> tuple[list[SourceRecord], IssueLog]:
    registration = registrations()["curated"]
    issues = IssueLog("curated")
    file = SourceFile(path, path.name)
    issues.open(file.name)
    return list(registration.load(file, registration.dataset, issues)), issues


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "exemple.yml"
    path.write_text(text, "utf-8")
    return path


def section(*lines: str, title: str = "Partie") -> str:
    body = "\n".join(f"      {line}" for line in lines)
    return f"  - title: {title}\n    statements:\n{body}\n"


def only_note(tmp_path: Path, *lines: str) -> Note:
    """The note on a section of these lines, of which the first stands on line 5, column 7."""
    good = section("- place: {key: ailleurs}", title="Autre partie")
    records, issues = load(written(tmp_path, DOCUMENT + section(*lines) + good))
    assert [record.key for record in records] == ["exemple-autre-partie"]
    assert issues.counts["rejected"] == 1
    (note,) = issues.notes
    assert (note.level, note.file, note.record) == ("rejected", "exemple.yml", "exemple-partie")
    return note


def test_each_section_is_one_record_that_cites_its_document() -> None:
    records, issues = load(HERE / "source.yml")
    assert issues.notes == []
    assert [record.key for record in records] == ["source-presentation", "source-cooperation"]
    document = records[1].document
    assert document.title == Text("Rapport d'exemple")
    assert (document.section, document.address) == ("Coopération", "https://example.org/rapport")
    assert (document.rights, document.rights_statement) == ("reserved", Text("réservée"))
    assert (records[1].file, records[1].place) == ("source.yml", "line 45")


def test_dates_and_codes_stay_as_they_are_written() -> None:
    records, _ = load(HERE / "source.yml")
    town, commune, association, _ = records[0].entities
    assert isinstance(town, Authority)
    assert town.identifiers[0].notation == "99998"
    assert isinstance(commune, Authority)
    assert commune.figures[0].value == Decimal(12000)
    assert isinstance(association, Association)
    assert association.founding_date == PartialDate("2000-11")
    agreement = records[1].entities[2]
    assert isinstance(agreement, Agreement)
    assert agreement.date == PartialDate("--11-22")


def test_yes_and_no_are_words(tmp_path: Path) -> None:
    text = DOCUMENT + section("- place: {key: no, names: [no], other_names: [007, 1.50, ~]}")
    (record,), issues = load(written(tmp_path, text))
    assert issues.notes == []
    assert record.entities[0].names == (Text("no"),)
    assert record.entities[0].other_names == (Text("007"), Text("1.50"), Text("~"))


def test_arabic_names_keep_their_language() -> None:
    records, _ = load(HERE / "source.yml")
    assert records[0].entities[1].names == (Text("Modèle"), Text("نموذج", "ar"))


def test_a_name_is_left_to_be_resolved_and_a_reference_is_not() -> None:
    records, _ = load(HERE / "source.yml")
    agreement = records[1].entities[2]
    assert isinstance(agreement, Agreement)
    assert agreement.signatories == (
        Ref("authority/fra-cog-99998"),
        Party(name="Ville de Modèle-sur-Mer", country=Ref("country/MAR"), authority=True),
    )


@pytest.mark.parametrize(
    ("lines", "place", "field", "value", "advice"),
    [
        (
            ["- agreement:", "    key: a", "    date: 2010-6"],
            (7, 17), "sections[1].statements[1].agreement.date", "2010-6", "write 2010, 2010-06",
        ),
        (
            ["- agreement:", "    key: a", "    date: 2011-02-30"],
            (7, 17), "sections[1].statements[1].agreement.date", "2011-02-30", "day is out of",
        ),
        (
            ["- agreement:", "    key: a", "    signataires: [x]"],
            (7, 11), "sections[1].statements[1].agreement.signataires", "signataires",
            "no such field",
        ),
        (
            ["- agreement:", "    key: a", "    signatories:", "      - Ville d'Exemple"],
            (8, 15), "sections[1].statements[1].agreement.signatories[1]", "Ville d'Exemple",
            "write type/key",
        ),
        (
            ["- agreement:", "    key: a", "    frames: partnership/x"],
            (7, 19), "sections[1].statements[1].agreement.frames", "partnership/x", "write a list",
        ),
        (
            ["- agreement:", "    key: a", "    signatories: [{nom: Exemple}]"],
            (7, 26), "sections[1].statements[1].agreement.signatories[1].nom", "nom",
            "no such field",
        ),
        (
            ["- place: {key: a, names: [{fr: Ici}]}"],
            (5, 33), "sections[1].statements[1].place.names[1]", "", "write the value itself",
        ),
        (
            ["- figure: {key: a, measure: concept/measure/members, value: une soixantaine}"],
            (5, 67), "sections[1].statements[1].figure.value", "une soixantaine", "decimal",
        ),
        (
            ["- figure: {key: a, measure: concept/measure/members}"],
            (5, 17), "sections[1].statements[1].figure", "", "`value` is missing",
        ),
        (
            ["- authority:", "    key: a", "    figures:", "      - value: 12"],
            (8, 15), "sections[1].statements[1].authority.figures[1]", "", "`measure` is missing",
        ),
        (
            ["- action: {key: a, place: Sabalibougou}"],
            (5, 33), "sections[1].statements[1].action.place", "Sabalibougou", "refers to nothing",
        ),
        (
            ["- mairie: {key: a}"],
            (5, 9), "sections[1].statements[1]", "", "'mairie' is no class of statement",
        ),
        (
            ["- Ville d'Exemple"],
            (5, 9), "sections[1].statements[1]", "Ville d'Exemple", "write a mapping",
        ),
        (
            ["- place: {key: Une clé}"],
            (5, 22), "sections[1].statements[1].place.key", "Une clé", "small letters",
        ),
        (
            ["- place: {names: [Ici]}"],
            (5, 16), "sections[1].statements[1].place", "", "every statement has",
        ),
    ],
)  # fmt: skip
def test_an_error_rejects_its_section_and_tells_where_it_stands(
    tmp_path: Path,
    lines: list[str],
    place: tuple[int, int],
    field: str,
    value: str,
    advice: str,
) -> None:
    note = only_note(tmp_path, *lines)
    line, column = place
    assert note.line == line
    assert note.advice.startswith(f"column {column}: ")
    assert (note.field, note.value) == (field, value)
    assert advice in note.advice


def test_every_error_of_a_section_is_told_and_the_section_counts_once(tmp_path: Path) -> None:
    text = DOCUMENT + section("- place: {key: a, ici: b}", "- action: {key: a, date: demain}")
    records, issues = load(written(tmp_path, text))
    assert records == []
    assert [(note.level, note.line) for note in issues.notes] == [("rejected", 5), ("refused", 6)]
    assert issues.counts["rejected"] == 1


def test_an_unknown_class_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    advice = only_note(tmp_path, "- ville: {key: a}").advice
    assert {"agreement", "diplomatic_post", "working_group"} <= statement_classes().keys()
    assert all(f" {name}," in advice for name in statement_classes())


def test_a_field_that_stands_twice_is_not_overwritten(tmp_path: Path) -> None:
    records, issues = load(written(tmp_path, DOCUMENT + section("- place: {key: a, key: b}")))
    assert records == []
    (note,) = issues.notes
    assert (note.level, note.line) == ("rejected", 5)
    assert note.field == "sections[1].statements[1].place.key"
    assert note.advice == "column 25: the field stands twice: join the two"


def test_contact_details_are_masked_in_a_message(tmp_path: Path) -> None:
    note = only_note(tmp_path, "- action: {key: a, place: jean.exemple@example.org}")
    assert note.value == "‹e-mail›"
    assert "jean.exemple" not in note.advice


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("document:\n  title: [Rapport\n", r"exemple\.yml:2:18: no YAML"),
        ("document:\n\ttitle: Rapport\n", r"exemple\.yml:2:1: no YAML"),
        ("document: &a {title: b}\nsections: [*a]\n", r"exemple\.yml:2:12: aliases"),
        (f"document: {'[' * 50}", r"exemple\.yml:1:50: nested more than 40 levels"),
        ("# rien\n", "empty"),
        (
            "document: {title: Rapport, publisher: Exemple, rights: libre}\nsections: []\n",
            r"exemple\.yml:1: document.rights: 'libre': column 56",
        ),
        (
            "document: {title: Rapport, rights: open}\nsections: []\n",
            r"exemple\.yml:1: document: '': column 11: `publisher` is missing",
        ),
        (
            "document: {title: Rapport, publisher: Exemple, rights: open}\nsections: aucune\n",
            r"exemple\.yml:2: sections: 'aucune': column 11: write a list",
        ),
    ],
)
def test_a_file_that_cannot_be_cited_is_refused_with_line_and_column(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        load(written(tmp_path, text))


@pytest.mark.parametrize("text", ["Titre\nUn partenariat\n", "- a\n- b\n", "title: Autre\n"])
def test_a_file_of_another_kind_is_told_apart(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotOfThisKind):
        load(written(tmp_path, text))


def test_a_page_of_text_is_no_broken_file_of_statements(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("Titre : [une page\n", "utf-8")
    with pytest.raises(NotOfThisKind, match="no file of statements"):
        load(path)


def test_a_statement_that_stands_twice_is_reported(tmp_path: Path) -> None:
    text = DOCUMENT + section("- place: {key: ici}", "- place: {key: ici, names: [Ici]}")
    (record,), issues = load(written(tmp_path, text))
    assert len(record.entities) == 2
    (note,) = issues.notes
    assert (note.level, note.line, note.value) == ("warning", 6, "ici")
    assert "line 5 states it too" in note.advice


def test_one_key_of_two_classes_is_not_a_statement_twice(tmp_path: Path) -> None:
    text = DOCUMENT + section("- place: {key: ici}", "- encounter: {key: ici}")
    _, issues = load(written(tmp_path, text))
    assert issues.notes == []


def test_two_sections_of_one_title_are_told_apart(tmp_path: Path) -> None:
    text = DOCUMENT + section("- place: {key: ici}") + section("- place: {key: autre}")
    records, issues = load(written(tmp_path, text))
    assert [record.key for record in records] == ["exemple-partie"]
    (note,) = issues.notes
    assert (note.level, note.line) == ("rejected", 6)
    assert "two sections" in note.advice
