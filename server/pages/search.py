"""`/search`: things by name, former name, code or title, as a page and as JSON."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from loaders.build.folding import fold
from ontology.namespaces import COUNTRY, MLG
from server.engine.results import Term
from server.graph.label_search import ask
from server.graph.search import Found, Hit, find, has_index, scheme_iri
from server.graph.sentences.reading import is_begun
from server.graph.vocabulary import Vocabulary, vocabulary
from server.i18n import Voice
from server.iris import checked, document_path
from server.pages.rendering import Page, respond
from server.pages.sentence import bare
from server.site import site

blueprint = Blueprint("search", __name__)

HITS = 20
LONGEST = 200
DEEPEST = 500
"""The last page of hits that is given."""


@blueprint.get("/search")
def results() -> Response:
    """The things that `q` finds, of one `kind` and `country` only where these are given."""
    page, found = Page(), hits()
    words = vocabulary(site(), site().engine.version())
    return respond(
        "search.html",
        q=asked(),
        asks=is_begun(asked()),
        found=found,
        hits=[told(hit, found, words, page) for hit in found.hits],
        kinds=[(key, kind_words(key, words, page.voice), n) for key, n in found.kinds.items()],
        countries=[
            (iri.removeprefix(str(COUNTRY)), named(found, iri, page.voice), n)
            for iri, n in found.countries.items()
        ],
        kind=request.args.get("kind", ""),
        country=request.args.get("country", ""),
        number=number(),
        first=(number() - 1) * HITS + 1,
        last=(number() - 1) * HITS + len(found.hits),
    )


@blueprint.get("/search.json")
def as_json() -> Response:
    """The same for programs."""
    page, found = Page(), hits()
    more = number() * HITS < found.total
    response = jsonify(
        query=asked(),
        total=found.total,
        page=number(),
        next=page.absolute(page.paged(number() + 1)) if more else None,
        kinds=found.kinds,
        countries={iri.removeprefix(str(COUNTRY)): n for iri, n in found.countries.items()},
        results=[as_object(hit, found, page) for hit in found.hits],
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def as_object(hit: Hit, found: Found, page: Page) -> Mapping[str, Any]:
    """A hit in JSON: dates as the data has them, null where nothing is known."""
    return {
        "iri": hit.iri,
        "label": hit.label,
        "language": hit.language or None,
        "type": hit.segment or None,
        "page": page.absolute(path) if (path := document_path(hit.iri)) else None,
        "name": title_of(hit, found, page.voice).value,
        "matched": {
            "how": hit.how,
            "scheme": hit.scheme or None,
            "since": hit.name_since or None,
            "until": hit.name_until or None,
        },
        "kind": hit.kind or None,
        "form": hit.form or None,
        "country": hit.country or None,
        "within": hit.place or None,
        "since": hit.since or None,
        "until": hit.until or None,
        "heirs": list(hit.heirs),
        "unresolved": hit.unresolved,
        "ties": hit.ties,
    }


def told(hit: Hit, found: Found, words: Vocabulary, page: Page) -> Mapping[str, Any]:
    """A hit as the page says it: its name, what and where it is, and how it was found."""
    voice = page.voice
    title = title_of(hit, found, voice)
    form = bare(named(found, hit.form, voice)) if hit.form else kind_words(hit.kind, words, voice)
    around = [named(found, iri, voice) for iri in (hit.place, hit.country) if iri]
    found_by = ""
    if hit.how == "code":
        scheme = voice.choose(found.labels.get(scheme_iri(hit.scheme), ()))
        found_by = f"{scheme.value if scheme else voice('search.code')} {hit.label}"
    elif fold(hit.label) != fold(title.value):
        found_by = voice(f"search.how.{hit.how}", name=hit.label)
    return {
        "iri": hit.iri,
        "title": title,
        "what": [each for each in (form, *around) if each],
        "period": period(hit.since if hit.until else "", hit.until, voice),
        "found_by": found_by,
        "name_period": period(hit.name_since, hit.name_until, voice),
        "heirs": [(iri, Term(iri), page.why(hit.iri, SUCCEEDED, Term(iri))) for iri in hit.heirs],
        "unresolved": hit.unresolved,
        "ties": hit.ties if hit.segment != "country" else 0,
    }


SUCCEEDED = str(MLG.succeededBy)


def period(since: str, until: str, voice: Voice) -> str:
    """From when to when, in words; empty where neither is known."""
    if since and until:
        return voice("period.both", since=voice.day(since), until=voice.day(until))
    if until:
        return voice("period.until", until=voice.day(until))
    return voice("period.since", since=voice.day(since)) if since else ""


def title_of(hit: Hit, found: Found, voice: Voice) -> Term:
    """The name of a thing now, in the language of the reader where there is a name in it."""
    fallback = Term(hit.label, "literal", hit.language)
    return voice.choose(found.labels.get(hit.iri, ())) or fallback


def named(found: Found, iri: str, voice: Voice) -> str:
    """The label of what stands around a hit."""
    label = voice.choose(found.labels.get(iri, ()))
    return label.value if label else ""


def kind_words(kind: str, words: Vocabulary, voice: Voice) -> str:
    """The words for a kind of things: those of a class, or a type of IRIs."""
    if voice.known(f"segment.{kind}"):
        return voice(f"segment.{kind}")
    return words.label(str(MLG[kind]), voice) if kind[:1].isupper() else kind


def asked() -> str:
    """The text that the caller looks for."""
    return request.args.get("q", "").strip()[:LONGEST]


def number() -> int:
    """The page of hits that is asked for; the first where that is none."""
    given = request.args.get("page", "1")
    return min(int(given), DEEPEST) if given.isascii() and given.isdecimal() and int(given) else 1


def hits() -> Found:
    """The hits in the index of the current version; without one, the engine's."""
    index = site().current_version().path / "names.sqlite"
    segment = request.args.get("type", "")
    if not has_index(index):
        labelled = ask(site().engine, asked(), segment=segment, limit=HITS)
        return Found(labelled, len(labelled))
    country = request.args.get("country", "")
    return find(
        index,
        asked(),
        kind=request.args.get("kind", ""),
        country=(checked(f"{COUNTRY}{country}") or "-") if country else "",
        segment=segment,
        offset=(number() - 1) * HITS,
        limit=HITS,
    )
