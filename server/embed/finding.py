"""From an address to an exhibit: a question, a card, any SELECT, a frozen one; or the problem."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from werkzeug.datastructures import MultiDict

from loaders.build.folding import fold
from queries import AmbiguousValue, ArgumentError, catalogue, former
from server.embed.answered import ask_question, ask_text
from server.embed.cards import KINDS, find_subject, show_card
from server.embed.exhibit import Exhibit
from server.embed.frame import EMBED_FORMS, Problem
from server.engine.errors import EngineError
from server.engine.results import Term
from server.graph.search import search
from server.http.negotiation import LANGUAGES
from server.http.problems import describe
from server.i18n import Voice
from server.pages.answers import complaint, status_of
from server.pages.arguments import RESERVED
from server.pages.meanings import apart, resolve
from server.pages.rendering import card_path
from server.pages.saved_store import read as read_saved
from server.site import Site

Pairs = Sequence[tuple[str, str]]
SEGMENTS: Mapping[str, Sequence[str]] = {
    "authority": ("authority",),
    "association": ("organisation",),
    "country": ("country",),
    "theme": ("concept",),
    "funder": ("organisation", "authority"),
}
CHOICES = 12


class Unshown(Exception):
    """There is no exhibit; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


@lru_cache(maxsize=512)
def exhibit_at(
    site: Site,
    version: str,  # noqa: ARG001 (the key of what is kept)
    path: str,
    pairs: Pairs,
    voice: Voice,
) -> Exhibit:
    """The exhibit of a path below `/embed/` in that version, made once; raises Unshown."""
    head, _, rest = path.partition("/")
    try:
        if head == "card":
            return card_at(site, rest, dict(pairs), voice)
        if head == "sparql" and not rest:
            return text_at(site, dict(pairs), voice)
        if head == "view":
            return saved_at(site, rest, voice)
        if not rest:
            return question_at(site, head, pairs, voice)
    except EngineError as error:
        told = describe(error.kind, vars(error), voice.language if voice.language != "ar" else "fr")
        problem = Problem(told["title"], told["detail"], told["advice"], told["status"])
        raise Unshown(problem) from error
    raise nothing(f"/embed/{path}", voice)


def question_at(site: Site, name: str, pairs: Pairs, voice: Voice) -> Exhibit:
    """The exhibit of a question of the catalogue."""
    query = catalogue().get(former().renamed.get(name, name))
    if query is None:
        raise nothing(f"/embed/{name}", voice)
    given: dict[str, list[str]] = {}
    for key, value in pairs:
        if value.strip() and (key in query.parameters or key not in RESERVED):
            given.setdefault(key, []).append(value)
    try:
        meant = resolve(site, query, given, voice)
        return ask_question(site.engine, site.current_version(), query, meant)
    except ArgumentError as error:
        detail = complaint(error, query, voice)
        choices = []
        if isinstance(error, AmbiguousValue):
            others = [pair for pair in pairs if pair[0] != error.name]
            choices = [
                (label, f"/embed/{name}?{urlencode([*others, (error.name, value)])}")
                for value, label in error.choices
            ]
        told = Problem(voice("argument.wrong"), detail, status=status_of(error), choices=choices)
        raise Unshown(told) from error


def text_at(site: Site, given: Mapping[str, str], voice: Voice) -> Exhibit:
    """The exhibit of a SELECT that the address holds."""
    text = given.get("query", "")
    title = given.get("title", "").strip()
    if not text.strip():
        raise nothing("/embed/sparql", voice)
    words = [
        Term(title or Voice(language)("embed.text"), "literal", "" if title else language)
        for language in LANGUAGES
    ]
    try:
        return ask_text(site.engine, site.current_version(), text, words)
    except (KeyError, ValueError) as error:
        # ASK, CONSTRUCT and DESCRIBE have no table.
        raise Unshown(Problem(voice("embed.notable"), voice("embed.notable.words"))) from error


def saved_at(site: Site, identifier: str, voice: Voice) -> Exhibit:
    """The exhibit of a saved query."""
    saved = read_saved(site.settings.home, identifier)
    if saved is None:
        raise nothing(f"/embed/view/{identifier}", voice)
    view = f"#view: {saved.view}\n" if saved.view else ""
    return text_at(site, {"query": view + saved.text, "title": saved.title}, voice)


