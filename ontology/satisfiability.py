"""Classes that can have no member, as far as the class hierarchy tells.

This needs no reasoner, so that a build can ask. The tests ask HermiT, which misses nothing.
"""

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import NamedTuple

from rdflib import Graph, URIRef
from rdflib.namespace import split_uri
from rdflib.term import Node

from ontology.namespaces import OWL, RDFS


class Clash(NamedTuple):
    """A class under two that are disjoint."""

    term: URIRef
    one: URIRef
    other: URIRef

    def __str__(self) -> str:
        term, one, other = (split_uri(each)[1] for each in self)
        return f"{term} can have no member: it is under {one} and {other}, which are disjoint"


def clashes(graph: Graph) -> Iterator[Clash]:
    """The classes that can have no member, in the order of their IRIs."""
    disjoint = sorted(graph.subject_objects(OWL.disjointWith))
    for term in sorted(each for each in graph.subjects(unique=True) if isinstance(each, URIRef)):
        above = superclasses(graph, term)
        for one, other in disjoint:
            if one in above and other in above:
                yield Clash(term, URIRef(str(one)), URIRef(str(other)))
                break


def superclasses(graph: Graph, term: Node) -> set[Node]:
    """A class and all that it is a sort of."""
    found, waiting = {term}, [term]
    while waiting:
        each = waiting.pop()
        wider = {
            *graph.objects(each, RDFS.subClassOf),
            *graph.objects(each, OWL.equivalentClass),
            *graph.subjects(OWL.equivalentClass, each),
        }
        waiting.extend(wider - found)
        found |= wider
    return found


def place(source: Traversable, term: str) -> str:
    """The file, and the line where what is said of a term begins: `maillage.ttl, line 12`."""
    name = term.rpartition("#")[2]
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        subject = line.partition(" ")[0]
        if subject == f"<{term}>" or subject.partition(":")[2] == name:
            return f"{source.name}, line {number}"
    return source.name
