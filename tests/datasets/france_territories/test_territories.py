from __future__ import annotations

import itertools
from collections import defaultdict
from pathlib import Path

import pytest

from loaders.model.records import Authority, Change, Entity, Place
from loaders.model.values import PartialDate, Ref, Text
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.issue_log import IssueLog
from loaders.sources.reading import Sources, read
from tests.conftest import SOURCES

NAME = "france_territories"
SLICE = Path(__file__).with_name("source.d")
INSEE = SOURCES / "insee"
TODAY = (SLICE / "territories.csv").read_text("utf-8").splitlines()
HISTORY = (SLICE / "history.csv").read_text("utf-8").splitlines()


def load(*places: Path) -> tuple[dict[str, Entity], IssueLog]:
    sources = Sources(replaced={NAME: list(places)} if places else {})
    outcome = read(registrations()[NAME], sources, Silent())
    (record,) = outcome.records
    found = {each.key: each for each in record.entities if not isinstance(each, Place)}
    places_found = {
        f"place/{each.key}": each for each in record.entities if isinstance(each, Place)
    }
    return found | places_found, outcome.issues


@pytest.fixture(scope="module")
def territories() -> dict[str, Entity]:
    found, issues = load()
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
    assert [code.notation for code in isere.identifiers] == ["38", "38D", "FR-38"]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("fra-cog-75056-2019", "75C"), ("fra-siren-200046977", "69M"), ("fra-dep-69", "69D"),
        ("fra-dep-976", "976R"), ("fra-dep-78-1968", "78D"), ("fra-ctcd-20r", "20R"),
    ],
)  # fmt: skip
def test_who_acts_as_a_departement_has_the_code_of_it(
    territories: dict[str, Entity], key: str, code: str
) -> None:
    scheme = Ref("concept/identifier-scheme/fra-ctcd")
    codes = [each for each in authority(territories, key).identifiers if each.scheme == scheme]
    assert [each.notation for each in codes] == [code]


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
    assert limousin.heirs == merger.results
    assert authority(territories, "fra-reg-75").start == PartialDate("2016-01-01")


def test_what_each_law_ended_has_its_event_and_its_heirs(territories: dict[str, Entity]) -> None:
    changes = [each for each in territories.values() if isinstance(each, Change)]
    told = {
        (change.date.lexical, change.description[0].value): (
            sorted(ref.target.removeprefix("authority/fra-") for ref in change.originals),
            sorted(ref.target.removeprefix("authority/fra-") for ref in change.results),
        )
        for change in changes
        if change.date.lexical != "2016-01-01"
    }
    assert told == {
        ("1968-01-01", "Loi n° 64-707 du 10 juillet 1964."): (
            ["dep-75", "dep-78"],
            ["dep-75-1968", "dep-78-1968", "dep-91", "dep-92", "dep-93", "dep-94", "dep-95"],
        ),
        ("1976-01-01", "Loi n° 75-356 du 15 mai 1975."): (["dep-20"], ["dep-2a", "dep-2b"]),
        ("2011-03-31", "Loi n° 2010-1487 du 7 décembre 2010."): (["com-985"], ["dep-976"]),
        ("2018-01-01", "Loi n° 2015-991 du 7 août 2015, article 30."): (
            ["dep-2a", "dep-2b", "reg-94"],
            ["ctcd-20r"],
        ),
        ("2021-01-01", "Loi n° 2019-816 du 2 août 2019."): (["dep-67", "dep-68"], ["ctcd-6ae"]),
    }
    assert sum(len(each.originals) for each in changes) == 9 + 16 + 4
    assert len(changes) == 5 + 7 + 2


def test_a_departement_ends_with_its_authority_and_stays_a_territory(
    territories: dict[str, Entity],
) -> None:
    lower_rhine = authority(territories, "fra-dep-67")
    assert lower_rhine.end == PartialDate("2020-12-31")
    assert lower_rhine.heirs == (Ref("authority/fra-ctcd-6ae"),)
    territory = territories["place/fra-dep-67"]
    assert isinstance(territory, Place)
    assert territory.names == (Text("Bas-Rhin"),)
    assert territory.within == (Ref("authority/fra-ctcd-6ae"),)
    (code,) = territory.identifiers
    assert (code.notation, code.start) == ("67", PartialDate("2021-01-01"))


