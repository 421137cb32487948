"""Search over the index of a version: names in every language, former ones, codes and titles.

A text is looked for as names that hold every word of it or the beginning of one; where none does,
with what is around (`evry 91`, `dakar senegal`); then with words that are nearly written so.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from loaders.build.folding import fold, words
from loaders.build.index import LAYOUT
from ontology.namespaces import CONCEPT
from server.engine.results import Term
from server.graph.near_words import near
from server.graph.search_vectors import (
    BEGINNING,
    BEGUN,
    MEANT,
    SCATTERED,
    WORD,
    Flags,
    Numbers,
    Ranked,
    Vectors,
    read_vectors,
)

FEW = 3
"""With fewer names than that, and none the text itself, words written nearly so are tried too."""
AROUND, NEARLY = 10, 100
"""The distance added where a hit is found by its surroundings, or written nearly so."""
MISTAKE = 20
"""The distance of a mistake, beside that of a word too many."""
LOOKED_AT, LEFT = 600, 200
"""Names of which the words are compared one by one, those of the heaviest things; the distance
added to the others."""
OFFICE = frozenset(
    (
        *("mairie", "ville", "commune", "municipalite", "conseil", "municipal", "communal"),
        *("departemental", "general", "regional", "dept", "departement", "region", "hotel"),
        *("city", "town", "council", "municipality", "county", "department"),
    )
)
"""Words for an office, which people write before the name of what it is the office of."""
GROUPS = re.compile(r"\s*\d{2,3}(?:\s+\d{3})+\s*")
"""A code as offices write it, in groups of digits."""
UNSAID = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "of", "the")
)
"""Words that a name may leave out."""
HITS = """
SELECT name.id, thing.iri, label, language, thing.segment, how, scheme, name.since, name.until,
  thing.kind, thing.since, thing.until, thing.unresolved, thing.ties,
  form.iri, country.iri, place.iri, thing.id
FROM name JOIN thing ON thing.id = name.thing
LEFT JOIN thing AS form ON form.id = thing.form
LEFT JOIN thing AS country ON country.id = thing.country
LEFT JOIN thing AS place ON place.id = thing.place
WHERE name.id IN ({})
"""


HEIRS = """
SELECT of, iri FROM heir JOIN thing ON thing.id = heir.thing WHERE of IN ({}) ORDER BY iri
"""


@dataclass(frozen=True)
class Hit:
    """A thing found, by the name that fits best; dates and IRIs are empty where none is known."""

    iri: str
    label: str
    language: str
    segment: str
    how: str = "preferred"
    """`preferred`, `other`, `period` for a former name, `acronym`, `stated`, `title`, `code`."""
    scheme: str = ""
    """The key of the scheme of a code."""
    name_since: str = ""
    name_until: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    unresolved: bool = False
    ties: int = 0
    form: str = ""
    country: str = ""
    place: str = ""
    heirs: Sequence[str] = ()
    """The authorities that are in its place today."""


@dataclass(frozen=True)
class Found:
    """A page of the hits of a search, their number, and how many are of each kind, country … .

    Each is counted among what the other filters leave. The themes and decades are those of ties
    and of who takes part in them.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    countries: Mapping[str, int] = field(default_factory=dict)
    themes: Mapping[str, int] = field(default_factory=dict)
    decades: Mapping[int, int] = field(default_factory=dict)
    funded: int = 0
    """How many have money stated, or ties that have."""
    labels: Mapping[str, Sequence[Term]] = field(default_factory=dict)
    """The preferred labels of what is found, its forms, places, countries and heirs."""
    near: bool = False
    """True where the first hit is only written nearly so."""


@dataclass(frozen=True)
class Filters:
    """What hits must be: of a kind, a country, a theme (IRIs), a decade; with money or not asked.

    `segment` is a type of IRI. What is empty lets all through.
    """

    kind: str = ""
    country: str = ""
    theme: str = ""
    decade: int = 0
    funded: bool = False
    segment: str = ""


