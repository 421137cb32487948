"""The graphs of a version without the records that break a rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from loaders.build.dumps import filled_store
from loaders.build.graphs import Graphs, Lines, record_graphs
from loaders.build.validation import Finding, findings
from loaders.errors import BuildError, RecordError
from loaders.inference.forward import inferences
from loaders.model.iris import graph_iri
from loaders.progress import Progress
from loaders.sources.reading import Read


@dataclass(frozen=True)
class Validated:
    """The graphs that are published, in memory and in a store, and what was found of all."""

    graphs: Graphs
    store: ox.Store
    findings: list[Finding]


def validated_graphs(
    reads: list[Read], folder: Path, progress: Progress, known: Lines
) -> Validated:
    """The graphs with their inferences, and what was found, of the records held back as well.

    `known` is the vocabulary. The quads are in `folder`, as the file `maillage.nq` and as a store.

    What others derive from a record goes with it, so the rest is looked at again until nothing is
    held back; the records left in `reads` are those that are published. Raises BuildError where
    the data contradicts the ontology and no record is at fault.
    """
    held: list[Finding] = []
    while True:
        graphs = record_graphs(reads, known)
        progress.say("inference")
        graphs.merge_data()
        closed = inferences(graphs.merge)
        graphs.take_in(closed.triples)
        progress.say("store")
        store = filled_store(folder, graphs)
        progress.say("validation")
        found = findings(store, precedence(reads), closed.contradictions)
        breaches = [finding for finding in found if finding.severity == "Violation"]
        # A contradiction makes others break rules, which its end may mend.
        contradictions = [finding for finding in breaches if finding.contradiction]
        out = hold_back(reads, contradictions) or hold_back(reads, breaches)
        if not out and closed.contradictions:
            told = "; ".join(map(str, closed.contradictions[:5]))
            raise BuildError(f"the data contradicts the ontology: {told}")
        if not out:
            return Validated(graphs, store, [*held, *found])
        held.extend(out)
        del store  # the next pass fills the folder anew


def precedence(reads: Iterable[Read]) -> list[str]:
    """The graphs of the records, first those that stay when others contradict them.

    What ships stays before what is added, then what names are taken from, then what is read first.
    """
    ordered = sorted(reads, key=lambda outcome: (not outcome.shipped, outcome.dataset.names_rank))
    return [
        graph_iri(outcome.dataset.name, record.key)
        for outcome in ordered
        for record in outcome.records
    ]


def hold_back(reads: Iterable[Read], breaches: Iterable[Finding]) -> list[Finding]:
    """The breaches whose records are taken out of the reads; a record tells one as its reason."""
    reasons: dict[str, Finding] = {}
    for breach in breaches:
        for graph in breach.graphs:
            reasons.setdefault(graph, breach)
    out = set()
    for outcome in reads:
        kept = []
        for record in outcome.records:
            graph = graph_iri(outcome.dataset.name, record.key)
            if reason := reasons.get(graph):
                out.add(graph)
                outcome.issues.open_again(record.file, record.key)
                advice = f"{reason.entity}: {reason.message['en']}"
                value = reason.value or reason.entity
                outcome.issues.reject(RecordError(reason.rule, value, advice))
            else:
                kept.append(record)
        outcome.records[:] = kept
    return [breach for breach in breaches if not out.isdisjoint(breach.graphs)]
