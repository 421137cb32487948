"""SPARQL 1.1 Service Description, over HTTP; each thing that it says is tried."""

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from server.sparql.service_description import EXTENSION_FUNCTIONS, GEOF

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = "http://www.w3.org/ns/formats/"
PARSERS = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/n-quads": "nquads",
    "application/trig": "trig",
}
WKT = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"
METRE = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
SQUARE_METRE = "<http://www.opengis.net/def/uom/OGC/1.0/square_metre>"
POINT, OTHER = f'"POINT(1 1)"{WKT}', f'"POINT(2 2)"{WKT}'
AREA = f'"POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))"{WKT}'
LINE = f'"LINESTRING(0 0, 1 1)"{WKT}'
MEASURES = {
    "distance": (POINT, OTHER, METRE),
    "length": (LINE, METRE),
    "perimeter": (AREA, METRE),
    "area": (AREA, SQUARE_METRE),
    "relate": (AREA, POINT, '"T********"'),
}
ALONE = {
    "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "dimension", "envelope",
    "getSRID", "isEmpty", "isSimple", "spatialDimension",
}  # fmt: skip


@pytest.fixture(scope="module")
def description(standard) -> Graph:
    return Graph().parse(data=standard.request("/sparql").text, format="turtle")


@pytest.fixture(scope="module")
def service(standard) -> URIRef:
    return URIRef(standard.address + "/sparql")


@pytest.mark.parametrize("media_type", PARSERS)
def test_the_endpoint_returns_rdf(standard, description, media_type):
    """2: a GET of the endpoint without a query returns its description, as negotiated."""
    reply = standard.request("/sparql", headers={"Accept": media_type})
    assert (reply.status, reply.headers.get_content_type()) == (200, media_type)
    assert len(Graph().parse(data=reply.text, format=PARSERS[media_type])) == len(description)


def test_it_names_its_endpoint(description, service):
    """3.4.1: sd:endpoint relates the service to the address that answers."""
    assert list(description.triples((None, SD.endpoint, None))) == [(service, SD.endpoint, service)]
    assert (service, RDF.type, SD.Service) in description


def test_it_conforms_to_the_vocabulary(description, service):
    """3: each property has the class that the vocabulary gives it, and none is unknown."""
    classes = {
        SD.defaultDataset: SD.Dataset,
        SD.defaultGraph: SD.Graph,
        SD.namedGraph: SD.NamedGraph,
        SD.graph: SD.Graph,
        SD.availableGraphs: SD.GraphCollection,
        SD.extensionFunction: SD.Function,
    }
    for property_, class_ in classes.items():
        values = list(description.objects(None, property_))
        assert values
        assert all((value, RDF.type, class_) in description for value in values)
    literals = {SD.name, SD.supportedLanguage, SD.resultFormat, SD.endpoint}
    used = {str(p) for p in description.predicates() if str(p).startswith(str(SD))}
    known = {*classes, *literals, SD.defaultEntailmentRegime}
    assert used == {str(each) for each in known}


def test_the_graphs_that_it_names_are_those_of_the_store(standard, description):
    """3.4.9: what GRAPH can name is described, with its true size."""
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    told = description.query(
        """PREFIX void: <http://rdfs.org/ns/void#> SELECT ?name ?n
        { ?d sd:namedGraph [ sd:name ?name ; sd:graph/void:triples ?n ] } ORDER BY ?name""",
        initNs={"sd": SD},
    )
    assert [(str(name), str(n)) for name, n in told] == standard.get(query).values
    assert len(told) == 2


def test_the_formats_that_it_names_are_given(standard, description, service):
    """3.4.7: every sd:resultFormat can be had, and every format that can be had is named."""
    queries = {
        "SELECT (1 AS ?x) {}": {
            "SPARQL_Results_JSON": "application/sparql-results+json",
            "SPARQL_Results_XML": "application/sparql-results+xml",
            "SPARQL_Results_CSV": "text/csv",
            "SPARQL_Results_TSV": "text/tab-separated-values",
        },
        "CONSTRUCT WHERE { ?s ?p 1 }": {
            "Turtle": "text/turtle",
            "RDF_XML": "application/rdf+xml",
            "N-Triples": "application/n-triples",
            "N-Quads": "application/n-quads",
            "TriG": "application/trig",
            "JSON-LD": "application/ld+json",
        },
    }
    for query, formats in queries.items():
        for media_type in formats.values():
            reply = standard.get(query, {"Accept": media_type})
            assert reply.headers.get_content_type() == media_type
    named = {str(each) for each in description.objects(service, SD.resultFormat)}
    assert named == {FORMATS + name for formats in queries.values() for name in formats}


@pytest.mark.parametrize("function", EXTENSION_FUNCTIONS)
def test_the_functions_that_it_names_give_a_value(standard, description, service, function):
    """3.4.6: every sd:extensionFunction is there and answers."""
    assert (service, SD.extensionFunction, URIRef(function)) in description
    name = function.removeprefix(GEOF)
    arguments = MEASURES.get(name) or ((AREA,) if name in ALONE else (AREA, AREA))
    query = f"SELECT (<{function}>({', '.join(arguments)}) AS ?x) {{}}"
    assert standard.get(query).values[0][0] != ""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (f"<{GEOF}sfWithin>({POINT}, {AREA})", "true"),
        (f"<{GEOF}sfContains>({POINT}, {AREA})", "false"),
        (f"<{GEOF}ehCovers>({AREA}, {POINT})", "true"),
        (f"<{GEOF}rcc8dc>({AREA}, {AREA})", "false"),
        (f"ROUND(<{GEOF}distance>({POINT}, {OTHER}, {METRE}) / 1000)", "157"),
        (f"<{GEOF}dimension>({AREA})", "2"),
    ],
)
def test_a_function_gives_the_right_value(standard, expression, value):
    assert standard.get(f"SELECT ({expression} AS ?x) {{}}").values == [(value,)]


def test_a_function_that_it_does_not_name_is_not_there(standard):
    query = f"SELECT (<{GEOF}buffer>({POINT}, 10, {METRE}) AS ?x) {{}}"
    reply = standard.get(query)
    assert reply.status != 200 or reply.values == [("",)]
