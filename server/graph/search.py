"""Search over the index of a version: names in every language, former ones, codes and titles.

A text is looked for as names that hold every word of it or the beginning of one; where none does,
with what is around (`evry 91`, `dakar senegal`); then with words that are nearly written so.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from loaders.build.folding import fold, words
from loaders.build.index import LAYOUT
from ontology.namespaces import CONCEPT
from server.engine.results import Term
from server.graph.near_words import near

FEW = 3
"""With fewer names than that, and none the text itself, words written nearly so are tried too."""
AROUND, NEARLY = 10, 20
"""The distance added where a hit is found by its surroundings, or written nearly so."""
UNSAID = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "of", "the")
)
"""Words that a name may leave out."""
DISTANCE = """CASE
  WHEN name.folded = :text THEN 0
  WHEN how = 'code' THEN 5
  WHEN substr(name.folded, 1, length(:text) + 1) = :text || ' ' THEN 1
  WHEN substr(name.folded, 1, length(:text)) = :text THEN 2
  WHEN instr(' ' || name.folded, ' ' || :text) THEN 3
  ELSE 4 END"""
MATCHES = f"""
SELECT thing.id, name.id, kind, country, segment, weight, name.folded,
  min({DISTANCE} * 1000 + length(name.folded)) / 1000
FROM name_index JOIN name ON name.id = name_index.rowid JOIN thing ON thing.id = name.thing
WHERE name_index MATCH :match GROUP BY thing.id
"""  # noqa: S608  (no value in it)
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
    """A page of the hits of a search, their number, and their kinds and countries.

    The kinds are those in the country asked for, the countries those of the kind asked for.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    countries: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, Sequence[Term]] = field(default_factory=dict)
    """The preferred labels of what is found, its forms, places, countries and heirs."""
    near: bool = False
    """True where the first hit is only written nearly so."""


@dataclass(frozen=True)
class Match:
    """A thing that fits, with its best name, before it is read whole."""

    thing: int
    name: int
    kind: str
    country: int
    segment: str
    weight: int
    folded: str
    distance: int


def has_index(path: Path) -> bool:
    """True where there is an index of this layout; versions built long ago have another."""
    if not path.is_file():
        return False
    with closing(opened(path)) as db:
        return bool(db.execute("PRAGMA user_version").fetchone()[0] == LAYOUT)


def search(path: Path, text: str, *, segment: str = "", limit: int = 20) -> Sequence[Hit]:
    """The things that the text names as it is written, the likeliest first; of one type or any."""
    return find(path, text, segment=segment, limit=limit, forgiving=False).hits


def find(
    path: Path,
    text: str,
    *,
    kind: str = "",
    country: str = "",
    segment: str = "",
    offset: int = 0,
    limit: int = 20,
    forgiving: bool = True,
) -> Found:
    """A page of what the text finds, the likeliest first; nothing where there is no index.

    `kind` is one of `Found.kinds`, `country` the IRI of a country; only where it is `forgiving`
    are words that are nearly written so taken for the text's.
    """
    if not fold(text) or not has_index(path):
        return Found()
    with closing(opened(path)) as db:
        matches = [
            each for each in ranked(db, path, text, forgiving) if segment in ("", each.segment)
        ]
        number = numbers(db, [country]).get(country, -1) if country else 0
        chosen = [
            each for each in matches if kind in ("", each.kind) and number in (0, each.country)
        ]
        kinds = Counter(each.kind for each in matches if number in (0, each.country))
        lands = Counter(each.country for each in matches if kind in ("", each.kind))
        named = iris(db, [each for each in lands if each])
        hits = read_hits(db, chosen[offset : offset + limit])
        wanted = {iri for hit in hits for iri in (hit.iri, hit.form, hit.country, hit.place)}
        wanted |= {heir for hit in hits for heir in hit.heirs} | set(named.values())
        wanted |= {scheme_iri(hit.scheme) for hit in hits if hit.scheme}
        return Found(
            hits,
            len(chosen),
            dict(kinds.most_common()),
            {named[each]: count for each, count in lands.most_common() if each in named},
            read_labels(db, wanted - {""}),
            bool(chosen) and chosen[0].distance >= NEARLY,
        )


