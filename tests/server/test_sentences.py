"""Sentences of the grammar: read, compiled, recognised and written again, without any server."""

import csv
from collections.abc import Sequence
from functools import cache

import pyoxigraph as ox
import pytest

from ontology.documents import read_graph
from ontology.namespaces import CONCEPT, COUNTRY, ID, SKOS
from ontology.schemes import concept, normalise
from server.graph.sentences.compilation import compile_question, recognise
from server.graph.sentences.grammar import PERIOD, grammar
from server.graph.sentences.naming import keyed, unambiguous
from server.graph.sentences.question import Question, Refused, examples, subsets
from server.graph.sentences.reading import Several, read
from server.graph.sentences.writing import write
from server.http.negotiation import LANGUAGES
from tests.conftest import ROOT

TABLES = ROOT / "loaders/datasets"
MALI, FRANCE = f"{COUNTRY}MLI", f"{COUNTRY}FRA"
BRITTANY = f"{ID}authority/fra-reg-53"
HEALTH = f"{CONCEPT}theme/sante"


def rows(path: str) -> list[dict[str, str]]:
    with (TABLES / path).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


@cache
def labels() -> dict[str, dict[str, str]]:
    """The names, in both languages, of all countries, French territories and themes."""
    found = {
        f"{COUNTRY}{row['code']}": {"fr": row["fr"], "en": row["en"]}
        for row in rows("countries/source/countries.csv")
    }
    for row in rows("france_territories/source/territories.csv"):
        key = f"fra-{row['type'].lower()}-{row['code']}"
        found[f"{ID}authority/{key}"] = dict.fromkeys(LANGUAGES, row["nom"])
    graph = read_graph(ROOT / "ontology/schemes/theme.ttl")
    for theme in graph.subjects(SKOS.inScheme, CONCEPT.theme):
        told = graph.objects(theme, SKOS.prefLabel)
        found[str(theme)] = {label.language: str(label) for label in told}
    return found


@cache
def bearers() -> dict[str, set[str]]:
    """The IRIs of those that bear a name."""
    found: dict[str, set[str]] = {}
    for iri, named in labels().items():
        for name in named.values():
            found.setdefault(normalise(name), set()).add(iri)
    return found


def meanings(takes: str, ways: Sequence[str]) -> Sequence[str]:
    """What a name may mean: among those of the tables that the slot takes."""
    for way in ways:
        if takes == "theme":
            theme = concept("theme", way)
            found = [str(theme)] if theme else []
        else:
            iri = keyed(way)
            found = [iri] if iri in labels() else sorted(bearers().get(normalise(way), ()))
        found = [iri for iri in found if takes != "country" or iri.startswith(str(COUNTRY))]
        if found:
            return found
    return []


def name(language: str):
    return lambda takes, iri: unambiguous(labels()[iri][language], iri, takes, meanings)


def round_trip(question: Question) -> None:
    """Sentence, SPARQL, and the same sentence again, in each language."""
    sentences = {each: write(question, each, name(each)) for each in LANGUAGES}
    text = compile_question(question, sentences["fr"])
    found = recognise(text)
    assert found == question
    for language, sentence in sentences.items():
        assert read(sentence, meanings) == question, sentence
        assert write(found, language, name(language)) == sentence


def real(slots):
    """The slots filled with things that there are."""
    stand_ins = {str(COUNTRY): MALI, f"{ID}authority/": BRITTANY, f"{CONCEPT}theme/": HEALTH}
    return {
        slot: tuple(
            next(v for base, v in stand_ins.items() if iri.startswith(base)) for iri in given
        )
        for slot, given in slots.items()
    }


@pytest.mark.parametrize("form", grammar().forms)
def test_every_subset_of_slots_comes_back_as_the_same_sentence(form):
    entry = grammar().forms[form]
    for kind in grammar().kinds if entry.kinds else ("",):
        for slots in subsets([slot for slot in entry.slots if slot != PERIOD]):
            if entry.required and entry.required not in slots:
                continue
            for years in ("", ""), ("1998", ""), ("", "1998"), ("1998", "2010"), ("1998", "1998"):
                round_trip(Question(form, kind, real(slots), *years))


def test_every_country_territory_and_theme_comes_back_as_the_same_sentence():
    for iri in labels():
        if iri.startswith(str(CONCEPT)):
            slots = ["theme"]
        elif iri.startswith(str(COUNTRY)):
            slots = ["area", "partner", "country", "subject"]
        else:
            slots = ["area", "partner", "funder", "subject"]
        for slot in slots:
            form = next(f for f, entry in grammar().forms.items() if slot in entry.slots)
            kind = "municipality" if grammar().forms[form].kinds else ""
            round_trip(Question(form, kind, {slot: (iri,)}))


