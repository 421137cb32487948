"""The pages of questions and of the editor draw their results, without script or inline style."""

from importlib.resources import files
from urllib.parse import quote

from bs4 import BeautifulSoup

from server.charts.palette import style

NAME = "project-funding-by-stated-funder"


def test_a_question_is_drawn_in_the_views_that_fit_it(site):
    page = BeautifulSoup(site.get(f"/queries/{NAME}?view=bars&lang=fr").text, "html.parser")
    assert len(page.select(".drawing > svg")) == 2
    views = page.find(class_="views")
    assert views.b.text == "Barres"
    others = {link.text: link["href"] for link in views.find_all("a")}
    assert others["Tableau"] == "?lang=fr&view=table#results"
    assert not BeautifulSoup(site.get(f"/queries/{NAME}?view=table").text, "html.parser").svg
    assert page.table


def test_the_editor_opens_the_view_that_the_query_says(site):
    text = (
        "#view: map\nPREFIX mlg: <https://w3id.org/maillage/def#>\n"
        "SELECT DISTINCT ?country { ?authority mlg:partnerOf/mlg:country ?country }"
    )
    page = BeautifulSoup(site.get(f"/query?lang=fr&query={quote(text)}").text, "html.parser")
    assert "Un anneau : seul le pays est connu." in page.find(class_="drawing").text
    assert page.find(class_="drawing").svg.desc.text.startswith("Carte de 3 lieux.")
    assert "/embed/builder?" in page.find("a", string="Intégrer à votre site")["href"]


def test_the_pages_draw_in_the_colours_of_the_embeds():
    sheet = files("server").joinpath("static", "charts.css").read_text("utf-8")
    assert style("auto", scope=".drawing ") in sheet
