"""Tables of cited facts made of a few rows, and what they give."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from loaders.build.graphs import known_authorities
from loaders.garbage_collection import no_collection
from loaders.identity.resolution import Authorities
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.reading import Read, Sources, read

PARTNERSHIP = {
    "id": "p1",
    "source_url": "https://example.org/jumelages",
    "source_title": "Jumelages",
    "source_publisher": "Exemple",
    "source_language": "fr",
    "french_parties": "Brest",
    "french_kinds": "commune",
    "foreign_parties": "Denver",
    "foreign_country": "USA",
    "relation": "twinning",
}
FUNDING = {
    "id": "f1",
    "project": "cited-p1",
    "source_url": "https://example.org/budget",
    "funder": "Ville de Brest",
    "funder_country": "FRA",
    "funder_kind": "authority",
    "named": "yes",
    "amount": "5000",
    "currency": "EUR",
}
ASSOCIATION = {
    "id": "a1",
    "source_url": "https://example.org/association",
    "name": "Association des exemples",
    "language": "fr",
    "members_count": "10",
}
TODAY = datetime.date(2026, 11, 29)

Reader = Callable[..., Read]


@pytest.fixture
def reading(tmp_path: Path) -> Reader:
    """The reader of rows of one of the tables: `reading({...}, {...})`."""

    def reading(*rows: dict[str, str]) -> Read:
        path = tmp_path / "rows.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            columns = list(dict.fromkeys(name for row in rows for name in row))
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        sources = Sources(replaced={"cited": [path]}, today=TODAY)
        return read(registrations()["cited"], sources, Silent())

    return reading


@pytest.fixture(scope="session")
def shipped() -> tuple[Read, Authorities]:
    """The tables that ship, and the authorities that all shipped datasets describe."""
    known = registrations()
    sources = Sources(today=TODAY)
    with no_collection():
        reads = {name: read(each, sources, Silent()) for name, each in known.items()}
        return reads["cited"], known_authorities(reads.values())
