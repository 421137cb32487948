"""Triples of descriptions of the data: a class and facts, words in both languages, numbers."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import DCT, RDF
from server.engine.results import Term
from server.i18n import Voice
from server.iris import outside_link

Said: TypeAlias = Iterator[Triple]


def said(subject: str, kind: str, facts: Mapping[Any, list[Any]]) -> Said:
    """The class and the facts of a thing."""
    yield link(subject, RDF.type, kind)
    for predicate, values in facts.items():
        for each in values:
            yield value(subject, predicate, each)


def licence(iri: str) -> Said:
    """A licence is what DCAT-AP wants it to be."""
    if outside_link(iri):
        yield link(iri, RDF.type, DCT.LicenseDocument)


def in_words(subject: str, title: str, words: str) -> Said:
    """The title and the description of a thing in both languages."""
    for language in ("en", "fr"):
        yield text(subject, DCT.title, Voice(language)(title), language)
        yield text(subject, DCT.description, Voice(language)(words), language)


def node(iri: str) -> NamedNode:
    """An IRI as a term."""
    return NamedNode(iri)


def link(subject: str, predicate: str, iri: str) -> Triple:
    """A triple that leads to an IRI."""
    return Triple(NamedNode(subject), NamedNode(str(predicate)), NamedNode(str(iri)))


def text(subject: str, predicate: str, words: str, language: str) -> Triple:
    """A triple with words."""
    return Triple(NamedNode(subject), NamedNode(str(predicate)), Literal(words, language=language))


def literal(subject: str, predicate: str, term: Term) -> Triple:
    """A triple with a literal out of an answer."""
    found = Literal(term.value, language=term.language or None)
    return Triple(NamedNode(subject), NamedNode(predicate), found)


def value(subject: str, predicate: str, given: Any) -> Triple:
    """A triple with a term, or with a whole number."""
    term = given if isinstance(given, NamedNode | Literal) else Literal(given)
    return Triple(NamedNode(subject), NamedNode(str(predicate)), term)
