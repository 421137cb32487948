from __future__ import annotations

import itertools
import lzma
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from loaders.model.records import Authority, Change, Place
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import registrations
from tests.datasets.france_communes.conftest import SLICE, Known, known, refs, told

STANDING = (SLICE / "communes.csv").read_text("utf-8")
MOVEMENTS = (SLICE / "movements.csv").read_text("utf-8")


def test_a_commune_keeps_its_key_through_a_new_name_and_a_new_departement(sliced: Known) -> None:
    evry = sliced.authority("fra-cog-91228")
    assert evry.names == (Text("Évry"),)
    assert evry.other_names == (Text("Évry-Petit-Bourg"),)
    assert (evry.start, evry.end) == (None, PartialDate("2018-12-31"))
    codes = [(code.notation, code.start, code.end) for code in evry.identifiers]
    assert codes == [
        ("78228", None, PartialDate("1967-12-31")),
        ("91228", PartialDate("1968-01-01"), PartialDate("2018-12-31")),
    ]
    assert {code.scheme for code in evry.identifiers} == {Ref("concept/identifier-scheme/fra-cog")}
    (former,) = evry.former_names
    assert (former.form, former.end) == (Text("Évry-Petit-Bourg"), PartialDate("1965-06-29"))
    assert evry.dated_name
    assert evry.dated_name.start == PartialDate("1965-06-30")


def test_the_later_holder_of_a_code_has_the_year_in_its_key(sliced: Known) -> None:
    new = sliced.authority("fra-cog-91228-2019")
    assert new.names == (Text("Évry-Courcouronnes"),)
    assert new.kind == Ref("concept/kind/fra-commune-nouvelle")
    assert new.start == PartialDate("2019-01-01")
    assert [code.notation for code in new.identifiers] == ["91228", "200083525"]
    assert new.identifiers[1].scheme == Ref("concept/identifier-scheme/fra-siren")


def test_of_evry_in_2019_there_is_one_event(sliced: Known) -> None:
    (merger,) = (
        each
        for each in sliced.all(Change)
        if each.date == PartialDate("2019-01-01") and "91228" in each.key
    )
    assert merger.change_type == Ref("concept/change/new-municipality")
    assert merger.originals == refs("fra-cog-91182", "fra-cog-91228")
    assert merger.results == refs("fra-cog-91228-2019")
    assert merger.continuing == ()
    assert sliced.heirs("fra-cog-91182") == sliced.heirs("fra-cog-91228") == ["fra-cog-91228-2019"]


def test_a_commune_that_keeps_code_and_name_goes_on_when_it_takes_others_in(
    sliced: Known,
) -> None:
    merger = sliced.change("fra-cog-73065-1961-05-06")
    assert merger.originals == refs("fra-cog-73044", "fra-cog-73066")
    assert merger.results == merger.continuing == refs("fra-cog-73065")
    chambery = sliced.authority("fra-cog-73065")
    assert (chambery.start, chambery.end) == (None, None)


def test_the_heir_of_a_commune_merged_and_restored_is_the_restored_one(sliced: Known) -> None:
    assert sliced.heirs("fra-cog-52105") == ["fra-cog-52105-1984"]
    assert sliced.heirs("fra-cog-52348") == ["fra-cog-52348-1984"]
    assert len(sliced.heirs("fra-cog-52348-1972")) == 12
    merger = sliced.change("fra-cog-52348-1972-1972-06-01")
    assert Ref("authority/fra-cog-52105") in merger.originals
    assert merger.results == refs("fra-cog-52348-1972")
    split = sliced.change("fra-cog-52009-1984-1984-01-01")
    assert split.change_type == Ref("concept/change/restoration")
    assert split.originals == refs("fra-cog-52348-1972")
    assert len(split.results) == 12


def test_each_change_has_its_own_day(sliced: Known) -> None:
    assert sliced.authority("fra-cog-49069").end == PartialDate("2015-12-14")
    (merger,) = (
        each for each in sliced.all(Change) if Ref("authority/fra-cog-49069") in each.originals
    )
    assert merger.date == PartialDate("2015-12-15")
    (new,) = merger.results
    assert len(merger.originals) == 9
    seat = sliced.change(f"{new.target.removeprefix('authority/')}-2025-01-01")
    assert seat.change_type == Ref("concept/change/seat-change")
    assert (seat.originals, seat.results, seat.continuing) == ((), (), (new,))


def test_a_commune_that_moves_its_seat_and_back_is_one(sliced: Known) -> None:
    lakes = sliced.authority("fra-cog-27676-2017")
    codes = [(code.notation, code.start and code.start.lexical) for code in lakes.identifiers]
    assert codes[:3] == [
        ("27676", "2017-01-01"),
        ("27058", "2021-01-01"),
        ("27676", "2023-01-01"),
    ]
    assert len({code.key for code in lakes.identifiers}) == 4


