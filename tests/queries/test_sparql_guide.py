"""The questions of docs/sparql.md, each run as written: the rows it shows are in the answers."""

import re
import time
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

PAGE = Path(__file__).parents[2].joinpath("docs", "sparql.md").read_text("utf-8")
SECONDS = 2
"""Of processor time that the slowest may take."""
(PROLOGUE,) = re.findall(r"```\n(PREFIX .*?)```", PAGE, re.DOTALL)
PREFIXES = dict(re.findall(r"PREFIX (\w+:) <([^>]+)>", PROLOGUE))


class Guided(NamedTuple):
    """A question of the page: its words, its text, the rows shown by column."""

    words: str
    text: str
    rows: list[dict[str, str]]


def guided() -> list[Guided]:
    found = re.findall(
        r"^### (.*?)\n(?:.*?)```sparql\n(.*?)```\n(.*?)(?=^##|\Z)", PAGE, re.M | re.S
    )
    return [Guided(words, text, shown(after)) for words, text, after in found]


def shown(markdown: str) -> list[dict[str, str]]:
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in markdown.splitlines()
        if line.startswith("|")
    ]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[2:]]


def expanded(cell: str) -> str:
    """A cell with its prefix, where it has one, written out."""
    prefix, colon, local = cell.partition(":")
    return PREFIXES.get(prefix + colon, prefix + colon) + local


EVERY = guided()


@pytest.fixture(scope="module")
def store(built_home: Path) -> ox.Store:
    return ox.Store.read_only(str(built_home / "current" / "store"))


def test_there_are_two_dozen():
    assert len(EVERY) == PAGE.count("```sparql") >= 24


@pytest.mark.parametrize("question", EVERY, ids=[each.words for each in EVERY])
def test_a_question_of_the_guide_is_answered(question, store):
    begun = time.process_time()
    answer = store.query(PROLOGUE + question.text)
    if isinstance(answer, ox.QueryTriples):
        assert len(list(answer)) > 100
        return
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    got = [{name: row[name].value if row[name] else "" for name in names} for row in answer]
    assert got
    assert time.process_time() - begun < SECONDS
    for row in question.rows:
        assert {name: expanded(cell) for name, cell in row.items()} in got
