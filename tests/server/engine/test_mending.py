"""Queries that sort and join texts: over HTTP, and the text that is evaluated."""

import pytest

from server.engine.pool.mending import mended

DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
MIXED = '"841" 780 0 "12" 5 "7" 99 "100" 3 "44" 67 "5" 1 "2" 8 "9" 10 "11" 12 "13" 14 "15" 16 "17"'


def column(endpoint, query: str) -> list[str]:
    reply = endpoint.get(query)
    assert reply.status == 200, reply.text
    return [value for (value,) in reply.values]


def test_numbers_are_in_order_beside_one_that_is_none(endpoint):
    wrong = f'"12 000"^^<{DECIMAL}> "n.c." "12 000,50"^^<{DECIMAL}>'
    values = f"15000 7 {wrong} 1000.0 1.5 90 250 <x:y> UNDEF"
    query = f"SELECT ?a {{ VALUES ?a {{ {values} }} }} ORDER BY"
    numbers = ["1.5", "7", "90", "250", "1000", "15000"]
    found = column(endpoint, f"{query} ?a")
    assert found[:8] == ["", "x:y", *numbers]
    assert sorted(found[8:]) == ["12 000", "12 000,50", "n.c."]
    falling = column(endpoint, f"{query} DESC(?a)")
    assert falling[3:] == [*reversed(numbers), "x:y", ""]


@pytest.mark.parametrize("key", ["?o", "(?o)", "ASC(COALESCE(?o, 0))"])
def test_numbers_and_texts_that_look_like_them_are_sorted_and_nobody_dies(endpoint, key):
    found = column(endpoint, f"SELECT ?o {{ VALUES ?o {{ {MIXED} }} }} ORDER BY {key}")
    assert [int(value) for value in found[:12]] == [0, 1, 3, 5, 8, 10, 12, 14, 16, 67, 99, 780]
    assert found[12:] == sorted(found[12:])


@pytest.mark.parametrize(
    ("expression", "joined"),
    [
        ('GROUP_CONCAT(?p; SEPARATOR=" ")', "http://ex.example/evry http://ex.example/kayes"),
        ("group_concat(?y;separator=';')", "2010;2011"),
        ("GROUP_CONCAT(DISTINCT ?y)", "2010 2011"),
        ("GROUP_CONCAT(?l)", "Évry Kayes"),
        ("GROUP_CONCAT(CONCAT(STR(?p), ';', ?l); SEPARATOR=',')",
         "http://ex.example/evry;Évry,http://ex.example/kayes;Kayes"),
        ("GROUP_CONCAT(IF(?y > 2010, ?l, ?y))", "2010 Kayes"),
    ],
)  # fmt: skip
def test_what_is_joined_is_the_text_of_any_value(endpoint, expression, joined):
    values = "(<http://ex.example/evry> 2010 'Évry'@fr) (<http://ex.example/kayes> 2011 'Kayes'@fr)"
    query = f"SELECT ({expression} AS ?j) {{ VALUES (?p ?y ?l) {{ {values} }} }}"
    assert column(endpoint, query) == [joined]


def test_texts_of_one_language_keep_it(endpoint):
    reply = endpoint.get("SELECT (GROUP_CONCAT(?l) AS ?j) { VALUES ?l { 'a'@fr 'b'@fr } }")
    assert reply.json["results"]["bindings"][0]["j"]["xml:lang"] == "fr"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'ORDER BY ?o' } # ORDER BY ?o",
        "SELECT ?order { ?order ?by ?o }",
        "SELECT * { ?s ?p ?o } ORDER BY",
        "SELECT (GROUP_CONCAT(?x AS ?y) {}",
        "SELECT (GROUP_CONCAT() AS ?y) {}",
        "SELECT (GROUP_CONCAT(",
    ],
)
def test_what_needs_no_mending_or_is_no_query_stays_as_it_is(query):
    assert mended(query) == query


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDERBY DESC(?n) ?s LIMIT 3", 2),
        ("SELECT * { { SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 2 } } ORDER BY ASC(?s) $s", 3),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY <x:f>(?o) STR(?s) ?o OFFSET 1", 3),
        ("SELECT * { ?s ?p ?o } ORDER BY (?o + 1 # (\n) DESC(COALESCE(?p, 1)) LIMIT 3", 2),
    ],
)
def test_every_sort_key_is_mended(query, keys):
    assert mended(query).count("ISNUMERIC") == keys
