"""Which queries get an index's answer in them, and which stay as they are."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store

from server.engine import literals
from server.engine.guards import Guards
from server.engine.literals import read_literals

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
DECIMAL = NamedNode(XSD + "decimal")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PREFIXES = f"PREFIX ex: <{EX}> PREFIX : <{EX}> PREFIX xsd: <{XSD}>\n"


TOWNS = ("Évry", "Saint-Denis", "Saint-Ouen", "Lyon", "İstanbul", "two\nlines")


@pytest.fixture
def towns() -> Store:
    """Two hundred towns with a name, a latitude, a longitude and a country."""
    store = Store()
    for i in range(200):
        town = NamedNode(f"{EX}s{i}")
        store.add(Quad(town, NamedNode(EX + "name"), Literal(TOWNS[i] if i < 6 else f"Town {i}")))
        store.add(Quad(town, NamedNode(EX + "lat"), Literal(f"{i}.5", datatype=DECIMAL)))
        store.add(Quad(town, NamedNode(EX + "long"), Literal(float(200 - i))))
        store.add(Quad(town, NamedNode(EX + "in"), NamedNode(f"{EX}c{i % 9}")))
        store.add(Quad(town, TYPE, NamedNode(EX + "Town")))
    return store


@pytest.mark.parametrize(
    ("group", "subjects"),
    [
        ("?s ex:lat ?v FILTER(?v > 3.5 && ?v <= 5.5)", "s3 s4 s5"),
        ("?s ex:lat ?v FILTER(3.6 < ?v) FILTER(?v < 4.6)", "s4"),
        ("?s ex:lat ?v ; ex:long ?w FILTER(?v > 3.6 && (?w >= 195))", "s4 s5"),
        ("?s ex:lat ?v FILTER(?v > 5 && ?v < 3)", ""),
        ("?s ex:lat ?v FILTER(?v < 1 && (?v > 7 || BOUND(?s)))", "s0"),
        ("?s a ex:Town ; ex:name ?n . FILTER CONTAINS(LCASE(STR(?n)), 'évry')", "s0"),
        ("?s ex:name ?n FILTER(STRSTARTS(UCASE(?n), 'SAINT-'))", "s1 s2"),
        ("?s ex:name ?n FILTER(REGEX(?n, '^saint', 'i'))", "s1 s2"),
        ("?s ex:name ?n FILTER(?n = 'Lyon' && LANG(?n) = '')", "s3"),
        ("?s ex:in ex:c1 ; ex:lat ?v FILTER(?v < 1)", "s0"),
        ("?x ex:near ?s . ?s ex:lat ?v OPTIONAL { ?s ?p ?o } FILTER(?v < 1)", "s0"),
    ],
)
def test_the_few_subjects_that_can_pass_come_first(towns: Store, group: str, subjects: str) -> None:
    before, after = f"{PREFIXES}SELECT * {{", f"{group}}}"
    guarded = Guards(read_literals(towns, 1)).of(before + after)
    assert guarded.startswith(f"{before} VALUES ?s {{ ")
    assert guarded.endswith(f" }} {after}")
    listed = guarded[len(before) : -len(after)].split()[3:-1]
    assert sorted(listed) == [f"<{EX}{subject}>" for subject in subjects.split()]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ex:lat ?v }",
        "SELECT * { ?s ex:lat ?v } # FILTER(?v < 1)",
        "SELECT * { ?s ex:lat ?v ; ex:name 'FILTER(?v < 1)' }",
        "SELECT * { ?s ex:lat ?v FILTER(?v < 1 || ?v > 190) }",
        "SELECT * { ?s ex:lat ?v FILTER(!(?v > 1)) }",
        "SELECT * { ?s ex:lat ?v FILTER(IF(?v < 1, true, true)) }",
        "SELECT * { ?s ex:lat ?v FILTER(BOUND(?v) = (?v < 1)) }",
        "SELECT * { ?s ex:lat ?v FILTER(?v < 1 + 100) }",
        "SELECT * { ?s ex:lat ?v FILTER(?v + 1 < 1) }",
        "SELECT * { ?s ex:lat ?v FILTER(?v = 99999999999999999999) }",
        "SELECT * { ?s ex:lat ?v FILTER(?v < '1'^^xsd:integer) }",
        "SELECT * { ?s ex:lat ?v FILTER(?v != 1) }",
        "SELECT * { ?s ex:lat ?v FILTER(?v > 1) }",
        "SELECT * { ?s ex:lat ?v FILTER(?a<?v&&?v<1&&?b>?v) }",
        "SELECT * { ?s ex:lat ?v FILTER(?v<?a#> || true) FILTER(?v < 1\n) }",
        "SELECT * { ?s ex:lat ?v FILTER NOT EXISTS { ?s ex:long ?w FILTER(?v < 1) } }",
        "SELECT * { ?s ex:lat ?v OPTIONAL { ?s ex:long ?w FILTER(?v < 1) } }",
        "SELECT * { OPTIONAL { ?s ex:in ?c } ?s ex:lat ?v FILTER(?v < 1) }",
        "SELECT * { { ?s ex:lat ?v } FILTER(?v < 1) }",
        "SELECT * { GRAPH ?g { ?s ex:lat ?v } FILTER(?v < 1) }",
        "SELECT * FROM ex:graph { ?s ex:lat ?v FILTER(?v < 1) }",
        "SELECT * { SERVICE ex:a { ?s ex:in ?c } ?s ex:lat ?v FILTER(?v < 1) }",
        "SELECT * { ?s ex:in+/ex:lat ?v FILTER(?v < 1) }",
        "SELECT * { ?s ^ex:lat ?v FILTER(?v < 1) }",
        "SELECT * { ?s ?p ?v FILTER(?v < 1) }",
        "SELECT * { ex:s1 ex:lat ?v FILTER(?v < 1) }",
        "SELECT * { [] ex:lat ?v FILTER(?v < 1) }",
        "SELECT * { ?s ex:other ?v FILTER(?v < 1) }",
        "SELECT * { ?x ex:to ex:s1 ; ex:to ?s . ?s ex:lat ?v FILTER(?v < 1) }",
        "SELECT * { ?s ex:name ?n FILTER(CONTAINS(?n, 'n')) }",
        "SELECT * { ?s ex:name ?n FILTER(CONTAINS(?n, ?s)) }",
        "SELECT * { ?s ex:name ?n FILTER(!CONTAINS(?n, 'Lyon')) }",
        "SELECT * { ?s ex:name ?n FILTER(CONTAINS(STR(?s), 'Lyon')) }",
        r"SELECT * { ?s ex:name ?n FILTER(CONTAINS(?n, 'Ly\on')) }",
        r"SELECT * { ?s ex:name ?n FILTER(CONTAINS(?n, 'L\u0079on')) }",
        'SELECT * { ?s ex:name ?n FILTER(CONTAINS(?n, """two\nlines""")) }',
        "SELECT * { ?s ex:name ?n FILTER(CONTAINS(SUBSTR(?n, 2), 'Lyon')) }",
        "SELECT * { ?s ex:name ?n FILTER(CONTAINS(?n, '\u0264')) }",
        "SELECT * { ?s ex:name ?n FILTER(REGEX(?n, 'L.on')) }",
        "SELECT * { ?s ex:name ?n FILTER(REGEX(?n, 'L yon', 'x')) }",
        "CONSTRUCT { ?s ex:lat ?v FILTER(?v < 1) } WHERE { ?s ex:lat ?v }",
    ],
)
def test_a_query_stays_as_it_is_where_its_filters_say_nothing_sure(
    towns: Store, query: str
) -> None:
    assert Guards(read_literals(towns, 1)).of(PREFIXES + query) == PREFIXES + query


def test_as_many_conditions_as_fit_are_read(towns: Store) -> None:
    query = f"{PREFIXES}SELECT * {{ ?s ex:lat ?v FILTER({'?v > 0 && ' * 1700} ?v < 1) }}"
    assert f"VALUES ?s {{ <{EX}s0> }}" in Guards(read_literals(towns, 1)).of(query)


def test_a_blank_node_cannot_be_listed(towns: Store) -> None:
    towns.add(Quad(BlankNode(), NamedNode(EX + "lat"), Literal(0.25)))
    guard = Guards(read_literals(towns, 1))
    within, without = (
        f"{PREFIXES}SELECT * {{ ?s ex:lat ?v FILTER(?v < {high}) }}" for high in (1, 0.1)
    )
    assert guard.of(within) == within
    assert guard.of(without) != without


def test_predicates_with_few_objects_are_not_read(towns: Store) -> None:
    assert set(read_literals(towns, 200).columns) == {EX + "lat", EX + "long", EX + "name"}
    assert read_literals(towns, 201).columns == {}


def test_a_predicate_with_too_many_objects_is_not_read(
    towns: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(literals, "MOST", 199)
    towns.remove(next(towns.quads_for_pattern(None, NamedNode(EX + "name"), None)))
    assert set(read_literals(towns, 1).columns) == {EX + "name"}


def test_a_very_long_text_and_a_name_that_no_query_can_write_do_no_harm(towns: Store) -> None:
    data = f'<{EX}long> <{EX}name> "{"x" * 200_000}Lyon" . <{EX}odd> <{EX}a\\u0020b> "Lyon" .'
    towns.load(data, RdfFormat.TURTLE, lenient=True)
    query = PREFIXES + "SELECT * { ?s ex:name ?n FILTER(CONTAINS(?n, 'Lyon')) }"
    assert f"<{EX}long>" in Guards(read_literals(towns, 1)).of(query)
