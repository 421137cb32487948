"""The cited tables that ship: whom their names mean, and what of them stands in the graph."""

from __future__ import annotations

import csv
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.identity.parties import PartyResolver
from loaders.identity.resolution import Authorities
from loaders.model.values import Ref
from loaders.sources.reading import Read
from loaders.versions import current
from ontology.namespaces import PREFIXES

ENDS = Path(__file__).with_name("french_ends.csv")
"""Whom each French authority of each row means, as looked at one by one; nobody where it is empty.

`pytest --regenerate` writes it anew: read the diff, a wrong match is worse than none.
"""


def french_ends(shipped: tuple[Read, Authorities]) -> list[tuple[str, str, str]]:
    outcome, authorities = shipped
    found = []
    for record in outcome.records:
        resolver = PartyResolver(authorities, "cited", record, outcome.dataset.lookups)
        resolver.resolved()
        for resolution in resolver.resolutions.values():
            party = resolution.party
            if party.authority and party.country == Ref("country/FRA"):
                key = (resolution.iri or "").rpartition("/")[2]
                found.append((record.key, party.name, key))
    return sorted(set(found))


def test_french_ends_mean_whom_they_were_seen_to_mean(
    shipped: tuple[Read, Authorities], regenerate: bool
) -> None:
    found = french_ends(shipped)
    if regenerate:
        with ENDS.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(
                [("record", "name", "authority"), *found]
            )
    with ENDS.open(newline="", encoding="utf-8") as file:
        expected = sorted(
            (row["record"], row["name"], row["authority"]) for row in csv.DictReader(file)
        )
    assert found == expected


def test_at_least_95_of_100_french_ends_are_known(shipped: tuple[Read, Authorities]) -> None:
    found = french_ends(shipped)
    assert len(found) > 850
    assert sum(bool(key) for _, _, key in found) / len(found) >= 0.95


def test_every_row_that_ships_is_taken_but_those_without_two_authorities(
    shipped: tuple[Read, Authorities],
) -> None:
    outcome, _ = shipped
    assert {note.level for note in outcome.issues.notes} == {"untied"}
    assert outcome.issues.counts["without two ends"] == 13
    assert (outcome.issues.lines["taken"], outcome.issues.lines["refused"]) == (1197, 8)
    kinds = [record.key[0] for record in outcome.records]
    assert [sum(kind in letters for kind in kinds) for letters in ("pq", "fg", "a")] == [
        957 - 8,
        174,
        74,
    ]


@pytest.fixture(scope="module")
def store(built_home: Path) -> ox.Store:
    version = current(built_home)
    assert version
    return ox.Store.read_only(str(version.folder / "store"))


def count(store: ox.Store, pattern: str, what: str = "?x") -> int:
    """The number of matches that a graph of these tables states with its page."""
    text = f"""
        SELECT (COUNT(DISTINCT {what}) AS ?n) WHERE {{
          GRAPH ?record {{ {pattern} }}
          FILTER(STRSTARTS(STR(?record), "https://w3id.org/maillage/graph/cited/"))
          GRAPH <https://w3id.org/maillage/graph/provenance> {{
            ?record (prov:wasDerivedFrom?)/dct:source ?page
          }}
        }}"""
    (row,) = store.query(text, prefixes=dict(PREFIXES))
    return int(row["n"].value)


@pytest.mark.parametrize(
    ("least", "what", "pattern"),
    [
        (700, "?x", "?x a mlg:Partnership"),
        (60, "?c", "?x a mlg:Partnership ; mlg:hasPartner ?p . ?p mlg:country ?c"),
        (50, "?x", "?x a mlg:LocalGovernmentAssociation"),
        (20, "?x", "?x a mlg:Project"),
        (90, "?x", "?x a mlg:Agreement"),
    ],
)
def test_the_shipped_graph_has_enough_of_them_each_with_its_page(
    store: ox.Store, least: int, what: str, pattern: str
) -> None:
    assert count(store, pattern, what) >= least


def test_the_shipped_graph_has_150_amounts_and_budgets_each_with_its_page(store: ox.Store) -> None:
    lines = count(store, "?x a mlg:FundingLine")
    budgets = count(store, "?x a mlg:Figure ; schema:currency ?currency")
    assert lines + budgets >= 150
