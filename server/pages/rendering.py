"""A page out of a template: its language, its links, and the headers that let caches keep it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from pyoxigraph import NamedNode

from ontology.namespaces import CONCEPT, MLG
from queries import Parameter
from server.engine.results import Term
from server.graph.labels import Labels, label
from server.graph.sentences.compilation import recognise
from server.graph.terms import shortened, written_term
from server.graph.vocabulary import Vocabulary
from server.http.negotiation import LANGUAGES, choose_language
from server.i18n import NUMBERS, Voice
from server.iris import PUBLIC, document_path, outside_link, segment_of, tail
from server.pages.answers import Answered
from server.pages.filtering import Filters
from server.pages.forms import accepted
from server.questions import question
from server.site import site

LICENCES = {
    "https://creativecommons.org/licenses/by/4.0": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0": "CC BY-SA 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0": "CC0 1.0",
    "https://opensource.org/license/mit": "MIT",
    "https://www.etalab.gouv.fr/licence-ouverte-open-licence": "Licence Ouverte",
}

LANGUAGE = "http://publications.europa.eu/resource/authority/language/"

CARDS = {"authority": "authority", "organisation": "association", "country": "country"}
"""The kind of card that an entity of a type has to embed; themes have one too."""

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Shown:
    """A term as a template writes it: words, where they lead, and their `lang` and `dir`."""

    text: str
    href: str | None
    marks: Mapping[str, str]
    outside: bool = False


class Page:
    """The page that every template calls, for the request at hand; there it is `page`."""

    def __init__(self) -> None:
        self.chosen = request.args.get("lang") if request.args.get("lang") in LANGUAGES else None
        self.voice = Voice(choose_language(request.headers.get("Accept-Language", ""), self.chosen))

    def link(self, endpoint: str, **values: object) -> str:
        """The address of a view; a language chosen in the address stays chosen."""
        return url_for(endpoint, **{"lang": self.chosen, **values})  # type: ignore[arg-type]

    def filtered(self, endpoint: str, filters: Filters, **values: object) -> str:
        """The address of a view with those filters; `values` win over them."""
        given: dict[str, list[str]] = {}
        for name, value in filters.pairs():
            given.setdefault(name, []).append(value)
        return self.link(endpoint, **{**given, **values})

    def here(self, language: str) -> str:
        """The address of this page in another language."""
        pairs = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
        return f"{request.script_root}{request.path}?{urlencode([*pairs, ('lang', language)])}"

    def asking(self, name: str, **iris: str) -> str:
        """The address of the page on which a question of the site stands, to be asked."""
        bound = {parameter: NamedNode(iri) for parameter, iri in iris.items()}
        return self.link("pages.query", query=question(name, **bound))

    def canonical(self) -> str:
        """The one address of this page, without a language."""
        pairs = [(k, v) for k, v in request.args.items(multi=True) if k != "lang" and v]
        return self.absolute(request.path) + (f"?{urlencode(pairs)}" if pairs else "")

    def absolute(self, path: str) -> str:
        """A path of this site as a whole address."""
        return (site().settings.base_url or request.url_root).rstrip("/") + path

    def local(self, iri: str) -> str | None:
        """The path at which this site shows an IRI."""
        path = document_path(iri)
        if path is None:
            return None
        path, hash_, fragment = path.partition("#")
        query = f"?lang={self.chosen}" if self.chosen else ""
        return f"{request.script_root}{path}{query}{hash_}{fragment}"

    def show(self, term: Term, labels: Labels | None = None) -> Shown:
        """A term as this reader sees it."""
        if not term.is_iri:
            return Shown(self.voice.literal(term), None, self.voice.marks(term))
        local = self.local(term.value)
        if term.value.startswith(("mailto:", "tel:")):
            return Shown(term.value.partition(":")[2], outside_link(term.value), {}, True)
        if local is None and term.value not in (labels or {}):
            return Shown(self.elsewhere(term.value), outside_link(term.value), {}, True)
        named = label(labels or {}, term.value, self.voice)
        href = local or outside_link(term.value)
        return Shown(named.value, href, self.voice.marks(named), local is None)

    def why(self, subject: str, predicate: str, value: Term) -> str:
        """The address of the page that says why an entity has this value."""
        terms = (f"<{subject}>", f"<{predicate}>", written_term(value))
        return self.link("explain.why", **dict(zip("spo", map(shortened, terms), strict=True)))

    def name(self, labels: Labels, iri: str, words: Vocabulary, classes: Sequence[str]) -> Term:
        """The name of an entity in its title: its label, else its class and key."""
        found = self.voice.choose(labels.get(iri, ()))
        if found:
            return found
        kind = words.label(classes[0], self.voice) if classes else ""
        return Term(f"{kind} {tail(iri)}".strip(), "literal")

    def kind(self, iri: str, classes: Sequence[str], words: Vocabulary) -> str:
        """The kind of an entity in words; countries and themes are more than their classes say."""
        if segment_of(iri) == "country":
            return self.voice("segment.country")
        if iri.startswith(f"{CONCEPT}theme/"):
            return self.voice("export.kind.theme")
        return " · ".join(words.label(each, self.voice) for each in classes)

    def readable(self, terms: Sequence[Term]) -> Sequence[Term]:
        """The values, each text once, without translations into the language that is not read."""
        terms = list({term.value: term for term in reversed(terms)}.values())[::-1]
        spoken = [term.language for term in terms]
        pair = self.voice.language in spoken and all(
            spoken.count(language) == 1 for language in LANGUAGES if language in spoken
        )
        return [
            term
            for term in terms
            if not pair or term.language == self.voice.language or term.language not in LANGUAGES
        ]

    def euros(self, term: Term) -> str:
        """An amount of money."""
        return self.voice.money(Decimal(term.value))

    def numeric(self, term: Term) -> bool:
        """True where a value lines up with others at its end."""
        return term.datatype in NUMBERS

    def headings(self, answered: Answered) -> Mapping[str, str]:
        """The headings of an answer's columns."""
        return {column: answered.heading(column, self.voice) for column in answered.table.columns}

    def accepted(self, parameter: Parameter) -> str:
        """The values that a caller may write for a parameter."""
        return accepted(parameter, self.voice)

    def turned(self, number: int) -> str:
        """The address of another page of the same result."""
        pairs = [(k, v) for k, v in request.args.items(multi=True) if k != "page"]
        return f"?{urlencode([*pairs, ('page', str(number))])}#results"

    def choosing(self, name: str, value: str) -> str:
        """The address of this page with that value of a parameter."""
        pairs = [(k, v) for k, v in request.args.items(multi=True) if k not in (name, "page")]
        return f"?{urlencode([*pairs, (name, value)])}"

    def varied(self, **values: object) -> str:
        """The address of this page with other parameters; an empty one goes."""
        given = {key: found for key, found in request.args.items(multi=False) if found}
        kept = {k: v for k, v in {**given, **values}.items() if v}
        return f"{request.script_root}{request.path}" + (f"?{urlencode(kept)}" if kept else "")

    def given(self, name: str) -> str:
        """A parameter of the address."""
        return request.args.get(name, "")

    def file(self, endpoint: str, **values: object) -> str:
        """The address of a file of this page, filtered and sorted as it is."""
        pairs = [(k, v) for k, v in request.args.items(multi=True) if k != "page" and v]
        path = url_for(endpoint, **values)  # type: ignore[arg-type]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def guess(self, path: str) -> str:
        """The words to search in an address that leads nowhere."""
        last = path.rstrip("/").rpartition("/")[2]
        return re.sub(r"[-_+.]+", " ", last.partition(".")[0])[:80]

    def tail(self, iri: str) -> str:
        """The last part of an IRI."""
        return tail(iri)

    def paged(self, number: int) -> str:
        """The same with another page number."""
        return self.varied(page=number)

    def is_sentence(self, text: str) -> bool:
        """True where a text of SPARQL is one that a sentence makes."""
        return recognise(text) is not None

    def has_card(self, iri: str) -> bool:
        """True where an entity is of a kind that other sites show as a card."""
        return self.card(iri) != ""

    def card(self, iri: str) -> str:
        """The address of that card, without a suffix; empty where there is none."""
        path = card_path((document_path(iri) or "").removeprefix("/doc/"))
        return self.absolute(url_for("embed.embed", name=path)) if path else ""

    def seen(self, view: str) -> str:
        """The address of the same result in another view."""
        pairs = [(k, v) for k, v in request.args.items(multi=True) if k not in ("view", "page")]
        return f"?{urlencode([*pairs, ('view', view)])}#results"

    def first(self, number: int) -> slice:
        """The first so many rows."""
        return slice(0, number)

    def outside(self, iri: str) -> str | None:
        """An address of others, if it may be linked to."""
        return outside_link(iri)

    def iri(self, iri: str) -> Term:
        """An IRI as a term."""
        return Term(iri)

    def elsewhere(self, iri: str) -> str:
        """What others describe, in words: a language or a licence by its name, else the address."""
        if iri.startswith(LANGUAGE) and self.voice.known(name := f"written.{tail(iri)}"):
            return self.voice(name)
        return LICENCES.get(iri.rstrip("/"), iri)

    def licence(self, iri: str) -> str:
        """A licence's short name."""
        return LICENCES.get(iri.rstrip("/"), tail(iri))

    def rights(self) -> Labels:
        """The labels of the concepts of reproduction rights."""
        return {
            f"{CONCEPT}rights/{key}": [
                Term(self.voice(f"rights.{key}"), "literal", self.voice.language)
            ]
            for key in ("open", "reserved", "forbidden", "unstated")
        }


