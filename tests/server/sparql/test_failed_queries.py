"""The memory of queries that exhausted their limits, and nothing of what they left."""

from pathlib import Path

import pytest

from server.engine.errors import DeadlineExceeded, MemoryExceeded
from server.sparql.failed_queries import AGAIN, MOST_FAILED, FailedQueries
from tests.server.conftest import run_server, switch_to, write_version
from tests.server.connection import CROSS

DEADLINE = 2.0


@pytest.mark.parametrize("error", [DeadlineExceeded(DEADLINE), MemoryExceeded(1024)])
def test_what_exhausted_a_whole_limit_is_remembered(error):
    failed = FailedQueries()
    failed.note("a", error, DEADLINE)
    known = failed.error("a")
    assert (type(known), known.limit) == (type(error), error.limit)
    assert error.retry_after == AGAIN
    assert 0 < known.retry_after <= AGAIN
    assert failed.error("b") is None


def test_a_query_that_had_less_time_is_not():
    failed, error = FailedQueries(), DeadlineExceeded(1.0)
    failed.note("a", error, DEADLINE)
    assert failed.error("a") is None
    assert failed.known == {}
    assert not error.retry_after


def test_the_oldest_are_forgotten():
    failed = FailedQueries()
    for number in range(MOST_FAILED + 1):
        failed.note(str(number), MemoryExceeded(1), DEADLINE)
    assert failed.error("0") is None
    assert failed.error("1") is not None
    assert len(failed.known) == MOST_FAILED


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """A server whose deadline is short."""
    home = tmp_path_factory.mktemp("hasty")
    write_version(home, "first")
    switch_to(home, "first")
    yield from run_server(home, evaluators=1, deadline=1, patience=60, max_result=1, access_log="")


def test_it_is_not_tried_again_whoever_asks(hasty):
    query = CROSS + " LIMIT 1"
    first = hasty.get(query, lang="en")
    assert (first.status, first.json["limit"], first.headers["Retry-After"]) == (503, 1, str(AGAIN))
    (evaluator,) = hasty.evaluators
    for again in (
        hasty.get(query, timeout="0.9"),
        hasty.get(query, headers={"Accept-Encoding": "gzip"}),
        hasty.post(query.encode(), "application/sparql-query"),
        hasty.request(f"/sparql?query={query.replace(' ', '%20')}", method="HEAD"),
    ):
        assert again.status == 503
        assert 0 < int(again.headers["Retry-After"]) <= AGAIN
    assert hasty.evaluators == [evaluator]  # a deadline ends one
    assert hasty.get("ASK {}").json["boolean"] is True


def test_who_allows_less_time_says_nothing_of_it(hasty):
    query = CROSS + " LIMIT 2"
    short = hasty.get(query, timeout="0.2")
    assert (short.json["limit"], short.headers["Retry-After"]) == (0.2, None)
    assert hasty.get(query).json["limit"] == 1


def test_what_is_new_each_time_is_tried_each_time(hasty):
    told = hasty.get(CROSS + " HAVING (RAND() < 2)")
    assert (told.status, told.headers["Retry-After"]) == (503, None)


def temporary_files(endpoint) -> set[str]:
    """The files without a name that the process that speaks HTTP has open."""
    (speaker,) = endpoint.speakers
    files = [str(file.readlink()) for file in Path(f"/proc/{speaker}/fd").iterdir()]
    return {file for file in files if file.endswith("(deleted)")}


def test_a_query_that_fails_leaves_no_part_of_its_result(hasty):
    before = temporary_files(hasty)  # its own log, perhaps
    rows = " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(60)))} }}" for i in range(8))
    for width in (500, 5000):
        query = f"SELECT ('{'y' * width}' AS ?x) {{ {rows} }}"
        assert hasty.get(query).json["limit"] == hasty.get(query, format="xml").json["limit"]
    assert temporary_files(hasty) <= before


def test_a_query_that_is_ended_leaves_no_part_of_its_result(patient):
    before = temporary_files(patient)
    rows = " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(60)))} }}" for i in range(8))
    endless = f"SELECT ('{'y' * 50}' AS ?x) {{ {rows} FILTER(?v0 + ?v1 < 100) }}"
    assert patient.get(endless, timeout="0.7").status == 503
    assert temporary_files(patient) <= before


@pytest.fixture
def patient(tmp_path):
    """A server that lets results be long."""
    write_version(tmp_path, "first")
    switch_to(tmp_path, "first")
    yield from run_server(tmp_path, evaluators=1, access_log="")
