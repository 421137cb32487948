"""Snapshots made anew: from small packages here, from the real ones by `maillage refresh`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from loaders.datasets.france_communes import refresh as communes
from loaders.datasets.france_communes.corrections import Corrections
from loaders.datasets.france_groupings import refresh as groupings
from loaders.errors import DatasetError
from loaders.sources.dataset import registrations
from loaders.sources.refreshing import refresh, write_source


def test_the_communes_and_their_changes_come_from_one_npm_package(tmp_path: Path) -> None:
    history = [
        {"id": "COM-91182@1943-01-01", "type": "COM", "code": "91182", "nom": "Courcouronnes"},
        {"id": "COM-91228@1943-01-01", "type": "COM", "code": "91228", "nom": "Évry-Petit-Bourg",
         "raisonFin": "changement de nom", "dateFin": "1965-06-30",
         "successeur": "COM-91228@1965-06-30"},
        {"id": "COM-91228@1965-06-30", "type": "COM", "code": "91228", "nom": "Évry",
         "raisonDebut": "changement de nom", "dateDebut": "1965-06-30"},
    ]  # fmt: skip
    here = {"type": "commune-actuelle", "departement": "91", "zone": "metro"}
    evry = {**here, "code": "91228", "nom": "Évry"}
    both = [evry, {**here, "code": "91182", "nom": "Courcouronnes"}]
    merged = [
        {**evry, "nom": "Évry-Courcouronnes", "siren": "200083525", "population": 66919,
         "anciensCodes": ["91182"]},
        {**here, "code": "98711", "nom": "Anaa", "departement": "987", "zone": "com"},
    ]  # fmt: skip
    packages = {}
    for name in communes.PACKAGES:
        packages[name] = tmp_path / name.rpartition("@")[2]
        data = packages[name] / "data"
        data.mkdir(parents=True)
        listed = merged if name == communes.LATEST else both
        (data / "communes.json").write_text(json.dumps(listed))
        (data / "historique-communes.json").write_text(json.dumps(history))
        (data / "epci.json").write_text("[]")
    (tmp_path / "dataset.yml").write_text("  communes.csv.xz: x\n  movements.csv.xz: x\n")
    found = communes.history(packages, Corrections())
    assert [(each.mod, each.day) for each in found] == [
        ("10", "1965-06-30"),
        ("32", "2026-01-01"),
        ("32", "2026-01-01"),
    ]
    standing = communes.standing(packages[communes.LATEST])
    assert [";".join(row) for row in standing] == [
        "COM;91228;91;;Évry-Courcouronnes;;200083525;66919;2023",
        "COM;98711;987;;Anaa;;;;",
    ]


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
