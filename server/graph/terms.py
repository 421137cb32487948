"""Terms as people write them, and back: IRIs, prefixed names, keys of entities, literals."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from loaders.model.iris import expand
from loaders.model.values import Ref
from ontology.namespaces import ID, PREFIXES, RDF
from ontology.rules.rule import compact
from server.engine.results import Term
from server.iris import checked

LONGEST_TERM: Final = 8000
_PROLOGUE: Final = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
_KEY: Final = re.compile(r"[a-z]+/[\w./-]*[\w-]")
_LITERAL: Final = re.compile(r"[\"'\d.+-]|(true|false)$")


class TermError(ValueError):
    """The text is no RDF term, or none that can stand there; `place` is subject, … ."""

    def __init__(self, place: str, text: str) -> None:
        super().__init__(f"{place}: {text[:200]!r} is no term that can stand there")
        self.place = place
        self.text = text


def read_triple(subject: str, predicate: str, value: str) -> tuple[str, str, str]:
    """The triple in the terms of N-Triples; raises TermError."""
    return (
        read_term(subject, "subject"),
        read_term(predicate, "predicate"),
        read_term(value, "object"),
    )


def read_term(text: str, place: str = "object") -> str:
    """A term in N-Triples, out of what a person writes; a literal only as an object.

    >>> read_term("mlg:funds", "predicate")
    '<https://w3id.org/maillage/def#funds>'
    >>> read_term("authority/fra-cog-91228")
    '<https://w3id.org/maillage/id/authority/fra-cog-91228>'
    >>> read_term("country/MLI")  # a country keeps its IRI of the EU authority table
    '<http://publications.europa.eu/resource/authority/country/MLI>'
    >>> read_term('"Évry"@fr'), read_term("8000.5")
    ('"Évry"@fr', '"8000.5"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    """
    text = text.strip()
    if not text or len(text) > LONGEST_TERM:
        raise TermError(place, text)
    if place == "predicate" and text == "a":
        return f"<{RDF.type}>"
    if _LITERAL.match(text):
        if place != "object":
            raise TermError(place, text)
        return _literal(text)
    iri = _iri(text)
    if checked(iri) is None:
        raise TermError(place, text)
    try:
        return str(ox.NamedNode(iri))
    except ValueError as error:
        raise TermError(place, text) from error


def shortened(term: str) -> str:
    """The shortest way to write a term that `read_term` reads.

    >>> shortened("<https://w3id.org/maillage/id/authority/fra-cog-91228>")
    'authority/fra-cog-91228'
    """
    if not term.startswith("<"):
        return term
    key = term[1:-1].removeprefix(ID)
    if term[1:-1] != key and _KEY.fullmatch(key):
        return key
    short = compact(term)
    return short if short != term else term[1:-1]


@lru_cache(maxsize=4096)
def shown_term(term: str) -> Term:
    """A term of N-Triples as the pages show it."""
    literal = stored_term(term)
    if isinstance(literal, ox.NamedNode):
        return Term(literal.value)
    # A page says a language or a datatype, not that a text is a text.
    plain = literal.language is not None or literal.datatype.value == PREFIXES["xsd"] + "string"
    datatype = "" if plain else literal.datatype.value
    return Term(literal.value, "literal", literal.language or "", datatype)


def stored_term(term: str) -> ox.NamedNode | ox.Literal:
    """A term of N-Triples as a store holds it."""
    return ox.NamedNode(term[1:-1]) if term.startswith("<") else _parsed(term)


def written_term(term: Term) -> str:
    """A term of a result in N-Triples."""
    if term.is_iri:
        return f"<{term.value}>"
    if term.language:
        return str(ox.Literal(term.value, language=term.language))
    datatype = ox.NamedNode(term.datatype) if term.datatype else None
    return str(ox.Literal(term.value, datatype=datatype))


def _iri(text: str) -> str:
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    return expand(Ref(text)) if _KEY.fullmatch(text) else text


def _literal(text: str) -> str:
    try:
        return str(_parsed(text))
    except (SyntaxError, ValueError) as error:
        raise TermError("object", text) from error


def _parsed(text: str) -> ox.Literal:
    """The one literal that a text is in Turtle; ValueError where it is more or other."""
    quads = list(ox.parse(f"{_PROLOGUE}<x:s> <x:p> {text} .", format=ox.RdfFormat.TURTLE))
    if len(quads) != 1 or not isinstance(quads[0].object, ox.Literal):
        raise ValueError(text)
    return quads[0].object
