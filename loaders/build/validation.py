"""The finished graph held to the rules: the SHACL shapes, and the checks in SPARQL.

All of them run in the store, each as one query (`ontology.shapes.constraints`). A rule of severity
Violation holds back the records that state what breaks it; a Warning or an Info is told in the
report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from loaders.build.citations import Citations, Row
from loaders.inference.forward import Contradiction
from loaders.sources.masking import excerpt
from ontology.documents import checks
from ontology.namespaces import GRAPH_PROVENANCE, MLG
from ontology.rules.entailment import ontology_rules
from ontology.shapes import SEVERITIES
from ontology.shapes.constraints import constraints


@dataclass(frozen=True, order=True)
class Finding:
    """One entity that breaks a rule, the value that breaks it, and the graphs that state it.

    A contradiction is between values that are each possible by themselves: its graphs are those
    of the records that come after what they contradict.
    """

    severity: str
    rule: str
    entity: str
    value: str
    message: Mapping[str, str]
    graphs: tuple[str, ...] = ()
    contradiction: bool = False

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


@dataclass(frozen=True)
class ValidationRule:
    """A rule and the query for what breaks it: one constraint of a shape, or a check.

    `path` leads from the entity to the value, if anything does, to `at_most` so many if that is
    the rule. A rule of sources is about the provenance.
    """

    name: str
    severity: str
    message: Mapping[str, str]
    query: str
    path: str | None = None
    at_most: int | None = None
    of_sources: bool = False


def rules() -> tuple[ValidationRule, ...]:
    """Every rule by name; a shape with several constraints comes several times."""
    shapes = (
        ValidationRule(
            constraint.name,
            constraint.severity,
            constraint.rule,
            constraint.query,
            constraint.path,
            constraint.at_most,
            of_sources=MLG.SourceRecord in constraint.targets,
        )
        for constraint in constraints()
    )
    known = (
        ValidationRule(c.name, c.severity, c.rule, c.query, path="?property") for c in checks()
    )
    return tuple(sorted((*shapes, *known), key=lambda rule: rule.name))


def findings(
    store: ox.Store,
    precedence: Sequence[str] = (),
    contradictions: Iterable[Contradiction] = (),
) -> list[Finding]:
    """Every breach in a store as it is built, worst first.

    Its default graph is the merge with the vocabulary and the inferences. Of the records that
    contradict each other, the first in `precedence` stays. `contradictions` are those that the
    inference has met.
    """
    citations = Citations(store, precedence)
    # Two at a time: the store evaluates a query without holding Python up.
    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(lambda rule: list(_broken(rule, store, citations)), rules())
    found = [finding for part in parts for finding in part]
    found.extend(_contradicted(contradictions, citations))
    once = {(each.rule, each.entity, each.value): each for each in reversed(found)}
    return sorted(
        once.values(), key=lambda f: (SEVERITIES.index(f.severity), f.rule, f.entity, f.value)
    )


def _broken(rule: ValidationRule, store: ox.Store, citations: Citations) -> Iterator[Finding]:
    graph = ox.NamedNode(str(GRAPH_PROVENANCE)) if rule.of_sources else ox.DefaultGraph()
    solutions = store.query(rule.query, default_graph=graph)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  a rule is a SELECT
    rows: list[Row] = [(solution[0], solution[1]) for solution in solutions]
    graphs: dict[Row, tuple[str, ...]]
    if rule.of_sources:
        graphs = {row: (row[0].value,) for row in rows}
    elif rule.path and rule.at_most is not None:
        graphs = citations.of_excess(rows, rule.path, rule.at_most)
    else:
        graphs = citations.of_values(rows, rule.path)
    for (entity, value), cited in graphs.items():
        yield Finding(
            severity=rule.severity,
            rule=rule.name,
            entity=entity.value,
            value="" if value in (None, entity) else excerpt(value.value),
            message=rule.message,
            graphs=cited,
            contradiction=rule.at_most is not None,
        )


def _contradicted(
    contradictions: Iterable[Contradiction], citations: Citations
) -> Iterator[Finding]:
    """The contradictions of the inference, each a violation of the last triple in it."""
    texts = {rule.id: rule.text for rule in ontology_rules()}
    for contradiction in contradictions:
        entity, _, value = contradiction.triples[-1]
        yield Finding(
            severity=SEVERITIES[0],
            rule=contradiction.rule_id,
            entity=entity.strip("<>"),
            value=excerpt(value.strip("<>")),
            message=texts.get(contradiction.rule_id, {"en": contradiction.message}),
            graphs=citations.of_triples(contradiction.triples),
            contradiction=True,
        )
