"""The texts of the pages exist in both languages, and so does every word of a template."""

import re
from importlib.resources import files
from string import Formatter

import yaml

from queries.terms import TYPES
from server.engine.results import Term
from server.graph.vocabulary import presentation
from server.i18n import Voice, texts

XSD = "http://www.w3.org/2001/XMLSchema#"


def facts_of(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_every_text_is_in_both_languages_with_the_same_facts():
    for key, words in texts().items():
        assert set(words) - {"ar"} == {"fr", "en"}, key
        assert all(isinstance(each, str) and each for each in words.values()), key
        assert len({frozenset(facts_of(each)) for each in words.values()}) == 1, key


def test_every_label_of_the_presentation_is_in_both_languages():
    for words in (*presentation().labels.values(), *presentation().inverse.values()):
        assert set(words) == {"fr", "en"}


def test_no_key_of_the_texts_is_given_twice():
    lines = files("server").joinpath("texts.yml").read_text("utf-8").splitlines()
    keys = [match[1] for line in lines if (match := re.match(r'"?([\w.-]+)"?:', line))]
    assert len(keys) == len(set(keys))
    assert yaml.safe_load("\n".join(lines)).keys() == set(keys)


def test_every_text_that_a_template_asks_for_exists():
    for template in files("server").joinpath("templates").iterdir():
        source = template.read_text("utf-8")
        for key in re.findall(r"\bt\('([\w.]+)'[,)]", source):
            assert key in texts(), f"{template.name}: {key}"
        for key in re.findall(r"t\.count\('([\w.]+)'", source):
            assert {key, f"{key}.many"} <= texts().keys(), f"{template.name}: {key}"


def test_every_type_of_parameter_has_words():
    assert {f"accepted.{name}" for name in (*TYPES, "concept")} <= texts().keys()


def test_dates_are_written_at_their_own_precision():
    french, english = Voice("fr"), Voice("en")
    assert french.literal(Term("2010", "literal", "", XSD + "gYear")) == "2010"
    assert french.literal(Term("2010-06", "literal", "", XSD + "gYearMonth")) == "juin 2010"
    assert french.literal(Term("2010-06-22", "literal", "", XSD + "date")) == "22 juin 2010"
    assert french.literal(Term("1998-01-01", "literal", "", XSD + "date")) == "1er janvier 1998"
    assert french.literal(Term("--05-01", "literal", "", XSD + "gMonthDay")) == "1er mai"
    assert french.literal(Term("2010-06-11", "literal", "", XSD + "date")) == "11 juin 2010"
    assert french.literal(Term("--11-22", "literal", "", XSD + "gMonthDay")) == "22 novembre"
    assert english.literal(Term("2010-06-22", "literal", "", XSD + "date")) == "June 22, 2010"
    assert english.literal(Term("2010-13", "literal", "", XSD + "gYearMonth")) == "2010-13"


def test_a_label_falls_back_from_language_to_language():
    labels = [Term("مالي", "literal", "ar"), Term("Mali", "literal", "fr")]
    assert Voice("en").choose(labels) == labels[1]
    assert Voice("en").choose(labels[:1]) == labels[0]
    assert Voice("en").choose([]) is None
