from __future__ import annotations

import json
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from loaders.build.graphs import record_graphs
from loaders.build.ties import Tying
from loaders.datasets.twinnings.refresh import harvest
from loaders.errors import SourceError
from loaders.identity.parties import PartyResolver
from loaders.identity.resolution import Authorities
from loaders.model.quads import statements
from loaders.model.records import Partnership, Party
from loaders.model.values import PartialDate, Point, Ref
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.reading import Read, Sources, read
from ontology.namespaces import ID, MLG, SKOS

HEADER = "city1,country1,lat1,lng1,city2,country2,lat2,lng2"
TWIN_CITIES = Path(__file__).parents[4] / "shared" / "sources" / "twinnings" / "twin_cities.csv"


def reading(tmp_path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Read:
    source = tmp_path / "list.csv"
    source.write_bytes("\n".join((header, *rows)).encode(encoding))
    return read(registrations()["twinnings"], Sources(replaced={"twinnings": [source]}), Silent())


def ends(outcome: Read) -> list[tuple[Party, ...]]:
    return [
        entity.home
        for record in outcome.records
        for entity in record.entities
        if isinstance(entity, Partnership)
    ]


def test_a_row_is_a_twinning_of_two_partners(tmp_path: Path) -> None:
    outcome = reading(tmp_path, "Exemple,France,48.5,2.25,Modellstadt,Germany,52.5,13.4")
    (record,) = outcome.records
    (partnership,) = record.entities
    assert isinstance(partnership, Partnership)
    assert record.key == "exemple-fra-modellstadt-deu"
    assert partnership.form == Ref("concept/form/twinning")
    assert partnership.foreign == ()
    assert partnership.home == (
        Party(name="Exemple", country=Ref("country/FRA"), authority=True,
              point=Point(48.5, 2.25), key="exemple-fra"),
        Party(name="Modellstadt", country=Ref("country/DEU"), authority=True,
              point=Point(52.5, 13.4), key="modellstadt-deu"),
    )  # fmt: skip


def test_the_two_partners_are_stated_to_cooperate_once_and_in_no_direction(tmp_path: Path) -> None:
    stated = set()
    for row in ("Exemple,France,,,Modellstadt,Germany,,", "Modellstadt,Germany,,,Exemple,France,,"):
        (record,) = reading(tmp_path, row).records
        resolver = PartyResolver(Authorities([]), "twinnings", record, {})
        record = resolver.resolved(Tying(resolver.end, set()).tied(record))
        triples = (tuple(line.split(" ", 2)) for line in statements(record))
        stated.add(frozenset(t for t in triples if "partner" in t[1].lower()))
    (both,) = stated
    keys = ("deu-name-modellstadt", "fra-name-exemple")
    one, other = (f"<{ID}authority/{key}>" for key in keys)
    partnership = f"<{ID}partnership/{'--'.join(keys)}>"
    ties = {(s, p, o) for s, p, o in both if p == f"<{MLG}partnerOf>"}
    assert ties == {(one, f"<{MLG}partnerOf>", other)}
    assert len([t for t in both if t[:2] == (partnership, f"<{MLG}hasPartner>")]) == 2


def test_a_twinning_that_stands_twice_or_reversed_is_one_record_and_told(tmp_path: Path) -> None:
    outcome = reading(
        tmp_path,
        'Evry,France,,,Bexley,"England, United Kingdom",,',
        "Bexley,England,,,Évry,France,,",
        "Bexley,Royaume-Uni,,,EVRY,France,,",
    )
    assert [record.place for record in outcome.records] == ["row 2"]
    assert outcome.issues.counts["repeated"] == 2
    assert [(note.level, note.line) for note in outcome.issues.notes] == [("info", 3), ("info", 4)]


def test_towns_of_one_name_in_two_parts_of_a_country_are_two(tmp_path: Path) -> None:
    outcome = reading(
        tmp_path,
        'Modellstadt,Germany,,,Friedland,"Brandenburg, Germany",,',
        'Modellstadt,Germany,,,Friedland,"Lower Saxony, Germany",,',
    )
    assert [pair[0].name for pair in ends(outcome)] == [
        "Friedland (Brandenburg)",
        "Friedland (Lower Saxony)",
    ]


def test_a_town_twinned_with_itself_is_refused_with_its_row(tmp_path: Path) -> None:
    outcome = reading(tmp_path, "Nienburg,Germany,52.6,9.2,Nienburg,Germany,52.6,9.2")
    (note,) = outcome.issues.notes
    assert (outcome.records, note.level, note.line, note.value) == ([], "refused", 2, "Nienburg")


def test_an_unknown_country_is_kept_as_stated_and_told(tmp_path: Path) -> None:
    outcome = reading(tmp_path, "Exemple,France,,,Modèle,Kazakhstah,,")
    ((_, other),) = ends(outcome)
    assert (other.name, other.country) == ("Modèle", None)
    (note,) = outcome.issues.notes
    assert (note.level, note.field, note.value) == ("warning", "country2", "Kazakhstah")


def test_a_country_that_stands_in_the_name_counts(tmp_path: Path) -> None:
    (pair,) = ends(reading(tmp_path, 'Exemple,France,,,"Varna, Bulgaria",,,'))
    assert (pair[1].name, pair[1].country) == ("Varna", Ref("country/BGR"))


def test_semicolons_windows_1252_and_french_countries_are_read(tmp_path: Path) -> None:
    outcome = reading(
        tmp_path,
        "Évry;France;Kayes;Mali",
        header="city1;country1;city2;country2",
        encoding="cp1252",
    )
    ((one, other),) = ends(outcome)
    assert (one.name, other.country, one.point, one.key) == ("Évry", Ref("country/MLI"), None, None)


@pytest.mark.parametrize(
    ("row", "level", "field"),
    [
        ("Exemple,France,91,2,Modèle,Mali,,", "warning", "lat1"),
        ("Exemple,France,nord,est,Modèle,Mali,,", "warning", "lat1"),
        (",France,,,Modèle,Mali,,", "refused", "city1"),
        ("Exemple,France,,,Modèle,Mali", "refused", "row"),
        (f"{'x' * 201},France,,,Modèle,Mali,,", "refused", "city"),
    ],
)
def test_what_cannot_be_read_is_told_with_row_and_column(
    tmp_path: Path, row: str, level: str, field: str
) -> None:
    (note,) = reading(tmp_path, row).issues.notes
    assert (note.level, note.field, note.line) == (level, field, 2)


def test_a_table_without_a_column_is_rejected_by_its_name(tmp_path: Path) -> None:
    outcome = reading(tmp_path, "Exemple,France,Modèle", header="city1,country1,city2")
    (rejection,) = outcome.rejections()
    assert "lacks the column `country2`" in rejection.advice


def item(side: str, q: int, label: str, country: str, point: str) -> dict[str, dict[str, str]]:
    return {
        side: {"type": "uri", "value": f"http://www.wikidata.org/entity/Q{q}"},
        f"{side}Label": {"type": "literal", "xml:lang": "fr", "value": label},
        f"{side}Country": {"type": "literal", "value": country},
        f"{side}Point": {
            "type": "literal",
            "datatype": "http://www.opengis.net/ont/geosparql#wktLiteral",
            "value": point,
        },
    }


A = ("Exemple", "FRA", "Point(2.25 48.5)")
B = ("Modellstadt", "DEU", "Point(13.4 52.5)")
ROWS = [
    item("a", 1, *A) | item("b", 2, *B),
    item("a", 2, *B) | item("b", 1, *A),
    item("a", 1, *A) | item("b", 3, "Q3", "MLI", "Point(0 0)"),
]
VARIABLES = [f"{side}{what}" for side in "ab" for what in ("", "Label", "Country", "Point")]


def result(rows: list[dict[str, dict[str, str]]]) -> bytes:
    return json.dumps({"head": {"vars": VARIABLES}, "results": {"bindings": rows}}).encode()


def test_a_result_of_wikidata_gives_each_pair_once_under_its_items(tmp_path: Path) -> None:
    source = tmp_path / "twinnings.json"
    source.write_bytes(result(ROWS))
    sources = Sources(replaced={"twinnings": [source]})
    outcome = read(registrations()["twinnings"], sources, Silent())
    assert [record.key for record in outcome.records] == ["q1-q2"]
    ((one, _),) = ends(outcome)
    assert one == Party(
        name="Exemple", country=Ref("country/FRA"), authority=True,
        point=Point(48.5, 2.25), key="q1", match=Ref("http://www.wikidata.org/entity/Q1"),
    )  # fmt: skip
    (lines,) = (g for iri, g in record_graphs([outcome]).named.items() if iri.endswith("q1-q2"))
    match = f"<{SKOS.exactMatch}> <http://www.wikidata.org/entity/Q1>"
    assert f"<{ID}authority/fra-name-exemple-twinnings-q1> {match}" in lines
    assert outcome.issues.counts["repeated"] == 1
    (note,) = outcome.issues.notes
    assert (note.level, note.field, note.value) == ("refused", "bLabel", "Q3")


@pytest.mark.parametrize("content", ['{"a": 1}', '{"head": {"vars": ["x"]}, "results": {}}', "[]"])
def test_other_json_is_skipped(tmp_path: Path, content: str) -> None:
    source = tmp_path / "other.json"
    source.write_text(content)
    sources = Sources(replaced={"twinnings": [source]})
    outcome = read(registrations()["twinnings"], sources, Silent())
    assert (outcome.records, outcome.issues.count("skipped")) == ([], 1)


class Service(BaseHTTPRequestHandler):
    """A SPARQL endpoint that is busy at first, then answers page by page."""

    asked: list[str]
    busy: int

    def do_GET(self) -> None:
        cls = type(self)
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["query"][0]
        cls.asked.append(query)
        if cls.busy:
            cls.busy -= 1
            self.send_response(429)
            self.send_header("Retry-After", "7")
            self.end_headers()
            return
        assert self.headers["Accept"] == "application/sparql-results+json"
        assert self.headers["User-Agent"].startswith("maillage/")
        offset = int(query.partition("OFFSET ")[2].split()[0])
        limit = int(query.partition("LIMIT ")[2].split()[0])
        body = result(ROWS[offset : offset + limit])
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[tuple[str, type[Service]]]:
    handler = type("Handler", (Service,), {"asked": [], "busy": 0})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sparql", handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_harvest_asks_page_by_page_and_waits_when_told_to(
    service: tuple[str, type[Service]], tmp_path: Path
) -> None:
    address, handler = service
    handler.busy = 1
    waited: list[float] = []
    answer = harvest("FRA", endpoint=address, page=2, wait=waited.append)
    assert answer == json.loads(result(ROWS))
    assert waited == [7.0]
    assert len(handler.asked) == 3
    assert 'wdt:P298 "FRA"' in handler.asked[0]
    assert "OFFSET 2" in handler.asked[2]


