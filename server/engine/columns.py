"""The columns of `SELECT *`, in the order in which the query names them.

SPARQL leaves it open and the engine takes the alphabet's, but who writes `?s ?p ?o` expects a table
that begins with the subject.
"""

import re
from functools import cache
from typing import Any

from pyoxigraph import QuerySolutions, Store

from server.engine.outline import TERMINALS

# What comes before the variables of a query; a BASE or PREFIX that is written oddly is left alone.
STAR = re.compile(
    r"""(?:\s | \#[^\n\r]*[\n\r] | BASE\s*<[^<>]*> | PREFIX\s+[^\s:<>"'{}()\#\\]*:\s*<[^<>]*>)*+
        SELECT (?:\s | \#[^\n\r]*[\n\r] | DISTINCT\b | REDUCED\b)*+ (?P<star>\*)""",
    re.VERBOSE | re.IGNORECASE,
)


def with_columns(text: str, **options: Any) -> str:
    """The query with its variables in the place of the star, if it has one.

    Raises what `Store.query` does.
    """
    match = STAR.match(text)
    if match is None:
        return text
    results = nothing().query(text, **options)  # to learn which are in scope
    assert isinstance(results, QuerySolutions)  # noqa: S101 (it is a SELECT)
    selected = {variable.value for variable in results.variables}
    named = (token["variable"] for token in TERMINALS.finditer(text, match.end()))
    order = dict.fromkeys(name for name in named if name in selected)
    if len(order) < 2 or len(order) < len(selected):
        return text
    columns = " ".join(f"?{name}" for name in order)
    return f"{text[: match.start('star')]} {columns} {text[match.end() :]}"


@cache
def nothing() -> Store:
    """A store without a triple."""
    return Store()
