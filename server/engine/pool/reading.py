"""The reading of a text by the engine's own parser, in the sandbox; nothing is evaluated.

The parser gives no tree, but it tells whether a text is a query. Where SERVICE is a keyword, the
text is none with another word in its place; in a string, an IRI, a name or a comment it still is.
So no spelling that the parser reads can be overlooked: `SERVICESILENT<…>`, `1e0SERVICE<…>`.
"""

import re
from functools import cache
from typing import Any

from pyoxigraph import NamedNode, Store, Variable

from server.engine.query_text import place_of, read_structure, service_place, unescape

NOT_A_LINE = re.compile(r"[^\n\r]")
LETTERS = "xqzjkvw"
# FROM, and what the grammar lets follow (rules 13 to 16): a graph, NAMED or a comment. A name such
# as `prov:wasDerivedFrom/dct:source` costs nothing more.
MAY_BE_CLAUSE = re.compile(r"(?i:from)[ \t\r\n]*+[<:#\\A-Za-z\x80-\U0010ffff]")


class RefusedError(Exception):
    """A query without an answer, by the kind and the facts of its `EngineError`."""

    def __init__(self, kind: str, **facts: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.facts = facts


def check(text: str, **options: Any) -> None:
    """Raise RefusedError for SERVICE, and for FROM that the lexer reads otherwise than the parser.

    The options are those of `Store.query` that parsing depends on: `base_iri`, `prefixes`.
    SyntaxError for a text that may have one of them and is no query.
    """
    lowered = text.lower()
    if "service" in lowered:
        parse(text, **options)
        if not is_query(renamed(text, "service"), **options):
            line, column = service_place(text) or place_of(text, lowered.find("service"))
            raise RefusedError("service", line=line, column=column)
    if MAY_BE_CLAUSE.search(text):
        parse(text, **options)
        rest = without_clauses(text)
        if not is_query(rest, **options) or not is_query(renamed(rest, "from"), **options):
            raise RefusedError("unclear")


def check_for_others(text: str, **options: Any) -> None:
    """The same, before another engine is asked: it may resolve the escapes of a text first.

    A text is refused that is no query, or another one, with its escapes resolved.
    """
    check(text, **options)
    resolved = unescape(text)
    if resolved != text and re.search("service|from", resolved, re.IGNORECASE):
        try:
            check(resolved, **options)
        except SyntaxError:
            raise RefusedError("unclear") from None


def is_query(text: str, **options: Any) -> bool:
    """True where the engine's parser takes a text."""
    try:
        parse(text, **options)
    except SyntaxError:
        return False
    return True


def parse(text: str, **options: Any) -> None:
    """Raise SyntaxError where a text is no query; nothing is evaluated.

    A value for a variable that the query does not have is refused after the text was read, and
    before it is planned.
    """
    unknown = "v"
    while unknown in text:
        unknown += unknown
    try:
        nothing().query(text, **options, substitutions={Variable(unknown): NamedNode("v:v")})
    except (RuntimeError, ValueError):
        return


@cache
def nothing() -> Store:
    """A store without a triple."""
    return Store()


def renamed(text: str, word: str) -> str:
    """The text with another last letter wherever the word stands, whatever its case.

    One that makes no word that the text has already: what is a name stays a name of the same.
    """
    lowered = text.lower()
    letter = next((one for one in LETTERS if word[:-1] + one not in lowered), None)
    if letter is None:
        raise RefusedError("unclear")
    return re.sub(f"({word[:-1]}){word[-1]}", rf"\g<1>{letter}", text, flags=re.IGNORECASE)


def without_clauses(text: str) -> str:
    """The text with blanks for each FROM clause that the lexer reads."""
    parts, at = [], 0
    for clause in read_structure(text).clauses:
        parts += [text[at : clause.start], NOT_A_LINE.sub(" ", text[clause.start : clause.end])]
        at = clause.end
    return "".join([*parts, text[at:]])
