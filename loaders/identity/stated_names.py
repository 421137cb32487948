"""The readings of a name as stated: the name itself, its kind, its territory, its article.

`Ville du Havre`, `Conseil général de l'Essonne`, `CA du Pays Basque`, `Saint-Denis (93)` and
`Vernouillet, Yvelines` each name an authority and tell more about it. A name has several readings,
the most literal first; `loaders.identity.resolution` tries them in that order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from loaders.model.iris import slug
from ontology.documents import schemes_graph
from ontology.namespaces import SKOS

EXACT, WITHOUT_KIND, WITHOUT_ARTICLE = "exact-name", "name-and-kind", "without-article"
POSTAL = "postal-name"

KINDS = {
    word: frozenset(kinds.split())
    for words, kinds in (
        ("ville commune mairie municipalite commune-rurale commune-urbaine city town municipality",
         "municipality mli-district"),
        ("departement conseil-general conseil-departemental",
         "intermediate-authority fra-collectivite-territoriale"),
        ("region conseil-regional", "regional-authority"),
        ("province prefecture cercle conseil-de-cercle gouvernorat", "intermediate-authority"),
        ("wilaya district", "intermediate-authority regional-authority"),
        ("ca communaute-d-agglomeration agglomeration", "fra-communaute-agglomeration"),
        ("cc communaute-de-communes", "fra-communaute-communes"),
        ("cu communaute-urbaine", "fra-communaute-urbaine cmr-communaute-urbaine"),
        ("metropole", "fra-metropole fra-metropole-lyon"),
        ("ept etablissement-public-territorial", "fra-ept"),
        ("communaute epci intercommunalite", "intermunicipal-body"),
        ("collectivite collectivite-d-outre-mer collectivite-territoriale",
         "fra-collectivite-outre-mer fra-collectivite-territoriale"),
    )
    for word in words.split()
}  # fmt: skip
"""The kinds that a word before a name allows, as notations of the scheme of kinds."""

_WORDS = "|".join(sorted(KINDS, key=len, reverse=True))
_DESIGNATED = re.compile(
    rf"(?:l-|la-|le-)?(?P<word>{_WORDS})-(?P<link>de-la-|de-l-|des-|du-|de-|d-|)(?P<rest>.+)"
)
_ARTICLES = {"de-la-": "la-", "de-l-": "l-", "des-": "les-", "du-": "le-"}
ABBREVIATED = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_POSTAL = re.compile(
    r"(?P<name>.+?)-cedex(?:-\d+)?"
    r"|(?P<town>paris|lyon|marseille)-\d{1,2}(?:er|re|e|eme|nd|nde)?(?:-arrondissement)?"
)
"""The end of a town in an address: its special delivery, its municipal arrondissement."""
_QUALIFIED = re.compile(r"(?P<name>.+?)(?:\s*\((?P<inside>[^()]+)\)|,\s+(?P<after>[^,()]+))\s*")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name: the key to look up, and what the rest of it says.

    `kinds` are those that the name allows, none where it tells none; `territory` is what stands in
    brackets or after a comma, and must hold whatever is found.
    """

    key: str
    method: str = EXACT
    kinds: frozenset[str] = frozenset()
    territory: str | None = None


@lru_cache(maxsize=1 << 17)
def fold(name: str) -> str:
    """The name as it is compared: no accents, capitals or apostrophes, no abbreviated saints.

    >>> fold("St-Germain s/ Moine") == fold("SAINT GERMAIN SUR MOINE")
    True
    """
    key = slug(re.sub(r"\bs/\s*", "sur ", name))
    if "st" not in key:
        return key
    return "-".join(ABBREVIATED.get(word, word) for word in key.split("-"))


def bare(key: str) -> str:
    """The key without the article that opens it.

    >>> bare("la-reunion")
    'reunion'
    """
    return re.sub(r"^(?:le|la|les|l)-(?=.)", "", key)


