"""Partnerships, projects and their money, agreements, actions and encounters."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from loaders.model.entities import Agent, Entity, Figure, Objective, Party
from loaders.model.fields import many, must, says, unsaid
from loaders.model.values import PartialDate, Ref, Text
from ontology.namespaces import (
    DCT,
    MLG,
    PROV,
    SCHEMA,
)


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
    are resolved, `loaders.build.ties` makes one tie for each pair of them, under the keys of its
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
