"""`/def`: the ontology, its versions, alignment and shapes, for people and for machines."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any

import pyoxigraph
from flask import Blueprint, Response, abort, request, url_for
from pyoxigraph import RdfFormat

from ontology.documents import documents, read_graph
from ontology.namespaces import ALIGNMENT, EURIO, FRAPO, IGEO, ONTOLOGY, PREFIXES, SHAPES
from ontology.releases import release_path, releases
from server.engine.errors import EngineError
from server.graph.vocabulary import compact
from server.http.formats import Format, formats_for, named
from server.http.negotiation import choose_format, prefers_html
from server.ontology_pages.definitions import (
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

RDF_FORMATS = formats_for("construct")
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
def definitions(name: str = "", extension: str = "") -> Response:
    """A document of the ontology: its page for a reader, else RDF in the format asked for."""
    head, _, tail = name.rpartition(".")
    if head and known(tail):
        name, extension = head, tail
    document = find_document(name)
    if document is None or (extension and not known(extension)):
        if prefers_html(request.headers.get("Accept", "")):
            return missing(request.path)
        abort(404)
    entry = asked_for(extension)
    response = page(document) if entry is None else written(document, entry)
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
    name = document.part if document.current else document.version
    context: dict[str, Any] = {
        "document": document,
        "base": url_for("definition.definitions", name=name or None),
        "formats": [entry for entry in RDF_FORMATS if entry.name in SERIALISATIONS],
        "compact": curie,
    }
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
        diagram=draw(document.version, Page().voice.language),
        usage=usage(ontology) if document.current else Usage(),
        **context,
    )


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
