"""The lists: filtered, sorted, page by page, without JavaScript, and the same as CSV."""

import csv
import io
import re
from html import unescape
from importlib.resources import files

import pytest
from flask import Flask

from server.graph.continents import continents
from server.graph.listings import SHOWN
from server.pages import list_files


def rows(site, path):
    """The rows of a list as CSV."""
    reply = site.get(path)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(reply.text)))


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_list_is_a_page_and_a_file_of_the_same_things(site, name, language):
    page = site.get(f"/{name}?lang={language}")
    assert page.status == 200
    counted = int(re.search(r'<h1>[^<]* <span class="count">(\d+)', page.text)[1])
    assert counted == len(rows(site, f"/{name}.csv"))
    assert len(page.body) < 60_000


def test_a_list_is_narrowed_to_a_country_and_a_year(site):
    every = rows(site, "/partnerships.csv")
    in_mali = rows(site, "/partnerships.csv?country=MLI&lang=en")
    assert 0 < len(in_mali) < len(every)
    assert all("Mali" in row["country"].split(" ; ") for row in in_mali)
    dated = rows(site, "/partnerships.csv?from=1990&to=1990")
    assert {row["since"] for row in dated} == {"1990"}


def test_agreements_are_dated_by_their_signature_and_a_day_without_a_year_by_nothing(site):
    signed = rows(site, "/agreements.csv?from=1900")
    assert signed
    assert all(row["since"].isdigit() for row in signed)
    assert len(signed) < len(rows(site, "/agreements.csv"))


def test_a_list_is_sorted_with_the_unknown_last(site):
    years = [row["since"] for row in rows(site, "/partnerships.csv?sort=-since")]
    known = [year for year in years if year]
    assert known == sorted(known, reverse=True)
    assert years[: len(known)] == known


def test_the_filters_of_the_address_stand_in_the_form_and_in_the_link_to_the_file(site):
    page = site.get("/partnerships?country=MLI&sort=-since&lang=en").text
    assert re.search(r'<option value="MLI" selected>Mali \(\d+\)</option>', page)
    assert '<option value="-since" selected>' in page
    assert 'href="/partnerships.csv?country=MLI&amp;sort=-since&amp;lang=en"' in page


@pytest.mark.parametrize(
    "asked",
    ["country=XXX", "theme=none", "from=9999", "q=zzzz", "country=MLI&country=SEN&from=3000&to=1"],
)
def test_filters_that_nothing_meets_say_what_to_do(site, asked):
    reply = site.get(f"/partnerships?{asked}&lang=en")
    assert reply.status == 200
    assert "taking one away shows more" in reply.text


@pytest.mark.parametrize("asked", ["page=0", "page=-1", "page=99999", "page=x", "sort=nothing"])
def test_a_page_or_an_order_that_is_none_gives_the_nearest(site, asked):
    assert site.get(f"/countries?{asked}").status == 200


def test_each_count_of_the_home_page_leads_to_a_list(site):
    home = site.get("/").text
    counted = re.search(r'<ul class="counts".*?</ul>', home, re.DOTALL)[0]
    links = re.findall(r'<a href="([^"]+)">', counted)
    assert len(links) == counted.count("<li>") > 0
    assert [site.get(link).status for link in links] == [200] * len(links)


def test_the_page_of_a_former_authority_opens_with_a_sentence_its_heir_and_its_ties(site):
    page = site.get("/doc/authority/fra-cog-91228?lang=en").text
    lead = re.search(r'<p class="lead">(.*?)</p>', page)[1]
    assert re.search(r"with \d+ partners? in \d+ countr", lead)
    assert page.index('id="ties"') < page.index("In brief")
    assert 'href="#cite"' in page
    assert 'id="cite"' in page


def test_the_language_of_an_address_is_remembered(site):
    chosen = site.get("/about?lang=en")
    assert chosen.headers["Set-Cookie"].startswith("lang=en;")
    later = site.get("/about", Cookie="lang=en", Accept_Language="fr")
    assert (later.headers["Content-Language"], later.headers["Set-Cookie"]) == ("en", None)
    assert site.get("/about", Cookie="lang=xx").headers["Content-Language"] == "fr"
    assert site.get("/about?lang=fr", Cookie="lang=en").headers["Content-Language"] == "fr"
    assert site.get("/search.json?q=x&lang=en").headers["Set-Cookie"] is None


@pytest.mark.parametrize("path", ["/about", "/privacy", "/guide"])
def test_pages_of_prose_are_there_in_both_languages(site, path):
    french, english = (site.get(f"{path}?lang={language}") for language in ("fr", "en"))
    assert (french.status, english.status) == (200, 200)
    assert french.text != english.text


def test_where_nothing_is_a_form_searches_for_what_was_meant(site):
    reply = site.get("/doc/authority/evry-courcouronnes")
    assert reply.status == 404
    assert 'value="evry courcouronnes"' in reply.text


