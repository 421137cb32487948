"""Organisations and authorities, their seats, codes, organs and people, places, and changes."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.model.entities import Entity, Figure, Objective
from loaders.model.fields import many, must, says
from loaders.model.values import PartialDate, Point, Ref, Text
from ontology.namespaces import (
    ADMS,
    DCT,
    FOAF,
    GEO,
    LOCN,
    MLG,
    ORG,
    PROV,
    SCHEMA,
    SKOS,
    SKOSXL,
    VCARD,
)


@dataclass(frozen=True, kw_only=True)
class Place(Entity):
    """A place that is no authority: a quarter, a delegated commune, where something took place."""

    CLASSES = (DCT.Location,)
    SEGMENT = "place"

    kind: Ref | None = says(DCT.type)
    country: Ref | None = says(MLG.country)
    within: tuple[Ref, ...] = many(MLG.within)
    identifiers: tuple[Identifier, ...] = many(ADMS.identifier)
    start: PartialDate | None = says(MLG.start, period="start")
    end: PartialDate | None = says(MLG.end, period="end")
    figures: tuple[Figure, ...] = many(MLG.figureOf, inverse=True)


@dataclass(frozen=True, kw_only=True)
class Geometry(Entity):
    """The location of an authority or a place, as a point (GeoSPARQL)."""

    CLASSES = (GEO.Geometry,)
    SEGMENT = "geometry"

    of: Ref | None = says(GEO.hasGeometry, inverse=True)
    point: Point = must(GEO.asWKT)
    derived_from: Ref | None = says(PROV.wasDerivedFrom)


@dataclass(frozen=True, kw_only=True)
class Address(Entity):
    """A postal address, as a whole and in the parts that the source sets apart."""

    CLASSES = (LOCN.Address,)
    SEGMENT = "site"

    full: str = must(LOCN.fullAddress)
    thoroughfare: str | None = says(LOCN.thoroughfare)
    box: str | None = says(LOCN.poBox)
    area: str | None = says(LOCN.addressArea)
    post_name: str | None = says(LOCN.postName)
    country_name: str | None = says(LOCN.adminUnitL1)


@dataclass(frozen=True, kw_only=True)
class Seat(Entity):
    """The seat of an organisation, and how to reach it there (never a natural person)."""

    CLASSES = (ORG.Site,)
    SEGMENT = "site"

    address: Address | None = says(ORG.siteAddress)
    telephones: tuple[Ref, ...] = many(VCARD.hasTelephone)
    telephones_as_stated: tuple[str, ...] = many(SCHEMA.telephone)
    faxes: tuple[str, ...] = many(SCHEMA.faxNumber)
    fax_numbers: tuple[Ref, ...] = many(MLG.fax)
    emails: tuple[Ref, ...] = many(VCARD.hasEmail)


@dataclass(frozen=True, kw_only=True)
class DatedName(Entity):
    """A name, and from when to when it was borne (SKOS-XL)."""

    CLASSES = (SKOSXL.Label,)
    SEGMENT = "name"

    form: Text = must(SKOSXL.literalForm)
    start: PartialDate | None = says(MLG.start, period="start")
    end: PartialDate | None = says(MLG.end, period="end")


@dataclass(frozen=True, kw_only=True)
class Identifier(Entity):
    """An official code, of which scheme, who gives it and from when to when."""

    CLASSES = (ADMS.Identifier,)
    SEGMENT = "identifier"

    notation: str = must(SKOS.notation)
    scheme: Ref | None = says(DCT.type)
    agency: str | None = says(ADMS.schemaAgency)
    start: PartialDate | None = says(MLG.start, period="start")
    end: PartialDate | None = says(MLG.end, period="end")


@dataclass(frozen=True, kw_only=True)
class Membership(Entity):
    """Belonging to an organisation, or an office held in it, with the dates that are known."""

    CLASSES = (ORG.Membership,)
    SEGMENT = "membership"

    member: Ref | None = says(ORG.member)
    organization: Ref = must(ORG.organization)
    role: Ref | None = says(ORG.role)
    start: PartialDate | None = says(MLG.start, period="start")
    end: PartialDate | None = says(MLG.end, period="end")
    attested_on: PartialDate | None = says(MLG.attestedOn)


@dataclass(frozen=True, kw_only=True)
class Organ(Entity):
    """A statutory body of an organisation: one resource per type of organ."""

    CLASSES = (MLG.Organ,)
    SEGMENT = "organ"

    unit_of: Ref | None = says(ORG.unitOf)
    level: Ref | None = says(MLG.level)
    organ_type: Ref | None = says(MLG.organType)
    serves: tuple[Ref, ...] = many(MLG.serves)
    figures: tuple[Figure, ...] = many(MLG.figureOf, inverse=True)


@dataclass(frozen=True, kw_only=True)
class Organisation(Entity):
    """An organisation that is neither an authority nor an association of authorities."""

    CLASSES = (ORG.FormalOrganization,)
    SEGMENT = "organisation"

    dated_name: DatedName | None = says(SKOSXL.prefLabel)
    former_names: tuple[DatedName, ...] = many(SKOSXL.altLabel)
    acronym: str | None = says(MLG.acronym, SKOS.altLabel)
    kind: Ref | None = says(MLG.kind)
    country: Ref | None = says(MLG.country)
    within: tuple[Ref, ...] = many(MLG.within)
    identifiers: tuple[Identifier, ...] = many(ADMS.identifier)
    founding_date: PartialDate | None = says(MLG.foundingDate, period="start")
    start: PartialDate | None = says(MLG.start, period="start")
    end: PartialDate | None = says(MLG.end, period="end")
    purpose: Text | None = says(ORG.purpose)
    legal_basis: Text | None = says(MLG.legalBasis)
    legal_form: Text | None = says(MLG.legalForm)
    homepage: Ref | None = says(FOAF.homepage)
    site: Seat | None = says(ORG.hasPrimarySite)
    organs: tuple[Organ, ...] = many(ORG.unitOf, inverse=True)
    objectives: tuple[Objective, ...] = many(MLG.hasObjective)
    figures: tuple[Figure, ...] = many(MLG.figureOf, inverse=True)
    member_of: tuple[Ref, ...] = many(ORG.memberOf)
    members: tuple[Ref, ...] = many(ORG.memberOf, inverse=True)
    memberships: tuple[Membership, ...] = many(ORG.member, inverse=True)
    linked_to: tuple[Ref, ...] = many(ORG.linkedTo)
    heirs: tuple[Ref, ...] = many(MLG.succeededBy)


@dataclass(frozen=True, kw_only=True)
class Authority(Organisation):
    """A local authority, or a grouping of local authorities, under the law of its country."""

    CLASSES = (MLG.LocalAuthority,)
    SEGMENT = "authority"


@dataclass(frozen=True, kw_only=True)
class Association(Organisation):
    """An association of local authorities, of their elected officials or of such associations."""

    CLASSES = (MLG.LocalGovernmentAssociation,)


@dataclass(frozen=True, kw_only=True)
class DiplomaticPost(Organisation):
    """An embassy or consulate."""

    CLASSES = (MLG.DiplomaticPost,)


@dataclass(frozen=True, kw_only=True)
class WorkingGroup(Organ):
    """A group in charge of a subject within an organisation."""

    CLASSES = (MLG.WorkingGroup,)

    leads: tuple[Ref, ...] = many(ORG.hasMember)


@dataclass(frozen=True, kw_only=True)
class Person(Entity):
    """An elected office holder: name, offices, dates, and nothing else."""

    CLASSES = (FOAF.Person,)
    SEGMENT = "person"

    offices: tuple[Membership, ...] = many(ORG.member, inverse=True)


@dataclass(frozen=True, kw_only=True)
class Change(Entity):
    """A merger, split, renaming or other change of organisations (org:ChangeEvent).

    `originals` are those that it ends, or takes up again; `results` those that follow them;
    `continuing` those that have a part in it and go on.
    """

    CLASSES = (ORG.ChangeEvent,)
    SEGMENT = "change"

    date: PartialDate = must(MLG.date)
    change_type: Ref | None = says(DCT.type)
    originals: tuple[Ref, ...] = many(ORG.originalOrganization)
    results: tuple[Ref, ...] = many(ORG.resultingOrganization)
    continuing: tuple[Ref, ...] = many(PROV.wasAssociatedWith)
