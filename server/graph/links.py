"""The links to an entity, and the part that an agent takes in partnerships."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ontology.namespaces import MLG, ORG, SKOS
from server.engine import Engine
from server.engine.results import Table, Term, counted
from server.graph.vocabulary import Vocabulary, presentation
from server.iris import checked
from server.questions import Asked, select, select_each

LINKS_SHOWN = 25
"""Links of one kind that a page shows; it says how many there are."""
WIDELY = 5000
"""Links beyond which an entity is not asked about one by one, and they come in no order."""

TAKING_PART = (
    "hasHomePartner",
    "hasForeignPartner",
    "hasPartner",
    "hasHeirPartner",
    "associatedAuthority",
    "hasProjectOwner",
    "hasImplementer",
    "fundedBy",
    "soleFunder",
    "jointFunder",
)
"""The properties by which a partnership, a project or an amount names who has a part in it."""


@dataclass(frozen=True)
class Incoming:
    """The entities that point here with one property: how many, and the first of them."""

    property: str
    count: int
    first: tuple[Term, ...]


def read_counts(engine: Engine, iri: str) -> Mapping[str, int]:
    """The number of statements that point to an entity, by property."""
    rows = select(engine, "link-counts", entity=NamedNode(iri)).rows
    return dict(sorted((row["p"].value, counted(row, "n")) for row in rows if "p" in row))


def read_incoming(
    engine: Engine,
    vocabulary: Vocabulary,
    iri: str,
    counts: Mapping[str, int],
    facts: Mapping[str, Sequence[Term]],
    parts: Collection[str],
) -> tuple[Incoming, ...]:
    """The links to an entity, by property, without those that its page tells otherwise.

    Left out: what tells nothing more (see `telling`), and the entity's own parts.
    """
    hidden = presentation().hidden | said_in_tables()
    kept = [each for each in telling(vocabulary, counts, facts) if each not in hidden]
    if not kept:
        return ()
    first: defaultdict[str, list[Term]] = defaultdict(list)
    found = read_links(engine, iri, {each: counts[each] for each in kept}, LINKS_SHOWN + len(parts))
    for property_, subjects in found.items():
        first[property_] = [Term(each) for each in subjects if each not in parts][:LINKS_SHOWN]
    order = list(presentation().inverse)
    kept.sort(key=lambda each: order.index(each) if each in order else len(order))
    return tuple(Incoming(each, counts[each], tuple(first[each])) for each in kept if first[each])


def telling(
    vocabulary: Vocabulary, counts: Mapping[str, int], facts: Mapping[str, Sequence[object]]
) -> list[str]:
    """The properties that say most of what points to an entity.

    Left out: a property as common as one that implies it, or whose inverse is among the facts.
    """
    return [
        property_
        for property_, count in counts.items()
        if checked(property_)
        and not any(
            property_ in vocabulary.above.get(other, ()) and counts[other] >= count
            for other in counts
        )
        and not any(
            len(facts.get(inverse, ())) >= count
            for inverse in (*vocabulary.inverses.get(property_, ()), property_)
        )
    ]


def read_links(
    engine: Engine, iri: str, counts: Mapping[str, int], limit: int, offset: int = 0
) -> Mapping[str, Sequence[str]]:
    """The entities that point to one with each of these properties: so many of them, in order.

    Of more than WIDELY, in the order of the store.
    """
    asked: list[Asked] = [
        (
            "links",
            {
                "property": NamedNode(each),
                "entity": NamedNode(iri),
                "limit": limit if count > WIDELY else WIDELY,
                "offset": offset if count > WIDELY else 0,
            },
        )
        for each, count in counts.items()
        if count > offset
    ]
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in select_each(engine, asked).rows:
        if row["s"].is_iri:
            found[row["p"].value].append(row["s"].value)
    return {
        each: subjects[:limit] if counts[each] > WIDELY else sorted(subjects)[offset:][:limit]
        for each, subjects in found.items()
    }


def said_in_tables() -> frozenset[str]:
    """The properties that the tables of partnerships, funding and parts show."""
    names = (
        "hasHomePartner",
        "hasForeignPartner",
        "hasPartner",
        "hasHeirPartner",
        "associatedAuthority",
        "fundedBy",
        "hasProjectOwner",
        "hasImplementer",
        "hasParticipant",
        "soleFunder",
        "jointFunder",
        "funder",
        "fundingOf",
        "figureOf",
        "partnerOf",
        "met",
        "involves",
    )
    return frozenset(
        {
            *(str(MLG[name]) for name in names),
            str(ORG.member),
            str(ORG.unitOf),
            str(SKOS.topConceptOf),
            str(SKOS.inScheme),
            str(SKOS.narrower),
        }
    )


@dataclass(frozen=True)
class Roles:
    """The part of an agent in partnerships: rows for its page, and the number of them in all."""

    partnerships: Table
    partnership_count: int
    contributions: Table
    contribution_count: int
    alone: Term | None
    """The sum of what it gave alone."""


def read_roles(engine: Engine, iri: str, counts: Mapping[str, int]) -> Roles:
    """The partnerships that an agent is in, the amounts that it gave, and their sums.

    Nothing is asked where none of what points to it (`counts`) says so.
    """
    if not any(str(MLG[name]) in counts for name in TAKING_PART):
        return Roles(Table((), ()), 0, Table((), ()), 0, None)
    agent = NamedNode(iri)
    partnerships = select(engine, "partnerships-of", agent=agent)
    contributions = select(engine, "contributions-of", funder=agent, limit=2 * LINKS_SHOWN)
    sums = select(engine, "sums-of", agent=agent).rows
    return Roles(
        partnerships,
        counted(sums[0], "partnerships"),
        contributions,
        counted(sums[0], "lines"),
        sums[0].get("alone") if counted(sums[0], "sole") else None,
    )
