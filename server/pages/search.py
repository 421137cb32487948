"""`/search`: things by name, former name, code or title, as a page and as JSON."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request

from loaders.build.folding import fold
from ontology.namespaces import CONCEPT, COUNTRY, MLG
from server.engine.results import Term
from server.graph.label_search import ask
from server.graph.search import Filters, Found, Hit, find, has_index, scheme_iri
from server.graph.sentences.parting import is_begun
from server.graph.vocabulary import Vocabulary, vocabulary
from server.i18n import Voice
from server.iris import checked, document_path, tail
from server.pages.rendering import Page, respond
from server.pages.sentence import bare
from server.site import site

blueprint = Blueprint("search", __name__)

HITS = 20
THEME = f"{CONCEPT}theme/"
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
        cut=len(request.args.get("q", "")) > LONGEST,
        asks=is_begun(asked()),
        found=found,
        hits=[told(hit, found, words, page) for hit in found.hits],
        facets=facets(found, words, page.voice),
        narrowed=[name for name in NARROWING if request.args.get(name)],
        meant=title_of(found.hits[0], found, page.voice) if found.near else None,
        number=number(),
        first=(number() - 1) * HITS + 1,
        last=(number() - 1) * HITS + len(found.hits),
    )


NARROWING = ("kind", "country", "theme", "decade", "funded")


@dataclass(frozen=True)
class Facet:
    """A way of narrowing hits down: its parameter, the value chosen, and what may be."""

    name: str
    chosen: str
    entries: Sequence[tuple[str, str, int]]
    """Value, words and number of hits."""


def facets(found: Found, words: Vocabulary, voice: Voice) -> Sequence[Facet]:
    """The facets of hits that part them, or in which something is chosen already."""
    entries: Mapping[str, list[tuple[str, str, int]]] = {
        "kind": [(key, kind_words(key, words, voice), n) for key, n in found.kinds.items()],
        "country": [
            (iri.removeprefix(str(COUNTRY)), named(found, iri, voice), n)
            for iri, n in found.countries.items()
        ],
        "theme": [(tail(iri), named(found, iri, voice), n) for iri, n in found.themes.items()],
        "decade": [
            (str(year), f"{year}–{year + 9}", found.decades[year]) for year in sorted(found.decades)
        ],
        "funded": [("1", voice("search.funded.yes"), found.funded)] if found.funded else [],
    }
    return [
        Facet(name, chosen, entries[name])
        for name in NARROWING
        if (chosen := request.args.get(name, ""))
        or sum(n for *_, n in entries[name]) not in (0, found.total)
        or len(entries[name]) > 1
    ]


@blueprint.get("/search.json")
def as_json() -> Response:
    """The same for programs."""
    page, found = Page(), hits()
    words = vocabulary(site(), site().engine.version())
    more = number() * HITS < found.total
    response = jsonify(
        query=asked(),
        total=found.total,
        page=number(),
        next=page.absolute(page.paged(number() + 1)) if more else None,
        kinds=found.kinds,
        countries={iri.removeprefix(str(COUNTRY)): n for iri, n in found.countries.items()},
        themes={tail(iri): n for iri, n in found.themes.items()},
        decades={str(year): n for year, n in found.decades.items()},
        funded=found.funded,
        near=found.near,
        ask=page.absolute(page.link("ask.ask", q=asked())) if is_begun(asked()) else None,
        results=[as_object(hit, found, words, page) for hit in found.hits],
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def as_object(hit: Hit, found: Found, words: Vocabulary, page: Page) -> Mapping[str, Any]:
    """A hit in JSON: dates as the data has them, null where nothing is known."""
    return {
        "iri": hit.iri,
        "label": hit.label,
        "language": hit.language or None,
        "type": hit.segment or None,
        "page": page.absolute(path) if (path := document_path(hit.iri)) else None,
        "name": title_of(hit, found, page.voice).value,
        "description": " · ".join(described(hit, found, words, page.voice)),
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
    found_by = ""
    if hit.how == "code":
        scheme = voice.choose(found.labels.get(scheme_iri(hit.scheme), ()))
        found_by = f"{scheme.value if scheme else voice('search.code')} {hit.label}"
    elif fold(hit.label) != fold(title.value):
        found_by = voice(f"search.how.{hit.how}", name=hit.label)
    return {
        "iri": hit.iri,
        "title": title,
        "what": described(hit, found, words, voice),
        "found_by": found_by,
        "name_period": period(hit.name_since, hit.name_until, voice),
        "heirs": [(iri, Term(iri), page.why(hit.iri, SUCCEEDED, Term(iri))) for iri in hit.heirs],
        "unresolved": hit.unresolved,
        "ties": hit.ties if hit.segment != "country" else 0,
    }


def described(hit: Hit, found: Found, words: Vocabulary, voice: Voice) -> Sequence[str]:
    """What a hit is, where, and from when to when where it has ended."""
    form = bare(named(found, hit.form, voice)) if hit.form else kind_words(hit.kind, words, voice)
    around = [named(found, iri, voice) for iri in (hit.place, hit.country) if iri]
    lasted = period(hit.since if hit.until else "", hit.until, voice)
    return [each for each in (form, *around, lasted) if each]


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
    given = request.args.get("q", "")[:LONGEST]
    # What directs or breaks lines would be carried into the page that says what was looked for.
    kept = (c for c in given if unicodedata.category(c) not in ("Cc", "Cf") or c in JOINERS)
    return "".join(kept).strip()


JOINERS = "\u200c\u200d"
"""Without these, words of Persian and other scripts fall apart."""


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
    country, theme = (request.args.get(name, "") for name in ("country", "theme"))
    decade = request.args.get("decade", "")
    return find(
        index,
        asked(),
        Filters(
            kind=request.args.get("kind", ""),
            country=(checked(f"{COUNTRY}{country}") or "-") if country else "",
            theme=(checked(f"{THEME}{theme}") or "-") if theme else "",
            decade=int(decade) if re.fullmatch(r"[0-9]{4}", decade) else -1 if decade else 0,
            funded=bool(request.args.get("funded")),
            segment=segment,
        ),
        offset=(number() - 1) * HITS,
        limit=HITS,
    )
