"""The things that a caller may mean by a name, a code or the address of a page."""

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import unquote

from pyoxigraph import Literal

from loaders.build.folding import fold
from ontology.namespaces import COUNTRY, ID
from queries import ANY, AmbiguousValue, BadParameter, Query, UnknownName
from server.graph.label_search import ask
from server.graph.labels import read_labels
from server.graph.search import Hit, has_index, search
from server.i18n import Voice
from server.iris import path_of, segment_of
from server.pages.arguments import Arguments
from server.pages.bearers import described
from server.questions import select
from server.site import Site

CHOICES = 12
"""The most meanings of a name that are told."""
FRENCH = Voice("fr")
_PAGE = re.compile(r"(?:/.*)?/(?:doc|id)/(.+?)(?:\.html)?")
_CODE = re.compile(r"(?=.*\d)[0-9A-Z][0-9A-Za-z.-]+")
NAMED = ("entity", "country")
"""The types of parameters for which a name will do."""


def resolve(site: Site, query: Query, arguments: Arguments, voice: Voice = FRENCH) -> Arguments:
    """The arguments with keys in the place of names, codes and addresses of pages.

    `voice` says what there is to choose from.
    Raises AmbiguousValue with the choices where a name or a code may mean several, UnknownName
    where it means nobody. What is no parameter of the query stays for `bind` to refuse.
    """
    return {
        name: [meaning(site, query, name, value.strip(), voice) for value in values]
        if name in query.parameters and query.parameters[name].type in NAMED
        else values
        for name, values in arguments.items()
    }


def meaning(site: Site, query: Query, name: str, value: str, voice: Voice) -> str:
    """The key that a value of a parameter means: itself, where it is one."""
    parameter = query.parameters[name]
    if value == ANY:
        return value
    page = _PAGE.fullmatch(path_of(value)) if "/" in value else None
    written = unquote(page[1]) if page else value
    if parameter.type == "country":
        written = written.removeprefix("country/")
    try:
        return key_of(parameter.term(name, written).value)
    except BadParameter:
        pass  # no key: a code or a name, then
    segment = query.segment(name)
    bearers = coded(site, value, segment) if parameter.type == "entity" else ()
    found = bearers or named(site, value, parameter.type, segment)
    if not found:
        raise UnknownName(name, value[:200])
    keys = {key_of(hit.iri): hit for hit in found}
    if len(keys) > 1:
        first = dict(list(keys.items())[:CHOICES])
        told = tuple(zip(first, apart(site, tuple(first.values()), voice), strict=True))
        raise AmbiguousValue(name, value[:200], told)
    return next(iter(keys))


def apart(site: Site, hits: Sequence[Hit], voice: Voice) -> Sequence[str]:
    """What tells each thing from its namesakes: its label, then what and where it is.

    Where that is unknown, or that of another too, its key.
    """
    around = {iri for hit in hits for iri in (hit.form, hit.place, hit.country) if iri}
    labels = read_labels(site.engine, around)
    told = [" · ".join(filter(None, (h.label, described(h, labels, voice)))) for h in hits]
    alike = Counter(told)
    return [
        f"{words} ({hit.iri.rpartition('/')[2]})"
        if alike[words] > 1 or words == hit.label
        else words
        for words, hit in zip(told, hits, strict=True)
    ]


def coded(site: Site, value: str, segment: str) -> Sequence[Hit]:
    """The things that bear a code."""
    if not _CODE.fullmatch(value):
        return ()
    rows = select(site.engine, "holders", code=Literal(value), limit=CHOICES).rows
    iris = [row["entity"].value for row in rows]
    kept = [iri for iri in iris if not segment or segment_of(iri) == segment]
    labels = read_labels(site.engine, kept)
    voice = Voice("fr")
    found = []
    for iri in kept:
        label = voice.choose(labels.get(iri, ()))
        found.append(Hit(iri, label.value if label else iri, "", segment_of(iri)))
    return found


def named(site: Site, value: str, kind: str, segment: str) -> Sequence[Hit]:
    """The things of that name; where none is called so, those whose names hold its words."""
    wanted = segment if kind == "entity" else ""
    place = str(COUNTRY) if kind == "country" else str(ID)
    hits = [hit for hit in find(site, value, wanted, 200) if hit.iri.startswith(place)]
    same = [hit for hit in hits if fold(hit.label) == fold(value)]
    return same or hits


def find(site: Site, text: str, segment: str, limit: int) -> Sequence[Hit]:
    """The hits of a text in the index of the current version; without one, the engine's."""
    index = site.current_version().path / "names.sqlite"
    if not has_index(index):
        return ask(site.engine, text, segment=segment, limit=limit)
    return search(index, text, segment=segment, limit=limit)


def key_of(iri: str) -> str:
    """The shortest way in which a caller may write an IRI."""
    return iri.removeprefix(str(ID)).removeprefix(str(COUNTRY))
