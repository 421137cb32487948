"""The French commune, or part of one, that holds a code today in the shipped register."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from loaders.model.iris import slug
from loaders.model.values import Ref
from loaders.registers.cog.history import History, read_history
from loaders.registers.cog.territory import ref, within
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

DATASET = "france_communes"
"""The dataset whose codes these are."""

_FOLDER = importlib.resources.files("loaders") / "datasets" / DATASET / "source"
SHIPPED_STANDING, SHIPPED_MOVEMENTS = (
    SourceFile(Path(str(_FOLDER / name)), name) for name in ("communes.csv.xz", "movements.csv.xz")
)


@dataclass(frozen=True)
class Holder:
    """A commune, or a part of one, that exists today: what it is, and what it lies in.

    A commune lies in its département, or in what has taken the place of one.
    """

    ref: Ref
    name: str
    within: tuple[Ref, ...]

    @property
    def key(self) -> str:
        """The last part of its IRI."""
        return self.ref.target.rpartition("/")[2]


@cache
def communes() -> Mapping[str, Holder]:
    """The communes of today by code.

    >>> communes()["91228"].ref.target, communes()["91228"].name
    ('authority/fra-cog-91228-2019', 'Évry-Courcouronnes')
    """
    return _holders("COM")


@cache
def parts() -> Mapping[str, Holder]:
    """The arrondissements, delegated and associated communes of today by code.

    >>> parts()["75120"].ref.target
    'place/fra-arm-75120'
    """
    return _holders("ARM", "COMD", "COMA")


def by_code() -> Mapping[str, Ref]:
    """The authorities and parts of authorities of today by code; of a code of both, the commune.

    >>> by_code()["91228"].target
    'authority/fra-cog-91228-2019'
    """
    return {code: holder.ref for code, holder in {**parts(), **communes()}.items()}


@cache
def names() -> frozenset[str]:
    """The names of the communes of today, folded by `loaders.model.iris.slug`."""
    return frozenset(slug(holder.name) for holder in communes().values())


@cache
def shipped_history() -> tuple[History, IssueLog]:
    """The history that the shipped tables tell, and the account of their lines."""
    issues = IssueLog(DATASET, SHIPPED_STANDING.name, "communes")
    return read_history(SHIPPED_STANDING, SHIPPED_MOVEMENTS, (), issues), issues


def _holders(*types: str) -> Mapping[str, Holder]:
    return MappingProxyType(
        {
            each.code: Holder(ref(each), each.name, tuple(within(each)))
            for each in shipped_history()[0].all
            if each.type in types and each.today
        }
    )
