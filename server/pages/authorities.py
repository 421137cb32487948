"""The list of authorities, as the page and the files of lists show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from loaders.build.folding import fold
from ontology.namespaces import COUNTRY, ID, XSD
from server.engine.results import Term
from server.graph.authorities import (
    ORDERS,
    STANDINGS,
    Authority,
    AuthorityFilter,
    FoundAuthorities,
    count_authorities,
    find_authorities,
)
from server.graph.labels import label
from server.graph.listings import Listed, whole
from server.i18n import Voice
from server.iris import tail
from server.pages.filtering import Filters
from server.pages.ties import ties_by
from server.site import Site

COLUMNS = ("kind", "country", "place", "until", "partnerships", "projects")
USUAL = "-partnerships"


@dataclass(frozen=True)
class AuthorityList:
    """The authorities that an address asks for."""

    found: FoundAuthorities
    order: str
    rows: Sequence[Listed]


def read_authorities(
    site: Site, filters: Filters, page: int = 1, rows: int | None = None
) -> AuthorityList:
    """A page of the authorities that the filters let through; without `rows` all of them."""
    order = request.args.get("sort", "")
    order = order if order in ORDERS else USUAL
    found = find_authorities(
        site.current_version().path / "names.sqlite",
        wanted(filters),
        counts(site),
        order,
        page,
        rows,
    )
    return AuthorityList(found, order, [listed(each, found) for each in found.rows])


def count_in(site: Site, filters: Filters) -> int:
    """The number of authorities that the filters let through."""
    path = site.current_version().path / "names.sqlite"
    return count_authorities(path, wanted(filters), counts(site))


def counts(site: Site) -> Mapping[str, tuple[int, int]]:
    """The number of partnerships and projects of each authority, its heirs' among them."""
    version, columns = site.engine.version(), ("partner", "heir")
    ties = ties_by(site, version, "partnerships", columns)
    projects = ties_by(site, version, "projects", columns)
    return {
        iri: (len(ties.get(iri, ())), len(projects.get(iri, ())))
        for iri in {*ties, *projects}
        if iri.startswith(f"{ID}authority/")
    }


def wanted(filters: Filters) -> AuthorityFilter:
    """The filter of the index that the filters of an address are; the first value of each."""

    def one(column: str) -> str:
        return next(iter(filters.values(column)), "")

    standing, country, kind = one("standing"), one("country"), one("kind")
    return AuthorityFilter(
        filters.words,
        f"{COUNTRY}{country}" if country else "",
        f"{ID}concept/kind/{kind}" if kind else "",
        standing if standing in STANDINGS else "",
        filters.tied,
    )


def listed(each: Authority, found: FoundAuthorities) -> Listed:
    """An authority as a row of a list."""
    cells: dict[str, Sequence[Term]] = {
        name: (Term(iri),)
        for name, iri in (("kind", each.kind), ("country", each.country), ("place", each.place))
        if iri
    }
    if each.until:
        cells["until"] = (Term(each.until[:4], "literal", "", str(XSD.gYear)),)
    for name, number in (("partnerships", each.partnerships), ("projects", each.projects)):
        if number:
            cells[name] = (whole(number),)
    return Listed(each.iri, tuple(found.labels.get(each.iri, ())), cells)


def choices(found: FoundAuthorities, voice: Voice) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """The choices of the filters: key, words and number, in the order of the words."""
    offered = []
    for name, counted in (("country", found.countries), ("kind", found.kinds)):
        rows = [(tail(i), label(found.labels, i, voice).value, n) for i, n in counted.items()]
        offered.append((name, sorted(rows, key=lambda row: (fold(row[1]), row[0]))))
    standings = [(each, voice(f"standing.{each}"), n) for each, n in found.standings.items()]
    return [*offered, ("standing", standings)]