def scheme_iri(key: str) -> str:
    """The IRI of the scheme of a code."""
    return f"{CONCEPT}identifier-scheme/{key}"


def opened(path: Path) -> sqlite3.Connection:
    """A connection to an index, which nobody writes to."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def ranked(db: sqlite3.Connection, path: Path, text: str, forgiving: bool) -> list[Match]:
    """All that fits, the likeliest first: the closest, then those that weigh most."""
    spelled = words(text)
    asked = [word for word in spelled if word not in UNSAID] or spelled
    folded = fold(text)
    terms = [term(word) for word in asked]
    found = {m.thing: m for m in matching(db, f"folded : ({' AND '.join(terms)})", folded)}
    if not found and len(terms) > 1:
        some, every = " OR ".join(terms), " AND ".join(terms)
        for each in matching(db, f"(folded : ({some})) AND ({every})", folded):
            distance = AROUND + unmatched(each.folded, folded)
            found[each.thing] = replace(each, distance=distance)
    if forgiving and len(found) < FEW and all(each.distance > 1 for each in found.values()):
        others = [near(path, word) for word in asked]
        if any(others):
            terms = [
                f"({' OR '.join([term(word), *(exactly(each) for each in spellings)])})"
                for word, spellings in zip(asked, others, strict=True)
            ]
            for each in matching(db, f"folded : ({' AND '.join(terms)})", folded):
                order = [rank(each.folded, spellings) for spellings in others]
                distance = NEARLY + sum(order) + unmatched(each.folded, folded)
                found.setdefault(each.thing, replace(each, distance=distance))
    return sorted(found.values(), key=lambda m: (m.distance, -m.weight, len(m.folded), m.thing))


def matching(db: sqlite3.Connection, match: str, folded: str) -> list[Match]:
    """The things with a name that the expression of FTS5 matches."""
    return [Match(*row) for row in db.execute(MATCHES, {"match": match, "text": folded})]


def term(word: str) -> str:
    """A word as FTS5 looks for it: the beginning of another, unless it is one letter."""
    full = fold(word)
    if len(word) == 1:
        return exactly(word)
    return f"({full}* OR {exactly(word)}*)" if full != word else f"{exactly(word)}*"


def exactly(word: str) -> str:
    """A word in quotes: AND, OR and NOT are words too."""
    return f'"{word}"'


def unmatched(name: str, text: str) -> int:
    """The number of words of a folded name that are not in the text."""
    asked = text.split()
    return sum(not any(word.startswith(each) for each in asked) for word in name.split())


def rank(name: str, spellings: Sequence[str]) -> int:
    """The place among the spellings, the nearest first, of a folded name; 0 where none is tried."""
    held = set(name.split())
    return next((n for n, each in enumerate(spellings) if each in held), 0)


def read_hits(db: sqlite3.Connection, matches: Sequence[Match]) -> list[Hit]:
    """The hits of those matches, in their order."""
    marks = ", ".join("?" * len(matches))
    rows = {
        row[0]: row[1:] for row in db.execute(HITS.format(marks), [each.name for each in matches])
    }
    hits = []
    for match in matches:
        *facts, form, country, place, thing = rows[match.name]
        heirs = db.execute(
            "SELECT iri FROM heir JOIN thing ON thing.id = heir.thing WHERE of = ? ORDER BY iri",
            [thing],
        )
        facts[11] = bool(facts[11])
        hit = replace(Hit(*facts), form=form or "", country=country or "", place=place or "")
        hits.append(replace(hit, heirs=tuple(iri for (iri,) in heirs)))
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
