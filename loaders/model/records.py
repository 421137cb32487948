"""The typed source records: what a loader yields, and what becomes RDF.

An entity's class names its RDF classes and the segment of its IRI; each field names its property,
with `says`. `quads` reads both and is the only maker of entity RDF, so that a new class is
declared here, in `ontology/maillage.ttl` and in `ontology/shapes.ttl`, and nowhere else.

A field holds a `Ref`, a `Party` (an agent as the source names it, still to be resolved), a `Text`,
a `PartialDate`, a `Decimal`, `int`, `bool` or `str`, another entity, or a tuple of these. None and
the empty tuple say nothing: absent is not zero.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Literal

from rdflib import URIRef

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

Period = Literal["start", "end", "both"]


def says(
    *properties: URIRef,
    default: Any = None,
    inverse: bool = False,
    period: Period | None = None,
    mutual: URIRef | None = None,
) -> Any:
    """A field whose value is stated with these properties.

    `inverse`: the value is the subject, the entity the object. `period`: the date opens, closes or
    is the entity's own period, from which `mlg:earliest` and `mlg:latest` are derived. `mutual`:
    the symmetric property that each two of the values have between them.
    """
    return field(
        default=default,
        metadata={
            "properties": properties,
            "inverse": inverse,
            "period": period,
            "mutual": mutual,
        },
    )


def must(*properties: URIRef, inverse: bool = False) -> Any:
    """A field without which there is no record."""
    return says(*properties, default=MISSING, inverse=inverse)


def unsaid(*, default: Any = ()) -> Any:
    """A field that no triple states: `loaders.model.ties` makes of it what is stated."""
    return field(default=default)


def many(*properties: URIRef, inverse: bool = False, mutual: URIRef | None = None) -> Any:
    """A field that holds a tuple of values, each stated with these properties."""
    return says(*properties, default=(), inverse=inverse, mutual=mutual)


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


# Organisations


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


# Partnerships, projects, agreements


@dataclass(frozen=True, kw_only=True)
class ThemePriority(Entity):
    """A theme or goal that a project also serves, with the rank that it gives it."""

    CLASSES = (MLG.ThemePriority,)
    SEGMENT = "priority"

    concept: Ref | None = says(MLG.concept)
    theme_as_stated: str | None = says(MLG.themeAsStated)
    priority: int | None = says(MLG.priority)


@dataclass(frozen=True, kw_only=True)
class MonetaryAmount(Entity):
    """An amount in another currency than the euro (an ISO 4217 code)."""

    CLASSES = (SCHEMA.MonetaryAmount,)
    SEGMENT = "funding"

    value: Decimal = must(SCHEMA.value)
    currency: str = must(SCHEMA.currency)


@dataclass(frozen=True, kw_only=True)
class FundingLine(Entity):
    """One amount for a project: of one funder, of several, of nobody named.

    A total budget is no line: it is a `Figure` of the project (`concept/measure/total-budget`).
    A line without a key gets that of its project, payer, year and amount, so that the same
    amount told on three pages is one amount, declared three times.
    """

    CLASSES = (MLG.FundingLine,)
    SEGMENT = "funding"

    funder_as_stated: str | None = says(MLG.funderAsStated)
    sole_funder: Agent | None = says(MLG.soleFunder)
    joint_funders: tuple[Agent, ...] = many(MLG.jointFunder)
    unnamed: bool | None = says(MLG.unnamedFunder)
    recipient: Agent | None = says(MLG.recipient)
    programme: str | None = says(MLG.programme)
    amount_kind: Ref | None = says(MLG.amountKind)
    in_kind: bool | None = says(MLG.inKind)
    amount_eur: Decimal | None = says(MLG.amountEUR)
    amount: MonetaryAmount | None = says(SCHEMA.amount)
    precision: Ref | None = says(MLG.precision)
    water_solidarity_eur: Decimal | None = says(MLG.waterSolidarityEUR)
    year: PartialDate | None = says(MLG.year, period="both")


@dataclass(frozen=True, kw_only=True)
class Cooperation(Entity):
    """The fields that partnerships and projects share; records are of one or the other."""

    SEGMENT = "cooperation"

    first_signature: PartialDate | None = says(MLG.firstSignature)
    start: PartialDate | None = says(MLG.start, period="start")
    end: PartialDate | None = says(MLG.end, period="end")
    status: Ref | None = says(MLG.status)
    status_as_stated: str | None = says(MLG.statusAsStated)
    form: Ref | None = says(MLG.form)
    form_as_stated: str | None = says(MLG.formAsStated)
    themes: tuple[Ref, ...] = many(MLG.theme)
    themes_as_stated: tuple[str, ...] = many(MLG.themeAsStated)
    partners: tuple[Agent, ...] = many(MLG.hasPartner)
    associated: tuple[Agent, ...] = many(MLG.associatedAuthority)
    participants: tuple[Agent, ...] = many(MLG.hasParticipant)
    objectives: tuple[Objective, ...] = many(MLG.hasObjective)
    figures: tuple[Figure, ...] = many(MLG.figureOf, inverse=True)


@dataclass(frozen=True, kw_only=True)
class Partnership(Cooperation):
    """The lasting tie of two authorities, as one record declares it.

    A loader gives the parties that the record names on either side, and no key: once the parties
    are resolved, `loaders.model.ties` makes one tie for each pair of them, under the keys of its
    two ends. Where the record names no sides (two sister towns of a list), all parties are
    `home`, and each two of different countries are a pair; two of one country are one where the
    record names no others. `joins` tells that the record speaks of ties that others declare: it
    makes none.
    """

    CLASSES = (MLG.Partnership,)
    SEGMENT = "partnership"

    home: tuple[Agent, ...] = unsaid()
    foreign: tuple[Agent, ...] = unsaid()
    joins: bool = unsaid(default=False)
    ends: tuple[Agent, ...] = many(MLG.hasPartner, mutual=MLG.partnerOf)
    domestic: bool | None = says(MLG.domestic)
    former_key: str | None = says(MLG.formerKey)


@dataclass(frozen=True, kw_only=True)
class Project(Cooperation):
    """A project, programme or action that a source gives a title, a term or funding.

    Its home and foreign partners make ties; where it states none, `project_of` names the ties that
    it belongs to, or the parties of those (a `Partnership` without a key).
    """

    CLASSES = (MLG.Project,)
    SEGMENT = "project"

    project_of: tuple[Partnership | Ref, ...] = many(MLG.projectOf)
    triennial: bool | None = says(MLG.triennial)
    priorities: tuple[ThemePriority, ...] = many(MLG.hasThemePriority)
    diplomatic_post: Party | Ref | None = says(MLG.diplomaticPost)
    home_partners: tuple[Agent, ...] = many(MLG.hasHomePartner)
    foreign_partners: tuple[Agent, ...] = many(MLG.hasForeignPartner)
    project_owners: tuple[Agent, ...] = many(MLG.hasProjectOwner)
    implementers: tuple[Agent, ...] = many(MLG.hasImplementer)
    beneficiaries: tuple[Text, ...] = many(MLG.beneficiaries)
    funding: tuple[FundingLine, ...] = many(MLG.fundingOf, inverse=True)
    communicated_in_france: bool | None = says(MLG.communicatedInFrance)
    communicated_in_partner_countries: bool | None = says(MLG.communicatedInPartnerCountries)
    evaluated: bool | None = says(MLG.evaluated)


@dataclass(frozen=True, kw_only=True)
class Provision(Entity):
    """One thing that an agreement provides for."""

    CLASSES = (MLG.Provision,)
    SEGMENT = "provision"

    text: Text = must(MLG.text)
    position: int | None = says(SCHEMA.position)


@dataclass(frozen=True, kw_only=True)
class Agreement(Entity):
    """A convention, agreement or memorandum between two or more parties, with its term.

    `frames` names partnerships and projects, or the parties of a partnership (without a key).
    """

    CLASSES = (MLG.Agreement,)
    SEGMENT = "agreement"

    date: PartialDate | None = says(MLG.date)
    start: PartialDate | None = says(MLG.start, period="start")
    end: PartialDate | None = says(MLG.end, period="end")
    signatories: tuple[Agent, ...] = many(MLG.signatory)
    frames: tuple[Partnership | Ref, ...] = many(MLG.frames)
    renews: tuple[Ref, ...] = many(MLG.renews)
    themes: tuple[Ref, ...] = many(MLG.theme)
    themes_as_stated: tuple[str, ...] = many(MLG.themeAsStated)
    signed_at: Ref | None = says(MLG.signedAt)
    place: Ref | None = says(PROV.atLocation)
    provisions: tuple[Provision, ...] = many(MLG.hasProvision)


@dataclass(frozen=True, kw_only=True)
class Action(Entity):
    """Something carried out within a project or a partnership."""

    CLASSES = (MLG.Action,)
    SEGMENT = "action"

    action_of: tuple[Ref, ...] = many(MLG.actionOf)
    part_of: Ref | None = says(DCT.isPartOf)
    date: PartialDate | None = says(MLG.date, period="both")
    start: PartialDate | None = says(MLG.start, period="start")
    end: PartialDate | None = says(MLG.end, period="end")
    place: Ref | None = says(PROV.atLocation)
    objectives: tuple[Objective, ...] = many(MLG.hasObjective)
    figures: tuple[Figure, ...] = many(MLG.figureOf, inverse=True)


@dataclass(frozen=True, kw_only=True)
class Plan(Entity):
    """A programme of work that an organisation or a group adopts for a period (prov:Plan)."""

    CLASSES = (PROV.Plan,)
    SEGMENT = "action"

    adopted_by: tuple[Ref, ...] = many(DCT.creator)
    date: PartialDate | None = says(MLG.date, period="both")


@dataclass(frozen=True, kw_only=True)
class Encounter(Entity):
    """A summit, congress, visit, delegation received or meeting."""

    CLASSES = (MLG.Encounter,)
    SEGMENT = "encounter"

    encounter_type: Ref | None = says(MLG.encounterType)
    date: PartialDate | None = says(MLG.date, period="both")
    place: Ref | None = says(PROV.atLocation)
    hosts: tuple[Agent, ...] = many(MLG.host)
    guests: tuple[Agent, ...] = many(MLG.guest)
    guest_countries: tuple[Ref, ...] = many(MLG.guestCountry)
    organisers: tuple[Agent, ...] = many(MLG.organiser)
    participants: tuple[Agent, ...] = many(MLG.participant)
    part_of: Ref | None = says(DCT.isPartOf)
    follows: Ref | None = says(PROV.wasInformedBy)
    subjects: tuple[Ref, ...] = many(MLG.theme)
    figures: tuple[Figure, ...] = many(MLG.figureOf, inverse=True)


# Reference data


@dataclass(frozen=True, kw_only=True)
class Country(Entity):
    """A country of the EU authority table, whose IRI it keeps."""

    CLASSES = (DCT.Location,)
    SEGMENT = "country"

    alpha2: str | None = says(DCT.identifier)
    notations: tuple[str, ...] = many(SKOS.notation)


# What a loader yields


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
