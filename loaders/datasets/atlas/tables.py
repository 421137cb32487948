"""The tables of a page, row by row, and the sentences that close it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from loaders.datasets.atlas.funding import FundingRow, UnreadableRowError, read_row
from loaders.datasets.atlas.labels import folded
from loaders.datasets.atlas.page import AtlasLine, is_personal, names_person
from loaders.datasets.atlas.parties import Parties, parties, party_lines
from loaders.datasets.atlas.reading import AtlasReading
from loaders.datasets.atlas.territories import FRANCE, closing_country, country
from loaders.datasets.atlas.themes import goal_priority, theme_priority
from loaders.model.records import FundingLine, Party, ThemePriority

TABLES = (
    "other_themes", "sdgs", "foreign_partners", "foreign_contacts", "french_partners",
    "french_contacts", "funding", "evaluation", "volunteers",
)  # fmt: skip

_COLUMNS = (
    r"nom de la collectivite (?:etrangere|territoriale)|(?:sous-){0,2}thematique(?: eligible)?|"
    r"nom du financeur|montant (?:en euros|1 ?% eau(?: \(loi oudin(?: 2005)?\))?)|priorite|annee|"
    r"nom|prenom|fonction|courriel|pays|mission|champs? d'action|entite d'affectation|telephone"
)
_HEADING = re.compile(rf"(?=nom|thematique)(?:(?:{_COLUMNS})\s*)+")
_PAGER = re.compile(r"[<>«»‹›]+|precedent|suivant|\d{1,3}")
_RULE = re.compile(r"[\s|:=_-]+")
_SPEAKER = re.compile(r",?\s+représentée?s? par\b", re.IGNORECASE)
_GOES_ON = re.compile(r".*(?:,|\b(?:et|de|du|des|la|le|les)|-)")

_SENTENCES: dict[str, str] = {
    "triennial": r"le (?:partenariat|projet) (?:est|n'est pas) triennal",
    "communicated_in_france": (
        r"(?:une|aucune) communication (?:n')?a (?:pas )?ete engagee en france"
    ),
    "communicated_in_partner_countries": (
        r"(?:une|aucune) communication (?:n')?a (?:pas )?ete engagee "
        r"dans (?:les? )?pays partenaires?"
    ),
    "evaluated": r"(?:une|aucune) politique d'evaluation (?:n')?a (?:pas )?ete engagee",
}


def closing_sentences(reading: AtlasReading) -> dict[str, bool]:
    """The affirmations and denials of the closing sentences, those that the page has."""
    found: dict[str, tuple[bool, AtlasLine]] = {}
    contradicted: set[str] = set()
    for name in TABLES[2:]:
        for line in reading.lines(name):
            plain = folded(line.text).rstrip(" .")
            field = next((f for f, form in _SENTENCES.items() if re.fullmatch(form, plain)), None)
            if field is None:
                continue
            affirmed = "n'" not in plain and not plain.startswith("aucune")
            said, first = found.setdefault(field, (affirmed, line))
            if said != affirmed:
                contradicted.add(field)
                reading.page.fates[first.number] = "refused"
                reading.refuse(field, line, "another sentence says the contrary: keep one of them")
            reading.page.mark("taken", line)
    return {field: said for field, (said, _) in found.items() if field not in contradicted}


def clear_furniture(reading: AtlasReading) -> None:
    """Set the tables' captions, headings, rules and page numbers aside as noise."""
    for section in reading.fields.values():
        reading.page.mark("noise", *section.captions)
    for name in TABLES:
        pages = 1
        for line in reading.lines(name):
            plain = folded(line.words)
            if all(_PAGER.fullmatch(word) for word in plain.split()):
                pages = max([pages, *map(int, re.findall(r"\d+", plain))])
                reading.page.mark("noise", line)
            elif _HEADING.fullmatch(plain) or _RULE.fullmatch(line.text):
                reading.page.mark("noise", line)
        if pages > 1:
            reading.issues.warn(
                name,
                str(pages),
                "the table goes on, on pages that this file does not hold",
                line=reading.fields[name].label.number,
            )


def partners(reading: AtlasReading) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """The foreign partners and the French ones, each in the order of its table."""
    foreign = _rows(reading, "foreign_partners", _foreign_partner)
    french = _rows(reading, "french_partners", _french_partner)
    return tuple(dict.fromkeys(foreign)), tuple(dict.fromkeys(french))


def _rows(
    reading: AtlasReading, name: str, read: Callable[[AtlasReading, AtlasLine], Party | None]
) -> Iterator[Party]:
    for line in reading.lines(name):
        if is_personal(line.text):
            reading.contacts([line])
        elif not reading.too_long(name, line.text, line) and (party := read(reading, line)):
            reading.page.mark("taken", line)
            yield party


