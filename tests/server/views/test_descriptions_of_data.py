"""The site's words on its data, for harvesters and engines of search; and who holds a code."""

import hashlib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, VOID

from server.graph.statistics import read_statistics
from server.questions import select_text

ALL = URIRef("https://w3id.org/maillage/void")
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def read(site, path: str) -> Graph:
    reply = site.get(path, "text/turtle")
    assert reply.status == 200
    return Graph().parse(data=reply.body, format="turtle")


def counted(site, text: str) -> int:
    return int(select_text(site.engine, text).rows[0]["n"].value)


def test_void_counts_what_there_is(site):
    graph = read(site, "/.well-known/void")
    assert int(graph.value(ALL, VOID.triples)) == site.manifest["triples"]
    partitions = {
        str(graph.value(part, VOID["class"])): int(graph.value(part, VOID.entities))
        for part in graph.objects(ALL, VOID.classPartition)
    }
    assert int(graph.value(ALL, VOID.classes)) == len(partitions)
    for term in sorted(partitions)[::5]:
        asked = f"SELECT (COUNT(*) AS ?n) {{ ?s a <{term}> }}"
        assert partitions[term] == counted(site, asked), term
    properties = {
        str(graph.value(part, VOID.property)): int(graph.value(part, VOID.triples))
        for part in graph.objects(ALL, VOID.propertyPartition)
    }
    assert sum(properties.values()) == site.manifest["triples"]
    for term in sorted(properties)[::20]:
        asked = f"SELECT (COUNT(*) AS ?n) {{ ?s <{term}> ?o }}"
        assert properties[term] == counted(site, asked), term


def test_void_counts_links_to_others_which_are_a_linkset_to_take(site):
    graph = read(site, "/.well-known/void")
    sets = list(graph.subjects(RDF.type, VOID.Linkset))
    assert sets
    links = site.get("/linkset.nt", "*/*").text.strip().splitlines()
    assert sum(int(graph.value(each, VOID.triples)) for each in sets) == len(links)
    assert not [line for line in links if line.count("https://w3id.org/maillage/id/") > 1]
    counted = {tuple(each[:2]): each[2] for each in site.manifest["links"]}
    assert counted == read_statistics(site.engine, {}).links


def test_what_void_and_the_catalogue_lead_to_is_there(site):
    void, catalogue = read(site, "/void"), read(site, "/catalog.ttl")
    addresses = {str(each) for each in void.objects(ALL, VOID.dataDump)}
    addresses |= {str(each) for each in catalogue.objects(None, DCAT.downloadURL)}
    assert len(addresses) > 30
    for address in sorted(addresses):
        reply = site.get(address.removeprefix(site.address), "*/*", method="HEAD")
        assert reply.status == 200, address
    for example in void.objects(ALL, VOID.exampleResource):
        path = str(example).removeprefix("https://w3id.org/maillage")
        assert site.get(path, "text/turtle").status == 303


def test_the_catalogue_lists_each_dataset(site):
    graph = read(site, "/catalog")
    named = {str(each).rpartition("/")[2] for each in graph.subjects(RDF.type, DCAT.Dataset)}
    assert {each["name"] for each in site.manifest["datasets"]} | {"void"} == named
    assert site.get("/catalog").headers["Location"].endswith("/datasets")


def test_the_catalogue_tells_where_and_when_and_how_large(site):
    graph = read(site, "/catalog")
    atlas = URIRef("https://w3id.org/maillage/id/dataset/atlas")
    countries = {str(each).rpartition("/")[2] for each in graph.objects(atlas, DCTERMS.spatial)}
    assert countries >= {"FRA", "MLI"}
    curated = URIRef("https://w3id.org/maillage/id/dataset/curated")
    stated = "SELECT DISTINCT ?c { GRAPH ?g { ?s <https://w3id.org/maillage/def#country> ?c }"
    stated += ' FILTER (CONTAINS(STR(?g), "/graph/curated/")) }'
    rows = select_text(site.engine, stated).rows
    assert {row["c"].value for row in rows} <= set(
        map(str, graph.objects(curated, DCTERMS.spatial))
    )
    period = graph.value(ALL, DCTERMS.temporal)
    first, last = (graph.value(period, DCAT[name]) for name in ("startDate", "endDate"))
    assert first.toPython() < last.toPython()
    for suffix in ("ttl", "nq"):
        file = URIRef(f"{ALL}#{suffix}")
        body = site.get(f"/export.{suffix}", "*/*").body
        assert int(graph.value(file, DCAT.byteSize)) == len(body)
        spdx = Namespace("http://spdx.org/rdf/terms#")
        digest = graph.value(graph.value(file, spdx.checksum), spdx.checksumValue)
        assert str(digest) == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("shapes", ["shapes.ttl", "range.ttl"])
