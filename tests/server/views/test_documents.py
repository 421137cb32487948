"""The documents about things: negotiation, what they hold, and that they say it in every format."""

import json
import re
from collections.abc import Mapping

import pyoxigraph as ox
import pytest
from pyld import jsonld
from rdflib import Dataset, Graph, Namespace, URIRef

from ontology.namespaces import DCT, ID, MLG, RDF, SKOS
from tests.server.views.conftest import Reply, Site

COUNTRY = "http://publications.europa.eu/resource/authority/country/MLI"
THINGS = {
    "authority/fra-cog-91228": f"{ID}authority/fra-cog-91228",
    "organisation/association-des-municipalites-du-mali": (
        f"{ID}organisation/association-des-municipalites-du-mali"
    ),
    "project/atlas-9318": f"{ID}project/atlas-9318",
    "concept/theme/gouvernance-et-democratie-locales": (
        f"{ID}concept/theme/gouvernance-et-democratie-locales"
    ),
    "country/MLI": COUNTRY,
    "dataset/atlas": f"{ID}dataset/atlas",
}
ACCEPTED = {
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": ("", "text/html"),
    "text/turtle": (".ttl", "text/turtle"),
    "application/ld+json, text/turtle;q=0.9": (".jsonld", "application/ld+json"),
    "application/rdf+xml": (".rdf", "application/rdf+xml"),
    "application/n-triples": (".nt", "application/n-triples"),
    "application/trig;q=0.8, text/html;q=0.3": (".trig", "application/trig"),
    "image/png, text/html;q=0.1": ("", "text/html"),
    "application/json": (".jsonld", "application/ld+json"),
}
RDF_SUFFIXES = (".ttl", ".trig", ".jsonld", ".rdf", ".nt", ".nq")
LARGE = "/doc/partnership/large"


def triples(reply: Reply, suffix: str) -> set[ox.Triple]:
    """The triples of a document, whatever graphs they are in."""
    if suffix == ".jsonld":
        return json_ld(reply)
    return {quad.triple for quad in ox.parse(reply.body, ox.RdfFormat.from_extension(suffix[1:]))}


def json_ld(reply: Reply) -> set[ox.Triple]:
    """The triples of JSON-LD as pyld reads it, with the context where the document says it is."""
    quads = jsonld.to_rdf(json.loads(reply.body), {"format": "application/n-quads"})
    return {quad.triple for quad in ox.parse(quads, ox.RdfFormat.N_QUADS)}


@pytest.fixture(autouse=True)
def published_context(request: pytest.FixtureRequest) -> None:
    """Let pyld read the context from the site, as it would from the web."""
    found: Mapping[str, Site] = {
        name: request.getfixturevalue(name)
        for name in ("site", "hostile")
        if name in request.fixturenames
    }

    def load(url: str, options: object) -> Mapping[str, object]:
        known = next(site for site in found.values() if url.startswith(site.address))
        reply = known.get(url.removeprefix(known.address), "application/ld+json")
        assert reply.status == 200
        document = json.loads(reply.body)
        return {"contextUrl": None, "documentUrl": url, "document": document}

    jsonld.set_document_loader(load)


@pytest.mark.parametrize("accept", ACCEPTED)
@pytest.mark.parametrize("thing", THINGS)
def test_a_document_comes_as_its_reader_likes_it_best(site, thing, accept):
    suffix, media_type = ACCEPTED[accept]
    moved = site.get(f"/id/{thing}", accept)
    assert moved.status == 303
    assert moved.headers["Location"].removeprefix(site.address) == f"/doc/{thing}{suffix}"
    assert "Accept" in moved.headers["Vary"]
    negotiated, fixed = site.get(f"/doc/{thing}", accept), site.get(f"/doc/{thing}{suffix}", accept)
    for reply in (negotiated, fixed):
        assert (reply.status, reply.media_type) == (200, media_type)
    assert negotiated.body == fixed.body
    assert "Accept" in negotiated.headers["Vary"].split(", ")
    head = site.get(f"/doc/{thing}", accept, method="HEAD")
    assert head.body == b""
    assert {name: value for name, value in head.headers.items() if name != "Date"} == {
        name: value for name, value in negotiated.headers.items() if name != "Date"
    }


