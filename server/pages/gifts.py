"""What a funder gave, year by year."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.graph.links import Roles


@dataclass(frozen=True)
class YearOfGifts:
    """The lines of a year: how many, the sum of what was given alone, how many tell no such sum."""

    year: str
    """Empty for those without a year."""
    lines: int
    alone: Decimal
    unknown: int
    """Lines without an amount, or given with others, whose parts nobody states."""


def given_by_year(roles: Roles) -> Sequence[YearOfGifts]:
    """The years of a funder in order; none where not every line was read: it would be too little.

    What is given with others is never split.
    """
    rows = roles.contributions.rows
    if len(rows) < roles.contribution_count:
        return ()
    years: dict[str, list[Decimal | None]] = {}
    for row in rows:
        year = row["year"].value[:4] if "year" in row else ""
        sole = row["share"].value.endswith("soleFunder") and "amount" in row
        years.setdefault(year, []).append(Decimal(row["amount"].value) if sole else None)
    return [
        YearOfGifts(
            year,
            len(amounts),
            sum((each for each in amounts if each is not None), Decimal(0)),
            sum(each is None for each in amounts),
        )
        for year, amounts in sorted(years.items(), key=lambda entry: (not entry[0], entry[0]))
    ]
