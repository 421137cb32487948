"""`/profile/…`: what the profiles are that documents about things come in."""

from flask import Blueprint, Response, abort
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from ontology.namespaces import PREFIXES, RDF, RDFS, SKOS
from server.http.formats import RDF_FORMATS
from server.http.negotiation import LANGUAGES
from server.i18n import Voice
from server.linked_data.about import PROFILE, PROFILES
from server.linked_data.negotiation import wanted_format
from server.pages.rendering import kept

blueprint = Blueprint("profiles", __name__)

PROF = "http://www.w3.org/ns/dx/prof/"
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
    chosen = RdfFormat.from_media_type(entry.media_type)
    known = {name: PREFIXES[name] for name in ("rdf", "rdfs", "skos")}
    content = serialize(triples, format=chosen, prefixes={"prof": PROF, **known})
    response = kept(Response(content))
    response.headers["Content-Type"] = entry.content_type
    response.vary.add("Accept")
    return response
