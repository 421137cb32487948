"""The catalogue over HTTP, and the tables that others embed."""

import csv
import gzip
import io
import json

import pytest

from queries import catalogue

NAME = "association-founding-dates"
FOUNDED = [
    ["AMS", "1958", "gYear"],
    ["AMM", "2000-11", "gYearMonth"],
    ["AMPCC", "2013-05", "gYearMonth"],
]


def rows_of(body: bytes, **options: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), **options))


def test_the_listing_tells_everything_about_every_query(site):
    listed = json.loads(site.get("/queries.json").body)
    assert [entry["name"] for entry in listed] == list(catalogue())
    entry = next(entry for entry in listed if entry["name"] == NAME)
    assert entry["tags"] == ["CQ06", "associations"]
    assert set(entry["summary"]) == set(entry["description"]) == {"fr", "en"}
    assert entry["parameters"]["country"]["type"] == "country"
    assert entry["parameters"]["country"]["default"] == ["MLI", "SEN", "MAR"]
    assert site.get(entry["results"]["csv"].removeprefix(site.address)).status == 200


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("json", "application/sparql-results+json"),
        ("srj", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
    ],
)
def test_results_come_in_every_format(site, suffix, media_type):
    reply = site.get(f"/queries/{NAME}.{suffix}")
    assert (reply.status, reply.media_type) == (200, media_type)
    assert b"AMPCC" in reply.body


def test_results_are_negotiated_where_no_page_is_asked_for(site):
    assert site.get(f"/queries/{NAME}", "text/csv").media_type == "text/csv"
    assert site.get(f"/queries/{NAME}", "text/html").media_type == "text/html"
    assert "Accept" in site.get(f"/queries/{NAME}").headers["Vary"]


def test_parameters_come_from_the_address(site):
    assert rows_of(site.get(f"/queries/{NAME}.csv").body)[1:] == FOUNDED
    assert rows_of(site.get(f"/queries/{NAME}.csv?country=MLI").body)[1:] == FOUNDED[1:2]
    assert rows_of(site.get(f"/queries/{NAME}.csv?country=MLI&country=SN").body)[1:] == FOUNDED[:2]


def test_csv_for_spreadsheets_has_their_separator_and_mark(site):
    reply = site.get(f"/queries/{NAME}.csv?bom=1&sep=%3B")
    assert reply.body.startswith(b"\xef\xbb\xbf")
    assert rows_of(reply.body, delimiter=";")[1:] == FOUNDED


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("nobody=1", "pas de réglage « nobody »"),
    ],
)
def test_a_wrong_argument_is_told_with_what_is_expected(site, asked, words):
    for path in (f"/queries/{NAME}?lang=fr&{asked}", f"/embed/{NAME}?lang=fr&{asked}"):
        page = site.get(path)
        assert page.status == 400
        assert words in page.text
    problem = site.get(f"/queries/{NAME}.csv?lang=fr&{asked}", "application/json")
    assert problem.status == 400
    assert words in json.loads(problem.body)["detail"]


def test_a_format_that_cannot_be_had_is_refused_with_those_that_can(site):
    reply = site.get(f"/queries/{NAME}.ttl", "application/json")
    assert reply.status == 406
    assert "csv" in json.loads(reply.body)["detail"] + json.loads(reply.body)["advice"]


def test_the_catalogue_has_every_question_under_its_topic(site):
    page = site.get("/queries?lang=en").text
    for name in catalogue():
        assert page.count(f'href="/queries/{name}?lang=en"') == 1, name
    funding = page.partition('<section id="funding">')[2].partition("</section>")[0]
    assert "<h2>Who funds what" in funding
    assert "/queries/funders-amounts" in funding
    assert 'href="#funding"' in page
    assert '<section id="">' not in page


def test_an_unknown_query_is_not_found(site):
    assert site.get("/queries/nothing").status == 404
    assert site.get("/queries/nothing.csv").status == 404
    assert site.get("/embed/nothing").status == 404


@pytest.mark.parametrize("name", catalogue())
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_query_has_its_page_and_its_embed(site, name, language):
    page = site.get(f"/queries/{name}?lang={language}")
    assert page.status == 200
    assert len(gzip.compress(page.body)) < 50_000  # on the wire
    assert f'name="{next(iter(catalogue()[name].parameters), "lang")}"' in page.text
    assert site.get(f"/embed/{name}?lang={language}").status == 200


def test_the_form_keeps_what_was_chosen(site):
    page = site.get(f"/queries/{NAME}?country=MLI").text
    assert '<option value="MLI" selected>Mali</option>' in page
    assert "AMS" not in page.partition('<section id="results">')[2].partition("</section>")[0]


def test_an_embed_may_be_framed_by_anyone_and_nothing_else_may(site):
    embed = site.get(f"/embed/{NAME}?lang=en").headers["Content-Security-Policy"]
    assert "frame-ancestors" not in embed
    assert "script-src 'sha256-" in embed
    for path in ("/", f"/queries/{NAME}", "/doc/country/MLI"):
        assert "frame-ancestors 'none'" in site.get(path).headers["Content-Security-Policy"]


def test_an_embed_says_what_it_shows_from_where_and_with_which_rights(site):
    version = (site.home / "current").readlink().name
    page = site.get(f"/embed/{NAME}?lang=en&country=MLI").text
    assert "<h1>Which associations of local authorities were founded when" in page
    assert '<th scope="col">Association</th>' in page
    assert "November 2000" in page
    assert version in page
    assert "rights reserved" in page
    assert f"{site.address}/queries/{NAME}?country=MLI&amp;lang=en" in page


def test_an_embed_that_is_cut_says_so(site):
    assert "1 rows shown of 3" in site.get(f"/embed/{NAME}?lang=en&limit=1").text
