"""The rules over the data, held to the closure of the vocabulary that owlrl gives."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import Graph

from loaders.inference.forward import inferences
from ontology.namespaces import ID
from ontology.rules.entailment import entailment_rules
from ontology.rules.rule import Rule


def not_carried_out(axioms: Graph, rules: tuple[Rule, ...]) -> list[str]:
    """The axioms, as Turtle, of which these rules do not give every consequence in the data.

    An axiom that follows from others needs no rule of its own where theirs, run to a fixpoint, give
    what it would: 273 derived axioms would make 289 rules beside 256, and not one more triple. So
    each derived rule is tried on data of its own, which just meets its premises.
    """
    data: set[str] = set()
    expected: list[tuple[str, str]] = []
    for number, rule in enumerate(entailment_rules(axioms)):
        if rule.conclusion is None:
            continue  # what contradicts is found where the wider classes of it contradict
        names = {name for premise in rule.premises for name in premise.variables}
        things = {name: f"<{ID}x/{number}-{name[1:]}>" for name in names}
        data.update(" ".join(premise.bound(things)) for premise in rule.premises)
        expected.append((rule.axiom, " ".join(rule.conclusion.bound(things))))
    known = data.union(inferences(data, rules).triples)
    return _once(axiom for axiom, line in expected if line not in known)


def _once(axioms: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(axioms))
