"""The requests of each walk of people, over things drawn from the version itself."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from servers import Server

DATA = "https://w3id.org/maillage/"
NAME = "http://www.w3.org/2004/02/skos/core#prefLabel"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"


@dataclass(frozen=True)
class Asked:
    """One request: a path of the site or a query, and what is accepted."""

    accept: str
    path: str = ""
    query: str = ""

    def address(self, server: Server) -> str:
        """The address at which a server is asked."""
        if self.query:
            return f"{server.endpoint}?{urlencode({'query': self.query}, quote_via=quote)}"
        return server.site + self.path


Draw = Callable[[random.Random, Mapping[str, list[str]]], Asked]
HTML, TURTLE, JSON_LD = "text/html", "text/turtle", "application/ld+json"
JSON = "application/sparql-results+json"


def things(endpoint: str) -> dict[str, list[str]]:
    """The paths of the IRIs of things by kind; the large are those that most lies within."""
    patterns = {
        "organisation": "?s a <https://w3id.org/maillage/def#LocalGovernmentAssociation>",
        "partnership": "?s a <https://w3id.org/maillage/def#Partnership>",
        "commune": "?s a <https://w3id.org/maillage/def#Municipality>",
        "large": f"{{ SELECT ?s {{ ?part <{DATA}def#within> ?s }} "
        "GROUP BY ?s ORDER BY DESC(COUNT(*)) LIMIT 40 }",
        "graph": f"GRAPH <{DATA}graph/provenance> {{ ?s <{DERIVED}> ?document }}",
    }
    found = {}
    for name, pattern in patterns.items():
        values = column(endpoint, f"SELECT DISTINCT ?s {{ {pattern} }} LIMIT 3000")
        found[name] = [value.removeprefix(DATA) for value in values]
    return found


def column(endpoint: str, query: str) -> list[str]:
    """The values of the first column of a result."""
    address = f"{endpoint}?{urlencode({'query': query}, quote_via=quote)}"
    request = Request(address, headers={"Accept": JSON})  # noqa: S310
    with urlopen(request, timeout=60) as told:  # noqa: S310
        rows = json.load(told)["results"]["bindings"]
    return [next(iter(row.values()))["value"] for row in rows]


def path_of(kind: str, suffix: str = "", accept: str = HTML) -> Draw:
    """The document about one thing of a kind."""

    def draw(random: random.Random, known: Mapping[str, list[str]]) -> Asked:
        key = random.choice(known[kind]).removeprefix("id/")
        return Asked(accept, f"/doc/{key}{suffix}")

    return draw


def exported(kind: str, suffix: str, accept: str) -> Draw:
    """The export of one thing with its ties, projects and money."""

    def draw(random: random.Random, known: Mapping[str, list[str]]) -> Asked:
        key = random.choice(known[kind]).removeprefix("id/")
        return Asked(accept, f"/export/{key}{suffix}")

    return draw


def recorded(suffix: str = "", accept: str = HTML) -> Draw:
    """The graph of one source record."""

    def draw(random: random.Random, known: Mapping[str, list[str]]) -> Asked:
        return Asked(accept, f"/{random.choice(known['graph'])}{suffix}")

    return draw


def same(path: str, accept: str = HTML) -> Draw:
    """One address, with a number that keeps caches out."""

    def draw(random: random.Random, _: Mapping[str, list[str]]) -> Asked:
        joined = "&" if "?" in path else "?"
        return Asked(accept, f"{path}{joined}lang={random.choice(('fr', 'en'))}")

    return draw


def dereferenced(accept: str) -> Draw:
    """The IRI of a commune, followed to its document, as every linked-data client does it."""

    def draw(random: random.Random, known: Mapping[str, list[str]]) -> Asked:
        return Asked(accept, f"/{random.choice(known['commune'])}")

    return draw


def described(random: random.Random, known: Mapping[str, list[str]]) -> Asked:
    """DESCRIBE of one authority: what stands behind its Turtle elsewhere."""
    return Asked(TURTLE, query=f"DESCRIBE <{DATA}{random.choice(known['commune'])}>")


def small(random: random.Random, known: Mapping[str, list[str]]) -> Asked:
    """One subject's name."""
    subject = random.choice(known["commune"])
    return Asked(JSON, query=f"SELECT ?n {{ <{DATA}{subject}> <{NAME}> ?n }}")


def searched(random: random.Random, _: Mapping[str, list[str]]) -> Asked:
    """The beginning of a name."""
    letters = "".join(random.choice("aeilmnorst") for _ in range(3))
    return Asked(HTML, f"/search?q={letters}")


WALKS: dict[str, Draw] = {
    "page of a commune": dereferenced(HTML),
    "Turtle of a commune": dereferenced(TURTLE),
    "JSON-LD of a commune": dereferenced(JSON_LD),
    "page of an association": path_of("organisation"),
    "Turtle of an association": path_of("organisation", ".ttl", TURTLE),
    "page of a partnership": path_of("partnership"),
    "Turtle of a partnership": path_of("partnership", ".ttl", TURTLE),
    "page of a large thing": path_of("large"),
    "Turtle of a large thing": path_of("large", ".ttl", TURTLE),
    "export of a part, Turtle": exported("partnership", ".ttl", TURTLE),
    "export of a part, tables": exported("partnership", ".csv.zip", "application/zip"),
    "page of a named graph": recorded(),
    "Turtle of a named graph": recorded(".ttl", TURTLE),
    "embed": same("/embed/funders-by-country-supported?country=MLI"),
    "question, page": same("/queries/funders-by-country-supported?country=MLI"),
    "question, CSV": same("/queries/funders-by-country-supported.csv?country=MLI", "text/csv"),
    "search": searched,
    "DESCRIBE": described,
    "SELECT, small": small,
}
"""The requests to each server; what is no path of a peer's is not asked of it."""
ELSEWHERE = {
    "trifid": ("page of a commune", "Turtle of a commune", "JSON-LD of a commune", "SELECT, small"),
    "oxigraph": ("DESCRIBE", "SELECT, small"),
    "rdflib-endpoint": ("DESCRIBE", "SELECT, small"),
}