@pytest.mark.parametrize("thing", THINGS)
def test_every_format_says_the_same(site, thing):
    found = {suffix: triples(site.get(f"/doc/{thing}{suffix}"), suffix) for suffix in RDF_SUFFIXES}
    assert len(found[".ttl"]) > 10
    for suffix in RDF_SUFFIXES:
        assert found[suffix] == found[".ttl"], suffix
    turtle = Graph().parse(data=site.get(f"/doc/{thing}.ttl").body, format="turtle")
    assert len(turtle) == len(found[".ttl"])
    trig = Dataset().parse(data=site.get(f"/doc/{thing}.trig").body, format="trig")
    assert {(s, p, o) for s, p, o, _ in trig.quads()} == set(turtle)


def test_a_document_holds_ties_money_and_sources_with_their_rights(site):
    reply = site.get("/doc/authority/fra-cog-91228.ttl")
    graph = Graph().parse(data=reply.body, format="turtle")
    evry = URIRef(THINGS["authority/fra-cog-91228"])
    line = next(graph.subjects(MLG.soleFunder, evry))
    assert str(graph.value(line, MLG.amountEUR)) == "8000"
    tie = URIRef(f"{ID}project/atlas-9318")
    assert graph.value(tie, SKOS.prefLabel)
    assert graph.value(tie, MLG.end)
    document = URIRef("https://w3id.org/maillage/doc/authority/fra-cog-91228")
    records = set(graph.objects(document, URIRef("http://www.w3.org/ns/prov#wasDerivedFrom")))
    assert URIRef("https://w3id.org/maillage/graph/atlas/9318") in records
    dct = "http://purl.org/dc/terms/"
    for record in records:
        documents = graph.objects(record, URIRef("http://www.w3.org/ns/prov#wasDerivedFrom"))
        assert any(graph.value(each, URIRef(dct + "rights")) for each in (record, *documents))
        assert graph.value(graph.value(record, URIRef(dct + "isPartOf")), URIRef(dct + "title"))


def test_trig_tells_which_source_says_what(site):
    graph = Dataset().parse(data=site.get("/doc/authority/fra-cog-91228.trig").body, format="trig")
    record = "https://w3id.org/maillage/graph/"
    evry = URIRef(THINGS["authority/fra-cog-91228"])
    stating = {str(g) for _, _, _, g in graph.quads((evry, MLG.nameAsStated, None, None))}
    assert stating
    assert all(each.startswith(f"{record}atlas/") for each in stating)
    inferred = {str(g) for _, _, _, g in graph.quads((evry, MLG.supportsCountry, None, None))}
    assert inferred == {f"{record}inferred"}


def test_turtle_is_written_to_be_read(site):
    text = site.get("/doc/authority/fra-cog-91228.ttl").text
    header, _, body = text.partition("\n\n")
    prefixes = re.findall(r"@prefix ([\w-]+): ", header)
    assert prefixes == sorted(prefixes)
    assert "authority" in prefixes
    without = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>|^#.*', "", body, flags=re.MULTILINE)
    assert set(re.findall(r"([\w-]+):[\w.-]", without)) == set(prefixes)
    blocks = [block for block in body.split("\n\n") if not block.startswith("#")]
    assert blocks[0].startswith("authority:fra-cog-91228 a ")
    for block in body.split("\n\n"):
        subject = re.match(r"\S+ (\S+)", block)
        if not block.startswith("#") and " a " in block.partition("\n")[0]:
            assert subject[1] == "a"
    languages = re.findall(r'skos:prefLabel "[^"]*"@(\w+) , "[^"]*"@(\w+)', text)
    assert languages
    assert all(first <= second for first, second in languages)
    assert text == site.get("/doc/authority/fra-cog-91228.ttl").text


