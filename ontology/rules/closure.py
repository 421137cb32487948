"""The closure of the vocabulary, and of small graphs under it, by owlrl in its own process."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ontology.documents import alignment_graph, ontology_graph, schemes_graph
from ontology.errors import OntologyContradictionError
from ontology.namespaces import ID, OWL, RDF
from ontology.rules import unpublished
from ontology.satisfiability import clashes

ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
"""The property of owlrl's messages."""

_SYMMETRIC = (OWL.inverseOf, OWL.disjointWith, OWL.propertyDisjointWith)
"""Properties of OWL that its semantics makes symmetric and the rules of OWL 2 RL do not."""


class ContradictionError(Exception):
    """A graph contradicts itself under OWL 2 RL; `messages` are owlrl's, sorted."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


def stated_vocabulary() -> Graph:
    """The ontology, its alignment and its schemes, as they are stated."""
    return ontology_graph() + alignment_graph() + schemes_graph()


def derived_axioms(stated: Graph | None = None) -> Graph:
    """The axioms that follow from a vocabulary (the shipped one) and are worth publishing.

    They speak of named classes and properties: what follows for concepts is for the inference over
    the data to say. Raises OntologyContradictionError, which names what cannot be, where the
    vocabulary contradicts itself or a class can have no member.
    """
    stated = stated_vocabulary() if stated is None else stated
    symmetric = Graph()
    for property_ in _SYMMETRIC:
        symmetric.add((property_, RDF.type, OWL.SymmetricProperty))
    try:
        closed = owlrl_closure(stated + symmetric)
    except ContradictionError as error:
        raise OntologyContradictionError(f"the ontology contradicts itself: {error}") from error
    closed.remove((OWL.Nothing, None, None))  # it is under everything, and has no member rightly
    if clash := next(clashes(closed), None):
        raise OntologyContradictionError(f"the ontology contradicts itself: {clash}")
    found = Graph()
    for triple in closed:
        if (
            triple not in stated
            and is_published(*triple)
            and not str(triple[0]).startswith(str(ID))
        ):
            found.add(triple)
    return found


def following(graph: Graph) -> Graph:
    """The triples that follow from a graph under the vocabulary and are worth publishing.

    Raises ContradictionError. A value is spelt as the graph spells it: owlrl writes numbers and
    dates anew.
    """
    vocabulary = stated_vocabulary()
    with ThreadPoolExecutor(1) as beside:
        known = beside.submit(owlrl_closure, vocabulary)
        closed = owlrl_closure(graph + vocabulary)
        of_the_vocabulary = known.result()
    spelt = {_value(term): term for term in graph.objects() if isinstance(term, Literal)}
    found = Graph()
    for subject, predicate, value in closed:
        triple = (subject, predicate, spelt.get(_value(value), value))
        if is_published(*triple) and triple not in graph and triple not in of_the_vocabulary:
            found.add(triple)
    return found


def owlrl_closure(graph: Graph) -> Graph:
    """All that owlrl derives from a graph, with the graph; a second for some thousand triples.

    Raises ContradictionError where the graph contradicts itself.
    """
    done = subprocess.run(
        [sys.executable, "-m", "ontology.rules.owlrl_closure"],
        input=graph.serialize(format="nt", encoding="utf-8"),
        stdout=subprocess.PIPE,
        check=True,
    )
    closed = Graph().parse(data=done.stdout, format="nt")
    if messages := sorted(map(str, closed.objects(None, ERROR))):
        raise ContradictionError(messages)
    return closed


def is_published(subject: Node, predicate: Node, value: Node) -> bool:
    """True where a derived triple is worth publishing (`unpublished`)."""
    return not (
        isinstance(subject, BNode | Literal)
        or isinstance(value, BNode)
        or str(subject).startswith(unpublished.BUILT_IN)
        or predicate in unpublished.PROPERTIES
        or subject in unpublished.TYPES
        or value in unpublished.TYPES
        or (subject == value and predicate in unpublished.IRREFLEXIVE)
    )


def _value(term: Node) -> object:
    """The value of a term: 5.0 and 5.00 are one number."""
    if isinstance(term, Literal) and term.value is not None:
        return term.datatype, term.language, term.value
    return term
