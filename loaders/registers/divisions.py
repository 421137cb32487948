"""The administrative divisions of countries: a table of them, and what each level is by law.

The table is the register's (`country;level;code;parent;fr;ar;en`, and `population_2024` and its
like); `divisions.yml` beside a `dataset.yml` says, for each country and level, whether it is a
local authority, and of what kind, or a place: a part of the state's own administration is no
authority.
"""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from loaders.errors import RecordError, SourceError
from loaders.model.iris import slug
from loaders.model.records import Authority, Figure, Identifier, Place, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from loaders.registers.articles import of, without_article
from loaders.registers.levels import Countries, CountryDivisions, Level, read_divisions
from loaders.sources.dataset import Dataset, Loader
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, refuse, rows

COLUMNS = (
    Column(name="level", form=".+", advice="name the level, as divisions.yml does"),
    Column(name="code", form=r"\S+", advice="write the code of the register, without blanks"),
    Column(name="parent"),
    Column(name="fr", form=".+", advice="write the name"),
)

NAME_LANGUAGES = {
    "fr": r".*",
    "ar": r"[^a-zA-Z]*[\u0600-\u06ff][^a-zA-Z]*",
    "en": r".*",
    "wo": r".*",
}
"""The languages of names, each with the form that its script gives a name."""

OTHERS = "other"
"""The column of other French names, joined by `|`."""

_POPULATION = re.compile(r"population_([12]\d{3})")
_MOJIBAKE = re.compile("[ÃØÙÂ][\u0080-\u00bf\u0152-\u2122]|\ufffd")
"""UTF-8 that somebody read as Windows-1252, or characters that a conversion has lost."""