def test_a_commune_shared_out_is_followed_by_those_that_it_went_to(sliced: Known) -> None:
    end = sliced.change("fra-cog-08203-1968-03-02")
    assert end.change_type == Ref("concept/change/abolition")
    assert end.originals == refs("fra-cog-08227")
    assert end.results == end.continuing == refs("fra-cog-08203", "fra-cog-08454")
    assert sliced.heirs("fra-cog-08227") == ["fra-cog-08203", "fra-cog-08454"]


def test_saint_barthelemy_was_a_commune_and_is_a_collectivite(sliced: Known) -> None:
    island = sliced.authority("fra-cog-97123")
    assert (island.end, island.heirs) == (PartialDate("2007-02-22"), refs("fra-com-977"))
    change = sliced.change("fra-cog-97123-2007-02-23")
    assert (change.originals, change.results) == (refs("fra-cog-97123"), refs("fra-com-977"))


def test_paris_the_commune_and_the_departement_became_one_authority(sliced: Known) -> None:
    change = sliced.change("fra-cog-75056-2019-2019-01-01")
    assert change.originals == refs("fra-cog-75056", "fra-dep-75-1968")
    assert change.results == refs("fra-cog-75056-2019")
    assert change.description[0].value.startswith("Loi n° 2017-257")
    city = sliced.authority("fra-cog-75056-2019")
    assert city.kind == Ref("concept/kind/fra-ville-de-paris")
    assert city.within == (Ref("place/fra-dep-75"),)
    assert sliced.authority("fra-cog-75056").within == refs("fra-dep-75-1968")


def test_lyon_lies_in_the_metropole_and_in_the_territory_of_the_rhone(sliced: Known) -> None:
    within = (Ref("authority/fra-siren-200046977"), Ref("place/fra-dep-69"))
    assert sliced.authority("fra-cog-69123").within == within
    assert sliced.authority("fra-cog-69002").within == refs("fra-dep-69")


def test_a_population_has_its_year(sliced: Known) -> None:
    (figure,) = sliced.authority("fra-cog-91228-2019").figures
    assert (figure.value, figure.date) == (66919, PartialDate("2023"))


def test_parts_of_communes_are_places_with_their_kind_and_dates(sliced: Known) -> None:
    district = sliced.place("fra-arm-13201")
    assert district.within == refs("fra-cog-13055")
    assert district.kind == Ref("concept/kind/fra-arrondissement-municipal")
    part = sliced.place("fra-comd-91182")
    assert part.within == refs("fra-cog-91228-2019")
    # The register of 2021 has it no more, and there is none of 2020: only a year can be said.
    assert (part.start, part.end) == (PartialDate("2019-01-01"), PartialDate("2020"))
    assert sliced.authority("fra-cog-13055").end is None


def test_an_island_without_an_authority_is_a_place(sliced: Known) -> None:
    clipperton = sliced.place("fra-cog-98901")
    assert clipperton.names == (Text("Île de Clipperton"),)
    assert clipperton.within == (Ref("place/fra-com-989"),)
    assert clipperton.kind is None


def test_the_shipped_register_gives_what_is_known_of_it(shipped: Known) -> None:
    expected = registrations()["france_communes"].dataset.counts
    assert {what: shipped.issues.counts[what] for what in expected if what != "records"} == {
        what: count for what, count in expected.items() if what != "records"
    }
    assert shipped.issues.notes == []
    entities = shipped.record.entities
    assert len({(entity.SEGMENT, entity.key) for entity in entities}) == len(entities)


def test_every_ended_commune_has_an_heir(shipped: Known) -> None:
    ended = [each for each in shipped.all(Authority) if each.end]
    assert len(ended) > 5000
    assert [each.key for each in ended if not each.heirs] == []


def test_every_ended_commune_is_an_original_of_one_change_on_the_day_after(
    shipped: Known,
) -> None:
    days = defaultdict(list)
    for each in shipped.all(Change):
        for original in each.originals:
            days[original.target].append(each.date.earliest)
    for each in shipped.all(Authority):
        if each.end:
            (day,) = days.pop(f"authority/{each.key}")
            assert (day - each.end.latest).days == 1, each.key
    assert [*days] == ["authority/fra-dep-75-1968"]


def test_the_way_to_an_heir_never_comes_back(shipped: Known) -> None:
    ends = {f"authority/{each.key}": each.end for each in shipped.all(Authority)}
    for each in shipped.all(Authority):
        for heir in each.heirs:
            assert each.end
            # Whoever follows ends later, or not at all: no circle can close.
            later = ends.get(heir.target)
            assert later is None or later.lexical > each.end.lexical, (each.key, heir)


