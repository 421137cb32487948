from __future__ import annotations

from pathlib import Path

import pytest

from loaders.errors import SourceError
from loaders.model.records import Authority, Change, Membership
from loaders.model.values import PartialDate, Ref, Text
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.reading import Sources, read
from tests.conftest import SOURCES

SLICE = Path(__file__).with_name("source.csv")
HEADER, *ROWS = SLICE.read_text("utf-8").splitlines()
SHIPPED = registrations()["france_groupings"].shipped / "groupings.csv.xz"
INSEE = SOURCES / "insee"
EVRY = "200059228;CA;CA Grand Paris Sud Seine Essonne Sénart;77067 91228"


def load(path: Path) -> tuple[dict[str, Authority], IssueLog]:
    registration = registrations()["france_groupings"]
    issues = IssueLog("france_groupings")
    issues.open(path.name)
    (record,) = registration.load(SourceFile(path, path.name), registration.dataset, issues)
    return {
        each.key: each
        for each in record.entities
        if isinstance(each, Authority) and each.end is None
    }, issues


def table(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "groupings.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_the_shipped_register_gives_what_is_known_of_it() -> None:
    groupings, issues = load(SHIPPED)
    assert issues.notes == []
    assert issues.counts["groupings"] == 1255
    assert issues.counts["memberships"] == 34871
    assert issues.counts["territorial bodies"] == 11
    kinds = [each.kind.target.removeprefix("concept/kind/fra-") for each in groupings.values()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "communaute-communes": 989,
        "communaute-agglomeration": 230,
        "communaute-urbaine": 14,
        "metropole": 21,
        "metropole-lyon": 1,
        "ept": 11,
    }


def test_the_shipped_register_attests_each_membership_on_its_day(tmp_path: Path) -> None:
    own = tmp_path / "groupings.csv"
    own.write_text("\n".join([HEADER, EVRY]), "utf-8")  # nobody says of which day
    found = []
    for path in (SHIPPED, own):
        registration = registrations()["france_groupings"]
        issues = IssueLog("france_groupings")
        file = SourceFile(path, path.name)
        (record,) = registration.load(file, registration.dataset, issues)
        found.append([each for each in record.entities if isinstance(each, Membership)])
    shipped, read_as_given = found
    assert (len(shipped), read_as_given) == (34871 + 129, [])
    assert {each.attested_on for each in shipped} == {PartialDate("2026-01-01")}
    assert shipped[0].member == Ref("authority/fra-cog-74024")


def test_a_grouping_has_the_communes_of_today_as_members() -> None:
    groupings, _ = load(SLICE)
    sud = groupings["fra-siren-200059228"]
    assert Ref("authority/fra-cog-91228-2019") in sud.members
    assert Ref("authority/fra-cog-91228") not in sud.members
    assert len(sud.members) == 23


def test_who_grand_paris_sud_and_grand_reims_follow_is_told() -> None:
    (record,) = read(registrations()["france_groupings"], Sources(), Silent()).records
    authorities = {each.key: each for each in record.entities if isinstance(each, Authority)}
    evry = authorities["fra-siren-249100348"]
    assert (evry.end, evry.heirs) == (
        PartialDate("2015-12-31"),
        (Ref("authority/fra-siren-200059228"),),
    )
    assert authorities["fra-siren-200059228"].start == PartialDate("2016-01-01")
    reims = authorities["fra-name-reims-metropole"]
    assert reims.heirs == (Ref("authority/fra-siren-200067213"),)
    assert Text("Communauté d'agglomération de Reims") in reims.other_names
    changes = {each.key: each for each in record.entities if isinstance(each, Change)}
    assert [*changes] == [
        "fra-siren-200059228-2016-01-01",
        "fra-siren-200067213-2017-01-01",
    ]
    assert len(changes["fra-siren-200059228-2016-01-01"].originals) == 4


def test_the_members_of_the_dgcl_are_read_from_its_workbook() -> None:
    path = INSEE / "epcicom.xlsx"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    groupings, issues = load(path)
    assert (issues.counts["groupings"], issues.counts["memberships"]) == (1255, 34871)
    assert issues.notes == []
    sud = groupings["fra-siren-200059228"]
    assert len(sud.members) == 23
    assert sud.start == PartialDate("2016-01-01")


def test_a_grouping_of_one_departement_lies_in_it() -> None:
    groupings, _ = load(SLICE)
    assert groupings["fra-siren-200069110"].within == (Ref("authority/fra-dep-73"),)
    assert groupings["fra-siren-200059228"].within == ()


def test_the_name_is_found_in_full_and_alone() -> None:
    groupings, _ = load(SLICE)
    chambery = groupings["fra-siren-200069110"]
    assert chambery.names == (Text("CA du Grand Chambéry"),)
    assert chambery.other_names == (
        Text("Communauté d'agglomération du Grand Chambéry"),
        Text("Grand Chambéry"),
    )


def test_a_grouping_does_not_answer_to_the_name_of_a_commune(tmp_path: Path) -> None:
    rows = ("200033579;CU;CU d'Arras;62041", "200000001;CC;CC Arras;62041")
    groupings, _ = load(table(tmp_path, HEADER, *rows))
    assert groupings["fra-siren-200033579"].other_names == (Text("Communauté urbaine d'Arras"),)
    assert groupings["fra-siren-200000001"].other_names == (Text("Communauté de communes Arras"),)


def test_a_member_that_does_not_exist_is_told_with_row_and_column(tmp_path: Path) -> None:
    groupings, issues = load(
        table(
            tmp_path, HEADER, EVRY, EVRY.replace("200059228", "200000001").replace("91228", "99999")
        )
    )
    (note,) = issues.notes
    assert (note.level, note.line, note.field, note.value) == ("warning", 3, "membres", "99999")
    assert len(groupings["fra-siren-200000001"].members) == 1


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (EVRY.replace("200059228", "20005922"), "siren"),
        (EVRY.replace(";CA;", ";SAN;"), "type"),
        (EVRY.replace("77067 91228", "77067,91228"), "membres"),
        (EVRY, "siren"),
        (EVRY + ";trop", "row"),
    ],
)
def test_a_bad_row_is_refused_and_the_others_stay(tmp_path: Path, row: str, field: str) -> None:
    groupings, issues = load(table(tmp_path, HEADER, EVRY, row))
    assert [*groupings] == ["fra-siren-200059228"]
    (note,) = issues.notes
    assert (note.level, note.line, note.field) == ("refused", 3, field)


def test_a_table_without_members_is_no_register_of_groupings(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="lacks the column `membres`"):
        load(table(tmp_path, "siren;type;nom", "200059228;CA;CA Exemple"))
