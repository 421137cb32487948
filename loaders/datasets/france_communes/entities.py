"""Existences as authorities: names and codes with their validity, territory, population."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import groupby

from loaders.datasets.france_communes.existence import Existence, Existences
from loaders.datasets.france_communes.versions import Version
from loaders.model.records import Authority, DatedName, Figure, Identifier, Place
from loaders.model.values import PartialDate, Ref, Text

FRANCE = Ref("country/FRA")
POPULATION = Ref("concept/measure/population")
KINDS = {
    "COM": Ref("concept/kind/fra-commune"),
    "COMA": Ref("concept/kind/fra-commune-associee"),
    "COMD": Ref("concept/kind/fra-commune-deleguee"),
    "ARM": Ref("concept/kind/fra-arrondissement-municipal"),
}
NEW_COMMUNE = "commune nouvelle"
NEW_KIND = Ref("concept/kind/fra-commune-nouvelle")

OVERSEAS = ("975", "977", "978", "984", "986", "987", "988", "989")
"""Collectivités and territories that the register lists beside the départements."""

NO_COMMUNES = {"977", "978", "984", "986", "989"}
"""Where the register lists as communes what is a district or an island without an authority of its
own (Kerguelen, Uvea, Clipperton), or is the collectivité itself (Saint-Barthélemy)."""


def entity(existence: Existence, known: Existences) -> Authority | Place:
    """The authority that an existence is; a place where the territory has none."""
    last = existence.last
    within = _within(existence, known)
    if last.department in NO_COMMUNES:
        return Place(
            key=existence.key,
            names=(Text(last.name),),
            country=FRANCE,
            within=within,
            figures=_figures(existence),
        )
    new = existence.first.start_reason == NEW_COMMUNE and last.type == "COM"
    former = tuple(_names(existence))
    return Authority(
        key=existence.key,
        names=(Text(last.name),),
        other_names=tuple(
            Text(name)
            for name in dict.fromkeys(dated.form.value for dated in former[:-1])
            if name != last.name
        ),
        dated_name=former[-1] if former[-1].start else None,
        former_names=former[:-1],
        kind=NEW_KIND if new else KINDS[last.type],
        country=FRANCE,
        within=within,
        identifiers=tuple(_identifiers(existence)),
        start=day(existence.first.start),
        end=day_before(last.end),
        figures=_figures(existence),
    )


@cache
def day(text: str) -> PartialDate | None:
    """A day, or a year, as the register writes it; None where it gives none."""
    return PartialDate(text) if text else None


@cache
def day_before(text: str) -> PartialDate | None:
    """The last day of what another day puts an end to."""
    if not text:
        return None
    return PartialDate(str(datetime.date.fromisoformat(text) - datetime.timedelta(days=1)))


@cache
def authority(key: str) -> Ref:
    """The reference to an authority."""
    return Ref(f"authority/{key}")


def department(code: str) -> Ref:
    """The département of a code, or the overseas territory that stands beside them."""
    if code in ("984", "989"):  # which have no authority of their own
        return Ref(f"place/fra-com-{code}")
    return authority(f"fra-{'com' if code in OVERSEAS else 'dep'}-{code.lower()}")


def _names(existence: Existence) -> Iterator[DatedName]:
    for name, borne in groupby(existence.versions, key=lambda version: version.name):
        versions = list(borne)
        start, end = versions[0].start, versions[-1].end
        yield DatedName(
            key=f"{existence.key}-{start or 'first'}",
            form=Text(name),
            start=day(start),
            end=day_before(end),
        )


def _identifiers(existence: Existence) -> Iterator[Identifier]:
    key, last = existence.key, existence.last
    for code, borne in groupby(existence.versions, key=lambda version: version.code):
        versions = list(borne)
        former = f"{key}-{code.lower()}-{versions[0].start or 'first'}"
        yield Identifier(
            key=key if versions[-1] is last else former,
            notation=code,
            agency="INSEE",
            start=day(versions[0].start),
            end=day_before(versions[-1].end),
        )
    if last.siren:
        yield Identifier(key=f"{key}-siren", notation=last.siren, agency="INSEE")


def _within(existence: Existence, known: Existences) -> tuple[Ref, ...]:
    last = existence.last
    if last.type != "COM":
        commune = known.commune(known.versions.get(last.pole))
        return (authority(known.of[commune.id].key),) if commune else ()
    code = last.department or _department_of(last)
    return (department(code),) if code else ()


def _department_of(version: Version) -> str:
    """The département that a code of former days names, where that one still exists.

    Until 1968 the codes 75 and 78 were those of Seine and Seine-et-Oise, and 20 was Corsica's.
    """
    prefix = version.code[: 3 if version.code.startswith("97") else 2]
    gone = prefix == "20" or (prefix in ("75", "78") and version.end <= "1968-01-01")
    return "" if gone else prefix


def _figures(existence: Existence) -> tuple[Figure, ...]:
    population = existence.last.population
    if not population:
        return ()
    return (
        Figure(
            key=f"{existence.key}-population",
            measure=POPULATION,
            value=Decimal(population),
            date=day(existence.last.population_year),
        ),
    )
