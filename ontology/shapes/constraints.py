"""The shapes as SPARQL: one SELECT of offenders for each constraint of SHACL core.

A build has its graph in a store, which answers these queries several times as fast as pySHACL
validates, and needs no copy in rdflib (`benchmarks/validation`); the tests hold both to the same
results. A shape is a rule of the report under its own name; one without a name may only stand
within another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from ontology.documents import alignment_graph, ontology_graph, shapes_graph
from ontology.namespaces import RDFS, SH
from ontology.shapes.shacl import ON_VALUES, Shape, UnknownComponent, local, term


@dataclass(frozen=True)
class Constraint:
    """One constraint of one shape, and the query for what breaks it.

    The columns of the query are `?entity` and `?value`; the value is unbound where SHACL gives
    none. `path` is the SPARQL path of a property shape. `at_most` is the number of values that the
    path may have, where that is what is constrained.
    """

    name: str
    component: str
    severity: str
    rule: Mapping[str, str]
    targets: frozenset[Node]
    path: str | None
    at_most: int | None
    query: str


def constraints(
    shapes: Graph | None = None, vocabulary: Graph | None = None
) -> tuple[Constraint, ...]:
    """The constraints of the shapes (those that ship, if not given), by name and component.

    A target class is meant with its sub-classes in the vocabulary, whatever the data says of
    classes. Raises UnknownComponent.
    """
    shapes = shapes_graph() if shapes is None else shapes
    vocabulary = ontology_graph() + alignment_graph() if vocabulary is None else vocabulary
    targeted = {*shapes.subjects(SH.targetClass), *shapes.subjects(SH.targetSubjectsOf)}
    found = [
        constraint
        for node in targeted
        for constraint in _constraints(Shape(shapes, node), vocabulary)
    ]
    return tuple(sorted(found, key=lambda each: (each.name, each.component, each.query)))


def _constraints(shape: Shape, vocabulary: Graph) -> Iterator[Constraint]:
    for part in (shape, *shape.properties()):
        for parameter, value in part.parameters():
            if isinstance(part.node, BNode):
                raise UnknownComponent(f"sh:{parameter} of a shape without a name", shape.node)
            where = _target(shape, vocabulary)
            if parameter in ON_VALUES:
                where += f" ?entity {part.path} ?value ." if part.path else ""
                where += "" if part.path else " BIND (?entity AS ?value)"
            test = part.test(parameter, value, "?entity", "?value")
            yield Constraint(
                name=local(part.node),
                component=f"{parameter[0].upper()}{parameter[1:]}ConstraintComponent",
                severity=local(next(iter(part.values("severity")), SH.Violation)),
                rule=part.message(),
                targets=frozenset(shape.values("targetClass")),
                path=part.path,
                at_most=int(str(value)) if parameter == "maxCount" else None,
                query=f"SELECT DISTINCT ?entity ?value WHERE {{ {where} FILTER (!({test})) }}",
            )


def _target(shape: Shape, vocabulary: Graph) -> str:
    """A pattern that binds `?entity` to each focus node, perhaps once for each way to target it."""
    ways = [f"?entity {term(node)} ?any ." for node in shape.values("targetSubjectsOf")]
    classes = {
        term(each)
        for known in shape.values("targetClass")
        for each in vocabulary.transitive_subjects(RDFS.subClassOf, known)
        if isinstance(each, URIRef)
    }
    if classes:
        # Each entity once, though it is in its class and in the broader ones.
        members = f"VALUES ?class {{ {' '.join(sorted(classes))} }} ?entity a ?class ."
        ways.append(f"{{ SELECT DISTINCT ?entity WHERE {{ {members} }} }}")
    return ways[0] if len(ways) == 1 else " UNION ".join(f"{{ {way} }}" for way in ways)
