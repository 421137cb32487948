"""Reads the table of groupings of communes, one row a grouping."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.errors import RecordError, SourceError
from loaders.model.iris import slug
from loaders.model.records import Authority, Identifier, SourceRecord
from loaders.model.values import Ref, Text
from loaders.registers.communes import Holder, communes, names
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, refuse, rows

KINDS = {
    "CC": ("communaute-communes", "Communauté de communes"),
    "CA": ("communaute-agglomeration", "Communauté d'agglomération"),
    "CU": ("communaute-urbaine", "Communauté urbaine"),
    "METRO": ("metropole", "Métropole"),
    "MET69": ("metropole-lyon", "Métropole"),
    "EPT": ("ept", "Établissement public territorial"),
}
"""The types of the register, each with the end of its kind and its name in full."""

SIREN = Ref("concept/identifier-scheme/fra-siren")

TABLE = (
    Column(name="siren", form="[0-9]{9}", advice="write the nine digits of the SIREN"),
    Column(name="type", form="|".join(KINDS), advice=f"write one of {', '.join(KINDS)}"),
    Column(name="nom", form=".+", advice="write the name"),
    Column(
        name="membres",
        form=r"[0-9][0-9AB][0-9]{3}( [0-9][0-9AB][0-9]{3})*",
        advice="write INSEE's codes of the communes, with a blank between them",
    ),
)


def records(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
    """The one record of the register."""
    issues.record = "groupings"
    groupings: dict[str, Authority] = {}
    for row in rows(source, TABLE, issues):
        if row["siren"] in groupings:
            advice = "a SIREN stands once: remove this row"
            refuse(RecordError("siren", row["siren"], advice, line=row.line), issues)
            continue
        issues.line("taken")
        groupings[row["siren"]] = _grouping(row, issues)
        issues.counts["territorial bodies" if row["type"] == "EPT" else "groupings"] += 1
    if not groupings:
        raise SourceError(f"{source.name} holds no grouping that can be read")
    yield SourceRecord(
        key="groupings", document=dataset.document, entities=tuple(groupings.values())
    )


def _grouping(row: Row, issues: IssueLog) -> Authority:
    key = f"fra-siren-{row['siren']}"
    members = tuple(_members(row, issues))
    issues.counts[
        "memberships of territorial bodies" if row["type"] == "EPT" else "memberships"
    ] += len(members)
    departments = {member.within for member in members}
    return Authority(
        key=key,
        names=(Text(row["nom"]),),
        other_names=tuple(_other_names(row)),
        kind=Ref(f"concept/kind/fra-{KINDS[row['type']][0]}"),
        country=Ref("country/FRA"),
        # Some lie in two départements or more, and then in none.
        within=departments.pop() if len(departments) == 1 else (),
        identifiers=(Identifier(key=key, notation=row["siren"], scheme=SIREN, agency="INSEE"),),
        members=tuple(member.ref for member in members),
    )


def _members(row: Row, issues: IssueLog) -> Iterator[Holder]:
    for code in row["membres"].split(" "):
        if code in communes():
            yield communes()[code]
        else:
            advice = f"no commune has this code today: it is left out of {row['nom']}"
            issues.warn("membres", code, advice, line=row.line)


def _other_names(row: Row) -> Iterator[Text]:
    """The name with its type in full, and alone where it can stand so: Grand Chambéry.

    The name of one of its communes never stands for it: "CU d'Arras" is not Arras.
    """
    in_full = KINDS[row["type"]][1]
    opening = f"{row['type']} "
    if row["nom"].startswith(opening):
        bare = row["nom"].removeprefix(opening)
        yield Text(f"{in_full} {bare}")
        alone = re.sub("^du (?=Grand |Pays )", "", bare)
        if alone[0].isupper() and slug(alone) not in names():
            yield Text(alone)
    elif row["type"] == "EPT":
        yield Text(f"{in_full} {row['nom']}")
