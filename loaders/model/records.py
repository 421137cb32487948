"""The typed source records: what a loader yields, and what becomes RDF.

An entity's class names its RDF classes and the segment of its IRI; each field names its property,
with `says`. `quads` reads both and is the only maker of entity RDF, so that a new class is
declared here, in `ontology/maillage.ttl` and in `ontology/shapes.ttl`, and nowhere else. Classes of
organisations and places stand in `organisations`, those of partnerships, projects and what belongs
to them in `cooperations`; all are found here.

A field holds a `Ref`, a `Party` (an agent as the source names it, still to be resolved), a `Text`,
a `PartialDate`, a `Decimal`, `int`, `bool` or `str`, another entity, or a tuple of these. None and
the empty tuple say nothing: absent is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from loaders.model.cooperations import (
    Action,
    Agreement,
    Cooperation,
    Encounter,
    FundingLine,
    MonetaryAmount,
    Partnership,
    Plan,
    Project,
    Provision,
    ThemePriority,
)
from loaders.model.entities import Agent, Entity, Figure, Objective, Party
from loaders.model.fields import many, says
from loaders.model.organisations import (
    Address,
    Association,
    Authority,
    Change,
    DatedName,
    DiplomaticPost,
    Geometry,
    Identifier,
    Membership,
    Organ,
    Organisation,
    Person,
    Place,
    Seat,
    WorkingGroup,
)
from loaders.model.values import PartialDate, Text
from ontology.namespaces import (
    DCT,
    SKOS,
)

__all__ = [
    "Action",
    "Address",
    "Agent",
    "Agreement",
    "Association",
    "Authority",
    "Change",
    "Cooperation",
    "Country",
    "DatedName",
    "DiplomaticPost",
    "Document",
    "Encounter",
    "Entity",
    "Figure",
    "FundingLine",
    "Geometry",
    "Identifier",
    "Membership",
    "MonetaryAmount",
    "Objective",
    "Organ",
    "Organisation",
    "Partnership",
    "Party",
    "Person",
    "Place",
    "Plan",
    "Project",
    "Provision",
    "Seat",
    "SourceRecord",
    "ThemePriority",
    "WorkingGroup",
]


@dataclass(frozen=True, kw_only=True)
class Country(Entity):
    """A country of the EU authority table, whose IRI it keeps."""

    CLASSES = (DCT.Location,)
    SEGMENT = "country"

    alpha2: str | None = says(DCT.identifier)
    notations: tuple[str, ...] = many(SKOS.notation)


@dataclass(frozen=True, kw_only=True)
class Document:
    """The page or document that states a record's facts, as a person would cite it."""

    title: Text
    publisher: str | None = None
    address: str | None = None
    language: str = "fr"
    issued: PartialDate | None = None
    retrieved: PartialDate | None = None
    rights: str | None = None
    rights_statement: Text | None = None
    section: str | None = None


@dataclass(frozen=True, kw_only=True)
class SourceRecord:
    """One page, row or section of a dataset: what its named graph will hold.

    `key` is unique in the dataset; `place` tells where in the file it stands (a line, a row).
    """

    key: str
    document: Document
    entities: tuple[Entity, ...]
    file: str = ""
    checksum: str = ""
    place: str | None = None
