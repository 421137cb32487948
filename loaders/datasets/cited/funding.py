"""A row of `funding.csv`: an amount that a page tells, of a project, a programme or a funder.

A total budget is a figure of its project, and no contribution. An amount of a programme belongs to
no tie: it is a figure of the one who funds it; where several do, or nobody is named, of a project
of its own.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from loaders.datasets.cited.page import ADDRESS, ID, cited, country, day, parts
from loaders.errors import RecordError
from loaders.model.records import (
    Entity,
    Figure,
    FundingLine,
    MonetaryAmount,
    Party,
    Project,
    SourceRecord,
)
from loaders.model.values import Ref, Text
from loaders.sources.dataset import Dataset
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row

COLUMNS = (
    ID,
    ADDRESS,
    Column(name="project", form=r"[a-z0-9-]*", advice="write the key of a project, or nothing"),
    Column(name="funder"),
    Column(
        name="amount", form=r"\d+(\.\d+)?", advice="write the number alone, as 250000 or 1234.50"
    ),
    Column(
        name="currency",
        form="[A-Z]{3}",
        advice="write the ISO 4217 code of the currency: without one the amount says nothing",
    ),
)
EURO = "EUR"
BUDGET, PROGRAMME = Ref("concept/measure/total-budget"), Ref("concept/measure/programme-amount")


def record(row: Row, source: SourceFile, dataset: Dataset, issues: IssueLog) -> SourceRecord:
    """The record of a row; raises RecordError where it cannot be true."""
    day(row, "year", issues.today)
    funders = _funders(row)
    made: Entity
    if not row["project"] and len(funders) == 1:
        made = _figure(row, PROGRAMME, of=funders[0])
    else:
        made = Project(key=row["project"] or f"cited-{row['id']}", **_amounts(row, funders))
        if not row["project"]:
            made = _untitled(made, row)
    return cited(row, (made,), source, dataset)


def _amounts(row: Row, funders: tuple[Party, ...]) -> dict[str, Any]:
    if row["of_total"]:
        return {"figures": (_figure(row, BUDGET),)}
    return {"funding": (_line(row, funders),)}


def _figure(row: Row, measure: Ref, of: Party | None = None) -> Figure:
    told = row["note"]
    if row["funder"] and of is None:
        told = f"{told}{'; ' if told else ''}funders as stated: {row['funder']}"
    return Figure(
        key=f"cited-{row['id']}",
        of=of,
        measure=measure,
        value=Decimal(row["amount"]),
        currency=row["currency"],
        precision=_precision(row) or Ref("concept/precision/exact"),
        date=day(row, "year"),
        description=(Text(told, "en"),) if told else (),
    )


def _line(row: Row, funders: tuple[Party, ...]) -> FundingLine:
    value, currency = Decimal(row["amount"]), row["currency"]
    other = None
    if currency != EURO:
        other = MonetaryAmount(key=f"cited-{row['id']}-amount", value=value, currency=currency)
    return FundingLine(
        funder_as_stated=row["funder"] or None,
        sole_funder=funders[0] if len(funders) == 1 else None,
        joint_funders=funders if len(funders) > 1 else (),
        unnamed=None if funders else True,
        amount_eur=value if currency == EURO else None,
        amount=other,
        precision=_precision(row),
        year=day(row, "year"),
        description=(Text(row["note"], "en"),) if row["note"] else (),
    )


def _untitled(project: Project, row: Row) -> Project:
    """The project of an amount that nobody's tie is told to be for."""
    told = row["note"] or row["funder"]
    return replace(
        project,
        names=(
            Text(f"Programme : {row['funder'] or told}", "fr"),
            Text(f"Programme: {told}", "en"),
        ),
    )


def _funders(row: Row) -> tuple[Party, ...]:
    """The funders who are named; nobody where the row names a group, or somebody beside one."""
    if not row["named"]:
        return ()
    names, codes = parts(row["funder"]), parts(row["funder_country"])
    kinds = parts(row["funder_kind"])
    for column, values in (("funder_country", codes), ("funder_kind", kinds)):
        if values and len(values) != len(names):
            advice = f"write one for each of the {len(names)} funders, or none"
            raise RecordError(column, row[column], advice)
    none = ("",) * len(names)
    return tuple(
        Party(
            name=name,
            country=country("funder_country", code) if code else None,
            authority=kind == "authority",
        )
        for name, code, kind in zip(names, codes or none, kinds or none, strict=True)
        if name
    )


def _precision(row: Row) -> Ref | None:
    return Ref(f"concept/precision/{row['precision']}") if row["precision"] else None
