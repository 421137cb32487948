"""What becomes of a sentence, or of a form: the question that it asks, or why there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request

from server.graph.sentences.grammar import grammar
from server.graph.sentences.naming import key_of
from server.graph.sentences.parting import LONGEST, spellings
from server.graph.sentences.question import Question, Refused, checked
from server.graph.sentences.reading import Several, read
from server.graph.sentences.writing import write
from server.i18n import Voice
from server.pages.bearers import CHOICES, Bearers
from server.pages.rendering import Page
from server.site import site

FIELDS = ("subject", "area", "partner", "theme", "funder")
YEARS = ("since", "until")


@dataclass(frozen=True)
class Choice:
    """One thing that a name may mean: how a sentence names it, where that leads, what it is."""

    value: str
    href: str
    label: str
    what: str


@dataclass(frozen=True)
class Outcome:
    """What became of a sentence: the question that it asks, or why there is none."""

    question: Question | None = None
    status: int = 200
    problem: Mapping[str, object] = field(default_factory=dict)
    expected: Sequence[str] = ()
    choices: Sequence[Choice] = ()


def said(question: Question, language: str) -> str:
    """The sentence of a question."""
    return write(question, language, Bearers(site(), Voice(language)).name)


def understood(text: str, bearers: Bearers) -> Outcome:
    """The question that a sentence asks, or what is not understood of it."""
    try:
        return Outcome(read(text, bearers.meanings))
    except Several as failure:
        return several(failure, bearers, "q", text)
    except Refused as failure:
        return refused(failure, bearers, "q", text)


def composed(bearers: Bearers) -> Outcome:
    """The question that the fields of the form in the address make."""
    form, language = request.args.get("form", ""), bearers.voice.language
    entry = grammar().forms.get(form)
    slots: dict[str, Sequence[str]] = {}
    years = {each: request.args.get(each, "").strip() for each in YEARS}
    try:
        if entry is None:
            raise Refused("beginning", form)
        kind = request.args.get("kind", "") if entry.kinds else ""
        if entry.kinds and kind not in grammar().kinds:
            raise Refused("beginning", kind)
        for name in FIELDS:
            given = request.args.get(name, "").strip()[:LONGEST]
            if not given:
                continue
            slot = "country" if name == "area" and "country" in entry.slots else name
            if slot not in entry.slots:
                raise Refused("unused", getattr(grammar().slots[name].label, language))
            takes = grammar().slots[slot].takes
            found = bearers.meanings(takes, spellings(given, language))
            if not found:
                raise Refused("name", given, [takes])
            if len(found) > 1:
                return several(Several(slot, given, found), bearers, name, given)
            slots[slot] = tuple(found)
        for year in years.values():
            if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
                raise Refused("name", year, ["year"])
        return Outcome(checked(Question(form, kind, slots, **years)))
    except Refused as failure:
        return refused(failure, bearers)


def several(failure: Several, bearers: Bearers, argument: str, text: str) -> Outcome:
    """The choice between the things that a name in an argument of the address may mean."""
    detail = bearers.voice("ask.several", name=failure.name)
    problem = {"title": bearers.voice("ask.which"), "detail": detail}
    choices = offered(failure.meanings, failure.name, bearers, argument, text)
    return Outcome(None, 300, problem, (), choices)


def refused(failure: Refused, bearers: Bearers, argument: str = "", text: str = "") -> Outcome:
    """The reason why a sentence is not understood, and what may stand there or is nearly so."""
    voice = bearers.voice
    problem = {
        "title": voice("ask.refused"),
        "detail": voice(f"ask.refused.{failure.reason}", word=failure.word),
    }
    if failure.reason != "name":
        expected = failure.expected if failure.reason == "word" else ()
        return Outcome(None, 400, problem, expected)
    takes = failure.expected[0]
    problem["advice"] = voice(f"ask.takes.{takes}")
    if takes == "year":
        return Outcome(None, 400, problem)
    near = [hit.iri for hit in bearers.found(takes, failure.word, forgiving=True)][:CHOICES]
    return Outcome(None, 404, problem, (), offered(near, failure.word, bearers, argument, text))


def offered(
    iris: Sequence[str], name: str, bearers: Bearers, argument: str, text: str
) -> Sequence[Choice]:
    """Those things to choose from: each leads to the same with it in the place of the name."""
    page, found = Page(), []
    for iri, label, what in bearers.told(iris):
        value = f"{label} ({key_of(iri)})"
        href = page.varied(**{argument: text.replace(name, value, 1)})
        found.append(Choice(value, href, label, what))
    return found
