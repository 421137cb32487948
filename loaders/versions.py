"""Version folders: where they lie, which one is served, and how the pointer is switched.

    HOME/current -> versions/<id>       replaced atomically, absent before the first build
    HOME/feed/                          what changed from one to the next (`loaders.build.feed`)
    HOME/versions/<id>/manifest.json    what the version holds
                       store/           the graphs, for Oxigraph
                       maillage.nq.gz   every quad, sorted
                       maillage.ttl.gz  the default graph
                       names.sqlite     the search index
                       register.sqlite  what names are looked up in
                       literals         the server's index over objects
                       report.json, report.txt, rejected/

A version's id is taken from its content, so that the same input gives the same version.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loaders.errors import BuildError

RETOLD = (
    *("names.sqlite", "partitions.json", "maillage.nq.gz", "maillage.ttl.gz"),
    "manifest.json",  # last: it tells of the others
)
"""The files of a version that another program may write otherwise for the same data."""


@dataclass(frozen=True)
class BuiltVersion:
    """A finished version."""

    id: str
    folder: Path
    manifest: dict[str, Any]


def versions(home: Path) -> list[BuiltVersion]:
    """The finished versions, newest first; a folder without a manifest is not one."""
    found = []
    for manifest in (home / "versions").glob("[!.]*/manifest.json"):
        with suppress(ValueError, OSError):
            content = json.loads(manifest.read_text("utf-8"))
            found.append(BuiltVersion(manifest.parent.name, manifest.parent, content))
    return sorted(found, key=lambda v: (v.manifest.get("built", ""), v.id), reverse=True)


def current(home: Path) -> BuiltVersion | None:
    """The version that is served; None before the first build."""
    try:
        folder = (home / "current").resolve(strict=True)
        return BuiltVersion(folder.name, folder, json.loads((folder / "manifest.json").read_text()))
    except (OSError, ValueError):
        return None


def switch(home: Path, version: str) -> None:
    """Serve this version from now on; raises BuildError where there is no such version."""
    if not (home / "versions" / version / "manifest.json").is_file():
        raise BuildError(f"no version {version} in {home}: `maillage versions` lists them")
    pointer = home / f".current-{os.getpid()}"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(Path("versions") / version)
    pointer.replace(home / "current")


def rollback(home: Path, version: str | None = None) -> str:
    """The version that is served from now on: the given one, or the one built before this."""
    if version is None:
        serving = current(home)
        if serving is None:
            raise BuildError(f"there is no version in {home}: run `maillage build` first")
        ids = [v.id for v in versions(home)]
        if serving.id not in ids or ids[-1] == serving.id:
            raise BuildError("there is no earlier version to go back to")
        version = ids[ids.index(serving.id) + 1]
    switch(home, version)
    return version


def prune(home: Path, keep: int) -> list[str]:
    """The versions that are removed: all but the newest `keep` and the one that is served."""
    serving = current(home)
    gone = [v for v in versions(home)[max(keep, 1) :] if serving is None or v.id != serving.id]
    for version in gone:
        # Without its manifest it is no version any more, whatever is left of it.
        (version.folder / "manifest.json").unlink(missing_ok=True)
        shutil.rmtree(version.folder, ignore_errors=True)
    return [version.id for version in gone]


@contextmanager
def workspace(home: Path) -> Iterator[Path]:
    """A folder to build in, beside the versions; nothing of it stays where the build fails."""
    folder = home / "versions"
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    building = folder / f".building-{os.getpid()}"
    building.mkdir()
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def publish(home: Path, building: Path, version: str) -> bool:
    """Move the finished folder to its place and serve it; False where it was there already.

    What is told of data that was there already, and its search index, are replaced: another
    program may tell more, in the notice of the dumps too, and lay the index out otherwise.
    """
    place = home / "versions" / version
    new = not (place / "manifest.json").is_file()
    if new:
        shutil.rmtree(place, ignore_errors=True)
        building.rename(place)
    else:
        for name in RETOLD:
            if (building / name).is_file():
                (building / name).replace(place / name)
    switch(home, version)
    return new


def _clear(folder: Path) -> None:
    """Remove what killed builds left behind."""
    for left in folder.glob(".building-*"):
        pid = left.name.rpartition("-")[2]
        if not (pid.isdigit() and Path(f"/proc/{pid}").exists()):
            shutil.rmtree(left, ignore_errors=True)
