"""The lists of one version of the data: things, each with the values of its columns."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from threading import Condition

from cachetools import LRUCache, cached
from pyoxigraph import NamedNode

from ontology.namespaces import FOAF, MLG, SKOS, XSD
from server.engine import Engine
from server.engine.results import Term, ordered
from server.graph.continents import continent_labels, continents_of
from server.graph.labels import Labels, read_labels
from server.questions import select
from server.site import Site

Cells = Mapping[str, Sequence[Term]]

COLUMNS: Mapping[str, Sequence[str]] = {
    "partner": (str(MLG.hasPartner),),
    "heir": (str(MLG.hasHeirPartner),),
    "country": (str(MLG.partnershipCountry), str(MLG.country)),
    "since": (str(MLG.earliest), str(MLG.date)),
    "until": (str(MLG.end),),
    "status": (str(MLG.status), str(MLG.statusAsStated)),
    "theme": (str(MLG.theme), str(MLG.themeAsStated)),
    "declaration": (str(MLG.declaration),),
    "acronym": (str(MLG.acronym),),
    "founded": (str(MLG.foundingDate),),
    "homepage": (str(FOAF.homepage),),
    "signatory": (str(MLG.signatory),),
    "involved": (str(MLG.involves),),
    "type": (str(MLG.encounterType),),
    "kind": (str(MLG.form), str(MLG.formAsStated)),
    "project": (str(MLG.hasProject),),
    "funder": (str(MLG.fundedBy),),
}
"""The properties read for each column of the lists that are of one class."""

CLASSES = {
    "partnerships": "Partnership",
    "projects": "Project",
    "associations": "LocalGovernmentAssociation",
    "agreements": "Agreement",
    "encounters": "Encounter",
}
SHOWN: Mapping[str, Sequence[str]] = {
    "partnerships": (
        *("partner", "country", "kind", "since", "until", "status", "theme", "declaration"),
    ),
    "projects": ("partner", "country", "kind", "since", "amount", "funder", "status", "theme"),
    "authorities": ("kind", "country", "place", "until", "partnerships", "projects"),
    "associations": ("acronym", "country", "founded", "homepage"),
    "agreements": ("since", "signatory"),
    "encounters": ("since", "type", "involved"),
    "funders": ("projects", "lines", "amount"),
    "countries": ("authorities", "partnerships", "projects", "amount"),
    "themes": ("partnerships", "projects", "amount"),
}
"""The lists, and the columns of each beside the name."""


@dataclass(frozen=True)
class Listed:
    """A thing in a list: its names and, by column, its values; a column without any is left out."""

    iri: str
    names: Sequence[Term]
    cells: Cells


@cached(LRUCache(16), condition=Condition())
def read_listed(site: Site, version: str, name: str) -> Sequence[Listed]:
    """All things of a list of SHOWN, in the order of their IRIs; raises EngineError.

    Of all but authorities, which are too many to hold: see `server.graph.authorities`.
    """
    engine = site.engine
    if name in CLASSES:
        found = read_class(engine, CLASSES[name])
        if name == "partnerships":
            return with_funded(found, read_listed(site, version, "projects"))
        return with_amounts(engine, found) if name == "projects" else found
    if name == "funders":
        rows = select(engine, "funders").rows
        funded = Counter(values(read_listed(site, version, "projects"), "funder"))
        return with_labels(
            engine,
            {
                row["funder"].value: {
                    "lines": (row["lines"],),
                    **({"projects": (whole(n),)} if (n := funded[row["funder"].value]) else {}),
                    **({"amount": (row["alone"],)} if positive(row.get("alone")) else {}),
                }
                for row in rows
                if row["funder"].is_iri
            },
        )
    ties = {each: read_listed(site, version, each) for each in ("partnerships", "projects")}
    column = "country" if name == "countries" else "theme"
    counts = {each: Counter(values(listed, column)) for each, listed in ties.items()}
    cells: defaultdict[str, dict[str, Sequence[Term]]] = defaultdict(dict)
    if name == "countries":
        for row in select(engine, "authorities-by-country").rows:
            cells[row["country"].value]["authorities"] = (row["n"],)
    for each, counted in counts.items():
        for iri, number in counted.items():
            cells[iri][each] = (whole(number),)
    for iri, amount in amounts(ties["projects"], column).items():
        cells[iri]["amount"] = (Term(str(amount), "literal", "", str(XSD.decimal)),)
    return with_labels(engine, cells)


def read_class(engine: Engine, name: str) -> Sequence[Listed]:
    """The things of a class, with what COLUMNS says of them."""
    properties = {iri: column for column, iris in COLUMNS.items() for iri in iris}
    table = select(
        engine,
        "things-of",
        **{"class": class_node(name)},
        properties=[NamedNode(iri) for iri in (*properties, str(SKOS.prefLabel))],
    )
    names: defaultdict[str, list[Term]] = defaultdict(list)
    cells: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in ordered(table.rows, "p", "value"):
        iri, value = row["thing"].value, row["value"]
        if row["p"].value == str(SKOS.prefLabel):
            names[iri].append(value)
        elif value not in (known := cells[iri][properties[row["p"].value]]):
            # The day is the first that may be meant: what is certain is the year.
            dated = properties[row["p"].value] in ("since", "until", "founded")
            # A source may give a day without its year ("--11-22"), which no year column can show.
            if not dated:
                known.append(value)
            elif not value.value.startswith("--") and year(value) not in known:
                known.append(year(value))
    for columns in cells.values():
        if countries := columns.get("country"):
            columns["continent"] = list(continents_of(countries))
    return tuple(
        Listed(iri, tuple(names[iri]), {key: tuple(known) for key, known in cells[iri].items()})
        for iri in sorted({*names, *cells})
    )


def with_amounts(engine: Engine, listed: Sequence[Listed]) -> Sequence[Listed]:
    """The projects with the sum of what is stated for each."""
    sums = {row["project"].value: row for row in select(engine, "sums-of-projects").rows}
    return tuple(
        Listed(
            each.iri,
            each.names,
            {
                **each.cells,
                **(
                    {"amount": (row["sum"],)}
                    if (row := sums.get(each.iri)) and row["stated"].value != "0"
                    else {}
                ),
            },
        )
        for each in listed
    )


def with_funded(listed: Sequence[Listed], projects: Sequence[Listed]) -> Sequence[Listed]:
    """The partnerships; those that have a project with a stated amount have it in `funded`."""
    paid = {each.iri for each in projects if "amount" in each.cells}
    found = []
    for each in listed:
        funded = tuple(term for term in each.cells.get("project", ()) if term.value in paid)
        cells = {**each.cells, "funded": funded} if funded else each.cells
        found.append(Listed(each.iri, each.names, cells))
    return tuple(found)


@cached(LRUCache(16), condition=Condition())
def read_all_labels(site: Site, version: str, name: str) -> Labels:
    """The labels of all things of a list and of all values in its columns; raises EngineError."""
    listed = read_listed(site, version, name)
    shown = {
        term.value
        for each in listed
        for column in (*SHOWN[name], "heir")
        for term in each.cells.get(column, ())
        if term.is_iri
    }
    named = {each.iri: each.names for each in listed if each.names}
    return {**read_labels(site.engine, shown), **named, **continent_labels()}


def with_labels(engine: Engine, cells: Mapping[str, Cells]) -> Sequence[Listed]:
    """The things with their labels."""
    labels = read_labels(engine, cells)
    return tuple(Listed(iri, tuple(labels.get(iri, ())), cells[iri]) for iri in sorted(cells))


def values(listed: Sequence[Listed], column: str) -> Sequence[str]:
    """The IRIs in a column, once for each thing."""
    return [term.value for each in listed for term in each.cells.get(column, ()) if term.is_iri]


def amounts(listed: Sequence[Listed], column: str) -> Mapping[str, Decimal]:
    """The sums of what is stated of projects, by a column of theirs: a project counts in each."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in listed:
        for stated in each.cells.get("amount", ()):
            for term in each.cells.get(column, ()):
                if term.is_iri:
                    found[term.value] += Decimal(stated.value)
    return found


def positive(term: Term | None) -> bool:
    """True where a sum is of anything."""
    return term is not None and float(term.value) > 0


def year(date: Term) -> Term:
    """The year of a date."""
    return Term(date.value[:4], "literal", "", str(XSD.gYear))


def whole(number: int) -> Term:
    """A whole number as a term."""
    return Term(str(number), "literal", "", str(XSD.integer))


def class_node(name: str) -> NamedNode:
    """A class of Maillage."""
    return NamedNode(MLG[name])
