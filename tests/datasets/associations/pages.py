"""A page of an association, read as a build reads it, and what tests compare of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from loaders.model.records import Association, Organ, Seat, SourceRecord
from loaders.model.values import Ref
from loaders.sources.dataset import registrations
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

FIXTURE = Path(__file__).with_name("source.txt")
PAGES = {
    "ams": "seeds/000_117a91147f490e54.txt",
    "amm": "seeds/001_55eeb453f173ac6a.txt",
    "ambf": "associations/ambf_burkina_uclga.txt",
    "cvuc": "associations/cvuc_cameroun_uclga.txt",
    "uct": "associations/uct_togo_site.txt",
}
HEAD = "Association des Communes Modèles (ACM)\n"


@dataclasses.dataclass(frozen=True)
class AssociationPage:
    record: SourceRecord
    association: Association
    issues: IssueLog

    @property
    def site(self) -> Seat:
        assert self.association.site is not None
        return self.association.site

    @property
    def fates(self) -> dict[str, int]:
        return {str(fate): count for fate, count in self.issues.lines.items()}


Written = Callable[[str | bytes], AssociationPage]


def read(path: Path, texts: Literal["drop", "publish"] = "drop") -> AssociationPage:
    registration = registrations()["associations"]
    issues = IssueLog("associations")
    issues.open(path.name)
    dataset = dataclasses.replace(registration.dataset, texts=texts)
    (record,) = registration.load(SourceFile(path, path.name), dataset, issues)
    (association,) = record.entities
    assert isinstance(association, Association)
    return AssociationPage(record, association, issues)


def organs(association: Association) -> list[tuple[str, str | None, str | None]]:
    def notation(ref: Ref | None) -> str | None:
        return ref.target.rpartition("/")[2] if ref else None

    return [
        (o.names[0].value, notation(o.level), notation(o.organ_type)) for o in association.organs
    ]


def figures(of: Association | Organ) -> list[tuple[str, int, str, str, str | None]]:
    return [
        (
            figure.measure.target.rpartition("/")[2],
            int(figure.value),
            figure.precision.target.rpartition("/")[2],
            figure.unit.value if figure.unit else "",
            figure.date.lexical if figure.date else None,
        )
        for figure in of.figures
    ]


def targets(refs: tuple[Ref, ...]) -> list[str]:
    return [ref.target for ref in refs]
