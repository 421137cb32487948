"""Reads the tables of régions, départements and overseas collectivités, and of their history."""

from __future__ import annotations

import datetime
import importlib.resources
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from loaders.datasets.france_territories.tables import (
    DEPARTMENTS,
    HISTORY,
    OVERSEAS,
    PLACE,
    REGIONS,
    TERRITORIES,
    Territory,
    read_changes,
    read_departments,
    read_overseas,
    read_regions,
    read_territories,
)
from loaders.errors import NotOfThisKind, RecordError, SourceError
from loaders.model.records import Authority, Change, Identifier, Place, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, header, is_table, refuse

COUNTED = {
    "REG": "regions",
    "DEP": "departments",
    "COM": "overseas territories",
    "CTCD": "departmental authorities",
}
ARTICLES = ("de ", "d'", "du ", "de la ", "des ", "de l'", "des ", "de las ", "de los ")
"""The words that join a name to what goes before it, by INSEE's number for its article."""

COUNCILS = {
    "fra-region": ("Région", "Conseil régional"),
    "fra-departement": ("Département", "Conseil départemental", "Conseil général"),
}
"""The words of French pages before a territory's name, by its kind, joined by its article."""

WITH_POWERS_OF_A_REGION = {"976": "976R"}
"""INSEE's code of the authority that acts as département (CTCD), where it is not `{code}D`."""

