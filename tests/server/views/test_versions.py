"""Versions over HTTP: what each changed, older ones asked, and what a rebuild leaves as it was."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF

from loaders.versions import switch
from ontology.namespaces import COUNTRY, DCT, ID, PROV, VOID
from server.engine.pool.older import OlderEngines
from server.engine.pool.supervisor import StoreSource
from server.iris import document_path
from tests.server.conftest import wait_until
from tests.server.views.conftest import Site, running

ASKED = 200
COUNT = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/maillage/def#Partnership> }"


@pytest.fixture(scope="module")
def five(five_builds: tuple[Path, list[str]]) -> Iterator[Site]:
    """The site over five builds, the last of which is served."""
    with running(five_builds[0], older=1) as found:
        yield found


def test_each_version_has_a_page_of_what_it_changed(five, five_builds):
    listed = five.get("/versions?lang=en")
    assert "ETag" not in listed.headers  # the feed may come after the switch
    for version in five_builds[1]:
        assert f"/version/{version}" in listed.text
    page = five.get(f"/version/{five_builds[1][-1]}?lang=en").text
    assert "What changed since version" in page
    assert five_builds[1][-2] in page
    assert "changed:" in page


def test_a_version_in_turtle_says_what_was_added_and_removed(five, five_builds):
    before, last = five_builds[1][-2:]
    graph = Graph().parse(data=five.get(f"/version/{last}.ttl", "*/*").body, format="turtle")
    node, older = (URIRef(f"https://w3id.org/maillage/version/{each}") for each in (last, before))
    assert (node, PROV.wasRevisionOf, older) in graph
    assert graph.value(node, DCT.issued)
    added, removed = (
        sum(int(n) for s, n in graph.subject_objects(VOID.triples) if str(s).endswith(f"merge-{w}"))
        for w in ("added", "removed")
    )
    triples = {each: int(graph_triples(five, each)) for each in (before, last)}
    assert added - removed == triples[last] - triples[before]
    assert added > 0
    cited = URIRef(f"{ID}dataset/cited")
    assert {str(s).rpartition("-")[2] for s in graph.subjects(DCT.source, cited)} <= {
        "added",
        "changed",
        "removed",
    }


def graph_triples(site: Site, version: str) -> Literal:
    told = site.get(f"/version/{version}.ttl", "*/*").body
    node = URIRef(f"https://w3id.org/maillage/version/{version}")
    return Graph().parse(data=told, format="turtle").value(node, VOID.triples)


def test_an_older_version_answers_queries_and_has_documents(five, five_builds):
    counts = {}
    for version in five_builds[1]:
        reply = five.get(f"/version/{version}/sparql?query={quote(COUNT)}", "text/csv")
        assert reply.status == 200, reply.text
        counts[version] = reply.text.splitlines()[1]
    assert counts[five_builds[1][0]] != counts[five_builds[1][1]]
    assert (
        five.get(f"/sparql?query={quote(COUNT)}", "text/csv").text.splitlines()[1]
        == (counts[five_builds[1][-1]])
    )
    path = f"/version/{five_builds[1][0]}/doc/country/MLI.ttl"
    graph = Graph().parse(data=five.get(path, "*/*").body, format="turtle")
    assert (COUNTRY.MLI, RDF.type, None) in graph


def test_a_cited_answer_says_what_differs_today(five, five_builds):
    home, built = five_builds
    query = quote("SELECT ?s { ?s a <https://w3id.org/maillage/def#Partnership> }")
    rows = {
        version: set(five.get(f"/version/{version}/sparql?query={query}", "text/csv").text.split())
        for version in (built[0], built[-1])
    }
    try:
        switch(home, built[0])
        wait_until(lambda: five.engine.version() == built[0])
        (cited,) = json.loads(five.get(f"/cite/sparql.json?query={query}", "*/*").body)
    finally:
        switch(home, built[-1])
    wait_until(lambda: five.engine.version() == built[-1])
    address = cited["URL"].removeprefix("https://w3id.org/maillage")
    told = json.loads(five.get(address, "application/json").body)
    assert told["differs"]
    assert told["added"] == len(rows[built[-1]] - rows[built[0]]) > 0
    assert told["removed"] == len(rows[built[0]] - rows[built[-1]]) > 0
    assert "no longer the one that was cited" in five.get(f"{address}&lang=en").text
    # of a version that is not kept only the numbers of rows are known
    gone = json.loads(five.get(address.replace(built[0], "gone"), "application/json").body)
    assert (gone["differs"], gone["added"]) == (True, None)
    assert (gone["rows"], gone["rows_today"]) == (told["rows"], told["rows_today"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/version/0123456789ab", 404),
        ("/version/..%2f..", 404),
        ("/version/{0}?colour=blue", 400),
        ("/version/{0}.ttl?page=2", 400),
        ("/version/{0}.html?page=2", 404),
        ("/version/{0}.docx", 404),
        ("/version/{0}/sparql", 404),
        ("/version/0123456789ab/sparql?query=ASK%7B%7D", 404),
        ("/version/{0}/sparql?query=ASK", 400),
        ("/version/{0}/doc/country/nowhere.ttl", 404),
        ("/version/0123456789ab/maillage.nq.gz", 404),
    ],
)
def test_what_there_is_not_of_versions_has_its_status(five, five_builds, path, status):
    assert five.get(path.format(five_builds[1][0]), "application/json").status == status


def test_an_older_engine_is_let_go_when_nobody_asks(five, five_builds):
    store = five.home / "versions" / five_builds[1][0] / "store"
    engines = OlderEngines(five.engine.limits, 4, 1, idle=0.2)
    with engines.engine(StoreSource("one", store=store.absolute())) as engine:
        assert engine.version() == "one"
    wait_until(lambda: not engines.opened)
    wait_until(lambda: not engine.sockets.exists())


def test_what_a_rebuild_leaves_as_it_was_is_still_known(five, five_builds):
    """One row in a hundred has changed: 98 requests in a hundred are 304."""
    home, built = five_builds
    listed = five.get(
        "/sparql?query=" + quote("SELECT DISTINCT ?s { ?s a ?c } ORDER BY ?s"), "text/csv"
    )
    things = [
        iri for iri in listed.text.splitlines()[1:] if iri.startswith((str(ID), str(COUNTRY)))
    ]
    step = max(1, len(things) // ASKED)
    paths = [f"{document_path(iri)}.ttl" for iri in things[::step]]
    try:
        switch(home, built[-2])
        wait_until(lambda: five.engine.version() == built[-2])
        known = {path: five.get(path, "*/*").headers["ETag"] for path in paths}
        switch(home, built[-1])
        wait_until(lambda: five.engine.version() == built[-1])
        statuses = [
            five.get(path, "*/*", If_None_Match=etag).status for path, etag in known.items() if etag
        ]
    finally:
        switch(home, built[-1])
    assert len(statuses) > ASKED / 2
    assert statuses.count(304) / len(statuses) >= 0.98
    assert set(statuses) <= {200, 304}
