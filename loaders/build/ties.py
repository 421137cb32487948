"""Ties made of the parties that records name: which authorities, under which key.

Records state parties; a tie (`Partnership`) follows from the ends that they resolve to. One rule
serves every dataset:

- an end is a local authority; whoever else a record names among the partners takes part;
- one tie for each pair of a home and a foreign end; without two sides, for each two ends of
  different countries; two ends of one country that stand alone are a domestic tie;
- its key is the keys of its ends, sorted, joined by `--`;
- a project belongs to the ties of its home and foreign partners.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

from loaders.identity.parties import End
from loaders.model.iris import slug
from loaders.model.records import (
    Agent,
    Agreement,
    Entity,
    FundingLine,
    Partnership,
    Party,
    Project,
    SourceRecord,
)
from loaders.model.values import Ref, Text


@dataclass(frozen=True)
class Pair:
    """Two ends of one tie, the lower key first."""

    one: End
    other: End

    @property
    def key(self) -> str:
        """The key of their tie."""
        return f"{self.one.key}--{self.other.key}"

    @property
    def former_key(self) -> str | None:
        """The key that their tie would have if nobody knew their names; None where it is this."""
        former = "--".join(sorted((self.one.former, self.other.former)))
        return former if former != self.key else None

    @property
    def domestic(self) -> bool:
        """True where both ends of the tie are of one country."""
        return self.one.country is not None and self.one.country == self.other.country


Identify = Callable[[Agent], End | None]
"""The end that an agent of a record is; None for who is no local authority."""


@dataclass(frozen=True)
class Untied:
    """A declaration that makes no tie: the side that lacks an end, whom it names, and why."""

    side: str
    names: str
    why: str


@dataclass
class Tying:
    """The ties of one record, and its declarations that have fewer than two ends."""

    identify: Identify
    minted: set[str] = field(default_factory=set)
    untied: list[Untied] = field(default_factory=list)

    def tied(self, record: SourceRecord) -> SourceRecord:
        """The record with a tie, under its key, for each pair of ends that it declares."""
        entities: list[Entity] = []
        for entity in record.entities:
            entities += self._made(entity)
        return replace(record, entities=tuple(entities))

    def _made(self, value: Any) -> Iterator[Any]:
        """The entities made of one: of a declaration the ties of its pairs, of any other itself."""
        if isinstance(value, Partnership) and (value.home or value.foreign):
            yield from self._ties(value)
        elif isinstance(value, Project):
            yield self._within(self._sided(self._with_ties(value)))
        elif isinstance(value, Agreement):
            yield self._within(value)
        else:
            yield value

    def _within(self, entity: Entity) -> Entity:
        """The entity with the ties that its own parts declare."""
        changed: dict[str, Any] = {}
        for each in fields(entity):
            value = getattr(entity, each.name)
            if isinstance(value, tuple) and any(isinstance(part, Partnership) for part in value):
                made = tuple(itertools.chain.from_iterable(map(self._made, value)))
                if made != value:
                    changed[each.name] = made
        if isinstance(entity, Project) and entity.funding:
            changed["funding"] = tuple(self._keyed(entity))
        return replace(entity, **changed) if changed else entity

    def _sided(self, project: Project) -> Project:
        """The project whose partners are local authorities; whoever else it names takes part."""
        sides: dict[str, Any] = {}
        others: list[Agent] = []
        for side in ("partners", "home_partners", "foreign_partners"):
            named = getattr(project, side)
            sides[side] = tuple(agent for agent in named if self.identify(agent))
            others += [agent for agent in named if not self.identify(agent)]
        if not others:
            return project
        return replace(project, participants=(*project.participants, *others), **sides)

    def _others(self, declared: Partnership) -> tuple[Agent, ...]:
        """The parties of a declaration that are no local authorities."""
        named = declared.home + declared.foreign
        return tuple(agent for agent in named if not self.identify(agent))

    def _with_ties(self, project: Project) -> Project:
        if project.project_of or not (project.home_partners or project.foreign_partners):
            return project
        if not (project.home_partners and project.foreign_partners):
            self._untie(project.home_partners, project.foreign_partners)
            return project
        declared = Partnership(home=project.home_partners, foreign=project.foreign_partners)
        return replace(project, project_of=(declared,))

    def _ties(self, declared: Partnership) -> Iterator[Partnership]:
        found = list(self._pairs(declared))
        if not found:
            self._untie(declared.home, declared.foreign)
        for pair in found:
            if not declared.joins:
                self.minted.add(pair.key)
            yield replace(
                declared,
                key=pair.key,
                names=(*declared.names, Text(f"{pair.one.name} – {pair.other.name}")),
                participants=(*declared.participants, *self._others(declared)),
                home=(),
                foreign=(),
                ends=(Ref(pair.one.iri), Ref(pair.other.iri)),
                domestic=True if pair.domestic else None,
                former_key=pair.former_key,
            )

    def _untie(self, home: tuple[Agent, ...], foreign: tuple[Agent, ...]) -> None:
        here, there = self._ends(home), self._ends(foreign)
        side = "partners"
        if here and foreign and not there:
            side = "foreign partners"
        elif foreign and not here:
            side = "home partners"
        if len(here + there) < 2:
            why = "fewer than two of the parties are local authorities"
        elif len({end.key for end in here + there}) == 1:
            why = "the names mean one and the same authority"
        else:
            why = "no two of the authorities are known to be of different countries"
        names = "; ".join(
            who.name if isinstance(who, Party) else who.target for who in home + foreign
        )
        self.untied.append(Untied(side, names, f"{why}: no tie is made"))

    def _pairs(self, declared: Partnership) -> Iterator[Pair]:
        """The pairs of ends, each once, in the order of the record."""
        home, foreign = (self._ends(side) for side in (declared.home, declared.foreign))
        if home and foreign:
            pairs = itertools.product(home, foreign)
        else:
            ends = home + foreign
            alone = len(ends) == 2 and len(declared.home + declared.foreign) == 2
            two = itertools.combinations(ends, 2)
            pairs = (p for p in two if alone or _across(*p))  # type: ignore[assignment]
        seen = set()
        for one, other in pairs:
            pair = Pair(*sorted((one, other), key=lambda end: end.key))
            if one.key != other.key and pair.key not in seen:
                seen.add(pair.key)
                yield pair

    def _ends(self, side: Iterable[Agent]) -> list[End]:
        return [end for agent in side if (end := self.identify(agent))]

    def _keyed(self, project: Project) -> Iterator[FundingLine]:
        """The lines of a project, each with a key: of project, payer, year and amount."""
        seen: Counter[str] = Counter()
        for line in project.funding:
            if line.key:
                yield line
                continue
            key = slug(f"{project.key} {self._payer(line)} {_year(line)} {_amount(line)}")
            seen[key] += 1
            yield replace(line, key=key if seen[key] == 1 else f"{key}-{seen[key]}")

    def _payer(self, line: FundingLine) -> str:
        end = self.identify(line.sole_funder) if line.sole_funder else None
        return end.key if end else line.funder_as_stated or "unnamed"


def _across(one: End, other: End) -> bool:
    """True where two ends are known to be of different countries."""
    return None not in (one.country, other.country) and one.country != other.country


def _year(line: FundingLine) -> str:
    return line.year.lexical if line.year else ""


def _amount(line: FundingLine) -> str:
    if line.amount_eur is not None:
        return f"{line.amount_eur:f}"
    return f"{line.amount.value:f} {line.amount.currency}" if line.amount else ""


def joined(record: SourceRecord, minted: Collection[str]) -> SourceRecord:
    """The record without ties that it only joins and that no record of the build makes.

    Of those that somebody makes it keeps no more than the reference.
    """
    entities: list[Entity] = []
    for entity in record.entities:
        entities += _joined(entity, minted)
    return replace(record, entities=tuple(entities))


def _joined(value: Any, minted: Collection[str]) -> Iterator[Any]:
    if isinstance(value, Partnership) and value.joins:
        if value.key in minted:
            yield Ref(f"partnership/{value.key}")
    elif isinstance(value, Project | Agreement):
        changed: dict[str, Any] = {}
        for each in fields(value):
            parts = getattr(value, each.name)
            if isinstance(parts, tuple) and any(isinstance(part, Partnership) for part in parts):
                changed[each.name] = tuple(
                    itertools.chain.from_iterable(_joined(part, minted) for part in parts)
                )
        yield replace(value, **changed) if changed else value
    else:
        yield value
