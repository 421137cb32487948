from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from loaders.errors import DatasetError, NotOfThisKind, SourceError
from loaders.model.records import Authority, Place, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from loaders.registers import divisions
from loaders.registers.levels import read_divisions
from loaders.sources.dataset import Dataset, Publisher, register
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from ontology.words import Bilingual

WORDS = Bilingual(fr="Divisions", en="Divisions")
DATASET = Dataset(
    name="divisions",
    title=WORDS,
    description=WORDS,
    publisher=Publisher(name="HCP"),
    language="fr",
    rights="open",
    rights_statement=WORDS,
)
DESCRIBED = r"""
countries:
  MAR:
    levels:
      région: [{kind: mar-region, code: '\d{2}', key: 'mar-hcp-{code}', agency: HCP,
                names: {fr: "Région {of}", ar: "جهة {name}"}}]
      cercle: [{code: '\d{2}\.\d{2}', key: 'mar-hcp-{code}', names: {fr: "Cercle {of}"}}]
      commune: [{kind: mar-commune, code: '\d{2}\.\d{3}', key: 'mar-hcp-{code}', agency: HCP}]
    french: {"02": l'Oriental}
"""
HEADER = "level;code;parent;fr;ar;population_2014;population_2024"
ORIENTAL = "région;02;;Oriental;الشرق;;2294665"
AKLIM = "cercle;02.11;02;Aklim;أكليم;;1000"
ZEGZEL = "commune;02.113;02.11;Zegzel;زكزل;900;950"


def load(path: Path, described: str = DESCRIBED) -> tuple[SourceRecord, IssueLog]:
    countries = read_divisions(described, "divisions")
    issues = IssueLog("divisions")
    issues.open(path.name)
    (record,) = divisions.records(SourceFile(path, path.name), DATASET, issues, countries)
    return record, issues


