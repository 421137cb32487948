"""The triples that follow from the data and the ontology under OWL 2 RL.

owlrl replaces rdflib's literal converters in its process, so it runs in one of its own:
`python -m loaders.inference` reads N-Triples on standard input and writes the derived ones.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal
from rdflib.term import Node

from loaders.errors import BuildError
from ontology import ID, MLG, OWL, RDF, RDFS, XSD, alignment_graph, ontology_graph

NOT_PUBLISHED_TYPES = frozenset(
    {OWL.Thing, OWL.NamedIndividual, RDFS.Resource, RDFS.Literal, RDFS.Class}
)
NO_SELF_LOOPS = frozenset({MLG.supportsAuthority, MLG.partnerOf, MLG.met})
NEVER_PUBLISHED = frozenset({OWL.sameAs, OWL.differentFrom})
"""With blank nodes, and subjects that are not ours: the one list of what is derived in vain."""


def inferred(triples: Iterable[str]) -> list[str]:
    """What follows from the triples (each `s p o` in N-Triples), sorted, what they say left out.

    Raises BuildError where the reasoner fails or finds a contradiction.
    """
    known = set(triples)
    relevant = _relevant_predicates()
    premises = "".join(f"{triple} .\n" for triple in sorted(known) if _carries(triple, relevant))
    process = subprocess.run(
        [sys.executable, "-m", "loaders.inference"],
        input=premises.encode(),
        capture_output=True,
        check=False,
    )
    if process.returncode:
        raise BuildError(f"inference failed: {process.stderr.decode(errors='replace')[-2000:]}")
    derived = process.stdout.decode().splitlines()
    return sorted(triple for triple in derived if triple not in known)


def _relevant_predicates() -> frozenset[str]:
    """The predicates that some axiom speaks of: a triple of another derives nothing.

    This holds for OWL 2 RL, whose rules reach a triple by its predicate or by a class; reflexive
    owl:sameAs and owl:Thing apart, which are never published.
    """
    axioms = ontology_graph() + alignment_graph()
    spoken = {term for triple in axioms for term in triple}
    return frozenset(f"<{term}>" for term in spoken) | {f"<{RDF.type}>"}


def _carries(triple: str, relevant: frozenset[str]) -> bool:
    # owlrl logs a traceback for every valid xsd:gMonthDay: its converter knows only a fixed day.
    predicate = triple.split(" ", 2)[1]
    return predicate in relevant and not triple.endswith(f"^^<{XSD.gMonthDay}>")


def published(subject: Node, predicate: Node, value: Node) -> bool:
    """Whether a derived triple is worth publishing."""
    if not str(subject).startswith(str(ID)) or predicate in NEVER_PUBLISHED:
        return False
    if predicate == RDF.type and value in NOT_PUBLISHED_TYPES:
        return False
    return not (subject == value and predicate in NO_SELF_LOOPS)


def _derive(premises: bytes) -> Graph:
    # Imported here alone: importing it changes how rdflib reads literals.
    from owlrl import DeductiveClosure, OWLRL_Semantics
    from owlrl.Namespaces import ERRNS

    graph = Graph().parse(data=premises, format="nt")
    stated = Graph() + graph
    graph += ontology_graph()
    graph += alignment_graph()
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    if contradictions := sorted(str(message) for message in graph.objects(None, ERRNS.error)):
        raise BuildError("the data contradicts the ontology: " + "; ".join(contradictions[:5]))
    derived = Graph()
    for subject, predicate, value in graph:
        if (subject, predicate, value) in stated or not published(subject, predicate, value):
            continue
        # owlrl writes a stated number again in canonical form: that is no new triple.
        if isinstance(value, Literal) and (subject, predicate, None) in stated:
            continue
        if not isinstance(value, BNode):
            derived.add((subject, predicate, value))
    return derived


def main() -> None:
    """Read premises on standard input, write what follows from them on standard output."""
    derived = _derive(sys.stdin.buffer.read())
    for triple in ox.parse(derived.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES):
        sys.stdout.write(f"{triple.subject} {triple.predicate} {triple.object}\n")


if __name__ == "__main__":
    main()
