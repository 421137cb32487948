"""The questions that people ask, one a file, and the catalogue of them.

A file `<name>.rq` opens with lines `#+ ` of YAML (summary, description, tags, parameters, view,
columns), then the query with every prefix, so that it pastes into any client:

    #+ summary: {fr: Qui finance ?, en: Who funds?}
    #+ parameters:
    #+   country: {type: country, many: true, any: true, label: {fr: Pays, en: Country}}
    …
    SELECT … WHERE { VALUES ?country { country:MLI } … }

A parameter is bound where its variable stands in a block `VALUES ?name { … }`; what stands there
is its default. Adding a query is adding a file.
"""

from ontology.words import Bilingual
from queries.catalogue import (
    ANY,
    Parameter,
    Query,
    catalogue,
    find_query,
    former,
    read_query,
)
from queries.errors import (
    AmbiguousValue,
    ArgumentError,
    BadParameter,
    MissingParameter,
    QueryError,
    QueryFileError,
    UnknownName,
    UnknownParameter,
    UnknownQuery,
)

__all__ = [
    "ANY",
    "AmbiguousValue",
    "ArgumentError",
    "BadParameter",
    "Bilingual",
    "MissingParameter",
    "Parameter",
    "Query",
    "QueryError",
    "QueryFileError",
    "UnknownName",
    "UnknownParameter",
    "UnknownQuery",
    "catalogue",
    "find_query",
    "former",
    "read_query",
]
