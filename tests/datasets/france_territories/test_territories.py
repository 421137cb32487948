from __future__ import annotations

from pathlib import Path

import pytest

from loaders.model.records import Authority, Change, Entity, Place
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import registrations
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

SLICE = Path(__file__).with_name("source.csv")
HEADER = SLICE.read_text("utf-8").splitlines()[0]


def load(path: Path) -> tuple[dict[str, Entity], IssueLog]:
    registration = registrations()["france_territories"]
    issues = IssueLog("france_territories")
    issues.open(path.name)
    (record,) = registration.load(SourceFile(path, path.name), registration.dataset, issues)
    return {each.key: each for each in record.entities}, issues


@pytest.fixture(scope="module")
def territories() -> dict[str, Entity]:
    (file,) = registrations()["france_territories"].shipped_files()
    found, issues = load(file.path)
    assert issues.notes == []
    return found


def authority(territories: dict[str, Entity], key: str) -> Authority:
    found = territories[key]
    assert isinstance(found, Authority)
    return found


def test_a_departement_is_found_as_french_pages_name_it(territories: dict[str, Entity]) -> None:
    isere = authority(territories, "fra-dep-38")
    assert isere.names == (Text("Isère"),)
    assert Text("Conseil général de l'Isère") in isere.other_names
    assert Text("Département de l'Isère") in isere.other_names
    assert isere.within == (Ref("authority/fra-reg-84"),)
    assert [code.notation for code in isere.identifiers] == ["38", "FR-38"]


def test_three_regions_became_one(territories: dict[str, Entity]) -> None:
    limousin = authority(territories, "fra-reg-74")
    assert limousin.end == PartialDate("2015-12-31")
    assert Text("Conseil régional du Limousin") in limousin.other_names
    merger = territories["fra-reg-75-2016-01-01"]
    assert isinstance(merger, Change)
    assert {ref.target for ref in merger.originals} == {
        f"authority/fra-reg-{code}" for code in (54, 72, 74)
    }
    assert merger.results == (Ref("authority/fra-reg-75"),)
    assert authority(territories, "fra-reg-75").start == PartialDate("2016-01-01")


def test_the_mergers_are_seven_of_sixteen_regions(territories: dict[str, Entity]) -> None:
    mergers = [each for each in territories.values() if isinstance(each, Change)]
    assert len(mergers) == 7
    assert sum(len(each.originals) for each in mergers) == 16


def test_a_region_that_goes_on_keeps_its_former_name(territories: dict[str, Entity]) -> None:
    centre = authority(territories, "fra-reg-24")
    assert (centre.start, centre.end) == (None, None)
    assert Text("Conseil régional du Centre") in centre.other_names


def test_what_has_no_authority_is_a_place(territories: dict[str, Entity]) -> None:
    places = [key for key, each in territories.items() if isinstance(each, Place)]
    assert places == ["fra-com-984", "fra-com-989"]


def test_corsica_is_a_collectivite_of_its_own_kind(territories: dict[str, Entity]) -> None:
    assert authority(territories, "fra-reg-94").kind == Ref(
        "concept/kind/fra-collectivite-territoriale"
    )
    assert authority(territories, "fra-dep-2a").within == (Ref("authority/fra-reg-94"),)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("REG;74;Limousin;;2;fra-region;;;;75;", "fin"),
        ("REG;74;Limousin;;9;fra-region;;;;;", "article"),
        ("REG;74;Limousin;;2;région;;;;;", "nature"),
        ("DEP;38;Isère;;5;fra-departement;38;;;;84", "iso"),
        ("VILLE;38;Isère;;5;fra-departement;;;;;84", "type"),
        ("REG;75;Encore;;3;fra-region;;;;;", "code"),
    ],
)
def test_a_bad_row_is_refused_with_its_column(tmp_path: Path, row: str, field: str) -> None:
    path = tmp_path / "territories.csv"
    good = "REG;75;Nouvelle-Aquitaine;;3;fra-region;;2016-01-01;;;"
    path.write_text("\n".join((HEADER, good, row)), "utf-8")
    found, issues = load(path)
    assert [*found] == ["fra-reg-75"]
    (note,) = issues.notes
    assert (note.level, note.line, note.field) == ("refused", 3, field)
