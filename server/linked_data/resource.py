"""`/id/…` and `/doc/…`: what the IRIs of things lead to."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from ontology.namespaces import COUNTRY, ID, MLG
from server.graph.descriptions import Description, read_description
from server.graph.entities import describe, exists
from server.graph.exports import parts_about
from server.graph.vocabulary import vocabulary
from server.http.formats import RDF_FORMATS, Format
from server.http.problems import problem_response
from server.iris import entity_iri, segment_of
from server.linked_data.absent import absent
from server.linked_data.context import written_context
from server.linked_data.geojson import geojson
from server.linked_data.negotiation import (
    DOCUMENTS,
    GEOJSON,
    PAGE,
    PARAMETERS,
    THINGS,
    check_parameters,
    links_of,
    page_number,
    signposts,
    split_suffix,
    tell,
    wanted_format,
    wanted_profile,
)
from server.linked_data.profiles import ALL, alternates
from server.linked_data.schema_org import schema_org
from server.linked_data.serialisation import UnwritableError, written
from server.pages.contradictions import read_contradictions
from server.pages.fact_groups import classes, funding, grouped, other_parts, roles
from server.pages.gifts import given_by_year
from server.pages.overview import overview_of
from server.pages.rendering import Page, kept, missing, respond
from server.pages.sentence import sentence
from server.pages.ties import drawn_tie, ties_of
from server.pages.timeline import timeline
from server.questions import select
from server.site import site

blueprint = Blueprint("resource", __name__)

SAID = (str(MLG.partnerOf),)
"""What the table of ties says already."""


@blueprint.get("/id/<segment>/<path:key>")
def identifier(segment: str, key: str) -> AnyResponse:
    """303 to the document about a thing (Cool URIs for the Semantic Web, 4.2)."""
    bare, suffix = split_suffix(key)
    iri = entity_iri(segment, bare)
    if iri is None or not exists(site().engine, iri):
        return absent(segment, bare, suffix)
    entry = wanted_format(suffix, THINGS)
    ending = "" if entry == PAGE else f".{entry.extension}"
    passed: dict[str, Any] = {
        name: value for name, value in request.args.items() if name in PARAMETERS
    }
    passed.pop("_mediatype", None)
    target = url_for("resource.document", segment=segment, key=bare + ending, **passed)
    response = redirect(target, 303)
    response.vary.update(("Accept", "Accept-Profile"))
    return response


@blueprint.get("/doc/<segment>/<path:key>")
def document(segment: str, key: str) -> AnyResponse:
    """The document about a thing: the page, or RDF as the suffix or the headers ask for it."""
    bare, suffix = split_suffix(key)
    iri = entity_iri(segment, bare)
    if iri is None:
        return missing(request.path) if wanted_format(suffix, DOCUMENTS) == PAGE else abort(404)
    entry = wanted_format(suffix, DOCUMENTS)
    base = url_for("resource.document", segment=segment, key=bare)
    if request.args.get("_profile") in ALL:
        check_parameters()
        if not exists(site().engine, iri):
            return absent(segment, bare, suffix)
        listed = alternates(iri, base, entry if entry in RDF_FORMATS else RDF_FORMATS[0])
        listed.vary.add("Accept")
        return listed
    found = page(iri, base) if entry == PAGE else data(iri, entry, base)
    if found is None:
        return absent(segment, bare, suffix)
    if not suffix:
        found.vary.add("Accept")
    return found


def page(iri: str, base: str) -> Response | None:
    """The page about a thing; None where nothing is known of it."""
    engine = site().engine
    words = vocabulary(site(), engine.version())
    entity = describe(engine, words, iri)
    if entity is None:
        return None
    if entity.withdrawn:
        return gone()
    moments = timeline(entity, words)
    own = classes(entity, words)
    shown = Page()
    title = shown.name(entity.labels, iri, words, own).value
    tied = ties_of(site(), iri, segment_of(iri), shown)
    holds = any(each.property == str(MLG.within) for each in entity.incoming)
    response = respond(
        "entity.html",
        entity=entity,
        words=words,
        timeline=moments,
        classes=own,
        groups=grouped(entity, words, moments, said=SAID if tied and not tied.general else ()),
        funding=funding(entity),
        given=given_by_year(entity.roles),
        contradictions=read_contradictions(engine, entity),
        partnerships=[
            role
            for role in roles(entity.roles.partnerships.rows, words)
            if not tied or role[0]["partnership"].value not in tied.every
        ],
        ties=tied,
        drawn_tie=drawn_tie(site(), iri, segment_of(iri), shown),
        overview=overview_of(site(), iri, segment_of(iri), shown.voice) if tied else None,
        who=who_asked(iri) if tied or holds else None,
        url=shown.filtered,
        names=select(engine, "names-and-codes", entity=NamedNode(iri)).rows,
        sentence=sentence(entity, shown.kind(iri, own, words), tied, shown.voice),
        parts=other_parts(entity, words),
        base=base,
        exports=parts_about(
            iri,
            entity.types,
            holds=holds,
        ),
        schema_org=schema_org(entity, title, shown.absolute(base), shown.voice),
    )
    tell(response, PAGE, "full", shown.absolute(base))
    response.headers.add("Link", f'<{iri}>; rel="describes"')
    for each in signposts(iri):
        response.headers.add("Link", each)
    response.headers.add("Link", f'<{base}.ttl>; rel="describedby"; type="text/turtle"')
    for licence in dict.fromkeys(source.licence for source in entity.sources if source.licence):
        response.headers.add("Link", f'<{licence}>; rel="license"')
    return response


def who_asked(iri: str) -> dict[str, str] | None:
    """The parameters of the page about those who work in a country or with an authority."""
    name = {"country": "country", "authority": "place"}.get(segment_of(iri))
    return {name: iri.removeprefix(str(COUNTRY)).removeprefix(f"{ID}authority/")} if name else None


def data(iri: str, entry: Format, base: str) -> Response | None:
    """The document about a thing in RDF or GeoJSON; None where nothing is known of it."""
    check_parameters()
    profile = wanted_profile()
    engine, number = site().engine, page_number()
    words = vocabulary(site(), engine.version())
    found = read_description(engine, words, iri, page=number, brief=profile == "brief")
    if found is None:
        return None
    if found.withdrawn:
        return gone()
    if number > found.pages:
        abort(404)
    response = kept(Response(content(found, entry, brief=profile == "brief")))
    response.headers["Content-Type"] = entry.content_type
    tell(response, entry, profile, Page().absolute(base))
    for link in links_of(found, f"{base}.{entry.extension}"):
        response.headers.add("Link", link)
    return response


def content(found: Description, entry: Format, *, brief: bool) -> bytes:
    """The bytes of a document; answers 406 where the format cannot hold it."""
    if entry == GEOJSON:
        place = geojson(site().engine, found)
        return place if place is not None else abort(problem_response("no-place", {}))
    try:
        return written(found, entry, Page().absolute("/context.jsonld"), brief=brief)
    except UnwritableError as error:
        facts = {"media_type": entry.media_type, "found": str(error)}
        return abort(problem_response("unwritable", facts))


def gone() -> Response:
    """410 for what is known to be no more (RFC 9110, 15.5.11)."""
    return problem_response("gone", {"path": request.path})


@blueprint.get("/context.jsonld")
def context() -> Response:
    """The context of all JSON-LD documents: what each of their words means."""
    response = kept(Response(written_context()))
    response.headers["Content-Type"] = "application/ld+json"
    return response
