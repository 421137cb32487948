"""Questions asked by name, sorted, and taken away as files for spreadsheets and maps."""

import csv
import io
import json
from urllib.parse import quote, urlencode

import openpyxl
import pytest

from queries import catalogue
from server.pages.downloads import disarmed, for_spreadsheet

AMM = "organisation/association-des-municipalites-du-mali"
ORGANS = "association-organs"


@pytest.mark.parametrize(
    "written",
    [
        "Association des Municipalités du Mali",
        "association des municipalites du mali",
        "AMM",
        AMM,
        f"https://w3id.org/maillage/id/{AMM}",
        f"https://example.org/doc/{AMM}",
        f"https://example.org/sous/doc/{AMM}.html",
    ],
)
def test_a_name_an_acronym_an_address_and_a_key_mean_the_same(site, written):
    asked = urlencode({"association": written})
    rows = list(csv.DictReader(io.StringIO(site.get(f"/queries/{ORGANS}.csv?{asked}").text)))
    assert len(rows) == 8
    page = site.get(f"/queries/{ORGANS}?lang=fr&{asked}")
    assert page.status == 200
    assert f'value="{AMM}"' in page.text
    assert f'href="/doc/{AMM}?lang=fr"' in page.text
    assert site.get(f"/embed/{ORGANS}?lang=fr&{asked}").status == 200


def test_a_country_is_asked_for_by_its_name(site):
    reply = site.get("/queries/association-founding-dates.csv?country=Mali")
    assert reply.text.splitlines()[1:] == ["AMM,2000-11,gYearMonth"]


def test_of_several_that_are_called_so_one_chooses(site):
    asked = f"association={quote('association')}"
    reply = site.get(f"/queries/{ORGANS}.json?lang=en&{asked}", "application/json")
    problem = json.loads(reply.body)
    assert (reply.status, problem["parameter"]) == (300, "association")
    assert AMM in {choice["value"] for choice in problem["choices"]}
    page = site.get(f"/queries/{ORGANS}?lang=en&{asked}")
    assert page.status == 300
    assert f"?lang=en&amp;association={quote(AMM, safe='')}" in page.text
    assert (
        "Association des Municipalités du Mali · local government association · Mali<" in page.text
    )
    assert site.get(f"/embed/{ORGANS}?lang=en&{asked}").status == 300


def test_a_name_that_nobody_bears_is_told(site):
    asked = f"association={quote('Atlantide <script>')}"
    page = site.get(f"/queries/{ORGANS}?lang=fr&{asked}")
    assert page.status == 404
    assert "Rien ne porte le nom" in page.text
    assert "<script>&" not in page.text
    assert site.get(f"/queries/{ORGANS}.csv?{asked}", "application/json").status == 404


def test_a_form_offers_what_gives_rows(site):
    page = site.get("/queries/country-associations-met").text
    assert "<select" not in page
    page = site.get("/queries/theme-countries?lang=fr").text
    assert '<option value="eau-et-assainissement" selected>' in page
    assert "finances-locales" not in page


def test_a_table_is_sorted_by_address(site):
    def members(sort: str) -> list[str]:
        page = site.get(f"/queries/associations-by-members?lang=en&sort={sort}").text
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        return [row.partition('class="number">')[2].partition("<")[0] for row in body.split("<tr>")]

    upwards, downwards = members("members")[1:], members("-members")[1:]
    assert upwards[0] == "9"
    assert upwards == downwards[::-1]
    page = site.get("/queries/associations-by-members?lang=en&sort=members").text
    assert 'aria-sort="ascending"><a href="?lang=en&amp;sort=-members#results"' in page


def test_a_column_and_its_name_are_one_column_of_the_page(site):
    page = site.get("/queries/associations-list?lang=en").text
    assert page.count('<th scope="col"') == len(catalogue()["associations-list"].shown) == 5
    assert "associationName" in site.get("/queries/associations-list.csv").text


def test_a_workbook_has_numbers_and_texts(site):
    reply = site.get("/queries/associations-by-members.xlsx")
    assert reply.media_type.endswith("spreadsheetml.sheet")
    sheet = openpyxl.load_workbook(io.BytesIO(reply.body)).active
    rows = [[cell.value for cell in row] for row in sheet.rows]
    assert rows[0] == ["association", "associationName", "members", "date"]
    assert rows[1][1:] == ["Association des Maires du Sénégal", 557, "2021-05-12"]


def test_geojson_has_a_feature_for_each_row(site):
    reply = site.get("/queries/country-associations-met.geojson")
    assert reply.media_type == "application/geo+json"
    found = json.loads(reply.body)
    assert found["type"] == "FeatureCollection"
    assert len(found["features"]) == 8
    assert found["features"][0]["geometry"]["type"] == "LineString"
    assert found["features"][0]["properties"]["pairs"] == 1


def test_a_graph_comes_as_turtle_and_its_page_lists_its_triples(site):
    turtle = site.get("/queries/place-graph.ttl")
    assert (turtle.status, turtle.media_type) == (200, "text/turtle")
    assert site.get("/queries/place-graph?lang=fr").status == 200
    assert site.get("/queries/place-graph.csv", "application/json").status == 406


def test_cells_are_harmless_to_spreadsheets():
    content = b'a,b\r\n=1+1,-12.5\r\n@x,"+cmd|y"\r\n'
    assert for_spreadsheet(content, ";", bom=True).decode("utf-8-sig").splitlines() == [
        "a;b", "'=1+1;-12.5", "'@x;'+cmd|y",
    ]  # fmt: skip
    assert for_spreadsheet(content, ",", bom=False) == content
    assert [disarmed(cell) for cell in ("+33 1", "-", "-5")] == ["'+33 1", "'-", "-5"]
