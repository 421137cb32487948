"""The competency questions have exactly the answers that the five source documents give."""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.build.build import build
from loaders.sources.reading import Sources
from queries import catalogue
from tests.conftest import SMALL

Row = tuple[str | None, ...]

PROJECT = (
    "Renforcer l’institution municipale de la Commune V du District de Bamako en favorisant les "
    "échanges de pratiques avec les villes de Kayes et Dakar"
)

ANSWERS: dict[str, list[Row]] = {
    "CQ01": [("105030", "5")],
    "CQ02": [
        ("Ministère de l'Europe et des Affaires étrangères", "27230"),
        ("Evry", "8000"),
        ("Communauté d'agglomération d'Evry Centre Essonne", "51600"),
        (
            "Ville de Dakar, Commune V du District de Bamako, District de Bamako, "
            "Commune Urbaine de Kayes",
            "10200",
        ),
        ("Autre", "8000"),
    ],
    "CQ03": [("sole", "86830"), ("joint", "10200"), ("unnamed", "8000")],
    "CQ04": [("Evry", "0"), ("Communauté d'agglomération d'Evry Centre Essonne", "0")],
    "CQ05": [
        ("Ministère de l'Europe et des Affaires étrangères",),
        ("Évry",),
        ("Communauté d'agglomération Évry Centre Essonne",),
        ("Ville de Dakar",),
        ("Commune V du District de Bamako",),
        ("District de Bamako",),
        ("Commune urbaine de Kayes",),
    ],
    "CQ06": [
        ("AMS", "1958", "gYear"),
        ("AMM", "2000-11", "gYearMonth"),
        ("AMPCC", "2013-05", "gYearMonth"),
    ],
    "CQ07": [
        ("Congrès", "national", "deliberative body"),
        ("Conseil National", "national", "deliberative body"),
        ("Conférence Régionale", "regional", "deliberative body"),
        ("Assemblée de Cercle", "cercle", "deliberative body"),
        ("Bureau Exécutif National", "national", "executive body"),
        ("Secrétariat permanent", "national", "secretariat"),
        ("Bureau de la Coordination Régionale", "regional", "executive body"),
        ("Bureau du Cercle", "cercle", "executive body"),
    ],
    "CQ08": [("Bureau Exécutif National",), ("Association des Municipalités du Mali",)],
    "CQ09": [("557", "2021-05-12")],
    "CQ10": [
        (
            "AMM",
            "Quartier du fleuve, BP E1347 I26 Bamako MALI",
            "+223 2023 7025",
            "mailto:amm@amm-mali.org",
            "http://www.coopdec-mali.org/",
            "tel:+22364664317 tel:+22376397702",
        ),
        (
            "AMS",
            "Maison des élus locaux, 31 rue Carnot - Place de l'Indépendance, B.P. 3866 Dakar",
            "+221 3384 25062",
            "mailto:maissenegal2012@gmail.com",
            None,
            "tel:+221738424821 tel:+221776307586",
        ),
    ],
    "CQ11": [("2010-06", "3"), ("2010-09", "4")],
    "CQ12": [(PROJECT,)],
    "CQ13": [("Ville de Dakar", "2003"), ("Commune V du District de Bamako", "2010")],
    "CQ14": [
        ("Évry", None),
        ("Courcouronnes", None),
        ("Bondoufle", None),
        ("Lisses", None),
        ("Ris-Orangis", None),
        ("Villabé", "2010"),
    ],
    "CQ15": [
        ("Association des gouvernements locaux sud africains", "ZAF"),
        ("Association nationale des communes italiennes", "ITA"),
        ("Association des maires de Corée", "KOR"),
        ("Association des villes et communes du Cameroun", "CMR"),
        ("Union des communes du Togo", "TGO"),
        ("Comité National des Maires péruviens", "PER"),
        ("Association des communes du Chili", "CHL"),
        (
            "Association des conseils municipaux des villes, villages et bourgs de l'Ukraine",
            "UKR",
        ),
    ],
    "CQ16": [
        ("Boubacar Bah", "Association des Municipalités du Mali", None),
        ("Daniel Hoeffel", "Association des Maires de France", "2004-05"),
        ("Smangaliso Mkahtshwa", "Association des gouvernements locaux sud africains", "2004-05"),
        ("Smangaliso Mkahtshwa", "plate-forme des associations d'élus locaux", "2004-05"),
        ("Kim Wan Joo", "Association des maires de Corée", None),
        ("Emile Andzé Andzé", "Association des villes et communes du Cameroun", None),
        ("Pedro Sabat Pietracaprina", "Association des communes du Chili", None),
        (
            "Pedro Sabat Pietracaprina",
            "Fédération des villes et municipalités d'Amérique Latine",
            None,
        ),
    ],
    "CQ17": [("1998", "190000"), ("2009", "415000")],
    "CQ18": [("Sommet Africités", "--11-22", "3")],
    "CQ19": [
        ("Atlas français de la coopération décentralisée", "réservée"),
        ("Action internationale de l'AMF", "interdite"),
    ],
    "CQ20": [
        ("Courcouronnes", "Évry-Courcouronnes"),
        ("Évry", "Évry-Courcouronnes"),
        (
            "Communauté d'agglomération Évry Centre Essonne",
            "Grand Paris Sud Seine-Essonne-Sénart",
        ),
    ],
}

BY_TAG = {tag: query for query in catalogue().values() for tag in query.tags}


@pytest.fixture(scope="session")
def shipped(built_home: Path) -> ox.Store:
    return ox.Store.read_only(str(built_home / "current" / "store"))


@pytest.fixture(scope="session")
def verbatim(real_sources: Path, tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    home = tmp_path_factory.mktemp("verbatim")
    seeds = real_sources / "seeds"
    build(home, Sources(only=SMALL, replaced={"atlas": [seeds], "associations": [seeds]}))
    return ox.Store.read_only(str(home / "current" / "store"))


def rows(store: ox.Store, tag: str) -> list[Row]:
    solutions = store.query(BY_TAG[tag].text)
    return ordered(tuple(term and term.value for term in solution) for solution in solutions)


def ordered(answer: Iterable[Row]) -> list[Row]:
    return sorted(answer, key=str)


@pytest.mark.parametrize("tag", ANSWERS)
def test_the_shipped_sources_answer_it_too(tag: str, shipped: ox.Store) -> None:
    assert set(ANSWERS[tag]) <= set(rows(shipped, tag))


@pytest.mark.parametrize("tag", ANSWERS)
def test_the_documents_themselves_answer_it(tag: str, verbatim: ox.Store) -> None:
    assert rows(verbatim, tag) == ordered(ANSWERS[tag])


def test_each_question_has_one_query() -> None:
    tags = [tag for query in catalogue().values() for tag in query.tags if tag.startswith("CQ")]
    assert sorted(tags) == sorted(ANSWERS)
