"""Rows of the funding table: funder, amount, 1 % water share, year.

Without column marks the last number is the year. Before it, a blank between a group of one to
three digits and groups of exactly three joins them; what is no such group may be the end of the
funder's name (`Yaoundé 6 15000`), and so may a span of years (`Fonds européen 2007-2013 15000`); a
single year may not, since nothing tells it from an amount. A share is never larger than its amount.
A row that these rules can read in two ways, or in none, is refused: another value than the page's
is never published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from loaders.datasets.atlas.labels import folded
from loaders.datasets.atlas.page import AtlasLine
from loaders.datasets.atlas.parties import parties
from loaders.model.records import FundingLine, Party
from loaders.model.values import PartialDate

_EURO = re.compile(r"(?<=\d)\s*(?:€|eur\b|euros?\b)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:,\d{1,2})?€?")
_ONE_GROUP = re.compile(r"(?:0|[1-9]\d*)(?:,\d{1,2})?€?")
_FIRST_GROUP = re.compile(r"[1-9]\d{0,2}")
_NEXT_GROUP = re.compile(r"\d{3}")
_LAST_GROUP = re.compile(r"\d{3}(?:,\d{1,2})?€?")
_NUMBER_OF_A_NAME = re.compile(r"[1-9]\d?")
_LONGEST_RUN = 12  # groups: twice what a billion, its share and a name can take
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPAN = re.compile(r"(?<!\d)(?P<from>(?:19|20)\d\d) ?[-–/] ?(?P<to>(?:19|20)?\d\d)(?!\d)")
_JOINED = "\ue000"  # a blank within a span of years, which is one word
_UNNAMED = re.compile(
    r"(?:(?:autres?|autre\(s\)|divers)(?: ?[:(].*| [–-] .*)?)?"
    r"(?: (?:financeur|financement|fonds|ressource|contribution|partenaire|bailleur|organisme|"
    r"collectivite|commune)(?:s|\(s\))?)?|-"
)
"""Nobody in particular, and what the kind of nobody is."""
_NO_END_OF_A_NAME = re.compile(
    r"[^\w)»\"'.]+|[^a-z]*\d[^a-z]*|.*[€$£].*|n\.?[cdr]\.?|n/[acd]|neant|inconnue?|environ|env\.?|"
    r"approx.*|plus|moins|soit|total|dont|milliers?|mille|millions?|milliards?|f|cfa|f\.?cfa|xof|"
    r"xaf|usd|dollars?|francs?|frf|dh|mad|k|m|eur|euros?"
)
"""Words that no funder's name ends in: an amount stands there that is not in whole euros."""


class UnreadableRowError(ValueError):
    """A row cannot be read as it stands; the message says what to do."""


@dataclass(frozen=True)
class FundingRow:
    """A row of the table of funds; `false_share` is a share that cannot be read or be true."""

    funder: str
    amount: Decimal
    year: str
    share: Decimal | None = None
    false_share: str | None = None

    def funding_line(self, known: Mapping[str, Party]) -> tuple[FundingLine, bool]:
        """The line for the graph, and whether it is undecided how many funders it names."""
        unnamed = bool(_UNNAMED.fullmatch(folded(self.funder)))
        found = parties(self.funder, known)
        agents = () if unnamed or found.undecided else found.agents(known)
        line = FundingLine(
            funder_as_stated=self.funder or None,
            sole_funder=agents[0] if len(agents) == 1 else None,
            joint_funders=agents if len(agents) > 1 else (),
            unnamed=unnamed or None,
            amount_eur=self.amount,
            water_solidarity_eur=self.share,
            year=PartialDate(self.year),
        )
        return line, found.undecided and not unnamed


def read_row(line: AtlasLine, known: Mapping[str, Party]) -> FundingRow:
    """The row of a line; `known` are the parties that the page names elsewhere, by folded name.

    Raises UnreadableRowError.
    """
    return _marked(line.cells) if line.cells else _unmarked(line.text, known)


