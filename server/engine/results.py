"""Results of SELECT as terms, for the pages: the only reader of result JSON in the server."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

JSON = "application/sparql-results+json"
TURTLE = "text/turtle"


@dataclass(frozen=True)
class Term:
    """An IRI, a blank node or a literal with its language or datatype."""

    value: str
    kind: str = "uri"
    language: str = ""
    datatype: str = ""

    @property
    def is_iri(self) -> bool:
        """True where the value is an IRI, which can be followed."""
        return self.kind == "uri"


Row = Mapping[str, Term]


@dataclass(frozen=True)
class Table:
    """A SELECT result: its columns in order, and its rows, in which a column may be unbound."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(content: bytes) -> Table:
    """A SELECT result out of SPARQL 1.1 Query Results JSON."""
    document = json.loads(content)
    return Table(
        tuple(document["head"]["vars"]),
        tuple(
            {name: read_term(term) for name, term in row.items()}
            for row in document["results"]["bindings"]
        ),
    )


def read_term(term: Mapping[str, Any]) -> Term:
    """One term; a triple term (SPARQL 1.2) is shown as its JSON."""
    value = term["value"]
    if not isinstance(value, str):
        return Term(json.dumps(value, ensure_ascii=False), "triple")
    return Term(value, term["type"], term.get("xml:lang", ""), term.get("datatype", ""))


def ordered(rows: Iterable[Row], *columns: str) -> list[Row]:
    """The rows in the order of some columns: IRIs first, each by its text, then its language.

    The engine looks IRIs up each time that it compares them: 500 take it a tenth of a second.
    """

    def place(row: Row) -> list[tuple[bool, str, str]]:
        terms = (row[column] for column in columns)
        return [(not term.is_iri, term.value, term.language) for term in terms]

    return sorted(rows, key=place)


def counted(row: Row, name: str) -> int:
    """The whole number in a column; 0 where it is unbound."""
    return int(row[name].value) if name in row else 0
