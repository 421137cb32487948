"""Every question of the catalogue is answered at once over all that ships, and never by nothing."""

import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from ontology.namespaces import CONCEPT, GRAPH, PREFIXES
from queries import Query, catalogue
from queries.catalogue import ANY

SECONDS = 2
"""Of processor time that the slowest question may take."""
MORE = {
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "graph": str(GRAPH),
    "uom": "http://www.opengis.net/def/uom/OGC/1.0/",
}
"""The prefixes that no data is written with."""
EVERY = list(catalogue().values())
SUBJECTS = (
    "place", "country", "area", "themes", "funding", "time", "associations",
    "meetings", "history", "groupings", "sources", "contradictions", "coverage",
    "distance", "gaps", "graph",
)  # fmt: skip

# A cell that the answer holds, of a document that stays as it is, by the name of its column.
CELLS = {
    "area-mergers": {"formerName": "Congerville", "heirName": "Congerville-Thionville"},
    "association-encounters": {"encounterName": "Africités III"},
    "associations-list": {"acronym": "AMPCC", "founded": "2013-05"},
    "authority-groupings": {"groupingName": "Grand Paris Sud Seine-Essonne-Sénart"},
    "authority-history": {"date": "2019-01-01"},
    "authority-names": {"name": "Évry-Petit-Bourg", "end": "1965-06-29"},
    "country-projects": {"start": "1990", "end": "2013-09-30"},
    "country-ties": {"authorityName": "Commune urbaine de Kayes", "since": "1990"},
    "funding-by-year": {"year": "2010"},
    "grouping-ties": {"authorityName": "Évry-Courcouronnes", "partnerName": "Ville de Dakar"},
    "place-funding": {"sole": "86830", "joint": "10200", "unnamed": "8000"},
    "place-ties": {"partnerName": "Ville de Dakar", "since": "2003"},
    "projects-by-amount": {"contributions": "105030", "lines": "5"},
    "ties-inherited": {"formerName": "Évry", "heirName": "Évry-Courcouronnes"},
    "ties-oldest": {"since": "1988"},
}


@pytest.fixture(scope="session")
def store(built_home: Path) -> ox.Store:
    return ox.Store.read_only(str(built_home / "current" / "store"))


def rows(store: ox.Store, text: str) -> list[dict[str, str]]:
    """The rows of an answer; of a graph its triples."""
    answer = store.query(text)
    if isinstance(answer, ox.QueryTriples):
        return [{"subject": str(triple.subject)} for triple in answer]
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in answer]


@pytest.fixture(params=EVERY, ids=lambda query: query.name)
def query(request: pytest.FixtureRequest) -> Query:
    return request.param


def test_every_question_has_an_answer_at_once(query: Query, store: ox.Store) -> None:
    started = time.process_time()
    found = rows(store, query.text)
    taken = time.process_time() - started
    assert found
    assert taken < SECONDS
    wanted = CELLS.get(query.name, {}).items()
    assert not wanted or any(wanted <= row.items() for row in found)


def test_without_its_restrictions_a_question_is_answered_at_once(
    query: Query, store: ox.Store
) -> None:
    lifted = {name: [ANY] for name, parameter in query.parameters.items() if parameter.any}
    started = time.process_time()
    assert rows(store, query.bind(lifted))
    assert time.process_time() - started < SECONDS


def test_what_is_offered_gives_rows(query: Query, store: ox.Store) -> None:
    for name in query.parameters:
        text = query.offers(name)
        if text is None:
            continue
        offered = rows(store, text)
        assert offered
        # The first and the last stand for all: a question takes up to two seconds.
        for each in (offered[0], offered[-1]):
            assert rows(store, query.bind({name: [each[name]]})), each


def test_the_headings_name_the_columns_in_their_order(query: Query) -> None:
    if not query.is_graph:
        selected = ox.Store().query(query.text).variables
        assert [variable.value for variable in selected] == [*query.columns]


def test_another_client_parses_the_text_as_it_stands(query: Query) -> None:
    prefixes = dict(prepareQuery(query.text).prologue.namespace_manager.namespaces())
    for prefix, iri in prefixes.items():
        if f"PREFIX {prefix}: " in query.text:
            assert str(iri) == {**PREFIXES, **MORE}.get(prefix, f"{CONCEPT}{prefix}/")


def test_there_are_at_least_45_questions_about_all_that_people_ask_for() -> None:
    assert len(EVERY) >= 45
    assert set(SUBJECTS) <= {tag for query in EVERY for tag in query.tags}


def test_every_cell_that_is_looked_for_belongs_to_a_question() -> None:
    assert set(CELLS) <= set(catalogue())


def test_a_name_beside_its_iri_is_not_shown_twice() -> None:
    found = catalogue()["place-ties"]
    assert found.shown == ("partner", "tie", "since", "via")
