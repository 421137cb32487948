"""The catalogue for programs: `/openapi.json` (OpenAPI 3.1) and `/queries.ttl` (SHACL)."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, url_for
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from ontology.namespaces import DCT, PREFIXES, RDF, RDFS, SCHEMA, SH
from queries import Bilingual, Parameter, Query, catalogue
from server.pages.downloads import GEOJSON, XLSX, downloads
from server.pages.rendering import Page, kept

blueprint = Blueprint("catalogue_documents", __name__)

MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "geojson": GEOJSON,
    "json": "application/sparql-results+json",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "xlsx": XLSX,
    "xml": "application/sparql-results+xml",
}
FORMS: Mapping[str, Mapping[str, str]] = {
    "year": {"type": "string", "pattern": "^[12][0-9]{3}$"},
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "string", "pattern": "^[+-]?[0-9]+$"},
    "decimal": {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"},
}
"""The types of parameters that are more than any text, as JSON Schema."""


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The questions, the search and the endpoint as OpenAPI 3.1."""
    page = Page()
    questions = {
        f"/queries/{query.name}.{{format}}": {"get": operation(query)}
        for query in catalogue().values()
    }
    return kept(
        jsonify(
            openapi="3.1.0",
            info={
                "title": "Maillage",
                "version": "1",
                "summary": page.voice("site.summary"),
                "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
            },
            servers=[{"url": page.absolute("").rstrip("/") or "/"}],
            paths={**questions, **others()},
            components={"schemas": {"Problem": PROBLEM}, "responses": RESPONSES},
        )
    )


def operation(query: Query) -> dict[str, Any]:
    """The operation by which one question is asked."""
    suffixes = downloads(query)
    return {
        "operationId": query.name,
        "summary": query.summary.en,
        "description": f"{query.description.en}\n\n{query.summary.fr} {query.description.fr}",
        "tags": list(query.tags),
        "parameters": [
            {
                "name": "format",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "enum": list(suffixes)},
            },
            *(in_query(query, name, each) for name, each in query.parameters.items()),
        ],
        "responses": {
            "200": {
                "description": "The answer",
                "content": {
                    MEDIA_TYPES[suffix]: {
                        "schema": {"type": "object" if "json" in suffix else "string"}
                    }
                    for suffix in suffixes
                },
            },
            "300": {"$ref": "#/components/responses/Several"},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def in_query(query: Query, name: str, parameter: Parameter) -> dict[str, Any]:
    """A parameter of a question; one with a default need not be given."""
    one: dict[str, Any] = {"type": "string"}
    if not parameter.any:  # `*` is of no form
        one |= {"enum": list(parameter.choices)} if parameter.choices else {}
        one |= FORMS.get(parameter.type, {})
    default = list(query.defaults[name])
    if parameter.many:
        schema = {"type": "array", "items": one, "default": default}
    else:
        schema = {**one, "default": default[0]} if default else one
    return {
        "name": name,
        "in": "query",
        "required": parameter.required,
        "description": f"{parameter.label.en}: {parameter.accepted}",
        "schema": schema,
    }


def others() -> dict[str, Any]:
    """The operations that are no question: catalogue, search, endpoint, saved queries."""
    text = {"type": "string"}
    answer = {"200": {"description": "The answer"}}
    problem = {"default": {"$ref": "#/components/responses/Problem"}}

    def reading(identifier: str, words: str, *names: str, place: str = "query") -> dict[str, Any]:
        return {
            "get": {
                "operationId": identifier,
                "summary": words,
                "parameters": [
                    {"name": name, "in": place, "required": True, "schema": text} for name in names
                ],
                "responses": {**answer, **problem},
            }
        }

    return {
        "/queries.json": reading("catalogue", "The questions, their parameters and columns"),
        "/queries.ttl": reading("catalogue-turtle", "The questions as sh:SPARQLExecutable"),
        "/ask.json": reading("ask", "The SPARQL of a question in a sentence", "q"),
        "/search.json": reading("search", "Entities by name", "q"),
        "/sparql": reading("sparql", "The answer to a SPARQL query", "query"),
    }


PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameter": {"type": "string"},
        "choices": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"value": {"type": "string"}, "label": {"type": "string"}},
            },
        },
    },
}
_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
RESPONSES: Mapping[str, Any] = {
    "Several": {"description": "A name that several bear: choose", "content": _CONTENT},
    "Problem": {"description": "What is wrong, and what to do", "content": _CONTENT},
}


@blueprint.get("/queries.ttl")
def shacl() -> Response:
    """The questions as `sh:SPARQLExecutable`, with the endpoint that answers them."""
    page = Page()
    triples = [triple for query in catalogue().values() for triple in described(query, page)]
    names = ("dct", "rdf", "rdfs", "schema", "sh")
    content = serialize(
        triples, format=RdfFormat.TURTLE, prefixes={name: PREFIXES[name] for name in names}
    )
    response = Response(content)
    response.headers["Content-Type"] = "text/turtle; charset=utf-8"
    return kept(response)


def described(query: Query, page: Page) -> list[Triple]:
    """One question in RDF: what it asks, its text, where it is answered."""
    node = NamedNode(page.absolute(url_for("catalogue.query", name=query.name)))
    kind, text = ("Construct", "construct") if query.is_graph else ("Select", "select")
    facts: list[tuple[object, NamedNode | Literal]] = [
        (RDF.type, NamedNode(f"{SH}SPARQLExecutable")),
        (RDF.type, NamedNode(f"{SH}SPARQL{kind}Executable")),
        *((RDFS.label, words) for words in both(query.summary)),
        *((RDFS.comment, words) for words in both(query.description)),
        (SH[text], Literal(query.text)),
        (SCHEMA.target, NamedNode(page.absolute(url_for("sparql.sparql")))),
        *((SCHEMA.keywords, Literal(tag)) for tag in query.tags),
        (DCT.identifier, Literal(query.name)),
    ]
    return [Triple(node, NamedNode(str(predicate)), value) for predicate, value in facts]


def both(words: Bilingual) -> tuple[Literal, Literal]:
    """Words in both languages as literals."""
    return Literal(words.fr, language="fr"), Literal(words.en, language="en")