def test_no_two_communes_hold_a_code_on_one_day(shipped: Known) -> None:
    held = defaultdict(list)
    for each in shipped.all(Authority):
        for code in each.identifiers:
            if code.scheme == Ref("concept/identifier-scheme/fra-cog"):
                start = code.start.lexical if code.start else ""
                end = code.end.lexical if code.end else "9999"
                held[code.notation].append((start, end))
    assert len(held) > 39_000
    for code, periods in held.items():
        periods.sort()
        for (_, end), (start, _) in itertools.pairwise(periods):
            assert end < start, code


def test_every_change_has_a_type(shipped: Known) -> None:
    types = Counter(
        each.change_type.target.rpartition("/")[2]
        for each in shipped.all(Change)
        if each.change_type
    )
    assert types.total() == len(shipped.all(Change))
    assert types["department-change"] == 904
    assert types["seat-change"] == 8
    assert types["new-municipality"] == 898


def test_parts_and_islands_are_places_and_nothing_else_is(shipped: Known) -> None:
    kinds = Counter(
        each.kind and each.kind.target.rpartition("/")[2] for each in shipped.all(Place)
    )
    assert kinds == {
        "fra-commune-deleguee": 2559,
        "fra-commune-associee": 1045,
        "fra-arrondissement-municipal": 45,
        None: 11,
    }


@pytest.mark.parametrize(
    ("table", "old", "new", "field"),
    [
        ("communes", "COM;91228;", "COM;9122;", "COM"),
        ("communes", "COM;91228;", "VILLE;91228;", "TYPECOM"),
        ("communes", ";200083525;", ";2000835;", "SIREN"),
        ("communes", ";66919;", ";66 919;", "POPULATION"),
        ("communes", ";Évry-Courcouronnes;", ";;", "LIBELLE"),
        ("communes", "COM;69123;", "COM;69002;", "COM"),
        ("movements", "41;1968-01-01;COM;78228", "41;01/01/1968;COM;78228", "DATE_EFF"),
        ("movements", "41;1968-01-01;COM;78228", "41;1968-02-30;COM;78228", "DATE_EFF"),
        ("movements", "41;1968-01-01;COM;78228", "99;1968-01-01;COM;78228", "MOD"),
        ("movements", "41;1968-01-01;COM;78228", "41;1968-01-01;COM;FR-78228", "COM_AV"),
    ],
)
def test_a_bad_cell_is_refused_with_row_and_column(
    tmp_path: Path, table: str, old: str, new: str, field: str
) -> None:
    tables = {"communes": STANDING, "movements": MOVEMENTS}
    assert tables[table].count(old) == 1
    line = 1 + tables[table][: tables[table].index(old)].count("\n")
    tables[table] = tables[table].replace(old, new)
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    _, issues = told(tmp_path)
    (refused,) = (note for note in issues.notes if note.level == "refused")
    assert (refused.field, refused.line) == (field, line)


def test_a_name_that_register_and_changes_give_otherwise_is_told(tmp_path: Path) -> None:
    text = STANDING.replace(";Évry-Courcouronnes;", ";Évry et Courcouronnes;")
    (tmp_path / "communes.csv").write_text(text, "utf-8")
    (tmp_path / "movements.csv").write_text(MOVEMENTS, "utf-8")
    found = known(tmp_path)
    assert found.authority("fra-cog-91228-2019").names == (Text("Évry et Courcouronnes"),)
    (note,) = found.issues.notes
    assert (note.level, note.field) == ("warning", "LIBELLE")
    assert "'Évry-Courcouronnes'" in note.advice


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "communes.csv").write_text(STANDING.replace("LIBELLE", "NAME"), "utf-8")
    records, issues = told(tmp_path)
    assert records == []
    assert [note.level for note in issues.notes] == ["skipped"]


def test_commas_and_windows_1252_are_read(tmp_path: Path, sliced: Known) -> None:
    for name, text in (("communes", STANDING), ("movements", MOVEMENTS)):
        (tmp_path / f"{name}.csv").write_bytes(text.replace(";", ",").encode("cp1252"))
    found = known(tmp_path)
    assert found.record.entities == sliced.record.entities
    assert found.issues.notes == []


def test_a_truncated_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "communes.csv.xz"
    path.write_bytes(lzma.compress(STANDING.encode())[:-20])
    records, issues = told(path)
    assert records == []
    assert "cannot be read" in str(issues.notes[0]) or "no table" in str(issues.notes[0])