def test_what_points_to_a_thing_is_counted_and_comes_in_pages(hostile):
    hub = f"{ID}authority/hub"
    pages = [hostile.get(f"/doc/authority/hub.ttl?page={n}") for n in (1, 2, 3, 4)]
    graphs = [Graph().parse(data=page.body, format="turtle") for page in pages]
    linked = [set(graph.subjects(MLG.hasPartner, URIRef(hub))) for graph in graphs]
    assert [len(each) for each in linked] == [100, 100, 100, 100]
    assert len(set.union(*linked)) == 400
    total = URIRef("http://www.w3.org/ns/hydra/core#totalItems")
    collection = URIRef("https://w3id.org/maillage/doc/authority/hub#hasPartner")
    assert {int(graph.value(collection, total)) for graph in graphs} == {400}
    link = pages[1].headers.get_all("Link")
    assert '</doc/authority/hub.ttl?page=1>; rel="prev"' in link
    assert '</doc/authority/hub.ttl?page=3>; rel="next"' in link
    assert hostile.get("/doc/authority/hub.ttl?page=5").status == 404


def test_a_brief_document_is_of_the_thing_itself(site):
    path = "/doc/authority/fra-cog-91228.ttl"
    full, brief = site.get(path), site.get(f"{path}?_profile=brief")
    few, many = (triples(reply, ".ttl") for reply in (brief, full))
    evry = ox.NamedNode(THINGS["authority/fra-cog-91228"])
    assert {t for t in few if t.subject == evry} == {t for t in many if t.subject == evry}
    assert len(few) < len(many) / 2
    uri = "https://w3id.org/maillage/profile/brief"
    assert brief.headers["Content-Profile"] == f"<{uri}>"
    assert f'<{uri}>; rel="profile"' in brief.headers.get_all("Link")
    asked = site.get(path, Accept_Profile=f"<{uri}>, <{uri[:-5]}full>;q=0.5")
    assert asked.body == brief.body
    assert "Accept-Profile" in asked.headers["Vary"]
    listed = [each for each in full.headers.get_all("Link") if "formats=" in each]
    assert [re.search(r"profile/(\w+)\"", each)[1] for each in listed] == ["full", "brief"]
    moved = site.get("/id/authority/fra-cog-91228?_profile=brief", "text/turtle")
    assert moved.headers["Location"].endswith("/doc/authority/fra-cog-91228.ttl?_profile=brief")


def test_the_list_of_profiles_leads_to_each_document(site):
    reply = site.get("/doc/country/MLI?_profile=alt")
    assert reply.media_type == "text/turtle"
    graph = Graph().parse(data=reply.body, format="turtle")
    altr = Namespace("http://www.w3.org/ns/dx/connegp/altr#")
    thing = URIRef("http://publications.europa.eu/resource/authority/country/MLI")
    listed = set(graph.objects(thing, altr.hasRepresentation))
    assert graph.value(thing, altr.hasDefaultRepresentation) in listed
    assert len(listed) == 2 * 6 + 2
    for document in listed:
        answer = site.get(str(document).removeprefix(site.address), "*/*", method="HEAD")
        wanted = str(graph.value(document, DCT.format))
        assert (answer.status, answer.media_type) in ((200, wanted), (406, answer.media_type))
    assert site.get("/doc/country/nowhere.ttl?_profile=alt", "*/*").status == 404


@pytest.mark.parametrize(
    ("path", "accept", "headers", "status", "told"),
    [
        ("/id/country/MLI", "image/png", {}, 406, "text/turtle (.ttl)"),
        ("/doc/country/MLI", "application/pdf;q=1, text/html;q=0", {}, 406, "application/trig"),
        ("/doc/country/MLI?_mediatype=x/y", "*/*", {}, 406, "application/ld+json"),
        ("/doc/country/MLI.ttl?_profile=whole", "*/*", {}, 400, "full, brief"),
        ("/doc/country/MLI.ttl", "*/*", {"Accept_Profile": "<x:other>"}, 406, "profile/full"),
        ("/doc/country/MLI.ttl?depth=2", "*/*", {}, 400, "_profile"),
        ("/doc/country/MLI.ttl?page=0", "*/*", {}, 400, "page=1"),
        ("/doc/country/MLI.ttl?page=" + "9" * 26, "*/*", {}, 400, "page=1"),
        ("/doc/country/MLI.ttl?page=two", "*/*", {}, 400, "page=1"),
        ("/doc/country/MLI.geojson", "*/*", {}, 406, ".ttl"),
        ("/doc/authority/a%5Bb", "application/json", {}, 404, ""),
        ("/id/authority/%00", "application/json", {}, 404, ""),
        ("/id/authority/91228", "application/json", {}, 404, "fra-cog-91228"),
        ("/doc/organisation/xxx-municipalites-mali.ttl", "text/turtle", {}, 404, "du-mali"),
    ],
)
def test_what_cannot_be_had_is_refused_with_what_can(site, path, accept, headers, status, told):
    reply = site.get(path, accept, **headers)
    assert reply.status == status
    assert reply.media_type == "application/problem+json"
    assert told in json.loads(reply.body)["advice"]


