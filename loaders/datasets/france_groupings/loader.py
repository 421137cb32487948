"""Reads the groupings of communes of today, ours or the DGCL's, and what became of others."""

from __future__ import annotations

import datetime
import importlib.resources
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from loaders.datasets.france_groupings.tables import (
    HISTORY,
    KINDS,
    MEMBERS,
    Grouping,
    read_groupings,
    read_history,
    read_members,
)
from loaders.errors import RecordError, SourceError
from loaders.model.iris import slug
from loaders.model.records import Authority, Change, Identifier, Membership, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from loaders.registers.communes import Holder, communes, names
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import is_table, refuse

SIREN = Ref("concept/identifier-scheme/fra-siren")


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of the register, when its table of today's groupings comes.

    Raises NotOfThisKind for another table, SourceError where no grouping can be read.
    """
    issues.record = "groupings"
    if is_table(source, HISTORY):
        return  # it is read with the groupings of today
    read = read_members if is_table(source, MEMBERS) else read_groupings
    found: dict[str, Grouping] = {}
    for grouping in read(source, issues):
        if grouping.key in found:
            advice = "a SIREN stands once: remove this row"
            refuse(RecordError("siren", grouping.siren, advice, line=grouping.line), issues)
            continue
        issues.line("taken")
        found[grouping.key] = grouping
        issues.counts["territorial bodies" if grouping.type == "EPT" else "groupings"] += 1
    if not found:
        raise SourceError(f"{source.name} holds no grouping that can be read")
    history = [file for file in source.beside if is_table(file, HISTORY)] or [_shipped()]
    for file in history:
        _amend(read_history(file, issues), found, issues)
    authorities = tuple(_authority(grouping, issues) for grouping in found.values())
    day = dataset.attested if dataset.ships(source) else None
    memberships = tuple(_memberships(found.values(), day)) if day else ()
    yield SourceRecord(
        key="groupings",
        document=dataset.document,
        entities=(*authorities, *memberships, *_changes(found.values())),
    )


def _shipped() -> SourceFile:
    folder = importlib.resources.files("loaders") / "datasets" / "france_groupings" / "source"
    return SourceFile(Path(str(folder / "history.csv")), "history.csv")


def _amend(read: Iterable[Grouping], found: dict[str, Grouping], issues: IssueLog) -> None:
    """Adds what history says: of a grouping of today it fills in, others are its own."""
    for change in read:
        known = found.get(change.key)
        if known is None and not change.end:
            issues.line("noise")  # it tells of a grouping that this list leaves out
        elif known is None:
            issues.line("taken")
            issues.counts["former groupings"] += 1
            found[change.key] = change
        else:
            issues.line("taken")
            found[change.key] = replace(known, start=change.start, other_names=change.other_names)


def _authority(grouping: Grouping, issues: IssueLog) -> Authority:
    members = tuple(_members(grouping, issues))
    body = "memberships of territorial bodies" if grouping.type == "EPT" else "memberships"
    issues.counts[body] += len(members)
    departments = {member.within for member in members}
    siren = Identifier(key=grouping.key, notation=grouping.siren, scheme=SIREN, agency="INSEE")
    return Authority(
        key=grouping.key,
        names=(Text(grouping.name),),
        other_names=tuple(
            dict.fromkeys((*map(Text, grouping.other_names), *_other_names(grouping)))
        ),
        kind=Ref(f"concept/kind/fra-{KINDS[grouping.type][0]}"),
        country=Ref("country/FRA"),
        # Some lie in two départements or more, and then in none.
        within=departments.pop() if len(departments) == 1 else (),
        identifiers=(siren,) if grouping.siren else (),
        start=PartialDate(grouping.start) if grouping.start else None,
        end=_day_before(grouping.end) if grouping.end else None,
        members=tuple(member.ref for member in members),
        heirs=tuple(Ref(f"authority/{heir}") for heir in grouping.heirs),
    )


def _members(grouping: Grouping, issues: IssueLog) -> Iterator[Holder]:
    for code in grouping.members:
        if code in communes():
            yield communes()[code]
        else:
            advice = f"no commune has this code today: it is left out of {grouping.name}"
            issues.warn("membres", code, advice, line=grouping.line)


def _memberships(groupings: Iterable[Grouping], day: PartialDate) -> Iterator[Membership]:
    """The memberships that the register attests on its day: it tells no start of any."""
    for grouping in groupings:
        for code in grouping.members:
            if holder := communes().get(code):
                yield Membership(
                    key=f"{grouping.key}-{code.lower()}",
                    member=holder.ref,
                    organization=Ref(f"authority/{grouping.key}"),
                    attested_on=day,
                )


def _other_names(grouping: Grouping) -> Iterator[Text]:
    """The name with its type in full, and alone where it can stand so: Grand Chambéry.

    The name of one of its communes never stands for it: "CU d'Arras" is not Arras.
    """
    in_full = KINDS[grouping.type][1]
    opening = f"{grouping.type} "
    if grouping.name.startswith(opening):
        bare = grouping.name.removeprefix(opening)
        yield Text(f"{in_full} {bare}")
        alone = re.sub("^du (?=Grand |Pays )", "", bare)
        if alone[0].isupper() and slug(alone) not in names():
            yield Text(alone)
    elif grouping.type == "EPT":
        yield Text(f"{in_full} {grouping.name}")


def _changes(groupings: Iterable[Grouping]) -> Iterator[Change]:
    """The changes that ended groupings, by their heir and day."""
    ended: defaultdict[tuple[tuple[str, ...], str, str, str], list[Grouping]] = defaultdict(list)
    for each in groupings:
        if each.end:
            ended[each.heirs, each.end, each.along, each.source].append(each)
    for (heirs, day, along, source), originals in ended.items():
        yield Change(
            key=f"{heirs[0]}-{day}",
            date=PartialDate(day),
            change_type=Ref(f"concept/change/{'creation' if along else 'merger'}"),
            originals=tuple(Ref(f"authority/{each.key}") for each in originals),
            results=tuple(Ref(f"authority/{heir}") for heir in heirs),
            continuing=(Ref(f"authority/{along}"),) if along else (),
            description=(Text(f"{source}."), Text(f"{source} (French law).", "en")),
        )


def _day_before(text: str) -> PartialDate:
    return PartialDate(str(datetime.date.fromisoformat(text) - datetime.timedelta(days=1)))
