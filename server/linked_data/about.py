"""The statements of a document about itself: its thing, its sources, the number of links."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple
from rdflib import Namespace

from ontology.namespaces import DCT, FOAF, PROV, RDF
from server.graph.descriptions import LINKS_A_PAGE, Description
from server.iris import PUBLIC, document_path, tail

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
PROFILES = ("full", "brief")
PROFILE = f"{PUBLIC}profile/"
"""The IRI of a profile is this and its name."""


def document_iri(iri: str) -> str:
    """The IRI of the document about a thing, on every host."""
    return PUBLIC.rstrip("/") + (document_path(iri) or "/doc")


def triples_about(description: Description, *, brief: bool) -> list[Triple]:
    """The triples of a document about itself; nothing that changes with a build.

    What points to its thing is a hydra:Collection for each property, which says how many there are.
    """
    document = document_iri(description.iri)
    return list(_about(description, document, "brief" if brief else "full"))


def _about(description: Description, document: str, profile: str) -> Iterator[Triple]:
    node = NamedNode(document)
    yield _link(node, RDF.type, FOAF.Document)
    yield _link(node, FOAF.primaryTopic, description.iri)
    yield _link(node, DCT.conformsTo, PROFILE + profile)
    for record in description.records:
        yield _link(node, PROV.wasDerivedFrom, record)
    for triple in description.citations:
        if triple.predicate.value in (str(DCT.license), str(DCT.rights)):
            yield Triple(node, triple.predicate, triple.object)
    for links in description.counts:
        collection = NamedNode(f"{document}#{tail(links.property)}")
        manages = NamedNode(f"{document}#{tail(links.property)}-of")
        yield _link(collection, RDF.type, HYDRA.Collection)
        yield _link(collection, HYDRA.manages, manages.value)
        yield Triple(collection, NamedNode(str(HYDRA.totalItems)), Literal(links.count))
        yield _link(manages, HYDRA.object, description.iri)
        yield _link(manages, HYDRA.property, links.property)
        if links.count > LINKS_A_PAGE:
            yield from _views(collection, description.page, -(-links.count // LINKS_A_PAGE))


def _views(collection: NamedNode, page: int, pages: int) -> Iterator[Triple]:
    """The page of a collection that stands here, and those beside it."""
    base = collection.value.partition("#")[0]
    view = NamedNode(f"{base}?page={page}")
    yield _link(collection, HYDRA.view, view.value)
    yield _link(view, RDF.type, HYDRA.PartialCollectionView)
    if page > 1:
        yield _link(view, HYDRA.previous, f"{base}?page={page - 1}")
    if page < pages:
        yield _link(view, HYDRA.next, f"{base}?page={page + 1}")


def _link(subject: NamedNode, predicate: str, value: str) -> Triple:
    return Triple(subject, NamedNode(str(predicate)), NamedNode(str(value)))
