"""`/def`: the ontology, its versions, alignment and shapes, for people and for machines."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any

import pyoxigraph
from flask import Blueprint, Response, abort, redirect, request, url_for
from pyoxigraph import RdfFormat
from werkzeug.wrappers import Response as AnyResponse

from ontology.documents import documents, read_graph
from ontology.namespaces import ALIGNMENT, EURIO, FRAPO, IGEO, MLG, ONTOLOGY, PREFIXES, SHAPES
from ontology.releases import release_path, releases
from server.engine.errors import EngineError
from server.graph.vocabulary import compact
from server.http.formats import RDF_FORMATS, Format, named
from server.http.negotiation import choose_format, prefers_html
from server.ontology_pages.definitions import (
    Definition,
    Ontology,
    read_definitions,
    read_header,
    read_statements,
)
from server.ontology_pages.diagram import draw
from server.ontology_pages.shapes import read_rules
from server.ontology_pages.usage import Usage, read_usage
from server.pages.rendering import Page, kept, missing, respond
from server.site import site

blueprint = Blueprint("definition", __name__)

SERIALISATIONS = ("turtle", "rdfxml", "jsonld", "ntriples")
"""The formats that the page links to; the others of the table answer too."""
MAPPED = {"eurio": str(EURIO), "frapo": str(FRAPO), "igeo": str(IGEO)}
PARTS = {"": ONTOLOGY, "alignment": ALIGNMENT, "shapes": SHAPES}


@dataclass(frozen=True)
class OntologyDocument:
    """The part of the ontology that an address under /def stands for, at a version or as it is."""

    part: str
    version: str
    current: bool
    source: Traversable


@blueprint.get("/def")
@blueprint.get("/def.<extension>")
@blueprint.get("/def/<path:name>")
def definitions(name: str = "", extension: str = "") -> AnyResponse:
    """A document of the ontology: its page for a reader, else RDF in the format asked for."""
    head, _, tail = name.rpartition(".")
    if head and known(tail):
        name, extension = head, tail
    document = find_document(name)
    if document is None and (found := find_term(name)):
        return term(found, extension)
    if document is None or (extension and not known(extension)):
        if prefers_html(request.headers.get("Accept", "")):
            return missing(request.path)
        abort(404)
    entry = asked_for(extension)
    response = page(document) if entry is None else written(document, entry)
    if not extension:
        response.vary.add("Accept")
    return response


def find_term(name: str) -> Definition | None:
    """The term of that name in the ontology that ships."""
    return read_definitions(read_current("")).by_iri().get(str(MLG[name])) if name else None


def term(found: Definition, extension: str) -> AnyResponse:
    """The page about one term; in RDF the ontology says it, which 303 leads to."""
    entry = asked_for(extension) if not extension or known(extension) else abort(404)
    ontology = read_definitions(read_current(""))
    terms = ontology.by_iri()
    if entry is not None:
        response = redirect(url_for("definition.definitions", extension=entry.extension), 303)
    else:
        own = [each for each in terms.values() if found.iri in each.domain]
        shared = shared_context(OntologyDocument("", read_current(""), True, documents()[ONTOLOGY]))
        response = respond(
            "definition_term.html",
            each=found,
            own=own,
            ontology=ontology,
            terms=terms,
            usage=usage(ontology),
            **shared,
        )
    if not extension:
        response.vary.add("Accept")
    return response


def known(extension: str) -> bool:
    """True where a document has a form of that extension."""
    return extension == "html" or named(rdf_name(extension), RDF_FORMATS) is not None


def find_document(name: str) -> OntologyDocument | None:
    """The document of `alignment`, `0.1.0` or `shapes/0.1.0`; none where nothing is."""
    part, _, version = name.rpartition("/") if "/" in name else (name, "", "")
    if part not in PARTS:
        part, version = ("", part) if not version else (part, version)
    if part not in PARTS:
        return None
    source = documents()[PARTS[part]]
    current = read_current(part)
    if version in ("", current):
        return OntologyDocument(part, current, True, source)
    if part == "" and version in releases():
        return OntologyDocument(part, version, False, release_path(version))
    return None


@lru_cache(maxsize=4)
def read_current(part: str) -> str:
    """The version of a part that ships."""
    return read_header(read_graph(documents()[PARTS[part]]), PARTS[part]).version


def asked_for(extension: str) -> Format | None:
    """The format of an extension, else the one that the caller likes best; none for the page."""
    if extension:
        return named(rdf_name(extension), RDF_FORMATS)
    accept = request.headers.get("Accept", "")
    override = request.args.get("format")
    if override == "html" or (override is None and prefers_html(accept)):
        return None
    return choose_format(accept, RDF_FORMATS, override) or RDF_FORMATS[0]


def rdf_name(extension: str) -> str:
    """The name of the format that an extension stands for; plain JSON is JSON-LD."""
    return "jsonld" if extension == "json" else extension


def written(document: OntologyDocument, entry: Format) -> Response:
    """The document in an RDF format."""
    response = Response(serialise(document, entry.media_type))
    response.headers["Content-Type"] = entry.content_type
    return kept(response)


@lru_cache(maxsize=32)
def serialise(document: OntologyDocument, media_type: str) -> bytes:
    """A document in a format; in Turtle byte for byte as it ships."""
    shipped = document.source.read_bytes()
    if media_type == RdfFormat.TURTLE.media_type:
        return shipped
    triples = (quad.triple for quad in pyoxigraph.parse(shipped, RdfFormat.TURTLE))
    rdf = RdfFormat.from_media_type(media_type)
    return pyoxigraph.serialize(triples, format=rdf, prefixes=dict(PREFIXES)) or b""


def page(document: OntologyDocument) -> Response:
    """The page about a document."""
    context = shared_context(document)
    if document.part:
        iri = PARTS[document.part]
        graph = read_graph(document.source)
        return respond(
            "definition_part.html",
            header=read_header(graph, iri),
            rules=read_rules(graph),
            statements=read_statements(graph),
            **context,
        )
    ontology = read_definitions(document.version)
    return respond(
        "definition.html",
        ontology=ontology,
        terms=ontology.by_iri(),
        groups=by_class(ontology),
        whole=not document.current,
        diagram=draw(document.version, Page().voice.language),
        usage=Usage(),
        **context,
    )


def shared_context(document: OntologyDocument) -> dict[str, Any]:
    """The names that the templates of a document and of its terms know."""
    name = document.part if document.current else document.version
    shown = Page()

    def term_url(term_name: str) -> str:
        """The place of a term: its page; in a former version, which has none, its anchor."""
        if not document.current:
            return f"#{term_name}"
        return shown.link("definition.definitions", name=term_name)

    return {
        "document": document,
        "base": url_for("definition.definitions", name=name or None),
        "formats": [entry for entry in RDF_FORMATS if entry.name in SERIALISATIONS],
        "compact": curie,
        "term_url": term_url,
    }


def by_class(ontology: Ontology) -> list[tuple[Definition | None, list[Definition]]]:
    """The properties by the class that they apply to, those of any or of several last."""
    classes = {each.iri: each for each in ontology.terms["classes"]}
    groups: dict[str, list[Definition]] = {iri: [] for iri in classes}
    others: list[Definition] = []
    for each in (*ontology.terms["relations"], *ontology.terms["attributes"]):
        domain = each.domain[0] if len(each.domain) == 1 else ""
        groups.get(domain, others).append(each)
    found = [(classes[iri], listed) for iri, listed in groups.items() if listed]
    return [*found, (None, others)] if others else list(found)


def curie(iri: str) -> str:
    """The prefixed name of a term, with the prefixes of the vocabularies that we only map to."""
    for prefix, namespace in MAPPED.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return compact(iri)


def usage(ontology: Ontology) -> Usage:
    """The use of the terms in the data; nothing where the data cannot say now."""
    try:
        return read_usage(site(), site().engine.version(), ontology.header.version)
    except EngineError:
        return Usage()
