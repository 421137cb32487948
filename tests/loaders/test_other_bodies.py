"""Whoever is no local authority by its own words is an end of no tie, in any language."""

import pytest

from loaders.build.graphs import Graphs, record_graphs
from loaders.identity.other_bodies import is_other_body
from loaders.model.records import (
    Association,
    Authority,
    Country,
    Document,
    Party,
    Project,
    SourceRecord,
)
from loaders.model.values import Ref, Text
from loaders.sources.dataset import read_dataset
from loaders.sources.issue_log import IssueLog
from loaders.sources.reading import Read
from ontology.namespaces import ID, MLG
from tests.loaders.test_ties import DATASET

OTHERS = """
Association Exemple|ONG Eau vive|Croissant-Rouge algérien|GIE Eau du fleuve|Veolia Eau SA|X SARL
Water Works Ltd|Comité de jumelage de Chinon|camp de réfugiés de Jénine|camp Aida|Jenin Camp
Ministère de l'Intérieur|Université de Nantes|University of Leeds|Asociación de municipios
Aguas S.A.|Cruz Roja Española|Ministerio de Salud|Partnerschaftsverein Y|Verein Z e.V.
Innenministerium|Städtepartnerschaftskomitee|Stadtwerke GmbH|Rotes Kreuz|Les Amis de Dakar
Fédération des maires|جمعية تنمية المدينة|الهلال الأحمر|وزارة الداخلية|جامعة محمد الخامس|مخيم جنين
شركة المياه|مؤسسة التنمية
neuf communes de l'ex-canton|communes du Ganzourgou|8 collectivités de la préfecture
Eight towns
"""
AUTHORITIES = """
Ville de Bamako|Commune V du District de Bamako|Comité populaire de Hué|People's Committee of Hanoi
Camp-Perrin|Adelaide, SA|SA POBLA|Syndicat des eaux du Modèle|Mancomunidad de X|University Park
Hospital de Órbigo|Fédération de Bosnie-Herzégovine|Dhaka North City Corporation|Baix Camp
Verbandsgemeinde Z|Villes-sur-Modèle|Union des communes|Groupement intercommunal des collines
اتحاد بلديات صور|جماعة الرباط|مؤسسة التعاون بين الجماعات
"""


def names(text: str) -> list[str]:
    return [name for line in text.split("\n") for name in line.split("|") if name]


def test_words_tell_who_is_no_local_authority() -> None:
    assert [name for name in names(OTHERS) if not is_other_body(name)] == []
    assert [name for name in names(AUTHORITIES) if is_other_body(name)] == []
    assert not is_other_body("Fédération de Jezzine", "LBN")


FRANCE, MALI = Ref("country/FRA"), Ref("country/MLI")
KNOWN = (
    Authority(key="fra-cog-1", names=(Text("Amont"),), country=FRANCE),
    Authority(key="fra-cog-2", names=(Text("L'Association"),), country=FRANCE),
    Association(key="amm", names=(Text("Municipalités unies"),), country=MALI, acronym="AMU"),
    Country(key="MLI", names=(Text("Mali"), Text("مالي", "ar"))),
)


def merged(graphs: Graphs) -> list[str]:
    return [line for found in graphs.named.values() for line in found if str(ID) in line]


def lines(*foreign: Party) -> set[str]:
    home = Party(name="Amont", country=FRANCE, authority=True)
    project = Project(key="p", home_partners=(home,), foreign_partners=foreign)
    read = Read(read_dataset(DATASET, "test"), IssueLog("test"), shipped=False)
    for key, entities in (("known", KNOWN), ("1", (project,))):
        document = Document(title=Text("x"))
        read.records.append(SourceRecord(key=key, document=document, entities=entities))
    graphs = record_graphs([read])
    assert (len(graphs.untied["test"]) == 0) == any("partnership/" in x for x in merged(graphs))
    return {line.replace(str(ID), "").replace(str(MLG), "") for line in merged(graphs)}


@pytest.mark.parametrize(
    ("name", "country", "iri"),
    [
        ("Comité de jumelage", MALI, "organisation/mli-name-comite-de-jumelage-test-1"),
        ("Municipalités unies", MALI, "organisation/amm"),
        ("AMU", MALI, "organisation/amm"),
        ("Mali", MALI, "organisation/mli-name-mali-test-1"),
    ],
)
def test_who_is_no_authority_among_the_partners_takes_part(name, country, iri) -> None:
    said = lines(Party(name=name, country=country, authority=True))
    assert f"<project/p> <hasParticipant> <{iri}>" in said
    assert not any("hasForeignPartner" in line or "partnership/" in line for line in said)
    assert not any("LocalAuthority" in line and iri in line for line in said)


def test_a_register_weighs_more_than_words_and_a_namesake_elsewhere_is_no_state() -> None:
    said = lines(
        Party(name="L'Association", country=FRANCE, authority=True),
        Party(name="Mali", country=Ref("country/IDN"), authority=True),
    )
    assert "<project/p> <hasForeignPartner> <authority/fra-cog-2>" in said
    assert "<project/p> <hasForeignPartner> <authority/idn-name-mali>" in said
