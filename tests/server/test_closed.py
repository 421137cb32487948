"""What is closed: told by a build, kept in its manifest, believed by the engine."""

import json
from dataclasses import replace

import pytest
from pyoxigraph import NamedNode, Quad, Store

from loaders.build.build import closed
from server.engine.embedded import Limits
from server.engine.errors import QuerySyntaxError
from server.engine.leases import Pool
from server.engine.pool.supervisor import Source, hosted
from server.serving import engine_host
from server.settings import Settings
from server.versions import current_source

EX = "https://example.org/"
IN = f"{EX}in"
PREFIX = f"PREFIX ex: <{EX}>\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A chain of three places: as stated, and closed."""
    folder = tmp_path_factory.mktemp("places")
    stated = [f"<{EX}n{n}> <{IN}> <{EX}n{n + 1}> .\n" for n in range(3)]
    rest = [f"<{EX}n{a}> <{IN}> <{EX}n{b}> .\n" for a, b in ((0, 2), (0, 3), (1, 3))]
    (folder / "stated.nt").write_text("".join(stated))
    (folder / "closed.nt").write_text("".join(stated + rest))
    return folder


CSV = "text/csv"
COUNT = PREFIX + "SELECT (COUNT(*) AS ?n) { ?a ex:in+ ex:n3 }"


def test_an_engine_plans_for_what_its_source_says_is_closed(files):
    plain = Source("stated", files=(files / "stated.nt",))
    # What is not so shows whether it is believed.
    for source, count in (plain, 3), (replace(plain, closed=(IN,)), 1):
        with hosted(lambda source=source: source, Pool(evaluators=1), Limits()) as engine:
            assert engine.query(COUNT, media_type=CSV).read() == b"n\r\n%d\r\n" % count


@pytest.mark.parametrize(("manifest", "count"), [({"closed": [IN]}, 1), ({}, 3)])
def test_the_manifest_of_a_version_says_what_is_closed(tmp_path, files, manifest, count):
    version = tmp_path / "versions" / "one"
    version.mkdir(parents=True)
    store = Store(str(version / "store"))
    store.load(path=files / "stated.nt")
    store.flush()
    del store
    (version / "manifest.json").write_text(json.dumps({"id": "one", "quads": 3, **manifest}))
    (tmp_path / "current").symlink_to("versions/one")
    settings = Settings(home=tmp_path, store="disk", evaluators=1)
    with engine_host(tmp_path, settings) as engine:
        assert engine.query(COUNT, media_type=CSV).read() == b"n\r\n%d\r\n" % count


WITHIN, SUCCEEDED = (f"https://w3id.org/maillage/def#{name}" for name in ("within", "succeededBy"))


def test_a_build_tells_which_transitive_properties_are_closed(small_home):
    manifest = json.loads((small_home / "current" / "manifest.json").read_text())
    sub_organisation = "http://www.w3.org/ns/org#transitiveSubOrganizationOf"
    assert manifest["closed"] == [sub_organisation, SUCCEEDED, WITHIN]
    source = current_source(Settings(home=small_home))
    assert source is not None
    assert source.closed == (sub_organisation, SUCCEEDED, WITHIN)


def test_a_property_that_lacks_a_consequence_is_not_taken_for_closed():
    store = Store()
    for property_, pairs in ((WITHIN, ["ab", "bc"]), (SUCCEEDED, ["ab", "bc", "ac"])):
        for one, other in pairs:
            subject, value = (NamedNode(f"{EX}{end}") for end in (one, other))
            store.add(Quad(subject, NamedNode(property_), value))
    found = closed(store)
    assert SUCCEEDED in found
    assert WITHIN not in found


@pytest.fixture(scope="module")
def engine(files):
    source = Source("closed", files=(files / "closed.nt",), closed=(IN,))
    with hosted(lambda: source, Pool(evaluators=1), Limits()) as running:
        yield running


def test_an_engine_over_closed_data_answers_as_ever(engine):
    assert engine.query(COUNT, media_type=CSV).read() == b"n\r\n3\r\n"
    other = engine.query(COUNT.replace("+", "*"), media_type=CSV)
    assert other.read() == b"n\r\n4\r\n"


def test_what_is_no_path_is_answered_as_it_was_written(engine):
    text = PREFIX + "SELECT ?b { ?a ex:in ?b FILTER(?b = ex:n1) BIND(ex:in + (1) AS ?x) }"
    assert engine.query(text, media_type=CSV).read() == b"b\r\nhttps://example.org/n1\r\n"


def test_a_syntax_error_is_told_where_it_was_written(engine):
    with pytest.raises(QuerySyntaxError) as refusal:
        engine.query(PREFIX + "SELECT * { ?a ex:in+ ?b . ?b (ex:in)* ; }", media_type=CSV)
    assert (refusal.value.line, refusal.value.column) == (2, 39)


def test_a_graph_that_is_asked_for_is_not_taken_for_closed(engine):
    text = PREFIX + "ASK { ?a ex:in+ ?b }"
    graph = engine.query(text, media_type=CSV, default_graphs=[f"{EX}none"])
    assert graph.read() == b"false"
