"""The page of the editor as it is sent, and what its script asks as one writes."""

import json
from urllib.parse import quote, urlencode

from bs4 import BeautifulSoup

from server.editor.terms import written
from server.engine.results import JSON, counted, read_table

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
    lines = f"#view: table\r\n{text}"  # as a form sends it
    page = BeautifulSoup(site.get(f"/query?lang=en&query={quote(lines)}").text, "html.parser")
    assert page.find(class_="views").b.text == "Table"
    address = f"/query?lang=en&query={quote(lines)}&view=bars"
    page = BeautifulSoup(site.get(address).text, "html.parser")
    assert page.find(class_="views").b.text == "Bars"
    assert len(page.select(".drawing > svg")) == 2
    assert [summary.text for summary in page.select(".codes summary")] == [
        "cURL", "Python", "Python, pandas", "R", "JavaScript",
    ]  # fmt: skip
    assert "--data-urlencode query='#view: table\nSELECT ?x" in page.select(".codes pre")[0].text


def test_a_graph_has_the_buttons_of_graphs(site):
    text = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1"
    page = BeautifulSoup(site.get(f"/query?lang=en&query={quote(text)}").text, "html.parser")
    assert [button.text for button in page.select(".formats button")] == [
        "Turtle", "N-Triples", "RDF/XML", "JSON-LD",
    ]  # fmt: skip
    assert [summary.text for summary in page.select(".codes summary")] == [
        "cURL", "Python, rdflib",
    ]  # fmt: skip


def complete(site, text: str, **more: str) -> dict[str, object]:
    """What is offered where `|` stands."""
    asked = {"lang": "fr", "q": text.replace("|", "", 1), "at": text.index("|"), **more}
    answer = site.get(f"/query/completion.json?{urlencode(asked)}", "application/json")
    assert answer.status == 200
    return json.loads(answer.text)


def test_a_class_is_followed_by_its_properties_as_counted_at_the_build(site):
    told = complete(site, "SELECT * { ?x a mlg:Partnership ; | }")
    assert (told["position"], told["filtered"]) == ("predicate", True)
    n = site.manifest["classes"]["https://w3id.org/maillage/def#Partnership"]
    offered = {item["name"]: item for item in told["items"]}
    assert offered["mlg:hasPartner"]["n"] == 2 * n
    assert offered["mlg:hasPartner"]["label"] == "partenaires"
    # The same as the store says.
    text = (
        "PREFIX mlg: <https://w3id.org/maillage/def#>\n"
        "SELECT ?p (COUNT(*) AS ?n) { ?x a mlg:Partnership ; ?p ?y } GROUP BY ?p"
    )
    rows = read_table(site.engine.query(text, media_type=JSON).read()).rows
    assert {written(row["p"].value): counted(row, "n") for row in rows} == {
        name: item["n"] for name, item in offered.items()
    }


def test_an_object_is_offered_by_its_label(site):
    told = complete(site, "SELECT * { ?x a mlg:Project ; mlg:partnershipCountry | }")
    assert ("country:MLI", "Mali") in {(each["name"], each["label"]) for each in told["items"]}
    assert not complete(site, "SELECT * { ?x mlg:partnershipCountry country:FRA ; a | }")["why"]


def test_what_is_typed_of_a_name_chooses_among_those_that_leave_a_row(site):
    text = "SELECT * { ?x a mlg:Partnership ; mlg:hasPartner | }"
    (one,) = complete(site, text, typed="kayes")["items"]
    assert one["label"] == "Commune urbaine de Kayes"
    assert one["n"] >= 1
    assert complete(site, text, typed="nobody at all")["items"] == []


def test_nothing_is_offered_where_no_row_would_be_left(site):
    assert complete(site, "SELECT * { ?x a mlg:Project , mlg:Partnership ; | }")["items"] == []
    assert complete(site, "SELECT * { VALUES ?y {} ?x a | }")["items"] == []


def test_a_place_that_cannot_be_asked_gets_the_vocabulary_and_says_so(site):
    for text in ("CONSTRUCT { ?x | } { ?x ?y ?z }", "SELECT * { SERVICE <x:y> { ?x | } }"):
        told = complete(site, text)
        assert (told["filtered"], told["why"]) == (False, "unfiltered.unclear")
        assert {"name": "mlg:theme", "label": "thème", "n": None} in told["items"]
    assert complete(site, f"SELECT * {{ {'?x ?y ?z . ' * 3000} |")["why"] == "unfiltered.long"


def test_offsets_are_those_of_a_browser(site):
    told = complete(site, 'SELECT * { ?x mlg:a "x|" ; a mlg:Project ; }')
    assert told["position"] == ""
    text = 'SELECT * { ?x skos:prefLabel "\U0001f600" ; | }'
    asked = {"q": text.replace("|", ""), "at": text.index("|") + 1}
    answer = site.get(f"/query/completion.json?{urlencode(asked)}", "application/json")
    assert json.loads(answer.text)["position"] == "predicate"
