"""The arguments of a question as an address gives them."""

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from queries import Query

RESERVED = ("bom", "format", "lang", "limit", "page", "sep", "sort", "view")
"""Names in the address that are for the page, unless the query has a parameter called so."""

Arguments = Mapping[str, Sequence[str]]


def arguments_of(query: Query, pairs: MultiDict[str, str]) -> Arguments:
    """The arguments in an address; a name that is nobody's is left for `bind` to refuse."""
    return {
        name: [value for value in values if value.strip()]
        for name, values in pairs.lists()
        if name in query.parameters or name not in RESERVED
    }
