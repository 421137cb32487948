"""Ties follow from the ends that records name; how they stand follows from all records."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from loaders.build.graphs import Graphs, record_graphs
from loaders.model.records import (
    Agent,
    Agreement,
    Authority,
    Document,
    Entity,
    FundingLine,
    Partnership,
    Party,
    Project,
    SourceRecord,
)
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import read_dataset
from loaders.sources.issue_log import IssueLog
from loaders.sources.reading import Read
from ontology.namespaces import GRAPH_INFERRED, ID, MLG

DATASET = """
title: {fr: x, en: x}
description: {fr: x, en: x}
publisher: {name: X}
language: fr
rights: unstated
rights_statement: {fr: x, en: x}
"""


def authority(key: str, name: str, country: str, **fields: object) -> Authority:
    return Authority(key=key, names=(Text(name),), country=Ref(f"country/{country}"), **fields)


KNOWN = (
    authority(
        "fra-cog-1",
        "Amont",
        "FRA",
        end=PartialDate("2018-12-31"),
        heirs=(Ref("authority/fra-cog-1-2019"),),
    ),
    authority("fra-cog-1-2019", "Amont-Nouvelle", "FRA", start=PartialDate("2019-01-01")),
    authority("fra-cog-2", "Aval", "FRA"),
    authority("mli-name-x", "Lointaine", "MLI"),
)
AMONT, AVAL = (Party(name=n, country=Ref("country/FRA"), authority=True) for n in ("Amont", "Aval"))
FAR = Party(name="Lointaine", country=Ref("country/MLI"), authority=True)
NEW = Party(name="Amont-Nouvelle", country=Ref("country/FRA"), authority=True)
NOWHERE = Party(name="Ville de Nulle-Part", country=Ref("country/TGO"), authority=True)
CLUB = Party(name="Club des amis", country=Ref("country/MLI"))


def graphs(*records: Sequence[Entity], publishers: Sequence[str] = (), dataset: str = "") -> Graphs:
    read = Read(read_dataset(DATASET + dataset, "test"), IssueLog("test"), shipped=False)
    read.records.append(
        SourceRecord(key="known", document=Document(title=Text("x")), entities=KNOWN)
    )
    for number, entities in enumerate(records, 1):
        publisher = publishers[number - 1] if publishers else None
        document = Document(title=Text("x"), publisher=publisher)
        read.records.append(
            SourceRecord(key=str(number), document=document, entities=tuple(entities))
        )
    return record_graphs([read])


def ties(found: Graphs) -> set[str]:
    start, middle = f"<{ID}partnership/", f"> <{MLG}hasPartner> "
    return {
        line.removeprefix(start).partition(">")[0]
        for lines in found.named.values()
        for line in lines
        if line.startswith(start) and middle in line
    }


def tie(*home: Agent, foreign: Sequence[Agent] = (), **fields: object) -> Partnership:
    return Partnership(home=home, foreign=tuple(foreign), **fields)


def standing(found: Graphs) -> set[str]:
    lines = found.named[str(GRAPH_INFERRED)]
    return {line.replace(str(ID), "").replace(str(MLG), "") for line in lines}


@pytest.mark.parametrize(
    ("declared", "keys"),
    [
        (tie(AVAL, foreign=[FAR]), {"fra-cog-2--mli-name-x"}),
        (tie(FAR, foreign=[AVAL]), {"fra-cog-2--mli-name-x"}),
        (
            tie(AVAL, AMONT, foreign=[FAR, NOWHERE]),
            {
                "fra-cog-2--mli-name-x",
                "fra-cog-1--mli-name-x",
                "fra-cog-2--tgo-name-nulle-part",
                "fra-cog-1--tgo-name-nulle-part",
            },
        ),
        (tie(FAR, NOWHERE), {"mli-name-x--tgo-name-nulle-part"}),
        (tie(AVAL, AMONT), {"fra-cog-1--fra-cog-2"}),
        (tie(AVAL, AMONT, FAR), {"fra-cog-2--mli-name-x", "fra-cog-1--mli-name-x"}),
        (tie(AVAL, foreign=[CLUB]), set()),
        (tie(AVAL), set()),
        (tie(AVAL, foreign=[AVAL]), set()),
    ],
)
def test_a_declaration_makes_a_tie_of_each_pair_of_ends(declared, keys) -> None:
    found = graphs([declared])
    assert ties(found) == keys
    assert len(found.untied["test"]) == (not keys)


def test_what_makes_no_tie_is_told_with_its_record_side_names_and_reason() -> None:
    alone = Project(key="p", names=(Text("P"),), foreign_partners=(FAR,))
    found = graphs([tie(AVAL, foreign=[CLUB])], [alone], [tie(AVAL, foreign=[AVAL])])
    assert [(n.level, n.record, n.field, n.value, n.advice) for n in found.untied["test"]] == [
        ("untied", record, side, names, f"{why}: no tie is made")
        for record, side, names, why in (
            ("1", "foreign partners", "Aval; Club des amis",
             "fewer than two of the parties are local authorities"),
            ("2", "home partners", "Lointaine",
             "fewer than two of the parties are local authorities"),
            ("3", "partners", "Aval; Aval", "the names mean one and the same authority"),
        )
    ]  # fmt: skip


def test_many_records_speak_of_one_tie() -> None:
    project = Project(key="p", names=(Text("P"),), home_partners=(AVAL,), foreign_partners=(FAR,))
    signed = Agreement(key="a", frames=(tie(AVAL, foreign=[FAR]),))
    found = graphs([tie(AVAL, foreign=[FAR])], [project], [signed])
    key = "fra-cog-2--mli-name-x"
    assert ties(found) == {key}
    lines = {line for each in found.named.values() for line in each}
    assert f"<{ID}project/p> <{MLG}projectOf> <{ID}partnership/{key}>" in lines
    assert f"<{ID}agreement/a> <{MLG}frames> <{ID}partnership/{key}>" in lines
    assert f"<{ID}authority/fra-cog-2> <{MLG}partnerOf> <{ID}authority/mli-name-x>" in lines


def test_a_record_that_joins_ties_makes_none() -> None:
    joining = Project(key="p", project_of=(tie(AVAL, foreign=[FAR], joins=True),))
    assert ties(graphs([joining])) == set()
    found = graphs([joining], [tie(AVAL, foreign=[FAR])])
    line = f"<{ID}project/p> <{MLG}projectOf> <{ID}partnership/fra-cog-2--mli-name-x>"
    assert any(line in lines for lines in found.named.values())


def test_a_tie_of_one_country_is_domestic() -> None:
    found = graphs([tie(AVAL, AMONT)])
    assert any(f"<{MLG}domestic>" in line for line in found.named[f"{ID}"[:-3] + "graph/test/1"])


def test_a_tie_tells_the_key_that_it_had_while_its_ends_were_unknown() -> None:
    lines = graphs([tie(AVAL, foreign=[FAR])]).named[f"{ID}"[:-3] + "graph/test/1"]
    former = f'<{MLG}formerKey> "fra-name-aval--mli-name-lointaine"'
    assert any(former in line for line in lines)


def test_the_same_amount_on_three_pages_is_one_line_and_twice_on_a_page_two() -> None:
    def project(*lines: FundingLine) -> Project:
        return Project(key="p", names=(Text("P"),), funding=lines)

    line = FundingLine(funder_as_stated="Aval", sole_funder=AVAL, year=PartialDate("2010"))
    found = graphs([project(line)], [project(line)], [project(line, line)])
    lines = {
        line.partition(" ")[0].removeprefix(f"<{ID}funding/")
        for each in found.named.values()
        for line in each
        if line.startswith(f"<{ID}funding/")
    }
    assert lines == {"p-fra-cog-2-2010>", "p-fra-cog-2-2010-2>"}


@pytest.mark.parametrize(
    ("publishers", "dataset", "side", "by"),
    [
        (["Une gazette"], "", "third-party", set()),
        (["Ville d'Aval"], "", "home", {"fra-cog-2"}),
        (["Commune de Lointaine"], "", "foreign", {"mli-name-x"}),
        (["Aval", "Lointaine"], "", "both", {"fra-cog-2", "mli-name-x"}),
        (["Une gazette"], "declares: home", "home", {"fra-cog-2"}),
    ],
)
def test_a_tie_is_declared_by_the_ends_that_publish_it(publishers, dataset, side, by) -> None:
    declared = [[tie(AVAL, foreign=[FAR])] for _ in publishers]
    found = standing(graphs(*declared, publishers=publishers, dataset=dataset))
    key = "fra-cog-2--mli-name-x"
    assert f"<partnership/{key}> <declaration> <concept/declaration/{side}>" in found
    stated = {line for line in found if "<declaredBy>" in line}
    assert stated == {f"<partnership/{key}> <declaredBy> <authority/{end}>" for end in by}


@pytest.mark.parametrize(
    ("values", "on"),
    [
        ([{"start": "1990"}, {"start": "1990-05"}], set()),
        ([{"start": "1958"}, {"start": "1984"}], {"start"}),
        ([{"start": "1990", "end": "2000"}, {"end": "2001-05"}], {"end"}),
        ([{"first_signature": "1980"}, {"start": "1990"}], set()),
        ([{"form": "twinning"}, {"form": "friendship"}], {"form"}),
    ],
)
def test_sources_contradict_each_other_where_neither_period_holds_the_other(values, on) -> None:
    def read(name: str, value: str) -> object:
        return Ref(f"concept/form/{value}") if name == "form" else PartialDate(value)

    declared = [
        [tie(AVAL, foreign=[FAR], **{name: read(name, value) for name, value in each.items()})]
        for each in values
    ]
    found = standing(graphs(*declared))
    told = {line.rpartition("/")[2][:-1] for line in found if "<contradictoryOn>" in line}
    assert told == on


def test_heirs_take_a_tie_over_that_had_not_ended() -> None:
    going_on = standing(graphs([tie(AMONT, foreign=[FAR], start=PartialDate("1990"))]))
    line = "<partnership/fra-cog-1--mli-name-x> <hasHeirPartner> <authority/fra-cog-1-2019>"
    assert line in going_on
    ended = tie(AMONT, foreign=[FAR], start=PartialDate("1990"), end=PartialDate("2001"))
    assert not [line for line in standing(graphs([ended])) if "<hasHeirPartner>" in line]


def test_an_heir_with_its_own_tie_continues_the_earlier() -> None:
    found = standing(
        graphs(
            [tie(AMONT, foreign=[FAR], start=PartialDate("1990"))],
            [tie(NEW, foreign=[FAR], start=PartialDate("2020"))],
        )
    )
    one, other = "fra-cog-1--mli-name-x", "fra-cog-1-2019--mli-name-x"
    assert f"<partnership/{other}> <continues> <partnership/{one}>" in found
    assert not [line for line in found if "<hasHeirPartner>" in line]
