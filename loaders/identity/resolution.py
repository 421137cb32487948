"""The resolution of a name: the agent that it means in its context, or that nobody knows.

Rules are exact. A reading of the name (`stated_names`) equals a name of a known agent,
whose country, kind, territory and period fit. Of several that fit, evidence may leave one
(`evidence`); else it is an ambiguity, and an ambiguity stays unresolved: a wrong match is
worse than none. Likeness of names never decides.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from loaders.identity import evidence
from loaders.identity.lookups import Decisions
from loaders.identity.register import Bearer, Known, Register
from loaders.identity.stated_names import (
    EXACT,
    KINDS,
    POSTAL,
    WITHOUT_ARTICLE,
    WITHOUT_KIND,
    Reading,
    fold,
    readings,
)
from loaders.model.iris import expand
from loaders.model.records import Entity, Party
from loaders.model.values import Ref

FORMER, LATER, UNKNOWN_START = "former-name", "later-name", "unknown-start"

SCORES = {
    "person": 1.0,
    EXACT: 0.99,
    WITHOUT_KIND: 0.99,
    WITHOUT_ARTICLE: 0.98,
    "coordinates": 0.98,
    "company": 0.97,
    FORMER: 0.97,
    "population": 0.96,
    POSTAL: 0.96,
    LATER: 0.95,
    UNKNOWN_START: 0.9,
}
"""The trust in each method, from 0 to 1; `benchmarks/resolution` measures it."""

FAR = 50.0
"""Kilometres from where the record puts it beyond which an authority cannot be meant."""

ENDED, BEGINS, ABROAD = "ended", "begins", "in another country"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A known agent that bears a name, and why it does or does not fit (None: it fits)."""

    iri: str
    name: str
    country: str | None
    objection: str | None


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """The answer to a name: the agent that it means; `iri` is None where nobody knows.

    `method` is a notation of the scheme `resolution`; `evidence` says in words what decided.
    """

    party: Party
    iri: str | None
    method: str
    candidates: tuple[Candidate, ...] = ()
    evidence: str | None = None

    @property
    def score(self) -> float | None:
        """The trust in the answer, from 0 to 1; None where there is none."""
        return SCORES[self.method] if self.iri else None

    @property
    def how(self) -> str:
        """The method, and what decided, in words."""
        words = self.method.replace("-", " ")
        return f"{words}: {self.evidence}" if self.evidence else words


@dataclass(frozen=True, kw_only=True)
class Context:
    """The context of a name: the record's words around it.

    Its countries, its first and last day, the day on which it was written at the latest, a person's
    own decisions, and the known agents that it names beside (`company`).
    """

    countries: frozenset[str] = frozenset()
    earliest: datetime.date | None = None
    latest: datetime.date | None = None
    written: datetime.date | None = None
    lookups: Decisions = field(default_factory=dict)
    company: frozenset[str] = frozenset()


