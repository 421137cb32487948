"""Links to others: by the code of today, never by one that an earlier authority bore."""

from __future__ import annotations

import csv
from pathlib import Path

from loaders.datasets.links.refresh import DEPARTMENTS, FORMER, REGIONS, departments
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.reading import Sources, read
from tests.conftest import ROOT

TERRITORIES = ROOT / "loaders/datasets/france_territories/source/territories.csv"


def test_nuts_has_each_departement_once_in_its_region_in_the_order_of_their_codes() -> None:
    with TERRITORIES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    region = {row["code"]: row["region"] for row in rows if row["type"] == "DEP"}
    nuts = departments()
    assert nuts.keys() == region.keys()
    assert len(set(nuts.values())) == len(nuts)
    for code, found in nuts.items():
        above = found[:3] if found[:3] in REGIONS else found[:4]
        assert REGIONS[above] == region[code]
    for codes in DEPARTMENTS.values():
        assert codes.split() == sorted(codes.split())
    assert sorted(REGIONS.values()) == sorted(row["code"] for row in rows if row["type"] == "REG")
    assert FORMER.keys() < DEPARTMENTS.keys()


def test_a_code_that_nobody_holds_today_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "links.csv"
    table.write_text("type;code;nuts;geonames\nCOM;91182;;\nCOM;98735;;\nCOM;91228;;\n", "utf-8")
    outcome = read(registrations()["links"], Sources(replaced={"links": [table]}), Silent())
    (record,) = outcome.records
    assert [(each.key, each.matches[0].target) for each in record.entities] == [
        ("fra-cog-91228-2019", "http://id.insee.fr/geo/commune/91228")
    ]
    assert [(note.level, note.field, note.value) for note in outcome.issues.notes] == [
        ("refused", "code", "91182"),
        ("refused", "code", "98735"),
    ]
