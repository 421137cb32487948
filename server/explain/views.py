"""`/explain?s=…&p=…&o=…`: why a triple holds, as a page, as JSON and in RDF."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request, url_for

from loaders.inference.backward import Proof
from ontology.rules.rule import TYPE, Rule
from server.engine.results import Term
from server.explain.narration import document, names, place_of, sentence, verdict
from server.explain.proofs import Explained, explain
from server.explain.reification import serialised
from server.graph.terms import TermError, read_triple, shortened, shown_term
from server.http.formats import Format, formats_for, named
from server.http.negotiation import UnknownFormat, choose_format, prefers_html
from server.http.problems import problem_response
from server.pages.rendering import Page, kept, respond
from server.site import site

blueprint = Blueprint("explain", __name__)

EXPLANATION = Format("json", "application/json", "json", ())
FORMATS = (
    EXPLANATION,
    # Plain JSON is the explanation itself here, not its RDF.
    *(
        replace(entry, aliases=tuple(a for a in entry.aliases if a != EXPLANATION.media_type))
        for entry in formats_for("construct")
    ),
)
OTHER_WAYS = 4
"""Proofs that a page shows beside the shallowest; the documents have all."""
MOST_STEPS = 60
"""Statements that a page shows in its proofs: with that it stays within 50 KB."""
GRAPHS_BESIDE = 3
"""Sources that are named beside a statement; the others are counted."""
TERM_PARAMETERS = ("s", "p", "o")


@blueprint.get("/explain")
@blueprint.get("/explain.<extension>")
def why(extension: str = "") -> Response:
    """Why a triple holds; without one, a form that asks for it."""
    entry = asked_for(extension)
    given = {name: request.args.get(name, "") for name in TERM_PARAMETERS}
    try:
        if entry is None and not any(given.values()):
            return page(given)
        triple = read_triple(*given.values())
    except TermError as error:
        text = error.text[:200]
        if entry is None:
            return page(given, {"place": error.place, "text": text})
        return problem_response("term", {"parameter": error.place[0], "given": text})
    explained = explain(site().engine, triple)
    short = dict(zip(TERM_PARAMETERS, map(shortened, explained.triple), strict=True))
    address = Page().absolute(f"{url_for('explain.why')}?{urlencode(short)}")
    if entry is None:
        response = page(short, explained=explained)
    elif entry is EXPLANATION:
        response = Response(json.dumps(document(explained), ensure_ascii=False, indent=1) + "\n")
    else:
        response = Response(serialised(explained, address, entry.media_type))
    if entry is not None:
        response.headers["Content-Type"] = entry.content_type
        kept(response)
    if not extension:
        response.vary.add("Accept")
    return response


def asked_for(extension: str) -> Format | None:
    """The format of the suffix or of `format=`, else what the caller likes best; none: a page."""
    accept = request.headers.get("Accept", "")
    if extension:
        found = named(extension, FORMATS)
        if found is None and extension != "html":
            abort(404)
        return found
    wanted = request.args.get("format")
    if wanted == "html" or (wanted is None and prefers_html(accept)):
        return None
    if wanted is not None and named(wanted, FORMATS) is None:
        raise UnknownFormat(wanted, FORMATS)
    return choose_format(accept, FORMATS, wanted) or EXPLANATION


@dataclass(frozen=True)
class Step:
    """A statement as a page shows it: what gives it, and from what; or who states it."""

    triple: Sequence[Term]
    rule: Rule | None
    premises: Sequence["Step"]
    graphs: Sequence[int]
    """The numbers of the sources that state it."""
    before: bool = False
    """True where its reasons have been shown before, or there is no more room."""


def page(
    given: Mapping[str, str],
    error: Mapping[str, str] | None = None,
    explained: Explained | None = None,
) -> Response:
    """The page of an explanation, or of the form that asks for one."""
    if explained is None:
        return respond("explain.html", 400 if error else 200, given=given, error=error)
    voice = Page().voice
    called = names(explained, voice)
    numbers = {graph: number for number, graph in enumerate(explained.cited, 1)}
    shown: dict[tuple[str, str, str], None] = {}
    ways = explained.explanation.ways[: OTHER_WAYS + 1]
    return respond(
        "explain.html",
        given=given,
        error=None,
        explained=explained,
        triple=[shown_term(term) for term in explained.triple],
        sentence=sentence(explained.triple, called, voice),
        names=called,
        place_of=place_of,
        verdict=verdict(explained),
        summaries=[
            " · ".join(sentence(premise.triple, called, voice) for premise in way.premises)
            for way in ways
        ],
        ways=[step(explained, way, numbers, shown) for way in ways],
        numbers=numbers,
        a_type=TYPE[1:-1],
        beside=GRAPHS_BESIDE,
        addresses=dict(addresses(given)),
    )


def step(
    explained: Explained,
    proof: Proof,
    numbers: Mapping[str, int],
    shown: dict[tuple[str, str, str], None],
) -> Step:
    """A proof as a page shows it; what gives a statement is shown once."""
    graphs = [numbers[graph] for graph in explained.graphs.get(proof.triple, ())]
    terms = [shown_term(term) for term in proof.triple]
    goal = proof.triple == explained.triple
    before = (
        proof.rule is not None and not goal and (proof.triple in shown or len(shown) > MOST_STEPS)
    )
    shown[proof.triple] = None
    premises = [] if before else [step(explained, each, numbers, shown) for each in proof.premises]
    return Step(terms, proof.rule, premises, graphs, before)


def addresses(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The names of the formats that the page links to, and their addresses."""
    for name in ("turtle", "jsonld", "json"):
        entry = named(name, FORMATS) or EXPLANATION
        yield (
            entry.name,
            f"{url_for('explain.why', extension=entry.extension)}?{urlencode(given)}",
        )
