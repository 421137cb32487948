"""The facts of each thing in the search index: class, place, beginning and weight."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph as ox

from ontology.namespaces import CONCEPT, COUNTRY, DCT, ID, MLG, RDF

CLASSES = (
    "Municipality", "IntermunicipalBody", "IntermediateAuthority", "RegionalAuthority",
    "LocalAuthority", "LocalGovernmentAssociation", "DiplomaticPost", "Partnership", "Project",
    "Agreement", "Encounter", "Action", "Organ",
)  # fmt: skip
"""The classes by which what is found is sorted, the narrower before the wider."""
TIES = (
    MLG.hasParticipant, MLG.involves, MLG.signatory, MLG.partnershipCountry, MLG.theme,
    MLG.fundedBy,
)  # fmt: skip
"""The properties whose subjects are ties of their value."""
BONUS = {
    "country": 40, "LocalGovernmentAssociation": 30, "RegionalAuthority": 24,
    "IntermediateAuthority": 20, "IntermunicipalBody": 8, "Municipality": 6, "DiplomaticPost": 10,
    "concept": 8, "Partnership": 6, "Project": 6, "Agreement": 4, "Encounter": 4,
    "figure": -20, "membership": -20, "change": -20, "place": -10,
}  # fmt: skip
"""The weight of a kind beside the ties and inhabitants of a thing, by trial of searches."""
FORMER, UNRESOLVED = -12, -25
RDF_TYPE = ox.NamedNode(RDF.type)
THEME = f"{CONCEPT}theme/"
POPULATION = f"{CONCEPT}measure/population"


@dataclass(frozen=True)
class Thing:
    """A thing as the index keeps it; IRIs and dates are empty where nothing is known."""

    iri: str
    kind: str
    form: str
    country: str
    places: tuple[str, ...]
    since: str
    until: str
    heirs: tuple[str, ...]
    unresolved: bool
    ties: int
    inhabitants: int
    themes: tuple[str, ...] = ()
    """Of a tie its themes, of others those of their ties; so the decades and the funding."""
    decades: tuple[int, ...] = ()
    funded: bool = False

    @property
    def weight(self) -> int:
        """The rank of a thing among things of its name: twice as many ties, 10 more."""
        former = FORMER if self.until or self.heirs else 0
        known = 10 * self.ties.bit_length() + self.inhabitants.bit_length()
        return known + BONUS.get(self.kind, 0) + former + self.unresolved * UNRESOLVED


def read_things(store: ox.Store, wanted: Collection[str]) -> dict[str, Thing]:
    """The things with those IRIs."""
    kinds = {iri: segment_of(iri) for iri in wanted}
    for name in reversed(CLASSES):
        wide = ox.NamedNode(MLG[name])
        for quad in store.quads_for_pattern(None, RDF_TYPE, wide, ox.DefaultGraph()):
            subject = quad.subject
            if isinstance(subject, ox.NamedNode) and subject.value in kinds:
                kinds[subject.value] = name
    forms = values(store, str(MLG.kind)) | {
        iri: found
        for iri, found in values(store, str(DCT.type)).items()
        if segment_of(iri) == "place"
    }
    countries, within = values(store, str(MLG.country)), values(store, str(MLG.within))
    since, until = values(store, str(MLG.start)), values(store, str(MLG.end))
    heirs, stated = values(store, str(MLG.succeededBy)), values(store, str(MLG.resolution))
    ties = Counter(value.value for property_ in TIES for _, value in pairs(store, str(property_)))
    inhabitants = read_inhabitants(store)
    facets = read_facets(store)
    return {
        iri: Thing(
            iri,
            kinds[iri],
            # The longest key is the most particular: `fra-commune-nouvelle`, not `municipality`.
            max(forms.get(iri, [""]), key=lambda each: ("-" in each.rpartition("/")[2], each)),
            next(iter(countries.get(iri, ())), ""),
            places_of(iri, within.get(iri, ()), kinds),
            next(iter(since.get(iri, ())), ""),
            next(iter(until.get(iri, ())), ""),
            tuple(heirs.get(iri, ())),
            any(each.endswith("/unresolved") for each in stated.get(iri, ())),
            ties[iri],
            inhabitants.get(iri, 0),
            tuple(sorted(facets.themes.get(iri, ()))),
            tuple(sorted(facets.decades.get(iri, ()))),
            iri in facets.funded,
        )
        for iri in wanted
    }


class Facets(NamedTuple):
    """What ties are about, in which decades they began, and which have money, by IRI."""

    themes: Mapping[str, set[str]]
    decades: Mapping[str, set[int]]
    funded: set[str]


def read_facets(store: ox.Store) -> Facets:
    """The facets of ties, and of those that take part in them or are their country."""
    themes: defaultdict[str, set[str]] = defaultdict(set)
    decades: defaultdict[str, set[int]] = defaultdict(set)
    for tie, theme in pairs(store, str(MLG.theme)):
        if theme.value.startswith(THEME):
            themes[tie].add(theme.value)
    began: dict[str, str] = {}
    for property_ in (MLG.firstSignature, MLG.start, MLG.date):
        for tie, date in pairs(store, str(property_)):
            began[tie] = min(began.get(tie, "9999"), date.value[:4])
    ties = values(store, str(MLG.hasParticipant))
    for property_ in (MLG.partnershipCountry, MLG.signatory, MLG.involves):
        for tie, agents in values(store, str(property_)).items():
            ties.setdefault(tie, []).extend(agents)
    funded = {project.value for _, project in pairs(store, str(MLG.fundingOf))}
    for tie, agents in ties.items():
        year = began.get(tie, "")
        if year.isdecimal():
            decades[tie].add(int(year) // 10 * 10)
        for agent in agents:
            themes[agent] |= themes.get(tie, set())
            decades[agent] |= decades.get(tie, set())
            if tie in funded:
                funded.add(agent)
    return Facets(themes, decades, funded)


def places_of(iri: str, within: Collection[str], kinds: Mapping[str, str]) -> tuple[str, ...]:
    """The places of a thing: the narrowest place first, which tells it from its namesakes."""
    order = ["IntermediateAuthority", "RegionalAuthority"]
    if segment_of(iri) == "place":
        order.insert(0, "Municipality")
    ranked = [(order.index(kinds[each]), each) for each in within if kinds.get(each) in order]
    return tuple(each for _, each in sorted(ranked))


def read_inhabitants(store: ox.Store) -> dict[str, int]:
    """The number of inhabitants of places, by the figures that count inhabitants."""
    measured = {iri for iri, what in pairs(store, str(MLG.measure)) if what.value == POPULATION}
    subjects = dict(pairs(store, str(MLG.figureOf)))
    return {
        subjects[figure].value: int(float(value.value))
        for figure, value in pairs(store, str(MLG.value))
        if figure in measured and figure in subjects
    }


def values(store: ox.Store, property_: str) -> dict[str, list[str]]:
    """The values of a property by their subjects."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for subject, value in pairs(store, property_):
        found[subject].append(value.value)
    return dict(found)


def pairs(store: ox.Store, property_: str) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    """Subject and value of a property in the default graph, in order; blank nodes left out."""
    quads = store.quads_for_pattern(None, ox.NamedNode(property_), None, ox.DefaultGraph())
    found = [
        (quad.subject.value, quad.object)
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.NamedNode | ox.Literal)
    ]
    yield from sorted(found, key=lambda pair: (pair[0], str(pair[1])))


def segment_of(iri: str) -> str:
    """The type in an IRI of ours, `country` for one of the EU's table; empty for another's."""
    if iri.startswith(str(COUNTRY)):
        return "country"
    return iri.removeprefix(str(ID)).partition("/")[0] if iri.startswith(str(ID)) else ""
