"""Snapshots made anew: from small packages here, from the real ones by `maillage refresh`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from loaders.datasets.france_communes.vintages import Versions
from loaders.datasets.france_groupings import refresh as groupings
from loaders.errors import DatasetError
from loaders.sources.dataset import registrations
from loaders.sources.refreshing import refresh, write_source

Row = dict[str, Any]


def commune(code: str, name: str, *former: str, kind: str = "COM", seat: str = "") -> Row:
    return {"type": kind, "code": code, "nom": name, "anciensCodes": former, "chefLieu": seat}


def history(*communes: tuple[str, str]) -> Versions:
    return Versions(
        {"id": f"COM-{code}@1943-01-01", "type": "COM", "code": code, "nom": name}
        for code, name in communes
    )


def register(*rows: Row) -> dict[tuple[str, str], Row]:
    return {(row["type"], row["code"]): row for row in rows}


def rows(versions: Versions) -> dict[str, dict[str, str]]:
    versions_of_today = [
        {"type": kind, "code": code, "departement": code[:2], "zone": "metro"}
        for kind, code in versions._open
    ]
    kinds = {"COM": "COM", "COMD": "COMD", "COMA": "COMA"}
    return {row["id"]: row for row in versions.rows(versions_of_today, kinds)}


def test_a_code_that_vanishes_is_merged_into_the_commune_that_has_it_now() -> None:
    versions = history(("01001", "Grand"), ("01002", "Petit"))
    versions.continue_to(
        "2025-01-01",
        register(
            commune("01001", "Grand-et-Petit", "01002"),
            commune("01001", "Grand", kind="COMD", seat="01001"),
            commune("01002", "Petit", kind="COMD", seat="01001"),
        ),
    )
    found = rows(versions)
    assert found["COM-01002:1943-01-01"]["successeur"] == "COMD-01002:2025-01-01"
    assert found["COM-01001:1943-01-01"]["raison_fin"] == "commune devenant déléguée"
    assert found["COM-01001:2025-01-01"]["raison_debut"] == "commune nouvelle"
    assert found["COMD-01002:2025-01-01"]["pole"] == "COM-01001:2025-01-01"


def test_a_commune_under_another_code_with_its_name_has_moved_its_seat() -> None:
    versions = history(("01001", "Les Lacs"))
    versions.continue_to("2025-01-01", register(commune("01002", "Les Lacs", "01001")))
    found = rows(versions)
    assert found["COM-01001:1943-01-01"]["successeur"] == "COM-01002:2025-01-01"
    assert found["COM-01002:2025-01-01"]["raison_debut"] == "changement de chef lieu"


def test_a_part_that_is_a_commune_again_is_restored() -> None:
    versions = history(("01001", "Grand"), ("01002", "Petit"))
    merged = register(
        commune("01001", "Grand", "01002"), commune("01002", "Petit", kind="COMD", seat="01001")
    )
    versions.continue_to("2024-01-01", merged)
    versions.continue_to(
        "2025-01-01", register(commune("01001", "Grand"), commune("01002", "Petit"))
    )
    found = rows(versions)
    assert found["COMD-01002:2024-01-01"]["successeur"] == "COM-01002:2025-01-01"
    assert found["COM-01002:2025-01-01"]["raison_debut"] == "rétablissement"
    assert "fin" not in found["COM-01001:2024-01-01"]


def test_the_snapshot_holds_the_facts_of_the_package(tmp_path: Path) -> None:
    package = tmp_path / "package"
    (package / "data").mkdir(parents=True)
    members = [{"code": "91228"}, {"code": "77067"}]
    epci = {"code": "200059228", "type": "CA", "nom": "CA Exemple"}
    (package / "data" / "epci.json").write_text(json.dumps([{**epci, "membres": members}]))
    (package / "data" / "ept.json").write_text("[]")
    (tmp_path / "dataset.yml").write_text("# kept\nfiles:\n  groupings.csv.xz: old\n")
    groupings.refresh({groupings.PACKAGES[0]: package}, tmp_path)
    content = (tmp_path / "source" / "groupings.csv.xz").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    assert (tmp_path / "dataset.yml").read_text() == (
        f"# kept\nfiles:\n  groupings.csv.xz: {digest}\n"
    )
    assert (
        registrations()["france_groupings"].dataset.refresh == "maillage refresh france_groupings"
    )


def test_a_file_that_the_description_does_not_list_is_told(tmp_path: Path) -> None:
    (tmp_path / "dataset.yml").write_text("files:\n  other.csv: old\n")
    with pytest.raises(DatasetError, match=r"lists no file table\.csv"):
        write_source(tmp_path, "table.csv", b"x")


@pytest.mark.parametrize("name", ["atlas", "nowhere"])
def test_what_has_no_snapshot_cannot_be_refreshed(tmp_path: Path, name: str) -> None:
    with pytest.raises(DatasetError, match=name):
        refresh(name, {}, tmp_path)