def test_a_service_that_stays_busy_is_given_up(service: tuple[str, type[Service]]) -> None:
    address, handler = service
    handler.busy = 99
    with pytest.raises(SourceError, match="answers 429"):
        harvest("FRA", endpoint=address, wait=lambda _: None)
    assert len(handler.asked) == 5


def test_no_service_is_an_error_with_its_address() -> None:
    with pytest.raises(SourceError, match="no address"):
        harvest("FRA", endpoint="file:///etc/hostname")
    with pytest.raises(SourceError, match="gives no SPARQL result"):
        harvest("FRA", endpoint="http://127.0.0.1:1/sparql")


@pytest.mark.skipif(not TWIN_CITIES.exists(), reason="the list of twinnings is not here")
def test_the_whole_list_is_accounted_for() -> None:
    sources = Sources(replaced={"twinnings": [TWIN_CITIES]})
    outcome = read(registrations()["twinnings"], sources, Silent())
    repeated, refused = outcome.issues.counts["repeated"], outcome.issues.count("refused")
    assert (len(outcome.records), repeated, refused) == (24_782, 1_132, 3)
    assert len(outcome.records) + repeated + refused == 25_917


def test_a_header_in_other_words_and_a_year_are_read(tmp_path: Path) -> None:
    outcome = reading(
        tmp_path,
        "Évry;France;Kayes;Mali;2010",
        "Nantes;France;Dschang;Cameroun;autrefois",
        header="ville_a;pays_a;ville_b;pays_b;depuis",
    )
    assert [[party.name for party in pair] for pair in ends(outcome)] == [
        ["Évry", "Kayes"],
        ["Dschang", "Nantes"],
    ]
    starts = [entity.start for record in outcome.records for entity in record.entities]
    assert starts == [PartialDate("2010"), None]
    assert [(note.field, note.value) for note in outcome.issues.notes] == [("start", "autrefois")]


def test_a_town_called_nan_is_a_town(tmp_path: Path) -> None:
    outcome = reading(tmp_path, "NaN,France,nan,nan,Kayes,Mali,,")
    assert [[party.name for party in pair] for pair in ends(outcome)] == [["Kayes", "NaN"]]
    assert [note.field for note in outcome.issues.notes] == ["lat1"]  # no number is no point
