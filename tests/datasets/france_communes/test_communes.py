from __future__ import annotations

import itertools
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from loaders.errors import NotOfThisKind, SourceError
from loaders.model.records import Authority, Change, Entity, Place, SourceRecord
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import registrations
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

SLICE = Path(__file__).with_name("source.csv")
HEADER, *ROWS = SLICE.read_text("utf-8").splitlines()
COLUMNS = HEADER.split(";")


def load(path: Path) -> tuple[SourceRecord, IssueLog]:
    registration = registrations()["france_communes"]
    issues = IssueLog("france_communes")
    issues.open(path.name)
    (record,) = registration.load(SourceFile(path, path.name), registration.dataset, issues)
    return record, issues


def table(tmp_path: Path, lines: Iterable[str], encoding: str = "utf-8") -> Path:
    path = tmp_path / "communes.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def changed(row_id: str, **cells: str) -> list[str]:
    """The slice with other cells in one row."""
    lines = [HEADER]
    for row in ROWS:
        found = dict(zip(COLUMNS, row.split(";"), strict=True))
        if found["id"] == row_id:
            found |= cells
        lines.append(";".join(found.values()))
    assert lines[1:] != ROWS
    return lines


def of(record: SourceRecord, kind: type[Entity]) -> dict[str, Entity]:
    return {entity.key: entity for entity in record.entities if isinstance(entity, kind)}


@pytest.fixture(scope="module")
def sliced() -> SourceRecord:
    return load(SLICE)[0]


@pytest.fixture(scope="module")
def shipped() -> tuple[SourceRecord, IssueLog]:
    (file,) = registrations()["france_communes"].shipped_files()
    return load(file.path)


def authority(record: SourceRecord, key: str) -> Authority:
    found = of(record, Authority)[key]
    assert isinstance(found, Authority)
    return found


def change(record: SourceRecord, key: str) -> Change:
    found = of(record, Change)[key]
    assert isinstance(found, Change)
    return found


def refs(*keys: str) -> tuple[Ref, ...]:
    return tuple(Ref(f"authority/{key}") for key in keys)


def test_a_commune_keeps_its_key_through_a_new_name_and_a_new_departement(
    sliced: SourceRecord,
) -> None:
    evry = authority(sliced, "fra-cog-91228")
    assert evry.names == (Text("Évry"),)
    assert evry.other_names == (Text("Évry-Petit-Bourg"),)
    assert (evry.start, evry.end) == (None, PartialDate("2018-12-31"))
    codes = [(code.notation, code.start, code.end) for code in evry.identifiers]
    assert codes == [
        ("78228", None, PartialDate("1967-12-31")),
        ("91228", PartialDate("1968-01-01"), PartialDate("2018-12-31")),
    ]
    (former,) = evry.former_names
    assert (former.form, former.end) == (Text("Évry-Petit-Bourg"), PartialDate("1965-06-29"))
    assert evry.dated_name
    assert evry.dated_name.start == PartialDate("1965-06-30")


def test_the_later_holder_of_a_code_has_the_year_in_its_key(sliced: SourceRecord) -> None:
    new = authority(sliced, "fra-cog-91228-2019")
    assert new.names == (Text("Évry-Courcouronnes"),)
    assert new.kind == Ref("concept/kind/fra-commune-nouvelle")
    assert new.start == PartialDate("2019-01-01")
    assert [code.notation for code in new.identifiers] == ["91228", "200083525"]


def test_a_commune_nouvelle_follows_all_its_communes(sliced: SourceRecord) -> None:
    merger = change(sliced, "fra-cog-91228-2019-2019-01-01")
    assert merger.change_type == Ref("concept/change/new-municipality")
    assert merger.date == PartialDate("2019-01-01")
    assert merger.originals == refs("fra-cog-91182", "fra-cog-91228")
    assert merger.results == refs("fra-cog-91228-2019")
    assert merger.continuing == ()


def test_a_commune_that_keeps_code_and_name_goes_on_when_it_takes_others_in(
    sliced: SourceRecord,
) -> None:
    merger = change(sliced, "fra-cog-73065-1961-05-06")
    assert merger.originals == refs("fra-cog-73044", "fra-cog-73066")
    assert merger.results == merger.continuing == refs("fra-cog-73065")
    chambery = authority(sliced, "fra-cog-73065")
    assert (chambery.start, chambery.end) == (None, None)
    assert "fra-cog-73065-1961" not in of(sliced, Authority)


