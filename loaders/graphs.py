"""The graphs of a version: one a source record, their merge, and those about them.

A graph is a set of triples, each a line of N-Triples without its full stop, so that merging
deduplicates and sorting makes the same bytes of the same input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox
from rdflib import Graph

from loaders.authorities import Authorities, Finder, Resolution
from loaders.iris import graph_iri
from loaders.provenance import dataset_triples, record_triples
from loaders.quads import Triple, triples
from loaders.reading import Read
from loaders.records import Organisation, SourceRecord
from ontology import (
    GRAPH_INFERRED,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    SKOS,
    alignment_graph,
    ontology_graph,
    schemes_graph,
)

Lines = set[str]

PREF_LABEL = f" <{SKOS.prefLabel}> "
ALT_LABEL = f" <{SKOS.altLabel}> "


@dataclass
class Graphs:
    """The named graphs of a version by IRI, and what was found of the names in them."""

    named: dict[str, Lines] = field(default_factory=dict)
    resolutions: dict[str, list[Resolution]] = field(default_factory=dict)
    names_rank: dict[str, int] = field(default_factory=dict)

    def data(self) -> Lines:
        """The deduplicated merge of everything but the provenance: the real default graph.

        Sources may prefer different names for one entity, and each keeps its own in its graph.
        The merge has one preferred name per language, as SKOS asks (S14); the others are variants.
        """
        merge: Lines = set()
        preferred: dict[tuple[str, str], str] = {}
        for graph in sorted(self.named, key=lambda iri: (self.names_rank.get(iri, 1), iri)):
            if graph == str(GRAPH_PROVENANCE):
                continue
            for line in sorted(self.named[graph]):
                if PREF_LABEL in line:
                    subject, name = line.split(PREF_LABEL, 1)
                    language = name.rpartition("@")[2]
                    if preferred.setdefault((subject, language), name) != name:
                        merge.add(f"{subject}{ALT_LABEL}{name}")
                        continue
                merge.add(line)
        return merge

    def quads(self) -> Iterator[str]:
        """Every quad of the version as N-Quads lines, sorted: the default graph, then the named."""
        for line in sorted(self.data()):
            yield f"{line} .\n"
        for graph in sorted(self.named):
            for line in sorted(self.named[graph]):
                yield f"{line} <{graph}> .\n"


def known_authorities(reads: Iterable[Read]) -> Authorities:
    """The agents that the records themselves describe, for names to be resolved against."""
    return Authorities(
        entity
        for outcome in reads
        for record in outcome.records
        for entity in record.entities
        if isinstance(entity, Organisation)
    )


def record_graphs(reads: Iterable[Read]) -> Graphs:
    """One graph for each record, the ontology and the provenance; no inferences yet."""
    reads = list(reads)
    graphs = Graphs()
    authorities = known_authorities(reads)
    provenance: list[Triple] = []
    for outcome in reads:
        provenance.extend(dataset_triples(outcome.dataset))
        for record in outcome.records:
            finder = Finder(authorities, outcome.dataset.name, record, outcome.dataset.lookups)
            lines = _lines(triples(record, finder)) | _lines(finder.triples())
            iri = graph_iri(outcome.dataset.name, record.key)
            graphs.named[iri] = lines
            graphs.names_rank[iri] = outcome.dataset.names_rank
            graphs.resolutions[iri] = list(finder.resolutions.values())
            provenance.extend(record_triples(outcome.dataset, record, len(lines)))
    graphs.named[str(GRAPH_PROVENANCE)] = _lines(provenance)
    graphs.named[str(GRAPH_ONTOLOGY)] = vocabulary()
    graphs.named[str(GRAPH_INFERRED)] = set()
    return graphs


def vocabulary() -> Lines:
    """The ontology, its alignment and its schemes, blank nodes named the same every time."""
    return canonical(ontology_graph() + alignment_graph() + schemes_graph())


def canonical(graph: Graph) -> Lines:
    """The lines of a graph, its blank nodes labelled by RDFC-1.0."""
    dataset = ox.Dataset(
        ox.parse(graph.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_QUADS)
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in dataset}


def record_of(reads: Iterable[Read], graph: str) -> tuple[Read, SourceRecord] | None:
    """The record whose named graph this is."""
    for outcome in reads:
        for record in outcome.records:
            if graph_iri(outcome.dataset.name, record.key) == graph:
                return outcome, record
    return None


def _lines(statements: Iterable[Triple]) -> Lines:
    return {" ".join(triple) for triple in statements}
