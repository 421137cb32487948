"""The description of a thing in the words of schema.org, for who reads nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ontology.namespaces import DCAT, FOAF, MLG, ORG, OWL, SKOS
from server.graph.entities import DescribedEntity
from server.graph.labels import Labels, label
from server.i18n import Voice
from server.iris import outside_link, segment_of

SCHEMA_CLASSES: Final[Sequence[tuple[str, str]]] = (
    (str(MLG.LocalAuthority), "GovernmentOrganization"),
    (str(MLG.DiplomaticPost), "GovernmentOrganization"),
    (str(MLG.LocalGovernmentAssociation), "NGO"),
    (str(MLG.Project), "Project"),
    (str(MLG.Partnership), "Project"),
    (str(MLG.FundingLine), "MonetaryGrant"),
    (str(MLG.Encounter), "Event"),
    (str(MLG.Agreement), "CreativeWork"),
    (str(FOAF.Person), "Person"),
    (str(SKOS.Concept), "DefinedTerm"),
    (str(DCAT.Dataset), "Dataset"),
    (str(ORG.Organization), "Organization"),
)
VALUES_LISTED: Final = 20


def schema_org(entity: DescribedEntity, name: str, page: str, voice: Voice) -> Mapping[str, Any]:
    """The JSON-LD of an entity; only what its page says."""
    kind = "Country" if segment_of(entity.iri) == "country" else type_of(entity)
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": entity.iri,
        "name": name,
        "alternateName": texts(entity, SKOS.prefLabel, SKOS.altLabel, but=name),
        "url": links(entity, FOAF.homepage),
        "sameAs": links(entity, OWL.sameAs, SKOS.exactMatch),
        "mainEntityOfPage": page,
    }
    if kind in ("GovernmentOrganization", "NGO", "Organization"):
        said["foundingDate"] = first(entity, MLG.foundingDate, MLG.start)
        said["dissolutionDate"] = first(entity, MLG.end)
        said["memberOf"] = things(entity, ORG.memberOf, "Organization", voice)
        said["areaServed"] = things(entity, MLG.country, "Country", voice)
    if kind == "Project":
        said["member"] = things(entity, MLG.hasParticipant, "Organization", voice)
        said["startDate"] = first(entity, MLG.start)
        said["endDate"] = first(entity, MLG.end)
    return {name: value for name, value in said.items() if value}


def type_of(entity: DescribedEntity) -> str:
    """The class of schema.org that fits an entity best."""
    types = set(entity.types)
    return next((name for rdf_class, name in SCHEMA_CLASSES if rdf_class in types), "Thing")


def texts(entity: DescribedEntity, *properties: str, but: str) -> list[str]:
    """The texts of properties, each once."""
    found = (term.value for each in properties for term in entity.facts.get(str(each), ()))
    return [text for text in dict.fromkeys(found) if text != but][:VALUES_LISTED]


def links(entity: DescribedEntity, *properties: str) -> list[str]:
    """The addresses that properties lead to."""
    found = (term.value for each in properties for term in entity.facts.get(str(each), ()))
    return [iri for iri in dict.fromkeys(found) if outside_link(iri)][:VALUES_LISTED]


def first(entity: DescribedEntity, *properties: str) -> str | None:
    """The first date that any of the properties has."""
    return next((t.value for each in properties for t in entity.facts.get(str(each), ())), None)


def things(
    entity: DescribedEntity, property_: str, kind: str, voice: Voice
) -> list[Mapping[str, str]]:
    """The entities that a property leads to, by name."""
    labels: Labels = entity.labels
    return [
        {"@type": kind, "@id": term.value, "name": label(labels, term.value, voice).value}
        for term in list(entity.facts.get(str(property_), ()))[:VALUES_LISTED]
        if term.is_iri
    ]
