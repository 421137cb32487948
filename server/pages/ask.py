"""`/ask`: a question as a sentence, its SPARQL and answer; and the sentence of a SPARQL text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.engine.errors import EngineError
from server.engine.results import JSON, Table, read_table
from server.graph.labels import read_labels
from server.graph.sentences.compilation import compile_question, recognise
from server.graph.sentences.grammar import grammar
from server.graph.sentences.naming import key_of
from server.graph.sentences.parting import LONGEST
from server.graph.sentences.question import Question, Refused, examples
from server.graph.sentences.writing import beginning, write
from server.http.negotiation import LANGUAGES
from server.http.problems import describe, problem_response
from server.i18n import Voice
from server.pages.asking import FIELDS, YEARS, Outcome, composed, refused, said, understood
from server.pages.bearers import Bearers
from server.pages.drawn import draw_result
from server.pages.forms import concepts
from server.pages.rendering import Page, kept, respond
from server.site import Site, site

blueprint = Blueprint("ask", __name__)

ROWS = 100


@blueprint.get("/ask")
def ask() -> AnyResponse:
    """The page: a field, examples and a form; with a sentence, what it means and its answer.

    A form that is filled leads to its sentence; so does a SPARQL text that is one of the grammar's.
    """
    page = Page()
    bearers = Bearers(site(), page.voice)
    outcome = Outcome()
    if given := request.args.get("query", ""):
        question = recognise(given)
        if question:
            return redirect(page.link("ask.ask", q=said(question, page.voice.language)), 303)
        outcome = refused(Refused("structure", ""), bearers)
    elif text := asked():
        outcome = understood(text, bearers)
    elif request.args.get("form", ""):
        outcome = composed(bearers)
        if outcome.question:
            sentence = said(outcome.question, page.voice.language)
            return redirect(page.link("ask.ask", q=sentence), 303)
    context = shown(outcome, bearers, page)
    status = context["problem"].get("status", outcome.status)
    return respond("ask.html", status, **context)


@blueprint.get("/ask.json")
def as_json() -> Response:
    """What a sentence means, for programs: it in both languages, and its SPARQL."""
    page = Page()
    bearers = Bearers(site(), page.voice)
    given = request.args.get("query", "")
    question = recognise(given) if given else None
    if question is None:
        outcome = understood(asked(), bearers)
        question = outcome.question
    if question is None:
        facts = {**outcome.problem, "expected": list(outcome.expected)}
        choices = [
            {
                "value": each.value,
                "label": f"{each.label} ({each.what})" if each.what else each.label,
            }
            for each in outcome.choices
        ]
        return problem_response("request", {**facts, "choices": choices}, outcome.status)
    sentences = {each: said(question, each) for each in LANGUAGES}
    slots = {slot: list(values) for slot, values in question.slots.items()}
    return kept(
        jsonify(
            sentence=sentences,
            form=question.form,
            kind=question.kind or None,
            slots=slots,
            since=question.since or None,
            until=question.until or None,
            query=compile_question(question, sentences[page.voice.language]),
        )
    )


def asked() -> str:
    """The sentence that the caller asks; too long, it is left to be refused."""
    return request.args.get("q", "").strip()[: LONGEST + 1]


def shown(outcome: Outcome, bearers: Bearers, page: Page) -> dict[str, Any]:
    """What the page shows of an outcome: the sentence, its SPARQL and its answer."""
    question, voice = outcome.question, page.voice
    context: dict[str, Any] = {
        "q": asked(),
        "outcome": outcome,
        "problem": outcome.problem,
        "forms": forms(voice),
        "kinds": kinds(voice),
        "slots": [slot_words(name, voice) for name in FIELDS],
        "themes": concepts(site(), site().engine.version(), "theme", voice),
        "examples": offered_examples(site(), site().engine.version(), voice),
        "given": {name: request.args.get(name, "") for name in (*FIELDS, *YEARS, "form", "kind")},
        "limit": ROWS,
    }
    if question is None:
        return context
    sentence = said(question, voice.language)
    text = compile_question(question, sentence)
    context |= {"sentence": sentence, "text": text, "given": fields(question, bearers)}
    try:
        context |= answered(question, text, sentence, page)
        if not context["table"].rows:
            less = wider(question)
            context["wider"] = [write(each, voice.language, bearers.name) for each in less]
        return context
    except EngineError as error:
        return context | {"problem": describe(error.kind, vars(error), voice.language)}


@lru_cache(maxsize=8)
def offered_examples(
    site: Site,
    version: str,  # noqa: ARG001 (the cache's key)
    voice: Voice,
) -> Sequence[str]:
    """The sentences to begin with."""
    bearers = Bearers(site, voice)
    return [write(each, voice.language, bearers.name) for each in examples()]


def slot_words(name: str, voice: Voice) -> tuple[str, str, str]:
    """The name of a field of the form, its label, and what may stand there."""
    slot = grammar().slots[name]
    hint = getattr(slot.hint, voice.language) if slot.hint else ""
    return name, getattr(slot.label, voice.language), hint


def wider(question: Question) -> Iterator[Question]:
    """The same question with one thing less said."""
    for slot in question.slots:
        if slot == grammar().forms[question.form].required:
            continue
        kept = {name: iris for name, iris in question.slots.items() if name != slot}
        yield replace(question, slots=kept)
    if question.since or question.until:
        yield replace(question, since="", until="")


def fields(question: Question, bearers: Bearers) -> dict[str, str]:
    """The fields of the form as a question fills them; one with several things stays empty."""
    found = {"form": question.form, "kind": question.kind}
    found |= {"since": question.since, "until": question.until}
    for slot, values in question.slots.items():
        if len(values) == 1:
            name = bearers.name(grammar().slots[slot].takes, values[0])
            found["area" if slot == "country" else slot] = name
    if theme := "".join(question.given("theme")[:1]):
        found["theme"] = key_of(theme).rpartition("/")[2]
    return found


def answered(question: Question, text: str, sentence: str, page: Page) -> dict[str, Any]:
    """The answer to a question, drawn in its view or the one that is asked for."""
    form = grammar().forms[question.form]
    table = read_table(site().engine.query(text, media_type=JSON).read())
    mentioned = {term.value for row in table.rows[:ROWS] for term in row.values() if term.is_iri}
    labels = read_labels(site().engine, mentioned)
    headings = {name: getattr(words, page.voice.language) for name, words in form.columns.items()}
    wanted = (request.args.get("view", ""), form.view)
    drawn = draw_result(site(), table, labels, headings, sentence, page.voice, *wanted)
    # Of an entity and the name beside it, the entity: the page shows its name in any language.
    columns = [
        each
        for each in table.columns
        if not (each.endswith("Name") and each.removesuffix("Name") in table.columns)
    ]
    return {
        "table": table,
        "shown_table": Table(tuple(columns), table.rows),
        "labels": labels,
        "headings": headings,
        "drawn": drawn,
    }


def forms(voice: Voice) -> Sequence[tuple[str, str]]:
    """The questions of the form, each by its beginning."""
    kind = next(iter(grammar().kinds))
    found = []
    for name, form in grammar().forms.items():
        words = grammar().words(name, voice.language)
        like = Question(name, kind if form.kinds else "")
        verb = f" {words.verb[0]}" if words.verb else ""
        found.append((name, f"{beginning(like, words, voice.language)}{verb}…"))
    return found


def kinds(voice: Voice) -> Sequence[tuple[str, str]]:
    """The kinds of authorities of the form, by their words."""
    return [(name, getattr(kind, voice.language).read[0]) for name, kind in grammar().kinds.items()]
