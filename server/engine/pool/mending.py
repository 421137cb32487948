"""A query written so that the engine sorts and joins texts as its readers expect.

ORDER BY compares a number with a text, or with a number that is none ("12 000"^^xsd:decimal), by
their characters, so that 250 may come after 1000, and a sort that contradicts itself aborts the
process. SPARQL 1.1 Query, 15.1 leaves the order of these open: numbers come first among literals
here. GROUP_CONCAT of an IRI or a number has no value (18.5.1.7 joins texts): its text is meant.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from server.engine.pool.reading import is_query
from server.engine.query_text import Token, tokens

RANK = "IF(ISNUMERIC({0}),1,IF(ISLITERAL({0}),2,0))"
AS_TEXT = "COALESCE(CONCAT({0}),STR({0}))"
DIRECTIONS = ("asc", "desc")

Change = tuple[int, int, str]
"""A change of the text: two offsets, and the words that stand between them from now on."""


def mended(text: str, **options: Any) -> str:
    """The query as it is evaluated; its own text where nothing is to be mended, or in doubt."""
    lowered = text.lower()
    if "order" not in lowered and "group_concat" not in lowered:
        return text
    found = [token for token in tokens(text) if token.kind != "comment"]
    changes = sorted([*sort_keys(text, found), *joined_texts(text, found)])
    parts, at = [], 0
    for start, end, written in changes:
        if start < at:  # one within another
            return text
        parts += [text[at:start], written]
        at = end
    changed = "".join([*parts, text[at:]])
    return changed if changes and is_query(changed, **options) else text


def sort_keys(text: str, found: Sequence[Token]) -> Iterator[Change]:
    """Before each key of an ORDER BY, of what kind its value is."""
    words = [token.text.lower() if token.kind == "word" else "" for token in found]
    at = 0
    while at < len(found):
        glued = words[at] == "orderby"
        if not glued and (words[at] != "order" or words[at + 1 : at + 2] != ["by"]):
            at += 1
            continue
        at += 1 if glued else 2
        while at < len(found):
            token = found[at]
            if token.kind == "variable":
                yield token.start, token.start, f" {RANK.format(token.text)} "
                at += 1
            elif token.text == "(" or (
                token.kind in ("word", "iri", "prefixed") and is_call(found, at)
            ):
                directed = words[at] in DIRECTIONS
                begin = at + 1 if directed else at
                last = closing(found, begin if token.text == "(" else at + 1)
                if last >= len(found):
                    return
                key = RANK.format(text[found[begin].start : found[last].end])
                written = f"{token.text}({key})" if directed else f"({key})"
                yield token.start, token.start, f" {written} "
                at = last + 1
            else:
                break


def joined_texts(text: str, found: Sequence[Token]) -> Iterator[Change]:
    """The changes that make text of what a GROUP_CONCAT joins."""
    for at, token in enumerate(found):
        if token.kind != "word" or token.text.lower() != "group_concat" or not is_call(found, at):
            continue
        begin, end = at + 2, closing(found, at + 1)
        if begin < end and found[begin].text.lower() == "distinct":
            begin += 1
        start = found[begin - 1].end
        stop = found[end].start if end < len(found) else len(text)
        # The separator follows a semicolon, which no terminal holds but a string or a name.
        for before, after in zip(found[begin - 1 : end], found[begin : end + 1], strict=False):
            gap = text.find(";", before.end, after.start)
            if gap >= 0:
                stop = gap
                break
        expression = text[start:stop].strip()
        if expression and "#" not in expression and "\n" not in expression:
            yield start, stop, f" {AS_TEXT.format(expression)}"


def is_call(found: Sequence[Token], at: int) -> bool:
    """True where a bracket follows a token, as it does in a call."""
    return at + 1 < len(found) and found[at + 1].text == "("


def closing(found: Sequence[Token], at: int) -> int:
    """The place of the bracket that closes the one there; past the end where none does."""
    depth = 0
    for place in range(at, len(found)):
        if found[place].kind == "open":
            depth += 1
        elif found[place].kind == "close":
            depth -= 1
            if not depth:
                return place
    return len(found)
