"""The JSON-LD context of the site: a term for each word of the ontology, made from the ontology."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, parse

from ontology.documents import documents
from ontology.namespaces import (
    DCT,
    FOAF,
    GEO,
    MLG,
    ONTOLOGY,
    ORG,
    OWL,
    PREFIXES,
    PROV,
    RDF,
    SKOS,
)  # fmt: skip

NAMES = (SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.scopeNote)
"""Texts, each under its language: `{"prefLabel": {"fr": …}}`."""
REUSED = (
    DCT.title, DCT.license, DCT.rights, DCT.publisher, DCT.isPartOf, FOAF.homepage, GEO.hasGeometry,
    ORG.memberOf, ORG.hasMember, PROV.wasDerivedFrom, SKOS.inScheme, SKOS.broader, SKOS.narrower,
)  # fmt: skip
"""Words of others that stand under their own names too; the rest keeps its prefix."""
LITERAL = frozenset((DCT.title,))


@lru_cache(maxsize=1)
def read_context() -> Mapping[str, Any]:
    """The context document: `@context` with prefixes and terms."""
    terms: dict[str, Any] = {
        "@version": 1.1,
        "id": "@id",
        "type": "@type",
        "graph": "@graph",
        **{prefix: iri for prefix, iri in PREFIXES.items() if prefix != "country"},
        "hydra": "http://www.w3.org/ns/hydra/core#",
    }
    for name in NAMES:
        terms[_local(name)] = {"@id": str(name), "@container": "@language"}
    for word in REUSED:
        kind = {} if word in LITERAL else {"@type": "@id"}
        terms[_local(word)] = {"@id": str(word), **kind}
    objects = _subjects(OWL.ObjectProperty)
    for iri in sorted(objects | _subjects(OWL.DatatypeProperty) | _subjects(OWL.Class)):
        if iri.startswith(str(MLG)):
            kind = {"@type": "@id"} if iri in objects else {}
            terms.setdefault(_local(iri), {"@id": iri, **kind})
    return {"@context": terms}


@lru_cache(maxsize=1)
def written_context() -> bytes:
    """The context document as it is sent."""
    return (json.dumps(read_context(), ensure_ascii=False, indent=1) + "\n").encode()


@lru_cache(maxsize=8)
def _subjects(rdf_class: str) -> frozenset[str]:
    """The terms of the ontology that are of a class of OWL."""
    content = documents()[ONTOLOGY].read_bytes()
    kind, wanted = NamedNode(str(RDF.type)), NamedNode(str(rdf_class))
    return frozenset(
        quad.subject.value
        for quad in parse(content, RdfFormat.TURTLE)
        if quad.predicate == kind and quad.object == wanted and isinstance(quad.subject, NamedNode)
    )


def _local(iri: str) -> str:
    return str(iri).replace("#", "/").rpartition("/")[2]