def has_index(path: Path) -> bool:
    """True where there is an index of this layout; versions built long ago have another."""
    if not path.is_file():
        return False
    with closing(opened(path)) as db:
        return bool(db.execute("PRAGMA user_version").fetchone()[0] == LAYOUT)


def search(path: Path, text: str, *, segment: str = "", limit: int = 20) -> Sequence[Hit]:
    """The things that the text names as it is written, the likeliest first; of one type or any."""
    return find(path, text, Filters(segment=segment), limit=limit, forgiving=False).hits


def find(
    path: Path,
    text: str,
    filters: Filters = Filters(),
    *,
    offset: int = 0,
    limit: int = 20,
    forgiving: bool = True,
) -> Found:
    """A page of what the text finds, the likeliest first; nothing where there is no index.

    Only where it is `forgiving` are words that are nearly written so taken for the text's.
    """
    if not fold(text) or not has_index(path):
        return Found()
    with closing(opened(path)) as db:
        vectors = read_vectors(path)
        every = ranked(db, vectors, path, text, forgiving)
        passing = masks(db, vectors, every, filters)
        chosen = every.where(np.logical_and.reduce(list(passing.values())))
        left = {
            name: every.where(
                np.logical_and.reduce([mask for each, mask in passing.items() if each != name])
            ).things
            for name in passing
        }
        lands = counted(vectors.of_things("country", left["country"]))
        about = counted(vectors.holding("theme", "theme", left["theme"])[1])
        kinds = counted(vectors.of_things("kind", left["kind"]))
        named = iris(db, [each for each in (*lands, *about) if each])
        page = slice(offset, offset + limit)
        hits = read_hits(db, chosen.things[page].tolist(), chosen.names[page].tolist())
        wanted = {iri for hit in hits for iri in (hit.iri, hit.form, hit.country, hit.place)}
        wanted |= {heir for hit in hits for heir in hit.heirs} | set(named.values())
        wanted |= {scheme_iri(hit.scheme) for hit in hits if hit.scheme}
        return Found(
            hits,
            len(chosen.things),
            {vectors.kinds[each][0]: count for each, count in kinds.items()},
            {named[each]: count for each, count in lands.items() if each in named},
            {named[each]: count for each, count in about.items() if each in named},
            counted(vectors.holding("decade", "year", left["decade"])[1]),
            int(vectors.of_things("funded", left["funded"]).sum()),
            labels=read_labels(db, wanted - {""}),
            near=len(chosen.things) > 0 and int(chosen.distances[0]) >= NEARLY,
        )


def masks(
    db: sqlite3.Connection, vectors: Vectors, every: Ranked, filters: Filters
) -> dict[str, Flags]:
    """What each filter lets through, by its name."""
    things = every.things
    numbered = numbers(db, [iri for iri in (filters.country, filters.theme) if iri])
    kind = vectors.of_things("kind", things)
    kinds = [n for n, (name, _) in enumerate(vectors.kinds) if filters.kind in ("", name)]
    types = [n for n, (_, name) in enumerate(vectors.kinds) if filters.segment in ("", name)]
    all_ = np.ones(len(things), np.bool_)
    themed, theme = vectors.holding("theme", "theme", things)
    dated, decade = vectors.holding("decade", "year", things)
    country = vectors.of_things("country", things)
    return {
        "kind": np.isin(kind, kinds),
        "segment": np.isin(kind, types),
        "country": country == numbered.get(filters.country, -1) if filters.country else all_,
        "theme": np.isin(things, themed[theme == numbered.get(filters.theme, -1)])
        if filters.theme
        else all_,
        "decade": np.isin(things, dated[decade == filters.decade]) if filters.decade else all_,
        "funded": vectors.of_things("funded", things).astype(np.bool_) if filters.funded else all_,
    }


def counted(values: Numbers) -> dict[int, int]:
    """How often each value stands there, the commonest first."""
    found, counts = np.unique(values, return_counts=True)
    order = np.lexsort((found, -counts))
    return dict(zip(found[order].tolist(), counts[order].tolist(), strict=True))


