"""The tables of groupings: ours, the DGCL's list of members, and what became of some of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loaders.model.iris import slug
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, rows

KINDS = {
    "CC": ("communaute-communes", "Communauté de communes"),
    "CA": ("communaute-agglomeration", "Communauté d'agglomération"),
    "CU": ("communaute-urbaine", "Communauté urbaine"),
    "METRO": ("metropole", "Métropole"),
    "MET69": ("metropole-lyon", "Métropole"),
    "EPT": ("ept", "Établissement public territorial"),
    "SAN": ("syndicat-agglomeration-nouvelle", "Syndicat d'agglomération nouvelle"),
}
"""The types of the register, each with the end of its kind and its name in full."""

_CODE = "[0-9][0-9AB][0-9]{3}"
_DAY = "([0-9]{4}-[0-9]{2}-[0-9]{2})?"
_WRITE_DAY = "write a day as 2016-01-01, or nothing"
_TODAY = [kind for kind in KINDS if kind != "SAN"]
_TYPE = Column(name="type", form="|".join(_TODAY), advice=f"write one of {', '.join(_TODAY)}")
_SIREN = Column(name="siren", form="[0-9]{9}", advice="write the nine digits of the SIREN")

GROUPINGS = (
    _SIREN,
    _TYPE,
    Column(name="nom", form=".+", advice="write the name"),
    Column(
        name="membres",
        form=f"{_CODE}( {_CODE})*",
        advice="write INSEE's codes of the communes, with a blank between them",
    ),
)
MEMBERS = (
    _SIREN,
    Column(name="raison_sociale", form=".+", advice="write the name"),
    Column(name="nature_juridique", form=_TYPE.form, advice=_TYPE.advice),
    Column(name="insee", form=_CODE, advice="write INSEE's code of the commune"),
)
"""The columns of the DGCL's `epcicom` that are read: a row for each member."""

HISTORY = (
    Column(name="siren", form="([0-9]{9})?", advice=f"{_SIREN.advice}, or nothing"),
    Column(name="type", form=f"({'|'.join(KINDS)})?", advice=f"write one of {', '.join(KINDS)}"),
    Column(name="nom"),
    Column(name="autres_noms"),
    Column(name="debut", form=_DAY, advice=_WRITE_DAY),
    Column(name="fin", form=_DAY, advice=_WRITE_DAY),
    Column(name="heritiers", form="(fra-[0-9a-z-]+ ?)*", advice="write keys, a blank between"),
    Column(name="avec", form="(fra-[0-9a-z-]+)?", advice="write the key of who had a part in it"),
    Column(name="source"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """A grouping of communes; `members` are codes of INSEE, `end` the day from which it is no more.

    `heirs` are keys, `along` that of an authority that had a part in its end and goes on, `source`
    is what made it end.
    """

    siren: str
    type: str = ""
    name: str = ""
    members: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    heirs: tuple[str, ...] = ()
    along: str = ""
    source: str = ""
    line: int = 0

    @property
    def key(self) -> str:
        """Its key: by its SIREN, else by its name."""
        return f"fra-siren-{self.siren}" if self.siren else f"fra-name-{slug(self.name)}"


def read_groupings(source: SourceFile, issues: IssueLog) -> Iterator[Grouping]:
    """The groupings of our own table, a row each."""
    for row in rows(source, GROUPINGS, issues):
        yield Grouping(
            siren=row["siren"],
            type=row["type"],
            name=row["nom"],
            members=tuple(row["membres"].split(" ")),
            line=row.line,
        )


def read_members(source: SourceFile, issues: IssueLog) -> Iterator[Grouping]:
    """The groupings of the DGCL's table, which has a row for each member, in order of SIREN."""
    found: dict[str, tuple[str, str, int]] = {}
    members: dict[str, list[str]] = {}
    for row in rows(source, MEMBERS, issues):
        found.setdefault(row["siren"], (row["nature_juridique"], row["raison_sociale"], row.line))
        members.setdefault(row["siren"], []).append(row["insee"])
    for siren, (kind, name, line) in sorted(found.items()):
        codes = tuple(sorted(members[siren]))
        issues.line("taken", len(codes) - 1)  # and one as the grouping is taken
        yield Grouping(siren=siren, type=kind, name=name, members=codes, line=line)


def read_history(source: SourceFile, issues: IssueLog) -> Iterator[Grouping]:
    """The groupings whose beginning is known, and those that have ended."""
    for row in rows(source, HISTORY, issues):
        yield Grouping(
            siren=row["siren"],
            type=row["type"],
            name=row["nom"],
            other_names=tuple(filter(None, row["autres_noms"].split("|"))),
            start=row["debut"],
            end=row["fin"],
            heirs=tuple(row["heritiers"].split()),
            along=row["avec"],
            source=row["source"],
            line=row.line,
        )
