"""The parties of a row of `partnerships.csv`, with what its columns tell beside their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from loaders.datasets.cited.page import country, parts
from loaders.errors import RecordError
from loaders.identity.stated_names import KINDS, fold
from loaders.model.records import Party
from loaders.model.values import Ref
from loaders.sources.dataset import Dataset
from loaders.sources.tables import Row

FRANCE = "FRA"


@dataclass(frozen=True)
class Sides:
    """The ends on either side, and who takes part without being a local authority.

    Without a French party all ends are `home`: nobody tells them apart.
    """

    home: tuple[Party, ...]
    foreign: tuple[Party, ...]
    participants: tuple[Party, ...]

    @property
    def ends(self) -> tuple[Party, ...]:
        """The ends of both sides."""
        return self.home + self.foreign


def sides(row: Row, dataset: Dataset) -> Sides:
    """The parties of a row; raises RecordError where there are not two, or not of known countries.

    Whom `dataset.yml` lists under `participants` is no end.
    """
    french, foreign = _french(row), _foreign(row)
    if len(french) + len(foreign) < 2:
        column = "foreign_parties" if french else "french_parties"
        raise RecordError(column, row[column], "a tie has two ends: name the other one")
    others = {fold(name) for name in dataset.participants}
    taking_part = tuple(
        Party(name=party.name, country=party.country)
        for party in french + foreign
        if fold(party.name) in others
    )
    own, abroad = (
        tuple(party for party in side if fold(party.name) not in others)
        for side in (french, foreign)
    )
    return Sides(own, abroad, taking_part) if french else Sides(abroad, (), taking_part)


def _french(row: Row) -> tuple[Party, ...]:
    names, kinds = parts(row["french_parties"]), parts(row["french_kinds"])
    territories = parts(row["french_departement_or_region"])
    apart = len(territories) == len(names)
    return tuple(
        _party(
            name,
            country("french_parties", FRANCE),
            kinds[rank] if rank < len(kinds) else "",
            re.split(r"\s*[/|]\s*", territories[rank] if apart else " | ".join(territories)),
        )
        for rank, name in enumerate(names)
        if name
    )


def _foreign(row: Row) -> tuple[Party, ...]:
    names, kinds = parts(row["foreign_parties"]), parts(row["foreign_kinds"])
    codes = parts(row["foreign_country"])
    if len(codes) != len(names):
        advice = f"write one country for each of the {len(names)} parties, with bars between them"
        raise RecordError("foreign_country", row["foreign_country"], advice)
    return tuple(
        _party(name, country("foreign_country", code), kinds[rank] if rank < len(kinds) else "", ())
        for rank, (name, code) in enumerate(zip(names, codes, strict=True))
        if name
    )


def _party(name: str, place: Ref, kind: str, within: Iterable[str]) -> Party:
    return Party(
        name=name,
        country=place,
        authority=True,
        kind=kind if kind in KINDS else None,
        within=tuple(territory for territory in within if territory),
    )
