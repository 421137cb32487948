"""Results in JSON, XML, CSV and TSV: exactly how each format of the standards writes each term."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest

TERMS = r"""
SELECT ?iri ?plain ?tagged ?typed { VALUES (?iri ?plain ?tagged ?typed) {
  (<https://example.org/a?b=c&d> "plain" "chat"@fr 1)
  (UNDEF "q\"u'o,t\te\nd\\" "خاي"@ar "1998"^^<http://www.w3.org/2001/XMLSchema#gYear>)
  (<https://example.org/é> "" UNDEF 1.5)
  (UNDEF "<&>\r" UNDEF true)
} }"""
ROUND = "SELECT (BNODE() AS ?x) (?x AS ?same) {}"
SPARQL = "{http://www.w3.org/2005/sparql-results#}"
XSD = "http://www.w3.org/2001/XMLSchema#"


def test_json_writes_each_kind_of_term(standard):
    """SPARQL 1.1 Query Results JSON Format, 3.2."""
    reply = standard.get(TERMS, format="json")
    assert reply.json == {
        "head": {"vars": ["iri", "plain", "tagged", "typed"]},
        "results": {
            "bindings": [
                {
                    "iri": {"type": "uri", "value": "https://example.org/a?b=c&d"},
                    "plain": {"type": "literal", "value": "plain"},
                    "tagged": {"type": "literal", "value": "chat", "xml:lang": "fr"},
                    "typed": {"type": "literal", "value": "1", "datatype": XSD + "integer"},
                },
                {
                    "plain": {"type": "literal", "value": "q\"u'o,t\te\nd\\"},
                    "tagged": {"type": "literal", "value": "خاي", "xml:lang": "ar"},
                    "typed": {"type": "literal", "value": "1998", "datatype": XSD + "gYear"},
                },
                {
                    "iri": {"type": "uri", "value": "https://example.org/é"},
                    "plain": {"type": "literal", "value": ""},
                    "typed": {"type": "literal", "value": "1.5", "datatype": XSD + "decimal"},
                },
                {
                    "plain": {"type": "literal", "value": "<&>\r"},
                    "typed": {"type": "literal", "value": "true", "datatype": XSD + "boolean"},
                },
            ]
        },
    }


def test_xml_writes_each_kind_of_term(standard):
    """SPARQL Query Results XML Format, 2.3.1."""
    document = ElementTree.fromstring(standard.get(TERMS, format="xml").body)
    assert document.tag == SPARQL + "sparql"
    variables = [each.get("name") for each in document.iter(SPARQL + "variable")]
    assert variables == ["iri", "plain", "tagged", "typed"]
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    found = [
        {
            binding.get("name"): (
                binding[0].tag.removeprefix(SPARQL),
                binding[0].text or "",
                binding[0].get(language) or binding[0].get("datatype"),
            )
            for binding in result
        }
        for result in document.iter(SPARQL + "result")
    ]
    assert found == [
        {
            "iri": ("uri", "https://example.org/a?b=c&d", None),
            "plain": ("literal", "plain", None),
            "tagged": ("literal", "chat", "fr"),
            "typed": ("literal", "1", XSD + "integer"),
        },
        {
            "plain": ("literal", "q\"u'o,t\te\nd\\", None),
            "tagged": ("literal", "خاي", "ar"),
            "typed": ("literal", "1998", XSD + "gYear"),
        },
        {
            "iri": ("uri", "https://example.org/é", None),
            "plain": ("literal", "", None),
            "typed": ("literal", "1.5", XSD + "decimal"),
        },
        {"plain": ("literal", "<&>\r", None), "typed": ("literal", "true", XSD + "boolean")},
    ]


def test_csv_writes_the_text_of_terms_and_quotes_what_needs_it(standard):
    """SPARQL 1.1 Query Results CSV and TSV Formats, 3; RFC 4180, 2."""
    reply = standard.get(TERMS, format="csv")
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.body.decode() == (
        "iri,plain,tagged,typed\r\n"
        "https://example.org/a?b=c&d,plain,chat,1\r\n"
        ',"q""u\'o,t\te\nd\\",خاي,1998\r\n'
        "https://example.org/é,,,1.5\r\n"
        ',"<&>\r",,true\r\n'
    )
    parsed = list(csv.reader(io.StringIO(reply.body.decode(), newline="")))
    assert parsed[2] == ["", "q\"u'o,t\te\nd\\", "خاي", "1998"]


def test_tsv_writes_terms_as_turtle_does(standard):
    """SPARQL 1.1 Query Results CSV and TSV Formats, 4."""
    reply = standard.get(TERMS, format="tsv")
    assert reply.headers["Content-Type"] == "text/tab-separated-values; charset=utf-8"
    assert reply.body.decode() == (
        "?iri\t?plain\t?tagged\t?typed\n"
        '<https://example.org/a?b=c&d>\t"plain"\t"chat"@fr\t1\n'
        '\t"q\\"u\'o,t\\te\\nd\\\\"\t"خاي"@ar\t"1998"^^<http://www.w3.org/2001/XMLSchema#gYear>\n'
        '<https://example.org/é>\t""\t\t1.5\n'
        '\t"<&>\\r"\t\ttrue\n'
    )


def test_a_blank_node_is_the_same_within_one_result(standard):
    """JSON 3.2.2, XML 2.3.1, CSV and TSV 5: a label has its scope in the result."""
    row = standard.get(ROUND, format="json").json["results"]["bindings"][0]
    assert row["x"] == row["same"]
    assert row["x"]["type"] == "bnode"
    label, same = standard.get(ROUND, format="csv").text.splitlines()[1].split(",")
    assert label == same
    assert re.fullmatch(r"_:\w+", label)
    label, same = standard.get(ROUND, format="tsv").text.splitlines()[1].split("\t")
    assert (label, label[:2]) == (same, "_:")
    nodes = ElementTree.fromstring(standard.get(ROUND, format="xml").body).iter(SPARQL + "bnode")
    first, second = (node.text for node in nodes)
    assert first == second


def test_a_boolean_is_written_in_json_and_xml(standard):
    """JSON 3.3, XML 2.3.2."""
    assert json.loads(standard.get("ASK {}", format="json").body) == {"head": {}, "boolean": True}
    nothing = standard.get("ASK { <a:a> <b:b> 1 }", format="xml")
    document = ElementTree.fromstring(nothing.body)
    assert document.findtext(SPARQL + "boolean") == "false"


@pytest.mark.parametrize(
    ("query", "bodies"),
    [
        ("SELECT ?x { FILTER (false) }", ("x\r\n", "?x\n")),
        ("SELECT ?x {}", ("x\r\n\r\n", "?x\n\n")),
        ("SELECT ?x ?y {}", ("x,y\r\n,\r\n", "?x\t?y\n\t\n")),
    ],
    ids=["no row", "one empty row", "two empty cells"],
)
def test_no_solution_and_an_empty_one_are_told_apart(standard, query, bodies):
    """CSV and TSV, 3.2 and 4.2."""
    assert (
        standard.get(query, format="csv").text,
        standard.get(query, format="tsv").text,
    ) == bodies


@pytest.mark.parametrize(
    ("term", "short"),
    [
        ("-3", "-3"),
        ("1.0e6", None),
        ('"1"^^<http://www.w3.org/2001/XMLSchema#string>', '"1"'),
        ("false", "false"),
        ('"abc"^^<http://www.w3.org/2001/XMLSchema#integer>', None),
        ('"x"^^<https://example.org/t>', '"x"^^<https://example.org/t>'),
        ('"é\\u0301 \\U0001F30D"', '"é\u0301 🌍"'),
    ],
)
def test_a_term_survives_tsv(standard, term, short):
    """TSV, 4: what is written reads back as the term in Turtle."""
    query = f"SELECT ?x {{ VALUES ?x {{ {term} }} }}"
    written = standard.get(query, format="tsv").text.splitlines()[1]
    if short is not None:
        assert written == short
    assert standard.get(f"ASK {{ FILTER sameTerm({written}, {term}) }}").json["boolean"] is True


def test_a_direction_is_written_as_rdf_1_2_has_it(standard):
    """SPARQL 1.2 Query Results: the base direction of a text."""
    query = 'SELECT ?x { VALUES ?x { "شرق"@ar--rtl } }'
    binding = standard.get(query, format="json").json["results"]["bindings"][0]["x"]
    assert binding == {"type": "literal", "value": "شرق", "xml:lang": "ar", "its:dir": "rtl"}
    assert standard.get(query, format="tsv").text == '?x\n"شرق"@ar--rtl\n'
    literal = next(
        ElementTree.fromstring(standard.get(query, format="xml").body).iter(SPARQL + "literal")
    )
    assert literal.get("{http://www.w3.org/2005/11/its}dir") == "rtl"


def test_a_triple_term_is_written_as_rdf_1_2_has_it(standard):
    """SPARQL 1.2 Query Results: a triple as a term."""
    query = "SELECT ?x { VALUES ?x { <<( <a:a> <b:b> 'c' )>> } }"
    binding = standard.get(query, format="json").json["results"]["bindings"][0]["x"]
    assert binding == {
        "type": "triple",
        "value": {
            "subject": {"type": "uri", "value": "a:a"},
            "predicate": {"type": "uri", "value": "b:b"},
            "object": {"type": "literal", "value": "c"},
        },
    }
    assert standard.get(query, format="tsv").text == '?x\n<<( <a:a> <b:b> "c" )>>\n'
