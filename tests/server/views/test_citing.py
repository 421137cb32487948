"""How a thing, an export and an answer are cited, and which sources are named."""

import io
import json
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from server.linked_data.kept_files import FILES

EVRY = "/cite/authority/fra-cog-91228"
ROOT = Path(__file__).parents[3]


def crate_of(site, path: str) -> tuple[dict[str, dict], dict[str, bytes]]:
    reply = site.get(path, "*/*")
    assert reply.status == 200, reply.text
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    metadata = json.loads(files["ro-crate-metadata.json"])
    return {each["@id"]: each for each in metadata["@graph"]}, files


def test_a_thing_is_cited_with_version_and_sources(site):
    text = site.get(f"{EVRY}.bib", "*/*").text
    assert text.startswith("@misc{maillage-authority-fra-cog-91228,\n")
    assert f"version = {{{site.manifest['id']}}}" in text
    assert "url = {https://w3id.org/maillage/id/authority/fra-cog-91228}" in text
    assert "Ministère de l'Europe et des Affaires étrangères" in text
    assert "The strictest of these terms: rights reserved" in text
    (item,) = json.loads(site.get(f"{EVRY}.json", "*/*").body)
    assert item["type"] == "dataset"
    assert item["version"] == site.manifest["id"]


def test_a_crate_of_a_thing_holds_its_document_and_its_sources(site):
    entities, files = crate_of(site, f"{EVRY}.zip")
    root = entities["./"]
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert {each["@id"] for each in root["hasPart"]} == set(files) - {"ro-crate-metadata.json"}
    assert {"@id": "https://w3id.org/maillage/id/dataset/atlas"} in root["isBasedOn"]
    for each in (*root["hasPart"], *root["isBasedOn"], *root["license"]):
        assert each["@id"] in entities
    assert b"fra-cog-91228" in files["document.trig"]


def test_a_crate_of_an_export_holds_the_export(site):
    entities, files = crate_of(site, "/cite/export/country/MLI.zip")
    assert files["export.trig"] == site.get("/export/country/MLI.trig", "*/*").body
    assert entities["./"]["identifier"] == "https://w3id.org/maillage/export/country/MLI"


def test_an_answer_names_the_sources_that_its_rows_come_from(site):
    path = "associations-list"
    entities, files = crate_of(site, f"/cite/queries/{path}.zip")
    assert files["result.csv"] == site.get(f"/queries/{path}.csv", "*/*").body
    assert b"SELECT" in files["query.rq"]
    based = {each["@id"].rpartition("/")[2] for each in entities["./"]["isBasedOn"]}
    assert "associations" in based
    assert "atlas" not in based


@pytest.mark.parametrize(
    ("query", "name", "sources"),
    [
        ("SELECT * { ?a mlg:partnerOf ?b } LIMIT 5", "result.csv", {"atlas", "curated"}),
        ("SELECT * { ?a org:memberOf ?b } LIMIT 5", "result.csv", {"associations", "curated"}),
        ("CONSTRUCT { ?a a ?b } { ?a a ?b ; mlg:amountEUR ?c } LIMIT 9", "result.ttl", {"atlas"}),
        ("ASK { ?a a mlg:Partnership }", "result.json", set()),
    ],
)
def test_any_answer_is_cited_with_query_and_result(site, query, name, sources):
    prefixes = (
        "PREFIX mlg: <https://w3id.org/maillage/def#> PREFIX org: <http://www.w3.org/ns/org#> "
    )
    asked = quote(prefixes + query)
    entities, files = crate_of(site, f"/cite/sparql.zip?query={asked}")
    assert files["query.rq"].decode().endswith(query)
    accept = {"csv": "text/csv", "ttl": "text/turtle", "json": "*/*"}[name.partition(".")[2]]
    assert files[name] == site.get(f"/sparql?query={asked}", accept).body
    based = {each["@id"].rpartition("/")[2] for each in entities["./"]["isBasedOn"]}
    assert based <= sources or not sources
    assert bool(based) == bool(sources)
    later = site.get(entities["./"]["url"].removeprefix(site.address), "application/json")
    told = json.loads(later.body)
    assert (told["differs"], told["added"], told["removed"]) == (False, 0, 0)
    assert told["rows"] == told["rows_today"] > 0


def test_an_answer_that_does_not_tell_its_sources_says_so(site):
    entry = site.get("/cite/queries/associations-list.bib", "*/*").text
    assert entry.startswith("@misc{maillage-queries-associations-list,")
    (item,) = json.loads(site.get("/cite/queries/association-founding-dates.json", "*/*").body)
    assert "rows do not tell which source they come from" in item["note"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{EVRY}.docx", 406),
        (EVRY, 406),
        ("/cite/authority/nobody.bib", 404),
        ("/cite/export/planet/earth.bib", 404),
        ("/cite/queries/no-such-question.bib", 404),
        ("/cite/sparql.bib", 400),
        ("/cite/sparql.bib?query=SELECT", 400),
        ("/cite/sparql.docx?query=ASK%7B%7D", 406),
        ("/cite/sparql.bib?query=ASK%7B%7D&colour=blue", 400),
        ("/cited/sparql?query=ASK%7B%7D", 400),
        ("/cited/queries/no-such-question", 404),
        ("/cite/queries/association-founding-dates.bib?colour=blue", 400),
        (f"{EVRY}.bib?depth=1", 400),
    ],
)
def test_what_cannot_be_cited_has_its_status(site, path, status):
    assert site.get(path, "application/json").status == status


def test_the_project_says_how_it_is_cited():
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert said["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(said)
    assert f'version = "{said["version"]}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_pages_of_questions_and_datasets_lead_to_citations_and_catalogue(site):
    assert "/cite/queries/associations-list.bib" in site.get("/queries/associations-list").text
    page = site.get("/datasets").text
    assert 'href="/catalog.ttl"' in page
    assert 'href="/void.ttl"' in page


def test_what_an_export_is_of_is_counted_once_for_all_its_citations(site):
    first = site.get("/cite/export/country/SEN.bib", "*/*")
    files = {key for key in FILES._files if "cite" in str(key) and "SEN" in str(key)}
    assert len(files) == 1
    assert site.get("/cite/export/country/SEN.json", "*/*").status == first.status == 200
    assert {key for key in FILES._files if "cite" in str(key) and "SEN" in str(key)} == files


@pytest.mark.parametrize("path", ["/cite/sparql.bib", "/export/query.ttl"])
def test_no_header_is_as_long_as_a_query_may_be(site, path):
    asked = quote(f"CONSTRUCT {{ <urn:a> <urn:b> 1 }} WHERE {{}} # {'x' * 3000}")
    for query, told in (asked[:-2900], True), (asked, False):
        reply = site.get(f"{path}?query={query}", "*/*")
        assert (reply.status, "Link" in reply.headers) == (200, told)
