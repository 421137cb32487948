"""`/graph/…`: a named graph, its triples, or for a reader the page of its source record."""

from flask import Blueprint, Response, abort, request, url_for

from server.graph.named_graphs import describe_graph, graph_size
from server.graph.vocabulary import vocabulary
from server.http.formats import RDF_FORMATS
from server.http.negotiation import prefers_html
from server.iris import graph_iri
from server.linked_data.negotiation import PAGE, page_number, split_suffix, wanted_format
from server.linked_data.whole_graphs import whole_graph
from server.pages.rendering import missing, respond
from server.site import site

blueprint = Blueprint("graphs", __name__)

FORMATS = (*RDF_FORMATS, PAGE)


@blueprint.get("/graph/<path:name>")
def graph(name: str) -> Response:
    """A named graph in the format that the caller likes best."""
    name, suffix = split_suffix(name)
    iri = graph_iri(name)
    engine, version = site().engine, site().current_version()
    if iri is None or not graph_size(engine, version, iri):
        if prefers_html(request.headers.get("Accept", "")):
            return missing(request.path)
        abort(404)
    entry = wanted_format(suffix, FORMATS)
    if entry == PAGE:
        number = page_number()
        response = respond(
            "graph.html",
            record=describe_graph(engine, version, iri, number),
            number=number,
            words=vocabulary(site(), engine.version()),
            name=name,
            base=url_for("graphs.graph", name=name),
        )
    else:
        response = whole_graph(site(), iri, entry)
    if not suffix:
        response.vary.add("Accept")
    return response
