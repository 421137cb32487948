"""The agents that the parties of one record are, and how each was found."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import is_
from typing import Any

from loaders.identity.identification import identification
from loaders.identity.lookups import decisions
from loaders.identity.other_bodies import NAMESAKES_OF_STATES, is_other_body
from loaders.identity.register import Known
from loaders.identity.resolution import ABROAD, Authorities, Context, Resolution
from loaders.identity.stated_names import fold, shared_key
from loaders.model.iris import expand, mint_iri, named_key, slug
from loaders.model.quads import Triple, iri, literal
from loaders.model.records import Agent, Entity, Party, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from ontology.namespaces import FOAF, MLG, RDF, SKOS


@dataclass(frozen=True)
class End:
    """A local authority that an agent of a record is, and that a tie may join to another.

    `key` is the last part of its IRI, `former` the one that it would have if no register knew it.
    """

    iri: str
    key: str
    former: str
    name: str
    country: str | None


class PartyResolver:
    """The agents that one record names, and how each was found.

    Calling it with a party gives the IRI: of the known agent; of an authority that no register
    knows, which all records of its country share under its name and kind; or of an agent of this
    record alone (of the source alone, where the party has a key), where the name is not enough to
    tell who is meant. A name that stands twice in a record, with the
    same country or once without, is one agent. What one name alone leaves open, the territories of
    the record's other agents may decide.
    """

    def __init__(
        self,
        authorities: Authorities,
        dataset: str,
        record: SourceRecord,
        lookups: Mapping[str, Ref],
    ) -> None:
        self._authorities = authorities
        self._dataset = dataset
        self._record = record
        self._stated: defaultdict[str, list[Party]] = defaultdict(list)
        parties = list(_parties(record.entities))
        for party in parties:
            self._stated[fold(party.name)].append(party)
        self._context = _context(record, parties, lookups)
        self.resolutions: dict[str, Resolution] = {}

    def __call__(self, party: Party) -> str:
        """The IRI of the agent that the party's name means."""
        fullest = self._fullest(party)
        own = self._own(fullest)
        found = self.resolutions.get(own)
        if found is None:
            found = self._authorities.resolve(fullest, self._context)
            if found.method in ("ambiguous", "population"):
                company = dataclasses.replace(self._context, company=self._company(fullest))
                found = self._authorities.resolve(fullest, company)
            self.resolutions[own] = found
        return self._named(own, found)

    def end(self, agent: Agent) -> End | None:
        """The end of a tie that an agent is; None for who is no local authority."""
        iri = self(agent) if isinstance(agent, Party) else expand(agent)
        if not iri.startswith(_AUTHORITIES):
            return None
        known = self.known(iri)
        key = iri.removeprefix(_AUTHORITIES)
        party = agent if isinstance(agent, Party) else None
        stated = expand(party.country) if party and party.country else None
        return End(
            iri=iri,
            key=key,
            former=self.former_key(party) if party and known else key,
            name=(known.name if known else None) or (party.name if party else key),
            country=(known.country if known else None) or stated,
        )

    def known(self, iri: str) -> Known | None:
        """The agent as the register knows it."""
        return self._authorities.register.by_iri.get(iri)

    def former_key(self, party: Party) -> str:
        """The key that the party would have if no register knew its name."""
        fullest = self._fullest(party)
        return (self._shared(fullest) or self._own(fullest)).rpartition("/")[2]

    def _named(self, own: str, found: Resolution) -> str:
        """The IRI of an agent, also of one that nobody knows."""
        if found.iri:
            return found.iri
        shared = self._shared(found.party) if found.method == "unknown" else None
        return own if shared is None or self.known(shared) else shared

    def _shared(self, party: Party) -> str | None:
        """The IRI under which the records of a country share the name of an unknown authority.

        None where nobody says of which country it is, and where the source tells its own agents
        apart.
        """
        if not (party.authority and party.country) or party.key:
            return None
        return mint_iri(
            "authority", named_key(shared_key(party.name, party.kind), _code(party.country))
        )

    def resolved(self, tied: SourceRecord | None = None) -> SourceRecord:
        """The record with a reference to the agent that is meant in the place of each party.

        `tied` is the record with its ties, if they have been made.
        """
        record = tied or self._record
        if not self._stated:
            return record
        entities = tuple(self._referring(entity) for entity in record.entities)
        return dataclasses.replace(record, entities=entities)

    def _referring(self, value: Any) -> Any:
        """A value of a field without parties in it; the same object where it has none."""
        if isinstance(value, Party):
            return Ref(self(value))
        if isinstance(value, tuple):
            changed = tuple(self._referring(each) for each in value)
            return value if all(map(is_, changed, value)) else changed
        if isinstance(value, Entity):
            entity_class: Any = type(value)
            fields = {name: getattr(value, name) for name in _fields(entity_class)}
            replaced = {name: self._referring(each) for name, each in fields.items()}
            changes = {name: new for name, new in replaced.items() if new is not fields[name]}
            return dataclasses.replace(value, **changes) if changes else value
        return value

    def _company(self, party: Party) -> frozenset[str]:
        """The agents found, by their own names alone, for the record's other parties."""
        others = {
            self._fullest(same[0]) for same in self._stated.values() if same[0].name != party.name
        }
        answers = (self._authorities.resolve(other, self._context) for other in others)
        # One guess is no evidence for another.
        return frozenset(a.iri for a in answers if a.iri and a.method != "population")

    def _fullest(self, party: Party) -> Party:
        """The party with what the record says of its name elsewhere: a funder has no country."""
        same = self._stated[fold(party.name)]
        if len(same) <= 1:
            return self._called(party)
        countries = {other.country for other in same if other.country}
        country = party.country or (countries.pop() if len(countries) == 1 else None)
        alike = [other for other in same if other.country in (country, None)]
        return self._called(
            dataclasses.replace(
                party,
                name=same[0].name,
                country=country,
                authority=any(other.authority for other in alike),
                point=next((o.point for o in alike if o.point), None),
                key=next((o.key for o in alike if o.key), None),
                match=next((o.match for o in alike if o.match), None),
            )
        )

    def _called(self, party: Party) -> Party:
        """The party, as no authority where its own words or a register say so.

        That it stands in a column of authorities is the word of the column; a known authority of
        the name, and a kind beside it, weigh more than the words.
        """
        if not party.authority or party.kind or not self._may_be_no_authority(party):
            return party
        found = self._authorities.resolve(party, self._context)
        if found.iri or any(
            candidate.iri.startswith(_AUTHORITIES) and candidate.objection != ABROAD
            for candidate in found.candidates
        ):
            return party
        return dataclasses.replace(party, authority=False)

    def _may_be_no_authority(self, party: Party) -> bool:
        register = self._authorities.register
        country = expand(party.country) if party.country else None
        state = register.state(party.name)
        if state and fold(party.name) not in NAMESAKES_OF_STATES and country in (state, None):
            return True  # but not Georgia in the United States
        return is_other_body(party.name, _code(party.country) if party.country else None) or any(
            not bearer.known.authority and bearer.known.country in (country, None)
            for bearer in register.named(fold(party.name))
        )

    def triples(self) -> Iterator[Triple]:
        """The record's own triples of its agents: their names; all of the unresolved ones."""
        for own, resolution in sorted(self.resolutions.items()):
            party = resolution.party
            subject = iri(self._named(own, resolution))
            yield subject, _NAME_AS_STATED, literal(party.name)
            if party.match:
                # That a register's authority is meant was found, and not said by the source.
                match = _CLOSE_MATCH if resolution.iri else _EXACT_MATCH
                yield subject, match, iri(expand(party.match))
            if resolution.iri:
                continue
            yield subject, _TYPE, _AUTHORITY if party.authority else _AGENT
            yield subject, _PREF_LABEL, literal(Text(party.name, self._record.document.language))
            yield subject, _RESOLUTION, _UNRESOLVED
            if party.country:
                yield subject, _COUNTRY, iri(expand(party.country))

    def provenance(self) -> Iterator[Triple]:
        """The identification of each name, for the graph of the provenance."""
        record = mint_iri("source", f"{self._dataset}/{self._record.key}")
        mark = f"{self._dataset}-{self._record.key}"
        for own, resolution in sorted(self.resolutions.items()):
            named = self._named(own, resolution)
            yield from identification(record, mark, own, named, resolution)

    def _own(self, party: Party) -> str:
        segment = "authority" if party.authority else "organisation"
        country = _code(party.country) if party.country else None
        mark = slug(f"{self._dataset}-{party.key}") if party.key else self._mark
        return mint_iri(segment, f"{named_key(party.name, country)}-{mark}")

    @property
    def _mark(self) -> str:
        """The mark that sets the unresolved names of one record apart from another's."""
        mark = slug(f"{self._dataset}-{self._record.key}")
        return mark if len(mark) <= 24 else hashlib.sha256(mark.encode()).hexdigest()[:8]


