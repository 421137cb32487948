"""The engine without HTTP: its limits, its stores, its queue."""

import threading
from dataclasses import replace

import pytest

from server.cli.serve import data_host, engine_host
from server.engine.errors import Busy, DeadlineExceeded, MergeTooLarge, NoVersion, ResultTooLarge
from server.engine.limits import Limits, PoolSize
from server.engine.pool.supervisor import StoreSource, supervised
from server.engine.query_text import read_structure
from server.settings import SettingError, Settings, table
from tests.server.conftest import wait_until

CSV = "text/csv"
COUNT = "SELECT (SUM(?n) AS ?sum) { ?s <https://example.org/gave> ?n }"
SLOW = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + "}"


@pytest.fixture(scope="module")
def engine(data_file):
    source = StoreSource("data", files=(data_file,))
    limits = Limits(max_merged_quads=2, max_result_bytes=100, queue_wait=2, patience=60)
    with supervised(lambda: source, PoolSize(evaluators=1, queue=1), limits) as running:
        yield running


def test_a_merge_past_its_limit_is_refused_and_one_graph_is_not(engine):
    both = ["https://example.org/a", "https://example.org/b"]
    with pytest.raises(MergeTooLarge) as refusal:
        engine.query(COUNT, media_type=CSV, default_graphs=both)
    assert refusal.value.limit == 2
    assert engine.query(COUNT, media_type=CSV, default_graphs=both[1:]).read() == b"sum\r\n350\r\n"


def test_a_graph_named_twice_is_no_merge(engine):
    twice = ["https://example.org/b", "https://example.org/b"]
    assert engine.query(COUNT, media_type=CSV, default_graphs=twice).read() == b"sum\r\n350\r\n"


def test_a_result_past_its_limit_is_refused_whole(engine):
    with pytest.raises(ResultTooLarge) as refusal:
        engine.query("SELECT * { ?s ?p ?o }", media_type=CSV)
    assert refusal.value.limit == 100


def test_who_finds_the_queue_full_or_waits_too_long_is_told_to_come_back(engine):
    outcomes = []

    def ask() -> None:
        try:
            engine.query(SLOW, media_type=CSV, timeout=5)
        except (Busy, DeadlineExceeded) as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [Busy] * 4 + [DeadlineExceeded]
    # Those who gave up leave the queue as soon as an evaluator comes to them.
    wait_until(lambda: answers(engine))


def answers(engine) -> bool:
    """True where there is an evaluator for the next query."""
    try:
        return engine.query("ASK{}", media_type=CSV).read() == b"true"
    except Busy:
        return False


def test_an_answer_can_be_read_in_chunks_once(engine):
    answer = engine.query(COUNT, media_type=CSV)
    assert (answer.form, answer.version, answer.size) == ("select", "data", 10)
    assert b"".join(answer) == b"sum\r\n390\r\n"
    with pytest.raises(ValueError, match="closed"):
        answer.body.read()


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_the_store_is_read_in_memory_or_on_disk_with_the_same_answers(endpoint, store):
    settings = Settings(home=endpoint.home, store=store, evaluators=1)
    with engine_host(endpoint.home, settings) as engine:
        assert engine.query(COUNT, media_type=CSV).read() == b"sum\r\n390\r\n"
        graph = "SELECT ?n { GRAPH <https://example.org/a> { ?s ?p ?n } } ORDER BY ?n"
        assert engine.query(graph, media_type=CSV).read() == b"n\r\n40\r\n100\r\n"


def test_a_file_of_rdf_is_served_as_it_is(tmp_path):
    file = tmp_path / "mine.ttl"
    file.write_text("<https://example.org/x> <https://example.org/gave> 3 .")
    with data_host((file,), Settings(evaluators=1)) as engine:
        assert engine.query(COUNT, media_type=CSV).read() == b"sum\r\n3\r\n"


def test_before_the_first_build_there_is_no_version_and_then_there_is(tmp_path, data_file):
    found = []
    with supervised(lambda: found[0] if found else None, PoolSize(1, 1), Limits()) as engine:
        with pytest.raises(NoVersion):
            engine.query("ASK{}", media_type=CSV)
        found.append(StoreSource("data", files=(data_file,)))
        wait_until(lambda: version(engine) == "data")
        assert engine.query("ASK{}", media_type=CSV).read() == b"true"


def version(engine) -> str:
    """The version that answers; "" where none does yet."""
    try:
        return engine.version()
    except NoVersion:
        return ""


def test_a_structure_tells_form_prefixes_graphs_and_depth():
    structure = read_structure(
        """# SELECT
        BASE <https://example.org/> PREFIX g: <graph/> PREFIX : <#>
        CONSTRUCT { ?s :p "ASK {{{" } FROM g:one\\-two FROM <three> FROM NAMED :four
        WHERE { ?s :from ?from FILTER(?from < 3 && (1 > 0)) }"""
    )
    assert structure.form == "construct"
    assert structure.prefixes == {
        "g": "https://example.org/graph/",
        "": "https://example.org/#",
    }
    assert structure.default_graphs == (
        "https://example.org/graph/one-two",
        "https://example.org/three",
    )
    assert structure.named_graphs == ("https://example.org/#four",)
    assert structure.depth == 3


def test_a_setting_is_an_option_a_variable_and_a_field():
    row = next(row for row in table() if row.name == "max_query_length")
    assert (row.option, row.variable) == ("--max-query-length", "MAILLAGE_MAX_QUERY_LENGTH")
    settings = Settings.from_environment({row.variable: "12"})
    assert settings.limits.max_query_length == 12
    assert Settings.from_environment({row.variable: "12"}, max_query_length=7) == replace(
        settings, max_query_length=7
    )
    assert Settings.from_environment(settings.environment()) == settings


@pytest.mark.parametrize(
    ("variable", "value"),
    [("MAILLAGE_PORT", "x"), ("MAILLAGE_STORE", "tape"), ("MAILLAGE_DEADLINE", "0")],
)
def test_a_setting_that_cannot_work_is_refused_by_name(variable, value):
    name = variable.removeprefix("MAILLAGE_")
    with pytest.raises(SettingError, match=f"(?i){name}"):
        Settings.from_environment({variable: value})
