"""The changes that existences go through: mergers, splits, restorations, new names and codes.

Whom a change ends is followed by whom it results in. Nobody follows himself: a commune that goes
on has a part in the change, so that the way to today's heir has an end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from loaders.datasets.france_communes.entities import authority, day
from loaders.datasets.france_communes.existence import Existence, Existences
from loaders.datasets.france_communes.versions import Version
from loaders.model.records import Change
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.issue_log import IssueLog

LAST_DATED = "2019-01-01"
"""Until here the register dates each change; later ones are known from one year to the next."""

TYPES = {
    "changement de chef lieu": "seat-change",
    "changement de département": "department-change",
    "changement de nom": "renaming",
    "commune nouvelle": "new-municipality",
    "création": "creation",
    "dé-fusion": "split",
    "fusion avec la commune parente": "full-merger",
    "fusion partielle": "full-merger",
    "fusion simple": "simple-merger",
    "fusion totale": "full-merger",
    "fusion-association": "association-merger",
    "recomposition de la commune groupe": "regrouping",
    "renommage suite à création d’une commune fille": "renaming",
    "rétablissement": "restoration",
    "suppression": "abolition",
}
"""INSEE's words for a change, and the concept of each."""


def changes(known: Existences, issues: IssueLog) -> Iterator[Change]:
    """Each change once, under the key of the commune that comes of it and its day."""
    ended = _ended_into(known)
    before = {version.successor: version for version in known.versions.values()}
    for existence in known.all:
        for version in existence.versions:
            if version.type == "COM" and version.start:
                yield _change(version, ended.pop(version.id, []), before, known, issues)
        last = existence.last
        if last.end and last.end_reason == "suppression":
            heir = _heir_of_part(last, known)
            yield Change(
                key=f"{existence.key}-{last.end}",
                date=_date(last.end),
                change_type=Ref("concept/change/abolition"),
                originals=(authority(existence.key),),
                results=_refs([heir] if heir else []),
                description=_observed(last.end),
            )
    for into, parts in sorted(ended.items()):
        # A part is dissolved in a commune that does not change with it.
        for part in parts:
            yield Change(
                key=f"{part.key}-{part.last.end}",
                date=_date(part.last.end),
                change_type=_type(part.last, part.last.end_reason, issues),
                originals=(authority(part.key),),
                results=(authority(known.of[into].key),),
            )


def _heir_of_part(version: Version, known: Existences) -> Existence | None:
    """The commune that a part was of; where both end on one day, the one that it goes into."""
    commune = known.commune(known.versions.get(version.pole))
    if commune and known.of[commune.id].last.end == version.end:
        commune = known.commune(known.versions.get(known.of[commune.id].last.successor))
    return known.of[commune.id] if commune else None


def _ended_into(known: Existences) -> dict[str, list[Existence]]:
    """Those that a change ends, by the version of the commune that they become a part of."""
    ended: defaultdict[str, list[Existence]] = defaultdict(list)
    for existence in known.all:
        successor = known.versions.get(existence.last.successor)
        if existence.last.end and successor and successor.type != "COM":
            commune = known.commune(successor)
            if commune:
                ended[commune.id].append(existence)
    return ended


def _change(
    version: Version,
    ended: list[Existence],
    before: Mapping[str, Version],
    known: Existences,
    issues: IssueLog,
) -> Change:
    existence = known.of[version.id]
    begins = existence.first is version
    originals = [each for each in ended if each is not existence]
    continuing = [] if begins else [existence]
    if begins and version.id in before:
        restored, left = _restored(before[version.id], before, known)
        originals.extend(restored)
        if left and left.last.end == version.start:
            originals.append(left)
        elif left:
            continuing.append(left)
    return Change(
        key=f"{existence.key}-{version.start}",
        date=_date(version.start),
        change_type=_type(version, version.start_reason, issues),
        originals=_refs(originals),
        results=_refs([existence] if begins or originals else []),
        continuing=_refs(continuing),
        description=_observed(version.start),
    )


def _restored(
    version: Version, before: Mapping[str, Version], known: Existences
) -> tuple[list[Existence], Existence | None]:
    """What a restored commune had been: a part, and before that a commune; and whom it leaves."""
    commune = known.commune(version)
    left = known.of[commune.id] if commune else None
    had_been = []
    earlier: Version | None = version
    while earlier:
        existence = known.of.get(earlier.id)
        if existence and existence not in had_been:
            had_been.append(existence)
        if earlier.type == "COM":
            break
        earlier = before.get(earlier.id)
    return [existence for existence in had_been if existence is not left], left


def _refs(existences: list[Existence]) -> tuple[Ref, ...]:
    return tuple(authority(key) for key in sorted({existence.key for existence in existences}))


def _type(version: Version, reason: str, issues: IssueLog) -> Ref | None:
    if reason in TYPES:
        return Ref(f"concept/change/{TYPES[reason]}")
    if version.type == "COM":
        issues.warn(
            "raison",
            reason,
            "no concept is known for this: the change has no type",
            line=version.line,
        )
        return None
    return Ref("concept/change/abolition")


def _date(text: str) -> PartialDate:
    found = day(text)
    assert found  # noqa: S101  a change is read with its day
    return found


def _observed(date: str) -> tuple[Text, ...]:
    if date <= LAST_DATED:
        return ()
    return (
        Text(f"Daté du premier registre annuel qui le montre, celui du {date}."),
        Text(f"Dated with the first yearly register that shows it, that of {date}.", "en"),
    )
