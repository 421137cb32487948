"""Every question and every kind of page over all that ships, evaluated within two seconds.

The deadline is a limit that the evaluators keep: what would take longer is answered with 503, and
the test fails. No time is measured here.
"""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import pyoxigraph as ox
import pytest

from ontology.namespaces import COUNTRY, GRAPH, ID, MLG, PREFIXES, RDF, SKOS
from queries import catalogue
from server.engine import Engine
from server.graph.labels import NAMING
from server.graph.vocabulary import presentation
from server.iris import document_path, segment_of
from server.pages.downloads import downloads
from server.questions import question, select_text
from tests.server.views.conftest import Site, running

pytestmark = [pytest.mark.full, pytest.mark.timeout(1800)]

DEADLINE = 2.0
SUFFIXES = ("", ".ttl", ".ttl?_profile=brief", ".ttl?page=1", ".jsonld", ".rdf", ".nt", ".trig")
LARGEST = "france_communes/communes"
QUERIES = sorted(
    path.stem for path in Path(__file__).parents[3].joinpath("server/graph/queries").glob("*.rq")
)
COUNTED = (
    *("everything", "graph-size", "graph-sizes", "size"),
    *("all-class-counts", "all-property-counts", "outward-link-counts"),
)
"""Asked only where files are served that have no manifest, and no store to write them."""
SMALL = ("graph-entities", "graph-triples", "export-subjects")
"""Asked only of graphs that are not large."""
ENTITIES = (f"<{ID}", f"<{COUNTRY}")


@pytest.fixture(scope="module")
def full(built_home: Path) -> Iterator[Site]:
    with running(built_home, deadline=DEADLINE) as found:
        yield found


