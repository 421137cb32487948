"""Which French authority holds a code of INSEE today, as the shipped register says."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from loaders.datasets.france_communes.existence import Existence, existences
from loaders.datasets.france_communes.versions import read_versions
from loaders.model.iris import slug
from loaders.model.values import Ref
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

DATASET = "france_communes"
"""The dataset whose codes these are."""


@dataclass(frozen=True)
class Holder:
    """A commune, or a part of one, that exists today."""

    key: str
    name: str
    department: str


@cache
def communes() -> Mapping[str, Holder]:
    """The communes of today by code.

    >>> communes()["91228"].key, communes()["91228"].name
    ('fra-cog-91228-2019', 'Évry-Courcouronnes')
    """
    return _holders("COM")


@cache
def parts() -> Mapping[str, Holder]:
    """The arrondissements, delegated and associated communes of today by code.

    >>> parts()["75120"].key
    'fra-arm-75120'
    """
    return _holders("ARM", "COMD", "COMA")


def by_code() -> Mapping[str, Ref]:
    """The authorities and parts of authorities of today by code; of a code of both, the commune.

    >>> by_code()["91228"].target
    'authority/fra-cog-91228-2019'
    """
    return {
        code: Ref(f"authority/{holder.key}") for code, holder in {**parts(), **communes()}.items()
    }


@cache
def names() -> frozenset[str]:
    """The names of the communes of today, folded by `loaders.model.iris.slug`."""
    return frozenset(slug(holder.name) for holder in communes().values())


def _holders(*types: str) -> Mapping[str, Holder]:
    return MappingProxyType(
        {
            existence.last.code: Holder(
                existence.key, existence.last.name, existence.last.department
            )
            for existence in _register()
            if existence.last.type in types and not existence.last.end
        }
    )


@cache
def _register() -> tuple[Existence, ...]:
    table = importlib.resources.files("loaders") / "datasets" / DATASET / "source"
    source = SourceFile(Path(str(table / "communes.csv.xz")), "communes.csv.xz")
    return existences(read_versions(source, IssueLog(DATASET))).all