_AUTHORITIES = mint_iri("authority", "")
_TYPE = iri(str(RDF.type))
_AUTHORITY = iri(str(MLG.LocalAuthority))
_AGENT = iri(str(FOAF.Agent))
_PREF_LABEL = iri(str(SKOS.prefLabel))
_NAME_AS_STATED = iri(str(MLG.nameAsStated))
_RESOLUTION = iri(str(MLG.resolution))
_UNRESOLVED = iri(mint_iri("concept", "resolution/unresolved"))
_COUNTRY = iri(str(MLG.country))
_EXACT_MATCH, _CLOSE_MATCH = iri(str(SKOS.exactMatch)), iri(str(SKOS.closeMatch))


def _code(country: Ref) -> str:
    return country.target.rpartition("/")[2]


def _parties(value: Any) -> Iterator[Party]:
    if isinstance(value, Party):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _parties(each)
    elif isinstance(value, Entity):
        entity_class: Any = type(value)
        for name in _fields(entity_class):
            yield from _parties(getattr(value, name))


@cache
def _fields(entity_class: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(entity_class))


DEEP = 3
"""Levels of parts of an entity that are looked at for dates: the year of a line of a project."""


def _context(
    record: SourceRecord, parties: Collection[Party], lookups: Mapping[str, Ref]
) -> Context:
    if not parties:  # a register: thousands of entities, and no name to be resolved
        return Context()
    countries = {expand(party.country) for party in parties if party.country}
    # What an entity's parts are dated, as the amounts of a project are, tells less than its own.
    dates = list(_dates(record.entities, 0)) or list(_dates(record.entities, DEEP))
    issued = record.document.issued
    written = issued or record.document.retrieved
    return Context(
        countries=frozenset(countries),
        earliest=min((date.earliest for date in dates if date.earliest), default=None),
        # Nobody names what does not exist yet.
        latest=max((d.latest for d in dates or (issued,) if d and d.latest), default=None),
        written=written.latest if written else None,
        lookups=decisions(lookups),
    )


def _dates(values: Iterable[Any], deep: int) -> Iterator[PartialDate]:
    """The dates of entities and, so many levels deep, of the entities in them."""
    for value in values:
        entity_class: Any = type(value)
        if not isinstance(value, Entity):
            continue
        for name in _fields(entity_class):
            each = getattr(value, name)
            if isinstance(each, PartialDate):
                yield each
            elif deep and isinstance(each, tuple):
                yield from _dates(each, deep - 1)
