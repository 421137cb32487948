"""`/def`: what the IRI of the ontology and of its versions, alignment and shapes leads to."""

import gzip
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat, Store
from rdflib import Graph
from rdflib.compare import isomorphic

from ontology.documents import documents, ontology_graph, read_graph
from ontology.namespaces import ALIGNMENT, MLG, ONTOLOGY, SHAPES
from ontology.releases import own_terms, version_of
from server.app import create_app
from server.engine import Answer
from server.engine.errors import DeadlineExceeded, NoVersion
from server.ontology_pages.diagram import Box, draw
from server.settings import Settings

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
}
PARTS = {"/def": ONTOLOGY, "/def/alignment": ALIGNMENT, "/def/shapes": SHAPES}


class StoreEngine:
    """Answers in this process, and counts the queries."""

    def __init__(self, store: Store | None, error: Exception | None = None) -> None:
        self.store = store
        self.error = error
        self.asked: list[str] = []

    def version(self) -> str:
        return "1"

    def query(self, text: str, *, media_type: str, **_) -> Answer:
        self.asked.append(text)
        if self.error or self.store is None:
            raise self.error or NoVersion
        body = self.store.query(text).serialize(format=QueryResultsFormat.JSON)
        return Answer("select", media_type, "1", len(body), io.BytesIO(body))


@pytest.fixture(scope="module")
def engine(small_home: Path) -> StoreEngine:
    return StoreEngine(Store.read_only(str(small_home / "current" / "store")))


@pytest.fixture(scope="module")
def client(engine: StoreEngine) -> FlaskClient:
    return create_app(Settings.from_environment({}), engine).test_client()


@pytest.fixture(scope="module")
def pages(client: FlaskClient) -> dict[str, BeautifulSoup]:
    return {
        language: BeautifulSoup(
            client.get(f"/def?lang={language}", headers=BROWSER).text, "html.parser"
        )
        for language in ("fr", "en")
    }


def page_of(client: FlaskClient, name: str, language: str) -> BeautifulSoup:
    """The page of a term."""
    reply = client.get(f"/def/{name}?lang={language}", headers=BROWSER)
    assert (reply.status_code, reply.mimetype) == (200, "text/html")
    return BeautifulSoup(reply.text, "html.parser")


def said(page: BeautifulSoup, heading: str) -> str:
    """The words of the page of a term, under a heading."""
    facts = page.find(class_="definition").find("dl")
    for row in facts.find_all("div", recursive=False):
        if row.dt.text == heading:
            return re.sub(r"\s+", " ", row.dd.get_text(" ", strip=True))
    return ""


def test_a_browser_gets_a_page_and_anything_else_turtle(client: FlaskClient) -> None:
    page = client.get("/def", headers=BROWSER)
    assert page.content_type == "text/html; charset=utf-8"
    assert client.get("/def").content_type == "text/turtle; charset=utf-8"
    assert "Accept" in page.vary


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("path", PARTS)
def test_each_document_is_had_in_each_format(
    client: FlaskClient, path: str, extension: str
) -> None:
    media_type, parser = FORMATS[extension]
    shipped = read_graph(documents()[PARTS[path]])
    for response in (
        client.get(f"{path}.{extension}"),
        client.get(path, headers={"Accept": media_type}),
        client.get(path, query_string={"format": extension}),
    ):
        assert response.status_code == 200
        assert response.mimetype == media_type
        assert isomorphic(Graph().parse(data=response.data, format=parser), shipped)


def test_turtle_is_what_ships_byte_for_byte(client: FlaskClient) -> None:
    assert client.get("/def.ttl").data == documents()[ONTOLOGY].read_bytes()


@pytest.mark.parametrize("path", ["", "/alignment", "/shapes"])
def test_a_version_iri_leads_to_that_version(client: FlaskClient, path: str) -> None:
    version = version_of(ontology_graph())
    assert client.get(f"/def{path}/{version}.ttl").data == client.get(f"/def{path}.ttl").data
    assert client.get(f"/def{path}/{version}", headers=BROWSER).mimetype == "text/html"