@dataclass(frozen=True)
class _Division:
    """A row, and the country whose division it is."""

    row: Row
    country: str
    countries: Countries

    @property
    def law(self) -> CountryDivisions:
        return self.countries[self.country]

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that it has, without those whose codes have another form."""
        levels = self.law.levels[self.row["level"]]
        return tuple(level for level in levels if re.fullmatch(level.code, self.row["code"]))

    def ref(self, level: Level) -> Ref:
        """The reference to this division, as a thing of that level."""
        segment = "authority" if level.kind else "place"
        code = self.row["code"]
        local = code.rpartition("-")[2]
        key = level.key.format(code=code, local=local, name=slug(self.row["fr"]))
        return Ref(f"{segment}/{self.law.keys.get(code, key)}")


def reader(described: str, name: str) -> Loader:
    """The loader of a table of divisions, from the text of its `divisions.yml`."""
    countries = read_divisions(described, name)

    def load(source: SourceFile, dataset: Dataset, issues: IssueLog) -> Iterator[SourceRecord]:
        return records(source, dataset, issues, countries)

    return load


def by_code(dataset: str, levels: Collection[str]) -> Mapping[str, Ref]:
    """The divisions of some levels by their code, as the table that ships with a dataset has them.

    >>> by_code("morocco", {"commune rurale"})["07.211.05.39"].target
    'authority/mar-hcp-07.211.05.39'
    """
    folder = importlib.resources.files("loaders") / "datasets" / dataset
    countries = read_divisions((folder / "divisions.yml").read_text("utf-8"), dataset)
    source = SourceFile(Path(str(folder / "source" / f"{dataset}.csv")), f"{dataset}.csv")
    found = {}
    for row in rows(source, COLUMNS, IssueLog(dataset)):
        if row["level"] in levels:
            division = _division(row, countries)
            found[row["code"]] = division.ref(division.levels[0])
    return found


def records(
    source: SourceFile, dataset: Dataset, issues: IssueLog, countries: Countries
) -> Iterator[SourceRecord]:
    """The one record of a table of divisions: a register is one graph."""
    issues.record = dataset.name
    known: dict[tuple[str, str], _Division] = {}
    named: set[Ref] = set()
    for row in rows(source, COLUMNS, issues):
        try:
            division = _division(row, countries)
            if (division.country, row["code"]) in known:
                advice = "a code stands once: remove this row"
                raise RecordError("code", row["code"], advice, line=row.line)
            refs = {division.ref(level) for level in division.levels}
            if taken := refs & named:
                advice = f"another row is {taken.pop().target} already: give it a key of its own"
                raise RecordError("fr", row["fr"], advice, line=row.line)
        except RecordError as error:
            refuse(error, issues)
        else:
            known[division.country, row["code"]] = division
            named |= refs
    if not known:
        raise SourceError(f"{source.name} holds no division that can be read")
    entities: list[Authority | Place] = []
    for (country, code), division in known.items():
        if reason := division.law.left_out.get(code):
            issues.line("noise")
            issues.inform("code", code, f"left out: {reason}", line=division.row.line)
            continue
        parent = known.get((country, division.row["parent"]))
        if parent is None and division.row["parent"]:
            advice = "no row has this code: what lies within what is not stated here"
            issues.warn("parent", division.row["parent"], advice, line=division.row.line)
        issues.line("taken")
        level_name = division.row["level"]
        issues.counts[f"{country} {level_name}" if len(countries) > 1 else level_name] += 1
        entities.extend(_entity(division, level, parent) for level in division.levels)
    yield SourceRecord(
        key=dataset.name,
        document=dataset.document,
        entities=tuple(entities),
    )


def _division(row: Row, countries: Countries) -> _Division:
    """The division of a row; raises RecordError, with the column, for one that cannot be."""

    def fault(column: str, advice: str) -> RecordError:
        return RecordError(column, row[column], advice, line=row.line)

    country = row["country"] or (next(iter(countries)) if len(countries) == 1 else "")
    if country not in countries:
        raise fault("country", f"write one of {', '.join(countries)}")
    law = countries[country]
    if row["level"] not in law.levels:
        raise fault("level", f"write one of the levels of {country}: {', '.join(law.levels)}")
    form = law.levels[row["level"]][0].code
    if not re.fullmatch(form, row["code"]):
        raise fault("code", f"a code of the level {row['level']} has the form {form}")
    for column, cell in row.cells.items():
        if _MOJIBAKE.search(cell):
            raise fault(column, "this was read in a wrong encoding: save the file as UTF-8")
        if cell and not re.fullmatch(NAME_LANGUAGES.get(column, r".*"), cell):
            raise fault(column, "not in the script of its language: correct it, or leave it out")
        if cell and _POPULATION.fullmatch(column) and not re.fullmatch(r"\d+", cell):
            raise fault(column, "write a whole number, or nothing")
    return _Division(row, country, countries)


def _entity(division: _Division, level: Level, parent: _Division | None) -> Authority | Place:
    ref = division.ref(level)
    key = ref.target.partition("/")[2]
    code = division.row["code"]
    names, other_names = _names(division, level) if level.named else ((), ())
    within = division.law.within.get(code) or (parent.ref(parent.levels[0]) if parent else None)
    country = Ref(f"country/{division.country}")
    identifiers: tuple[Identifier, ...] = ()
    if level.agency:
        own = f"{division.country.lower()}-{slug(level.agency)}-{code}"
        scheme = Ref(f"concept/identifier-scheme/{slug(level.agency)}")
        identifiers = (Identifier(key=own, notation=code, scheme=scheme, agency=level.agency),)
    figures: tuple[Figure, ...] = ()
    if level is division.levels[0]:
        figures = tuple(_figures(division.row, key))
    else:  # the authority lies within the territory that it has, whose figures they are
        within = division.ref(division.levels[0])
    if level.kind is None:
        return Place(
            key=key,
            names=names,
            other_names=other_names,
            country=country,
            within=(within,) if within else (),
            identifiers=identifiers,
            figures=figures,
        )
    return Authority(
        key=key,
        names=names,
        other_names=other_names,
        kind=Ref(f"concept/kind/{level.kind}"),
        country=country,
        within=(within,) if within else (),
        identifiers=identifiers,
        start=level.start,
        end=level.end,
        figures=figures,
    )


def _names(division: _Division, level: Level) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """The preferred name in each language, and the others: the name alone, variants."""
    row, law = division.row, division.law
    preferred, others = [], []
    for language in NAME_LANGUAGES:
        stated = row[language]
        if language == "fr":
            stated = law.french.get(row["code"], stated)
        name = without_article(stated)
        if not name:
            continue
        form = level.names.get(language, "{name}" if level.bare else "")
        full = form.format(name=name, of=of(stated))
        if language == "fr":
            full = law.full.get(row["code"], full)
        if full:
            preferred.append(Text(full, language))
        if level.bare and full != name:
            others.append(Text(name, language))
    if level.bare:
        others.extend(Text(name) for name in row[OTHERS].split("|") if name)
    return tuple(preferred), tuple(others)


def _figures(row: Row, key: str) -> Iterator[Figure]:
    for column, cell in row.cells.items():
        if cell and (stated := _POPULATION.fullmatch(column)):
            yield Figure(
                key=f"{key}-population-{stated[1]}",
                measure=Ref("concept/measure/population"),
                value=Decimal(cell),
                date=PartialDate(stated[1]),
            )
