"""Search over the index of a version: names in every language, former ones, codes and titles."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from loaders.build.folding import fold
from loaders.build.index import LAYOUT
from ontology.namespaces import CONCEPT
from server.engine.results import Term
from server.graph.search_ranking import NEARLY, ranked
from server.graph.search_vectors import Flags, Numbers, Ranked, Vectors, read_vectors

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
