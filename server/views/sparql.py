"""`/sparql`: the query operation of the SPARQL 1.1 Protocol, and the service description."""

import hashlib

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.app import site
from server.description import describe_service
from server.engine import QueryForm
from server.engine.embedded import read_checked
from server.formats import Format, formats_for
from server.negotiation import choose_format, prefers_html
from server.protocol import QueryRequest, read_request

blueprint = Blueprint("sparql", __name__)

QUERY_PAGE = "pages.query"


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> AnyResponse:
    """The answer to a query; without one the page to write it on, or the service description."""
    asked = read_request(
        request.method,
        request.environ.get("QUERY_STRING", ""),
        request.headers.get("Content-Type", ""),
        request.get_data() if request.method == "POST" else b"",
    )
    if asked.query is not None:
        return answer(asked, asked.query)
    accept = request.headers.get("Accept", "")
    page = QUERY_PAGE in current_app.view_functions
    if page and "format" not in asked.options and prefers_html(accept):
        response: AnyResponse = redirect(url_for(QUERY_PAGE), 303)
        response.vary.add("Accept")
        return response
    return description(asked.options.get("format"))


def answer(asked: QueryRequest, text: str) -> Response:
    """The result of a query in the format that the caller likes best."""
    engine = site().engine
    outline = read_checked(text, site().settings.limits)
    chosen = negotiate(outline.form or "select", asked.options.get("format"))
    etag = fingerprint(
        engine.version(), text, chosen.name, *asked.default_graphs, "", *asked.named_graphs
    )
    response = Response()
    response.set_etag(etag)
    if etag in request.if_none_match:
        response.status_code = 304
    else:
        result = engine.query(
            text,
            media_type=chosen.media_type,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            timeout=asked.timeout,
        )
        response.response = result
        response.call_on_close(result.close)
        response.content_length = result.size
        response.headers["Content-Type"] = chosen.content_type
    response.headers["Cache-Control"] = "no-cache"  # keep it, and ask whether it is still so
    response.vary.add("Accept")
    return response


def negotiate(form: QueryForm, override: str | None) -> Format:
    """The format for a query of that form.

    An Accept header that nothing satisfies gets the preferred format and no 406: RFC 9110, 12.5.1
    leaves the choice, and many clients name the formats of SELECT whatever they ask.
    """
    candidates = formats_for(form)
    chosen = choose_format(request.headers.get("Accept", ""), candidates, override)
    return chosen or candidates[0]


def description(override: str | None) -> AnyResponse:
    """The service description in the RDF format that the caller likes best."""
    chosen = negotiate("construct", override)
    body = describe_service(site(), request.base_url, chosen.media_type)
    response = Response(body)
    response.headers["Content-Type"] = chosen.content_type
    response.set_etag(fingerprint(site().engine.version(), request.base_url, chosen.name))
    response.vary.add("Accept")
    return response.make_conditional(request)


def fingerprint(*parts: str) -> str:
    """A short name for exactly these texts."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
