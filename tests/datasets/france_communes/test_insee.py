"""Our history held against INSEE's own tables, where a reader of the tests has them."""

from __future__ import annotations

import csv
import datetime
from collections import defaultdict
from collections.abc import Iterator

import pytest

from loaders.model.records import Authority, Change, Place
from loaders.model.values import Ref
from tests.conftest import SOURCES
from tests.datasets.france_communes.conftest import Known, known, told

FOLDER = SOURCES / "insee"

OF_PARTS = {
    "34": "an associated commune is a part of its commune, a place: its end is that place's",
    "35": "a delegated commune is a part of its commune, a place: its end is that place's",
    "70": "a part that is delegated instead of associated is another place, with its dates",
    "71": "a delegated commune that is taken up again is a place, with its dates",
    "72": "a delegated commune that is made beside others is a place, with its dates",
}
"""The kinds of INSEE's changes that are no events of ours, with the reason."""

INSEE_COUNTS = {
    1999: 36679, 2000: 36680, 2001: 36677, 2002: 36679, 2003: 36678, 2004: 36682, 2005: 36684,
    2006: 36685, 2007: 36683, 2008: 36681, 2009: 36682, 2010: 36682, 2011: 36680, 2012: 36700,
    2013: 36681, 2014: 36682, 2015: 36658, 2016: 35885, 2017: 35416, 2018: 35357, 2019: 34970,
    2020: 34968, 2021: 34965, 2022: 34955, 2023: 34945, 2024: 34935, 2025: 34875, 2026: 34875,
}  # fmt: skip
"""Communes on 1 January; those of overseas collectivités are not counted."""

COMMUNES = {
    f"concept/kind/fra-{kind}" for kind in ("commune", "commune-nouvelle", "ville-de-paris")
}


def _alive(each: Authority, day: datetime.date) -> bool:
    begun = each.start is None or (each.start.earliest or day) <= day
    return begun and (each.end is None or (each.end.latest or day) >= day)


@pytest.mark.parametrize("year", INSEE_COUNTS)
def test_the_communes_of_each_first_of_january_are_as_many_as_insee_counts(
    shipped: Known, year: int
) -> None:
    day = datetime.date(year, 1, 1)
    alive = [
        each
        for each in shipped.all(Authority)
        if each.kind
        and each.kind.target in COMMUNES
        and not each.key.startswith(("fra-cog-98", "fra-cog-975"))
        and _alive(each, day)
    ]
    assert len(alive) == INSEE_COUNTS[year]


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def test_the_changes_are_those_of_insee_day_by_day(shipped: Known) -> None:
    """Each link between communes is in one event of its day, with who ends and who begins."""
    holders = defaultdict(list)
    for each in shipped.all(Authority):
        for code in each.identifiers:
            if code.scheme == Ref("concept/identifier-scheme/fra-cog"):
                holders[code.notation].append((code, f"authority/{each.key}"))

    def holder(code: str, day: datetime.date) -> str:
        (found,) = (
            target
            for given, target in holders[code]
            if (given.start is None or given.start.earliest <= day)
            and (given.end is None or given.end.latest >= day)
        )
        return found

    ours: defaultdict[datetime.date, set[str]] = defaultdict(set)
    for change in shipped.all(Change):
        assert change.date.earliest
        for ref in (*change.originals, *change.results, *change.continuing):
            ours[change.date.earliest].add(ref.target)
    theirs: defaultdict[datetime.date, set[str]] = defaultdict(set)
    makers: defaultdict[datetime.date, set[str]] = defaultdict(set)
    left_out = set()
    for row in _rows("v_mvt_commune_2026.csv"):
        day = datetime.date.fromisoformat(row["DATE_EFF"])
        if row["MOD"] in OF_PARTS:
            left_out.add(row["MOD"])
            continue
        if "ARM" in (row["TYPECOM_AV"], row["TYPECOM_AP"]):
            continue  # arrondissements are places; Marseille and Lyon go on
        if row["TYPECOM_AV"] == "COM" and row["TYPECOM_AP"] in ("COM", ""):
            same_day = (row["COM_AV"], row["DATE_EFF"])
            if row["MOD"] == MAKING:
                makers[day].add(holder(row["COM_AV"], day - datetime.timedelta(days=1)))
            elif same_day not in PASSING:
                theirs[day].add(holder(row["COM_AV"], day - datetime.timedelta(days=1)))
        goes_on = row["MOD"] == MAKING and row["COM_AV"] == row["COM_AP"]
        if row["TYPECOM_AP"] != "COM" or goes_on:
            continue
        if (row["COM_AP"], row["DATE_EFF"]) not in PASSING:
            theirs[day].add(holder(row["COM_AP"], day))
    assert left_out == OF_PARTS.keys()
    # What is ours alone: collectivités that communes became, and Paris, which no row tells.
    own = {"authority/fra-com-977", "authority/fra-com-978", "authority/fra-dep-75-1968"}
    paris = {"authority/fra-cog-75056", "authority/fra-cog-75056-2019"}
    for day in sorted(ours.keys() | theirs.keys()):
        assert ours[day] - own - paris - makers[day] == theirs[day], day
    assert sum(len(makers[day] - ours[day]) for day in makers) == 77


