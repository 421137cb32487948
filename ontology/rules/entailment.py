"""The rules that the ontology entails under OWL 2 RL, one for each way to read an axiom.

Every axiom of `maillage.ttl` and `alignment.ttl` becomes rules over the data; a new axiom needs
no code. Class expressions are unfolded, so that no rule speaks of an anonymous class. Rules about
the ontology itself (scm-*) are not needed: run to a fixpoint, the rules of the stated axioms give
what those of the closed ones would, and the tests hold that against owlrl.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from rdflib import BNode, Graph
from rdflib.term import Node

from ontology.documents import alignment_graph, ontology_graph, schemes_graph
from ontology.namespaces import OWL, RDF, RDFS
from ontology.rules.constructs import DECLARATIONS, REMARKS, SYNTAX
from ontology.rules.expressions import Expressions, UnknownConstruct
from ontology.rules.rule import Pattern, Rule, identifier
from ontology.rules.wording import turtle, wording

__all__ = ["UnknownConstruct", "entailment_rules", "ontology_rules"]


class _Draft(NamedTuple):
    kind: str
    premises: tuple[Pattern, ...]
    conclusion: Pattern | None
    distinct: tuple[str, str] | None = None


_Reader = Callable[[Expressions, Node, Node], Iterator[_Draft]]


@cache
def ontology_rules() -> tuple[Rule, ...]:
    """The rules of the shipped ontology and its alignment."""
    axioms = ontology_graph() + alignment_graph()
    return entailment_rules(axioms, names=axioms + schemes_graph())


def entailment_rules(axioms: Graph, names: Graph | None = None) -> tuple[Rule, ...]:
    """The rules that these axioms entail, by identifier; `names` has the labels of their terms.

    Raises UnknownConstruct where an axiom says something that no rule here would carry out.
    """
    rules: dict[tuple[object, ...], Rule] = {}
    for subject, predicate, value in axioms:
        reader = _reader(axioms, subject, predicate, value)
        if reader is None:
            continue
        axiom = turtle(axioms, subject, predicate, value)
        for draft in reader(Expressions(axioms, axiom), subject, value):
            if draft.conclusion in draft.premises:
                continue
            rule = _rule(draft, axiom, axioms if names is None else names)
            same = rules.setdefault((rule.id, rule.premises), rule)
            rules[rule.id, rule.premises] = min(same, rule, key=lambda rule: rule.axiom)
    return tuple(sorted(rules.values(), key=lambda rule: (rule.id, rule.axiom)))


def _reader(axioms: Graph, subject: Node, predicate: Node, value: Node) -> _Reader | None:
    """The reader that makes rules of this triple; None where it entails nothing about the data."""
    anonymous = isinstance(subject, BNode)
    if predicate in SYNTAX and anonymous:
        return None  # a part of an axiom, read with it
    if predicate == RDF.type:
        construct = value
        if value in DECLARATIONS:
            return None
    else:
        construct = predicate
        if predicate in REMARKS or (predicate == OWL.imports and (value, None, None) in axioms):
            return None
    known = _READERS.get(construct)
    if known is None and str(construct).startswith((str(OWL), str(RDFS))):
        name = turtle(axioms, construct)
        raise UnknownConstruct(name, turtle(axioms, subject, predicate, value))
    return known


def _rule(draft: _Draft, axiom: str, names: Graph) -> Rule:
    """The rule of a draft, its variables renamed in the order in which they appear."""
    patterns = [*draft.premises, *([draft.conclusion] if draft.conclusion else [])]
    order = dict.fromkeys(t for pattern in patterns for t in pattern if t.startswith("?"))
    letters = {variable: f"?{chr(ord('a') + number)}" for number, variable in enumerate(order)}
    premises = tuple(dict.fromkeys(premise.bound(letters) for premise in draft.premises))
    conclusion = draft.conclusion.bound(letters) if draft.conclusion else None
    distinct = (letters[draft.distinct[0]], letters[draft.distinct[1]]) if draft.distinct else None
    return Rule(
        identifier(draft.kind, [*premises, *([conclusion] if conclusion else [])]),
        draft.kind,
        axiom,
        premises,
        conclusion,
        distinct,
        wording(names, premises, conclusion, distinct),
    )


def _sub_class(terms: Expressions, lower: Node, upper: Node, kind: str = "") -> Iterator[_Draft]:
    member = terms.variable()
    for body in terms.bodies(lower, member):
        for head in terms.heads(upper, member):
            premises = (*body.patterns, *head.patterns)
            if not premises:
                raise terms.unknown("owl:Thing as a sub-class")
            # The name tells of the side that is an expression, the plain one if neither is.
            named = body.kind if head.kind == "cax-sco" else head.kind
            if named == "cax-sco" and kind:
                named = kind
            yield _Draft(named, premises, head.conclusion, head.distinct)


def _equivalent_class(terms: Expressions, one: Node, other: Node) -> Iterator[_Draft]:
    yield from _sub_class(terms, one, other, "cax-eqc1")
    yield from _sub_class(terms, other, one, "cax-eqc2")


def _disjoint_classes(
    terms: Expressions, one: Node, other: Node, kind: str = "cax-dw"
) -> Iterator[_Draft]:
    member = terms.variable()
    for body in terms.bodies(one, member):
        for clash in terms.bodies(other, member):
            yield _Draft(kind, (*body.patterns, *clash.patterns), None)


def _sub_property(
    terms: Expressions, lower: Node, upper: Node, kind: str = "prp-spo1"
) -> Iterator[_Draft]:
    a, b = terms.variable(), terms.variable()
    yield _Draft(kind, (terms.edge(lower, a, b),), terms.edge(upper, a, b))


def _equivalent_property(terms: Expressions, one: Node, other: Node) -> Iterator[_Draft]:
    yield from _sub_property(terms, one, other, "prp-eqp1")
    yield from _sub_property(terms, other, one, "prp-eqp2")


def _domain(terms: Expressions, property_: Node, known: Node) -> Iterator[_Draft]:
    a, b = terms.variable(), terms.variable()
    for head in terms.heads(known, a):
        premises = (terms.edge(property_, a, b), *head.patterns)
        yield _Draft("prp-dom", premises, head.conclusion, head.distinct)


def _range(terms: Expressions, property_: Node, known: Node) -> Iterator[_Draft]:
    a, b = terms.variable(), terms.variable()
    for head in terms.heads(known, b):
        premises = (terms.edge(property_, a, b), *head.patterns)
        yield _Draft("prp-rng", premises, head.conclusion, head.distinct)


def _inverse(terms: Expressions, one: Node, other: Node) -> Iterator[_Draft]:
    a, b = terms.variable(), terms.variable()
    yield _Draft("prp-inv1", (terms.edge(one, a, b),), terms.edge(other, b, a))
    yield _Draft("prp-inv2", (terms.edge(other, a, b),), terms.edge(one, b, a))


def _chain(terms: Expressions, property_: Node, chain: Node) -> Iterator[_Draft]:
    steps = terms.listed(chain)
    nodes = [terms.variable() for _ in range(len(steps) + 1)]
    edges = zip(steps, pairwise(nodes), strict=True)
    premises = tuple(terms.edge(step, a, b) for step, (a, b) in edges)
    yield _Draft("prp-spo2", premises, terms.edge(property_, nodes[0], nodes[-1]))


def _disjoint_properties(
    terms: Expressions, one: Node, other: Node, kind: str = "prp-pdw"
) -> Iterator[_Draft]:
    a, b = terms.variable(), terms.variable()
    yield _Draft(kind, (terms.edge(one, a, b), terms.edge(other, a, b)), None)


def _all_disjoint_classes(terms: Expressions, _: Node, members: Node) -> Iterator[_Draft]:
    for one, other in combinations(terms.listed(members), 2):
        yield from _disjoint_classes(terms, one, other, "cax-adc")


def _symmetric(terms: Expressions, property_: Node, _: Node) -> Iterator[_Draft]:
    a, b = terms.variable(), terms.variable()
    yield _Draft("prp-symp", (terms.edge(property_, a, b),), terms.edge(property_, b, a))


def _transitive(terms: Expressions, property_: Node, _: Node) -> Iterator[_Draft]:
    a, b, c = terms.variable(), terms.variable(), terms.variable()
    premises = (terms.edge(property_, a, b), terms.edge(property_, b, c))
    yield _Draft("prp-trp", premises, terms.edge(property_, a, c))


def _functional(terms: Expressions, property_: Node, _: Node) -> Iterator[_Draft]:
    a, b, c = terms.variable(), terms.variable(), terms.variable()
    premises = (terms.edge(property_, a, b), terms.edge(property_, a, c))
    yield _Draft("prp-fp", premises, None, (b, c))


def _inverse_functional(terms: Expressions, property_: Node, _: Node) -> Iterator[_Draft]:
    a, b, c = terms.variable(), terms.variable(), terms.variable()
    premises = (terms.edge(property_, a, c), terms.edge(property_, b, c))
    yield _Draft("prp-ifp", premises, None, (a, b))


def _irreflexive(terms: Expressions, property_: Node, _: Node) -> Iterator[_Draft]:
    a = terms.variable()
    yield _Draft("prp-irp", (terms.edge(property_, a, a),), None)


def _asymmetric(terms: Expressions, property_: Node, _: Node) -> Iterator[_Draft]:
    a, b = terms.variable(), terms.variable()
    yield _Draft("prp-asyp", (terms.edge(property_, a, b), terms.edge(property_, b, a)), None)


_READERS: Final[Mapping[Node, _Reader]] = MappingProxyType(
    {
        RDFS.subClassOf: _sub_class,
        RDFS.subPropertyOf: _sub_property,
        RDFS.domain: _domain,
        RDFS.range: _range,
        OWL.equivalentClass: _equivalent_class,
        OWL.equivalentProperty: _equivalent_property,
        OWL.disjointWith: _disjoint_classes,
        OWL.propertyDisjointWith: _disjoint_properties,
        OWL.inverseOf: _inverse,
        OWL.propertyChainAxiom: _chain,
        OWL.members: _all_disjoint_classes,
        OWL.SymmetricProperty: _symmetric,
        OWL.TransitiveProperty: _transitive,
        OWL.FunctionalProperty: _functional,
        OWL.InverseFunctionalProperty: _inverse_functional,
        OWL.IrreflexiveProperty: _irreflexive,
        OWL.AsymmetricProperty: _asymmetric,
    }
)
