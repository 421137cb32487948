"""The agents that are known by name, and what resolving a name needs to know of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from loaders.identity.stated_names import bare, broader_kinds, fold, readings
from loaders.model.iris import expand, mint_iri
from loaders.model.records import Authority, Country, Entity, Geometry, Organisation, Place
from loaders.model.values import PartialDate, Point, Ref

_POPULATION = Ref("concept/measure/population")


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """An agent that a name may mean, or a place that may hold one."""

    iri: str
    name: str
    authority: bool
    country: str | None
    kinds: frozenset[str]
    start: PartialDate | None
    end: PartialDate | None
    population: int | None
    point: Point | None
    containers: tuple[str, ...]
    notations: frozenset[str]

    @property
    def code(self) -> str:
        """The end of its IRI, without the year that tells it from the code's earlier holder."""
        key = self.iri.rpartition("/")[2]
        stem, _, year = key.rpartition("-")
        return stem if "-cog-" in stem and len(year) == 4 else key

    def ended_before(self, day: date | None) -> bool:
        """True where the agent had ended by a day; by now, without one."""
        return _before(self.end, day)


@dataclass(frozen=True, slots=True)
class Bearer:
    """An agent that bears a name, or bore it until a day."""

    known: Known
    until: PartialDate | None = None

    def bore_before(self, day: date | None) -> bool:
        """True where the agent had given the name up by a day; by now, without one."""
        return _before(self.until, day)


def _before(end: PartialDate | None, day: date | None) -> bool:
    return end is not None and (day is None or (end.latest is not None and end.latest < day))