MAKING = "20"
"""The change by which a part of a commune becomes one of its own: the package has the day and the
new commune, and not the one that it was a part of, which goes on."""

PASSING = {
    ("50649", "2018-01-01"): "Pont-Farcy changed département to join a commune nouvelle on one day",
    ("44225", "2018-01-01"): "Le Fresne-sur-Loire changed département to join one on one day",
}
"""Codes that were borne for no day: those of two changes of one commune on one day."""


@pytest.fixture(scope="module")
def insee() -> Known:
    for _ in _rows("v_commune_2026.csv"):
        break
    return known(FOLDER)


def test_the_tables_of_insee_give_the_communes_that_ship(shipped: Known, insee: Known) -> None:
    theirs = {each.key: each for each in insee.all(Authority)}
    ours = {each.key: each for each in shipped.all(Authority)}
    assert ours.keys() == theirs.keys()
    # SIREN, population and the names of communes overseas are not in INSEE's tables.
    differing = {
        key
        for key, each in ours.items()
        if (each.names, each.former_names, each.start, each.end, each.heirs, each.within)
        != (
            theirs[key].names,
            theirs[key].former_names,
            theirs[key].start,
            theirs[key].end,
            theirs[key].heirs,
            theirs[key].within,
        )
    }
    assert differing == SPELLED_OTHERWISE.keys()
    skipped = {note.value for note in insee.issues.notes}
    assert skipped == {
        "README.md",
        "epcicom.xlsx",
        "v_departement_2026.csv",
        "v_region_2026.csv",
    }


SPELLED_OTHERWISE = {
    "fra-cog-39378-2016": "Les Trois Châteaux, with a hyphen since it is a commune nouvelle again"
}


def test_the_tables_of_insee_give_the_changes_that_ship(shipped: Known, insee: Known) -> None:
    theirs = {each.key: each for each in insee.all(Change)}
    ours = {each.key: each for each in shipped.all(Change)}
    alone = {each.change_type for each in ours.values() if theirs.get(each.key) != each}
    # Who goes on when a commune is made of a part of it: with a new name, a change of its own.
    assert alone == {Ref("concept/change/creation"), Ref("concept/change/renaming")}
    lacking = {each.change_type for each in theirs.values() if ours.get(each.key) != each}
    assert lacking == {Ref("concept/change/creation")}
    assert (len(ours), len(theirs)) == (4920, 4907)
    assert sum(theirs.get(key) == each for key, each in ours.items()) == 4834


def test_parts_end_in_the_year_in_which_a_register_has_them_last(
    shipped: Known, insee: Known
) -> None:
    """INSEE dates the end of many earlier since, for it is told of parts late."""
    theirs = {each.key: each for each in insee.all(Place)}
    ours = {each.key: each for each in shipped.all(Place)}
    assert (len(ours.keys() - theirs.keys()), theirs.keys() - ours.keys()) == (
        36,
        {"fra-comd-45287"},  # Saint-Loup-de-Gonois: delegated between two registers
    )
    later = [
        int(each.end.lexical[:4]) - int(end.lexical[:4])
        for key, each in ours.items()
        if key in theirs and each.end and (end := theirs[key].end)
    ]
    assert (len(later), later.count(0), later.count(1)) == (992, 747, 127)


def test_one_table_of_insee_alone_is_read_with_the_other_that_ships(shipped: Known) -> None:
    for _ in _rows("v_commune_2026.csv"):
        break
    records, issues = told(FOLDER / "v_commune_2026.csv")
    (record,) = records
    assert issues.counts["communes"] == 34875
    assert issues.counts["changes"] == shipped.issues.counts["changes"]
    (note,) = issues.notes
    assert (note.level, note.value) == ("info", "movements.csv.xz")
    assert record.file == "v_commune_2026.csv"
