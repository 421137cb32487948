"""The queries of the benchmark: eight kinds, drawn over the generated graph of `inference`."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

PREFIXES = """PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX geof: <http://www.opengis.net/def/function/geosparql/>
PREFIX mlg: <https://w3id.org/maillage/def#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX id: <https://w3id.org/maillage/id/>
"""
# Twelve patterns that share nothing: no engine sees the end of it.
CROSS = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + "}"
SMALL = (
    "SELECT ?name {{ <https://w3id.org/maillage/id/authority/fra-cog-00000101> "
    "<http://www.w3.org/2004/02/skos/core#prefLabel> ?name FILTER({number} < 2) }}"
)
BAD_EVERY = 1500
REGIONS = 860
Draw = random.Random


def authority(draw: Draw, members: int = 30) -> str:
    """The IRI of one of the first `members` authorities of a region."""
    return f"<https://w3id.org/maillage/id/authority/fra-cog-{region(draw):06}{draw.randrange(members):02}>"


def region(draw: Draw) -> int:
    """The number of a region."""
    return draw.randrange(1, REGIONS)


def lookup(draw: Draw) -> str:
    """All that is said of one authority."""
    return f"SELECT ?p ?o {{ {authority(draw)} ?p ?o }}"


def join(draw: Draw) -> str:
    """The partnerships of an authority, with partners and themes."""
    return f"""SELECT ?title ?name ?theme {{
  ?x mlg:hasHomePartner {authority(draw, 15)} ; skos:prefLabel ?title ;
     mlg:hasForeignPartner ?partner ; mlg:theme ?theme .
  ?partner skos:prefLabel ?name }} ORDER BY ?title ?name ?theme"""


def aggregate(draw: Draw) -> str:
    """The funding of a place by year."""
    return f"""SELECT ?year (SUM(?amount) AS ?total) (COUNT(*) AS ?lines) {{
  ?lead mlg:within <https://w3id.org/maillage/id/place/r{region(draw)}-a> .
  ?x mlg:hasHomePartner ?lead . ?line mlg:fundingOf ?x ; mlg:amountEUR ?amount ; mlg:year ?year
}} GROUP BY ?year ORDER BY ?year"""


def path(draw: Draw) -> str:
    """The authorities within a region, at any depth."""
    return f"""SELECT ?authority ?name {{
  ?authority mlg:within+ <https://w3id.org/maillage/id/place/r{region(draw)}> ;
             skos:prefLabel ?name }}"""


def text(draw: Draw) -> str:
    """The authorities of a place whose name holds a number."""
    return f"""SELECT ?authority ?name {{
  ?authority mlg:within <https://w3id.org/maillage/id/place/r{region(draw)}-b> ;
             skos:prefLabel ?name
  FILTER(CONTAINS(LCASE(STR(?name)), " {draw.randrange(3)}")) }}"""


def box(draw: Draw) -> str:
    """The places within five degrees."""
    west, south = draw.randrange(-30, 30), draw.randrange(-30, 30)
    east, north = west + 5, south + 5
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    written = ", ".join(f"{longitude} {latitude}" for longitude, latitude in corners)
    return f"""SELECT ?place ?where {{
  ?place geo:hasGeometry ?shape . ?shape geo:asWKT ?where
  FILTER(geof:sfWithin(?where, "POLYGON(({written}))"^^geo:wktLiteral)) }}"""


def describe(draw: Draw) -> str:
    """One project."""
    return f"DESCRIBE <https://w3id.org/maillage/id/project/p{region(draw)}-{draw.randrange(10)}>"


def distinct(draw: Draw) -> str:
    """The number of partners of the members of an association."""
    return f"""SELECT (COUNT(DISTINCT ?partner) AS ?n) {{
  ?x mlg:hasHomePartner ?lead ; mlg:hasForeignPartner ?partner .
  ?lead org:memberOf <https://w3id.org/maillage/id/organisation/a{region(draw)}> }}"""


KINDS: tuple[Callable[[Draw], str], ...] = (
    lookup, join, aggregate, path, text, box, describe, distinct,
)  # fmt: skip


def mix(seed: int) -> Iterator[str]:
    """Queries of the eight kinds in turn, hardly any of them twice."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    while True:
        for kind in KINDS:
            yield PREFIXES + kind(draw)


def small(seed: int) -> Iterator[str]:
    """One query, the smallest that reads the data; a number in it keeps caches out."""
    draw = random.Random(seed)  # noqa: S311
    while True:
        yield SMALL.format(number=draw.random())


def repeated(seed: int) -> Iterator[str]:
    """The small query again and again, as a page that embeds it asks it."""
    while True:
        yield SMALL.format(number=seed)


def zipf(seed: int, distinct_queries: int = 2000) -> Iterator[str]:
    """The traffic of embeds: a few queries asked very often (Zipf's law, exponent 1)."""
    draw = random.Random(seed)  # noqa: S311
    source = mix(7)  # the same pages stand in the web from run to run
    known = [next(source) for _ in range(distinct_queries)]
    draw_order = random.Random(7)  # noqa: S311
    draw_order.shuffle(known)
    weights = [1 / rank for rank in range(1, distinct_queries + 1)]
    while True:
        yield from draw.choices(known, weights, k=1000)


def hostile(seed: int) -> Iterator[str]:
    """The mix with one query in 1,500 that never ends."""
    for number, query in enumerate(mix(seed)):
        yield CROSS if number % BAD_EVERY == 750 else query


def address(query: str) -> str:
    """The path that asks a query."""
    return "{path}?" + urlencode({"query": query}, quote_via=quote)
