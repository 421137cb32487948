"""The exhibit of a question: the answer, the subject in its title, the settings under it."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from queries import Query
from server.charts.views import view_of
from server.embed.exhibit import Exhibit, ExhibitPart, Words
from server.embed.origins import read_origins
from server.engine import Engine
from server.engine.results import JSON, Table, Term, read_table
from server.graph.labels import Labels, read_labels
from server.http.negotiation import LANGUAGES
from server.i18n import Voice
from server.pages.answers import ask_table
from server.pages.arguments import Arguments
from server.pages.places import read_places
from server.versions import Version

ROWS_KEPT = 500
"""Rows that an embed holds, to draw and to list; it says how many there are."""
COLONS = {"fr": "\u202f: ", "en": ": "}
SUBJECTS = 3
"""Values that a title names."""


def ask_question(engine: Engine, version: Version, query: Query, arguments: Arguments) -> Exhibit:
    """The exhibit of a query of the catalogue; raises ArgumentError or EngineError."""
    text = query.bind(arguments)
    whole = ask_table(engine, query, text)
    # An entity and its name beside it are one column.
    table = Table(query.shown if query.columns else whole.columns, whole.rows[:ROWS_KEPT])
    chosen = {
        name: values
        for name in query.parameters
        if (values := list(arguments.get(name) or query.defaults.get(name, ())))
    }
    terms = {name: terms_of(query, name, values) for name, values in chosen.items()}
    mentioned = iris_in(table) | {
        term.value for found in terms.values() for term in found if term.is_iri
    }
    labels = read_labels(engine, mentioned)
    given = {name: values for name, values in arguments.items() if values}
    asked = f"?{urlencode(given, doseq=True)}" if given else ""
    columns = {name: {"fr": w.fr, "en": w.en} for name, w in query.columns.items()}
    return exhibit_of(
        engine,
        version,
        address=f"/embed/{query.name}{asked}",
        page=f"/queries/{query.name}{asked}",
        title=titles(query, terms, labels),
        lines=[settings_line(query, name, found, labels) for name, found in terms.items()],
        part=ExhibitPart("", query.view, table, columns, len(whole.rows)),
        labels=labels,
    )


def ask_text(engine: Engine, version: Version, text: str, title: Sequence[Term]) -> Exhibit:
    """The exhibit of any SELECT, in the view that a comment in it says; raises EngineError."""
    whole = read_table(engine.query(text, media_type=JSON).read())
    table = Table(whole.columns, whole.rows[:ROWS_KEPT])
    asked = urlencode({"query": text})
    return exhibit_of(
        engine,
        version,
        address=f"/embed/sparql?{asked}",
        page=f"/query?{asked}",
        title=title,
        lines=[],
        part=ExhibitPart("", view_of(text) or "table", table, {}, len(whole.rows)),
        labels=read_labels(engine, iris_in(table)),
    )


def exhibit_of(
    engine: Engine,
    version: Version,
    *,
    address: str,
    page: str,
    title: Sequence[Term],
    lines: Sequence[Words],
    part: ExhibitPart,
    labels: Labels,
) -> Exhibit:
    """The exhibit of one table, with what is asked about the entities in it."""
    entities = iris_in(part.table)
    whereabouts = read_places(engine, entities)
    origins, exact = read_origins(engine, version, entities)
    return Exhibit(
        address,
        page,
        title,
        lines,
        (part,),
        labels,
        whereabouts.places,
        whereabouts.unresolved,
        origins,
        exact,
        version.id,
        version.manifest.get("built", ""),
    )


def iris_in(table: Table) -> set[str]:
    """The IRIs of a table."""
    return {term.value for row in table.rows for term in row.values() if term.is_iri}


def terms_of(query: Query, name: str, values: Iterable[str]) -> list[Term]:
    """The values of a parameter as terms: entities, countries and concepts as their IRIs."""
    parameter = query.parameters[name]
    found = []
    for value in values:
        term = None if parameter.any and value == "*" else parameter.term(name, value)
        known = term is not None and str(term).startswith("<")
        found.append(Term(term.value) if term and known else Term(value, "literal"))
    return found


def called(query: Query, name: str, term: Term, labels: Labels, language: str) -> str:
    """A value in words: a choice's, an entity's label, else as it was written."""
    voice = Voice(language)
    words = query.parameters[name].choices.get(term.value)
    if words:
        return str(getattr(words, language))
    if term.value == "*":
        return voice("any")
    named = voice.choose(labels.get(term.value, ()))
    return named.value if named else term.value


def titles(query: Query, terms: Mapping[str, Sequence[Term]], labels: Labels) -> list[Term]:
    """The question, and of whom it is asked."""
    found = []
    for language in LANGUAGES:
        names = [
            called(query, name, term, labels, language)
            for name, each in terms.items()
            for term in each
            if term.is_iri and not query.parameters[name].choices
        ]
        of_whom = f" — {', '.join(names)}" if 0 < len(names) <= SUBJECTS else ""
        found.append(Term(f"{getattr(query.summary, language)}{of_whom}", "literal", language))
    return found


def settings_line(query: Query, name: str, terms: Sequence[Term], labels: Labels) -> Words:
    """A parameter and its values in words, by language."""
    return {
        language: f"{getattr(query.parameters[name].label, language)}{COLONS[language]}"
        + ", ".join(called(query, name, term, labels, language) for term in terms)
        for language in LANGUAGES
    }
