"""The versions of the data in a home folder, as the server sees them: finished and read-only."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from server.engine.pool.supervisor import StoreSource
from server.settings import Settings


@dataclass(frozen=True)
class Version:
    """One version folder."""

    id: str
    path: Path

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the build: quads, graphs, datasets."""
        return read_manifest(self.path)

    @property
    def partitions(self) -> dict[str, dict[str, int]]:
        """The triples of the things of each class, by property; empty where nobody counted."""
        return read_partitions(self.path)


@lru_cache(maxsize=8)
def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a version folder; empty where there is none."""
    try:
        manifest: dict[str, Any] = json.loads((path / "manifest.json").read_bytes())
    except OSError:
        return {}
    return manifest


@lru_cache(maxsize=4)
def read_partitions(path: Path) -> dict[str, dict[str, int]]:
    """The partitions of a version folder; empty where there are none."""
    try:
        found: dict[str, dict[str, int]] = json.loads((path / "partitions.json").read_bytes())
    except OSError:
        return {}
    return found


def version_at(home: Path, identifier: str) -> Version:
    """The version of that identifier."""
    return Version(identifier, home / "versions" / identifier)


def current_source(settings: Settings) -> StoreSource | None:
    """The version that HOME/current names, in memory or on disk as set; None before a build."""
    try:
        identifier = (settings.home / "current").readlink().name
    except OSError:
        return None
    version = version_at(settings.home.absolute(), identifier)
    quads = version.manifest.get("quads", 0)
    in_memory = settings.store == "memory" or (
        settings.store == "auto" and quads <= settings.memory_quads
    )
    if in_memory:
        return StoreSource(identifier, files=(version.path / "maillage.nq.gz",))
    return StoreSource(identifier, store=version.path / "store")