class Register:
    """The known agents by the keys of their names, and how they follow and hold each other."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._by_name: defaultdict[str, list[Bearer]] = defaultdict(list)
        self._by_core: defaultdict[str, list[Bearer]] = defaultdict(list)
        self._by_bare: defaultdict[str, list[Bearer]] = defaultdict(list)
        self._territories: defaultdict[str, set[str]] = defaultdict(set)
        self._states: dict[str, str] = {}
        self.by_iri: dict[str, Known] = {}
        self._heirs: defaultdict[str, set[str]] = defaultdict(set)
        self._heritage: dict[str, int] = {}
        names: defaultdict[str, set[tuple[str, PartialDate | None]]] = defaultdict(set)
        points: dict[str, Point] = {}
        members: defaultdict[str, list[str]] = defaultdict(list)
        for entity in entities:
            if isinstance(entity, Organisation | Place):
                own = _known(entity)
                self.by_iri[own.iri] = _joined(self.by_iri.get(own.iri), own)
                for name in (*entity.names, *entity.other_names):
                    self._territories[bare(fold(name.value))].add(own.iri)
                if isinstance(entity, Organisation):
                    names[own.iri].update(_names(entity))
                    self._follow(own.iri, entity)
                    for member in entity.members:
                        members[expand(member)].append(own.iri)
            elif isinstance(entity, Country):
                for name in (*entity.names, *entity.other_names):
                    self._states.setdefault(fold(name.value), expand(Ref(f"country/{entity.key}")))
            elif isinstance(entity, Geometry) and entity.of:
                points.setdefault(expand(entity.of), entity.point)
        for iri in points.keys() | members.keys():
            if known := self.by_iri.get(iri):
                containers = (*known.containers, *members.get(iri, ()))
                point = points.get(iri, known.point)
                self.by_iri[iri] = replace(known, point=point, containers=containers)
        self._municipalities = Counter(
            iri
            for known in self.by_iri.values()
            if "municipality" in known.kinds
            for iri in known.containers
            # Of a département that has ended, those that had are its municipalities.
            if known.end is None or (iri in self.by_iri and self.by_iri[iri].end)
        )
        for iri, borne in names.items():
            self._enter(self.by_iri[iri], borne)
        self._names_in: defaultdict[str, list[str]] = defaultdict(list)
        for key, bearers in self._by_name.items():
            for country in dict.fromkeys(bearer.known.country or "" for bearer in bearers):
                self._names_in[country].append(key)

    def named(self, key: str) -> Iterable[Bearer]:
        """The agents that bear this name as a whole."""
        return self._by_name.get(key, ())

    def of_kind(self, key: str) -> Iterable[Bearer]:
        """The agents that bear this name beside a word for their kind."""
        return self._by_core.get(key, ())

    def without_article(self, key: str) -> Iterable[Bearer]:
        """The agents that bear this name, whichever article opens it."""
        return self._by_bare.get(bare(key), ())

    def territories(self, key: str) -> frozenset[str]:
        """The authorities and places of this name, whichever article opens it."""
        return frozenset(self._territories.get(bare(key), ()))

    def state(self, name: str) -> str | None:
        """The country that bears a name."""
        return self._states.get(fold(name))

    def names_in(self, country: str | None) -> Sequence[str]:
        """The keys of the names that agents of a country bear, or agents of no stated country."""
        return self._names_in.get(country or "", ())

    def containers(self, iri: str) -> frozenset[str]:
        """All that an agent or an heir of it lies in or belongs to, directly or through another.

        The agent and its heirs are among them.
        """
        seen: set[str] = set()
        waiting = [iri]
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                waiting.extend(self._heirs.get(current, ()))
                if current in self.by_iri:
                    waiting.extend(self.by_iri[current].containers)
        return frozenset(seen)

    def successors(self, iri: str) -> frozenset[str]:
        """The heirs of an agent and theirs, without itself."""
        seen: set[str] = set()
        waiting = list(self._heirs.get(iri, ()))
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                waiting.extend(self._heirs.get(current, ()))
        return frozenset(seen - {iri})

    def is_the_whole_of(self, known: Known, other: Known) -> bool:
        """True of the only municipality of another authority, as Paris of its département."""
        return other.iri in known.containers and self._municipalities.get(other.iri) == 1

    def populations(self, known: Known) -> tuple[int | None, int | None]:
        """The people who live there, at least and at most; None where nobody says.

        Of a former authority it is at most what its heir has; and at least, where the heir kept
        its code (it was the seat), an equal share among those that the heir came from.
        """
        if known.population is not None:
            return known.population, known.population
        least: int | None = None
        most: int | None = None
        for iri in self.successors(known.iri):
            heir = self.by_iri.get(iri)
            if heir is None or heir.population is None:
                continue
            most = max(most or 0, heir.population)
            if heir.code == known.code:
                least = heir.population // max(1, self._heritage.get(iri, 1))
        return least, most

    def _follow(self, iri: str, organisation: Organisation) -> None:
        for heir in map(expand, organisation.heirs):
            if heir not in self._heirs[iri]:
                self._heirs[iri].add(heir)
                self._heritage[heir] = self._heritage.get(heir, 0) + 1

    def _enter(self, known: Known, borne: Iterable[tuple[str, PartialDate | None]]) -> None:
        # Of a name given up and taken again, the last time counts.
        until = dict(sorted(borne, key=lambda each: (each[0], _lexical(each[1]))))
        keys: dict[str, Bearer] = {}
        cores: dict[str, Bearer] = {}
        for name, end in sorted(until.items(), key=lambda each: (_lexical(each[1]), each[0])):
            bearer = Bearer(known, end)
            keys[fold(name)] = bearer
            for reading in readings(name):
                if reading.kinds and reading.territory is None:
                    cores[reading.key] = bearer
        bares = {bare(key): bearer for key, bearer in keys.items()}
        for index, entries in (
            (self._by_name, keys),
            (self._by_core, cores),
            (self._by_bare, bares),
        ):
            for key, bearer in entries.items():
                index[key].append(bearer)


def _lexical(end: PartialDate | None) -> str:
    """The key that sorts a name still borne after all that were given up."""
    return end.lexical if end else "~"


def _known(entity: Organisation | Place) -> Known:
    held = [expand(ref) for ref in entity.within]
    known = Known(
        iri=mint_iri(entity.SEGMENT, entity.key),
        name=entity.names[0].value if entity.names else "",
        authority=isinstance(entity, Authority),
        country=expand(entity.country) if entity.country else None,
        kinds=frozenset(),
        start=None,
        end=None,
        population=_population(entity),
        point=None,
        containers=tuple(held),
        notations=frozenset(identifier.notation for identifier in entity.identifiers),
    )
    if isinstance(entity, Place):
        return known
    held += [expand(ref) for ref in entity.member_of]
    held += [expand(membership.organization) for membership in entity.memberships]
    return replace(
        known,
        kinds=broader_kinds(entity.kind.target.rpartition("/")[2]) if entity.kind else frozenset(),
        start=entity.start or entity.founding_date,
        end=entity.end,
        containers=tuple(dict.fromkeys(held)),
    )


def _joined(first: Known | None, second: Known) -> Known:
    """One agent as two sources know it: of a single value, the first one's."""
    if first is None:
        return second
    return Known(
        iri=first.iri,
        name=first.name or second.name,
        authority=first.authority or second.authority,
        country=first.country or second.country,
        kinds=first.kinds or second.kinds,
        start=first.start or second.start,
        end=first.end or second.end,
        population=second.population if first.population is None else first.population,
        point=first.point or second.point,
        containers=tuple(dict.fromkeys((*first.containers, *second.containers))),
        notations=first.notations | second.notations,
    )


def _names(organisation: Organisation) -> Iterator[tuple[str, PartialDate | None]]:
    former = {name.form.value for name in organisation.former_names}
    for name in (*organisation.names, *organisation.other_names):
        if name.value not in former:
            yield name.value, None
    for dated in (organisation.dated_name, *organisation.former_names):
        if dated:
            yield dated.form.value, dated.end
    if organisation.acronym:
        yield organisation.acronym, None


def _population(entity: Organisation | Place) -> int | None:
    counted = [figure for figure in entity.figures if figure.measure == _POPULATION]
    if not counted:
        return None
    latest = max(counted, key=lambda figure: figure.date.lexical if figure.date else "")
    return int(latest.value)
