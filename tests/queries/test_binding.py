"""Arguments become typed terms in the place of the defaults, and nothing else."""

import itertools

import pyoxigraph as ox
import pytest

from queries import (
    BadParameter,
    MissingParameter,
    QueryFileError,
    UnknownParameter,
    UnknownQuery,
    catalogue,
    find_query,
    read_query,
)
from queries.terms import TYPES

XSD = "http://www.w3.org/2001/XMLSchema#"

SOURCE = """\
#+ summary: {fr: Essai, en: Trial}
#+ description: {fr: Un essai., en: A trial.}
#+ tags: [trial]
#+ parameters:
#+   value: {type: TYPE, FLAGS label: {fr: Valeur, en: Value}}
#+ columns:
#+   value: {fr: Valeur, en: Value}

PREFIX country: <http://publications.europa.eu/resource/authority/country/>
SELECT ?value WHERE { VALUES ?value { DEFAULT } }
"""


def trial(type_: str, *flags: str, default: str = "UNDEF"):
    source = SOURCE.replace("TYPE", type_).replace("DEFAULT", default)
    return read_query("trial", source.replace("FLAGS", "".join(f"{flag}, " for flag in flags)))


def answer(text: str) -> list[ox.NamedNode | ox.Literal | None]:
    return [row["value"] for row in ox.Store().query(text)]


def bound(type_: str, value: str) -> ox.NamedNode | ox.Literal | None:
    (term,) = answer(trial(type_).bind({"value": [value]}))
    return term


@pytest.mark.parametrize(
    ("type_", "value", "iri"),
    [
        ("country", "MLI", "http://publications.europa.eu/resource/authority/country/MLI"),
        ("country", "ml", "http://publications.europa.eu/resource/authority/country/MLI"),
        ("country", "XK", "http://publications.europa.eu/resource/authority/country/1A0"),
        (
            "country",
            "http://publications.europa.eu/resource/authority/country/SEN",
            "http://publications.europa.eu/resource/authority/country/SEN",
        ),
        (
            "entity",
            "authority/fra-cog-91228",
            "https://w3id.org/maillage/id/authority/fra-cog-91228",
        ),
        (
            "entity",
            "https://w3id.org/maillage/id/authority/fra-cog-91228",
            "https://w3id.org/maillage/id/authority/fra-cog-91228",
        ),
        ("concept, scheme: theme", "sante", "https://w3id.org/maillage/id/concept/theme/sante"),
        ("concept, scheme: theme", "Health", "https://w3id.org/maillage/id/concept/theme/sante"),
        (
            "concept, scheme: theme",
            "https://w3id.org/maillage/id/concept/theme/sante",
            "https://w3id.org/maillage/id/concept/theme/sante",
        ),
        ("iri", "urn:example:é", "urn:example:é"),
    ],
)
def test_a_name_or_an_iri_is_bound_as_its_iri(type_: str, value: str, iri: str) -> None:
    assert bound(type_, value) == ox.NamedNode(iri)


@pytest.mark.parametrize(
    ("type_", "value", "datatype"),
    [
        ("text", "L'« eau »", "string"),
        ("lang", "fr-CA", "string"),
        ("integer", "-12", "integer"),
        ("decimal", "12.5", "decimal"),
        ("year", "2010", "gYear"),
        ("date", "2010-06-22", "date"),
    ],
)
def test_a_value_is_bound_with_its_datatype(type_: str, value: str, datatype: str) -> None:
    assert bound(type_, value) == ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


HOSTILE = (
    'a"b',
    "a'b",
    'a""" } UNION { ?s ?p ?value',
    "x> } UNION { ?s ?p ?value } #",
    "x} } SELECT * { { ?s ?p ?value",
    "authority/x> <http://example.org/y",
    "theme/x\n} UNION { ?s ?p ?value }",
    "MLI } UNION { ?s ?p ?value }",
    'fr" "en',
    "2010\n2011",
    "12 13",
    "\\",
    '\\" } #',
    "\\u0022 } UNION { ?s ?p ?value } #",
    "\\u003E } UNION { ?s ?p ?value } #",
    "\\1 \\g<0>",
    "${value}",
    "UNDEF",
    "?value",
    "<http://example.org/a> <http://example.org/b>",
    "١٢",
    "2010-02-30",
    "é\u2028}",
)