@pytest.mark.parametrize("path", ["/def/9.9.9", "/def/nothing", "/def/shapes/9.9.9", "/def.xyz"])
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
    page = client.get(path, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (404, "text/html")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_term_has_its_anchor_label_and_definition(pages, language: str) -> None:
    graph, page = ontology_graph(), pages[language]
    terms = own_terms(graph)
    names = {term.removeprefix(str(MLG)) for term in terms}
    places = {name: page.find(id=name) for name in names}
    assert all(places.values())
    # What an IRI leads to leads on, to a page of its own.
    assert all(place.a["href"] == f"/def/{name}?lang={language}" for name, place in places.items())
    figure = page.find(id="Figure")
    label, definition = {
        "fr": ("chiffre", "Valeur numérique d’une grandeur"),
        "en": ("figure", "Numeric value of a measure"),
    }[language]
    assert figure.h3.a.text == label
    assert figure.p.text.startswith(definition)
    assert page.html["lang"] == language


def test_the_header_gives_iri_version_namespace_licence_and_dates(pages) -> None:
    facts = pages["en"].find("dl", class_="facts").get_text(" ", strip=True)
    for fact in (
        "https://w3id.org/maillage/def/0.1.0",
        "mlg: <https://w3id.org/maillage/def#>",
        "CC BY 4.0",
        "November 21, 2026",
    ):
        assert fact in facts


@pytest.mark.parametrize(
    ("name", "heading", "words"),
    [
        ("funds", "Se déduit de", "est financeur dans , puis financement de"),
        ("funds", "Inverse", "financé par"),
        ("funds", "S’applique à", "financeur"),
        ("funds", "A pour valeur", "projet"),
        ("hasHomePartner", "Sorte de", "a pour partenaire"),
        ("hasPartner", "Plus précis", "a pour partenaire étranger , a pour partenaire du pays"),
        ("partnerOf", "Caractère", "symétrique"),
        ("amountEUR", "Caractère", "une seule valeur"),
        ("Cooperation", "Jamais aussi", "accord , rencontre"),
        ("Partnership", "Jamais aussi", "projet"),
        ("Project", "Proche ailleurs", "eurio:Project , frapo:Project , schema:Project"),
        ("Municipality", "Équivaut à", "avoir pour nature commune ou municipalité"),
    ],
)
def test_an_axiom_is_said_in_words(
    client: FlaskClient, name: str, heading: str, words: str
) -> None:
    assert words in said(page_of(client, name, "fr"), heading)


def test_the_page_of_a_class_has_its_properties_with_their_definitions(client) -> None:
    page = page_of(client, "Project", "en")
    names = [each.code.text for each in page.find_all("dt") if each.code]
    assert {"hasForeignPartner", "hasHomePartner"} <= set(names)
    assert page.h1.text == "Project"
    assert page.find("a", href="/def?lang=en#Project")


def test_a_program_that_asks_for_a_term_is_led_to_the_ontology(client: FlaskClient) -> None:
    for reply in (
        client.get("/def/Project", headers={"Accept": "text/turtle"}),
        client.get("/def/Project.ttl"),
    ):
        assert (reply.status_code, reply.headers["Location"]) == (303, "/def.ttl")


def test_usage_is_counted_and_shown_by_at_most_three_real_examples(
    client: FlaskClient, engine: StoreEngine
) -> None:
    rows = engine.store.query(f"SELECT (COUNT(*) AS ?n) {{ ?s a <{MLG.Partnership}> }}")
    [[count]] = rows
    assert int(count.value) > 0
    used = said(page_of(client, "Partnership", "en"), "In the data")
    assert used.startswith(f"{count.value} entit")
    for name in ("Partnership", "hasPartner"):
        links = page_of(client, name, "en").find(class_="definition").find("ul").find_all("li")
        assert 1 <= len(links) <= 3
        for item in links:
            assert item.a["href"].startswith("/doc/")
    subject, object_ = links[0].find_all("a")
    assert subject["href"].startswith(("/doc/partnership/", "/doc/project/"))
    assert object_["href"].startswith("/doc/authority/")
    assert said(page_of(client, "renews", "en"), "In the data") == "not used yet"


def test_usage_is_asked_once_for_a_version_of_the_data(
    client: FlaskClient, engine: StoreEngine
) -> None:
    client.get("/def/Project", headers=BROWSER)
    before = len(engine.asked)
    client.get("/def/Agreement?lang=en", headers=BROWSER)
    assert len(engine.asked) == before <= 3


@pytest.mark.parametrize("error", [NoVersion(), DeadlineExceeded(1.0)])
def test_the_page_is_there_when_the_data_is_not(error: Exception) -> None:
    client = create_app(Settings.from_environment({}), StoreEngine(None, error)).test_client()
    page = client.get("/def?lang=en", headers=BROWSER)
    assert page.status_code == 200
    assert "Class diagram" in page.text
    assert not page_of(client, "Project", "en").find(string="In the data")


def test_every_link_inside_the_page_leads_somewhere(pages) -> None:
    for page in pages.values():
        ids = [each["id"] for each in page.find_all(id=True)]
        assert len(ids) == len(set(ids))
        targets = {a["href"][1:] for a in page.find_all("a", href=re.compile("^#"))}
        assert targets - set(ids) == set()


def test_the_page_has_no_script_and_no_style_written_in_it(pages) -> None:
    for page in pages.values():
        assert all(each["src"].startswith("/static/") for each in page.find_all("script"))
        assert page.find("style") is None
        assert page.find(style=True) is None


def test_the_page_is_small_on_the_wire_and_asked_for_once(client: FlaskClient) -> None:
    accepting = {**BROWSER, "Accept-Encoding": "gzip"}
    packed = client.get("/def", headers=accepting)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < 50_000
    assert gzip.decompress(packed.data) == client.get("/def", headers=BROWSER).data
    again = client.get("/def", headers={**accepting, "If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304


def test_the_shapes_are_listed_with_their_messages(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/def/shapes?lang=en", headers=BROWSER).text, "html.parser")
    row = page.find(id="country-once")
    assert row.td.text == "Violation"
    assert "An entity has one country only." in row.text


def test_the_alignment_is_listed_with_its_publishers(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/def/alignment?lang=en", headers=BROWSER).text, "html.parser")
    rows = {row.td.text: row.a["href"] for row in page.tbody.find_all("tr")}
    assert rows["org:unitOf rdfs:subPropertyOf org:subOrganizationOf"] == "http://www.w3.org/ns/org"
    assert rows["skos:broader owl:inverseOf skos:narrower"].startswith("http://www.w3.org/2004")


def _boxes() -> Iterator[tuple[Box, ...]]:
    for language in ("fr", "en"):
        yield draw(version_of(ontology_graph()), language).boxes


def test_the_diagram_has_every_class_once_and_no_two_boxes_overlap() -> None:
    for boxes in _boxes():
        own = [box.iri for box in boxes if box.own]
        assert len(own) == len(set(own)) == 23
        for one in boxes:
            for other in boxes:
                apart = (
                    one.x + one.width <= other.x
                    or other.x + other.width <= one.x
                    or one.y + one.height <= other.y
                    or other.y + other.height <= one.y
                )
                assert one is other or apart, (one.iri, other.iri)


def test_a_box_lists_the_relations_of_its_class_and_links_them(pages) -> None:
    for boxes in _boxes():
        partnership = next(box for box in boxes if box.iri == str(MLG.Project))
        assert str(MLG.hasForeignPartner) in {line.target for line in partnership.lines}
        assert str(MLG.beneficiaries) not in {line.target for line in partnership.lines}
    hrefs = {a["href"] for a in pages["fr"].svg.find_all("a")}
    assert {"/def/Project?lang=fr", "/def/hasForeignPartner?lang=fr"} <= hrefs
