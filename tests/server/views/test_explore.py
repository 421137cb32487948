"""The world map of ties and money: each number leads to the list that it counts."""

import csv
import io
import re
from html import unescape

import pytest
from pyoxigraph import RdfFormat, parse

from tests.server.conftest import switch_to, write_version
from tests.server.views.conftest import running

ADDRESSES = (
    "/explore",
    "/explore?country=MLI",
    "/explore?theme=eau-et-assainissement",
    "/explore?to=2012&sort=name",
    "/explore?money=1&show=amount",
)


def counted(site, path):
    """The number of rows that a list says that it shows."""
    text = site.get(path).text
    found = re.search(r'<p role="status">([\d\s\u202f,]+) ', text)
    return int(re.sub(r"\D", "", found[1]))


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_count_is_that_of_the_list_to_which_it_leads(site, address):
    page = site.get(f"{address}{'&' if '?' in address else '?'}lang=en").text
    links = re.findall(r'<a href="(/(?:partnerships|projects)\?[^"]+)">([\d,]+)</a>', page)
    assert links
    told = {unescape(path): int(number.replace(",", "")) for path, number in links}
    wrong = {path: n for path, n in told.items() if counted(site, path) != n}
    assert not wrong


def test_the_money_of_a_country_is_the_sum_of_the_list_to_which_it_leads(site):
    rows = csv.DictReader(io.StringIO(site.get("/explore.csv").text))
    for row in rows:
        code = row["iri"].rpartition("/")[2]
        listed = site.get(f"/projects.csv?country={code}&money=1").text
        amounts = [float(each["amount"]) for each in _numbers(listed)]
        assert sum(amounts) == float(row["amount"] or 0)


def _numbers(text):
    for row in csv.DictReader(io.StringIO(text)):
        yield {"amount": re.sub(r"[\s\u202f\u00a0]", "", row["amount"]).replace(",", ".")}


def test_the_file_of_the_table_has_its_countries_in_its_order(site):
    rows = list(csv.DictReader(io.StringIO(site.get("/explore.csv?sort=-projects&lang=en").text)))
    assert rows[0].keys() == {"iri", "country", "partnerships", "projects", "amount"}
    assert [int(row["projects"]) for row in rows] == sorted(
        (int(row["projects"]) for row in rows), reverse=True
    )
    page = site.get("/explore?sort=-projects&lang=en").text
    assert re.search(r"<tbody>\s*<tr>.*?>([^<]+)</a></th>", page)[1] == rows[0]["country"]


def test_turtle_holds_the_ties_and_projects_that_the_filters_let_through(site):
    reply = site.get("/explore.ttl?country=MLI")
    assert reply.headers["Content-Type"] == "text/turtle; charset=utf-8"
    subjects = {quad.subject.value for quad in parse(reply.body, RdfFormat.TURTLE)}
    assert len(subjects) == sum(
        counted(site, f"/{n}?country=MLI") for n in ("partnerships", "projects")
    )
    of_the_list = parse(site.get("/partnerships.ttl?country=MLI").body, RdfFormat.TURTLE)
    assert {quad.subject.value for quad in of_the_list} < subjects


def test_each_circle_of_the_map_is_a_link_with_words(site):
    page = site.get("/explore?lang=en").text
    circles = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', page)
    assert len(circles) >= 4
    assert all(re.search(r": \d+ partnerships?$", words) for _, words in circles)
    assert all(href.startswith(("/explore?", "/doc/")) for href, _ in circles)
    assert 'role="group"' in page


def test_filters_that_contradict_each_other_say_what_to_take_away(site):
    page = site.get("/partnerships?country=MLI&from=1990&to=1980&lang=en").text
    assert "wrong way round" in page
    told = re.search(
        r'<a href="([^"]+)"[^>]*>Without the filter to year \(1980\)</a>: (\d+) row', page
    )
    assert counted(site, unescape(told[1])) == int(told[2]) > 0


def test_the_map_can_be_embedded_and_tells_what_its_filters_hide(site):
    for address in ("/explore?lang=en", "/explore?country=MLI&lang=en"):
        link = re.search(r'href="(/embed/builder[^"]+)"', site.get(address).text)[1]
        assert "<iframe src=" in site.get(unescape(link)).text
    page = site.get("/explore?country=MLI&from=1990&to=1980&lang=en").text
    assert "embed/builder" not in page
    told = re.search(r'<a href="([^"]+)"[^>]*>Without the filter to year \(1980\)</a>: (\d+)', page)
    shown = re.findall(r">(\d+) p(?:artnership|roject)s?<", site.get(unescape(told[1])).text)
    assert sum(map(int, shown)) == int(told[2]) > 0


