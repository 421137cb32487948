"""Makes the snapshot of Benin anew, from the package benin-geo."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from loaders.sources.snapshots import write_table

PACKAGE = "benin-geo==0.1.0"
PACKAGES = (PACKAGE,)

COLUMNS = ("level", "code", "parent", "fr", "other")


def refresh(packages: Mapping[str, Path], folder: Path) -> None:
    """Writes `source/benin.csv`: identifiers, names and variants."""
    write_table(folder, "benin.csv", COLUMNS, _divisions(_tables(packages[PACKAGE])))


def _tables(package: Path) -> dict[str, Any]:
    """The tables that the package's generated module holds as JSON, read and not run."""
    module = ast.parse((package / "_generated.py").read_text("utf-8"))
    return {
        target.id: json.loads(ast.literal_eval(statement.value))
        for statement in module.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def _divisions(tables: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for level, rows in (("département", "DEPARTEMENTS"), ("commune", "COMMUNES")):
        for row in sorted(tables[rows], key=lambda row: str(row["id"])):
            # A law printed in capitals is where the variants stand.
            others = "|".join(name.title() for name in row.get("alias", ()))
            yield level, row["id"], row["parent"] or "", row["nom"], others
    for parent, rows in sorted(tables["ARRONDISSEMENTS"]["groupes"]):
        for number, name, *_ in rows:
            yield "arrondissement", f"{parent}-{number:02d}", parent, name, ""
