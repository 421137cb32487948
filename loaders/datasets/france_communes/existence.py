"""Legal existences out of dated versions: the same commune under its names and codes.

A commune goes on under another name, another code (its département or its seat changes) and when
its own parts change. It goes on as well where others are joined to it, or part from it, and it
keeps both its code and its name; where the name changes with the merger, and in every commune
nouvelle, which the law makes a new legal person, it ends and another begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from loaders.datasets.france_communes.versions import Version

SCHEMES = {"COM": "cog", "COMA": "coma", "COMD": "comd", "ARM": "arm"}
"""What opens the key of each type; the others (COMP) are no longer anything by themselves."""

JOINED = ("fusion simple", "fusion-association")
"""The mergers of before 2010, by which a commune may take others in and go on."""

SPLIT = "dé-fusion"


@dataclass(frozen=True, slots=True)
class Existence:
    """A commune or a part of one, from its beginning to its end: its versions in order."""

    key: str
    versions: tuple[Version, ...]

    @property
    def first(self) -> Version:
        """The version with which it begins."""
        return self.versions[0]

    @property
    def last(self) -> Version:
        """The version with which it ends, or as which it exists today."""
        return self.versions[-1]


@dataclass(frozen=True)
class Existences:
    """All existences, and which one each version belongs to."""

    all: tuple[Existence, ...]
    of: Mapping[str, Existence]
    versions: Mapping[str, Version]

    def commune(self, version: Version | None) -> Version | None:
        """The commune that a version of a part belongs to: the version itself, if it is one."""
        for _ in range(5):  # a part of a part of a commune is the deepest there is
            if version is None or version.type == "COM":
                return version
            version = self.versions.get(version.pole)
        return None


def existences(versions: Mapping[str, Version]) -> Existences:
    """The existences in the order of the table, each with the key that it keeps."""
    following = dict(_following(versions))
    later = set(following.values())
    chains = [
        tuple(_chain(version, following, versions))
        for version in versions.values()
        if version.type in SCHEMES and version.id not in later
    ]
    keys = _keys(chains)
    found = tuple(Existence(keys[chain[0].id], chain) for chain in chains)
    of = {version.id: existence for existence in found for version in existence.versions}
    return Existences(found, of, versions)


def _following(versions: Mapping[str, Version]) -> Iterator[tuple[str, str]]:
    """Each version and the one as which the same commune, or part, goes on."""
    for version in versions.values():
        successor = versions.get(version.successor)
        if version.type not in SCHEMES or not version.end:
            continue
        if successor and successor.type == version.type:
            yield version.id, successor.id
        elif version.type == "COM":
            same = versions.get(f"COM-{version.code}:{version.end}")
            if same and same.name == version.name and same.start_reason in (*JOINED, SPLIT):
                yield version.id, same.id


def _chain(
    version: Version, following: Mapping[str, str], versions: Mapping[str, Version]
) -> Iterator[Version]:
    yield version
    while version.id in following:
        version = versions[following[version.id]]
        yield version


def _keys(chains: list[tuple[Version, ...]]) -> dict[str, str]:
    """The key of each chain, by its first version: with a year where its code was another's."""
    holders: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for chain in chains:
        since = {version.code: version.start for version in reversed(chain)}
        for code, start in since.items():
            holders[chain[0].type, code].append((start, chain[0].id))
    keys: dict[str, str] = {}
    taken = set()
    for chain in chains:
        kind, code = chain[-1].type, chain[-1].code
        held = sorted(holders[kind, code])
        start = next(start for start, holder in held if holder == chain[0].id)
        key = f"fra-{SCHEMES[kind]}-{code}".lower()
        if held[0][1] != chain[0].id:
            year = f"{key}-{start[:4]}"
            key = f"{key}-{start}" if year in taken else year
        taken.add(key)
        keys[chain[0].id] = key
    return keys