def test_a_list_is_narrowed_to_a_partner_by_key_or_by_name(site):
    by_key = counted(site, "/partnerships?partner=fra-cog-91228-2019")
    assert by_key > 0
    assert counted(site, "/partnerships?partner=Evry-Courc") == by_key
    assert counted(site, "/partnerships?country=MLI&country=FRA") <= counted(
        site, "/partnerships?country=MLI"
    )


def test_a_number_beside_a_choice_is_that_of_the_list_with_it(site):
    page = site.get("/partnerships?from=1990&lang=en").text
    choices = re.search(r'<select name="country">(.*?)</select>', page, re.DOTALL)[1]
    for key, number in re.findall(r'value="(\w+)">[^<]*\((\d+)\)', choices)[:5]:
        assert counted(site, f"/partnerships?from=1990&country={key}") == int(number)


def test_who_works_in_a_country_stands_beside_the_record_that_says_it(site):
    page = site.get("/explore/who?country=MLI&lang=en").text
    rows = list(csv.DictReader(io.StringIO(site.get("/explore/who.csv?country=MLI&lang=en").text)))
    assert len({row["iri"] for row in rows}) == int(
        re.search(r'<span class="count">(\d+)</span></h1>', page)[1]
    )
    assert all(row["record"] and row["country"] != "Mali" for row in rows)
    for row in rows[:3]:
        path = row["record"].removeprefix("https://w3id.org/maillage")
        assert f'href="{path}?lang=en"' in page
        assert site.get(path).status == 200


def test_who_works_with_a_place_has_ties_with_what_lies_within_it(site):
    rows = csv.DictReader(io.StringIO(site.get("/explore/who.csv?place=fra-cog-91228").text))
    assert {row["iri"].rpartition("/")[2] for row in rows}
    assert site.get("/explore/who?place=nobody").status == 404
    assert site.get("/explore/who?country=XXX%20").status == 404
    assert site.get("/explore/who").status == 200


@pytest.mark.parametrize("path", ["/doc/country/MLI", "/doc/country/FRA"])
def test_the_numbers_of_a_page_are_those_of_the_lists_to_which_they_lead(site, path):
    page = site.get(f"{path}?lang=en").text
    links = re.findall(r'<a href="(/(?:partnerships|projects)\?[^"]+)">(\d+)', page)
    wrong = {each: n for each, n in links if counted(site, unescape(each)) != int(n)}
    assert links
    assert not wrong


def test_the_page_of_an_association_draws_whom_it_met(site):
    page = site.get("/doc/organisation/association-des-maires-de-france?lang=en").text
    met = re.search(r'<section id="ties">.*?</section>', page, re.DOTALL)[0]
    assert "<svg" in met
    link = unescape(re.search(r'href="(/encounters\?[^"]*involved=[^"]+)"', page)[1])
    assert counted(site, link) == int(re.search(r'<h2>Ties <span class="count">(\d+)', met)[1])


def test_where_sources_contradict_each_other_each_value_stands_beside_its_record(tmp_path):
    write_version(tmp_path, "two", CONTRADICTED)
    switch_to(tmp_path, "two")
    with running(tmp_path) as found:
        page = found.get("/doc/partnership/a--b?lang=en").text
    table = re.search(r'<section id="contradictions">.*?</section>', page, re.DOTALL)[0]
    rows = re.findall(r'data-label="Value">(\d+)</td>.*?<a href="([^"]+)">', table, re.DOTALL)
    assert rows == [("1954", "/graph/x/1?lang=en"), ("1955", "/graph/x/2?lang=en")]


CONTRADICTED = """
@prefix graph: <https://w3id.org/maillage/graph/x/> .
@prefix id: <https://w3id.org/maillage/id/> .
@prefix mlg: <https://w3id.org/maillage/def#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/maillage/id/partnership/a--b> a mlg:Partnership ;
    mlg:start "1954"^^xsd:gYear , "1955"^^xsd:gYear ;
    mlg:contradictoryOn <https://w3id.org/maillage/id/concept/contradiction/start> .
graph:1 { <https://w3id.org/maillage/id/partnership/a--b> mlg:start "1954"^^xsd:gYear }
graph:2 { <https://w3id.org/maillage/id/partnership/a--b> mlg:start "1955"^^xsd:gYear }
"""


def test_the_page_of_a_tie_draws_its_two_ends(site):
    path = re.search(r'href="(/doc/partnership/[^"]+)"', site.get("/partnerships").text)[1]
    page = site.get(path).text
    assert len(set(re.findall(r'<a href="(/doc/[^"]+)" aria-label="', page))) == 2


def test_a_list_is_sorted_by_the_words_of_a_column(site):
    listed = csv.DictReader(io.StringIO(site.get("/associations.csv?sort=country&lang=fr").text))
    names = [row["country"] for row in listed if row["country"]]
    assert names.index("Mali") < names.index("Sénégal")
    assert names[0].startswith("A")
