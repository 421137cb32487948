"""The page of sentences: what it understands, offers and refuses, in both languages."""

import json
import re
from html import unescape
from urllib.parse import quote, unquote_plus

import pytest

from server.engine.results import JSON
from server.graph.sentences.compilation import compile_question
from server.graph.sentences.grammar import grammar
from server.graph.sentences.question import examples, shapes
from tests.server.views.conftest import Site, running

BAMAKO = "Quelles collectivités coopèrent avec Commune V du District de Bamako ?"


def main(page: str) -> str:
    """What a page says."""
    body = page.partition("<main")[2].partition("</main>")[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def asked(site: Site, sentence: str, more: str = ""):
    return site.get(f"/ask?q={quote(sentence)}{more}")


def test_a_sentence_is_answered_with_its_query(site):
    page = asked(site, BAMAKO)
    assert page.status == 200
    assert f"<h1>{BAMAKO}</h1>" in page.text
    assert ">Évry</a>" in page.text
    assert f"# {BAMAKO}\n#view: map\nPREFIX mlg:" in unescape(page.text)
    english = asked(site, BAMAKO, "&lang=en")
    assert "<h1>Which local authorities cooperate with Commune V du District" in english.text


def test_the_query_of_a_sentence_leads_back_to_it(site):
    text = json.loads(site.get(f"/ask.json?q={quote(BAMAKO)}").text)["query"]
    told = json.loads(site.get(f"/ask.json?query={quote(text)}").text)
    assert told["sentence"]["fr"] == BAMAKO
    assert told["slots"] == {"partner": [f"https://w3id.org/maillage/id/authority/{KEY}"]}
    moved = site.get(f"/ask?query={quote(text)}")
    assert (moved.status, unquote_plus(moved.headers["Location"])) == (303, f"/ask?q={BAMAKO}")
    assert "/ask?query=" in site.get(f"/query?query={quote(text)}").text
    assert "/ask?query=" not in site.get("/query").text
    assert site.get("/ask?query=SELECT").status == 400


KEY = "mli-name-commune-v-du-district-de-bamako"


def test_the_form_leads_to_a_sentence_without_scripts(site):
    filled = "form=authorities&kind=authority&area=&partner=MLI&theme=sante&since=1990&until="
    moved = site.get(f"/ask?{filled}&lang=en")
    expected = "/ask?lang=en&q=Which local authorities cooperate with Mali on “Health” since 1990?"
    assert (moved.status, unquote_plus(moved.headers["Location"])) == (303, expected)
    unused = site.get("/ask?form=associations&theme=sante")
    assert unused.status == 400
    assert "Cette question ne prend pas « Thème »." in main(unused.text)
    assert site.get("/ask?form=associations&area=FRA").status == 303
    assert site.get("/ask?form=nothing").status == 400
    assert site.get("/ask?form=projects&since=MMX").status == 400


@pytest.mark.parametrize(
    ("sentence", "status", "words"),
    [
        ("", 200, "Des questions pour commencer"),
        ("Bonjour", 400, "« Bonjour » ne commence aucune question que le site connaisse."),
        ("Quelles communes mangent", 400, "Ici peut venir : coopèrent , de , avec , sur , depuis"),
        ("Quelles communes coopèrent avec le Malli ?", 404, "« Malli » ne désigne rien de connu"),
        ("Quelles communes coopèrent en Korinne ?", 404, "« Korinne » ne désigne rien de connu"),
        ("Quelles communes coopèrent en Afrique ?", 404, "Afrique du Sud"),
        ("Quels projets sont menés depuis hier ?", 400, "Ici vient une année, telle que 2010."),
        ("Quels projets sont menés sur eau ?", 300, "« eau » peut désigner plusieurs choses"),
        ("Quels projets sont menés entre 2010 et 2000 ?", 400, "finit avant de commencer"),
        ("<script>alert(1)</script>", 400, "« <script>alert(1)</script> » ne commence"),
        ("\u202eQuels projets \x00", 400, "ne commence"),
        ("Quelles communes coopèrent avec //[/x ?", 404, "ne désigne rien"),
        ("Quels projets " + "x" * 9_000, 400, "400 caractères au plus"),
    ],
)
def test_what_is_not_understood_is_told_with_what_may_stand_there(site, sentence, status, words):
    page = asked(site, sentence)
    assert page.status == status
    assert words in main(page.text)
    assert "<script>alert" not in page.text


def test_programs_are_told_what_may_be_meant(site):
    problem = "application/problem+json"
    refused = site.get("/ask.json?q=" + quote("Quels projets sont menés sur eau ?"), problem)
    told = json.loads(refused.text)
    assert (refused.status, refused.media_type) == (300, problem)
    assert {each["value"] for each in told["choices"]} == {
        "Eau et assainissement (concept/theme/eau-et-assainissement)",
        "Eau et déchets (concept/theme/eau-et-dechets)",
    }
    assert (
        "depuis"
        in json.loads(site.get("/ask.json?q=Quels%20projets%20ou", problem).text)["expected"]
    )
    found = json.loads(site.get("/search.json?q=Qui%20finance%20des%20projets").text)
    assert found["ask"] == f"{site.address}/ask?q=Qui+finance+des+projets"


def test_a_choice_leads_to_the_same_sentence_with_what_is_meant(site):
    page = asked(site, "Quels projets sont menés sur eau depuis 1990 ?").text
    choices = re.findall(r'<li><a href="(/ask\?q=[^"]*)">Eau et', page)
    assert len(choices) == 2
    followed = site.get(unescape(choices[0]))
    assert followed.status == 200
    assert re.search(r"<h1>Quels projets sont menés sur « Eau et [^»]* » depuis 1990 \?</h1>",
                     followed.text)  # fmt: skip
    near = asked(site, "Quelles collectivités coopèrent avec le Malli ?").text
    assert 'href="/ask?q=Quelles+collectivit%C3%A9s+coop%C3%A8rent+avec+le+Mali+%28MLI%29' in near


def test_a_question_that_nothing_answers_is_offered_with_less(site):
    page = asked(site, "Quelles régions coopèrent avec Andorre sur la santé en 1900 ?").text
    assert page.count('<li><a href="/ask?q=Quelles+r%C3%A9gions+coop') == 3


def test_the_search_offers_a_sentence_of_the_grammar(site):
    offered = site.get("/search?q=" + quote("Qui finance des projets au Mali ?")).text
    assert 'href="/ask?q=Qui+finance+des+projets+au+Mali+?' in offered
    assert "/ask?q=" not in site.get("/search?q=Mali").text
    for path in ("/", "/queries", "/query"):
        assert 'href="/ask"' in site.get(path).text


@pytest.mark.full
def test_every_question_is_answered_over_all_that_ships(built_home):
    with running(built_home, deadline=5.0) as full:
        for sentence in re.findall(r'<li><a href="(/ask\?q=[^"]*)">', full.get("/ask").text):
            page = full.get(unescape(sentence))
            assert page.status == 200
            assert '<ul class="plain"><li><a href="/ask' not in page.text, sentence
        assert len(tuple(examples())) >= len(grammar().forms)
        filled = [
            each for each in shapes() if len(each.slots) > 1 and each.kind in ("", "grouping")
        ]
        for question in filled[::7]:
            text = compile_question(question)
            for slot in "area", "partner", "country", "subject":
                text = text.replace(f"country:{slot}", "country:FRA")
                text = text.replace(f"authority/{slot}>", "authority/fra-reg-11>")
            asked_for = text.replace("theme:theme", "theme:sante")
            answer = json.loads(full.engine.query(asked_for, media_type=JSON).read())
            assert answer["head"]["vars"]


@pytest.mark.parametrize(
    "path",
    [
        "/query?query=BASE%20%3Chttp://a/%3E%20ASK%20%7B%20%3Chttp://%5B%3E%20?p%20?o%20%7D",
        "/ask?query=BASE%20%3Chttp://a/%3E%20ASK%20%7B%20%3Chttp://%5B%3E%20?p%20?o%20%7D",
        "/sparql?query=ASK%20FROM%20%3C//%5B%3E%20%7B%7D",
        "/query/completion.json?q=BASE%20%3Chttp://a/%3E%20SELECT*%7B%3Chttp://%5B%3E%20&at=40",
        "/queries/place-ties?authority=//%5B",
        "/search?q=mali&endpoint=x&_scheme=javascript&_method=FOO",
    ],
)
def test_an_address_that_is_none_is_no_failure(site, path):
    reply = site.get(path)
    assert reply.status < 500
    assert "javascript:" not in reply.text
