"""A snapshot is made anew from the packages, and is what ships where they are the same."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from loaders.datasets.geonames import refresh as geonames
from loaders.datasets.subdivisions import refresh as subdivisions

FILES = "files:\n  {}: x\n"


def refreshed(name: str, package: Path, tmp_path: Path) -> list[str]:
    """The lines of the snapshot that a package gives, its checksum written down."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / "dataset.yml").write_text(FILES.format(f"{name}.csv"), "utf-8")
    module: Any = importlib.import_module(f"loaders.datasets.{name}.refresh")
    module.refresh({module.PACKAGE: package}, folder)
    content = (folder / "source" / f"{name}.csv").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    assert (folder / "dataset.yml").read_text("utf-8") == f"files:\n  {name}.csv: {digest}\n"
    return content.decode().splitlines()


def test_the_snapshot_of_morocco_joins_five_tables(tmp_path: Path) -> None:
    attributes = tmp_path / "package" / "data" / "attributes"
    attributes.mkdir(parents=True)
    columns = "code,name_fr,name_ar,population_2024"
    tables = {
        "regions": (columns, "06,Casablanca-Settat,x,4"),
        "provinces": (
            f"{columns},type,region_code",
            "06.141.01.00,Anfa,y,1,prefecture_of_arrondissements,06",
            "06.141,Casablanca,z,3,prefecture,06",
        ),
        "cercles": (f"{columns},province_code",),
        "communes": (
            f"{columns},type,province_code,cercle_code,population_2014",
            "06.141.01.0,Casablanca,z,2,urban,06.141,,5",
        ),
        "arrondissements": (f"{columns},commune_code", "06.141.01.03,Maârif,m,1,06.141.01.0"),
    }
    for name, lines in tables.items():
        with gzip.open(attributes / f"{name}.csv.gz", "wt", encoding="utf-8") as file:
            file.write("\n".join(lines))
    assert refreshed("morocco", tmp_path / "package", tmp_path) == [
        "level;code;parent;fr;ar;population_2014;population_2024",
        "région;06;;Casablanca-Settat;x;;4",
        "préfecture;06.141;06;Casablanca;z;;3",
        "préfecture d'arrondissements;06.141.01.00;06.141;Anfa;y;;1",
        "commune urbaine;06.141.01.0;06.141;Casablanca;z;5;2",
        "arrondissement;06.141.01.03;06.141.01.0;Maârif;m;;1",
    ]


def test_the_snapshot_of_benin_is_read_from_a_module_that_is_not_run(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    tables = {
        "DEPARTEMENTS": [{"id": "BJ-AQ", "nom": "Atlantique", "parent": None}],
        "COMMUNES": [{"id": "BJ-AQ-OUI", "nom": "Ouidah", "parent": "BJ-AQ", "alias": ["WHYDAH"]}],
        "ARRONDISSEMENTS": {"groupes": [["BJ-AQ-OUI", [[6, "Ouidah II", "ouidah 2", 1, None]]]]},
    }
    lines = [f"{name} = {json.dumps(rows)!r}" for name, rows in tables.items()]
    (package / "_generated.py").write_text("\n".join([*lines, "raise SystemExit"]), "utf-8")
    assert refreshed("benin", package, tmp_path) == [
        "level;code;parent;fr;other",
        "département;BJ-AQ;;Atlantique;",
        "commune;BJ-AQ-OUI;BJ-AQ;Ouidah;Whydah",
        "arrondissement;BJ-AQ-OUI-06;BJ-AQ-OUI;Ouidah II;",
    ]


def test_the_snapshot_of_algeria_gives_codes_to_what_has_none(tmp_path: Path) -> None:
    data = tmp_path / "package" / "data"
    data.mkdir(parents=True)
    wilaya = {"code": "16", "nom_fr": "Alger", "nom_ar": "الجزائر", "nom_en": "Algiers"}
    daira = {"wilaya_code": "16", "nom_fr": "Sidi M'Hamed", "nom_ar": "سيدي امحمد"}
    commune = {**daira, "nom_fr": "Alger Centre", "daira_fr": "Sidi M'Hamed"}
    for name, row in (("wilayas", wilaya), ("dairas", daira), ("communes", commune)):
        content = json.dumps({"nb": 1, name: [row]})
        (data / f"{name}.json").write_text(content, "utf-8")
    assert refreshed("algeria", tmp_path / "package", tmp_path) == [
        "level;code;parent;fr;ar;en",
        "wilaya;16;;Alger;الجزائر;Algiers",
        "daïra;16-daira-sidi-m-hamed;16;Sidi M'Hamed;سيدي امحمد;",
        "commune;16-alger-centre;16-daira-sidi-m-hamed;Alger Centre;سيدي امحمد;",
    ]


def test_the_snapshot_of_the_iso_list_takes_the_first_name_in_each_script(tmp_path: Path) -> None:
    row = {"name": "Dakar", "type": "Region", "parentCode": None}
    names = "Dar el Beïda (ara), دكار (ara), Ndakaaru (wol), Dakar (eng)"
    content: dict[str, dict[str, dict[str, str | None]]] = {
        country: {} for country in subdivisions.COUNTRIES
    }
    content["SN"]["SN-DK"] = {**row, "localOtherName": names}
    content["MA"]["MA-AGD"] = {**row, "type": "Province", "localOtherName": None}
    content["XX"] = {"XX-1": {**row, "localOtherName": None}}
    (tmp_path / "iso3166-2.json").write_text(json.dumps(content), "utf-8")
    assert refreshed("subdivisions", tmp_path, tmp_path) == [
        "country;level;code;parent;fr;ar;wo",
        "SEN;Region;SN-DK;;Dakar;دكار;Ndakaaru",
    ]


def test_the_snapshot_of_geonames_takes_the_level_off_the_names(tmp_path: Path) -> None:
    first = [{"code": "ML.03", "name": "Kayes"}, {"code": "FR.84", "name": "Rhône"}]
    second = [
        {"code": "ML.03.7701481", "name": "Kayes Cercle"},
        {"code": "NE.04.2441290", "name": "Ville de Maradi"},
        {"code": "CM.11.2229546", "name": "Département de la Lékié"},
        {"code": "SN.15.10778597", "name": "Département de Ranérou"},
    ]
    (tmp_path / "admin1.json").write_text(json.dumps(first), "utf-8")
    (tmp_path / "admin2.json").write_text(json.dumps(second), "utf-8")
    assert refreshed("geonames", tmp_path, tmp_path) == [
        "country;level;code;parent;fr",
        "MLI;admin1;ML.03;;Kayes",
        "CMR;admin2;CM.11.2229546;CM.11;la Lékié",
        "MLI;admin2;ML.03.7701481;ML.03;Kayes",
        "NER;ville;NE.04.2441290;NE.04;Maradi",
        "SEN;admin2;SN.15.10778597;SN.15;Ranérou",
    ]


@pytest.mark.parametrize(
    ("stated", "bare"),
    [
        ("Cercle d’ Abeïbara", "Abeïbara"),
        ("Departement du Mayo-Kani", "le Mayo-Kani"),
        ("Département de l'Océan", "l'Océan"),
        ("Boumba-Ngoko", "Boumba-Ngoko"),
        ("Bui Division", "Bui"),
    ],
)
def test_a_name_of_geonames_loses_its_level_and_keeps_its_article(stated: str, bare: str) -> None:
    assert geonames.bare(stated) == bare
