"""The text that the engine answers fastest, with the same solutions as the text that came.

Oxigraph walks `mlg:within+` step by step. Where a property is closed under transitivity in the
default graph, one step says as much: `p+` has the pairs of `p`, and `p*` those of `p?`.

Terminals alone do not tell a path from `mlg:x * 2`. So `p+` becomes `(^(^p))`, which is the very
triple to the planner, and `p*` becomes `(p?)`: both can only be parsed where a path can, so that
a text of which that is not true is refused, and the one that came is evaluated in its place.
"""

import re
from collections.abc import Iterable

from server.engine.query_text import DECLARATION, HIERARCHICAL, PROLOGUE, TERMINALS

BLANKS = " \t\r\n"
SPACE = f"[{BLANKS}]*+"
# `p +1` has a number; a second modifier is an error, and a comment may hide one.
REPEATED = re.compile(rf"{SPACE}(\)?){SPACE}([+*])(?![\d.]|{SPACE}(?:[+*#]|\?(?!\w)))")
BEFORE = frozenset(f"{BLANKS}(^|/{{[]}});.,>\"'")
"""What stands before a name that is whole: a letter that `TERMINALS` does not know does not."""
SUSPECTS = ("graph", "from", "service", "\\", "~", "{|")
"""Words that may give the query other data, escapes, and what can annotate a triple but no path."""
NEGATED = re.compile(r"!\s*(?:[(^<#]|a\b|[^\s(=!]*:)")
"""A set of other properties: how often it counts a pair hangs on the order of evaluation."""


class Plan:
    """What is known of the default graph and shortens queries: the properties that are closed."""

    def __init__(self, closed: Iterable[str] = ()) -> None:
        self.closed = frozenset(closed)
        names = sorted({re.escape(re.split("[/#]", iri)[-1]) for iri in self.closed})
        # One for each name: what begins with letters is found three times as fast as a choice.
        self.candidates = [re.compile(rf"{name}>?{SPACE}\)?{SPACE}[+*]") for name in names]

    def text(self, query: str) -> str:
        """The text to evaluate over the default graph of the store; the query's own in doubt.

        Where the engine refuses it, the query's own has to be evaluated.
        """
        if not ("+" in query or "*" in query):
            return query
        if not any(candidate.search(query) for candidate in self.candidates):
            return query
        prologue = PROLOGUE.match(query)
        if prologue is None:
            return query
        lowered = query.lower()
        if any(suspect in lowered for suspect in SUSPECTS) or NEGATED.search(query):
            return query
        declared = DECLARATION.findall(prologue[0])  # and the comments, which have no IRI
        prefixes = {prefix: iri for prefix, iri in declared if iri}
        return self._shortened(query, prologue.end(), prefixes)

    def _shortened(self, query: str, start: int, prefixes: dict[str, str]) -> str:
        """The query with one step for each path that repeats a closed property."""
        pieces = []
        done = 0
        bracket = -1  # where the round bracket ends that stands just before
        for token in TERMINALS.finditer(query, start):
            begin = token.start()
            opened, bracket = bracket, token.end() if token[0] == "(" else -1
            if token.lastgroup == "iri":
                iri = token["iri"]
                if not HIERARCHICAL.match(iri):
                    return query  # `?a<?b && ?c>` may be two comparisons
            elif token.lastgroup == "prefixed":
                prefix, _, local = token[0].partition(":")
                iri = prefixes.get(prefix, "") + local
            else:
                continue
            if iri not in self.closed or query[begin - 1] not in BEFORE:
                continue
            repeated = REPEATED.match(query, token.end())
            if repeated is None:
                continue
            closing, modifier = repeated.groups()
            if closing and (opened < 0 or query[opened:begin].strip(BLANKS) not in ("", "^")):
                continue
            step = f"(^(^{token[0]}))" if modifier == "+" else f"({token[0]}?)"
            pieces += [query[done:begin], step, closing]
            done = repeated.end()
        return "".join([*pieces, query[done:]])
