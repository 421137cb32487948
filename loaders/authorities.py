"""Which agent a name means, at a date; or that nobody knows.

Rules are exact: a name, folded to lower case without accents, equals a name of a known agent, whose
country and period fit. Two that fit are an ambiguity, and an ambiguity stays unresolved: a wrong
match is worse than none.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from loaders.iris import expand, mint_iri, named_key, slug
from loaders.quads import Triple, iri, literal
from loaders.records import Authority, Entity, Organisation, Party, SourceRecord
from loaders.values import PartialDate, Ref, Text
from ontology import FOAF, MLG, RDF, SKOS

DESIGNATED = (
    "ville-de-",
    "ville-d-",
    "commune-de-",
    "commune-d-",
    "commune-urbaine-de-",
    "commune-rurale-de-",
    "district-de-",
    "cercle-de-",
    "region-de-",
    "departement-de-",
    "departement-du-",
    "communaute-d-agglomeration-",
    "communaute-de-communes-",
    "communaute-urbaine-",
)
"""A name that begins so says what it names: it may be found without its country being stated."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A known agent that bears a name, and why it does or does not fit (None: it fits)."""

    iri: str
    name: str
    country: str | None
    objection: str | None


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What a name was found to mean: `iri` is None where nobody knows."""

    party: Party
    iri: str | None
    how: str
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a record says around a name: its countries, its dates, a person's own decisions."""

    countries: frozenset[str] = frozenset()
    earliest: datetime.date | None = None
    latest: datetime.date | None = None
    lookups: Mapping[str, Ref] | None = None


class Authorities:
    """The agents that are known by name."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._by_name: defaultdict[str, list[Organisation]] = defaultdict(list)
        for organisation in organisations:
            known = {slug(name.value) for name in organisation.names + organisation.other_names}
            if organisation.acronym:
                known.add(slug(organisation.acronym))
            for name in known:
                if organisation not in self._by_name[name]:
                    self._by_name[name].append(organisation)

    def resolve(self, party: Party, context: Context) -> Resolution:
        """What a name means in its context."""
        name = slug(party.name)
        for stated, decision in (context.lookups or {}).items():
            if slug(stated) == name:
                return Resolution(party=party, iri=expand(decision), how="decided by a person")
        candidates = tuple(
            self._candidate(organisation, party, name, context)
            for organisation in self._by_name.get(name, ())
        )
        fitting = {candidate.iri for candidate in candidates if candidate.objection is None}
        if len(fitting) == 1:
            return Resolution(
                party=party, iri=fitting.pop(), how="exact name", candidates=candidates
            )
        how = "ambiguous" if fitting else "known, but does not fit" if candidates else "unknown"
        return Resolution(party=party, iri=None, how=how, candidates=candidates)

    def _candidate(
        self, organisation: Organisation, party: Party, name: str, context: Context
    ) -> Candidate:
        country = expand(organisation.country) if organisation.country else None
        return Candidate(
            iri=mint_iri(organisation.SEGMENT, organisation.key),
            name=organisation.names[0].value if organisation.names else organisation.key,
            country=country,
            objection=_objection(organisation, country, party, name, context),
        )


def _objection(
    organisation: Organisation, country: str | None, party: Party, name: str, context: Context
) -> str | None:
    if party.country:
        # Of an organisation whose country nobody states, another country is no contradiction.
        known = country or isinstance(organisation, Authority)
        if known and country != expand(party.country):
            return "in another country"
    elif (
        isinstance(organisation, Authority)
        and country not in context.countries
        and not name.startswith(DESIGNATED)
    ):
        return "in a country that the record does not name"
    if party.authority and not isinstance(organisation, Authority):
        return "no local authority"
    start, end = organisation.start or organisation.founding_date, organisation.end
    if end and end.latest and (context.earliest is None or end.latest < context.earliest):
        return f"ended {end.lexical}"
    if start and start.earliest and context.latest and start.earliest > context.latest:
        return f"begins {start.lexical}"
    return None


class Finder:
    """Finds the agents that one record names, and remembers what it found.

    Calling it with a party gives the IRI: of the known agent, or of an agent of this record alone.
    A name that stands twice in a record, with the same country or once without, is one agent.
    """

    def __init__(
        self,
        authorities: Authorities,
        dataset: str,
        record: SourceRecord,
        lookups: Mapping[str, Ref],
    ) -> None:
        self._authorities = authorities
        self._mark = _mark(dataset, record.key)
        self._stated: defaultdict[str, list[Party]] = defaultdict(list)
        for party in _parties(record.entities):
            self._stated[slug(party.name)].append(party)
        self._context = _context(record, lookups)
        self.resolutions: dict[str, Resolution] = {}

    def __call__(self, party: Party) -> str:
        """The IRI of the agent that the party's name means."""
        fullest = self._fullest(party)
        own = self._own(fullest)
        if own not in self.resolutions:
            self.resolutions[own] = self._authorities.resolve(fullest, self._context)
        return self.resolutions[own].iri or own

    def _fullest(self, party: Party) -> Party:
        """The party with what the record says of its name elsewhere: a funder has no country."""
        same = self._stated[slug(party.name)]
        countries = {other.country for other in same if other.country}
        country = party.country or (countries.pop() if len(countries) == 1 else None)
        authority = any(other.authority for other in same if other.country in (country, None))
        return Party(name=same[0].name, country=country, authority=authority)

    def triples(self) -> Iterator[Triple]:
        """What the record itself says of its agents: their names; all of the unresolved ones."""
        for own, resolution in sorted(self.resolutions.items()):
            party = resolution.party
            subject = iri(resolution.iri or own)
            yield subject, iri(str(MLG.nameAsStated)), literal(party.name)
            if resolution.iri:
                continue
            rdf_class = MLG.LocalAuthority if party.authority else FOAF.Agent
            yield subject, iri(str(RDF.type)), iri(str(rdf_class))
            yield subject, iri(str(SKOS.prefLabel)), literal(Text(party.name))
            unresolved = iri(mint_iri("concept", "resolution/unresolved"))
            yield subject, iri(str(MLG.resolution)), unresolved
            if party.country:
                yield subject, iri(str(MLG.country)), iri(expand(party.country))

    def _own(self, party: Party) -> str:
        segment = "authority" if party.authority else "organisation"
        country = party.country.target.rpartition("/")[2] if party.country else None
        return mint_iri(segment, f"{named_key(party.name, country)}-{self._mark}")


def _mark(dataset: str, key: str) -> str:
    """What sets the unresolved names of one record apart from another's."""
    mark = slug(f"{dataset}-{key}")
    return mark if len(mark) <= 24 else hashlib.sha256(mark.encode()).hexdigest()[:8]


def _parties(value: Any) -> Iterator[Party]:
    if isinstance(value, Party):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _parties(each)
    elif isinstance(value, Entity):
        for field in fields(value):
            yield from _parties(getattr(value, field.name))


def _context(record: SourceRecord, lookups: Mapping[str, Ref]) -> Context:
    countries = {expand(party.country) for party in _parties(record.entities) if party.country}
    dates = [
        date
        for entity in record.entities
        for field in fields(entity)
        if isinstance(date := getattr(entity, field.name), PartialDate)
    ]
    return Context(
        countries=frozenset(countries),
        earliest=min((date.earliest for date in dates if date.earliest), default=None),
        latest=max((date.latest for date in dates if date.latest), default=None),
        lookups=lookups,
    )
