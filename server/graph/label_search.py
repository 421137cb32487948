"""Search by name where there is no index of the version: the labels themselves, by SPARQL.

It finds what the index does, as long as the accents are those of French, and takes longer: the
engine reads every label.
"""

import re
from collections.abc import Sequence

from loaders.build.index import fold
from ontology.namespaces import ID
from server.engine import Engine
from server.engine.results import select
from server.graph.search import CANDIDATES, Hit, closeness
from server.iris import segment_of

VARIANTS = {
    "a": "aàâäáã", "c": "cç", "e": "eéèêë", "i": "iîïí", "n": "nñ", "o": "oôöóõ", "u": "uùûüú",
    "y": "yÿ", "'": "'’",
}  # fmt: skip
LETTER = re.compile(r"\w")


def ask(engine: Engine, text: str, *, segment: str = "", limit: int = 20) -> Sequence[Hit]:
    """The entities whose labels hold every word of the text, the closest first (see `search`)."""
    words = fold(text).split()
    if not words:
        return ()
    rows = select(engine, statement(words, segment)).rows
    wanted = " ".join(words)
    best: dict[str, tuple[tuple[int, int, bool, str], Hit]] = {}
    for row in rows:
        iri, label = row["s"].value, row["label"]
        folded = fold(label.value)
        rank = (closeness(folded, wanted), len(folded), not label.language, label.value)
        if iri not in best or rank < best[iri][0]:
            best[iri] = (rank, Hit(iri, label.value, label.language, segment_of(iri)))
    ordered = sorted(best.values(), key=lambda entry: (entry[0], entry[1].iri))
    return tuple(hit for _, hit in ordered[:limit])


def statement(words: Sequence[str], segment: str) -> str:
    """The query for these folded words: only letters and digits of the caller's text are in it."""
    kept = ["".join(LETTER.findall(word)) for word in words]
    tests = " && ".join(f'REGEX(LCASE(STR(?label)), "{pattern(word)}")' for word in kept if word)
    place = f"{ID}{''.join(LETTER.findall(segment))}/" if segment else str(ID)
    return f"""SELECT DISTINCT ?s ?label WHERE {{
  VALUES ?p {{ skos:prefLabel skos:altLabel rdfs:label }}
  ?s ?p ?label
  FILTER(STRSTARTS(STR(?s), "{place}") && {tests or "false"})
}} LIMIT {CANDIDATES}"""


def pattern(word: str) -> str:
    """A regular expression for a word, whatever its accents."""
    # Virtuoso reads a class of characters as one of bytes.
    return "".join(f"({'|'.join(VARIANTS.get(letter, letter))})" for letter in word)
