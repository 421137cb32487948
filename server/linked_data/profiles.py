"""`/profile/…`: what the profiles are that documents about things come in."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from ontology.namespaces import DCT, PREFIXES, RDF, RDFS, SKOS
from server.http.formats import RDF_FORMATS, Format
from server.http.negotiation import LANGUAGES
from server.i18n import Voice
from server.linked_data.about import PROFILE, PROFILES
from server.linked_data.negotiation import DOCUMENTS, PAGE, wanted_format
from server.pages.rendering import Page, kept

blueprint = Blueprint("profiles", __name__)

PROF = "http://www.w3.org/ns/dx/prof/"
ALTR = "http://www.w3.org/ns/dx/connegp/altr#"
ALL = ("alt", ALTR.removesuffix("#"))
"""The names of the profile that is the list of the others (Content Negotiation by Profile, 7.1)."""
SAID = ((RDFS.label, "profile.{}"), (SKOS.definition, "profile.{}.words"))


@blueprint.get("/profile/<name>")
def profile(name: str) -> Response:
    """The name of a profile and what it holds, in RDF."""
    if name not in PROFILES:
        abort(404)
    entry = wanted_format("", RDF_FORMATS)
    node = NamedNode(PROFILE + name)
    triples = [
        Triple(node, NamedNode(str(RDF.type)), NamedNode(f"{PROF}Profile")),
        *(
            Triple(
                node,
                NamedNode(str(predicate)),
                Literal(Voice(language)(key.format(name)), language=language),
            )
            for predicate, key in SAID
            for language in sorted(LANGUAGES)
        ),
    ]
    response = told(triples, entry)
    response.vary.add("Accept")
    return response


def alternates(iri: str, base: str, entry: Format) -> Response:
    """The documents about a thing that there are, in which format and by which profile.

    By the Alternate Representations Data Model (Content Negotiation by Profile, 5 and 6.3).
    """
    thing, triples = iri, []
    for other in DOCUMENTS:
        for name in PROFILES if other in RDF_FORMATS else PROFILES[:1]:
            suffix = "" if other == PAGE else f".{other.extension}"
            query = f"?_profile={name}" if other in RDF_FORMATS else ""
            document = Page().absolute(f"{base}{suffix}{query}")
            default = other == PAGE
            triples += [
                fact(thing, f"{ALTR}hasRepresentation", NamedNode(document)),
                fact(document, str(RDF.type), NamedNode(f"{ALTR}Representation")),
                fact(document, str(DCT.conformsTo), NamedNode(PROFILE + name)),
                fact(document, str(DCT.format), Literal(other.media_type)),
            ]
            if default:
                triples.append(fact(thing, f"{ALTR}hasDefaultRepresentation", NamedNode(document)))
    response = told(triples, entry)
    response.headers["Content-Profile"] = f"<{ALTR.removesuffix('#')}>"
    return response


def fact(subject: str, predicate: str, value: NamedNode | Literal) -> Triple:
    """A triple of a named thing."""
    return Triple(NamedNode(subject), NamedNode(predicate), value)


def told(triples: Sequence[Triple], entry: Format) -> Response:
    """Triples as an answer."""
    chosen = RdfFormat.from_media_type(entry.media_type)
    known = {name: PREFIXES[name] for name in ("dct", "rdf", "rdfs", "skos")}
    content = serialize(triples, format=chosen, prefixes={"altr": ALTR, "prof": PROF, **known})
    response = kept(Response(content))
    response.headers["Content-Type"] = entry.content_type
    return response
