"""Class expressions of OWL 2 RL, unfolded into the triple patterns that they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, product
from typing import NamedTuple

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import IdentifiedNode, Node

from ontology.errors import OntologyError
from ontology.namespaces import OWL, RDF, RDFS, XSD
from ontology.rules.rule import TYPE, Pattern

_BESIDE = frozenset(
    {RDF.type, OWL.onProperty, RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith}
)
"""The properties that an expression may have beside the one that says what it is."""


class UnknownConstruct(OntologyError):
    """An axiom uses a construct, or a place for it, that no rule of OWL 2 RL is known for."""

    def __init__(self, construct: str, axiom: str) -> None:
        super().__init__(f"{construct}: no rule of OWL 2 RL is known for it here: {axiom}")
        self.construct = construct
        self.axiom = axiom


class Body(NamedTuple):
    """Patterns that make something a member of a class, and the kind of rule that says so."""

    kind: str
    patterns: tuple[Pattern, ...]


class Head(NamedTuple):
    """The conclusion from being a member, given more patterns; without one, a contradiction."""

    kind: str
    patterns: tuple[Pattern, ...]
    conclusion: Pattern | None
    distinct: tuple[str, str] | None = None


class Expressions:
    """The class and property expressions of one axiom; each variable is used in one place."""

    def __init__(self, graph: Graph, axiom: str) -> None:
        self._graph = graph
        self._axiom = axiom
        self._numbers = count()

    def variable(self) -> str:
        """A variable that nothing uses yet."""
        return f"?v{next(self._numbers)}"

    def edge(self, expression: Node, subject: str, value: str) -> Pattern:
        """The triple that a property, or the inverse of one, says of two terms."""
        if isinstance(expression, URIRef):
            return Pattern(subject, expression.n3(), value)
        inverse = self._graph.value(expression, OWL.inverseOf)
        if inverse is None:
            raise self.unknown("property expression")
        return self.edge(inverse, value, subject)

    def listed(self, node: Node) -> list[Node]:
        """The members of an RDF list."""
        assert isinstance(node, IdentifiedNode)  # noqa: S101  a list is no literal
        return list(Collection(self._graph, node))

    def bodies(self, expression: Node, member: str) -> Iterator[Body]:
        """The alternatives that each make `member` one (where a sub-class stands)."""
        if isinstance(expression, URIRef):
            if is_datatype(expression):
                raise self.unknown("datatype")
            known = () if expression == OWL.Thing else (_membership(member, expression),)
            yield Body("cax-sco", known)
            return
        construct, value = self._construct(expression)
        if construct == OWL.intersectionOf:
            parts = [list(self.bodies(part, member)) for part in self.listed(value)]
            for choice in product(*parts):
                yield Body("cls-int1", tuple(p for body in choice for p in body.patterns))
        elif construct == OWL.unionOf:
            for part in self.listed(value):
                for body in self.bodies(part, member):
                    yield Body("cls-uni", body.patterns)
        elif construct == OWL.hasValue:
            yield Body("cls-hv2", (self._step(expression, member, value.n3()),))
        elif construct == OWL.someValuesFrom:
            filler = self.variable()
            step = self._step(expression, member, filler)
            for body in self.bodies(value, filler):
                kind = "cls-svf1" if body.patterns else "cls-svf2"
                yield Body(kind, (step, *body.patterns))
        else:
            raise self.unknown(_local(construct))

    def heads(self, expression: Node, member: str) -> Iterator[Head]:
        """The conclusions from `member` being one (where a super-class stands)."""
        if isinstance(expression, URIRef):
            if expression == OWL.Nothing:
                yield Head("cls-nothing2", (), None)
            elif expression != OWL.Thing and not is_datatype(expression):
                yield Head("cax-sco", (), _membership(member, expression))
            return
        construct, value = self._construct(expression)
        if construct == OWL.intersectionOf:
            for part in self.listed(value):
                for head in self.heads(part, member):
                    yield head._replace(kind="cls-int2" if head.kind == "cax-sco" else head.kind)
        elif construct == OWL.hasValue:
            yield Head("cls-hv1", (), self._step(expression, member, value.n3()))
        elif construct == OWL.allValuesFrom:
            filler = self.variable()
            step = self._step(expression, member, filler)
            for head in self.heads(value, filler):
                kind = "cls-avf" if head.kind == "cax-sco" else head.kind
                yield head._replace(kind=kind, patterns=(step, *head.patterns))
        elif construct == OWL.complementOf:
            for body in self.bodies(value, member):
                yield Head("cls-com", body.patterns, None)
        elif construct == OWL.maxCardinality and isinstance(value, Literal) and value.value == 0:
            yield Head("cls-maxc1", (self._step(expression, member, self.variable()),), None)
        elif construct == OWL.maxCardinality and isinstance(value, Literal) and value.value == 1:
            one, other = self.variable(), self.variable()
            steps = (self._step(expression, member, one), self._step(expression, member, other))
            yield Head("cls-maxc2", steps, None, (one, other))
        else:
            raise self.unknown(_local(construct))

    def unknown(self, construct: str) -> UnknownConstruct:
        """The error that names a construct of this axiom."""
        return UnknownConstruct(construct, self._axiom)

    def _construct(self, expression: Node) -> tuple[Node, Node]:
        """The one property that says what this expression is, and its value."""
        found = [
            (predicate, value)
            for predicate, value in self._graph.predicate_objects(expression)
            if predicate not in _BESIDE
        ]
        if not isinstance(expression, BNode) or len(found) != 1:
            raise self.unknown(", ".join(sorted(_local(p) for p, _ in found)) or "class expression")
        return found[0]

    def _step(self, restriction: Node, member: str, filler: str) -> Pattern:
        on_property = self._graph.value(restriction, OWL.onProperty)
        if on_property is None:
            raise self.unknown("restriction without owl:onProperty")
        return self.edge(on_property, member, filler)


def is_datatype(term: Node) -> bool:
    """True of a class of values: what it entails is about literals, not entities."""
    return term in (RDFS.Literal, RDF.langString, RDF.PlainLiteral) or str(term).startswith(
        str(XSD)
    )


def _membership(member: str, known: URIRef) -> Pattern:
    return Pattern(member, TYPE, known.n3())


def _local(term: Node) -> str:
    return str(term).replace(str(OWL), "owl:").replace(str(RDFS), "rdfs:")
