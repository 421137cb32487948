"""`/query/terms.json` and `/query/label.json`: what the editor asks as one writes."""

from flask import Blueprint, Response, abort, jsonify, request

from ontology.namespaces import PREFIXES
from server.editor.completion import Completer
from server.editor.terms import known_terms
from server.engine.results import JSON, Table, read_table
from server.graph.labels import read_labels
from server.i18n import Voice, texts
from server.iris import checked
from server.pages.rendering import Page, kept
from server.site import site
from server.sparql.protocol import QueryRequest
from server.sparql.views import service

blueprint = Blueprint("editor", __name__)

OWN = "mlg"
WORDS, PHRASES = "write.", "phrase."
LONGEST_TYPED = 200


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


@blueprint.route("/query/completion.json", methods=["GET", "POST"])
def completion() -> Response:
    """What may stand at the offset `at` (UTF-16 units, as in a browser) of the query `q`.

    `typed` is what is written of it already, where that is left out of `q`.
    """
    text, typed = request.values.get("q", ""), request.values.get("typed", "")
    at = offset(text, request.values.get("at", 0, type=int))
    completer = Completer(site(), site().current_version(), Page().voice, ask)
    found = completer.complete(text, at, typed[:LONGEST_TYPED])
    response = told(
        position=found.position,
        filtered=not found.why,
        why=found.why,
        more=found.more,
        items=[vars(item) for item in found.items],
    )
    if found.why:
        response.headers["Cache-Control"] = "no-store"  # a quieter moment may have the time
    return response


def ask(text: str, seconds: float) -> Table:
    """The answer to a SELECT by the road of every query, within so many seconds."""
    asked = QueryRequest(text, timeout=seconds)
    result = service().answer(asked, JSON, site().address(request.host_url))
    return read_table(result.answer.read())


def offset(text: str, units: int) -> int:
    """The offset in characters of one in UTF-16 units."""
    whole = text.encode("utf-16-le", "surrogatepass")[: max(0, units) * 2]
    return len(whole.decode("utf-16-le", "ignore"))


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
