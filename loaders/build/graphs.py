"""The graphs of a version: one a source record, their merge, and those about them.

A graph is a sorted list of lines of N-Triples, so that the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

import pyoxigraph as ox
from rdflib import Graph

from loaders.build.provenance import build_triples, dataset_triples, record_triples
from loaders.build.standing import declared, recognise, standing
from loaders.build.ties import Tying, Untied, joined
from loaders.errors import BuildError
from loaders.identity.parties import PartyResolver
from loaders.identity.register import Register
from loaders.identity.resolution import Authorities, Resolution
from loaders.inference.coverage import not_carried_out
from loaders.model.iris import graph_iri
from loaders.model.quads import Triple, statements
from loaders.model.records import SourceRecord
from loaders.sources.dataset import Dataset
from loaders.sources.issue_log import Note
from loaders.sources.masking import excerpt
from loaders.sources.reading import Read
from ontology.namespaces import GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_PROVENANCE, MLG, SKOS, XSD
from ontology.rules.closure import derived_axioms, stated_vocabulary
from ontology.rules.entailment import ontology_rules

Lines = list[str]
"""Triples as N-Triples writes them, without the full stop; sorted, and none twice."""

PREF_LABEL = f" <{SKOS.prefLabel}> "
ALT_LABEL = f" <{SKOS.altLabel}> "
RDFLIB_UTC = f'+00:00"^^<{XSD.dateTime}>'
STORE_UTC = f'Z"^^<{XSD.dateTime}>'
EARLIEST, LATEST = f" <{MLG.earliest}> ", f" <{MLG.latest}> "


@dataclass
class Graphs:
    """The named graphs of a version by IRI, and what was found of the names in them."""

    register: Register
    named: dict[str, Lines] = field(default_factory=dict)
    resolutions: dict[str, list[Resolution]] = field(default_factory=dict)
    names_rank: dict[str, int] = field(default_factory=dict)
    untied: dict[str, list[Note]] = field(default_factory=dict)
    """By dataset, what it declares with fewer than two ends: no tie is made of it."""
    merge: Lines = field(default_factory=list)

    def merge_data(self) -> None:
        """Make `merge`, the real default graph: everything but the provenance and what follows.

        Sources may prefer different names for one entity, and each keeps its own in its graph.
        The merge has one preferred name per language, as SKOS asks (S14); the others are variants.
        Where they date it differently, it has the first of the first days and the last of the last.
        """
        merged: Lines = []
        first: dict[str, str] = {}
        last: dict[str, str] = {}
        preferred: dict[tuple[str, str], str] = {}
        for graph in sorted(self.named, key=lambda iri: (self.names_rank.get(iri, 1), iri)):
            if graph == str(GRAPH_PROVENANCE):
                continue
            for line in self.named[graph]:
                stated = line
                if PREF_LABEL in line:
                    subject, name = line.split(PREF_LABEL, 1)
                    language = name.rpartition("@")[2]
                    if preferred.setdefault((subject, language), name) != name:
                        stated = f"{subject}{ALT_LABEL}{name}"
                elif EARLIEST in line:
                    subject = line.partition(EARLIEST)[0]
                    first[subject] = min(line, first.get(subject, line))
                    continue
                elif LATEST in line:
                    subject = line.partition(LATEST)[0]
                    last[subject] = max(line, last.get(subject, line))
                    continue
                merged.append(stated)
        self.merge = once([*merged, *first.values(), *last.values()])

    def take_in(self, inferred: Lines) -> None:
        """Add what follows from the merge, which has none of it yet.

        What was computed (`standing`) is in the merge already.
        """
        self.named[str(GRAPH_INFERRED)] = once([*self.named[str(GRAPH_INFERRED)], *inferred])
        self.merge += inferred
        self.merge.sort()  # of two sorted parts: they are only merged

    def quads(self) -> Iterator[str]:
        """Every quad of the version as N-Quads lines: the default graph, then the named, sorted."""
        for line in self.merge:
            yield f"{line} .\n"
        for graph in sorted(self.named):
            end = f" <{graph}> .\n"
            for line in self.named[graph]:
                yield line + end


def known_authorities(reads: Iterable[Read]) -> Authorities:
    """The agents that the records themselves describe, for names to be resolved against."""
    return Authorities(
        entity for outcome in reads for record in outcome.records for entity in record.entities
    )


def record_graphs(reads: Iterable[Read], known: Lines | None = None) -> Graphs:
    """One graph for each record, the ontology and the provenance, and how the ties stand.

    Nothing is inferred yet.

    `known` is the vocabulary with its closure; without it the graph of the ontology is as stated.
    """
    reads = list(reads)
    authorities = known_authorities(reads)
    graphs = Graphs(register=authorities.register)
    provenance: list[Triple] = [*build_triples(outcome.dataset for outcome in reads)]
    minted: set[str] = set()
    tied: list[tuple[Dataset, SourceRecord, PartyResolver]] = []
    for outcome in reads:
        provenance.extend(dataset_triples(outcome.dataset))
        told = {note.record for note in outcome.issues.notes if note.level == "untied"}
        for record in outcome.records:
            resolver = PartyResolver(
                authorities, outcome.dataset.name, record, outcome.dataset.lookups
            )
            tying = Tying(resolver.end, minted)
            tied.append((outcome.dataset, tying.tied(record), resolver))
            untied = graphs.untied.setdefault(outcome.dataset.name, [])
            if record.key not in told:  # by its loader, which knows the column
                untied.extend(_note(record, each) for each in tying.untied)
    settled: list[tuple[Dataset, SourceRecord]] = []
    for dataset, record, resolver in tied:
        resolved = resolver.resolved(joined(record, minted))
        settled.append((dataset, resolved))
        stated = statements(resolved)
        lines = once([*stated, *map(" ".join, resolver.triples())])
        iri = graph_iri(dataset.name, record.key)
        graphs.named[iri] = lines
        graphs.names_rank[iri] = dataset.names_rank
        graphs.resolutions[iri] = list(resolver.resolutions.values())
        provenance.extend(record_triples(dataset, record, len(lines)))
        provenance.extend(resolver.provenance())
    graphs.named[str(GRAPH_PROVENANCE)] = once([*map(" ".join, provenance)])
    graphs.named[str(GRAPH_ONTOLOGY)] = vocabulary() if known is None else known
    ties = declared(settled)
    graphs.named[str(GRAPH_INFERRED)] = once(
        standing(ties, authorities.register, recognise(authorities))
    )
    return graphs


def _note(record: SourceRecord, untied: Untied) -> Note:
    """What the report tells of a declaration that makes no tie."""
    return Note(
        level="untied",
        file=", ".join(filter(None, (record.file, record.place))),
        record=record.key,
        field=untied.side,
        value=excerpt(untied.names),
        advice=untied.why,
    )


def vocabulary() -> Lines:
    """The ontology, its alignment and its schemes, blank nodes named the same every time."""
    return canonical(stated_vocabulary())


def closed_vocabulary() -> Lines:
    """The vocabulary with the axioms that owlrl derives from it, which takes it some seconds.

    Raises OntologyContradictionError where it contradicts itself, and BuildError where it says more
    than the rules over the data carry out.
    """
    derived = derived_axioms()
    if missing := not_carried_out(derived, ontology_rules()):
        raise BuildError(f"no rule over the data carries out what the ontology says: {missing[0]}")
    return once([*vocabulary(), *canonical(derived)])


def canonical(graph: Graph) -> Lines:
    """The lines of a graph, its blank nodes labelled by RDFC-1.0."""
    dataset = ox.Dataset(
        ox.parse(graph.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_QUADS)
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = {f"{quad.subject} {quad.predicate} {quad.object}" for quad in dataset}
    # As the store writes it: a dump says the same as what is asked.
    return sorted(line.replace(RDFLIB_UTC, STORE_UTC) for line in lines)


def once(lines: Lines) -> Lines:
    """The lines sorted, none twice."""
    lines.sort()  # as they come they are nearly in order; a set of them would be in none
    return [line for line, _ in groupby(lines)]
