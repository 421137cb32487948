"""The rules that the shapes state, as a page lists them."""

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import Graph, URIRef

from ontology.namespaces import SH
from ontology.shapes import SEVERITIES
from server.iris import tail
from server.ontology_pages.definitions import spoken


@dataclass(frozen=True)
class ShapeRule:
    """A shape with a message."""

    name: str
    severity: str
    messages: Mapping[str, str]


def read_rules(shapes: Graph) -> tuple[ShapeRule, ...]:
    """The rules, the gravest first, then by name."""
    rules = [
        ShapeRule(
            tail(str(shape)),
            tail(str(shapes.value(shape, SH.severity, default=SH.Violation))),
            dict(spoken(shapes, shape, SH.message)),
        )
        for shape in set(shapes.subjects(SH.message))
        if isinstance(shape, URIRef)
    ]
    return tuple(sorted(rules, key=lambda rule: (SEVERITIES.index(rule.severity), rule.name)))
