"""The things that a name in a sentence may mean in the current version, and their names."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from loaders.build.folding import fold
from ontology.namespaces import COUNTRY, ID
from ontology.schemes import concept
from server.graph.label_search import ask
from server.graph.labels import Labels, label, read_labels
from server.graph.search import Hit, find, has_index
from server.graph.sentences.compilation import THEME
from server.graph.sentences.naming import keyed, unambiguous
from server.i18n import Voice
from server.iris import checked, path_of, segment_of
from server.pages.sentence import bare
from server.site import Site

CHOICES = 12
"""The most meanings of a name that are told."""
LOOKED_AT = 200
"""Hits among which those are looked for that a slot takes."""
_PAGE = re.compile(r"(?:.*/)?(?:doc|id)/(.+?)(?:\.html)?")
SEGMENTS: Mapping[str, Sequence[str]] = {
    "territory": ("country", "authority"),
    "place": ("country", "authority"),
    "country": ("country",),
    "agent": ("authority", "organisation"),
    "theme": ("concept",),
}
"""The types of IRIs that a slot takes."""
MEANT: Mapping[str, Sequence[str]] = {
    "territory": ("country", "RegionalAuthority", "IntermediateAuthority"),
    "place": ("country",),
}
"""The kinds that are meant rather than others of the same name: those that hold the others."""


class Bearers:
    """The things that names mean, in the words of a language; those found are remembered."""

    def __init__(self, site: Site, voice: Voice) -> None:
        self.site, self.voice = site, voice
        self.hits: dict[str, Hit] = {}
        self.called: dict[str, str] = {}

    def meanings(self, takes: str, ways: Sequence[str]) -> Sequence[str]:
        """The IRIs that a name may mean: by its address, key or code, its whole, else its words."""
        for way in ways:
            iri = addressed(way) or keyed(way)
            if iri and fits(takes, iri) and self.label(iri):
                return (iri,)
        if takes == "theme":
            themes = [str(iri) for way in ways if (iri := concept("theme", way))]
            if themes:
                return themes[:1]
        for way in ways:
            exact = [hit for hit in self.found(takes, way) if fold(hit.label) == fold(way)]
            if exact:
                return [hit.iri for hit in likeliest(takes, exact)]
        partly = [hit.iri for hit in self.found(takes, ways[-1])][:CHOICES]
        # Africa is not South Africa: one thing that is not called so is offered, and not taken.
        return partly if len(partly) > 1 or takes == "theme" else ()

    def found(self, takes: str, name: str, forgiving: bool = False) -> Sequence[Hit]:
        """What a search finds that a slot takes, each thing once."""
        index = self.site.current_version().path / "names.sqlite"
        if has_index(index):
            hits = find(index, name, limit=LOOKED_AT, forgiving=forgiving).hits
        else:
            hits = ask(self.site.engine, name, limit=LOOKED_AT)
        kept = {hit.iri: hit for hit in hits if fits(takes, hit.iri)}
        self.hits.update(kept)
        return tuple(kept.values())

    def label(self, iri: str) -> str:
        """The preferred label of a thing; empty where it has none, or is unknown."""
        if iri not in self.called:
            found = self.voice.choose(read_labels(self.site.engine, [iri]).get(iri, ()))
            self.called[iri] = found.value if found else ""
        return self.called[iri]

    def name(self, takes: str, iri: str) -> str:
        """The name of a thing in a sentence, with its key where another is called so."""
        return unambiguous(self.label(iri) or iri, iri, takes, self.meanings)

    def told(self, iris: Sequence[str]) -> list[tuple[str, str, str]]:
        """Those things, each with its label and with what and where it is."""
        around = [self.hits.get(iri) for iri in iris]
        wanted = {each for hit in around if hit for each in (hit.form, hit.place, hit.country)}
        labels = read_labels(self.site.engine, {*wanted, *iris} - {""})
        return [
            (iri, label(labels, iri, self.voice).value, described(hit, labels, self.voice))
            for iri, hit in zip(iris, around, strict=True)
        ]


def described(hit: Hit | None, labels: Labels, voice: Voice) -> str:
    """The kind, the place and the country of a hit, and until when it was."""
    if hit is None:
        return ""
    said = [label(labels, iri, voice).value for iri in (hit.form, hit.place, hit.country) if iri]
    if hit.until:
        said.append(voice("period.until", until=voice.day(hit.until)))
    return " · ".join([bare(each) for each in said])


def likeliest(takes: str, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The one that a name means rather than its namesakes, where there is one; else all."""
    for kind in MEANT.get(takes, ()):
        of_kind = [hit for hit in hits if kind in (hit.kind, hit.segment) and not hit.until]
        if len(of_kind) == 1:
            return of_kind
    return hits


def fits(takes: str, iri: str) -> bool:
    """True where a slot takes such a thing."""
    return segment_of(iri) in SEGMENTS[takes] and (takes != "theme" or iri.startswith(THEME))


def addressed(name: str) -> str | None:
    """The IRI that a name is, or the one of the page whose address it is."""
    if name.startswith((str(COUNTRY), str(ID))):
        return checked(name)
    page = _PAGE.fullmatch(path_of(name)) if "/" in name else None
    if page is None:
        return None
    key = unquote(page[1])
    if key.startswith("country/"):
        return checked(f"{COUNTRY}{key.removeprefix('country/')}")
    return checked(f"{ID}{key}")
