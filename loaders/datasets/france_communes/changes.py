"""The changes of communes as events: mergers, restorations, new names and codes, day by day."""

from __future__ import annotations

from collections.abc import Iterator

from loaders.datasets.france_communes.entities import COLLECTIVITIES, day
from loaders.model.records import Change
from loaders.model.values import Ref, Text
from loaders.registers.cog import movements as mods
from loaders.registers.cog.existence import Existence
from loaders.registers.cog.history import VILLE_DE_PARIS, Event, History
from loaders.registers.cog.territory import ref

TYPES = {
    mods.RENAMING: "renaming",
    mods.CREATION: "creation",
    mods.RESTORATION: "restoration",
    mods.ABOLITION: "abolition",
    mods.SIMPLE_MERGER: "simple-merger",
    mods.NEW_COMMUNE: "new-municipality",
    mods.ASSOCIATION: "association-merger",
    mods.NEW_DEPARTMENT: "department-change",
    mods.NEW_SEAT: "seat-change",
    VILLE_DE_PARIS: "merger",
}
"""INSEE's kinds of change (MOD) that concern communes, and the concept of each."""

_JOIN = {mods.ABOLITION, mods.SIMPLE_MERGER, mods.ASSOCIATION, mods.NEW_COMMUNE}
"""The changes by which one that goes on may also result from those that end."""

_PARIS = (
    Text("Loi n° 2017-257 du 28 février 2017 relative au statut de Paris."),
    Text("Law no. 2017-257 of 28 February 2017 on the status of Paris.", "en"),
)


def changes(history: History) -> Iterator[Change]:
    """Each change once, in order of time, under the key of a commune that has a part in it."""
    taken = set()
    for event in history.events:
        kind = TYPES[event.mod]
        key = f"{_anchor(event).key}-{event.day}"
        if key in taken:
            key = f"{key}-{kind}"
        taken.add(key)
        date = day(event.day)
        assert date  # noqa: S101  a change is read with its day
        originals, results = list(_refs(event.ended)), list(_refs(event.begun))
        if event.mod in _JOIN and event.ended:
            results += _refs(event.continuing)
        results += [COLLECTIVITIES[each.key] for each in event.ended if each.key in COLLECTIVITIES]
        if event.mod == VILLE_DE_PARIS:
            originals.append(Ref("authority/fra-dep-75-1968"))
        yield Change(
            key=key,
            date=date,
            change_type=Ref(f"concept/change/{kind}"),
            originals=tuple(originals),
            results=tuple(results),
            continuing=_refs(event.continuing),
            description=_PARIS if event.mod == VILLE_DE_PARIS else (),
        )


def _anchor(event: Event) -> Existence:
    """Whom a change is known by: who comes of it, else who goes on, else who ends."""
    if event.mod in (mods.CREATION, mods.RESTORATION):
        return (*event.begun, *event.continuing, *event.ended)[0]
    return ((*event.begun, *event.continuing) or event.ended)[0]


def _refs(existences: tuple[Existence, ...]) -> tuple[Ref, ...]:
    return tuple(ref(each) for each in existences)
