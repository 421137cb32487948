"""Rules and axioms in words: a sentence in French and English, and the axiom in Turtle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import ascii_uppercase
from types import MappingProxyType
from typing import Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ontology.namespaces import OWL, RDF, RDFS, SKOS
from ontology.rules.rule import Pattern, compact, is_variable

_IF: Final = {"fr": "Si {premises}, alors {conclusion}.", "en": "If {premises}, then {conclusion}."}
_NEVER: Final = {"fr": "Il ne se peut pas que {premises}.", "en": "It cannot be that {premises}."}
_AND: Final = {"fr": " et ", "en": " and "}
_MEMBER: Final = {"fr": "{0} est du type « {1} »", "en": "{0} is of type “{1}”"}
_TRIPLE: Final = {"fr": "{0} « {1} » {2}", "en": "{0} “{1}” {2}"}
_DISTINCT: Final = {"fr": " ({0} et {1} étant distincts)", "en": " ({0} and {1} being distinct)"}


def wording(
    names: Graph,
    premises: Iterable[Pattern],
    conclusion: Pattern | None,
    distinct: tuple[str, str] | None = None,
) -> Mapping[str, str]:
    """The rule as a sentence in each language, its terms by the labels that `names` gives them.

    Variables become A, B, C: the entities that a reader is to think of.
    """
    return MappingProxyType(
        {language: _sentence(names, language, premises, conclusion, distinct) for language in _IF}
    )


def statement(names: Graph, language: str, pattern: Pattern) -> str:
    """One triple, or triple pattern, in words."""
    subject, value = (_named(names, language, term) for term in (pattern.subject, pattern.object))
    if pattern.is_membership:
        return _MEMBER[language].format(subject, value)
    return _TRIPLE[language].format(subject, _named(names, language, pattern.predicate), value)


def turtle(graph: Graph, *nodes: Node) -> str:
    """Terms as Turtle writes them, blank nodes and lists spelt out; the same every time."""
    return " ".join(_written(graph, node) for node in nodes)


def _sentence(
    names: Graph,
    language: str,
    premises: Iterable[Pattern],
    conclusion: Pattern | None,
    distinct: tuple[str, str] | None,
) -> str:
    body = _AND[language].join(statement(names, language, premise) for premise in premises)
    if distinct:
        body += _DISTINCT[language].format(*(_named(names, language, term) for term in distinct))
    if conclusion is None:
        return _NEVER[language].format(premises=body)
    head = statement(names, language, conclusion)
    return _IF[language].format(premises=body, conclusion=head)


def _named(names: Graph, language: str, term: str) -> str:
    if is_variable(term):
        return ascii_uppercase[ord(term[1]) - ord("a")]
    if not term.startswith("<"):
        return term
    for labelling in (RDFS.label, SKOS.prefLabel):
        for label in names.objects(URIRef(term[1:-1]), labelling):
            if isinstance(label, Literal) and label.language == language:
                return str(label)
    return compact(term).strip("<>")


def _written(graph: Graph, node: Node) -> str:
    if not isinstance(node, BNode):
        return compact(node.n3())
    if graph.value(node, RDF.first) is not None:
        return f"( {turtle(graph, *Collection(graph, node))} )"
    pairs = sorted(
        f"{'a' if predicate == RDF.type else compact(predicate.n3())} {_written(graph, value)}"
        for predicate, value in graph.predicate_objects(node)
        if predicate not in (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith)
        and (predicate, value) != (RDF.type, OWL.Class)
    )
    return f"[ {' ; '.join(pairs)} ]"