def test_a_code_with_an_earlier_holder_has_a_year_in_its_key(
    territories: dict[str, Entity],
) -> None:
    assert authority(territories, "fra-dep-78").names == (Text("Seine-et-Oise"),)
    yvelines = authority(territories, "fra-dep-78-1968")
    assert (yvelines.names, yvelines.start) == ((Text("Yvelines"),), PartialDate("1968-01-01"))
    assert Text("Conseil général des Yvelines") in yvelines.other_names


def test_every_code_names_its_scheme_and_has_one_holder_on_a_day(
    territories: dict[str, Entity],
) -> None:
    held = defaultdict(list)
    for each in territories.values():
        for code in getattr(each, "identifiers", ()):
            assert code.scheme
            start = code.start.lexical if code.start else ""
            end = code.end.lexical if code.end else "9999"
            held[code.scheme.target, code.notation].append((start, end))
    for code, periods in held.items():
        for (_, end), (start, _) in itertools.pairwise(sorted(periods)):
            assert end < start, code


def test_a_region_that_goes_on_keeps_its_former_name(territories: dict[str, Entity]) -> None:
    centre = authority(territories, "fra-reg-24")
    assert (centre.start, centre.end) == (None, None)
    assert Text("Conseil régional du Centre") in centre.other_names


def test_what_has_no_authority_is_a_place(territories: dict[str, Entity]) -> None:
    places = sorted(key for key, each in territories.items() if isinstance(each, Place))
    assert places == [
        *(f"place/fra-com-{code}" for code in ("984", "989")),
        *(f"place/fra-dep-{code}" for code in ["2a", "2b", "67", "68", "69", "75", "972", "973"]),
        *(f"place/fra-reg-{code}" for code in ("02", "03", "06", "94")),
    ]


def test_martinique_was_a_region_and_a_departement_and_is_one_authority(
    territories: dict[str, Entity],
) -> None:
    for key in ("fra-reg-02", "fra-dep-972"):
        former = authority(territories, key)
        assert (former.end, former.heirs) == (
            PartialDate("2015-12-31"),
            (Ref("authority/fra-ctcd-972r"),),
        )
    now = authority(territories, "fra-ctcd-972r")
    assert now.kind == Ref("concept/kind/fra-collectivite-territoriale")
    assert Text("Collectivité territoriale de Martinique") in now.other_names
    assert now.identifiers[0].scheme == Ref("concept/identifier-scheme/fra-ctcd")


@pytest.mark.parametrize(
    ("table", "row", "field"),
    [
        ("history", "REG;74;;Limousin;2;fra-region;;;;fra-reg-75;;;", "fin"),
        ("history", "REG;74;;Limousin;9;fra-region;;;2016-01-01;fra-reg-75;;;", "article"),
        ("history", "REG;74;;Limousin;2;région;;;2016-01-01;fra-reg-75;;;", "nature"),
        ("history", "REG;74;;Limousin;2;fra-region;;;2016;fra-reg-75;;;", "fin"),
        ("history", "REG;74;;;2;fra-region;;;2016-01-01;fra-reg-75;;;", "nom"),
        ("territories", "VILLE;38;Isère;5;84", "type"),
        ("territories", "REG;75;Encore;3;", "code"),
    ],
)
def test_a_bad_row_is_refused_with_its_column(
    tmp_path: Path, table: str, row: str, field: str
) -> None:
    tables = {
        "territories": [TODAY[0], "REG;75;Nouvelle-Aquitaine;3;"],
        "history": [HISTORY[0], "REG;75;;;;;;2016-01-01;;;;;"],
    }
    tables[table].append(row)
    for name, lines in tables.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), "utf-8")
    found, issues = load(tmp_path)
    assert [*found] == ["fra-reg-75"]
    assert authority(found, "fra-reg-75").start == PartialDate("2016-01-01")
    (note,) = issues.notes
    assert (note.level, note.line, note.field) == ("refused", 3, field)


def test_the_tables_of_insee_give_what_ships(territories: dict[str, Entity]) -> None:
    if not INSEE.exists():
        pytest.skip(f"{INSEE} is not here")
    found, issues = load(INSEE)
    assert found.keys() == territories.keys()
    assert {note.level for note in issues.notes} == {"skipped"}
    for key in ("fra-dep-38", "fra-reg-84", "fra-ctcd-6ae", "place/fra-dep-67"):
        assert found[key] == territories[key]
