"""Filters that an index answers: the file that keeps it in a version, files without one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from server.engine.embedded import EmbeddedEngine
from server.engine.errors import QuerySyntaxError
from server.engine.literals import LITERALS, load_literals, read_literals
from server.engine.pool import data as opening
from server.engine.pool.data import open_data
from server.serving import data_host, engine_host
from server.settings import Settings
from tests.server.conftest import switch_to, write_version

EX = "https://example.org/"
PREFIX = f"PREFIX ex: <{EX}>\n"
NAMED = PREFIX + 'SELECT ?s { ?s ex:name ?n FILTER(CONTAINS(LCASE(?n), "évry")) }'
WITHIN = PREFIX + "SELECT (COUNT(*) AS ?n) { ?s ex:lat ?v FILTER(?v >= 10.5 && ?v < 12.5) }"
PLACES = f"@prefix ex: <{EX}> .\n" + "".join(
    f'ex:s{i} ex:name "{"Évry" if i == 7 else f"Town {i}"}"@fr ; ex:lat {i}.5 .\n'
    for i in range(1200)
)
GRAPH = 'ex:graph { ex:other ex:name "Bois d’Évry" ; ex:lat 11 }'


def answer(engine: EmbeddedEngine, query: str, **options: list[str]) -> str:
    """The lines of a result, without the first."""
    text = engine.query(query, media_type="text/csv", **options).read().decode()
    return " ".join(text.splitlines()[1:])


def check(engine: EmbeddedEngine) -> None:
    """See that both filters take what they should."""
    assert answer(engine, NAMED) == f"{EX}s7"
    assert answer(engine, WITHIN) == "2"
    assert answer(engine, NAMED.replace("évry", "paris")) == ""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the version that is served from the home folder above."""
    folder = write_version(tmp_path, "one", PLACES + GRAPH)
    switch_to(tmp_path, "one")
    return folder


def served(folder: Path, store: str = "disk") -> Iterator[EmbeddedEngine]:
    """An engine over a version."""
    home = folder.parents[1]
    with engine_host(home, Settings(home=home, store=store, evaluators=1)) as engine:
        yield engine


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_a_version_answers_filters_and_keeps_the_index(folder: Path, store: str) -> None:
    for engine in served(folder, store):
        check(engine)
    kept = load_literals(folder / LITERALS)
    assert {name: column.size for name, column in kept.columns.items()} == {
        f"{EX}name": 1200,
        f"{EX}lat": 1200,
    }
    for engine in served(folder, store):
        check(engine)


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_the_index_that_is_kept_is_the_one_that_is_used(folder: Path, store: str) -> None:
    # What is not so shows whether it is believed.
    others = Store()
    others.load(PLACES.replace("Évry", "Lyon"), RdfFormat.TURTLE)
    read_literals(others).save(folder / LITERALS)
    for engine in served(folder, store):
        assert answer(engine, NAMED) == ""
        assert answer(engine, WITHIN) == "2"


def test_a_damaged_index_does_no_harm(folder: Path) -> None:
    others = Store()
    others.load(PLACES.replace("Évry", "Lyon"), RdfFormat.TURTLE)
    path = folder / LITERALS
    read_literals(others).save(path)
    path.write_bytes(path.read_bytes()[:-8])
    for engine in served(folder):
        check(engine)
    assert load_literals(path) == read_literals(Store.read_only(str(folder / "store")))


def test_a_graph_that_is_asked_for_is_not_looked_up(folder: Path) -> None:
    for engine in served(folder):
        graphs = [f"{EX}graph"]
        assert answer(engine, NAMED, default_graphs=graphs) == f"{EX}other"
        assert answer(engine, WITHIN, default_graphs=graphs) == "1"
        assert answer(engine, NAMED.replace("SELECT ?s", f"SELECT ?s FROM <{EX}graph>")) == (
            f"{EX}other"
        )


def test_a_syntax_error_is_told_where_it_was_written(folder: Path) -> None:
    text = WITHIN.replace("}", "OPTIONAL ?s }")
    for engine in served(folder):
        with pytest.raises(QuerySyntaxError) as refusal:
            engine.query(text, media_type="text/csv")
        place = (refusal.value.line, refusal.value.column)
        assert place == (2, text.splitlines()[1].index("?s }") + 1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The places as a file of RDF."""
    file = tmp_path / "places.trig"
    file.write_text(PLACES + GRAPH)
    return file


def test_files_are_answered_without_an_index_that_is_kept(data: Path) -> None:
    with data_host((data,), Settings(evaluators=1)) as engine:
        check(engine)
    assert list(data.parent.iterdir()) == [data]


def test_files_are_looked_up_where_they_are_small(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"VALUES ?s {{ <{EX}s7> }}" in open_data(None, [str(data)], [], None).text(NAMED)
    monkeypatch.setattr(opening, "MOST_UNKEPT", 2401)
    assert open_data(None, [str(data)], [], None).text(NAMED) == NAMED


def test_a_query_of_too_many_brackets_stays_as_it_is(data: Path) -> None:
    query = PREFIX + f"SELECT * {{ ?s ex:lat ?v FILTER{'(' * 5000}?v < 1{')' * 5000} }}"
    opened = open_data(None, [str(data)], [], None)
    assert opened.text(query) == query
    fewer = query.replace("(" * 4900, "").replace(")" * 4900, "")
    assert f"VALUES ?s {{ <{EX}s0> }}" in opened.text(fewer)