def test_a_page_shows_codes_with_their_periods_and_no_key(site):
    page = site.get("/doc/authority/fra-cog-91228?lang=en").text
    rows = re.findall(r'<tr><th scope="row"[^>]*>(91228)</th>', page)
    assert rows == ["91228"]
    assert "HasGeometry" not in page
    assert "Former key" not in page


def number_shown(site, path):
    """The number of rows that a list says it has."""
    return int(re.search(r'<p role="status">(\d+)', site.get(path).text)[1])


def test_the_authorities_of_a_country_are_as_many_as_the_list_of_countries_says(site):
    page = site.get("/countries?sort=-authorities&lang=en").text
    links = re.findall(r'<a href="(/authorities\?[^"]*country=\w+)">(\d+)</a>', page)
    assert len(links) > 3
    for path, number in links[:6]:
        assert number_shown(site, unescape(path)) == int(number)


def test_an_authority_has_as_many_partnerships_as_the_list_to_which_it_leads(site):
    page = site.get("/authorities?tied=1&lang=en").text
    links = re.findall(
        r'<a href="(/(?:partnerships|projects)\?[^"]*partner=[^"]+)">(\d+)</a>', page
    )
    assert len(links) > 3
    for path, number in links[:8]:
        assert number_shown(site, unescape(path)) == int(number)


def test_authorities_are_found_by_the_words_of_any_of_their_names(site):
    every = rows(site, "/authorities.csv")
    assert len(every) == number_shown(site, "/authorities")
    found = {row["iri"].rpartition("/")[2] for row in rows(site, "/authorities.csv?q=evry")}
    assert "fra-cog-91228" in found
    assert 0 < len(found) < len(every)
    page = site.get("/authorities?standing=former&q=nowhere-at-all&lang=en").text
    assert "Without the filter standing (former)" in page


def test_a_list_is_drawn_as_it_is_filtered_and_each_circle_narrows_it(site):
    page = site.get("/partnerships?view=map&country=MLI&lang=en").text
    circles = re.findall(r'<a href="(/partnerships\?[^"]+)" aria-label="[^"]+: (\d+) ', page)
    assert circles
    path, number = circles[0]
    assert number_shown(site, unescape(path)) == int(number)
    assert "<table" not in page


def test_more_things_than_one_document_describes_are_refused_with_advice(site, monkeypatch):
    monkeypatch.setattr("server.pages.lists.MOST_DESCRIBED", 3)
    reply = site.get("/authorities.ttl", accept="text/turtle")
    assert reply.status == 413
    assert "/export.ttl" in reply.text


def test_a_list_is_narrowed_to_a_continent(site):
    found = rows(site, "/associations.csv?continent=africa&lang=en")
    assert "Mali" in {row["country"] for row in found}
    assert "France" not in {row["country"] for row in found}
    page = site.get("/associations?lang=en").text
    choices = re.search(r'<select name="continent">(.*?)</select>', page, re.DOTALL)[1]
    assert re.search(r'value="africa">Africa \((\d+)\)', choices)[1] == str(len(found))


def test_a_funder_has_as_many_projects_as_the_list_to_which_it_leads(site):
    page = site.get("/funders?lang=en").text
    links = re.findall(r'<a href="(/projects\?[^"]*funder=[^"]+)">(\d+)</a>', page)
    assert links
    for path, number in links[:5]:
        assert number_shown(site, unescape(path)) == int(number)


def test_every_country_is_on_one_continent_but_antarctica():
    source = files("loaders.datasets.countries").joinpath("source/countries.csv")
    codes = {row["code"] for row in csv.DictReader(source.open(encoding="utf-8"), delimiter=";")}
    assert codes - continents().keys() == {"ATA"}
    assert continents().keys() <= codes


def test_the_money_of_a_country_is_that_of_its_projects(site):
    listed = {row["iri"]: row["amount"] for row in rows(site, "/countries.csv?lang=en")}
    told = {row["iri"]: row["amount"] for row in rows(site, "/explore.csv?lang=en")}
    money = {iri: float(amount.replace(",", "")) for iri, amount in listed.items() if amount}
    assert money
    assert money == {iri: float(amount) for iri, amount in told.items() if amount}


@pytest.mark.parametrize(("address", "cell"), [("/?bom=1", "'=1+1"), ("/", "=1+1")])
def test_a_list_for_a_spreadsheet_holds_no_formula(monkeypatch, address, cell):
    monkeypatch.setattr(list_files, "kept", lambda response: response)
    with Flask("lists").test_request_context(address):
        reply = list_files.csv_file("list", ["name"], [["=1+1"]])
    assert reply.get_data().decode("utf-8-sig").split() == ["name", cell]