def table(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "divisions.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def authority(record: SourceRecord, key: str) -> Authority:
    (found,) = (e for e in record.entities if isinstance(e, Authority) and e.key == key)
    return found


def test_a_level_with_a_kind_is_an_authority_and_one_without_a_place(tmp_path: Path) -> None:
    record, issues = load(table(tmp_path, HEADER, ORIENTAL, AKLIM, ZEGZEL))
    oriental, aklim, zegzel = record.entities
    assert isinstance(oriental, Authority)
    assert oriental.kind == Ref("concept/kind/mar-region")
    assert oriental.country == Ref("country/MAR")
    assert isinstance(aklim, Place)
    assert aklim.within == (Ref("authority/mar-hcp-02"),)
    assert isinstance(zegzel, Authority)
    assert zegzel.within == (Ref("place/mar-hcp-02.11"),)
    assert issues.notes == []
    assert (issues.lines["taken"], issues.lines["noise"]) == (3, 1)
    assert [issues.counts[level] for level in ("région", "cercle", "commune")] == [1, 1, 1]


def test_a_name_in_full_says_its_level_and_the_name_alone_is_a_variant(tmp_path: Path) -> None:
    record, _ = load(table(tmp_path, HEADER, ORIENTAL, AKLIM, ZEGZEL))
    oriental, zegzel = authority(record, "mar-hcp-02"), authority(record, "mar-hcp-02.113")
    assert oriental.names == (Text("Région de l'Oriental"), Text("جهة الشرق", "ar"))
    assert oriental.other_names == (Text("Oriental"), Text("الشرق", "ar"))
    assert zegzel.names == (Text("Zegzel"), Text("زكزل", "ar"))
    assert zegzel.other_names == ()


def test_where_towns_are_not_known_a_name_alone_is_no_name_in_any_language(tmp_path: Path) -> None:
    described = DESCRIBED.replace("kind: mar-region,", "kind: mar-region, bare: false,")
    described = described.replace(', ar: "جهة {name}"', "")
    record, _ = load(table(tmp_path, HEADER, ORIENTAL), described)
    oriental = authority(record, "mar-hcp-02")
    assert oriental.names == (Text("Région de l'Oriental"),)
    assert oriental.other_names == ()


def test_a_population_is_a_figure_of_its_year_and_an_empty_cell_is_none(tmp_path: Path) -> None:
    record, _ = load(table(tmp_path, HEADER, ORIENTAL, ZEGZEL))
    (oriental,) = authority(record, "mar-hcp-02").figures
    assert (oriental.value, oriental.date) == (Decimal(2294665), PartialDate("2024"))
    assert [figure.key for figure in authority(record, "mar-hcp-02.113").figures] == [
        "mar-hcp-02.113-population-2014",
        "mar-hcp-02.113-population-2024",
    ]


def test_a_code_is_an_identifier_where_somebody_gives_it(tmp_path: Path) -> None:
    record, _ = load(table(tmp_path, HEADER, ORIENTAL, AKLIM))
    oriental, aklim = record.entities
    assert isinstance(oriental, Authority)
    (identifier,) = oriental.identifiers
    assert (identifier.key, identifier.notation, identifier.agency) == ("mar-hcp-02", "02", "HCP")
    assert isinstance(aklim, Place)
    assert aklim.identifiers == ()


def test_one_row_may_be_a_territory_and_the_authority_that_it_was(tmp_path: Path) -> None:
    described = """
countries:
  SEN:
    levels:
      région:
        - {code: 'SN-[A-Z]{2}', key: 'sen-iso-{code}', names: {fr: "Région {of}"}}
        - {kind: sen-region, code: 'SN-[A-Z]{2}', key: 'sen-iso-{code}', end: "2013", bare: false,
           names: {fr: "Région {of}"}}
      département: [{kind: sen-departement, code: 'SN\\.\\d+', key: 'sen-{code}'}]
"""
    rows = ("région;SN-MT;;Matam", "département;SN.1;SN-MT;Kanel")
    record, _ = load(table(tmp_path, "level;code;parent;fr", *rows), described)
    territory, former, kanel = record.entities
    assert isinstance(territory, Place)
    assert isinstance(former, Authority)
    assert (former.end, former.within) == (PartialDate("2013"), (Ref("place/sen-iso-SN-MT"),))
    assert isinstance(kanel, Authority)
    assert kanel.within == (Ref("place/sen-iso-SN-MT"),)


def test_a_key_that_another_dataset_gives_is_kept(tmp_path: Path) -> None:
    record, _ = load(
        table(tmp_path, HEADER, ORIENTAL, AKLIM),
        DESCRIBED + '    keys: {"02": mar-name-oriental}\n',
    )
    assert authority(record, "mar-name-oriental").identifiers[0].key == "mar-hcp-02"
    assert record.entities[1].within == (Ref("authority/mar-name-oriental"),)  # type: ignore[attr-defined]


def test_what_is_left_out_is_told_with_its_reason(tmp_path: Path) -> None:
    record, issues = load(
        table(tmp_path, HEADER, ORIENTAL, AKLIM),
        DESCRIBED + '    left_out: {"02.11": un doublon}\n',
    )
    assert len(record.entities) == 1
    (note,) = issues.notes
    assert (note.level, note.line, note.value) == ("info", 3, "02.11")
    assert "un doublon" in note.advice


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_told_from_the_header(tmp_path: Path, separator: str) -> None:
    lines = [line.replace(";", separator) for line in (HEADER, ORIENTAL, ZEGZEL)]
    record, issues = load(table(tmp_path, *lines))
    assert len(record.entities) == 2
    assert [note.level for note in issues.notes] == ["warning"]  # the cercle of Zegzel is absent


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ("région;2;;Oriental;الشرق;;1", "code", "2"),
        ("région;02.113;;Oriental;الشرق;;1", "code", "02.113"),
        ("Région;03;;Fès;فاس;;1", "level", "Région"),
        ("région;03;;;فاس;;1", "fr", ""),
        ("région;03;;Fès;Fas;;1", "ar", "Fas"),
        ("région;03;;FÃ¨s;فاس;;1", "fr", "FÃ¨s"),
        ("région;03;;Fès;فاس;;1 256 172", "population_2024", "1 256 172"),
        ("région;02;;Oriental bis;الشرق;;1", "code", "02"),
        ("région;03;;Fès;فاس;;1;trop", "row", "Fès"),
        ("région;03;;Fès", "row", "Fès"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_column_and_the_others_stay(
    tmp_path: Path, row: str, field: str, value: str
) -> None:
    record, issues = load(table(tmp_path, HEADER, ORIENTAL, row, ZEGZEL))
    assert [entity.key for entity in record.entities] == ["mar-hcp-02", "mar-hcp-02.113"]
    (note,) = (note for note in issues.notes if note.level == "refused")
    assert (note.line, note.field) == (3, field)
    assert value in note.value
    assert issues.lines["refused"] == 1


def test_two_rows_that_would_be_one_authority_are_told_and_not_merged(tmp_path: Path) -> None:
    head, commune, tail = DESCRIBED.partition("kind: mar-commune,")
    described = head + commune + tail.replace("mar-hcp-{code}", "mar-name-{name}")
    rows = ("commune;02.113;;Ajdir;أجدير;;1", "commune;02.114;;Ajdir;أجدير;;2")
    record, issues = load(table(tmp_path, HEADER, *rows), described)
    assert [entity.key for entity in record.entities] == ["mar-name-ajdir"]
    (note,) = issues.notes
    assert (note.level, note.line, note.field, note.value) == ("refused", 3, "fr", "Ajdir")
    assert "authority/mar-name-ajdir" in note.advice


def test_an_unknown_parent_is_a_warning_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    record, issues = load(table(tmp_path, HEADER, ORIENTAL, ZEGZEL))
    assert authority(record, "mar-hcp-02.113").within == ()
    (note,) = issues.notes
    assert (note.level, note.line, note.field, note.value) == ("warning", 3, "parent", "02.11")


def test_a_table_that_lacks_a_column_says_which(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"divisions.csv.* lacks the column `parent`"):
        load(table(tmp_path, "level;code;fr", "région;02;Oriental"))


def test_another_table_is_not_of_this_kind(tmp_path: Path) -> None:
    with pytest.raises(NotOfThisKind):
        load(table(tmp_path, "insee;nom", "91228;Évry"))


def test_a_table_of_another_country_has_no_division_that_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no division that can be read"):
        load(table(tmp_path, "country;level;code;parent;fr", "BEN;région;02;;Zou"))


def test_a_table_in_windows_1252_is_read(tmp_path: Path) -> None:
    lines = ("level;code;parent;fr", "région;03;;Fès")
    record, _ = load(table(tmp_path, *lines, encoding="cp1252"))
    assert authority(record, "mar-hcp-03").names == (Text("Région de Fès"),)


def test_a_mistake_in_the_description_is_told_with_its_place() -> None:
    with pytest.raises(DatasetError, match=r"MAR\.levels\.région\.0\.codes"):
        read_divisions(DESCRIBED.replace("code: '\\d{2}',", "codes: '\\d{2}',"), "x")


DATASET_YML = """
title: {fr: Exemple, en: Example}
description: {fr: Exemple, en: Example}
publisher: {name: Exemple}
language: fr
rights: open
rights_statement: {fr: Exemple, en: Example}
"""


@pytest.mark.parametrize(
    ("reader", "files", "told"),
    [
        ("", (), "it has neither"),
        ("reader: divisions", ("loader.py", "divisions.yml"), "not both"),
        ("reader: divisions", (), "needs divisions.yml"),
        ("reader: tables", (), "reader"),
        ("reader: coordinates", ("coordinates.yml",), "coordinates.yml: "),
    ],
)
def test_a_dataset_has_one_way_to_be_read(
    tmp_path: Path, reader: str, files: tuple[str, ...], told: str
) -> None:
    folder = tmp_path / "example"
    folder.mkdir()
    (folder / "dataset.yml").write_text(DATASET_YML + reader, "utf-8")
    for name in files:
        (folder / name).write_text("column: x", "utf-8")
    with pytest.raises(DatasetError, match=told) as raised:
        register(folder)
    assert "dataset example" in str(raised.value)
