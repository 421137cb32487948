"""SPARQL 1.1 Query, sections 5 to 16: what patterns, paths and modifiers give, over HTTP."""

import re

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.server.w3c.conftest import PREFIXES, PROLOGUE, blocks, expected_term, marks, rows

TURTLE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


def cases(name):
    """The query and the expected lines of each case."""
    for clause, block in blocks(name):
        query = "\n".join(line for line in block.splitlines() if not line.startswith("-->"))
        expected = [line[3:].strip() for line in block.splitlines() if line.startswith("-->")]
        yield pytest.param(query, expected, id=f"{clause} | {query}", marks=marks(query))


def check(endpoint, query: str, expected: list[str]) -> None:
    """Ask a query, and compare with the lines of its case."""
    form = re.search(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", query)[1]
    graph = form in ("CONSTRUCT", "DESCRIBE")
    reply = endpoint.get(PROLOGUE + query, format="ntriples" if graph else "json")
    assert reply.status == 200, reply.text
    if form == "ASK":
        assert reply.json["boolean"] is (expected == ["true"])
        return
    wanted = [] if expected == ["none"] else expected
    if graph:
        stated = Graph().parse(data=TURTLE + "\n".join(wanted), format="turtle")
        assert isomorphic(Graph().parse(data=reply.text, format="nt"), stated)
        return
    found = rows(reply)
    stated = [tuple(expected_term(term) for term in row.split(" | ") if row) for row in wanted]
    if re.search(r"ORDER BY[^}]*$", query):
        assert found == stated
    else:
        assert sorted(found, key=repr) == sorted(stated, key=repr)


@pytest.mark.parametrize(("query", "expected"), cases("patterns.cases"))
def test_a_query_gives_the_solutions_that_its_clause_says(standard, query, expected):
    check(standard, query, expected)
