"""What the endpoint says of itself: SPARQL 1.1 Service Description, with counts in VoID.

Only what is so is said: no federation, no union default graph, the formats of the table, the
graphs and counts of the version's manifest.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat

from server.formats import FORMATS

if TYPE_CHECKING:
    from server.app import Site

GEOF = "http://www.opengis.net/def/function/geosparql/"
# The functions beyond SPARQL that queries may use.
EXTENSION_FUNCTIONS = tuple(GEOF + name for name in ("distance", "sfWithin", "envelope"))


def describe_service(site: "Site", endpoint: str, media_type: str) -> bytes:
    """The service description of an endpoint over its current version."""
    version = site.current_version()
    graphs = version.manifest.get("graphs", {})
    quads = version.manifest.get("quads")
    # The manifest counts named graphs; what is left of the quads is the default graph.
    default = None if quads is None else quads - sum(graphs.values())
    return serialise(endpoint, default, tuple(sorted(graphs.items())), media_type)


@lru_cache(maxsize=16)
def serialise(
    endpoint: str, default: int | None, graphs: tuple[tuple[str, int], ...], media_type: str
) -> bytes:
    """The description as bytes; the same for as long as the version stays."""
    # rdflib takes longer to load than the endpoint to start, and few ask for this.
    from rdflib import Graph, Literal, URIRef

    from ontology import RDF, SD, VOID

    service, dataset = URIRef(endpoint), URIRef(f"{endpoint}#dataset")
    default_graph = URIRef(f"{endpoint}#default-graph")
    description = Graph()
    description += [
        (service, RDF.type, SD.Service),
        (service, SD.endpoint, service),
        (service, SD.supportedLanguage, SD.SPARQL11Query),
        (service, SD.defaultDataset, dataset),
        (dataset, RDF.type, SD.Dataset),
        (dataset, SD.defaultGraph, default_graph),
        (default_graph, RDF.type, SD.Graph),
        *((service, SD.resultFormat, URIRef(iri)) for iri in format_iris()),
        *((service, SD.extensionFunction, URIRef(iri)) for iri in EXTENSION_FUNCTIONS),
        *((URIRef(iri), RDF.type, SD.Function) for iri in EXTENSION_FUNCTIONS),
    ]
    if default is not None:
        description.add((default_graph, VOID.triples, Literal(default)))
    for number, (name, count) in enumerate(graphs, 1):
        # Named, not blank, so that the same version always has the same description.
        named, graph = URIRef(f"{endpoint}#named-{number}"), URIRef(f"{endpoint}#graph-{number}")
        description += [
            (dataset, SD.namedGraph, named),
            (named, RDF.type, SD.NamedGraph),
            (named, SD.name, URIRef(name)),
            (named, SD.graph, graph),
            (graph, RDF.type, SD.Graph),
            (graph, VOID.triples, Literal(count)),
        ]
    prefixes: Mapping[str, str] = {"sd": str(SD), "void": str(VOID)}
    lines = "\n".join(sorted(description.serialize(format="nt").splitlines()))
    return (
        pyoxigraph.serialize(
            (quad.triple for quad in pyoxigraph.parse(lines, RdfFormat.N_TRIPLES)),
            format=RdfFormat.from_media_type(media_type),
            prefixes=dict(prefixes),
        )
        or b""
    )


def format_iris() -> list[str]:
    """The IRIs of the formats that results come in."""
    known = (
        QueryResultsFormat.from_media_type(entry.media_type)
        or RdfFormat.from_media_type(entry.media_type)
        for entry in FORMATS
    )
    # pyoxigraph's name for JSON-LD is not the one of W3C's register of formats.
    return [
        "http://www.w3.org/ns/formats/JSON-LD" if entry == RdfFormat.JSON_LD else entry.iri
        for entry in known
        if entry is not None
    ]
