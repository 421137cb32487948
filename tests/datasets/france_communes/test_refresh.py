"""Changes out of an npm package's versions and yearly registers: real rows of it, shortened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loaders.datasets.france_communes.corrections import Corrections, read_corrections
from loaders.datasets.france_communes.versions import Versions
from loaders.datasets.france_communes.vintages import (
    Difference,
    Listed,
    Register,
    former_codes,
    register,
)
from loaders.errors import DatasetError
from loaders.registers.cog.movements import (
    Movement,
    State,
    moment,
    read_movements,
)
from loaders.registers.communes import SHIPPED_MOVEMENTS
from loaders.sources.issue_log import IssueLog


def _version(known: str, name: str, **more: str) -> dict[str, Any]:
    kind, _, rest = known.partition("-")
    code, _, day = rest.partition("@")
    start = {} if day == "1943-01-01" else {"dateDebut": day}
    ends = {"end": "dateFin", "why": "raisonFin", "into": "successeur", "pole": "pole"}
    given = {ends.get(key, key): value for key, value in more.items()}
    return {"id": known, "type": kind, "code": code, "nom": name, **start, **given}


def _links(movements: list[Movement]) -> list[str]:
    return [
        f"{each.mod} {each.day} {_side(each.before)} > {_side(each.after)}" for each in movements
    ]


def _side(state: State | None) -> str:
    return f"{state.type} {state.code} {state.name}" if state else "-"


def test_a_version_that_ends_in_a_commune_nouvelle_is_a_link_to_it_and_to_its_part() -> None:
    why = "changement de département + commune devenant déléguée"
    versions = [
        _version("COM-49144@1943-01-01", "Freigné", end="2018-01-01", why=why,
                 into="COMD-44225@2018-01-01"),
        _version("COMD-44225@2018-01-01", "Freigné", pole="COM-44180@2018-01-01"),
        _version("COM-44180@2018-01-01", "Vallons-de-l'Erdre", raisonDebut="commune nouvelle"),
    ]  # fmt: skip
    assert _links(list(Versions(versions).movements())) == [
        "41 2018-01-01 COM 49144 Freigné > COM 44225 Freigné",
        "32 2018-01-01 COM 44225 Freigné > COM 44180 Vallons-de-l'Erdre",
        "32 2018-01-01 COM 44225 Freigné > COMD 44225 Freigné",
    ]


def test_parts_that_are_restored_to_another_commune_are_told_with_the_one_that_they_leave() -> None:
    left, why = "COM-55245@1973-01-01", "dé-fusion + fusion-association"
    both = "COM-55386@1983-01-01"
    versions = [
        _version(left, "Madine", end="1983-01-01", why="dé-fusion"),
        _version("COMA-55386@1973-01-01", "Nonsard", pole=left, end="1983-01-01", why=why,
                 into="COMP-55386@1983-01-01"),
        _version("COMA-55273@1973-01-01", "Lamarche-en-Woëvre", pole=left, end="1983-01-01",
                 why=why, into="COMA-55273@1983-01-01"),
        _version("COMP-55386@1983-01-01", "Nonsard", pole=both),
        _version("COMA-55273@1983-01-01", "Lamarche-en-Woëvre", pole=both),
        _version(both, "Nonsard-Lamarche", raisonDebut="fusion-association"),
    ]  # fmt: skip
    assert _links(list(Versions(versions).movements())) == [
        "21 1983-01-01 COM 55245 Madine > COM 55386 Nonsard-Lamarche",
        "21 1983-01-01 COMA 55386 Nonsard > COM 55386 Nonsard-Lamarche",
        "21 1983-01-01 COM 55245 Madine > COMA 55273 Lamarche-en-Woëvre",
        "21 1983-01-01 COMA 55273 Lamarche-en-Woëvre > COMA 55273 Lamarche-en-Woëvre",
    ]


def test_a_new_name_with_the_end_of_the_parts_is_a_renaming() -> None:
    versions = [
        _version("COM-45065@1973-01-01", "Césarville", end="1978-01-01", why="fusion totale",
                 into="COM-45065@1978-01-01"),
        _version("COM-45065@1978-01-01", "Césarville-Dossainville"),
    ]  # fmt: skip
    assert _links(list(Versions(versions).movements())) == [
        "10 1978-01-01 COM 45065 Césarville > COM 45065 Césarville-Dossainville"
    ]


def _between(before: Register, after: Register, **more: dict[str, str]) -> list[str]:
    joined, went = more.get("joined", {}), more.get("went", {})
    return _links(list(Difference(before, after, 2024, joined, went).movements()))


def test_a_commune_under_another_code_and_the_same_name_has_moved_its_seat() -> None:
    assert _between(
        {("COM", "27058"): Listed("Les Trois Lacs"), ("COMD", "27647"): Listed("Tosny", "27058")},
        {("COM", "27676"): Listed("Les Trois Lacs"), ("COMD", "27647"): Listed("Tosny", "27676")},
    ) == ["50 2024-01-01 COM 27058 Les Trois Lacs > COM 27676 Les Trois Lacs"]


def test_a_commune_that_is_gone_was_merged_into_that_of_its_part_or_former_code() -> None:
    before = {("COM", code): Listed(name) for code, name in (("01", "A"), ("02", "B"), ("03", "C"))}
    after = {("COM", "01"): Listed("A et B"), ("COMD", "02"): Listed("B", "01")}
    assert _between(before, after, joined={"03": "01"}) == [
        "32 2024-01-01 COM 01 A > COM 01 A et B",
        "32 2024-01-01 COM 02 B > COM 01 A et B",
        "32 2024-01-01 COM 02 B > COMD 02 B",
        "32 2024-01-01 COM 03 C > COM 01 A et B",
    ]


def test_a_new_commune_is_restored_from_the_one_that_it_was_merged_into() -> None:
    before = {
        ("COM", "60054"): Listed("Les Hauts-Talican"),
        ("COMD", "60054"): Listed("Beaumont-les-Nonains", "60054"),
    }
    after = {
        ("COM", "60054"): Listed("Beaumont-les-Nonains"),
        ("COM", "60694"): Listed("Les Hauts-Talican"),
    }
    assert _between(before, after, went={"60694": "60054"}) == [
        "21 2024-01-01 COM 60054 Les Hauts-Talican > COM 60054 Beaumont-les-Nonains",
        "21 2024-01-01 COMD 60054 Beaumont-les-Nonains > COM 60054 Beaumont-les-Nonains",
        "21 2024-01-01 COM 60054 Les Hauts-Talican > COM 60694 Les Hauts-Talican",
    ]


def test_hyphens_alone_are_no_new_name_and_of_a_part_only_the_year_is_told() -> None:
    before = {
        ("COM", "60682"): Listed("Villers Saint Frambourg-Ognon"),
        ("COM", "81085"): Listed("Escroux"),
        ("COMD", "91182"): Listed("Courcouronnes", "60682"),
        ("COMA", "62482"): Listed("Labuissière", "60682"),
    }
    after = {
        ("COM", "60682"): Listed("Villers-Saint-Frambourg-Ognon"),
        ("COM", "81085"): Listed("Lacapelle-Escroux"),
        ("COMD", "62482"): Listed("Labuissière", "60682"),
    }
    assert _between(before, after) == [
        "10 2024-01-01 COM 81085 Escroux > COM 81085 Lacapelle-Escroux",
        "35 2023 COMD 91182 Courcouronnes > COM 60682 Villers-Saint-Frambourg-Ognon",
        "70 2023 COMA 62482 Labuissière > COMD 62482 Labuissière",
    ]


def test_a_register_has_no_arrondissements_and_no_territories_overseas() -> None:
    rows = [
        {"type": "commune-actuelle", "code": "91228", "nom": "Évry", "anciensCodes": ["78228"]},
        {"type": "commune-deleguee", "code": "91182", "nom": "Courcouronnes", "chefLieu": "91228"},
        {"type": "arrondissement-municipal", "code": "13201", "nom": "Marseille 1er"},
        {"type": "commune-actuelle", "code": "98711", "nom": "Anaa"},
    ]
    assert register(rows) == {
        ("COM", "91228"): Listed("Évry"),
        ("COMD", "91182"): Listed("Courcouronnes", "91228"),
    }
    assert former_codes(rows) == {"78228": "91228"}


def test_a_year_stands_after_its_days() -> None:
    assert sorted(["2021", "2022-01-01", "2021-12-31"], key=moment) == [
        "2021-12-31",
        "2021",
        "2022-01-01",
    ]


def test_the_corrections_are_few_and_each_has_its_change() -> None:
    known = read_corrections()
    assert len(known.moved) + len(known.began) + len(known.abolished) == 25
    assert len(known.missing) + len(known.names) + len(known.renamed) == 15
    issues = IssueLog("france_communes", SHIPPED_MOVEMENTS.name, "communes")
    shipped = {
        (each.mod, each.day, side.code)
        for each in read_movements(SHIPPED_MOVEMENTS, issues)
        for side in (each.before, each.after)
        if side
    }
    for moved in known.moved:
        assert {(moved.kind, str(moved.day), code) for code in moved.codes} <= shipped
    for renamed in known.renamed:
        assert ("10", str(renamed.day), renamed.code) in shipped
    for abolished in known.abolished:
        codes = {abolished.code, *abolished.into}
        assert {("30", str(abolished.day), code) for code in codes} <= shipped


def test_a_correction_moves_the_change_that_it_names_and_no_other(tmp_path: Path) -> None:
    seat = State("COM", "69159", "Porte des Pierres Dorées")
    change = Movement("50", "2025-01-01", seat, State("COM", "69114", seat.name))
    assert [each.day for each in read_corrections().dated([change])] == ["2024-03-15"]
    assert list(Corrections().dated([change])) == [change]
    path = tmp_path / "corrections.yml"
    path.write_text("moved: [{kind: '50', codes: ['69159'], told: 2025-01-01, day: soon}]", "utf-8")
    with pytest.raises(DatasetError, match=r"corrections\.yml.*\n?.*moved\.0\.day"):
        read_corrections(path)
