"""The documents to which the IRIs of the data lead."""

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

ID = "https://w3id.org/maillage/id/"
LABEL = URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
THINGS = {
    "authority/fra-cog-91228": "Évry",
    "organisation/association-des-municipalites-du-mali": "Association des Municipalités du Mali",
    "project/atlas-9318": "Coopération décentralisée Kayes Evry Centre Essonne (2010-2012)",
    "concept/theme/gouvernance-et-democratie-locales": "Gouvernance et démocratie locales",
    "country/MLI": "Mali",
}
ACCEPTED = {
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": ("", "text/html"),
    "text/turtle": (".ttl", "text/turtle"),
    "application/ld+json": (".jsonld", "application/ld+json"),
    "application/n-triples": (".nt", "application/n-triples"),
    "application/rdf+xml, text/turtle;q=0.5": (".rdf", "application/rdf+xml"),
    "*/*": (".ttl", "text/turtle"),
}
PARSERS = {".ttl": "turtle", ".jsonld": "json-ld", ".nt": "nt", ".rdf": "xml"}


def iri_of(thing: str) -> URIRef:
    if thing.startswith("country/"):
        code = thing.removeprefix("country/")
        return URIRef(f"http://publications.europa.eu/resource/authority/country/{code}")
    return URIRef(ID + thing)


@pytest.mark.parametrize("accept", ACCEPTED)
@pytest.mark.parametrize("thing", THINGS)
def test_an_iri_leads_to_the_document_that_the_caller_likes_best(site, thing, accept):
    suffix, media_type = ACCEPTED[accept]
    reply = site.get(f"/id/{thing}", accept)
    assert reply.status == 303
    assert reply.headers["Location"].removeprefix(site.address) == f"/doc/{thing}{suffix}"
    assert "Accept" in reply.headers["Vary"]
    document = site.get(f"/doc/{thing}{suffix}", accept)
    assert (document.status, document.media_type) == (200, media_type)
    if suffix:
        graph = Graph().parse(data=document.body, format=PARSERS[suffix])
        labels = [str(label) for label in graph.objects(iri_of(thing), LABEL)]
        assert any(label.startswith(THINGS[thing]) for label in labels)
    else:
        assert THINGS[thing] in document.text


def test_the_formats_of_a_document_say_the_same(site):
    path = "/doc/organisation/association-des-municipalites-du-mali"
    graphs = [
        Graph().parse(data=site.get(path + suffix).body, format=parser)
        for suffix, parser in PARSERS.items()
    ]
    assert len(graphs[0]) > 30
    assert all(isomorphic(graphs[0], graph) for graph in graphs[1:])


def test_a_document_holds_the_parts_of_its_entity_and_the_labels_of_what_it_points_to(site):
    document = site.get("/doc/organisation/association-des-municipalites-du-mali.ttl")
    graph = Graph().parse(data=document.body, format="turtle")
    site_class = URIRef("http://www.w3.org/ns/org#Site")
    assert len(set(graph.subjects(None, site_class))) == 1
    assert (iri_of("country/MLI"), LABEL, Literal("Mali", "fr")) in graph
    assert (iri_of("country/FRA"), LABEL, None) not in graph


def test_json_is_json_ld(site):
    reply = site.get("/doc/country/MLI.json")
    assert reply.media_type == "application/ld+json"


@pytest.mark.parametrize(
    "path",
    [
        "/id/authority/nobody",
        "/doc/authority/nobody",
        "/doc/authority/nobody.ttl",
        "/id/authority/%3E%20%3Fs%20%3Fp",
        "/id/Nothing/at-all",
        "/graph/atlas/nothing.ttl",
        "/graph/nothing",
        "/nowhere",
    ],
)
def test_what_nobody_knows_is_not_found(site, path):
    page = site.get(path)
    assert page.status == 404
    assert page.media_type == "text/html"
    problem = site.get(path, "application/json")
    assert problem.status == 404
    assert problem.media_type == "application/problem+json"


def test_a_page_comes_in_the_language_asked_for(site):
    path = "/doc/authority/fra-cog-91228"
    french = site.get(path, Accept_Language="fr-FR,fr;q=0.9,en;q=0.5")
    english = site.get(path, Accept_Language="en-GB")
    chosen = site.get(f"{path}?lang=en", Accept_Language="fr")
    assert [r.headers["Content-Language"] for r in (french, english, chosen)] == ["fr", "en", "en"]
    assert '<html lang="fr">' in french.text
    assert "collectivité" in french.text.lower()
    assert "Partnerships" in english.text
    assert "Accept-Language" in french.headers["Vary"]
    assert f'href="{path}?lang=en"' in french.text
    assert 'href="/doc/country/FRA?lang=en"' in chosen.text
    assert f'rel="canonical" href="{site.address}{path}"' in chosen.text


def test_a_page_points_to_its_rdf_and_to_the_graphs_that_state_it(site):
    page = site.get("/doc/project/atlas-9318").text
    assert 'type="text/turtle" href="/doc/project/atlas-9318.ttl"' in page
    assert "/graph/atlas/9318" in page


def test_funding_is_totalled_and_tells_sole_from_joint_and_unnamed(site):
    listed = site.get(
        "/sparql?query=SELECT%20%3Fp%20%7B%20%3Fl%20%3Chttps%3A%2F%2Fw3id.org%2Fmaillage%2Fdef%23"
        "fundingOf%3E%20%3Fp%20%7D%20LIMIT%201&format=tsv"
    ).text
    key = listed.splitlines()[1].strip("<>").removeprefix(ID)
    page = site.get(f"/doc/{key}?lang=en").text
    for amount in ("€105,030", "€86,830", "€10,200", "€8,000"):
        assert amount in page
    for share in ("sole", "joint", "unnamed"):
        assert f'<span class="share {share}">' in page
    # 1% water: two lines say 0, three say nothing.
    assert page.count('<span class="none">not stated</span>') == 3


def test_inverse_links_are_counted(site):
    page = site.get("/doc/concept/theme/gouvernance-et-democratie-locales?lang=en").text
    assert '<summary>on this theme <span class="count">' in page


def test_a_named_graph_has_all_its_triples_in_every_format(site):
    count = len(Graph().parse(data=site.get("/graph/atlas/9318.nt").body, format="nt"))
    assert count > 10
    for suffix, parser in PARSERS.items():
        reply = site.get(f"/graph/atlas/9318{suffix}")
        assert len(Graph().parse(data=reply.body, format=parser)) == count
    assert site.get("/graph/atlas/9318", "text/turtle").media_type == "text/turtle"
    assert "9318" in site.get("/graph/atlas/9318").text


@pytest.mark.parametrize("name", ["inferred", "provenance", "ontology"])
def test_the_graphs_about_the_data_can_be_taken_too(site, name):
    reply = site.get(f"/graph/{name}.ttl")
    assert len(Graph().parse(data=reply.body, format="turtle")) > 50


def test_who_has_a_document_already_is_told_so(site):
    for path in ("/doc/country/MLI", "/doc/country/MLI.ttl", "/graph/atlas/9318.ttl"):
        etag = site.get(path).headers["ETag"]
        assert site.get(path, If_None_Match=etag).status == 304
