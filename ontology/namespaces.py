"""The namespaces of Maillage and the IRIs of its documents and graphs: their only home."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rdflib import Namespace, URIRef
from rdflib.namespace import (
    DCAT,
    FOAF,
    GEO,
    ODRL2,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    SOSA,
    VANN,
    VOID,
    XSD,
)
from rdflib.namespace import DCTERMS as DCT

SCHEMA: Final = SDO
ODRL: Final = ODRL2

MLG: Final = Namespace("https://w3id.org/maillage/def#")
ID: Final = Namespace("https://w3id.org/maillage/id/")
CONCEPT: Final = Namespace("https://w3id.org/maillage/id/concept/")
GRAPH: Final = Namespace("https://w3id.org/maillage/graph/")

ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
COUNTRY: Final = Namespace("http://publications.europa.eu/resource/authority/country/")
CV: Final = Namespace("http://data.europa.eu/m8g/")
EURIO: Final = Namespace("http://data.europa.eu/s66#")
FRAPO: Final = Namespace("http://purl.org/cerif/frapo/")
IGEO: Final = Namespace("http://rdf.insee.fr/def/geo#")
LANGUAGE: Final = Namespace("http://publications.europa.eu/resource/authority/language/")
LOCN: Final = Namespace("http://www.w3.org/ns/locn#")
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
SKOSXL: Final = Namespace("http://www.w3.org/2008/05/skos-xl#")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")

ONTOLOGY: Final = URIRef("https://w3id.org/maillage/def")
ALIGNMENT: Final = URIRef(f"{ONTOLOGY}/alignment")
SHAPES: Final = URIRef(f"{ONTOLOGY}/shapes")
GRAPH_INFERRED: Final = GRAPH["inferred"]
GRAPH_PROVENANCE: Final = GRAPH["provenance"]
GRAPH_ONTOLOGY: Final = GRAPH["ontology"]

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "adms": str(ADMS),
        "country": str(COUNTRY),
        "cv": str(CV),
        "dcat": str(DCAT),
        "dct": str(DCT),
        "foaf": str(FOAF),
        "geo": str(GEO),
        "locn": str(LOCN),
        "mlg": str(MLG),
        "odrl": str(ODRL),
        "org": str(ORG),
        "owl": str(OWL),
        "prov": str(PROV),
        "rdf": str(RDF),
        "rdfs": str(RDFS),
        "schema": str(SCHEMA),
        "sd": str(SD),
        "sh": str(SH),
        "skos": str(SKOS),
        "skosxl": str(SKOSXL),
        "sosa": str(SOSA),
        "vann": str(VANN),
        "vcard": str(VCARD),
        "void": str(VOID),
        "xsd": str(XSD),
    }
)

__all__ = [
    "ADMS",
    "ALIGNMENT",
    "CONCEPT",
    "COUNTRY",
    "CV",
    "DCAT",
    "DCT",
    "EURIO",
    "FOAF",
    "FRAPO",
    "GEO",
    "GRAPH",
    "GRAPH_INFERRED",
    "GRAPH_ONTOLOGY",
    "GRAPH_PROVENANCE",
    "ID",
    "IGEO",
    "LANGUAGE",
    "LOCN",
    "MLG",
    "ODRL",
    "ONTOLOGY",
    "ORG",
    "OWL",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SD",
    "SH",
    "SHAPES",
    "SKOS",
    "SKOSXL",
    "SOSA",
    "VANN",
    "VCARD",
    "VOID",
    "XSD",
]
