"""The examples of the ontology are statements of the graph that ships."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from ontology.documents import ontology_graph
from ontology.namespaces import GRAPH_PROVENANCE, ID, PREFIXES, SKOS
from ontology.releases import own_terms

PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
TERMS = sorted(own_terms(ontology_graph()))


@pytest.fixture(scope="session")
def shipped(built_home: Path) -> ox.Store:
    return ox.Store.read_only(str(built_home / "current" / "store"))


def used(store: ox.Store, term: ox.NamedNode) -> bool:
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    return any(
        next(iter(store.quads_for_pattern(*pattern, graph)), None)
        for graph in (ox.DefaultGraph(), ox.NamedNode(str(GRAPH_PROVENANCE)))
        for pattern in ((None, term, None), (None, kind, term))
    )


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.rpartition("#")[2])
def test_an_example_stands_in_the_data_that_ship(shipped: ox.Store, term: str) -> None:
    [example] = ontology_graph().objects(term, SKOS.example)
    triples = list(ox.parse(PROLOGUE + str(example), format=ox.RdfFormat.TURTLE, base_iri=str(ID)))
    assert triples
    if not used(shipped, ox.NamedNode(term)):
        return  # no source says such a thing yet: the example is ours
    for quad in triples:
        graphs = (ox.DefaultGraph(), ox.NamedNode(str(GRAPH_PROVENANCE)))
        found = (
            ox.Quad(quad.subject, quad.predicate, quad.object, graph) in shipped for graph in graphs
        )
        assert any(found), quad
