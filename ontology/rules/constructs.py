"""The constructs of an ontology that entail nothing about the data by themselves."""

from __future__ import annotations

from typing import Final

from rdflib.term import Node

from ontology.namespaces import OWL, RDF, RDFS

DECLARATIONS: Final[frozenset[Node]] = frozenset(
    {
        OWL.Ontology,
        OWL.Class,
        OWL.ObjectProperty,
        OWL.DatatypeProperty,
        OWL.AnnotationProperty,
        OWL.NamedIndividual,
        OWL.Restriction,
        OWL.AllDisjointClasses,
        OWL.Axiom,
        RDFS.Datatype,
        RDFS.Class,
        RDF.Property,
    }
)
"""Types that only say what sort of term something is."""

REMARKS: Final[frozenset[Node]] = frozenset(
    {
        RDFS.label,
        RDFS.comment,
        RDFS.isDefinedBy,
        RDFS.seeAlso,
        OWL.versionIRI,
        OWL.versionInfo,
        OWL.priorVersion,
        OWL.backwardCompatibleWith,
        OWL.incompatibleWith,
        OWL.deprecated,
        OWL.annotatedSource,
        OWL.annotatedProperty,
        OWL.annotatedTarget,
    }
)
"""Properties that speak about the ontology, not about the data."""

SYNTAX: Final[frozenset[Node]] = frozenset(
    {
        OWL.onProperty,
        OWL.hasValue,
        OWL.someValuesFrom,
        OWL.allValuesFrom,
        OWL.intersectionOf,
        OWL.unionOf,
        OWL.complementOf,
        OWL.maxCardinality,
        OWL.inverseOf,
    }
)
"""Properties of anonymous expressions, which are read with the axiom that they are part of."""
