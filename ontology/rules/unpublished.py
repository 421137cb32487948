"""The derived triples that are never published: the one list for builds and for `infer`.

Beside what stands here: a triple with a blank node or with a literal as its subject.
"""

from __future__ import annotations

from typing import Final

from ontology.namespaces import MLG, OWL, RDF, RDFS, XSD

TYPES: Final = frozenset(
    {OWL.Thing, OWL.Nothing, OWL.NamedIndividual, RDFS.Resource, RDFS.Literal, RDFS.Class}
)
"""Classes of which everything, or nothing, is a member: neither types nor ends of axioms."""

BUILT_IN: Final = tuple(map(str, (OWL, RDF, RDFS, XSD)))
"""Namespaces about whose own terms nothing is said: owlrl tells that dates are no numbers."""

PROPERTIES: Final = frozenset({OWL.sameAs, OWL.differentFrom})
"""Identity: a thing is itself, and names are taken as unique."""

ABROAD: Final = frozenset({MLG.supportsAuthority, MLG.supportsCountry})
"""Properties of which nothing is said within one country: nobody supports their own."""

IRREFLEXIVE: Final = frozenset(
    {
        MLG.supportsAuthority,
        MLG.partnerOf,
        MLG.met,
        RDFS.subClassOf,
        RDFS.subPropertyOf,
        OWL.equivalentClass,
        OWL.equivalentProperty,
    }
)
"""Properties whose self-loops tell nobody anything."""