def scheme_iri(key: str) -> str:
    """The IRI of the scheme of a code."""
    return f"{CONCEPT}identifier-scheme/{key}"


def opened(path: Path) -> sqlite3.Connection:
    """A connection to an index, which nobody writes to."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def ranked(
    db: sqlite3.Connection, vectors: Vectors, path: Path, text: str, forgiving: bool
) -> Ranked:
    """All that fits, the likeliest first: the closest, then those that weigh most."""
    if GROUPS.fullmatch(text):
        text = "".join(text.split())
    spelled = words(text)
    asked = [word for word in spelled if word not in UNSAID] or spelled
    folded = fold(text)
    terms = [term(word) for word in asked]
    names = matching(db, f"folded : ({' AND '.join(terms)})")
    distances = vectors.distances(db, names, folded)
    if " " in folded:
        distances = joined(db, names, distances, folded)
    if len(terms) > 1 and not (distances <= BEGINNING).any():
        for others, away in (around(db, vectors, terms, folded), official(db, asked)):
            names, distances = np.concatenate((names, others)), np.concatenate((distances, away))
    found = vectors.rank(names, distances)
    if forgiving and len(found.things) < FEW and not (found.distances <= BEGUN).any():
        return forgiven(db, vectors, path, asked, folded, found)
    return found


def around(
    db: sqlite3.Connection, vectors: Vectors, terms: Sequence[str], folded: str
) -> tuple[Numbers, Numbers]:
    """The names that hold some words of a text, and their surroundings the others."""
    some, every = " OR ".join(terms), " AND ".join(terms)
    names = matching(db, f"(folded : ({some})) AND ({every})")
    away = compared(db, vectors, names, lambda name: unmatched(name, folded))
    return names, np.where(away == 0, MEANT, AROUND + away)


def official(db: sqlite3.Connection, asked: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The names that are what is left of a text without the words for an office."""
    kept = [fold(word) for word in asked if word not in OFFICE]
    if len(kept) in (0, len(asked)):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    names = matching(db, f"folded : ({' AND '.join(map(exactly, kept))})")[:LOOKED_AT]
    told = read_folded(db, names)
    whole = [
        name
        for name in names.tolist()
        if [word for word in told[name].split() if word not in UNSAID] == kept
    ]
    return np.array(whole, np.int64), np.full(len(whole), MEANT, np.int64)


def forgiven(
    db: sqlite3.Connection,
    vectors: Vectors,
    path: Path,
    asked: Sequence[str],
    folded: str,
    found: Ranked,
) -> Ranked:
    """What was found, and then what is written nearly so."""
    others = [near(path, word) for word in asked]
    if not any(others):
        return found
    terms = [
        f"({' OR '.join([term(word), *(exactly(each) for each in spellings)])})"
        for word, spellings in zip(asked, others, strict=True)
    ]
    some, every = " OR ".join(terms), " AND ".join(terms)
    names = matching(db, f"(folded : ({some})) AND ({every})")
    names = names[~np.isin(vectors.of_names("thing", names), found.things)]

    def away(name: str) -> int:
        held = name.split()
        return MISTAKE * sum(mistaken(held, each) for each in others) + unmatched(name, folded)

    alias = 1 - vectors.of_names("own", names)
    distances = NEARLY + 2 * compared(db, vectors, names, away) + alias
    names = np.concatenate((found.names, names))
    return vectors.rank(names, np.concatenate((found.distances, distances)))


def matching(db: sqlite3.Connection, match: str) -> Numbers:
    """The names that an expression of FTS5 matches."""
    rows = db.execute("SELECT rowid FROM name_index WHERE name_index MATCH ?", [match])
    return np.fromiter((name for (name,) in rows), np.int64)


