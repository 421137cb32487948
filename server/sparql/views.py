"""`/sparql`: the query operation of the SPARQL 1.1 Protocol, and the service description."""

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.http.negotiation import prefers_html
from server.http.responses import respond_with
from server.site import site
from server.sparql.protocol import QueryRequest, read_request
from server.sparql.service import PATH, QueryService, fingerprint, negotiate
from server.sparql.service_description import describe_service

blueprint = Blueprint("sparql", __name__)

QUERY_PAGE = "pages.query"


def service() -> QueryService:
    """The service that answers the queries of this site."""
    found: QueryService = current_app.extensions["query_service"]
    return found


@blueprint.route(PATH, methods=["GET", "POST"])
def sparql() -> AnyResponse:
    """The answer to a query; without one the page to write it on, or the service description."""
    asked = read_operation()
    if asked.query is not None:
        return answer(asked, service())
    accept = request.headers.get("Accept", "")
    page = QUERY_PAGE in current_app.view_functions
    if page and "format" not in asked.options and prefers_html(accept):
        response: AnyResponse = redirect(url_for(QUERY_PAGE), 303)
        response.vary.add("Accept")
        return response
    return description(asked.options.get("format"))


def read_operation() -> QueryRequest:
    """The query operation that the request at hand stands for; raises ProtocolError."""
    return read_request(
        request.method,
        request.environ.get("QUERY_STRING", ""),
        request.headers.get("Content-Type", ""),
        request.get_data() if request.method == "POST" else b"",
    )


def answer(asked: QueryRequest, by: QueryService) -> Response:
    """The result of a query in the format that the caller likes best."""
    accept = request.headers.get("Accept", "")
    result = by.answer(asked, accept, site().address(request.host_url))
    response = respond_with(result.answer, result.format.content_type, repeatable=result.repeatable)
    response.vary.add("Accept")
    return response


def description(override: str | None) -> AnyResponse:
    """The service description in the RDF format that the caller likes best."""
    chosen = negotiate(request.headers.get("Accept", ""), "construct", override)
    endpoint = site().address(request.host_url).rstrip("/") + PATH
    response = Response(describe_service(site(), endpoint, chosen.media_type))
    response.headers["Content-Type"] = chosen.content_type
    response.set_etag(fingerprint(site().engine.version(), endpoint, chosen.name))
    response.vary.add("Accept")
    return response.make_conditional(request)
