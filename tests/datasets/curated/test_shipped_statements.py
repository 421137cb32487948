from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from loaders.model.iris import expand
from loaders.model.records import (
    Association,
    Authority,
    Document,
    Encounter,
    Entity,
    Partnership,
    SourceRecord,
)
from loaders.model.values import Ref
from loaders.registers import countries
from loaders.sources.dataset import registrations
from loaders.sources.issue_log import IssueLog
from ontology.documents import schemes_graph
from ontology.namespaces import SKOS

ATLAS = "Atlas français de la coopération décentralisée"


@pytest.fixture(scope="module")
def read() -> tuple[list[SourceRecord], IssueLog]:
    registration = registrations()["curated"]
    issues = IssueLog("curated")
    records = []
    for file in registration.shipped_files():
        issues.open(file.name)
        records += list(registration.load(file, registration.dataset, issues))
    return records, issues


def entities(value: Any) -> Iterator[Entity]:
    if isinstance(value, tuple):
        for each in value:
            yield from entities(each)
    elif isinstance(value, Entity):
        yield value
        for entry in fields(value):
            yield from entities(getattr(value, entry.name))


def references(entity: Entity) -> Iterator[Ref]:
    for entry in fields(entity):
        value = getattr(entity, entry.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Ref) and entry.name != "matches":
                yield each


def everything(read: tuple[list[SourceRecord], IssueLog]) -> list[Entity]:
    return [entity for record in read[0] for entity in entities(record.entities)]


def test_every_shipped_section_is_read_without_a_note(
    read: tuple[list[SourceRecord], IssueLog],
) -> None:
    records, issues = read
    assert issues.notes == []
    assert len(records) == registrations()["curated"].dataset.counts["records"]
    assert len({record.key for record in records}) == len(records)


def test_every_entity_has_a_key_of_its_own(read: tuple[list[SourceRecord], IssueLog]) -> None:
    # A rank within its parent would move when another statement is put before it.
    # The key of a partnership follows from its parties.
    assert [
        entity
        for entity in everything(read)
        if not entity.key and not isinstance(entity, Partnership)
    ] == []


def test_every_concept_is_one_of_the_schemes(read: tuple[list[SourceRecord], IssueLog]) -> None:
    known = {str(concept) for concept in schemes_graph().subjects(SKOS.inScheme)}
    stated = {
        expand(ref)
        for entity in everything(read)
        for ref in references(entity)
        if ref.target.startswith("concept/")
    }
    assert len(stated) > 20
    assert stated <= known


def test_every_country_is_in_the_table(read: tuple[list[SourceRecord], IssueLog]) -> None:
    stated = {
        ref
        for entity in everything(read)
        for ref in references(entity)
        if ref.target.startswith("country/")
    }
    assert len(stated) > 10
    assert {ref for ref in stated if countries.iso3(ref) is None} == set()


def test_every_reference_leads_to_a_statement(read: tuple[list[SourceRecord], IssueLog]) -> None:
    stated = {f"{entity.SEGMENT}/{entity.key}" for entity in everything(read)}
    meant = {ref.target for entity in everything(read) for ref in references(entity)}
    local = {target for target in meant if not target.startswith(("concept/", "country/"))}
    assert local - stated == set()


def test_an_authority_has_one_list_entry_with_name_kind_and_country(
    read: tuple[list[SourceRecord], IssueLog],
) -> None:
    authorities = [each for each in everything(read) if isinstance(each, Authority)]
    listed = {authority.key: authority for authority in authorities if authority.names}
    assert {authority.key for authority in authorities} == listed.keys()
    assert len(listed) == len([authority for authority in authorities if authority.names]) == 35
    for authority in listed.values():
        assert authority.kind is not None
        assert authority.country is not None


def test_an_ambiguous_name_is_no_entry_of_the_list(
    read: tuple[list[SourceRecord], IssueLog],
) -> None:
    names = {name.value for each in everything(read) for name in each.names + each.other_names}
    assert not names & {"Etaules", "Tillabéri", "Kédougou", "Ville de Bamako", "Bamako Commune"}


def test_the_amf_received_eight_associations(read: tuple[list[SourceRecord], IssueLog]) -> None:
    amf = Ref("organisation/association-des-maires-de-france")
    associations = {
        f"organisation/{each.key}": each.names[0].value
        for each in everything(read)
        if isinstance(each, Association) and each.names
    }
    met = {
        associations[guest.target]
        for each in everything(read)
        if isinstance(each, Encounter) and amf in each.hosts
        for guest in each.guests
        if isinstance(guest, Ref) and guest.target in associations
    }
    assert met == {
        "Association des gouvernements locaux sud africains",
        "Association nationale des communes italiennes",
        "Association des maires de Corée",
        "Association des villes et communes du Cameroun",
        "Union des communes du Togo",
        "Comité National des Maires péruviens",
        "Association des communes du Chili",
        "Association des conseils municipaux des villes, villages et bourgs de l'Ukraine",
    }


def test_two_documents_reserve_or_forbid_their_reproduction(
    read: tuple[list[SourceRecord], IssueLog],
) -> None:
    def told(document: Document) -> tuple[str, str]:
        statement = document.rights_statement
        return document.title.value, statement.value if statement else ""

    restricted = {
        told(record.document)
        for record in read[0]
        if record.document.rights in ("reserved", "forbidden")
    }
    assert restricted == {(ATLAS, "réservée"), ("Action internationale de l'AMF", "interdite")}
