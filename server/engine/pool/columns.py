"""The columns of `SELECT *`, in the order in which the query names them.

SPARQL leaves it open and the engine takes the alphabet's, but who writes `?s ?p ?o` expects a table
that begins with the subject.
"""

import re
from contextlib import suppress
from functools import cache

from pyoxigraph import QuerySolutions, Store

from server.engine.query_text import TERMINALS

# What comes before the variables of a query; a BASE or PREFIX that is written oddly is left alone.
STAR = re.compile(
    r"""(?:\s | \#[^\n\r]*[\n\r] | BASE\s*<[^<>]*> | PREFIX\s+[^\s:<>"'{}()\#\\]*:\s*<[^<>]*>)*+
        SELECT (?:\s | \#[^\n\r]*[\n\r] | DISTINCT\b | REDUCED\b)*+ (?P<star>\*)""",
    re.VERBOSE | re.IGNORECASE,
)


# Nothing is left to evaluate, and no function to call, where no solution can come of it.
NONE = "\nVALUES () {}"


def with_columns(text: str, base: str | None = None) -> str:
    """The query with its variables in the place of the star, if it has one and they can be told."""
    match = STAR.match(text)
    if match is None:
        return text
    selected = in_scope(text, base)
    named = (token["variable"] for token in TERMINALS.finditer(text, match.end()))
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


@cache
def nothing() -> Store:
    """A store without a triple."""
    return Store()