def page_context() -> dict[str, object]:
    """The names that every template knows."""
    page = Page()
    return {
        "page": page,
        "t": page.voice,
        "public": PUBLIC,
        "languages": LANGUAGES,
        "vocabulary_base": str(MLG),
    }


def respond(template: str, status: int = 200, **context: object) -> Response:
    """A page from a template, for caches to keep and ask about."""
    shared = page_context()
    voice = shared["t"]
    response = Response(render_template(template, **shared, **context), status)
    response.headers["Content-Type"] = HTML
    if isinstance(voice, Voice):
        response.headers["Content-Language"] = voice.language
    response.vary.add("Accept-Language")
    return kept(response)


def problem_page(problem: Mapping[str, object]) -> str:
    """A problem as a page of the site."""
    return render_template("problem.html", problem=problem, **page_context())


def kept(response: Response) -> Response:
    """The response, for caches to keep and to ask about: 304 to who has it already."""
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def missing(path: str) -> Response:
    """The page for an address where nothing is."""
    return respond("missing.html", 404, path=path)


def card_path(rest: str) -> str:
    """The path of the card of `authority/…`, as addresses of pages end; empty where none is."""
    segment, _, key = rest.partition("/")
    if segment == "concept":
        scheme, _, key = key.partition("/")
        return f"card/theme/{key}" if scheme == "theme" and key else ""
    return f"card/{CARDS[segment]}/{key}" if segment in CARDS and key else ""