class Authorities:
    """The agents that are known by name, and the rules that find one."""

    def __init__(self, known: Iterable[Entity] | Register) -> None:
        self.register = known if isinstance(known, Register) else Register(known)

    def resolve(self, party: Party, context: Context) -> Resolution:
        """The answer to a name in its context."""
        if decision := _decision(party, context):
            return Resolution(party=party, iri=expand(decision), method="person")
        seen: dict[str, Candidate] = {}
        for reading, bearers in self._levels(party.name):
            present: list[Known] = []
            former: list[Known] = []
            for bearer in bearers:
                known = bearer.known
                objection = self._objection(known, reading, party, context)
                if known.iri not in seen or objection is None:
                    seen[known.iri] = _candidate(known, objection)
                if objection is None:
                    (former if _is_former(bearer, context) else present).append(known)
            if not all(map(_is_part, (*present, *former))):
                present = [known for known in present if not _is_part(known)]
                former = [known for known in former if not _is_part(known)]
            if present or former:
                told = self._as_told([*present, *former], party)
                present = [known for known in present if known in told]
                former = [known for known in former if known in told]
                found = self._decided(party, reading.method, present, former, seen, context)
                if found.iri and context.earliest and self._began_nobody_knows_when(found.iri):
                    found = replace(found, method=UNKNOWN_START, evidence=None)
                return replace(found, candidates=tuple(seen.values()))
        if later := self._later(seen.values(), context):
            found = Resolution(party=party, iri=later.iri, method=LATER, evidence=later.objection)
        else:
            near = any(each.objection != ABROAD for each in seen.values())
            found = Resolution(party=party, iri=None, method="does-not-fit" if near else "unknown")
        return replace(found, candidates=tuple(seen.values()))

    def _as_told(self, fitting: Sequence[Known], party: Party) -> Sequence[Known]:
        """The agents of the kind and in the territory that the source tells, or all if none is.

        What stands beside a name is often the word of who made the list: it rules nobody out.
        """
        kinds = KINDS.get(party.kind or "", frozenset())
        fitting = [known for known in fitting if kinds & known.kinds] or fitting
        inside = [
            known
            for known in fitting
            if any(self._lies_in(known, territory) for territory in party.within)
        ]
        return inside or fitting

    def _began_nobody_knows_when(self, iri: str) -> bool:
        """True of a grouping whose start no register tells: it may be younger than a record.

        Groupings come and go under one name; a commune without a start has been there throughout.
        """
        known = self.register.by_iri[iri]
        return known.start is None and "intermunicipal-body" in known.kinds

    def _later(self, seen: Iterable[Candidate], context: Context) -> Candidate | None:
        """The only bearer that began after the record's last day, of a record written later still.

        Its source calls an authority of the past by the name of today (a région since 2004 by that
        of 2016): who and since when are both kept as stated.
        """
        began = [each for each in seen if each.objection and each.objection.startswith(BEGINS)]
        if len(began) != 1 or context.written is None:
            return None
        start = self.register.by_iri[began[0].iri].start
        since = start.earliest if start else None
        return began[0] if since and since <= context.written else None

    def _decided(
        self,
        party: Party,
        method: str,
        present: Sequence[Known],
        former: Sequence[Known],
        seen: Mapping[str, Candidate],
        context: Context,
    ) -> Resolution:
        """One of those who bear the name (or of those who did), or an ambiguity."""
        register = self.register
        if present:
            # Of an undated name, a town that has merged since may still be meant; a part is not.
            towns = [known for known in former if known.end and evidence.is_town(known, register)]
            meant = [*present, *towns]
        else:
            meant = list(former)
            method = FORMER if any(known.end is None for known in former) else method
        fitting = evidence.apart(meant, context.earliest, register)
        ended = [
            register.by_iri[candidate.iri]
            for candidate in seen.values()
            if candidate.objection and candidate.objection.startswith(ENDED)
        ]
        if len(fitting) == 1 and not evidence.overshadowed(fitting[0], ended, register):
            return Resolution(party=party, iri=fitting[0].iri, method=method)
        for decision in (
            evidence.by_coordinates(fitting, party.point),
            evidence.by_company(fitting, context.company, register),
            evidence.by_population(fitting, register) if len(fitting) > 1 else None,
        ):
            if decision is not None:
                return Resolution(
                    party=party,
                    iri=decision.known.iri,
                    method=decision.method,
                    evidence=decision.why,
                )
        return Resolution(party=party, iri=None, method="ambiguous")

    def _levels(self, name: str) -> Iterator[tuple[Reading, Iterable[Bearer]]]:
        """The agents that may be meant, reading by reading, the most literal first."""
        ways = readings(name)
        for reading in ways:
            yield reading, self.register.named(reading.key)
            if reading.kinds:
                yield reading, self.register.of_kind(reading.key)
        for reading in ways:
            looser = replace(reading, method=WITHOUT_ARTICLE)
            yield looser, self.register.without_article(reading.key)

    def _objection(
        self, known: Known, reading: Reading, party: Party, context: Context
    ) -> str | None:
        if party.country:
            # Of an organisation whose country nobody states, another country is no contradiction.
            if (known.country or known.authority) and known.country != expand(party.country):
                return ABROAD
        elif known.authority and not any(way.kinds for way in readings(party.name)):
            if known.country not in context.countries:
                return "in a country that the record does not name"
            if _is_acronym(party.name):
                return "the name may be an acronym"
        if party.authority and not known.authority:
            return "no local authority"
        if reading.kinds and known.kinds and not reading.kinds & known.kinds:
            return "of another kind"
        if reading.territory and not self._lies_in(known, reading.territory):
            return f"not known to lie in {reading.territory}"
        if party.point and known.point:
            away = evidence.kilometres(party.point, known.point)
            if away > FAR:
                return f"{away:.0f} km from where the record puts it"
        if context.earliest and known.end and known.ended_before(context.earliest):
            return f"{ENDED} {known.end.lexical}"
        start = known.start
        if context.latest and start and start.earliest and start.earliest > context.latest:
            return f"{BEGINS} {start.lexical}"
        return None

    def _lies_in(self, known: Known, territory: str) -> bool:
        """True where what holds an authority bears this name or code, or it itself this code.

        What lies in the heir of a territory (of Franche-Comté, since 2016) may have lain in it.
        """
        around = self.register.containers(known.iri) - {known.iri}
        named = self.register.territories(fold(territory))
        if not around.isdisjoint(named.union(*map(self.register.successors, named))):
            return True
        code = territory.strip().lower()
        return any(
            iri.rpartition("-")[2] == code or territory in self.register.by_iri[iri].notations
            for iri in (*around, known.iri)
            if iri in self.register.by_iri
        )


def _decision(party: Party, context: Context) -> Ref | None:
    if not context.lookups:
        return None
    name = fold(party.name)
    country = party.country.target.rpartition("/")[2] if party.country else None
    return context.lookups.get((name, country)) or context.lookups.get((name, None))


def _is_former(bearer: Bearer, context: Context) -> bool:
    """True where the name, or an undated record's authority, belongs to the past."""
    ended = context.earliest is None and bearer.known.ended_before(None)
    return ended or bearer.bore_before(context.earliest)


def _is_part(known: Known) -> bool:
    """True of a part of a municipality: who names it rarely means that."""
    return "submunicipal-division" in known.kinds


def _is_acronym(name: str) -> bool:
    """True of a word of capitals that an organisation may go by (`ARS`, `EU`)."""
    return len(name) <= 5 and name.isalpha() and name.isupper()


def _candidate(known: Known, objection: str | None) -> Candidate:
    name = known.name or known.iri.rpartition("/")[2]
    return Candidate(iri=known.iri, name=name, country=known.country, objection=objection)
