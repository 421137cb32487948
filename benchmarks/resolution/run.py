"""The share of names of French towns in a list of twinnings that are resolved, and rightly.

    python benchmarks/resolution/run.py TWIN_CITIES.csv CITIES500.txt

The resolver sees name and country only. Each answer is then judged by the coordinates of the list
against those of the places of GeoNames, which carry the code of their commune: once as the list
gives them, once with those corrected that a page of the town itself contradicts
(`corrections.csv`).
"""

from __future__ import annotations

import csv
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from loaders.identity.evidence import kilometres
from loaders.identity.lookups import decisions
from loaders.identity.register import Register
from loaders.identity.resolution import Authorities, Context, Resolution
from loaders.model.iris import mint_iri
from loaders.model.records import Entity, Party
from loaders.model.values import Point, Ref
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.reading import Sources, read

FRANCE = Ref("country/FRA")
OVERSEAS = {"FR", "GP", "MQ", "GF", "RE", "YT"}
COMMUNES = {"COG", "COMD", "COMA"}
WITHIN = 10.0
"""Kilometres between the list's point and GeoNames' within which they mean one commune."""


@dataclass(frozen=True)
class Place:
    """A place of GeoNames: its point, and the codes of its commune and département."""

    point: Point
    commune: str
    departement: str
    name: str


@dataclass
class Places:
    """The places of France, found by commune and by neighbourhood."""

    by_commune: defaultdict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    _cells: defaultdict[tuple[int, int], list[Place]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, place: Place) -> None:
        """Enters a place."""
        self.by_commune[place.commune].append(place)
        self._cells[_cell(place.point)].append(place)

    def near(self, point: Point) -> list[tuple[float, Place]]:
        """The places within WITHIN kilometres, the nearest first."""
        row, column = _cell(point)
        around = (
            place
            for r in range(row - 1, row + 2)
            for c in range(column - 1, column + 2)
            for place in self._cells.get((r, c), ())
        )
        measured = [(kilometres(point, place.point), place) for place in around]
        return sorted((m for m in measured if m[0] <= WITHIN), key=lambda m: m[0])


def _cell(point: Point) -> tuple[int, int]:
    return math.floor(point.latitude * 5), math.floor(point.longitude * 5)


def read_places(path: Path) -> Places:
    """The places of France in a dump of GeoNames."""
    places = Places()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if cells[8] in OVERSEAS and cells[13]:
                point = Point(float(cells[4]), float(cells[5]))
                departement = cells[13][:3] if cells[13].startswith("97") else cells[13][:2]
                places.add(Place(point, cells[13], departement, cells[1]))
    return places


def french_ends(path: Path) -> Iterator[tuple[str, Point]]:
    """Name and point of each French end."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for side in "12":
                if row[f"country{side}"] == "France":
                    point = Point(float(row[f"lat{side}"]), float(row[f"lng{side}"]))
                    yield row[f"city{side}"], point


def corrections() -> dict[str, str]:
    """The commune that a name of the list means, where the list's point is elsewhere."""
    with Path(__file__).with_name("corrections.csv").open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["commune"] for row in csv.DictReader(lines, delimiter=";")}


def judge(found: Resolution, point: Point, places: Places, register: Register) -> str:
    """`right`, `wrong` or `unresolved`; `no answer` where the list's point is in no commune.

    An answer is right if a place of its commune is within WITHIN kilometres of the list's point.
    GeoNames has no place for some communes: then a place so near must lie in their département; and
    for a département, région or grouping, in it.
    """
    near = places.near(point)
    if not near:
        return "no answer"
    if found.iri is None:
        return "unresolved"
    _, scheme, code, *_ = found.iri.rpartition("/")[2].upper().split("-")
    if scheme in COMMUNES and code in places.by_commune:
        return "right" if any(place.commune == code for _, place in near) else "wrong"
    if scheme in COMMUNES:
        departement = code[:3] if code.startswith("97") else code[:2]
        return "right" if any(p.departement == departement for _, p in near) else "wrong"
    around = (
        register.containers(mint_iri("authority", f"fra-cog-{p.commune.lower()}")) for _, p in near
    )
    return "right" if any(found.iri in containers for containers in around) else "wrong"


def entities() -> Iterator[Entity]:
    """Everything that the shipped datasets say."""
    for registration in registrations().values():
        for record in read(registration, Sources(), Silent()).records:
            yield from record.entities


def main(twinnings: Path, geonames: Path, known: Iterable[Entity]) -> None:
    """Prints the figures, then what was wrong and what stayed open."""
    places = read_places(geonames)
    authorities = Authorities(known)
    lookups = decisions(registrations()["twinnings"].dataset.lookups)
    ends = list(french_ends(twinnings))
    began = time.perf_counter()
    context = Context(lookups=lookups)
    answers = [authorities.resolve(Party(name=n, country=FRANCE), context) for n, _ in ends]
    print(f"{len(ends)} ends in {time.perf_counter() - began:.2f} s")
    judged = [
        (name, found, judge(found, point, places, authorities.register), places.near(point))
        for (name, point), found in zip(ends, answers, strict=True)
    ]
    print("\nby the list's points")
    tell([(found, verdict) for _, found, verdict, _ in judged])
    print("\nwith the corrected points")
    meant = corrections()
    verdicts = [
        (found, corrected(found, verdict, meant.get(name))) for name, found, verdict, _ in judged
    ]
    tell(verdicts)
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (name, found, _, near), (_, verdict) in zip(judged, verdicts, strict=True):
        if verdict != "right":
            nearest = near[0][1].name if near else "-"
            answer = found.iri.rpartition("/")[2] if found.iri else "-"
            told[verdict][f"{name} -> {answer} ({found.how}); the point is at {nearest}"] += 1
    for verdict, cases in told.items():
        print(f"\n{verdict}: {cases.total()}")
        for case, count in sorted(cases.items(), key=lambda c: (-c[1], c[0])):
            print(f"  {count} {case}")


def corrected(found: Resolution, verdict: str, commune: str | None) -> str:
    """The verdict where it is known which commune a name means."""
    if commune is None or found.iri is None:
        return verdict
    return "right" if f"/fra-cog-{commune.lower()}" in found.iri else "wrong"


def tell(verdicts: Iterable[tuple[Resolution, str]]) -> None:
    """Prints precision and recall, and what each method came to."""
    methods: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for found, verdict in verdicts:
        methods[found.method][verdict] += 1
    total: Counter[str] = sum(methods.values(), Counter())
    answered = total["right"] + total["wrong"]
    answerable = answered + total["unresolved"]
    print(f"  precision {total['right'] / answered:.2%} of {answered}")
    print(f"  recall    {total['right'] / answerable:.2%} of {answerable}")
    for method, counts in sorted(methods.items()):
        print(f"    {method}: {dict(sorted(counts.items()))}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), entities())
