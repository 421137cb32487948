"""The columns of `SELECT *`, in the order in which the query names them.

SPARQL leaves it open and the engine takes the alphabet's, but who writes `?s ?p ?o` expects a table
that begins with the subject.
"""

import re
from contextlib import suppress

from pyoxigraph import QuerySolutions

from server.engine.pool.reading import nothing
from server.engine.query_text import SPACE, read_prologue, tokens

STAR = re.compile(rf"{SPACE}(?i:DISTINCT|REDUCED)?+{SPACE}(?P<star>\*)")
# Nothing is left to evaluate, and no function to call, where no solution can come of it.
NONE = "\nVALUES () {}"


def with_columns(text: str, base: str | None = None) -> str:
    """The query with its variables in the place of the star, if it has one and they can be told."""
    prologue = read_prologue(text)
    match = STAR.match(text, prologue.end) if prologue.form == "select" else None
    if match is None:
        return text
    selected = in_scope(text, base)
    named = (token.text[1:] for token in tokens(text, match.end()) if token.kind == "variable")
    order = dict.fromkeys(name for name in named if name in selected)
    if len(order) < 2 or len(order) < len(selected):
        return text
    columns = " ".join(f"?{name}" for name in order)
    return f"{text[: match.start('star')]} {columns} {text[match.end() :]}"


def in_scope(text: str, base: str | None) -> set[str]:
    """The variables that a `SELECT *` selects; none where the query cannot be evaluated."""
    for asked in (text + NONE, text):  # it may end with a VALUES of its own
        with suppress(SyntaxError, ValueError, RuntimeError, OSError):
            results = nothing().query(asked, base_iri=base)
            assert isinstance(results, QuerySolutions)  # noqa: S101 (it is a SELECT)
            return {variable.value for variable in results.variables}
    return set()