Read = Callable[[SourceFile, IssueLog], Iterator[Territory]]
TODAY: tuple[tuple[Sequence[Column], Read], ...] = (
    (TERRITORIES, read_territories),
    (DEPARTMENTS, read_departments),
    (REGIONS, read_regions),
    (OVERSEAS, read_overseas),
)
"""The tables of today's territories, ours first; a département's has the columns of a région's."""


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of the register, when the first table of today's territories comes.

    Raises NotOfThisKind for another table, SourceError where no territory can be read.
    """
    issues.record = "territories"
    files = sorted((source, *source.beside), key=lambda file: file.name)
    if _reader(source) is None and not is_table(source, HISTORY):
        advice = "v_region, v_departement, and a list of overseas collectivités"
        raise NotOfThisKind(f"{source.name} is no table of this register, which are {advice}")
    today = [file for file in files if _reader(file)]
    if today and source is not today[0]:
        return  # it is read with the first
    history = [file for file in files if is_table(file, HISTORY)] or [_shipped()]
    found: dict[str, Territory] = {}
    for file in today:
        read = _reader(file)
        assert read  # noqa: S101  these are the files that have one
        _add(read(file, issues), found, issues)
    for file in history:
        _amend(read_changes(file, issues), found, issues)
    territories = [each for each in found.values() if _holds(each, issues)]
    if not territories:
        raise SourceError(f"{source.name} holds no territory that can be read")
    for each in territories:
        former = "former " if each.end else ""
        issues.counts["places" if each.kind == PLACE else former + COUNTED[each.type]] += 1
    yield SourceRecord(
        key="territories",
        document=dataset.document,
        entities=(*map(_entity, territories), *_changes(territories)),
    )


def _reader(file: SourceFile) -> Read | None:
    # INSEE's other tables have these columns as well, but after one of their own.
    return next(
        (
            read
            for table, read in TODAY
            if is_table(file, table) and header(file)[0] == table[0].name
        ),
        None,
    )


def _shipped() -> SourceFile:
    folder = importlib.resources.files("loaders") / "datasets" / "france_territories" / "source"
    return SourceFile(Path(str(folder / "history.csv")), "history.csv")


def _add(read: Iterable[Territory], found: dict[str, Territory], issues: IssueLog) -> None:
    for territory in read:
        if territory.key in found:
            advice = "a code stands once: remove this row"
            refuse(RecordError("code", territory.code, advice, line=territory.line), issues)
        else:
            issues.line("taken")
            found[territory.key] = territory


def _amend(read: Iterable[Territory], found: dict[str, Territory], issues: IssueLog) -> None:
    """Adds what history says: of a territory of today it fills in, others are its own."""
    for change in read:
        known = found.get(change.key)
        if known is None and not change.name:
            advice = f"no table has {change.key}: write the name of what it is about"
            refuse(RecordError("nom", "", advice, line=change.line), issues)
            continue
        issues.line("taken")
        if known is None:
            found[change.key] = change
        else:
            said = {
                name: value
                for name in ("kind", "start", "end", "heirs", "within", "other_names", "law")
                if (value := getattr(change, name))
            }
            found[change.key] = replace(known, **said)


def _holds(territory: Territory, issues: IssueLog) -> bool:
    if territory.heirs and not territory.end:
        advice = f"write the day on which it went into {territory.heirs[0]}"
        refuse(RecordError("fin", "", advice, line=territory.line), issues)
        return False
    return True


def _entity(territory: Territory) -> Authority | Place:
    key = territory.key.removeprefix("place/")
    within = (Ref(territory.within),) if territory.within else ()
    scheme = f"concept/identifier-scheme/fra-{territory.type.lower()}"
    start, end = _day(territory.start), _day_before(territory.end)
    own = key.startswith(f"fra-{territory.type.lower()}-")
    code = Identifier(
        key=f"{key}-place" if territory.key.startswith("place/") else key if own else f"{key}-ctcd",
        notation=territory.code,
        scheme=Ref(scheme),
        agency="INSEE",
        start=start,
        end=end,
    )
    if territory.kind == PLACE:
        return Place(
            key=key,
            names=(Text(territory.name),),
            country=Ref("country/FRA"),
            within=within,
            # The Rhône's code is that of its département; the territory has another authority too.
            identifiers=() if territory.code == "69" else (code,),
        )
    acting = Identifier(
        key=f"{key}-ctcd",
        notation=WITH_POWERS_OF_A_REGION.get(territory.code, f"{territory.code}D"),
        scheme=Ref("concept/identifier-scheme/fra-ctcd"),
        agency="INSEE",
    )
    iso = Identifier(
        key=f"{key}-iso",
        notation=territory.iso,
        scheme=Ref("concept/identifier-scheme/iso-3166-2"),
        agency="ISO",
    )
    return Authority(
        key=key,
        names=(Text(territory.name),),
        other_names=tuple(dict.fromkeys(_other_names(territory))),
        kind=Ref(f"concept/kind/{territory.kind}"),
        country=Ref("country/FRA"),
        within=within,
        identifiers=(
            code,
            *((acting,) if territory.type == "DEP" and not territory.end else ()),
            *((iso,) if territory.iso else ()),
        ),
        start=start,
        end=end,
        heirs=tuple(Ref(f"authority/{heir}") for heir in territory.heirs),
    )


def _other_names(territory: Territory) -> Iterator[Text]:
    article = ARTICLES[int(territory.article)]
    councils = COUNCILS.get(territory.kind, ()) if territory.type in ("REG", "DEP") else ()
    for name in territory.other_names:
        yield Text(name)
    for name in (territory.name, *territory.other_names):
        for opening in councils:
            if " de " not in name:  # "Collectivité territoriale de Corse" has no council's name
                yield Text(f"{opening} {article}{name}")
        if territory.type == "REG" and territory.kind == "fra-region":
            yield Text(f"Région {name}")


def _changes(territories: Iterable[Territory]) -> Iterator[Change]:
    """The changes that laws made on one day: the territories that they ended, and their heirs."""
    groups: list[tuple[list[Territory], set[str]]] = []
    for territory in territories:
        if not territory.law:
            continue
        heirs = set(territory.heirs)
        joined = [territory]
        for group in [
            each
            for each in groups
            if (each[0][0].end, each[0][0].law) == (territory.end, territory.law)
            and heirs & each[1]
        ]:
            groups.remove(group)
            joined, heirs = group[0] + joined, heirs | group[1]
        groups.append((joined, heirs))
    for originals, heirs in groups:
        (date, law) = originals[0].end, originals[0].law
        anchor = originals[0].key if len(heirs) > 1 else min(heirs)
        yield Change(
            key=f"{anchor}-{date}",
            date=PartialDate(date),
            change_type=_type(len(originals), len(heirs)),
            originals=tuple(Ref(f"authority/{each.key}") for each in originals),
            results=tuple(Ref(f"authority/{heir}") for heir in sorted(heirs)),
            description=(Text(f"{law}."), Text(f"{law} (French law).", "en")),
        )


def _type(originals: int, results: int) -> Ref | None:
    if originals > 1:
        return Ref(f"concept/change/{'merger' if results == 1 else 'regrouping'}")
    return Ref("concept/change/split") if results > 1 else None


def _day(text: str) -> PartialDate | None:
    return PartialDate(text) if text else None


def _day_before(text: str) -> PartialDate | None:
    if not text:
        return None
    return PartialDate(str(datetime.date.fromisoformat(text) - datetime.timedelta(days=1)))
