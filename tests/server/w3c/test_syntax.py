"""SPARQL 1.1 Query, section 19: which texts are queries, over HTTP, our lexer before the engine."""

import pytest

from tests.server.w3c.conftest import blocks, marks

CASES = [
    pytest.param(
        line[0] == "+",
        line[2:].partition(" #deviates")[0].replace("⏎", "\n"),
        id=f"{clause} | {line}",
        marks=marks(line),
    )
    for clause, block in blocks("syntax.cases")
    for line in block.splitlines()
]
NESTING = 200


@pytest.mark.parametrize(("valid", "query"), CASES)
def test_a_text_is_a_query_or_none_as_the_grammar_says(standard, valid, query):
    reply = standard.get(query)
    if valid:
        assert reply.status == 200, reply.text
    else:
        assert (reply.status, reply.json["type"].rpartition("/")[2]) == (400, "syntax")
        assert reply.json["line"] >= 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (" + "(" * (NESTING - 2) + "1" + ")" * (NESTING - 2) + " AS ?x) {}",
        "SELECT * " + "{" * NESTING + "}" * NESTING,
        "SELECT ('" + "(" * 100_000 + "' AS ?x) {}",
        "ASK { FILTER ('''" + "SERVICE { ' " * 30_000 + "''' != '') }",
        "ASK {} # " + "{" * 100_000,
        "ASK { VALUES ?x { " + "1 " * 100_000 + "} }",
    ],
    ids=[
        "parentheses",
        "braces",
        "brackets in a string",
        "SERVICE in a string",
        "comment",
        "VALUES",
    ],
)
def test_what_is_long_or_deep_but_within_the_limits_is_answered(standard, query):
    reply = standard.post(query.encode(), "application/sparql-query")
    assert reply.status == 200, reply.text[:300]
