"""Makes the snapshot of the communes anew: INSEE's tables, and an npm package's SIREN and people.

INSEE publishes the Code officiel géographique as files of its site; the package has beside it the
SIREN, the legal populations and the communes of overseas collectivités.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from loaders.datasets.france_communes.movements import TABLE as MOVEMENTS
from loaders.datasets.france_communes.standing import TABLE as STANDING
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.snapshots import write_table
from loaders.sources.tables import rows

INSEE = "insee-code-officiel-geographique-2026"
PACKAGE = "@etalab/decoupage-administratif@6.0.0"
PACKAGES = (INSEE, PACKAGE)

TYPES = {
    "commune-actuelle": "COM",
    "commune-deleguee": "COMD",
    "commune-associee": "COMA",
    "arrondissement-municipal": "ARM",
}


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `communes.csv.xz` and `movements.csv.xz` and their checksums.

    The folder of INSEE holds `v_commune_2026.csv` and `v_mvt_commune_2026.csv`.
    """
    data = json.loads((packages[PACKAGE] / "data" / "communes.json").read_text("utf-8"))
    known = {(TYPES[commune["type"]], commune["code"]): commune for commune in data}
    standing = [column.name for column in STANDING]
    found = list(_standing(packages[INSEE] / "v_commune_2026.csv", known))
    write_table(
        folder, "communes.csv.xz", standing, sorted(found, key=lambda row: (row[1], row[0]))
    )
    movements = [column.name for column in MOVEMENTS]
    source = _source(packages[INSEE] / "v_mvt_commune_2026.csv")
    told = (
        [row[name] for name in movements] for row in rows(source, MOVEMENTS, IssueLog("refresh"))
    )
    # The order of the changes of one day is the table's own; years grow from top to bottom.
    write_table(folder, "movements.csv.xz", movements, sorted(told, key=lambda row: row[1]))


def _standing(path: Path, known: Mapping[tuple[str, str], Any]) -> Iterator[list[str]]:
    listed = set()
    given = [column.name for column in STANDING if not column.optional]
    for row in rows(_source(path), STANDING, IssueLog("refresh")):
        key = row["TYPECOM"], row["COM"]
        listed.add(key)
        yield [*(row[name] for name in given), *_counted(known.get(key, {}))]
    for (kind, code), commune in known.items():
        if (kind, code) not in listed:  # overseas, which v_commune leaves out
            yield [kind, code, commune["departement"], "", commune["nom"], "", *_counted(commune)]


def _counted(commune: Mapping[str, Any]) -> tuple[str, str, str]:
    """The SIREN, the population and its year, which the package tells in its documentation alone.

    The legal populations in force in 2026 are those of 2023; Mayotte's are still of 2017, and
    those of the overseas territories of several censuses.
    """
    population = str(commune.get("population", ""))
    year = "2017" if commune.get("departement") == "976" else "2023"
    counted = population and commune["zone"] != "com"
    return str(commune.get("siren", "")), population, year if counted else ""


def _source(path: Path) -> SourceFile:
    return SourceFile(path, path.name)
