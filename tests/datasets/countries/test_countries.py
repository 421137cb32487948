from __future__ import annotations

from pathlib import Path

import pytest

from loaders.errors import NotOfThisKind, SourceError
from loaders.model.iris import expand, slug
from loaders.model.records import Country, SourceRecord
from loaders.model.values import Ref, Text
from loaders.registers import countries
from loaders.sources.dataset import registrations
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

HEADER = "code;alpha2;alpha3;numeric;fr;en;ar"
MALI = "MLI;ML;MLI;466;Mali;Mali;مالي"
IVORY_COAST = "CIV;CI;CIV;384;Côte d’Ivoire;Côte d’Ivoire;ساحل العاج"


def load(path: Path) -> tuple[SourceRecord, IssueLog]:
    registration = registrations()["countries"]
    issues = IssueLog("countries")
    file = SourceFile(path, path.name)
    issues.open(file.name)
    (record,) = registration.load(file, registration.dataset, issues)
    return record, issues


def table(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "source.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def test_every_country_of_the_shipped_table_is_read() -> None:
    (file,) = registrations()["countries"].shipped_files()
    record, issues = load(file.path)
    assert record.key == "countries"
    assert len(record.entities) == 250
    assert issues.notes == []
    assert issues.lines["taken"] == 250


def test_a_country_keeps_the_address_of_the_eu_table(tmp_path: Path) -> None:
    record, _ = load(table(tmp_path, HEADER, MALI))
    (mali,) = record.entities
    assert isinstance(mali, Country)
    assert expand(Ref(f"country/{mali.key}")) == (
        "http://publications.europa.eu/resource/authority/country/MLI"
    )
    assert mali.names == (Text("Mali"), Text("Mali", "en"), Text("مالي", "ar"))
    assert (mali.alpha2, mali.notations) == ("ML", ("MLI", "466"))


def test_kosovo_has_the_code_of_the_eu_table_and_the_iso_code_in_use() -> None:
    assert countries.named("Kosovo") == Ref("country/1A0")
    assert countries.iso3(Ref("country/1A0")) == "XKX"


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ("SEN;SN;SEN;686;Sénégal", "en", ""),
        ("SN;SN;SEN;686;Sénégal;Senegal;السنغال", "code", "SN"),
        ("SEN;SN;SEN;86;Sénégal;Senegal;السنغال", "numeric", "86"),
        ("SEN;SEN;SEN;686;Sénégal;Senegal;السنغال", "alpha2", "SEN"),
        ("SEN;SN;SEN;686;;Senegal;السنغال", "fr", ""),
        ("MLI;ML;MLI;466;Mali bis;Mali;مالي", "code", "MLI"),
        ("SEN;SN;SEN;686;Sénégal;Senegal;السنغال;trop", "row", "trop"),
    ],
)
def test_a_bad_row_is_refused_with_its_number_and_the_others_stay(
    tmp_path: Path, row: str, field: str, value: str
) -> None:
    record, issues = load(table(tmp_path, HEADER, MALI, row, IVORY_COAST))
    assert [country.key for country in record.entities] == ["CIV", "MLI"]
    (note,) = issues.notes
    assert (note.level, note.line, note.field) == ("refused", 3, field)
    assert value in note.value
    assert issues.lines["refused"] == 1


def test_a_comma_separated_table_is_read(tmp_path: Path) -> None:
    record, issues = load(table(tmp_path, *(line.replace(";", ",") for line in (HEADER, MALI))))
    assert [country.key for country in record.entities] == ["MLI"]
    assert issues.notes == []


def test_a_windows_1252_table_is_read(tmp_path: Path) -> None:
    row = "CIV;CI;CIV;384;Côte d’Ivoire;Côte d’Ivoire;Sahil al-Aj"
    record, _ = load(table(tmp_path, HEADER, row, encoding="cp1252"))
    assert record.entities[0].names[0] == Text("Côte d’Ivoire")


def test_a_byte_order_mark_does_not_hide_the_first_column(tmp_path: Path) -> None:
    record, _ = load(table(tmp_path, HEADER, MALI, encoding="utf-8-sig"))
    assert len(record.entities) == 1


def test_a_table_that_lacks_a_column_is_told_which(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="lacks the column `ar`"):
        load(table(tmp_path, HEADER.removesuffix(";ar"), MALI))


def test_a_file_of_another_kind_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotOfThisKind):
        load(table(tmp_path, "Titre", "Un partenariat"))


def test_a_table_without_any_country_is_not_taken_for_an_empty_world(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no country"):
        load(table(tmp_path, HEADER, "x;y;z;1;;;"))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Mali", "MLI"),
        ("SENEGAL", "SEN"),
        ("Côte d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("Etats-Unis", "USA"),
        ("Viet Nam", "VNM"),
        ("Vietnam", "VNM"),
        ("Cap-Vert", "CPV"),
        ("Congo (République démocratique du)", "COD"),
        ("République démocratique du Congo", "COD"),
        ("Congo", "COG"),
        ("Territoires palestiniens", "PSE"),
        ("Territoires Palestiniens", "PSE"),
        ("Burkina Faso", "BFA"),
        ("Centrafrique", "CAF"),
        ("Maroc", "MAR"),
    ],
)
def test_the_names_that_french_administrations_write_mean_a_country(name: str, code: str) -> None:
    assert countries.named(name) == Ref(f"country/{code}")


@pytest.mark.parametrize("name", ["", "Bamako", "Guinées", "Corée"])
def test_a_name_of_no_one_country_means_none(name: str) -> None:
    assert countries.named(name) is None


def test_no_two_countries_share_a_french_name() -> None:
    (file,) = registrations()["countries"].shipped_files()
    record, _ = load(file.path)
    folded = [
        slug(name.value)
        for country in record.entities
        for name in (*country.names, *country.other_names)
        if name.language == "fr"
    ]
    assert len(folded) == len(set(folded)) == len(countries.by_french_name())


def test_the_snapshot_is_what_a_refresh_of_the_same_packages_gives(tmp_path: Path) -> None:
    pycountry = pytest.importorskip("pycountry")
    from loaders.datasets.countries.refresh import PACKAGES, refresh

    shipped = registrations()["countries"].shipped / "countries.csv"
    (tmp_path / "dataset.yml").write_text("files:\n  countries.csv: 0\n")
    refresh({PACKAGES[0]: Path(pycountry.__file__).parent}, tmp_path)
    fresh = (tmp_path / "source" / "countries.csv").read_text("utf-8").splitlines()
    lines = shipped.read_text("utf-8").splitlines()
    assert fresh[0] == lines[0]
    assert [line.split(";")[:4] for line in fresh] == [line.split(";")[:4] for line in lines]
