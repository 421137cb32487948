"""`/rdf-graph-store`: reading whole graphs by the SPARQL 1.1 Graph Store HTTP Protocol.

Here a graph is named in the address (4.2, indirect identification); the graphs under the site's
own IRIs answer at their own paths as well (4.1, direct: `/graph/…`).
"""

from flask import Blueprint, Response, abort, request
from pyoxigraph import NamedNode

from server.engine.graph_names import check_graph_names
from server.http.errors import ProtocolError
from server.http.formats import RDF_FORMATS
from server.http.negotiation import choose_format
from server.linked_data.whole_graphs import whole_graph
from server.questions import ask
from server.site import site
from server.sparql.protocol import read_pairs

blueprint = Blueprint("graph_store", __name__)

PARAMETERS = ("graph", "default")


@blueprint.get("/rdf-graph-store")
def read() -> Response:
    """The triples of one named graph, or of the default graph."""
    name = named_graph(read_pairs(request.environ.get("QUERY_STRING", "")))
    if name is not None and not ask(site().engine, "graph-known", graph=NamedNode(name)):
        abort(404)
    accept, override = request.headers.get("Accept", ""), request.args.get("format")
    chosen = choose_format(accept, RDF_FORMATS, override) or RDF_FORMATS[0]
    response = whole_graph(site(), name, chosen)
    response.vary.add("Accept")
    return response


def named_graph(pairs: list[tuple[str, str]]) -> str | None:
    """The graph that the parameters name; None for the default graph (4.2: exactly one of both)."""
    given = [(name, value) for name, value in pairs if name in PARAMETERS]
    if len(given) != 1:
        raise ProtocolError(400, "graph-store")
    ((parameter, iri),) = given
    if parameter == "default":
        return None
    check_graph_names([iri])
    return iri