@pytest.fixture(scope="module")
def samples(built_home: Path) -> Mapping[str, list[str]]:
    """Of each type the entities with most triples and most links, an ordinary and a small one."""
    own: Counter[str] = Counter()
    links: Counter[str] = Counter()
    with gzip.open(built_home / "current" / "maillage.nq.gz", "rt", encoding="utf-8") as dump:
        for line in dump:
            subject, _, value = line.split(" ", 2)
            own[subject] += 1
            if value.startswith(ENTITIES):
                links[value.partition(" ")[0]] += 1
    own = Counter({iri[1:-1]: n for iri, n in own.items() if iri.startswith(ENTITIES)})
    links = Counter({iri[1:-1]: n for iri, n in links.items() if iri[1:-1] in own})
    types: defaultdict[str, list[str]] = defaultdict(list)
    for iri in own:
        types[segment_of(iri)].append(iri)
    return {
        kind: list(
            dict.fromkeys(
                [
                    max(iris, key=lambda iri: (own[iri], iri)),
                    max(iris, key=lambda iri: (links[iri], iri)),
                    sorted(iris, key=lambda iri: (own[iri], iri))[len(iris) // 2],
                    min(iris, key=lambda iri: (own[iri] + links[iri], iri)),
                ]
            )
        )
        for kind, iris in types.items()
    }


def bindings(iri: str) -> Mapping[str, object]:
    """A value for each parameter that questions have, the hardest that there is."""
    node = ox.NamedNode(iri)
    anything = ox.Literal("e")
    graph = ox.NamedNode(GRAPH + LARGEST)
    classes = [ox.NamedNode(PREFIXES["mlg"] + name) for name in ("LocalAuthority", "Figure")]
    return {
        **dict.fromkeys(("entity", "agent", "funder", "partnership", "target", "s"), node),
        "dataset": ox.NamedNode(f"{ID}dataset/france_communes"),
        "scheme": ox.NamedNode(f"{ID}concept/kind"),
        "graph": graph,
        "graphs": [graph, ox.NamedNode(f"{GRAPH}atlas/9318")],
        "nodes": [node, *(ox.NamedNode(f"{ID}authority/fra-cog-{n}") for n in range(75101, 75601))],
        "subjects": [ox.NamedNode(f"{ID}authority/fra-cog-{n}") for n in range(75101, 75201)],
        "values": [node, ox.Literal("91228"), ox.NamedNode(f"{ID}authority/fra-reg-11")],
        "naming": [ox.NamedNode(each) for each in NAMING],
        "hidden": [ox.NamedNode(each) for each in sorted(presentation().hidden)],
        "class": classes[0],
        "classes": classes,
        "properties": [ox.NamedNode(str(RDF.type)), ox.NamedNode(str(SKOS.prefLabel))],
        "property": ox.NamedNode(PREFIXES["mlg"] + "within"),
        **dict.fromkeys(("key", "code"), ox.Literal("91228")),
        "place": ox.Literal(ID),
        **dict.fromkeys(("first", "second", "third", "fourth"), anything),
        "p": ox.NamedNode(str(RDF.type)),
        "o": ox.NamedNode(PREFIXES["org"] + "Organization"),
        "key": ox.Literal("fra-name-evry--mli-name-commune-v-du-district-de-bamako"),
        "number": 1,
        "limit": 101,
        "offset": 0,
    }


@pytest.mark.parametrize("name", [name for name in QUERIES if name not in COUNTED])
def test_each_question_is_answered_within_the_deadline(full, samples, engine, name):
    hardest = {iri for kind in ("country", "authority", "concept") for iri in samples[kind]}
    text = (Path(__file__).parents[3] / f"server/graph/queries/{name}.rq").read_text("utf-8")
    wanted = set(re.findall(r"\$(\w+)", re.sub(r"(?m)^ *# .*$", "", text)))
    media_type = "text/turtle" if "\nCONSTRUCT" in text else "application/sparql-results+json"
    for iri in sorted(hardest)[: 3 if wanted - {"limit", "offset"} else 1]:
        values = {key: value for key, value in bindings(iri).items() if key in wanted}
        if name in SMALL:
            small = ox.NamedNode(f"{GRAPH}france_territories/territories")
            values |= {"graphs": [small]} if "graphs" in wanted else {"graph": small}
        if name == "things-of":  # asked of what has a list
            values["class"] = ox.NamedNode(str(MLG.Partnership))
        engine.query(question(name, **values), media_type=media_type).close()


def wrong(site: Site, paths: Sequence[str]) -> list[tuple[str, int]]:
    """The paths that are not answered with 200, and their statuses."""
    statuses = [(path, site.get(path).status) for path in paths]
    return [(path, status) for path, status in statuses if status != 200]


@pytest.fixture(scope="module")
def engine(full: Site) -> Engine:
    return full.engine


def test_pages_and_documents_of_each_type_come(full, samples):
    failed = []
    for iris in samples.values():
        for iri in iris:
            path = document_path(iri)
            failed += wrong(full, [path + suffix for suffix in SUFFIXES])
    assert len(samples) > 20
    assert not failed


def test_pages_of_all_graphs_and_documents_of_all_but_the_largest_come(full, built_home):
    graphs = full.manifest["graphs"]
    failed = []
    for iri, size in graphs.items():
        path = document_path(iri)
        suffixes = ("", "?page=2", *((".ttl", ".jsonld") if size < 100_000 else ()))
        failed += wrong(full, [path + suffix for suffix in suffixes])
    assert not failed


def test_the_largest_graph_comes_whole_although_no_query_could_write_it(full):
    size = full.manifest["graphs"][GRAPH + LARGEST]
    reply = full.get(f"/graph/{LARGEST}.nt")
    assert reply.status == 200
    assert size > 900_000
    assert reply.body.count(b"\n") == size
    again = full.get(f"/graph/{LARGEST}.nt", If_None_Match=reply.headers["ETag"])
    assert again.status == 304


def test_every_query_of_the_catalogue_can_be_read_embedded_and_taken(full):
    failed = []
    for name, query in catalogue().items():
        files = [f"/queries/{name}.{suffix}" for suffix in downloads(query)]
        failed += wrong(full, [f"/queries/{name}", *files, f"/embed/{name}"])
    assert not failed


def test_what_an_entity_has_is_explained(full, samples):
    failed = []
    for iri in (samples["authority"][0], samples["partnership"][0], samples["organisation"][0]):
        asked = urlencode({"s": iri, "p": str(RDF.type), "o": PREFIXES["org"] + "Organization"})
        failed += wrong(full, [f"/explain{suffix}?{asked}" for suffix in ("", ".ttl", ".json")])
    assert not failed


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/datasets",
        "/queries",
        "/query",
        "/def",
        "/sparql?format=turtle",
        "/search?q=evry",
        "/explore",
        "/explore?country=MLI&show=amount",
        "/explore.ttl",
        "/authorities?country=FRA&sort=name",
        "/explore/who?country=FRA",
        "/explore/who.csv?country=FRA",
    ],
)
def test_the_other_pages_come(full, path):
    assert full.get(path).status == 200


def test_the_keys_of_before_lead_to_the_partnerships_of_today(full, engine):
    former = select_text(engine, f"SELECT ?s ?key {{ ?s <{MLG.formerKey}> ?key }} ORDER BY ?s").rows
    assert former
    for row in former:
        segment = segment_of(row["s"].value)
        reply = full.get(f"/id/{segment}/{quote(row['key'].value)}.ttl")
        assert reply.status == 301
        location = unquote(reply.headers["Location"])
        assert location.endswith(row["s"].value.removeprefix(ID) + ".ttl")


def test_a_document_holds_the_names_and_changes_of_its_thing(full):
    graph = ox.Store()
    graph.load(full.get("/doc/authority/fra-cog-91228.ttl").body, ox.RdfFormat.TURTLE)
    evry = ox.NamedNode(f"{ID}authority/fra-cog-91228")
    prefixes = {name: PREFIXES[name] for name in ("mlg", "org", "skosxl")}
    names = graph.query(
        "SELECT ?text ?end { ?evry (skosxl:prefLabel|skosxl:altLabel) ?name . "
        "?name skosxl:literalForm ?text ; mlg:end ?end } ORDER BY ?end",
        prefixes=prefixes,
    )
    assert [row["text"].value for row in names] == ["Évry-Petit-Bourg", "Évry"]
    changes = graph.query(
        f"SELECT DISTINCT ?date {{ {evry} org:changedBy ?change . ?change mlg:date ?date }}",
        prefixes=prefixes,
    )
    assert "2019-01-01" in {row["date"].value for row in changes}
