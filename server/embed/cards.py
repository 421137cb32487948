"""The card of an entity: its partners on a map, since when, on what, who funds, its heirs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import NamedNode

from ontology.namespaces import CONCEPT, COUNTRY, ID, XSD
from server.embed.exhibit import Exhibit, ExhibitPart, Words
from server.embed.origins import read_origins
from server.engine import Engine
from server.engine.results import Row, Table, Term
from server.graph.entities import exists
from server.graph.labels import read_labels
from server.http.negotiation import LANGUAGES
from server.i18n import Voice
from server.iris import checked, document_path
from server.pages.places import Whereabouts, read_places
from server.questions import nodes, select
from server.versions import Version

KINDS: Mapping[str, Sequence[str]] = {
    "authority": (f"{ID}authority/",),
    "association": (f"{ID}organisation/",),
    "country": (str(COUNTRY),),
    "theme": (f"{CONCEPT}theme/",),
    "funder": (f"{ID}organisation/", f"{ID}authority/"),
}
"""The kinds of cards, and what stands before a key in the IRI of such a thing."""
EMBED_LANGUAGES = (*LANGUAGES, "ar")
BARS_SHOWN = 12
"""Themes and funders that a card lists."""


@dataclass(frozen=True)
class CardTie:
    """Two ends, what ties them, and the years that it is dated by."""

    here: str
    there: str
    projects: tuple[str, ...]
    since: str = ""


def find_subject(engine: Engine, kind: str, key: str) -> str | None:
    """The IRI of what a card is of; None where nothing is known of it, KeyError for no kind."""
    candidates = (f"{base}{key}" for base in KINDS[kind])
    return next((iri for iri in candidates if checked(iri) and exists(engine, iri)), None)


def show_card(engine: Engine, version: Version, kind: str, key: str, iri: str) -> Exhibit:
    """The card of an entity; raises EngineError."""
    entity = NamedNode(iri)
    ties = read_ties(select(engine, f"ties-of-{kind}", entity=entity).rows)
    projects = sorted({project for tie in ties for project in tie.projects})
    heirs = select(engine, "heirs-of", entity=entity).rows if kind == "authority" else ()
    whereabouts = read_places(
        engine, {iri, *(end for tie in ties for end in (tie.here, tie.there))}
    )
    parts = [
        figures(ties, whereabouts),
        partners(ties, whereabouts),
        themes(engine, projects),
        funding(engine, projects),
        succession(heirs),
    ]
    kept = tuple(part for part in parts if part.table.rows)
    mentioned = {
        term.value
        for part in kept
        for row in part.table.rows
        for term in row.values()
        if term.is_iri
    }
    origins, exact = read_origins(engine, version, {iri, *mentioned, *projects})
    return Exhibit(
        f"/embed/card/{kind}/{key}",
        document_path(iri) or "/",
        titles(engine, iri),
        [words(f"card.of.{kind}")],
        kept,
        read_labels(engine, mentioned),
        whereabouts.places,
        whereabouts.unresolved,
        origins,
        exact,
        version.id,
        version.manifest.get("built", ""),
    )


def titles(engine: Engine, iri: str) -> Sequence[Term]:
    """The labels of the subject of a card."""
    return read_labels(engine, [iri]).get(iri) or [Term(iri.rpartition("/")[2], "literal")]


def words(key: str) -> Words:
    """The words of a key in every language of the embeds."""
    return {language: Voice(language)(key) for language in EMBED_LANGUAGES}


def read_ties(rows: Iterable[Row]) -> list[CardTie]:
    """The ties, each pair once, in the order in which they began."""
    projects: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in rows:
        pair = (row["here"].value, row["there"].value)
        if pair[::-1] in projects:
            pair = pair[::-1]
        found = projects[pair]
        if "project" in row:
            found[row["project"].value] = row["since"].value[:4] if "since" in row else ""
    return [
        CardTie(here, there, tuple(found), min(filter(None, found.values()), default=""))
        for (here, there), found in projects.items()
    ]


def figures(ties: Sequence[CardTie], whereabouts: Whereabouts) -> ExhibitPart:
    """The figures of a card: the number of partners and of their countries, and the first year."""
    if not ties:
        return part("figures", "figure", ("partners",), [])
    abroad = {tie.there for tie in ties}
    row = {"partners": whole(len(abroad))}
    if countries := {whereabouts.countries[end] for end in abroad if end in whereabouts.countries}:
        row["countries"] = whole(len(countries))
    if years := [tie.since for tie in ties if tie.since]:
        row["since"] = year(min(years))
    return part("figures", "figure", ("partners", "countries", "since"), [row])


def partners(ties: Sequence[CardTie], whereabouts: Whereabouts) -> ExhibitPart:
    """The table of partners: with whom, where, and since when."""
    rows = []
    for tie in ties:
        row = {"here": Term(tie.here), "there": Term(tie.there)}
        if tie.there in whereabouts.countries:
            row["country"] = Term(whereabouts.countries[tie.there])
        if tie.since:
            row["since"] = year(tie.since)
        rows.append(row)
    # The country is not a third end: it comes after the two that a map draws.
    return part("partners", "map", ("here", "there", "country", "since"), rows)


def themes(engine: Engine, projects: Sequence[str]) -> ExhibitPart:
    """The themes that the sources give, with the number of projects."""
    found = select(engine, "themes-stated", nodes=nodes(projects)).rows if projects else ()
    return part("themes", "bars", ("theme", "projects"), list(found[:BARS_SHOWN]))


def funding(engine: Engine, projects: Sequence[str]) -> ExhibitPart:
    """The table of funds, as the sources say: joint amounts stay joint, undeclared ones unknown."""
    lines: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in select(engine, "lines-of", nodes=nodes(projects)).rows if projects else ():
        lines[row["line"].value][row["what"].value].append(row["value"])
    sums: defaultdict[Term, Decimal] = defaultdict(Decimal)
    unknown: Counter[Term] = Counter()
    for facts in lines.values():
        # One who gives alone is known by the graph; of several, or none, the source's words stay.
        who = next(iter(facts["sole"] or facts["stated"]), Term("—", "literal"))
        if facts["amount"]:
            sums[who] += Decimal(facts["amount"][0].value)
        else:
            unknown[who] += 1
    rows: list[dict[str, Term]] = [
        {"funder": who, "amount": Term(str(amount), "literal", "", str(XSD.decimal))}
        for who, amount in sorted(sums.items(), key=lambda entry: (-entry[1], entry[0].value))
    ]
    rows += [{"funder": who} for who in sorted(unknown, key=lambda who: who.value)]
    return part("funding", "bars", ("funder", "amount"), rows[:BARS_SHOWN], len(rows))


def succession(rows: Sequence[Row]) -> ExhibitPart:
    """Whose heir an authority is, and who its heirs are."""
    named = [{row["what"].value: row["authority"]} for row in rows]
    return part("heirs", "table", ("before", "after"), named)


def part(
    name: str, view: str, columns: Sequence[str], rows: Sequence[Row], total: int = 0
) -> ExhibitPart:
    """A table of a card, those of its columns that hold anything; headed by `card.column.…`."""
    used = tuple(column for column in columns if any(column in row for row in rows))
    headings = {column: words(f"card.column.{column}") for column in used}
    return ExhibitPart(name, view, Table(used, tuple(rows)), headings, total or len(rows))


def whole(number: int) -> Term:
    """A whole number as a term."""
    return Term(str(number), "literal", "", str(XSD.integer))


def year(written: str) -> Term:
    """A year as a term."""
    return Term(written, "literal", "", str(XSD.gYear))
