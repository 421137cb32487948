"""Snapshots made anew: from small packages here, from the real ones by `maillage refresh`."""

from __future__ import annotations

import hashlib
import json
import lzma
from pathlib import Path

import pytest

from loaders.datasets.france_communes import refresh as communes
from loaders.datasets.france_groupings import refresh as groupings
from loaders.errors import DatasetError
from loaders.sources.dataset import registrations
from loaders.sources.refreshing import refresh, write_source


def test_the_communes_are_those_of_insee_with_the_siren_and_people_of_the_package(
    tmp_path: Path,
) -> None:
    insee, package = tmp_path / "insee", tmp_path / "package"
    insee.mkdir()
    (package / "data").mkdir(parents=True)
    (insee / "v_commune_2026.csv").write_text(
        "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\n"
        "COM,01245,84,01,01D,011,0,BOHAS,Bohas,Bohas-Meyriat-Rignat,0101,\n"
    )
    (insee / "v_mvt_commune_2026.csv").write_text(
        "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,"
        "TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP\n"
        "34,2026-01-01,COMA,01324,0,RIGNAT,Rignat,Rignat,COM,01245,0,B,B,Bohas-Meyriat-Rignat\n"
        "33,1974-01-01,COM,01324,0,RIGNAT,Rignat,Rignat,COMA,01324,0,RIGNAT,Rignat,Rignat\n"
    )
    both = {"type": "commune-actuelle", "departement": "01", "zone": "metro"}
    listed = [
        {**both, "code": "01245", "nom": "Bohas", "siren": "210102455", "population": 900},
        {**both, "code": "98711", "nom": "Anaa", "departement": "987", "zone": "com"},
    ]
    (package / "data" / "communes.json").write_text(json.dumps(listed))
    (tmp_path / "dataset.yml").write_text("  communes.csv.xz: x\n  movements.csv.xz: x\n")
    communes.refresh({communes.INSEE: insee, communes.PACKAGE: package}, tmp_path)
    standing, movements = (
        lzma.decompress((tmp_path / "source" / name).read_bytes()).decode().splitlines()
        for name in ("communes.csv.xz", "movements.csv.xz")
    )
    assert standing[1:] == [
        "COM;01245;01;01D;Bohas-Meyriat-Rignat;;210102455;900;2023",
        "COM;98711;987;;Anaa;;;;",
    ]
    assert [row[:13] for row in movements[1:]] == ["33;1974-01-01", "34;2026-01-01"]


def test_what_no_package_manager_has_is_to_be_given(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="--package insee-code-officiel-geographique-2026 FOLD"):
        refresh("france_communes", {}, tmp_path)


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