def _marked(cells: Sequence[str]) -> FundingRow:
    # Empty cells may have moved to the end of the row, that of the funder too.
    funder, *rest = [""] * bool(amount_of(cells[0]) is not None) + list(cells)
    values = [cell for cell in rest if cell]
    if len(values) < 2 or not _YEAR.fullmatch(values[-1]):
        raise UnreadableRowError("write the amount, and then the year in four digits")
    amount = amount_of(values[0])
    if amount is None:
        raise UnreadableRowError("write the amount in euros, as 9 146,94")
    shares = set(values[1:-1])
    share = amount_of(values[1]) if len(shares) == 1 else None
    if shares and (share is None or share > amount):
        return FundingRow(funder, amount, values[-1], false_share=" ".join(values[1:-1]))
    return FundingRow(funder, amount, values[-1], share)


def _unmarked(text: str, known: Mapping[str, Party]) -> FundingRow:
    whole = _SPAN.sub(lambda found: found[0].replace(" ", _JOINED), text)
    tokens = _EURO.sub("€", whole).split()
    if not tokens or not _YEAR.fullmatch(tokens[-1]):
        raise UnreadableRowError("write the year in four digits at the end of the row")
    year = tokens.pop()
    start = len(tokens)
    while start and _NUMBER.fullmatch(tokens[start - 1]):
        start -= 1
    name, run = tokens[:start], tokens[start:]
    last = name[-1] if name else ""
    odd = name and not is_span(last) and _NO_END_OF_A_NAME.fullmatch(folded(last) or "-")
    if odd or not 0 < len(run) <= _LONGEST_RUN:
        raise UnreadableRowError("write the amount in euros, as 9 146,94, before the year")
    named = not _UNNAMED.fullmatch(folded(" ".join(name)))
    ways = list(_readings(name, run, year, known)) if named else list(_amounts("", run, year))
    if named and all(_NUMBER_OF_A_NAME.fullmatch(token) for token in run):
        ways = []  # the name may take every number, and the amount be missing
    if len(ways) != 1:
        raise UnreadableRowError(
            "the numbers can be read in several ways, or in none: mark the columns"
        )
    return replace(ways[0], funder=(ways[0].funder or " ".join(name)).replace(_JOINED, " "))


def _readings(
    name: list[str], run: list[str], year: str, known: Mapping[str, Party]
) -> Iterator[FundingRow]:
    """Every way to part the numbers of a row into an end of the name, an amount and a share.

    Groups that a blank joins are parted only where the page knows a party of that name.
    """
    for kept in range(len(run)):
        funder = " ".join(name + run[:kept])
        ends_name = all(_NUMBER_OF_A_NAME.fullmatch(token) for token in run[:kept])
        parts_a_number = kept and _LAST_GROUP.fullmatch(run[kept]) and folded(funder) not in known
        if ends_name and not parts_a_number:
            yield from _amounts(funder, run[kept:], year)


def _amounts(funder: str, numbers: list[str], year: str) -> Iterator[FundingRow]:
    """Every way to read numbers as an amount, or as an amount and a share of it."""
    if (amount := _joined(numbers)) is not None:
        yield FundingRow(funder, amount, year)
    for cut in range(1, len(numbers)):
        amount, share = _joined(numbers[:cut]), _joined(numbers[cut:])
        if amount is not None and share is not None and share <= amount:
            yield FundingRow(funder, amount, year, share)


def is_span(word: str) -> bool:
    """True where a word is a span of years, the later one last.

    >>> is_span("2007-2013"), is_span("2014/20"), is_span("2013-2007"), is_span("2007")
    (True, True, False, False)
    """
    match = _SPAN.fullmatch(word.replace(_JOINED, " "))
    return match is not None and match["from"] < match["from"][: -len(match["to"])] + match["to"]


def amount_of(cell: str) -> Decimal | None:
    """The amount that a whole cell states, or None.

    >>> amount_of("9 146,94"), amount_of("n.c.")
    (Decimal('9146.94'), None)
    """
    return _joined(_EURO.sub("€", cell).split())


def _joined(groups: Sequence[str]) -> Decimal | None:
    if len(groups) == 1:
        whole = bool(_ONE_GROUP.fullmatch(groups[0]))
    else:
        whole = (
            len(groups) > 1
            and bool(_FIRST_GROUP.fullmatch(groups[0]))
            and all(_NEXT_GROUP.fullmatch(group) for group in groups[1:-1])
            and bool(_LAST_GROUP.fullmatch(groups[-1]))
        )
    return Decimal("".join(groups).rstrip("€").replace(",", ".")) if whole else None
