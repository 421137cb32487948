"""The tables of territories: those of today, as ours and as INSEE's, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from loaders.registers.departments import WITHOUT_AUTHORITY, department_key
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import Column, Row, rows

_DAY = Column(
    name="", form="([0-9]{4}-[0-9]{2}-[0-9]{2})?", advice="write a day as 2016-01-01, or nothing"
)
_REF = "(authority|place)/fra-[a-z]+-[0-9a-z-]+"
_ARTICLE = "write INSEE's number of its article, 0 to 8"

TERRITORIES = (
    Column(name="type", form="REG|DEP|COM", advice="write REG, DEP or COM"),
    Column(name="code", form="[0-9][0-9AB][0-9]?", advice="write INSEE's code"),
    Column(name="nom", form=".+", advice="write the name"),
    Column(name="article", form="[0-8]", advice=_ARTICLE),
    Column(name="region", form="([0-9]{2})?", advice="write the code of the région"),
)
REGIONS = (
    Column(name="REG", form="[0-9]{2}", advice="write INSEE's code"),
    Column(name="TNCC", form="[0-8]", advice=_ARTICLE),
    Column(name="LIBELLE", form=".+", advice="write the name"),
)
DEPARTMENTS = (
    Column(name="DEP", form="[0-9][0-9AB][0-9]?", advice="write INSEE's code"),
    *REGIONS,
)
OVERSEAS = (
    Column(name="code_commune"),
    Column(name="code_collectivite", form="9[78][0-9]", advice="write the collectivité's code"),
    Column(name="nom_collectivite", form=".+", advice="write the name"),
)
HISTORY = (
    Column(name="type", form="REG|DEP|COM|CTCD", advice="write REG, DEP, COM or CTCD"),
    Column(name="code", form="[0-9][0-9A-Z]{1,3}", advice="write INSEE's code"),
    Column(name="cle", form=f"({_REF}|fra-[a-z]+-[0-9a-z-]+)?", advice="write a key, or nothing"),
    Column(name="nom"),
    Column(name="article", form="[0-8]?", advice=_ARTICLE),
    Column(name="nature", form="(fra-[a-z-]+|lieu)?", advice="write a kind, `lieu`, or nothing"),
    Column(name="iso", form="(FR-[0-9A-Z]{1,3})?", advice="write the code of ISO 3166-2"),
    replace(_DAY, name="debut"),
    replace(_DAY, name="fin"),
    Column(name="heritiers", form="(fra-[0-9a-z-]+ ?)*", advice="write keys, a blank between"),
    Column(name="dans", form=f"({_REF})?", advice="write authority/key or place/key, or nothing"),
    Column(name="autres_noms"),
    Column(name="loi"),
)
KINDS = {"REG": "fra-region", "DEP": "fra-departement", "COM": "fra-collectivite-outre-mer"}
PLACE = "lieu"
"""The kind of a territory that is a place: it has no authority of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """A région, département or collectivité, or what is left of one when its authority has ended.

    `start` and `end` are days as INSEE writes them, the end that from which it is no more; `heirs`
    are keys, `within` references, `law` is what made it end.
    """

    type: str
    code: str
    key: str
    name: str = ""
    article: str = ""
    kind: str = ""
    iso: str = ""
    start: str = ""
    end: str = ""
    heirs: tuple[str, ...] = ()
    within: str = ""
    other_names: tuple[str, ...] = ()
    law: str = ""
    line: int = 0


def read_territories(source: SourceFile, issues: IssueLog) -> Iterator[Territory]:
    """The territories of today, from our own table."""
    for row in rows(source, TERRITORIES, issues):
        yield _territory(row, row["type"], row["code"], row["nom"], row["article"], row["region"])


def read_regions(source: SourceFile, issues: IssueLog) -> Iterator[Territory]:
    """The régions of INSEE's `v_region`."""
    for row in rows(source, REGIONS, issues):
        yield _territory(row, "REG", row["REG"], row["LIBELLE"], row["TNCC"], "")


def read_departments(source: SourceFile, issues: IssueLog) -> Iterator[Territory]:
    """The départements of INSEE's `v_departement`."""
    for row in rows(source, DEPARTMENTS, issues):
        yield _territory(row, "DEP", row["DEP"], row["LIBELLE"], row["TNCC"], row["REG"])


def read_overseas(source: SourceFile, issues: IssueLog) -> Iterator[Territory]:
    """The overseas collectivités of a list of their communes, each once."""
    seen = set()
    for row in rows(source, OVERSEAS, issues):
        if row["code_collectivite"] in seen:
            issues.line("taken")
            continue
        seen.add(row["code_collectivite"])
        yield _territory(row, "COM", row["code_collectivite"], row["nom_collectivite"], "8", "")


def read_changes(source: SourceFile, issues: IssueLog) -> Iterator[Territory]:
    """The territories in the table of their history: of one of today, what the table adds."""
    for row in rows(source, HISTORY, issues):
        yield Territory(
            type=row["type"],
            code=row["code"],
            key=row["cle"] or _key(row["type"], row["code"]),
            name=row["nom"],
            article=row["article"],
            kind=row["nature"],
            iso=row["iso"],
            start=row["debut"],
            end=row["fin"],
            heirs=tuple(row["heritiers"].split()),
            within=row["dans"],
            other_names=tuple(filter(None, row["autres_noms"].split("|"))),
            law=row["loi"],
            line=row.line,
        )


def _territory(row: Row, kind: str, code: str, name: str, article: str, region: str) -> Territory:
    return Territory(
        type=kind,
        code=code,
        key=_key(kind, code),
        name=name,
        article=article,
        kind=PLACE if kind == "COM" and code in WITHOUT_AUTHORITY else KINDS[kind],
        # ISO 3166-2 has the départements of the métropole; those overseas are countries there.
        iso=f"FR-{code}" if kind == "DEP" and len(code) == 2 else "",
        within=f"authority/fra-reg-{region}" if region else "",
        line=row.line,
    )


def _key(kind: str, code: str) -> str:
    return department_key(code) if kind == "DEP" else f"fra-{kind}-{code}".lower()