def compared(
    db: sqlite3.Connection, vectors: Vectors, names: Numbers, away: Callable[[str], int]
) -> Numbers:
    """How far names are away by their folded texts; the lightest, of many, are all as far."""
    looked_at = np.arange(len(names))
    if len(names) > LOOKED_AT:
        weight = vectors.of_things("weight", vectors.of_names("thing", names))
        looked_at = np.argsort(-weight, kind="stable")[:LOOKED_AT]
    told = read_folded(db, names[looked_at])
    found = np.full(len(names), LEFT, np.int64)
    found[looked_at] = [away(told[name]) for name in names[looked_at].tolist()]
    return found


def joined(db: sqlite3.Connection, names: Numbers, distances: Numbers, text: str) -> Numbers:
    """The distances, where the words of a text stand beside one another within a name."""
    apart = names[distances == SCATTERED][:LOOKED_AT]
    told = read_folded(db, apart)
    beside = [name for name in apart.tolist() if f" {text}" in told[name]]
    return np.where(np.isin(names, beside), WORD, distances)


def read_folded(db: sqlite3.Connection, names: Numbers) -> dict[int, str]:
    """The folded texts of names."""
    marks = ", ".join(map(str, names.tolist()))
    return dict(db.execute(f"SELECT id, folded FROM name WHERE id IN ({marks})"))  # noqa: S608


def term(word: str) -> str:
    """A word as FTS5 looks for it: the beginning of another, unless one letter or two digits."""
    full = fold(word)
    if len(word) == 1 or (len(word) == 2 and word.isdecimal()):
        return exactly(word)
    return f"({full}* OR {exactly(word)}*)" if full != word else f"{exactly(word)}*"


def exactly(word: str) -> str:
    """A word in quotes: AND, OR and NOT are words too."""
    return f'"{word}"'


def unmatched(name: str, text: str) -> int:
    """The number of words of a folded name that are not in the text."""
    asked = text.split()
    return sum(not any(word.startswith(each) for each in asked) for word in name.split())


def mistaken(held: Sequence[str], spellings: Mapping[str, int]) -> int:
    """The fewest mistakes with which a name has a word; none where it has it as it is spelled."""
    return min((spellings[each] for each in held if each in spellings), default=0)


def read_hits(db: sqlite3.Connection, things: Sequence[int], names: Sequence[int]) -> list[Hit]:
    """The hits of those things by those names, in their order."""
    marks = ", ".join("?" * len(names))
    rows = {row[0]: row[1:] for row in db.execute(HITS.format(marks), names)}
    heirs: dict[int, list[str]] = {}
    for of, iri in db.execute(HEIRS.format(", ".join("?" * len(things))), things):
        heirs.setdefault(of, []).append(iri)
    hits = []
    for name in names:
        *facts, form, country, place, thing = rows[name]
        facts[11] = bool(facts[11])
        hit = replace(Hit(*facts), form=form or "", country=country or "", place=place or "")
        hits.append(replace(hit, heirs=tuple(heirs.get(thing, ()))))
    return hits


def read_labels(db: sqlite3.Connection, wanted: set[str]) -> dict[str, list[Term]]:
    """The preferred labels of those IRIs."""
    marks = ", ".join("?" * len(wanted))
    rows = db.execute(
        "SELECT iri, label, language FROM thing JOIN name ON name.thing = thing.id "  # noqa: S608
        f"WHERE how IN ('preferred', 'title') AND iri IN ({marks}) ORDER BY name.id",
        sorted(wanted),
    )
    labels: dict[str, list[Term]] = {}
    for iri, label, language in rows:
        labels.setdefault(iri, []).append(Term(label, "literal", language))
    return labels


def numbers(db: sqlite3.Connection, wanted: Sequence[str]) -> dict[str, int]:
    """The numbers of things by their IRIs."""
    marks = ", ".join("?" * len(wanted))
    return dict(db.execute(f"SELECT iri, id FROM thing WHERE iri IN ({marks})", wanted))  # noqa: S608


def iris(db: sqlite3.Connection, wanted: Sequence[int]) -> dict[int, str]:
    """The IRIs of things by their numbers."""
    marks = ", ".join("?" * len(wanted))
    return dict(db.execute(f"SELECT id, iri FROM thing WHERE id IN ({marks})", wanted))  # noqa: S608