@pytest.mark.parametrize("name", ["full", "brief"])
def test_a_profile_says_what_it_holds(site, name):
    graph = Graph().parse(data=site.get(f"/profile/{name}", "text/turtle").body, format="turtle")
    profile = URIRef(f"https://w3id.org/maillage/profile/{name}")
    assert {text.language for text in graph.objects(profile, SKOS.definition)} == {"fr", "en"}
    assert site.get("/profile/other").status == 404


def test_a_page_where_nothing_is_says_what_may_be_meant(site):
    page = site.get("/doc/authority/91228?lang=en")
    assert page.status == 404
    assert 'href="/doc/authority/fra-cog-91228?lang=en"' in page.text


@pytest.mark.parametrize("suffix", ["", ".ttl", ".jsonld"])
@pytest.mark.parametrize("place", ["id", "doc"])
def test_a_key_of_before_leads_to_the_thing_of_today(hostile, place, suffix):
    reply = hostile.get(f"/{place}/organisation/split{suffix}")
    assert reply.status == 301
    assert reply.headers["Location"].endswith(f"/{place}/organisation/joined{suffix}")
    assert hostile.get(f"/{place}/person/split{suffix}").status == 404


@pytest.mark.parametrize("suffix", ["", ".ttl"])
def test_what_was_withdrawn_is_gone(hostile, suffix):
    assert hostile.get(f"/doc/organisation/withdrawn{suffix}").status == 410


@pytest.mark.parametrize("suffix", ["", ".ttl", ".jsonld", ".trig"])
def test_what_is_the_same_is_not_sent_again(site, suffix):
    path = f"/doc/country/MLI{suffix}"
    etag = site.get(path).headers["ETag"]
    assert not etag.startswith("W/")
    again = site.get(path, If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")


def test_no_document_says_which_version_it_is_of(site):
    version = site.manifest["id"]
    for suffix in ("", *RDF_SUFFIXES):
        assert version not in site.get(f"/doc/authority/fra-cog-91228{suffix}").text


def test_the_links_of_a_document_lead_on(site):
    reply = site.get("/doc/authority/fra-cog-91228.jsonld")
    links = reply.headers.get_all("Link")
    assert f'<{THINGS["authority/fra-cog-91228"]}>; rel="describes"' in links
    assert f'<{site.address}/doc/authority/fra-cog-91228>; rel="canonical"' in links
    assert any(link.endswith('rel="describedby"') for link in links)
    for link in links:
        if address := re.match(r"<(/[^>]*)>", link):
            # A page, a redirect, or a place that a thing without one does not have.
            assert site.get(address[1], "*/*").status in (200, 302, 406), link


def test_the_page_says_the_same_in_the_words_of_schema_org(site):
    page = site.get("/doc/organisation/association-des-municipalites-du-mali?lang=fr").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    said = json.loads(block[1])
    assert said["@type"] == "NGO"
    assert said["name"] == "Association des Municipalités du Mali"
    assert said["foundingDate"] == "2000-11"
    assert said["areaServed"][0]["name"] == "Mali"


def test_the_context_has_each_word_of_the_ontology_once(site):
    reply = site.get("/context.jsonld", "*/*")
    assert reply.media_type == "application/ld+json"
    terms = json.loads(reply.body)["@context"]
    assert terms["hasPartner"] == {"@id": str(MLG.hasPartner), "@type": "@id"}
    assert terms["type"] == "@type"
    document = json.loads(site.get("/doc/country/MLI.jsonld").body)
    first = document["graph"][0]
    assert first["id"] == COUNTRY
    assert first["prefLabel"]["fr"] == "Mali"
    assert str(RDF.type) not in first
