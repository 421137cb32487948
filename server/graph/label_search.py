"""Search by name where there is no index of the version: the labels themselves, by SPARQL.

It finds what the index does, as long as the accents are those of French, and takes longer: the
engine reads every label.
"""

import re
from collections.abc import Sequence

from pyoxigraph import Literal

from loaders.build.folding import fold
from ontology.namespaces import ID
from server.engine import Engine
from server.engine.results import Row
from server.graph.search import Hit
from server.iris import segment_of
from server.questions import select

VARIANTS = {
    "a": "aàâäáã", "c": "cç", "e": "eéèêë", "i": "iîïí", "n": "nñ", "o": "oôöóõ", "u": "uùûüú",
    "y": "yÿ", "'": "'’",
}  # fmt: skip
CANDIDATES = 2000
LETTER = re.compile(r"\w")


def ask(engine: Engine, text: str, *, segment: str = "", limit: int = 20) -> Sequence[Hit]:
    """The entities whose labels hold every word of the text, the closest first (see `search`)."""
    words = fold(text).split()
    if not words:
        return ()
    # The four longest words are asked for; the others are looked for in what comes.
    patterns = [pattern("".join(LETTER.findall(word))) for word in sorted(words, key=len)[-4:]]
    first, second, third, fourth = map(Literal, [*patterns, "", "", ""][:4])
    # Of files that somebody serves the things are called as they like: those of others come second.
    places = [f"{ID}{''.join(LETTER.findall(segment))}/"] if segment else [str(ID), ""]
    rows: Sequence[Row] = ()
    for place in places:
        rows = (
            rows
            or select(
                engine,
                "names-holding",
                place=Literal(place),
                first=first,
                second=second,
                third=third,
                fourth=fourth,
                limit=CANDIDATES,
            ).rows
        )
    wanted = " ".join(words)
    best: dict[str, tuple[tuple[int, int, bool, str], Hit]] = {}
    for row in rows:
        iri, label = row["s"].value, row["label"]
        folded = fold(label.value)
        if not all(word in folded for word in words):
            continue
        rank = (closeness(folded, wanted), len(folded), not label.language, label.value)
        if iri not in best or rank < best[iri][0]:
            best[iri] = (rank, Hit(iri, label.value, label.language, segment_of(iri)))
    ordered = sorted(best.values(), key=lambda entry: (entry[0], entry[1].iri))
    return tuple(hit for _, hit in ordered[:limit])


def pattern(word: str) -> str:
    """A regular expression for a word, whatever its accents."""
    # Virtuoso reads a class of characters as one of bytes.
    return "".join(f"({'|'.join(VARIANTS.get(letter, letter))})" for letter in word)


def closeness(folded: str, wanted: str) -> int:
    """0 for the same words, 1 for a beginning, 2 for a word's beginning, 3 for the rest."""
    if folded == wanted:
        return 0
    if folded.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in folded else 3
