"""`/query/terms.json` and `/query/label.json`: what the editor asks as one writes."""

from flask import Blueprint, Response, abort, jsonify, request

from ontology.namespaces import PREFIXES
from server.editor.terms import known_terms
from server.graph.labels import read_labels
from server.i18n import Voice, texts
from server.iris import checked
from server.pages.rendering import Page, kept
from server.site import site

blueprint = Blueprint("editor", __name__)

OWN = "mlg"
WORDS, PHRASES = "write.", "phrase."


@blueprint.get("/query/terms.json")
def terms() -> Response:
    """The prefixes, classes and properties that a query may use, and the words of the editor."""
    voice = Page().voice
    found = known_terms(site(), site().current_version(), voice.language)
    return told(
        prefixes=dict(PREFIXES),
        own=OWN,
        terms=[term.row() for term in found],
        words=words_of(voice, WORDS),
        phrases=phrases_of(voice),
    )


@blueprint.get("/query/label.json")
def label() -> Response:
    """The label of one entity, in the language of the page; 404 where it has none."""
    iri = request.args.get("iri", "")
    found = (
        Page().voice.choose(read_labels(site().engine, [iri]).get(iri, ()))
        if checked(iri)
        else None
    )
    if found is None:
        abort(404)
    return told(iri=iri, label=found.value)


def told(**content: object) -> Response:
    """An answer in JSON that depends on the language, for caches to keep."""
    response = jsonify(content)
    response.vary.add("Accept-Language")
    return kept(response)


def words_of(voice: Voice, start: str) -> dict[str, str]:
    """The words whose key starts so, by the rest of the key; facts stay in their braces."""
    return {key.removeprefix(start): voice(key) for key in texts() if key.startswith(start)}


def phrases_of(voice: Voice) -> dict[str, str]:
    """What CodeMirror says itself, by its English text."""
    return {Voice("en")(key): voice(key) for key in texts() if key.startswith(PHRASES)}
