"""SPARQL 1.1 Query, section 17: what each operator and function gives, over HTTP."""

import pytest

from tests.server.w3c.conftest import PROLOGUE, blocks, expected_term, marks, rows


def cases():
    """The expression and the expected term of each line."""
    for clause, block in blocks("functions.cases"):
        for line in block.splitlines():
            expression, expected = line.partition(" #deviates")[0].split(" ==> ")
            name = f"{clause} | {line}"
            yield pytest.param(expression, expected, id=name, marks=marks(line))


@pytest.mark.parametrize(("expression", "expected"), cases())
def test_an_expression_gives_what_its_clause_says(standard, expression, expected):
    reply = standard.get(f"{PROLOGUE} SELECT ({expression} AS ?x) {{}}")
    assert reply.status == 200, reply.text
    assert rows(reply) == [(expected_term(expected),)]