@pytest.mark.parametrize(("type_", "value"), [*itertools.product([*TYPES, "concept"], HOSTILE)])
def test_no_value_gets_out_of_its_term(type_: str, value: str) -> None:
    declared = "concept, scheme: theme" if type_ == "concept" else type_
    if type_ == "text":
        assert bound(declared, value) == ox.Literal(value)
    else:
        with pytest.raises(BadParameter) as caught:
            trial(declared).bind({"value": [value]})
        assert (caught.value.name, caught.value.value) == ("value", value)
        assert caught.value.accepted in str(caught.value)


@pytest.mark.parametrize("value", ["XYZ", "SUN", "M", "Mali", "country/MLI"])
def test_a_country_is_one_that_exists(value: str) -> None:
    with pytest.raises(BadParameter):
        bound("country", value)


def test_a_concept_is_one_of_the_scheme() -> None:
    with pytest.raises(BadParameter, match="scheme theme"):
        bound("concept, scheme: theme", "nothing-of-the-kind")


def test_a_nul_character_is_no_text() -> None:
    with pytest.raises(BadParameter):
        bound("text", "a\0b")


def test_what_is_not_asked_keeps_its_default() -> None:
    query = trial("country", "many: true", default="country:MLI country:SEN")
    assert query.defaults == {"value": ("MLI", "SEN")}
    assert query.bind({}) == query.bind({"value": ["", " "]}) == query.text


def test_several_values_are_taken_where_the_parameter_says_many() -> None:
    many = trial("integer", "many: true").bind({"value": ["1", "2"]})
    assert [term.value for term in answer(many) if term] == ["1", "2"]
    with pytest.raises(BadParameter, match="one value"):
        trial("integer").bind({"value": ["1", "2"]})


def test_a_star_lifts_the_restriction_where_the_parameter_says_any() -> None:
    assert answer(trial("country", "any: true", default="country:MLI").bind({"value": ["*"]})) == [
        None
    ]
    with pytest.raises(BadParameter):
        trial("country", default="country:MLI").bind({"value": ["*"]})


def test_only_a_choice_is_taken_where_there_are_choices() -> None:
    query = trial("lang", "choices: {fr: {fr: français, en: French}}", default='"fr"')
    assert answer(query.bind({"value": ["fr"]})) == [ox.Literal("fr")]
    with pytest.raises(BadParameter, match="write fr"):
        query.bind({"value": ["en"]})


def test_a_required_parameter_has_to_be_given() -> None:
    query = trial("integer", "required: true", default="7")
    assert query.defaults == {"value": ("7",)}
    with pytest.raises(MissingParameter, match="value is missing"):
        query.bind({"value": [""]})


def test_every_block_of_a_parameter_is_bound() -> None:
    source = SOURCE.replace("TYPE, FLAGS", "integer,").replace("DEFAULT", "7")
    twice = source.replace("} }\n", "} { VALUES ?value { 7 } } }\n")
    assert answer(read_query("trial", twice).bind({"value": ["8"]})) == [ox.Literal(8)]


def test_an_unknown_parameter_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownParameter) as caught:
        trial("text").bind({"valeur": ["x"]})
    assert (caught.value.name, caught.value.known) == ("valeur", ("value",))


def test_an_unknown_query_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownQuery) as caught:
        find_query("nothing")
    assert caught.value.known == tuple(catalogue())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("#+ summary", "#+ sumary"), "sumary"),
        (("{fr: Essai, en: Trial}", "{fr: Essai}"), "en"),
        (("type: TYPE", "type: number"), "type number"),
        (("type: TYPE", "type: concept"), "concept and a scheme"),
        (("VALUES ?value", "VALUES ?other"), r"no block VALUES \?value"),
        (("{ DEFAULT }", "{ nowhere:x }"), "trial.rq"),
        (("#+ tags: [trial]", "#+ tags: [trial"), "trial.rq"),
        (("type: TYPE", "type: text, default: x"), "default"),
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_told(change: tuple[str, str], reason: str) -> None:
    source = SOURCE.replace(*change).replace("TYPE", "text").replace("FLAGS ", "")
    with pytest.raises(QueryFileError, match=reason):
        read_query("trial", source.replace("DEFAULT", "UNDEF"))


def test_the_header_is_for_people_and_the_text_for_clients() -> None:
    query = find_query("association-founding-dates")
    assert query.summary.en.startswith("Which associations")
    assert query.tags == ("CQ06", "associations")
    assert query.defaults == {"country": ("MLI", "SEN", "MAR")}
    assert [heading.fr for heading in query.columns.values()][1] == "Création"
    assert query.text.startswith("PREFIX ")
    assert "#+" not in query.text