def card_at(site: Site, path: str, given: Mapping[str, str], voice: Voice) -> Exhibit:
    """The card of an entity, by its key, or by its name if no other is called so."""
    kind, _, key = path.partition("/")
    if kind not in KINDS:
        raise nothing(f"/embed/card/{path}", voice)
    version = site.current_version()
    if not key:
        key = key_of(site, kind, given.get("name", ""), voice)
    iri = find_subject(site.engine, kind, key)
    if iri is None:
        raise nothing(f"/embed/card/{path}", voice)
    return show_card(site.engine, version, kind, key, iri)


def key_of(site: Site, kind: str, name: str, voice: Voice) -> str:
    """The key of what is called so; raises Unshown with the choices where there are several."""
    index = site.current_version().path / "names.sqlite"
    hits = [hit for segment in SEGMENTS[kind] for hit in search(index, name, segment=segment)]
    same = [hit for hit in hits if fold(hit.label) == fold(name)]
    found = same if len(same) == 1 else hits
    if len(found) == 1:
        return key_in(found[0].iri, kind)
    if not found:
        detail = voice("search.none", q=name[:200])
        raise Unshown(Problem(voice("embed.nobody"), detail, status=404))
    words = apart(site, found[:CHOICES], voice)
    choices = [
        (told, f"/embed/card/{kind}/{key_in(hit.iri, kind)}")
        for told, hit in zip(words, found[:CHOICES], strict=True)
    ]
    detail = voice("embed.several.words", q=name[:200])
    raise Unshown(Problem(voice("embed.several"), detail, status=300, choices=choices))


def key_in(iri: str, kind: str) -> str:
    """The key by which the card of that kind knows an IRI."""
    base = next((each for each in KINDS[kind] if iri.startswith(each)), "")
    return quote(iri.removeprefix(base))


def nothing(path: str, voice: Voice) -> Unshown:
    """The problem of an address at which there is nothing."""
    words = voice("embed.nothing.words")
    return Unshown(
        Problem(voice("missing.title"), f"{path[:200]} {voice('missing.words')}", words, 404)
    )


def embed_of(address: str, root: str) -> tuple[str, MultiDict[str, str]] | None:
    """The path below `/embed/` that shows what a page of this site is about, and its settings.

    `address` is of an embed, of a question's page or of an entity's, whole or without the host;
    None where it is of neither, or of another site than `root`.
    """
    try:
        place, home = urlsplit(address.strip()), urlsplit(root)
        pairs = MultiDict(parse_qsl(place.query, keep_blank_values=True))
    except ValueError:
        return None
    if place.netloc and place.netloc != home.netloc:
        return None
    prefix = home.path.rstrip("/")
    path = unquote(place.path)
    if not path.startswith(prefix):
        return None
    head, _, rest = path.removeprefix(prefix).lstrip("/").partition("/")
    if head == "embed" and rest and rest not in ("builder", "freeze"):
        name, _, suffix = rest.rpartition(".")
        return (name if suffix in EMBED_FORMS else rest), pairs
    if head == "queries" and rest.partition(".")[0] in catalogue():
        return rest.partition(".")[0], without(pairs, ("page", "bom", "sep", "format"))
    if head == "view" and rest:
        return f"view/{rest.partition('.')[0]}", pairs
    if head == "query" and pairs.get("query"):
        return "sparql", pairs
    if head in ("doc", "id") and rest:
        card = card_path(rest.removesuffix(".html"))
        return (card, without(pairs, ())) if card else None
    return None


def without(pairs: MultiDict[str, str], names: Sequence[str]) -> MultiDict[str, str]:
    """The settings but those."""
    return MultiDict([(k, v) for k, v in pairs.items(multi=True) if k not in names])


def address_of(path: str, pairs: Pairs, looks: Mapping[str, str]) -> str:
    """The path and query of an embed with its looks."""
    asked = urlencode([*pairs, *looks.items()])
    return f"/embed/{quote(path, safe='/-._~')}" + (f"?{asked}" if asked else "")
