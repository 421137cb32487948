"""The output formats: one entry here adds a format to negotiation, `format=`, suffixes and help.

An entry's media type is what pyoxigraph serialises; its names are what a caller may write.
"""

from dataclasses import dataclass

from server.engine import QueryForm

SOLUTIONS: tuple[QueryForm, ...] = ("select",)
RESULTS: tuple[QueryForm, ...] = ("select", "ask")
GRAPHS: tuple[QueryForm, ...] = ("construct", "describe")
UTF_8 = "; charset=utf-8"


@dataclass(frozen=True)
class Format:
    """One way to write a result: its name for `format=`, its suffix, what it can write."""

    name: str
    media_type: str
    extension: str
    forms: tuple[QueryForm, ...]
    aliases: tuple[str, ...] = ()
    """Other media types under which clients ask for it."""
    charset: str = ""

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return self.media_type + self.charset


# In order of preference: the first that fits answers `*/*`.
FORMATS = (
    Format("json", "application/sparql-results+json", "json", RESULTS, ("application/json",)),
    Format(
        "xml", "application/sparql-results+xml", "xml", RESULTS, ("application/xml", "text/xml")
    ),
    Format("csv", "text/csv", "csv", SOLUTIONS, charset=UTF_8),
    Format("tsv", "text/tab-separated-values", "tsv", SOLUTIONS, charset=UTF_8),
    Format("turtle", "text/turtle", "ttl", GRAPHS, ("application/x-turtle",), UTF_8),
    Format("ntriples", "application/n-triples", "nt", GRAPHS, ("text/plain",)),
    Format("rdfxml", "application/rdf+xml", "rdf", GRAPHS, ("application/xml", "text/xml")),
    Format("jsonld", "application/ld+json", "jsonld", GRAPHS, ("application/json",)),
    Format("nquads", "application/n-quads", "nq", GRAPHS),
    Format("trig", "application/trig", "trig", GRAPHS),
)


def formats_for(form: QueryForm) -> tuple[Format, ...]:
    """The formats that can write the result of such a query, the preferred first."""
    return tuple(entry for entry in FORMATS if form in entry.forms)


def named(name: str, candidates: tuple[Format, ...]) -> Format | None:
    """The format called so: by name, suffix or media type."""
    wanted = name.strip().lower()
    for entry in candidates:
        if wanted in (entry.name, entry.extension, entry.media_type, *entry.aliases):
            return entry
    return None
