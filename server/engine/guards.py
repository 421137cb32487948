"""Queries whose filters an index answers in part: the few subjects that can pass, as VALUES.

In `{ ?s <p> ?v … FILTER(?v > 3) }` Oxigraph reads every `?v`. The query that this module makes of
it begins with `VALUES ?s { … }`, whose subjects an index (`literals`) has found. Its solutions are
the same: each solution of the triples that open a group has an `?s`; a VALUES of distinct subjects
before them keeps each once where its `?s` is listed, and no other. All that follows in a group
(OPTIONAL, UNION, MINUS, BIND, …) makes of each of these solutions what it makes of it alone, and
keeps its `?s` and its `?v`. A filter of the group then takes none whose `?s` is not listed, as the
index has all that can pass; and every filter stays. A text that is not surely so stays as it is.
"""

import math
import re
from collections.abc import Iterator

from server.engine.conditions import TYPE, Bounds, Triple, bounds, opening_triples, outermost_group
from server.engine.literals import Column, Literals, Numbers
from server.engine.query_text import DECLARATION, PROLOGUE, SUSPECTS

# Looking one subject up takes the time of reading fifteen objects.
SHARE = 20
MOST = 500
# Where the subjects are few anyway, because something is said of them that few have.
MOST_OF_FEW = 50
LONGEST = 20_000

# What a filter must have for a second look.
PROMISING = re.compile(
    r"""(?:contains|strstarts|regex)\s*\( | [?$]\w+\s*[<>=] | [<>=]\s*[?$] | \)\s*=\s*["'] """,
    re.VERBOSE,
)


class Guards:
    """The rewriting of queries to one store."""

    def __init__(self, literals: Literals) -> None:
        self.literals = literals

    def of(self, text: str) -> str:
        """The query to evaluate in place of a query without a dataset of its own.

        Where the engine refuses it, the query itself has to be evaluated.
        """
        lowered = text.lower()
        filtered = lowered.find("filter")
        if filtered < 0 or not PROMISING.search(lowered, filtered) or len(text) > LONGEST:
            return text
        prologue = PROLOGUE.match(text)
        if prologue is None or any(suspect in lowered for suspect in SUSPECTS):
            return text
        group = outermost_group(text, prologue.end(), prologue[1].lower())
        if group is None:
            return text
        start, parts = group
        prefixes = {prefix: name for prefix, name in DECLARATION.findall(prologue[0]) if name}
        triples = opening_triples(parts, prefixes)
        if not triples:
            return text
        named = self.subjects(triples, bounds(parts))
        if named is None:
            return text
        variable, names = named
        listed = " ".join(f"<{name}>" for name in names)
        return f"{text[:start]} VALUES ?{variable} {{ {listed} }} {text[start:]}"

    def subjects(
        self, triples: list[Triple], asked: dict[str, Bounds]
    ) -> tuple[str, list[str]] | None:
        """A variable of a group and the few subjects that it can be, where there is such a one."""
        found: dict[str, Numbers] = {}
        few = {triple.subject for triple in triples if selective(triple)}
        for subject in {triple.subject for triple in triples}:
            if subject is None or not few <= {subject}:
                continue  # looking for another variable first may be shorter
            numbers = self.candidates(
                [triple for triple in triples if triple.subject == subject],
                asked,
                MOST_OF_FEW if few else MOST,
            )
            if numbers is not None:
                found[subject] = numbers
        if not found:
            return None
        best = min(found, key=lambda subject: (len(found[subject]), subject))
        names = self.literals.names(found[best])
        return None if names is None else (best, names)

    def candidates(
        self, triples: list[Triple], asked: dict[str, Bounds], most: int
    ) -> Numbers | None:
        """The subjects that can pass all filters on the objects of some triples, if few."""
        sets: list[Numbers] = []
        for triple in triples:
            column = self.literals.columns.get(triple.predicate or "")
            if column is None or triple.object not in asked:
                continue
            most = min(most, column.size // SHARE)
            found = passing(column, asked[triple.object], most)
            sets += [numbers for numbers in found if numbers is not None]
        if not sets:
            return None
        both = frozenset.intersection(*sets)
        return both if len(both) <= most else None


def passing(column: Column, asked: Bounds, most: int) -> Iterator[Numbers | None]:
    """For each thing that is asked of the objects, the subjects for which one can pass."""
    if (asked.low, asked.high) != (-math.inf, math.inf):
        yield column.between(asked.low, asked.high)
    for text in asked.texts:
        yield column.containing(text, most)


def selective(triple: Triple) -> bool:
    """Whether few subjects, or few solutions, may have it."""
    return triple.subject is None or (triple.object is None and triple.predicate != TYPE)
