"""Why a statement holds: the page, the JSON, the RDF and the command say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from click.testing import CliRunner
from rdflib import PROV, RDF, RDFS, Graph, Literal, URIRef

from ontology.namespaces import DCT, ID, MLG
from ontology.rules.computed import STANDING
from server.cli.main import main
from server.graph.terms import TermError, read_term, shortened
from tests.loaders.test_explanation import drawn

GOLDEN = Path(__file__).parent / "explain-funds.json"
TOWN = "authority/fra-cog-91228"
COUNTRY = "http://publications.europa.eu/resource/authority/country/"


def address(s: str, p: str, o: str, suffix: str = "", **more: str) -> str:
    return f"/explain{suffix}?{urlencode({'s': s, 'p': p, 'o': o, **more})}"


@pytest.fixture(scope="module")
def funded(site) -> str:
    """The key of the partnership that the golden explanation is about."""
    query = f"SELECT ?p {{ <{ID}{TOWN}> <{MLG.funds}> ?p }} ORDER BY ?p"
    rows = site.get(f"/sparql?query={quote(query)}&format=csv").text.split()
    return rows[1].removeprefix(ID)


def leaves(proof: dict) -> list[dict]:
    if "rule" not in proof:
        return [proof]
    return [leaf for premise in proof["premises"] for leaf in leaves(premise)]


def test_who_funds_a_partnership_is_explained_as_ever(site, funded, regenerate):
    told = json.loads(site.get(address(TOWN, "mlg:funds", funded, ".json")).body)
    if regenerate:
        GOLDEN.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert told == json.loads(GOLDEN.read_text("utf-8"))


def test_a_proof_ends_in_source_records(site, funded):
    told = json.loads(site.get(address(TOWN, "mlg:funds", funded, ".json")).body)
    assert (told["holds"], told["stated"], told["inferred"]) == (True, False, True)
    [first, *_] = told["proofs"]
    assert first["rule"]["id"] == "prp-spo2/mlg:funderIn/mlg:fundingOf/mlg:funds"
    assert first["rule"]["text"]["fr"] == (
        "Si A « est financeur dans » B et B « financement de » C, alors A « finance » C."
    )
    for leaf in leaves(first):
        assert leaf["sources"]
        for graph in leaf["sources"]:
            assert told["graphs"][graph]["kind"] == "record"
            assert told["graphs"][graph]["title"]
            assert told["graphs"][graph]["publisher"]


def test_any_inferred_triple_has_a_page(site):
    for triple in drawn(site.home, 20):
        reply = site.get(address(*map(shortened, triple), lang="fr"))
        assert reply.status == 200, triple
        if triple[1] in {each.n3() for each in STANDING}:
            assert "il est calculé à la construction" in reply.text, triple
            continue
        assert "Aucune source ne l’énonce : il découle de ce qui suit." in reply.text, triple
        assert 'id="source-1"' in reply.text, triple
        assert len(reply.body) < 50_000


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("soutient le pays", "Si A « soutient la collectivité » B", "énoncé par", "Droits")),
        ("en", ("supports country", "If A “supports authority” B", "stated by", "Rights")),
    ],
)
def test_the_page_speaks_the_readers_language(site, language, words):
    page = site.get(address(TOWN, "mlg:supportsCountry", "country:MLI"), Accept_Language=language)
    assert page.headers["Content-Language"] == language
    assert all(each in page.text for each in words)
    assert f'href="/doc/{TOWN}"' in page.text
    assert 'href="/def#supportsCountry"' in page.text
    assert "Liste d&#39;autorité de Maillage" in page.text


def test_what_a_source_states_is_told_with_the_source(site):
    told = json.loads(site.get(address(TOWN, "mlg:country", "country:FRA", ".json")).body)
    assert (told["holds"], told["stated"], told["inferred"]) == (True, True, False)
    assert told["proofs"] == []
    assert set(told["sources"]) == set(told["graphs"])
    page = site.get(address(TOWN, "mlg:country", "country:FRA", lang="en"))
    assert "Sources state it; it follows from nothing else." in page.text


def test_what_the_ontology_states_is_told_as_such(site):
    told = json.loads(
        site.get(address("mlg:Municipality", "rdfs:subClassOf", "mlg:LocalAuthority", ".json")).body
    )
    assert [graph["kind"] for graph in told["graphs"].values()] == ["ontology"]
    page = site.get(address("mlg:Municipality", "rdfs:subClassOf", "mlg:LocalAuthority", lang="en"))
    assert "The ontology and its concept schemes" in page.text
    assert 'href="/def?lang=en#Municipality"' in page.text


def test_what_does_not_hold_is_said_not_to_and_not_said_to_be_false(site):
    path = address(TOWN, "mlg:supportsCountry", "country:SEN", lang="en")
    page = site.get(path)
    assert page.status == 200
    assert "That does not make it false" in page.text
    told = json.loads(site.get(path, "application/json").body)
    assert (told["holds"], told["stated"], told["inferred"]) == (False, False, False)
    assert (told["proofs"], told["graphs"]) == ([], {})


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
    ],
)
def test_the_caller_gets_the_format_that_he_likes_best(site, accept, media_type):
    reply = site.get(address(TOWN, "mlg:supportsCountry", "country:MLI"), accept)
    assert (reply.status, reply.media_type) == (200, media_type)
    assert "Accept" in reply.headers["Vary"]
    named = site.get(address(TOWN, "mlg:supportsCountry", "country:MLI", format="ntriples"), accept)
    assert named.media_type == "application/n-triples"


def test_in_rdf_a_statement_is_derived_from_its_premises_and_these_from_graphs(site):
    path = address(TOWN, "mlg:supportsCountry", "country:MLI", ".ttl")
    graph = Graph().parse(data=site.get(path).body, format="turtle")
    [asked] = graph.subjects(RDF.predicate, MLG.supportsCountry)
    assert (asked, RDF.object, URIRef(COUNTRY + "MLI")) in graph
    assert (asked, RDFS.label, Literal("Évry « soutient le pays » Mali", "fr")) in graph
    waiting, records = [asked], set()
    while waiting:
        node = waiting.pop()
        derived = list(graph.objects(node, PROV.wasDerivedFrom))
        assert derived, node
        statements = {each for each in derived if (each, RDF.type, RDF.Statement) in graph}
        waiting.extend(statements)
        records |= set(derived) - statements
    assert all((record, RDF.type, MLG.SourceRecord) in graph for record in records)
    assert all((record, DCT.title, None) in graph for record in records)
    [step] = graph.subjects(PROV.generated, asked)
    used = set(graph.objects(step, PROV.used))
    assert set(graph.objects(asked, PROV.wasDerivedFrom)) < used
    [rule] = [each for each in used if (each, RDF.type, PROV.Plan) in graph]
    assert len(set(graph.objects(rule, RDFS.comment))) == 2


HOSTILE = (
    '"a" . <x:s> <x:p> "b',
    "<x:s> <x:p> <x:o>",
    "> } UNION { ?s ?p ?o",
    "_:b",
    "nonsense",
    "mlg:a b",
    "<script>alert(1)</script>",
    '"unfinished',
    "javascript:alert(1) <",
    "[]",
    "\x00",
    "a" * 9000,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_term_is_refused_in_words(site, text):
    for place in "spo":
        given = {"s": TOWN, "p": "mlg:funds", "o": TOWN, place: text}
        page = site.get(address(**given))
        assert page.status == 400
        assert "ne peut pas se tenir là" in page.text
        assert "<script>alert" not in page.text
        problem = site.get(address(**given), "application/json")
        assert (problem.status, problem.media_type) == (400, "application/problem+json")
        assert json.loads(problem.body)["parameter"] == place


@pytest.mark.parametrize("place", ["s", "p"])
def test_only_an_object_may_be_a_literal(site, place):
    given = {"s": TOWN, "p": "mlg:funds", "o": TOWN, place: '"Évry"@fr'}
    assert site.get(address(**given)).status == 400


def test_without_a_statement_there_is_a_form(site):
    page = site.get("/explain?lang=en")
    assert page.status == 200
    assert all(f'name="{name}"' in page.text for name in "spo")
    assert site.get("/explain", "application/json").status == 400
    assert site.get(f"/explain?s={TOWN}&lang=en").status == 400
    assert site.get("/explain.exe").status == 404
    assert site.get(address(TOWN, "a", "foaf:Agent", format="exe")).status == 406


def test_hostile_labels_are_text_and_a_hub_has_a_small_page(hostile):
    page = hostile.get(address("organisation/bad", "a", "org:Organization"))
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
    hub = hostile.get(address("authority/hub", "a", "foaf:Agent", lang="en"))
    assert hub.status == 200
    assert len(hub.body) < 50_000
    assert "but is not published" in hub.text
    assert "stated by the data, which names no source" in hub.text


def test_each_inferred_value_of_an_entity_leads_to_its_explanation(site):
    page = site.get(f"/doc/{TOWN}?lang=en").text
    links = re.findall(r'<a href="(/explain\?[^"]+)"[^>]*title="Why\?"[^>]*>inferred</a>', page)
    assert len(links) == page.count('class="inferred"') > 3
    for link in links:
        reply = site.get(link.replace("&amp;", "&"))
        assert "No source states it" in reply.text, link


def test_the_command_tells_the_same(small_home, funded, monkeypatch):
    home = ["--home", str(small_home)]
    as_json = CliRunner().invoke(main, ["explain", *home, "--json", TOWN, "mlg:funds", funded])
    assert as_json.exit_code == 0
    assert json.loads(as_json.output) == json.loads(GOLDEN.read_text("utf-8"))
    words = CliRunner().invoke(main, ["explain", *home, "--lang", "fr", TOWN, "mlg:funds", funded])
    assert words.output.startswith("Évry « finance » ")
    assert "Si A « est financeur dans » B et B « financement de » C" in words.output
    assert "énoncé par" in words.output


def test_the_command_fails_for_what_does_not_hold_and_for_what_is_no_term(small_home):
    home = ["--home", str(small_home)]
    run = CliRunner().invoke
    absent = run(main, ["explain", *home, TOWN, "mlg:supportsCountry", "country:SEN"])
    assert absent.exit_code == 1
    assert "No source states it" in absent.output
    wrong = run(main, ["explain", *home, TOWN, "nonsense", "country:SEN"])
    assert wrong.exit_code == 1
    assert "predicate: 'nonsense'" in wrong.output


@pytest.mark.parametrize(
    "term",
    [
        "<https://w3id.org/maillage/id/authority/fra-cog-91228>",
        "<https://w3id.org/maillage/id/concept/theme/gouvernance-et-democratie-locales>",
        "<https://w3id.org/maillage/graph/atlas/9318>",
        "<https://w3id.org/maillage/def#funds>",
        "<https://example.org/a?b=c#d>",
        '"Évry \\"la ville\\""@fr',
        '"2010"^^<http://www.w3.org/2001/XMLSchema#gYear>',
        '"two\\nlines"',
    ],
)
def test_a_term_is_read_as_it_is_written(term):
    assert read_term(shortened(term)) == term


def test_terms_are_read_as_people_write_them():
    assert read_term("a", "predicate") == f"<{RDF.type}>"
    assert read_term("country:MLI") == f"<{COUNTRY}MLI>"
    assert read_term("true") == '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    with pytest.raises(TermError):
        read_term("a", "subject")


def test_a_derived_day_is_told_as_derived(site):
    tie = "partnership/fra-cog-91228--sen-name-ville-de-dakar"
    page = site.get(address(tie, "mlg:earliest", '"2003-01-01"^^xsd:date', lang="en"))
    assert "Day derived from the dates that the sources below state" in page.text