@lru_cache(maxsize=1 << 17)
def readings(name: str) -> tuple[Reading, ...]:
    """The ways to read a name, the most literal first.

    >>> [reading.key for reading in readings("Ville du Havre")]
    ['ville-du-havre', 'le-havre', 'havre']
    >>> readings("Saint-Denis (93)")[1]
    Reading(key='saint-denis', method='exact-name', kinds=frozenset(), territory='93')
    """
    found = list(_plain(fold(name), None, frozenset()))
    if match := _QUALIFIED.fullmatch(name):
        inside = match["inside"] or match["after"]
        word = fold(inside)
        if word in ("la", "le", "les", "l"):
            found += _plain(f"{word}-{fold(match['name'])}", None, frozenset())
        elif word in KINDS:
            found += _plain(fold(match["name"]), None, KINDS[word])
        else:
            found += _plain(fold(match["name"]), inside, frozenset())
            if _abbreviates(inside, fold(match["name"])):
                found += _plain(fold(match["name"]), None, frozenset())
    if match := _POSTAL.fullmatch(fold(name)):
        found.append(Reading(match["name"] or match["town"], POSTAL))
    return tuple(dict.fromkeys(reading for reading in found if reading.key))


def _plain(key: str, territory: str | None, kinds: frozenset[str]) -> list[Reading]:
    method = WITHOUT_KIND if kinds else EXACT
    found = [Reading(key, method, kinds, territory)]
    if match := _DESIGNATED.fullmatch(key):
        allowed = KINDS[match["word"]]
        article = _ARTICLES.get(match["link"])
        rests = (f"{article}{match['rest']}", match["rest"]) if article else (match["rest"],)
        found += [Reading(rest, WITHOUT_KIND, allowed, territory) for rest in rests]
    return found


def _abbreviates(inside: str, key: str) -> bool:
    """True where the brackets hold an acronym of the name: its initials, some left out.

    >>> _abbreviates("CASE", "communaute-d-agglomeration-seine-eure")
    True
    """
    initials = iter(word[0] for word in key.split("-"))
    long_enough = len(inside) > 2 and inside.isupper()
    return long_enough and all(letter in initials for letter in inside.lower())


_OF_MUNICIPALITIES = {
    "ville", "commune", "mairie", "municipalite", "commune-rurale", "commune-urbaine", "city",
    "town", "municipality",
}  # fmt: skip
_BODIES = {
    "conseil-general": "departement",
    "conseil-departemental": "departement",
    "conseil-regional": "region",
    "conseil-de-cercle": "cercle",
    "ca": "communaute-d-agglomeration",
    "cc": "communaute-de-communes",
    "cu": "communaute-urbaine",
    "ept": "etablissement-public-territorial",
}


def shared_key(name: str, kind: str | None = None) -> str:
    """The key under which records share a name that no register knows.

    The word for a kind opens it, in one spelling, and that for a municipality is left out: it is
    what a name alone means. `kind` is such a word where the name has none.

    >>> shared_key("Ville de Koutiala"), shared_key("Koutiala")
    ('koutiala', 'koutiala')
    >>> shared_key("Conseil régional de Matam"), shared_key("Matam", "region")
    ('region-matam', 'region-matam')
    """
    key = fold(name)
    if match := _DESIGNATED.fullmatch(key):
        kind = match["word"]
        if kind in _OF_MUNICIPALITIES and not match["link"]:
            return key  # `Commune V`: the word is a part of the name
        key = _ARTICLES.get(match["link"], "") + match["rest"]
    if kind is None or kind in _OF_MUNICIPALITIES:
        return key
    return f"{_BODIES.get(kind, kind)}-{bare(key)}"


@cache
def broader_kinds(notation: str) -> frozenset[str]:
    """A kind of authority and those that it is a kind of, by their notations.

    >>> sorted(broader_kinds("fra-communaute-agglomeration"))
    ['fra-communaute-agglomeration', 'fra-epci', 'intermunicipal-body']
    """
    return frozenset({notation}).union(
        *(broader_kinds(wider) for wider in _broader().get(notation, ()))
    )


@cache
def _broader() -> dict[str, tuple[str, ...]]:
    wider: dict[str, tuple[str, ...]] = {}
    for concept, broader in schemes_graph().subject_objects(SKOS.broader):
        if "/concept/kind/" in str(concept):
            own = str(concept).rpartition("/")[2]
            wider[own] = (*wider.get(own, ()), str(broader).rpartition("/")[2])
    return wider