def test_the_catalogue_keeps_the_shapes_of_dcat_ap(site, real_sources: Path, shapes):
    pyshacl = pytest.importorskip("pyshacl")
    graph = read(site, "/catalog")
    file = real_sources / "dcat-ap" / shapes
    rules = Graph().parse(file, format="turtle")
    conforms, _, words = pyshacl.validate(graph, shacl_graph=rules, advanced=True)
    assert conforms, words


def test_the_sitemap_lists_pages_that_come(site):
    index = ET.fromstring(site.get("/sitemap.xml", "*/*").body)
    first = next(index.iter(LOC)).text.removeprefix(site.address)
    places = [each.text for each in ET.fromstring(site.get(first, "*/*").body).iter(LOC)]
    assert len(places) == len(set(places))
    assert f"{site.address}/doc/authority/fra-cog-91228" in places
    for address in (*places[:8], *places[20::40]):
        assert site.get(address.removeprefix(site.address)).status == 200, address
    assert site.get("/sitemap-99.xml", "*/*").status == 404
    assert f"Sitemap: {site.address}/sitemap.xml" in site.get("/robots.txt", "*/*").text


def test_signposts_lead_from_a_document_to_its_name_and_its_catalogue(site):
    for suffix in ("", ".ttl"):
        links = site.get(f"/doc/authority/fra-cog-91228{suffix}").headers.get_all("Link")
        wanted = '<https://w3id.org/maillage/id/authority/fra-cog-91228>; rel="cite-as"'
        assert wanted in links
        assert any('rel="collection"' in link for link in links)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/code/fra-cog/91228?on=31-12-2018", 400),
        ("/code/fra-cog/91228?at=2018-12-31", 400),
        ("/code/fra-cog/99999", 404),
        ("/code/no-scheme/91228", 404),
        ("/catalog?page=2", 400),
        ("/catalog.xlsx", 406),
        ("/linkset.pdf", 406),
    ],
)
def test_what_cannot_be_has_its_status(site, path, status):
    assert site.get(path, "application/json").status == status


def test_a_code_leads_to_its_holder_of_that_day(codes):
    assert (
        codes.get("/code/fra-cog/91228?on=2010-01-01")
        .headers["Location"]
        .endswith("/id/authority/fra-cog-91228")
    )
    for scheme in ("fra-cog", "cog", "FRA-COG"):
        reply = codes.get(f"/code/{scheme}/91228?on=2020-06-30")
        assert reply.status == 303
        assert reply.headers["Location"].endswith("/id/authority/fra-cog-91228-2019")
    assert codes.get("/code/fra-cog/91228").status == 303


def test_a_code_of_several_leads_to_the_choices(codes):
    reply = codes.get("/code/insee/91228?on=2020-06-30", "application/json")
    assert reply.status == 300
    links = reply.headers.get_all("Link")
    assert '</id/authority/fra-cog-91228-2019>; rel="alternate"' in links
    assert '</id/authority/fra-comd-91228>; rel="alternate"' in links


def test_a_code_that_nobody_holds_on_a_day_tells_of_other_days(codes):
    reply = codes.get("/code/fra-cog/91228?on=1900-01-01", "application/json")
    assert reply.status == 404
    assert '</id/authority/fra-cog-91228>; rel="related"' in reply.headers.get_all("Link")
    assert "1968-01-01/2018-12-31" in reply.text
