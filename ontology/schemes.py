"""Concepts by the labels that pages use, read from the shipped SKOS schemes.

No code table: a label leads to a concept because the scheme says so (`skos:prefLabel`,
`skos:altLabel`, `skos:hiddenLabel` or `skos:notation`).
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from rdflib import URIRef

from ontology.documents import read_graph
from ontology.namespaces import CONCEPT, DCT, SKOS

_LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation)


def normalise(label: str) -> str:
    """The label without case, accents, quotation marks and superfluous blanks.

    >>> normalise("Faim  « ZÉRO »")
    'faim zero'
    """
    decomposed = unicodedata.normalize("NFKD", label.replace("’", "'")).casefold()
    bare = "".join(c for c in decomposed if not unicodedata.combining(c) and c not in '«»"“”')
    return re.sub(r"\s+", " ", bare).strip()


@cache
def concepts(scheme: str, country: URIRef | None = None) -> Mapping[str, URIRef]:
    """The concepts of a scheme by normalised label, in any language.

    A concept of the given country goes before one of no country ("commune" in France, and then
    "municipality" anywhere); with a country, concepts of other countries are left out. A label
    that several concepts still carry leads to none of them: a wrong match is worse than none.
    """
    graph = read_graph(files("ontology") / "schemes" / f"{scheme}.ttl")
    found: dict[str, dict[URIRef, bool]] = {}
    for concept in graph.subjects(SKOS.inScheme, CONCEPT[scheme]):
        where = graph.value(concept, DCT.spatial)
        if not isinstance(concept, URIRef) or (country and where and where != country):
            continue
        for predicate in _LABELS:
            for label in graph.objects(concept, predicate):
                found.setdefault(normalise(str(label)), {})[concept] = where == country
    return MappingProxyType(
        {label: only for label, of in found.items() if (only := _only(of)) is not None}
    )


def concept(scheme: str, label: str, country: URIRef | None = None) -> URIRef | None:
    """The concept that carries the label, or None where none or several do.

    >>> concept("status", "Terminé")
    rdflib.term.URIRef('https://w3id.org/maillage/id/concept/status/ended')
    """
    return concepts(scheme, country).get(normalise(label))


def leading_concept(
    scheme: str, text: str, country: URIRef | None = None
) -> tuple[URIRef, str] | None:
    """The concept whose label is the longest that opens the text, and what follows it.

    >>> leading_concept("theme", "Culture et Patrimoine 2")[1]
    '2'
    """
    known = concepts(scheme, country)
    words = text.split()
    for count in range(len(words), 0, -1):
        if match := known.get(normalise(" ".join(words[:count]))):
            return match, " ".join(words[count:])
    return None


def _only(candidates: Mapping[URIRef, bool]) -> URIRef | None:
    preferred = [concept for concept, is_own in candidates.items() if is_own] or list(candidates)
    return preferred[0] if len(preferred) == 1 else None
