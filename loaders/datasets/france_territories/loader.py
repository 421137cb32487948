"""Reads the table of régions, départements and overseas collectivités, one row each."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator

from loaders.errors import RecordError, SourceError
from loaders.model.records import Authority, Change, Identifier, Place, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, refuse, rows

KEYS = {"REG": "fra-reg", "DEP": "fra-dep", "COM": "fra-com"}
COUNTED = {"REG": "regions", "DEP": "departments", "COM": "overseas territories"}
ARTICLES = ("de ", "d'", "du ", "de la ", "des ", "de l'", "des ", "de las ", "de los ")
"""What joins a name to what goes before it, by INSEE's number for its article."""

COUNCILS = {
    "REG": ("Région", "Conseil régional"),
    "DEP": ("Département", "Conseil départemental", "Conseil général"),
    "COM": (),
}
"""What French pages write before the name of each type of territory, joined by its article."""

_DAY = "([0-9]{4}-[0-9]{2}-[0-9]{2})?"
TABLE = (
    Column(name="type", form="REG|DEP|COM", advice="write REG, DEP or COM"),
    Column(name="code", form="[0-9][0-9AB][0-9]?", advice="write INSEE's code"),
    Column(name="nom", form=".+", advice="write the name"),
    Column(name="ancien_nom"),
    Column(name="article", form="[0-8]", advice="write INSEE's number of its article, 0 to 8"),
    Column(name="nature", form="(fra-[a-z-]+)?", advice="write a notation of the scheme of kinds"),
    Column(name="iso", form="(FR-[0-9A-Z]{1,3})?", advice="write the code of ISO 3166-2"),
    Column(name="debut", form=_DAY, advice="write a day as 2016-01-01, or nothing"),
    Column(name="fin", form=_DAY, advice="write a day as 2016-01-01, or nothing"),
    Column(name="successeur", form="([0-9]{2})?", advice="write the code of the région"),
    Column(name="region", form="([0-9]{2})?", advice="write the code of the région"),
)


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of the register."""
    issues.record = "territories"
    found: dict[str, Authority | Place] = {}
    merged: defaultdict[tuple[str, str], list[Ref]] = defaultdict(list)
    for row in rows(source, TABLE, issues):
        try:
            territory = _territory(row)
            if territory.key in found:
                raise RecordError(
                    "code", row["code"], "a code stands once: remove this row", line=row.line
                )
        except RecordError as error:
            refuse(error, issues)
            continue
        issues.line("taken")
        issues.counts["former regions" if row["fin"] else COUNTED[row["type"]]] += 1
        found[territory.key] = territory
        if row["successeur"]:
            heir = f"fra-reg-{row['successeur']}"
            merged[heir, row["fin"]].append(Ref(f"authority/{territory.key}"))
    if not found:
        raise SourceError(f"{source.name} holds no territory that can be read")
    changes = tuple(
        Change(
            key=f"{heir}-{date}",
            date=PartialDate(date),
            change_type=Ref("concept/change/merger"),
            originals=tuple(former),
            results=(Ref(f"authority/{heir}"),),
        )
        for (heir, date), former in merged.items()
    )
    yield SourceRecord(
        key="territories", document=dataset.document, entities=(*found.values(), *changes)
    )


def _territory(row: Row) -> Authority | Place:
    key = f"{KEYS[row['type']]}-{row['code'].lower()}"
    within = (Ref(f"authority/fra-reg-{row['region']}"),) if row["region"] else ()
    if row["successeur"] and not row["fin"]:
        advice = f"write the day on which it went into {row['successeur']}"
        raise RecordError("fin", "", advice, line=row.line)
    if not row["nature"]:
        return Place(key=key, names=(Text(row["nom"]),), country=Ref("country/FRA"), within=within)
    codes = [Identifier(key=key, notation=row["code"], agency="INSEE")]
    if row["iso"]:
        codes.append(Identifier(key=f"{key}-iso", notation=row["iso"], agency="ISO"))
    return Authority(
        key=key,
        names=(Text(row["nom"]),),
        other_names=tuple(_other_names(row)),
        kind=Ref(f"concept/kind/{row['nature']}"),
        country=Ref("country/FRA"),
        within=within,
        identifiers=tuple(codes),
        start=PartialDate(row["debut"]) if row["debut"] else None,
        end=_day_before(row["fin"]) if row["fin"] else None,
    )


def _day_before(text: str) -> PartialDate:
    return PartialDate(str(datetime.date.fromisoformat(text) - datetime.timedelta(days=1)))


def _other_names(row: Row) -> Iterator[Text]:
    article = ARTICLES[int(row["article"])]
    if row["ancien_nom"]:
        yield Text(row["ancien_nom"])
    for name in filter(None, (row["nom"], row["ancien_nom"])):
        for opening in COUNCILS[row["type"]]:
            yield Text(f"{opening} {article}{name}")
        if row["type"] == "REG":
            yield Text(f"Région {name}")
