"""Our history held against INSEE's own tables, where a reader of the tests has them."""

from __future__ import annotations

import csv
import datetime
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.model.records import Authority, Change
from loaders.model.values import Ref
from tests.datasets.france_communes.conftest import Known, known, told

FOLDER = Path(os.environ.get("MAILLAGE_SOURCES", "../shared/sources")) / "insee"

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

    ours = defaultdict(set)
    for change in shipped.all(Change):
        assert change.date.earliest
        for ref in (*change.originals, *change.results, *change.continuing):
            ours[change.date.earliest].add(ref.target)
    theirs: defaultdict[datetime.date, set[str]] = defaultdict(set)
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
            if same_day not in PASSING:
                theirs[day].add(holder(row["COM_AV"], day - datetime.timedelta(days=1)))
        if row["TYPECOM_AP"] == "COM" and (row["COM_AP"], row["DATE_EFF"]) not in PASSING:
            theirs[day].add(holder(row["COM_AP"], day))
    assert left_out == OF_PARTS.keys()
    # What is ours alone: collectivités that communes became, and Paris, which no row tells.
    own = {"authority/fra-com-977", "authority/fra-com-978", "authority/fra-dep-75-1968"}
    paris = {"authority/fra-cog-75056", "authority/fra-cog-75056-2019"}
    for day in sorted(ours.keys() | theirs.keys()):
        assert ours[day] - own - paris == theirs[day], day


PASSING = {
    ("50649", "2018-01-01"): "Pont-Farcy changed département to join a commune nouvelle on one day",
    ("44225", "2018-01-01"): "Le Fresne-sur-Loire changed département to join one on one day",
}
"""Codes that were borne for no day: those of two changes of one commune on one day."""


def test_the_tables_of_insee_give_the_history_that_ships(shipped: Known) -> None:
    for _ in _rows("v_commune_2026.csv"):
        break
    found = known(FOLDER)
    assert {each.key for each in found.record.entities} == {
        each.key for each in shipped.record.entities
    }
    skipped = {note.value for note in found.issues.notes}
    assert skipped == {
        "README.md",
        "epcicom.xlsx",
        "v_departement_2026.csv",
        "v_region_2026.csv",
    }


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
