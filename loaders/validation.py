"""Whether the finished graph keeps the rules: the SHACL shapes, and the checks in SPARQL.

A shape or check of severity Violation holds back the records that its entity comes from; a
Warning or an Info is told in the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyoxigraph as ox
import pyshacl
from rdflib import Graph, URIRef
from rdflib.term import Node

from loaders.masking import excerpt
from ontology import ID, RDF, SH, checks, ontology_graph, shapes_graph

Severity = Literal["Violation", "Warning", "Info"]


@dataclass(frozen=True, order=True)
class Finding:
    """One entity that breaks a rule, the value that breaks it, and where it was stated."""

    severity: str
    rule: str
    entity: str
    value: str
    message: Mapping[str, str]
    graphs: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The finding as the report shows it."""
        return {
            "severity": self.severity,
            "rule": self.rule,
            "entity": self.entity,
            "value": self.value,
            "message": dict(self.message),
            "records": list(self.graphs),
        }


def findings(store: ox.Store, data: Graph) -> list[Finding]:
    """Every breach, worst first; `data` is the store's default graph.

    Each names the graphs in which its entity is described. The graph is closed already, so
    pySHACL infers nothing.
    """
    found = [*_by_shapes(data), *_by_checks(store)]
    order = {"Violation": 0, "Warning": 1, "Info": 2}
    located = [_located(finding, store) for finding in found]
    return sorted(located, key=lambda f: (order.get(f.severity, 3), f.rule, f.entity, f.value))


def _by_shapes(data: Graph) -> Iterable[Finding]:
    shapes = shapes_graph()
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=ontology_graph())
    assert isinstance(report, Graph)  # noqa: S101  the type of pySHACL's second result
    for result in report.subjects(RDF.type, SH.ValidationResult):
        entity = report.value(result, SH.focusNode)
        value = report.value(result, SH.value)
        yield Finding(
            severity=_local(report.value(result, SH.resultSeverity)),
            rule=_rule(report, shapes, result),
            entity=str(entity),
            value=excerpt(str(value)) if value is not None else "",
            message=_messages(report.objects(result, SH.resultMessage)),
        )


def _rule(report: Graph, shapes: Graph, result: Node) -> str:
    """The name of the shape, or of the property that it speaks of."""
    shape = report.value(result, SH.sourceShape)
    path = report.value(result, SH.resultPath)
    if isinstance(shape, URIRef):
        return _local(shape)
    owner = next(shapes.subjects(SH.property, shape), None) if shape else None
    return "/".join(_local(node) for node in (owner, path) if isinstance(node, URIRef))


def _by_checks(store: ox.Store) -> Iterable[Finding]:
    for check in checks():
        solutions = store.query(check.query)
        assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  a check is a SELECT
        for row in solutions:
            entity, value = row[0], row[1]
            yield Finding(
                severity=check.severity,
                rule=check.name,
                entity=getattr(entity, "value", str(entity)),
                value=excerpt(getattr(value, "value", "")),
                message=check.rule,
            )


def _located(finding: Finding, store: ox.Store) -> Finding:
    if not finding.entity.startswith(str(ID)):
        return finding
    quads = store.quads_for_pattern(ox.NamedNode(finding.entity), None, None, None)
    graphs = sorted(
        {
            quad.graph_name.value
            for quad in quads
            if isinstance(quad.graph_name, ox.NamedNode)
            and not quad.graph_name.value.endswith(("/inferred", "/provenance", "/ontology"))
        }
    )
    return Finding(
        finding.severity,
        finding.rule,
        finding.entity,
        finding.value,
        finding.message,
        tuple(graphs),
    )


def _messages(nodes: Iterable[Any]) -> dict[str, str]:
    return {node.language or "en": str(node) for node in nodes}


def _local(node: Node | None) -> str:
    return str(node).rpartition("#")[2].rpartition("/")[2] if node else ""
