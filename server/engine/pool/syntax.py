"""The mistake in a text that the engine's parser refuses, as a person would say it.

The parser lists every terminal that could have come, at a place that is often past the mistake. So
the usual mistakes are looked for first: a prefix that is not declared, a string, an IRI or a
bracket that is not closed, a first word that begins no query.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple

from server.engine.query_text import (
    FORMS,
    SPACE,
    STRUCTURE,
    is_ended,
    place_of,
    read_prologue,
    tokens,
)

PARSER_ERROR = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
EXPECTED = re.compile(r""" "(?:[^"\\]|\\.)*" | \[(?:'[^']*'|[^\]'])*\] | [^,\[\]"]+ """, re.VERBOSE)
TERMINALS_SHOWN = 12
NEAR_CHARACTERS = 30
# So many unknown words are compared with the known ones.
LOOKED_UP = 20
PAIRS = {")": "(", "]": "[", "}": "{", ">>": "<<"}
SPACES = re.compile(SPACE)
NEXT_WORD = re.compile(r"\w+|.", re.DOTALL)
OPEN_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*+://[^<>\"{}|^`\\\x00-\x20]*+(?!>)")
UPDATE_WORDS = (
    "insert",
    "delete",
    "load",
    "clear",
    "drop",
    "create",
    "add",
    "move",
    "copy",
    "with",
)
KEYWORDS = frozenset(
    """a abs adjust as asc ask avg base bind bnode bound by ceil coalesce concat construct contains
    count datatype day desc describe distinct encode_for_uri exists false filter floor from graph
    group group_concat haslang haslangdir having hours if in iri isblank isiri isliteral isnumeric
    istriple isuri lang langdir langmatches lateral lcase limit max md5 min minus minutes month
    named not now object offset optional order predicate prefix rand reduced regex replace round
    sample sameterm seconds select separator service sha1 sha256 sha384 sha512 silent str strafter
    strbefore strdt strends strlang strlangdir strlen strstarts struuid subject substr sum timezone
    triple true tz ucase undef union unsaid uri uuid values version where year""".split()  # noqa: SIM905 (as prose it is read)
)
UNBOUND = "variable that is unbound"


class Mistake(NamedTuple):
    """A mistake: a reason that `problems.yml` has words for, its place, and the word there."""

    reason: str
    offset: int
    found: str
    meant: str = ""


def facts(text: str, message: str) -> dict[str, Any]:
    """The attributes of the `QuerySyntaxError` for a text, and what the parser says of it."""
    place = PARSER_ERROR.match(message)
    line, column, rest = place.groups() if place else (0, 0, message)
    stop = offset_of(text, int(line), int(column))
    mistake = next(mistakes(text), None)
    if mistake is None and UNBOUND in rest:
        mistake = Mistake("unbound", stop, "")
    if mistake is None:
        mistake = near(text, stop)
    line, column = place_of(text, mistake.offset)
    return {
        "message": expected(rest),
        "line": line,
        "column": column,
        "reason": mistake.reason,
        "found": mistake.found,
        "meant": mistake.meant,
    }


def mistakes(text: str) -> Iterator[Mistake]:
    """The usual mistakes that a text has, those first that make others."""
    prologue = read_prologue(text)
    if prologue.form is None:
        yield beginning(text, prologue.end)
        return
    found = list(tokens(text, prologue.end))
    looked = 0
    for token in found:
        if token.kind == "text" and not is_ended(token.text):
            yield Mistake("string", token.start, token.text[:NEAR_CHARACTERS])
    wrong = list(brackets(text, prologue.end))
    yield from (mistake for mistake in wrong if mistake.reason == "iri")
    for token in found:
        prefix = token.text.partition(":")[0]
        if token.kind == "prefixed" and prefix not in prologue.prefixes:
            yield like(
                "prefix", token.start, prefix[:NEAR_CHARACTERS], list(prologue.prefixes), ":"
            )
        elif token.kind == "word" and token.text.lower() not in KEYWORDS and looked < LOOKED_UP:
            looked += 1
            close = get_close_matches(token.text[:NEAR_CHARACTERS].lower(), KEYWORDS, 1, 0.75)
            if close:
                yield Mistake(
                    "keyword", token.start, token.text[:NEAR_CHARACTERS], close[0].upper()
                )
    yield from wrong


def like(reason: str, offset: int, found: str, known: Iterable[str], end: str = "") -> Mistake:
    """A mistake with the known word that is most like it, if one is."""
    close = get_close_matches(found, list(known), 1, 0.5)
    if close:
        return Mistake(f"{reason}-like", offset, found + end, close[0] + end)
    return Mistake(reason, offset, found + end)


def beginning(text: str, end: int) -> Mistake:
    """Why no query begins after the declarations."""
    at = SPACES.match(text, end).end()  # type: ignore[union-attr]  # it matches nothing, too
    word = NEXT_WORD.match(text, at)
    found = word[0][:NEAR_CHARACTERS] if word else ""
    if found.lower() in ("prefix", "base", "version"):
        return Mistake("declaration", at, found.upper())
    if found.lower() in UPDATE_WORDS:
        return Mistake("update", at, found.upper())
    if not found:
        return Mistake("empty", at, "")
    return like("form", at, found.upper(), [form.upper() for form in FORMS])


def brackets(text: str, start: int) -> Iterator[Mistake]:
    """The first bracket without its other, and the first IRI that does not end."""
    opened: list[tuple[str, int]] = []
    end = start
    for token in STRUCTURE.finditer(text, start):
        iri = OPEN_IRI.search(text, end, token.start())
        if iri:
            yield Mistake("iri", iri.start(), iri[0][:NEAR_CHARACTERS])
            return
        end = token.end()
        if token.lastgroup == "open":
            opened.append((token[0], token.start()))
        elif token.lastgroup == "close" and (
            token[0] != ">>" or (opened and opened[-1][0] == "<<")
        ):
            if not opened:
                yield Mistake("close", token.start(), token[0])
                return
            bracket, place = opened.pop()
            if bracket != PAIRS[token[0]]:
                yield Mistake("open", place, bracket)
                return
    iri = OPEN_IRI.search(text, end)
    if iri:
        yield Mistake("iri", iri.start(), iri[0][:NEAR_CHARACTERS])
    elif opened:
        yield Mistake("open", opened[-1][1], opened[-1][0])


def near(text: str, stop: int) -> Mistake:
    """The terminal at which the parser stopped: its place is that after it."""
    start = 0
    for token in tokens(text):
        if token.start >= stop:
            break
        start = token.start
    found = " ".join(text[start : start + NEAR_CHARACTERS].split())
    return Mistake("near" if found else "", start, found)


def offset_of(text: str, line: int, column: int) -> int:
    """The offset of a line and a column; the end of the text past it."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(len(text), start + max(0, column - 1))


def expected(rest: str) -> str:
    """The terminals that the parser would have taken, the reasons first."""
    found = [item.strip() for item in EXPECTED.findall(rest)]
    # It lists character classes too: they help nobody. What has spaces is a reason.
    words = [item for item in found if item and not item.startswith("[")]
    words.sort(key=lambda item: " " not in item)
    return ", ".join(words[:TERMINALS_SHOWN])
