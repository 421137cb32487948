"""The endpoint's description of itself: SPARQL 1.1 Service Description, counts in VoID.

Only what is so is said: no union default graph, federation where SERVICE may call somebody, the
formats of the table, the graphs and counts of the version's manifest.
"""

from collections.abc import Mapping
from threading import Condition
from typing import TYPE_CHECKING

import pyoxigraph
from cachetools import LRUCache, cached
from pyoxigraph import QueryResultsFormat, RdfFormat

from server.engine.results import counted
from server.http.formats import FORMATS
from server.questions import select

if TYPE_CHECKING:
    from server.site import Site

GEOF = "http://www.opengis.net/def/function/geosparql/"
# The functions beyond SPARQL that queries may use: GeoSPARQL's, as far as the engine has them.
EXTENSION_FUNCTIONS = (
    *(GEOF + name for name in ("area", "asGeoJSON", "centroid", "convexHull", "difference")),
    *(GEOF + name for name in ("coordinateDimension", "dimension", "spatialDimension")),
    *(GEOF + name for name in ("distance", "length", "perimeter", "envelope", "getSRID")),
    *(GEOF + name for name in ("intersection", "isEmpty", "isSimple", "symDifference", "union")),
    *(f"{GEOF}sf{name}" for name in ("Contains", "Crosses", "Disjoint", "Equals")),
    *(f"{GEOF}sf{name}" for name in ("Intersects", "Overlaps", "Touches", "Within")),
    *(f"{GEOF}eh{name}" for name in ("Contains", "CoveredBy", "Covers", "Disjoint")),
    *(f"{GEOF}eh{name}" for name in ("Equals", "Inside", "Meet", "Overlap")),
    *(f"{GEOF}rcc8{name}" for name in ("dc", "ec", "eq", "ntpp", "ntppi", "po", "tpp", "tppi")),
    GEOF + "relate",
)
# What is inferred is stated in the data already; the engine adds nothing to it.
SIMPLE_ENTAILMENT = "http://www.w3.org/ns/entailment/Simple"

Counts = tuple[tuple[str, int], ...]


def describe_service(site: "Site", endpoint: str, media_type: str) -> bytes:
    """The service description of an endpoint over its current version."""
    default, graphs = count_triples(site, site.engine.version())
    federated = bool(site.settings.services)
    return serialise(endpoint, default, graphs, media_type, federated=federated)


@cached(LRUCache(4), condition=Condition())
def count_triples(site: "Site", version: str) -> tuple[int, Counts]:  # noqa: ARG001 (the key)
    """The triples of the default graph, and of each named graph in the order of their names.

    The manifest of the version tells; files that are served as they are have none, and are counted.
    """
    manifest = site.current_version().manifest
    if "graphs" in manifest and "quads" in manifest:
        graphs: Mapping[str, int] = manifest["graphs"]
        return manifest["quads"] - sum(graphs.values()), tuple(sorted(graphs.items()))
    default = select(site.engine, "size")
    named = select(site.engine, "graph-sizes")
    counts = tuple((row["g"].value, counted(row, "n")) for row in named.rows)
    return counted(default.rows[0], "n"), counts


@cached(LRUCache(16), condition=Condition())
def serialise(
    endpoint: str, default: int, graphs: Counts, media_type: str, *, federated: bool
) -> bytes:
    """The description as bytes; the same for as long as the version stays."""
    # rdflib takes longer to load than the endpoint to start, and few ask for this.
    from rdflib import Graph, Literal, URIRef

    from ontology.namespaces import RDF, SD, VOID

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
        # FROM may name what is in the store and nothing else: no graph is fetched.
        (service, SD.availableGraphs, dataset),
        (service, SD.defaultEntailmentRegime, URIRef(SIMPLE_ENTAILMENT)),
        (dataset, RDF.type, SD.GraphCollection),
        (default_graph, RDF.type, SD.Graph),
        (default_graph, VOID.triples, Literal(default)),
        *([(service, SD.feature, SD.BasicFederatedQuery)] if federated else []),
        *((service, SD.resultFormat, URIRef(iri)) for iri in format_iris()),
        *((service, SD.extensionFunction, URIRef(iri)) for iri in EXTENSION_FUNCTIONS),
        *((URIRef(iri), RDF.type, SD.Function) for iri in EXTENSION_FUNCTIONS),
    ]
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