def test_a_commune_that_parts_from_another_lets_it_go_on(sliced: SourceRecord) -> None:
    merten = authority(sliced, "fra-cog-57460")
    assert merten.end is None
    split = change(sliced, "fra-cog-57460-1981-01-01")
    assert split.change_type == Ref("concept/change/split")
    assert (split.originals, split.results) == ((), ())
    assert split.continuing == refs("fra-cog-57460")


def test_a_restored_commune_follows_what_it_had_been_and_whom_it_leaves(
    sliced: SourceRecord,
) -> None:
    restored = change(sliced, "fra-cog-14666-2021-2021-01-01")
    assert restored.change_type == Ref("concept/change/restoration")
    assert restored.originals == refs("fra-cog-14666", "fra-cog-14712-2017", "fra-comd-14666")
    assert restored.results == refs("fra-cog-14666-2021")
    assert restored.description[1].value.endswith("that of 2021-01-01.")


def test_a_commune_that_moves_its_seat_and_back_is_one(sliced: SourceRecord) -> None:
    lakes = authority(sliced, "fra-cog-27676-2017")
    codes = [(code.notation, code.start and code.start.lexical) for code in lakes.identifiers]
    assert codes[:3] == [
        ("27676", "2017-01-01"),
        ("27058", "2021-01-01"),
        ("27676", "2023-01-01"),
    ]
    assert len({code.key for code in lakes.identifiers}) == 4


def test_a_commune_that_vanishes_has_no_heir(sliced: SourceRecord) -> None:
    end = change(sliced, "fra-cog-08227-1968-03-02")
    assert end.change_type == Ref("concept/change/abolition")
    assert (end.originals, end.results) == (refs("fra-cog-08227"), ())


def test_a_population_has_its_year(sliced: SourceRecord) -> None:
    (figure,) = authority(sliced, "fra-cog-91228-2019").figures
    assert (figure.value, figure.date) == (66919, PartialDate("2023"))


def test_parts_lie_within_their_commune(sliced: SourceRecord) -> None:
    assert authority(sliced, "fra-arm-13201").within == refs("fra-cog-13055")
    assert authority(sliced, "fra-comd-91182").within == refs("fra-cog-91228-2019")
    assert authority(sliced, "fra-cog-13055").within == refs("fra-dep-13")


def test_an_island_without_an_authority_is_a_place(sliced: SourceRecord) -> None:
    (clipperton,) = of(sliced, Place).values()
    assert clipperton.names == (Text("Île de Clipperton"),)
    assert clipperton.within == (Ref("place/fra-com-989"),)


def test_the_shipped_register_gives_what_is_known_of_it(
    shipped: tuple[SourceRecord, IssueLog],
) -> None:
    record, issues = shipped
    expected = registrations()["france_communes"].dataset.counts
    assert {what: issues.counts[what] for what in expected if what != "records"} == {
        what: count for what, count in expected.items() if what != "records"
    }
    assert issues.notes == []
    assert len({(entity.SEGMENT, entity.key) for entity in record.entities}) == len(record.entities)


def test_only_six_communes_of_all_have_neither_a_today_nor_an_heir(
    shipped: tuple[SourceRecord, IssueLog],
) -> None:
    record, _ = shipped
    followed = {
        ref.target for each in of(record, Change).values() for ref in each.originals if each.results
    }
    ended = {key for key, each in of(record, Authority).items() if each.end}
    assert {key for key in ended if f"authority/{key}" not in followed} == {
        "fra-cog-08227",
        "fra-cog-45117",
        "fra-cog-51385",
        "fra-cog-51606",
        "fra-cog-60606",
        "fra-cog-77362",
    }


def test_the_way_to_an_heir_never_comes_back(shipped: tuple[SourceRecord, IssueLog]) -> None:
    record, _ = shipped
    heirs = defaultdict(set)
    for each in of(record, Change).values():
        for original in each.originals:
            heirs[original.target].update(ref.target for ref in each.results)
    ends = {f"authority/{key}": each.end for key, each in of(record, Authority).items()}
    for former, followers in heirs.items():
        assert former not in followers
        for heir in followers:
            # Whoever follows ends later, or not at all: no circle can close.
            end, later = ends[former], ends[heir]
            assert end
            assert later is None or later.lexical > end.lexical, (former, heir)


