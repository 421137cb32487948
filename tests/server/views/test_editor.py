"""The page of the editor as it is sent, and what its script asks as one writes."""

import json
from urllib.parse import quote

from bs4 import BeautifulSoup

MALI = "http://publications.europa.eu/resource/authority/country/MLI"


def test_the_editor_is_told_every_term_in_the_language_of_the_page(site):
    told = json.loads(site.get("/query/terms.json?lang=fr", "application/json").text)
    terms = {row[0]: row[1:] for row in told["terms"]}
    kind, label, definition, count = terms["mlg:Partnership"]
    assert (kind, label) == ("class", "partenariat")
    assert "collectivités" in definition
    assert count == site.manifest["classes"]["https://w3id.org/maillage/def#Partnership"]
    assert terms["mlg:theme"][0] == "property"
    assert terms["skos:prefLabel"][3] > 0
    assert told["prefixes"]["mlg"] == "https://w3id.org/maillage/def#"
    assert told["words"]["place"] == "Ligne {line}, colonne {column} :"
    assert told["phrases"]["No diagnostics"] == "Aucune remarque"


def test_the_label_of_an_entity_is_told(site):
    answer = site.get(f"/query/label.json?lang=en&iri={quote(MALI)}", "application/json")
    assert json.loads(answer.text) == {"iri": MALI, "label": "Mali"}
    for nothing in ("", "urn:nobody", "no IRI"):
        asked = f"/query/label.json?iri={quote(nothing)}"
        assert site.get(asked, "application/json").status == 404


def test_a_question_of_the_catalogue_opens_in_the_editor(site):
    page = BeautifulSoup(site.get("/query?lang=fr&example=themes-counts").text, "html.parser")
    assert page.textarea.text.startswith("#view: bars\nPREFIX mlg:")
    assert page.find("option", value="themes-counts").has_attr("selected")


def test_a_result_is_shown_in_every_view_that_fits_it_with_code_to_copy(site):
    text = "SELECT ?x ?n { VALUES (?x ?n) { ('a' 1) ('b' 2) } }"
    address = f"/query?lang=en&query={quote(text)}&view=bars"
    page = BeautifulSoup(site.get(address).text, "html.parser")
    assert page.find(class_="views").b.text == "Bars"
    assert len(page.select(".drawing > svg")) == 2
    assert [summary.text for summary in page.select("main details > summary")] == [
        "cURL", "Python", "Python, pandas", "R", "JavaScript",
    ]  # fmt: skip
    assert "--data-urlencode query='SELECT ?x" in page.select("main details pre")[0].text


def test_a_graph_has_the_buttons_of_graphs(site):
    text = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1"
    page = BeautifulSoup(site.get(f"/query?lang=en&query={quote(text)}").text, "html.parser")
    assert [button.text for button in page.select(".formats button")] == [
        "Turtle", "N-Triples", "RDF/XML", "JSON-LD",
    ]  # fmt: skip
    assert [summary.text for summary in page.select("main details > summary")] == [
        "cURL", "Python, rdflib",
    ]  # fmt: skip
