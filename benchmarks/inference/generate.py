"""A graph of any size that is shaped as the real ones are: `python generate.py 50000 > graph.nt`.

Authorities of real kinds in invented places, their associations, partnerships with themes, funding
lines and figures, encounters and mergers. The same size and seed give the same triples.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import islice

from ontology.documents import schemes_graph
from ontology.namespaces import CONCEPT, COUNTRY, DCT, ID, MLG, ORG, RDF, SCHEMA, SKOS, XSD

COUNTRIES = ("BEN", "BFA", "CMR", "DEU", "ITA", "MAR", "MDG", "MLI", "SEN", "TUN")
MINISTRIES = 5


def graph(size: int, seed: int = 1) -> list[str]:
    """The first `size` triples, each an N-Triples line without its full stop."""
    return list(islice(_triples(random.Random(seed)), size))  # noqa: S311  not for secrets


def _triples(draw: random.Random) -> Iterator[str]:
    schemes = schemes_graph()
    for subject, predicate, value in sorted(schemes):
        yield f"{subject.n3()} {predicate.n3()} {value.n3()}"
    broader = {str(s) for s in schemes.subjects(SKOS.broader)}
    kinds = sorted(k for k in broader if k.startswith(f"{CONCEPT}kind/"))
    themes = sorted(t for t in broader if t.startswith(f"{CONCEPT}theme/"))
    number = 0
    while True:
        number += 1
        yield from _region(draw, number, kinds)
        for part in range(10):
            yield from _project(draw, number, part, themes)
        yield from _encounter(draw, number)


def _region(draw: random.Random, number: int, kinds: list[str]) -> Iterator[str]:
    """Thirty municipalities of two districts of one region, half French, and their association."""
    place = f"{ID}place/r{number}"
    yield _link(f"{place}-a", MLG.within, place)
    yield _link(f"{place}-b", MLG.within, place)
    association = f"{ID}organisation/a{number}"
    yield _link(association, RDF.type, MLG.LocalGovernmentAssociation)
    yield _link(association, ORG.memberOf, f"{ID}organisation/federation-{number % 20}")
    yield _text(association, SKOS.prefLabel, f"Association {number}", "@fr")
    foreign = COUNTRY[draw.choice(COUNTRIES)]
    for member in range(30):
        authority = _authority(number, member)
        country = COUNTRY.FRA if member < 15 else foreign
        yield _link(authority, RDF.type, MLG.LocalAuthority)
        yield _link(authority, MLG.kind, draw.choice(kinds))
        yield _link(authority, MLG.country, country)
        yield _link(authority, MLG.within, f"{place}-{'ab'[member % 2]}")
        yield _text(authority, SKOS.prefLabel, f"Ville {number} {member}", "@fr")
        yield _text(authority, DCT.identifier, f"{number:06}{member:02}")
        yield _text(authority, MLG.nameAsStated, f"VILLE {number} {member}")
        if draw.random() < 0.6:
            yield _link(authority, ORG.memberOf, association)
        if draw.random() < 0.3:
            figure = f"{ID}figure/f{number}-{member}"
            yield _link(figure, RDF.type, MLG.Figure)
            yield _link(figure, MLG.figureOf, authority)
            yield _link(figure, MLG.measure, CONCEPT["measure/population"])
            yield _text(figure, MLG.value, f"{draw.randrange(100_000)}.0", f"^^<{XSD.decimal}>")
    change = f"{ID}change/c{number}"
    yield _link(change, RDF.type, ORG.ChangeEvent)
    yield _link(change, ORG.originalOrganization, _authority(number, 0))
    yield _link(change, ORG.originalOrganization, _authority(number, 1))
    yield _link(change, ORG.resultingOrganization, _authority(number, 2))


def _project(draw: random.Random, number: int, part: int, themes: list[str]) -> Iterator[str]:
    project = f"{ID}project/p{number}-{part}"
    home = _authority(number, draw.randrange(15))
    year = draw.randrange(1990, 2026)
    yield _link(project, RDF.type, MLG.Project)
    yield _text(project, SKOS.prefLabel, f"Projet {number} {part}", "@fr")
    yield _link(project, MLG.hasHomePartner, home)
    for _ in range(draw.choice((1, 1, 2))):
        yield _link(project, MLG.hasForeignPartner, _authority(number, draw.randrange(15, 30)))
    for theme in draw.sample(themes, 2):
        yield _link(project, MLG.theme, theme)
    yield _link(project, MLG.status, CONCEPT["status/ended"])
    yield _text(project, MLG.start, str(year), f"^^<{XSD.gYear}>")
    yield _text(project, MLG.earliest, f"{year}-01-01", f"^^<{XSD.date}>")
    yield _text(project, MLG.latest, f"{year + 3}-12-31", f"^^<{XSD.date}>")
    for line in range(draw.randrange(1, 4)):
        funding = f"{ID}funding/l{number}-{part}-{line}"
        yield _link(funding, RDF.type, MLG.FundingLine)
        yield _link(funding, MLG.fundingOf, project)
        yield _text(funding, MLG.amountEUR, f"{draw.randrange(100_000)}.0", f"^^<{XSD.decimal}>")
        yield _text(funding, MLG.year, str(year + line), f"^^<{XSD.gYear}>")
        yield _text(funding, MLG.funderAsStated, "Ville")
        if line == 0:
            yield _link(funding, MLG.soleFunder, home)
        else:
            ministry = f"{ID}organisation/ministry-{draw.randrange(MINISTRIES)}"
            yield _link(funding, MLG.jointFunder, ministry)
            yield _link(funding, MLG.jointFunder, _authority(number, draw.randrange(15)))


def _encounter(draw: random.Random, number: int) -> Iterator[str]:
    encounter = f"{ID}encounter/e{number}"
    yield _link(encounter, RDF.type, MLG.Encounter)
    yield _link(encounter, MLG.host, _authority(number, 0))
    for guest in draw.sample(range(15, 30), 3):
        yield _link(encounter, MLG.guest, _authority(number, guest))
    yield _text(encounter, SCHEMA.name, f"Rencontre {number}", "@fr")


def _authority(number: int, member: int) -> str:
    return f"{ID}authority/fra-cog-{number:06}{member:02}"


def _link(subject: str, predicate: str, value: str) -> str:
    return f"<{subject}> <{predicate}> <{value}>"


def _text(subject: str, predicate: str, text: str, suffix: str = "") -> str:
    return f'<{subject}> <{predicate}> "{text}"{suffix}'


if __name__ == "__main__":
    for triple in graph(int(sys.argv[1])):
        sys.stdout.write(f"{triple} .\n")
