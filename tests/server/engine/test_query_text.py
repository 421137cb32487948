"""The structure of a text, read outside the sandbox: as the grammar has it, in linear time."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from server.engine.errors import EngineError
from server.engine.limits import Limits, read_checked
from server.engine.query_text import (
    read_prologue,
    read_structure,
    scan_structure,
    service_place,
    tokens,
)
from server.sparql import protocol

LONG = 500_000
BEGINNINGS = ("", "DESCRIBE ", "SELECT * { service ")
# One of each kind of token, and what a reader of it may stumble over.
FLOODS = (
    "a.", "a", "ab ", "a-", "a_", "é.", "·", "😀", ".", ":", "::", ":a", "a:", "a.b:c.", "ex:a%",
    "%", "%41", "a:\\-", "\\", "a\\", "'", '"', "'''", '"""', '"a\\"', "''a'", "\\u", "\\u0041",
    "<", "<a", "<a>", "<#a", "<#a>", "<\\u0041", "#", "#\n", "(", "{", "[", "()", "{}", "9", "9.",
    "9e9", "9.9", "?", "?x", "$a", "@a", "@a-", "_:", "_:a.", "_", "BASE<", "BASE<a>", "BASE<a/>",
    "PREFIX", "PREFIX a", "PREFIX a:", "PREFIX a:<b>", "VERSION'", "VERSION'a'", "SELECT*",
    "FROM", "FROM<a>", "FROM a:", "FROMNAMED", "SERVICE", "SERVICESILENT", "service<a>{}", "true.",
    "TRUE", "now", "now ", "now#", "now(", "rand\n", "\r\n\t ", "&&", "VALUES?x{a:b",
)  # fmt: skip


def read(text: str) -> None:
    """All that is done with a text before an evaluator has it."""
    respelt = protocol.respell(text)
    protocol.is_repeatable(respelt)
    with suppress(EngineError):
        read_checked(respelt, Limits())
    service_place(respelt)


def seconds(beginning: str, unit: str, length: int) -> float:
    """The processor time that such a text takes."""
    text = (beginning + unit * length)[:length]
    start = time.thread_time()
    read(text)
    return time.thread_time() - start


@pytest.mark.parametrize("unit", FLOODS)
def test_a_text_is_read_in_time_that_grows_with_its_length(unit):
    for beginning in BEGINNINGS:
        whole = seconds(beginning, unit, LONG)
        # A quarter of the length a sixteenth of the time, were it the square; what is quick passes.
        assert whole < 0.5 or whole < 9 * seconds(beginning, unit, LONG // 4)


def test_bases_and_prefixes_that_grow_are_not_followed():
    grown = "BASE<http://e/>" + "BASE<aaaaaaaaaaaaaaaa/>" * 20_000 + "SELECT*{}"
    assert read_prologue(grown).form is None
    assert len(read_prologue(grown).base) < 4096
    many = "".join(f"PREFIX p{number}:<http://e/>" for number in range(20_000))
    assert len(read_prologue(many).prefixes) == 1000


@pytest.mark.parametrize(
    ("text", "form", "default", "named"),
    [
        ("SELECT*FROM<http://e/g>{}", "select", ["http://e/g"], []),
        ("SELECTDISTINCT*FROMNAMED<http://e/g>{?s FROM ?p}", "select", [], ["http://e/g"]),
        ("SELECT(1 AS?x)FROM<http://\\u0065/g>{}", "select", ["http://e/g"], []),
        ("SELECT?xFROM<http://e/g>{}", "select", [], []),
        ("ASKFROM<http://e/g>{}", "ask", ["http://e/g"], []),
        ("PREFIXa:<http://e/>ASKFROMa:g{}", "ask", ["http://e/g"], []),
        (
            "PREFIX NAMEDa:<http://n/>PREFIX a:<http://e/>ASK FROMNAMEDa:g FROM NAMED a:h.{}",
            "ask", ["http://n/g"], ["http://e/h"],
        ),
        ("CONSTRUCTWHERE{?s?p?o}", "construct", [], []),
        ("CONSTRUCT{?s?p?o}FROM<http://e/g>WHERE{}", "construct", ["http://e/g"], []),
        (
            "CONSTRUCT FROM<http://e/g> from #c\nNaMeD\n<http://e/h>WHERE{}",
            "construct", ["http://e/g"], ["http://e/h"],
        ),
        ("PREFIX a:<http://e/>DESCRIBE a:a FROM a:g", "describe", ["http://e/g"], []),
        ("PREFIX a:<http://e/>DESCRIBE a:a FROMa:g", "describe", ["http://e/g"], []),
        ("PREFIX FROMa:<http://e/>DESCRIBE FROMa:a FROM<http://e/g>", "describe",
         ["http://e/g"], []),
        ("BASE<http://e/>VERSION '1.2' BASE <c/> SELECT*FROM<g#>{}", "select",
         ["http://e/c/g#"], []),
        ("# SELECT\nSELECT * { ?s ?p 'FROM <g>' } # FROM <g>", "select", [], []),
        ("LOAD <http://e/>", None, [], []),
    ],
)  # fmt: skip
def test_keywords_are_read_as_the_grammar_has_them_with_or_without_blanks(
    text, form, default, named
):
    structure = read_structure(text)
    assert structure.form == form
    assert (list(structure.default_graphs), list(structure.named_graphs)) == (default, named)


def test_brackets_count_where_they_may_be_brackets():
    assert read_structure("SELECT * { ?s ?p '(((' } # (((").depth == 1
    assert scan_structure("SELECT * { ?s ?p '(((' }").depth == 4
    assert read_structure("ASK{FILTER(?a<((((1))))>2)}").depth == 6
    assert read_structure("ASK{FILTER(?a<?b#>)\n((((").depth == 6
    assert read_structure("ASK{<<<<?a ?b ?c>> ?d ?e>> ?f ?g}").depth == 3
    assert read_structure("ASK{))((").depth == 2
    assert read_structure("ASK{ex:a\\( ?p 'x").depth == 2


def test_a_name_with_dots_is_one_where_a_colon_follows():
    found = [(token.kind, token.text) for token in tokens("a.b:c.d. a.b true.FILTER 1.e0SERVICE")]
    assert found == [
        ("prefixed", "a.b:c.d"),
        ("word", "a"),
        ("word", "b"),
        ("word", "true"),
        ("word", "FILTER"),
        ("number", "1.e0"),
        ("word", "SERVICE"),
    ]


WORST = ("a.", "'", '"', '"""', "'''", "\\u0041", "<", "<#a", "(", "9", "%", "BASE<a/>", "SERVICE")


@pytest.mark.parametrize("unit", WORST)
def test_the_site_answers_while_the_worst_texts_are_read(endpoint, unit):
    text = ("SELECT*FROM<http://e/>{" + unit * LONG)[:LONG].encode()
    with ThreadPoolExecutor(3) as pool:
        replies = [pool.submit(endpoint.post, text, "application/sparql-query") for _ in range(3)]
        longest = 0.0
        while not all(reply.done() for reply in replies):
            start = time.monotonic()
            assert endpoint.request("/health").status == 200
            longest = max(longest, time.monotonic() - start)
    assert {reply.result().status for reply in replies} <= {400, 500, 503}
    assert longest < 1.5  # 0.3 s where nobody else needs the processor