def test_no_two_communes_hold_a_code_on_one_day(shipped: tuple[SourceRecord, IssueLog]) -> None:
    record, _ = shipped
    held = defaultdict(list)
    for key, each in of(record, Authority).items():
        if key.startswith("fra-cog"):
            for code in each.identifiers:
                if len(code.notation) == 5:
                    start = code.start.lexical if code.start else ""
                    end = code.end.lexical if code.end else "9999"
                    held[code.notation].append((start, end))
    assert len(held) > 39_000
    for code, periods in held.items():
        periods.sort()
        for (_, end), (start, _) in itertools.pairwise(periods):
            assert end < start, code


def test_every_change_has_a_type_and_most_are_known_to_the_day(
    shipped: tuple[SourceRecord, IssueLog],
) -> None:
    record, _ = shipped
    types = Counter(each.change_type.target for each in of(record, Change).values())
    assert types["concept/change/new-municipality"] == 898
    assert types["concept/change/department-change"] == 901
    assert types["concept/change/association-merger"] == 685


@pytest.mark.parametrize(
    ("row_id", "cells", "field", "line"),
    [
        ("COM-91182:1968-01-01", {"code": "9118"}, "code", 48),
        ("COM-91182:1968-01-01", {"code": "FR-91182"}, "code", 48),
        ("COM-91182:1968-01-01", {"fin": ""}, "fin", 48),
        ("COM-91182:1968-01-01", {"fin": "01/01/2019"}, "fin", 48),
        ("COM-91182:1968-01-01", {"fin": "2019-02-30"}, "fin", 48),
        ("COM-91182:1968-01-01", {"fin": "1967-01-01"}, "fin", 48),
        ("COM-91182:1968-01-01", {"type": "VILLE"}, "type", 48),
        ("COM-91182:1968-01-01", {"nom": ""}, "nom", 48),
        ("COM-91228:2019-01-01", {"population": "66 919"}, "population", 51),
        ("COM-91228:2019-01-01", {"siren": "2000835"}, "siren", 51),
    ],
)
def test_a_bad_cell_is_refused_with_row_and_column(
    tmp_path: Path, row_id: str, cells: dict[str, str], field: str, line: int
) -> None:
    _, issues = load(table(tmp_path, changed(row_id, **cells)))
    refused = [note for note in issues.notes if note.level == "refused"]
    assert [(note.line, note.field) for note in refused] == [(line, field)]


def test_a_merger_into_nothing_known_is_told(tmp_path: Path) -> None:
    lines = changed("COMD-91182:2019-01-01", pole="COM-99999:2019-01-01")
    _, issues = load(table(tmp_path, lines))
    (note,) = issues.notes
    assert (note.level, note.field, note.value) == ("warning", "pole", "COM-99999:2019-01-01")


def test_a_change_of_an_unknown_kind_is_dated_and_told(tmp_path: Path) -> None:
    lines = changed("COM-78228:1965-06-30", raison_debut="fusion d'un genre nouveau")
    record, issues = load(table(tmp_path, lines))
    assert change(record, "fra-cog-91228-1965-06-30").change_type is None
    (note,) = issues.notes
    assert note.value == "fusion d'un genre nouveau"


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    lines = [line.rsplit(";", 1)[0] for line in (HEADER, *ROWS)]
    with pytest.raises(SourceError, match="lacks the column `annee`"):
        load(table(tmp_path, lines))


def test_a_table_of_something_else_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotOfThisKind):
        load(table(tmp_path, ["Titre;Pays", "Un partenariat;Mali"]))


def test_commas_and_windows_1252_are_read(tmp_path: Path, sliced: SourceRecord) -> None:
    lines = [line.replace(";", ",") for line in (HEADER, *ROWS)]
    record, issues = load(table(tmp_path, lines, "cp1252"))
    assert record.entities == sliced.entities
    assert issues.notes == []


def test_a_truncated_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "communes.csv.xz"
    path.write_bytes(lzma.compress(SLICE.read_bytes())[:-20])
    with pytest.raises(SourceError, match="cannot be decompressed"):
        load(path)
