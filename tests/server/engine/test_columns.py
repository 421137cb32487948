"""The columns of `SELECT *`."""

import csv

import pytest
from pyoxigraph import Store

from server.engine.pool.columns import with_columns


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", ["s", "p", "o"]),
        ("select distinct*{ ?z ?y '?a' . ?a ?b 1 }", ["z", "y", "a", "b"]),
        (
            "BASE <x:a>\n#SELECT *\nPREFIX x: <b#> SELECT # *\n *# ?q\n{ ?s x:p ?o}",
            ["s", "o"],
        ),
        ("SELECT * { { SELECT ?c ?b { ?a ?b ?c } } MINUS { ?d ?e ?b } }", ["c", "b"]),
        ("SELECT * { ?z ?y ?x FILTER(?x<?y&&?y>?z) }", ["z", "y", "x"]),
        ("PREFIX  x:  <a:>\nPREFIX\ty: <b:>\n\nSELECT\n  *\n{ ?s ?p ?o }", ["s", "p", "o"]),
        ("SELECT REDUCED * { ?z ?y ?x } ORDER BY ?x LIMIT 1", ["z", "y", "x"]),
        ("SELECT * { OPTIONAL { ?b ?a ?o } VALUES ?a { 1 } }", ["b", "a", "o"]),
        ("SELECT ?b ?a { { SELECT * { ?a ?b ?c } } }", ["b", "a"]),
        ("SELECT ?b ?a { ?a ?b 2 FILTER(?a * 2 > 1) }", ["b", "a"]),
        ("SELECT * { ?z ?a ?b } VALUES ?y { 1 }", ["z", "a", "b", "y"]),
        ("SELECT * {}", []),
    ],
)
def test_columns_come_as_the_query_names_them(query, columns):
    results = Store().query(with_columns(query))
    assert [variable.value for variable in results.variables] == columns


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p }", "SELECT * { ?s ?p ?o } GROUP BY ?s"])
def test_what_is_wrong_stays_as_it_is(query):
    assert with_columns(query) == query


def test_nothing_is_evaluated_to_learn_them(endpoint):
    """ORDER BY has its solutions made at once, and they call a function that is not there."""
    query = """PREFIX e: <https://example.org/> SELECT * {
      OPTIONAL { ?s e:gave ?o } BIND(IF(BOUND(?s), 1, e:f(1)) AS ?a) } ORDER BY ?o"""
    assert [row[1:] for row in endpoint.get(query).values] == [
        ("40", "1"),
        ("100", "1"),
        ("250", "1"),
    ]


@pytest.mark.parametrize("more", [{}, {"default-graph-uri": "https://example.org/a"}])
def test_a_table_has_them_so(endpoint, more):
    query = "SELECT * { ?s <https://example.org/gave> ?amount } ORDER BY ?amount LIMIT 1"
    table = list(csv.reader(endpoint.get(query, format="csv", **more).text.splitlines()))
    assert table[0] == ["s", "amount"]
    assert table[1] == ["https://example.org/kayes", "40"]
