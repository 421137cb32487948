"""What every record is made of: agents as sources name them, entities, figures, objectives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from rdflib import URIRef

from loaders.model.fields import many, must, says
from loaders.model.values import PartialDate, Point, Ref, Text
from ontology.namespaces import (
    DCT,
    MLG,
    SCHEMA,
    SKOS,
)


@dataclass(frozen=True, kw_only=True)
class Party:
    """An agent as a source names it, for `loaders.identity.parties` to find.

    `authority` tells that the source itself calls it a local authority. `kind` is a word for its
    kind and `within` are names of what it lies in, where they stand beside the name (a column of a
    table): they tell namesakes apart and rule nobody out. `point` is where the source puts it.
    `key` is what the source knows it by in all its records; without one, a name that is not found
    is an agent of its record alone. `match` is the address under which the source describes it.
    """

    name: str
    country: Ref | None = None
    authority: bool = False
    kind: str | None = None
    within: tuple[str, ...] = ()
    point: Point | None = None
    key: str | None = None
    match: Ref | None = None


Agent = Party | Ref


@dataclass(frozen=True, kw_only=True)
class Entity:
    """Anything with an IRI of its own, `id/{SEGMENT}/{key}`.

    An entity within another may leave its key out: it is then the other's with its rank.
    """

    CLASSES: ClassVar[tuple[URIRef, ...]] = ()
    SEGMENT: ClassVar[str]

    key: str = ""
    names: tuple[Text, ...] = many(SKOS.prefLabel)
    other_names: tuple[Text, ...] = many(SKOS.altLabel)
    description: tuple[Text, ...] = many(DCT.description)
    matches: tuple[Ref, ...] = many(SKOS.exactMatch)
    close_matches: tuple[Ref, ...] = many(SKOS.closeMatch)


@dataclass(frozen=True, kw_only=True)
class Figure(Entity):
    """A number that a source gives of something, at a date, as precisely as it says."""

    CLASSES = (MLG.Figure,)
    SEGMENT = "figure"

    of: Agent | None = says(MLG.figureOf)
    measure: Ref = must(MLG.measure)
    value: Decimal = must(MLG.value)
    precision: Ref = says(MLG.precision, default=Ref("concept/precision/exact"))
    unit: Text | None = says(SCHEMA.unitText)
    currency: str | None = says(SCHEMA.currency)
    date: PartialDate | None = says(MLG.date, period="both")


@dataclass(frozen=True, kw_only=True)
class Objective(Entity):
    """An objective or mission that an organisation, a partnership or an action states."""

    CLASSES = (MLG.Objective,)
    SEGMENT = "objective"

    text: Text = must(MLG.text)
    position: int | None = says(SCHEMA.position)