def _foreign_partner(reading: AtlasReading, line: AtlasLine) -> Party | None:
    cells = [cell for cell in line.cells if cell]
    if cells:
        name, where = cells[0], country(cells[1]) if len(cells) > 1 else None
        unread = len(cells) > 1 and where is None
    else:
        name, where = closing_country(line.text)
        unread = where is None
    if where is None and country(name):
        reading.refuse("foreign_partners", line, "a country stands alone: name the authority in it")
        return None
    if unread:
        reading.issues.warn(
            "foreign_partners",
            line.words,
            "no known country: the partner is kept without one",
            line=line.number,
        )
    return Party(name=name, country=where, authority=True)


def _french_partner(_: AtlasReading, line: AtlasLine) -> Party | None:
    name = next(filter(None, line.cells), "") if line.cells else line.text
    return Party(name=name, country=FRANCE, authority=True) if name else None


def named_parties(
    reading: AtlasReading, name: str, known: Mapping[str, Party]
) -> tuple[Party, ...]:
    """The parties of a field such as the project owners, split where form shows it."""
    lines = reading.lines(name)
    personal = [line for line in lines if is_personal(line.text)]
    reading.contacts(personal)
    open_lines = reading.page.open(lines)
    reading.page.mark("taken", *open_lines)
    found: list[Party] = []
    for cell in party_lines(line.words for line in open_lines):
        if spoken_for := _SPEAKER.search(cell):
            reading.issues.left_out("personal contact")
            cell = cell[: spoken_for.start()]
        split: Parties = parties(cell, known)
        if any(reading.too_long(name, party, open_lines[0]) for party in split.names):
            continue
        if split.undecided:
            reading.issues.warn(
                name,
                cell,
                "one party or several? it is kept as one, under these words",
                line=open_lines[0].number,
            )
        found += split.agents(known)
    return tuple(dict.fromkeys(found))


def priorities(reading: AtlasReading) -> Iterator[ThemePriority]:
    """The other themes, and then the goals, with their priorities."""
    for name, read in (("other_themes", theme_priority), ("sdgs", goal_priority)):
        for line in reading.lines(name):
            if reading.too_long(name, line.text, line):
                continue
            reading.page.mark("taken", line)
            priority = read(line)
            if priority.theme_as_stated:
                reading.issues.warn(
                    name,
                    priority.theme_as_stated,
                    "no scheme has this label: it is kept as stated",
                    line=line.number,
                )
            yield priority


def funding(reading: AtlasReading, known: Mapping[str, Party]) -> Iterator[FundingLine]:
    """The lines of the funding table, in its order; one that cannot be read is refused."""
    seen: Counter[tuple[str, Decimal, str]] = Counter()
    for line in _whole_rows(reading):
        try:
            row = read_row(line, known)
        except UnreadableRowError as reason:
            shown = "‹name›" if names_person(line.text) else None
            reading.refuse("funding", line, str(reason), shown)
            continue
        if is_personal(row.funder):
            reading.refuse("funder", line, "this is a person: name the body that pays", "‹name›")
            continue
        reading.page.mark("taken", line)
        result, undecided = row.funding_line(known)
        _tell_oddities(reading, line, row, undecided=undecided)
        if seen[row.funder, row.amount, row.year]:
            reading.issues.inform(
                "funding",
                row.funder,
                "the page has this row twice: both are kept",
                line=line.number,
            )
        seen[row.funder, row.amount, row.year] += 1
        yield result


def _whole_rows(reading: AtlasReading) -> Iterator[AtlasLine]:
    """The rows of the table; a name that visibly goes on is joined with the next line."""
    before: AtlasLine | None = None
    for line in reading.lines("funding"):
        if before:
            reading.page.mark("taken", before)
            line = AtlasLine(line.number, f"{before.text} {line.text}")
            before = None
        if not line.cells and _GOES_ON.fullmatch(folded(line.text)) and not line.text[-1].isdigit():
            before = line
        else:
            yield line
    if before:
        yield before


def _tell_oddities(
    reading: AtlasReading, line: AtlasLine, row: FundingRow, *, undecided: bool
) -> None:
    if undecided:
        reading.issues.warn(
            "funder",
            row.funder,
            "one funder or several? it is kept as stated, linked to none",
            line=line.number,
        )
    if row.false_share is not None:
        reading.issues.refuse(
            "1 % Eau",
            row.false_share,
            "a share is one number, at most the amount: correct it",
            line=line.number,
        )
