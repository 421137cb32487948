"""The words about a text that is no query: plain, in both languages, with line and column."""

import pytest

CASES = [
    ("PREFIX mlg: <http://e/>\nSELECT * { ?s mgl:a ?o }", 2, 15,
     "prefix mgl: is not declared (did you mean mlg:?)"),
    ("SELECT * { ?s\n rdfs:label ?o }", 2, 2, "prefix rdfs: is not declared"),
    ("SELECT * {\n?s ?p ?o", 1, 10, "“{” is not closed"),
    ("SELECT * { ?s ?p ?o FILTER(?o > 3 }", 1, 27, "“(” is not closed"),
    ("ASK{ ?s ?p [ }", 1, 12, "“[” is not closed"),
    ("SELECT * { ?s ?p ?o } }", 1, 23, "“}” closes nothing"),
    ('SELECT * { ?s ?p "Évry }', 1, 18, 'the string that begins with "Évry } is not closed'),
    ("SELECT * { ?s ?p 'a\nb' }", 1, 18, "the string that begins with 'a is not closed"),
    ("SELECT * { ?s ?p '''a' }", 1, 18, "the string that begins with '''a' } is not closed"),
    ("ASK { ?s ?p <http://example.org/a }", 1, 13, "the IRI <http://example.org/a is not closed"),
    ("ASK { ?s <http://example.org/a b> 1 }", 1, 10, "holds a character that no IRI has"),
    ("SELCT * {}", 1, 1, "no query begins with “SELCT” (did you mean SELECT?)"),
    ("hello", 1, 1, "no query begins with “HELLO”"),
    ("SELECT * WERE { ?s ?p ?o }", 1, 10, "“WERE” is no word of SPARQL (did you mean WHERE?)"),
    ("SELECT * { OPTINAL { ?s ?p ?o } }", 1, 12, "did you mean OPTIONAL?"),
    ("PREFIX ex <http://e/> SELECT * {}", 1, 1, "the PREFIX declaration is incomplete"),
    ("PREFIX ex: <http://e/>", 1, 23, "the query ends before it has begun"),
    ("\n INSERT DATA { <a:a> <a:b> 1 }", 2, 2, "INSERT changes data, and this endpoint only reads"),
    ("SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }", None, None, "neither in GROUP BY nor in"),
    ("SELECT * {\n ?s ?p }", 2, 8, "the query stops being SPARQL at “}”"),
    ("SELECT ?s COUNT(?x) {}", 1, 11, "the query stops being SPARQL at “COUNT(?x) {}”"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "line", "column", "words"), CASES)
def test_a_mistake_is_told_in_plain_words_where_it_is(endpoint, query, line, column, words):
    english = endpoint.get(query, lang="en")
    assert (english.status, english.json["type"].rpartition("/")[2]) == (400, "syntax")
    assert words in english.json["detail"]
    if line is not None:
        assert (english.json["line"], english.json["column"]) == (line, column)
        assert english.json["detail"].startswith(f"Line {line}, column {column}: ")
    french = endpoint.get(query, lang="fr").json
    assert french["detail"] != english.json["detail"]
    assert all(french[text] for text in ("detail", "advice"))
