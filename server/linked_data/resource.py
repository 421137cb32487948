"""`/id/…`, `/doc/…` and `/graph/…`: what the IRIs of the data lead to."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from server.graph.entities import describe, exists
from server.graph.named_graphs import describe_graph, graph_size
from server.graph.vocabulary import vocabulary
from server.http.formats import Format, formats_for, named
from server.http.negotiation import choose_format, prefers_html
from server.iris import entity_iri, graph_iri
from server.linked_data.whole_graphs import whole_graph
from server.pages.fact_groups import classes, funding, grouped, other_parts, roles
from server.pages.rendering import missing, respond
from server.pages.timeline import timeline
from server.questions import question
from server.site import site
from server.sparql.service import fingerprint

blueprint = Blueprint("resource", __name__)

RDF_FORMATS = formats_for("construct")


@blueprint.get("/id/<segment>/<path:key>")
def identifier(segment: str, key: str) -> AnyResponse:
    """303 to the document about a thing (Cool URIs for the Semantic Web, 4.2)."""
    key, written = split_suffix(key)
    iri = entity_iri(segment, key)
    if iri is None or not exists(site().engine, iri):
        return nothing()
    suffix = written or preferred()
    target = url_for(
        "resource.document", segment=segment, key=key + suffix, lang=request.args.get("lang")
    )
    response = redirect(target, 303)
    response.vary.add("Accept")
    return response


@blueprint.get("/doc/<segment>/<path:key>")
def document(segment: str, key: str) -> AnyResponse:
    """The page about a thing, or with a suffix its RDF document."""
    key, suffix = split_suffix(key)
    iri = entity_iri(segment, key)
    if iri is None:
        return nothing()
    engine = site().engine
    if suffix not in ("", ".html"):
        if not exists(engine, iri):
            return nothing()
        response = construct(question("document", entity=NamedNode(iri)), suffix)
        response.headers["Link"] = f'<{iri}>; rel="describes"'
        return response
    words = vocabulary(site(), engine.version())
    entity = describe(engine, words, iri)
    if entity is None:
        return nothing()
    moments = timeline(entity, words)
    response = respond(
        "entity.html",
        entity=entity,
        words=words,
        timeline=moments,
        classes=classes(entity, words),
        groups=grouped(entity, words, moments),
        funding=funding(entity),
        partnerships=roles(entity.roles.partnerships.rows, words),
        parts=other_parts(entity, words),
        base=url_for("resource.document", segment=segment, key=key),
    )
    response.headers.add("Link", f'<{iri}>; rel="describes"')
    return response


@blueprint.get("/graph/<path:name>")
def graph(name: str) -> AnyResponse:
    """A named graph: its triples, or for a reader the page of its source record."""
    name, suffix = split_suffix(name)
    iri = graph_iri(name)
    engine = site().engine
    if iri is None:
        abort(404)
    version = site().current_version()
    if not graph_size(engine, version, iri):
        return nothing()
    written = suffix or preferred()
    if written in ("", ".html"):
        number = page_number()
        response = respond(
            "graph.html",
            record=describe_graph(engine, version, iri, number),
            number=number,
            words=vocabulary(site(), engine.version()),
            name=name,
            base=url_for("resource.graph", name=name),
        )
    else:
        response = whole_graph(site(), iri, format_of(written))
    if not suffix:
        response.vary.add("Accept")
    return response


def page_number() -> int:
    """The page that `page=` asks for; 400 where it is none."""
    given = request.args.get("page", "1")
    if not (given.isascii() and given.isdecimal() and 0 < len(given) <= 6 and int(given)):
        abort(400)
    return int(given)


def construct(query: str, suffix: str) -> Response:
    """The result of a CONSTRUCT in the format of a suffix."""
    entry = format_of(suffix)
    engine = site().engine
    response = Response()
    # The triples are the same for a version; the order in which they are written need not be.
    response.set_etag(fingerprint(engine.version(), query, entry.name), weak=True)
    response.make_conditional(request)
    if response.status_code != 304:
        answer = engine.query(query, media_type=entry.media_type)
        response.response = answer
        response.call_on_close(answer.close)
        response.content_length = answer.size
    response.headers["Content-Type"] = entry.content_type
    response.headers["Cache-Control"] = "no-cache"
    return response


def preferred() -> str:
    """The suffix of what the caller likes best: none for the page."""
    accept = request.headers.get("Accept", "")
    if prefers_html(accept):
        return ""
    chosen = choose_format(accept, RDF_FORMATS) or RDF_FORMATS[0]
    return f".{chosen.extension}"


def split_suffix(key: str) -> tuple[str, str]:
    """A key and the suffix of a format that it ends in, if it does."""
    head, dot, extension = key.rpartition(".")
    known = {"html", "json", *(entry.extension for entry in RDF_FORMATS)}
    return (head, dot + extension) if head and extension in known else (key, "")


def format_of(suffix: str) -> Format:
    """The RDF format of a suffix; `.json` is JSON-LD."""
    extension = suffix.removeprefix(".")
    return named("jsonld" if extension == "json" else extension, RDF_FORMATS) or RDF_FORMATS[0]


def nothing() -> Response:
    """404: a page for a browser, a problem document for others."""
    if not prefers_html(request.headers.get("Accept", "")):
        abort(404)
    return missing(request.path)