def test_several_things_in_a_slot_come_back_as_the_same_sentence():
    question = Question("projects", "", {"partner": (MALI, FRANCE), "area": (BRITTANY,)})
    round_trip(question)
    assert write(question, "fr", name("fr")) == (
        "Quels projets de Bretagne sont menés avec le Mali ou la France ?"
    )
    round_trip(Question("projects", "", {"theme": (HEALTH, f"{CONCEPT}theme/energie")}))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "quelles communes coopèrent depuis 2010 avec le mali, sur la santé, en Bretagne",
            "Quelles communes de Bretagne coopèrent avec le Mali sur « Santé » depuis 2010 ?",
        ),
        (
            "Which towns in the United Kingdom work with Mali from 1990 to 2000",
            "Quelles communes du Royaume-Uni coopèrent avec le Mali entre 1990 et 2000 ?",
        ),
        (
            "with whom does the region of Bretagne work on health since 1998",
            "Avec qui coopère Bretagne sur « Santé » depuis 1998 ?",
        ),
        (
            "Quels départements français coopèrent avec l'Essonne ou les Yvelines",
            "Quels départements de France coopèrent avec l'Essonne ou les Yvelines ?",
        ),
        (
            "Which Malian towns are twinned since 1990?",
            "Quelles communes du Mali coopèrent à l'étranger depuis 1990 ?",
        ),
        (
            "Quels projets du Nord ou de la Drôme sont financés par Bretagne",
            "Quels projets du Nord ou de la Drôme sont menés et financés par Bretagne ?",
        ),
        ("Who are the partners of Mali?", "Avec qui coopère le Mali ?"),
        ("Quels sont les partenaires de l’Essonne ?", "Avec qui coopère l'Essonne ?"),
        ("Qui finance les projets en Corée du Sud ?", "Qui finance des projets en Corée du Sud ?"),
        (
            "Sur quels thèmes coopèrent les EPCI d’Île-de-France avec l’Île de Man ?",
            "Sur quels thèmes coopèrent les intercommunalités d'Île-de-France avec l'Île de Man ?",
        ),
        (
            "Quels départements coopèrent avec MLI ou la Côte d'Ivoire jusqu'en 1998 ?",
            "Quels départements coopèrent avec le Mali ou la Côte d’Ivoire jusqu'en 1998 ?",
        ),
    ],
)
def test_a_sentence_is_read_however_it_is_said(sentence, expected):
    assert write(read(sentence, meanings), "fr", name("fr")) == expected


@pytest.mark.parametrize(
    ("sentence", "reason", "word"),
    [
        ("", "beginning", ""),
        ("Bonjour le monde", "beginning", "Bonjour"),
        ("Quelles communes mangent du pain ?", "word", "mangent"),
        ("Quelles communes coopèrent avec l'Atlantide ?", "name", "Atlantide"),
        ("Quelles communes coopèrent avec le Mali depuis toujours ?", "name", "toujours"),
        ("Which regions cooperate with Mali between 2010 and 2000?", "years", "2010–2000"),
        ("Which regions cooperate with Mali or Bretagne?", "mixed", "partner"),
        ("Quelles communes coopèrent avec", "word", "avec"),
        ("Avec qui coopère ?", "missing", ""),
        ("With whom does Brittany cooperate?", "name", "Brittany"),
        ("<script>alert(1)</script>", "beginning", "<script>alert(1)</script>"),
    ],
)
def test_a_sentence_that_is_not_understood_says_at_which_word(sentence, reason, word):
    with pytest.raises(Refused) as refused:
        read(sentence, meanings)
    assert (refused.value.reason, refused.value.word) == (reason, word)
    if reason == "word":
        assert "depuis" in refused.value.expected


@pytest.mark.parametrize(("times", "reason"), [(20, "name"), (3000, "long")])
def test_a_sentence_of_nothing_but_openers_is_refused_soon(times, reason):
    with pytest.raises(Refused) as refused:
        read("Quelles communes coopèrent " + "avec de sur " * times, meanings)
    assert refused.value.reason == reason


def test_a_name_of_several_things_is_a_choice():
    with pytest.raises(Several) as several:
        read("Quelles communes coopèrent avec La Réunion ?", meanings)
    assert several.value.name == "Réunion"
    assert set(several.value.meanings) == bearers()["la reunion"]


def test_a_question_is_recognised_by_its_structure():
    slots = {"area": (BRITTANY,), "partner": (MALI, FRANCE)}
    question = Question("authorities", "municipality", slots, "1998")
    text = compile_question(question)
    body = "".join(line for line in text.splitlines(keepends=True) if line[:1] != "#")
    assert recognise(body) == question
    renamed = body.replace("?authority", "?who").replace("?tie", "$link").replace("mlg:", "m:")
    assert recognise(renamed) == question
    assert recognise(" ".join(body.split()).replace("WHERE", "where # here\n")) == question
    full = f"<{MALI}> <{FRANCE}>"
    assert recognise(body.replace("country:MLI country:FRA", full)) == question
    for changed in (
        body.replace(">=", "<"),
        body.replace("?partner mlg:country", "?authority mlg:country"),
        body + " LIMIT 5",
        body.replace("OPTIONAL", "", 1),
        body.replace('"1998"', '"98"'),
        f"# {write(question, 'fr', name('fr'))}\nSELECT * {{ ?s ?p ?o }}",
        "",
        "SELECT",
    ):
        assert recognise(changed) is None


def test_every_question_is_a_query_that_declares_what_it_uses():
    store = ox.Store()
    for question in examples():
        text = compile_question(question, "A sentence\n} ; DROP")
        store.query(text)
        assert text.count("\n#") == 1
