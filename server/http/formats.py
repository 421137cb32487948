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
    names: tuple[str, ...] = ()
    """Other names by which clients call the format in `format=`."""

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
    Format(
        "turtle",
        "text/turtle",
        "ttl",
        GRAPHS,
        # Turtle is N3 too.
        ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3", "application/n3"),
        UTF_8,
        ("n3",),
    ),
    Format("ntriples", "application/n-triples", "nt", GRAPHS, ("text/plain",)),
    Format(
        "rdfxml",
        "application/rdf+xml",
        "rdf",
        GRAPHS,
        ("application/xml", "text/xml"),
        names=("rdf+xml", "rdf xml"),  # of which the plus was not escaped
    ),
    Format(
        "jsonld",
        "application/ld+json",
        "jsonld",
        GRAPHS,
        ("application/json", "application/x-json+ld"),
        names=("json-ld",),
    ),
    Format("nquads", "application/n-quads", "nq", GRAPHS),
    Format("trig", "application/trig", "trig", GRAPHS),
)


def formats_for(form: QueryForm) -> tuple[Format, ...]:
    """The formats that can write the result of such a query, the preferred first."""
    return tuple(entry for entry in FORMATS if form in entry.forms)


RDF_FORMATS = formats_for("construct")
"""The formats of graphs, the preferred first."""


def named(name: str, candidates: tuple[Format, ...]) -> Format | None:
    """The format called so: by name, suffix or media type."""
    return next(iter(meant(name, candidates)), None)


def meant(name: str, candidates: tuple[Format, ...] = FORMATS) -> tuple[Format, ...]:
    """The formats that a name may mean: `application/xml` is that of results and of graphs."""
    wanted = name.strip().lower()
    return tuple(
        entry
        for entry in candidates
        if wanted in (entry.name, entry.extension, entry.media_type, *entry.aliases, *entry.names)
    )
