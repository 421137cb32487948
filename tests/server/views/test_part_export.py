"""Parts of the graph, taken away over HTTP and on the command line, read by others' libraries."""

import base64
import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import quote, urlencode

import openpyxl
import pyoxigraph as ox
import pytest
import zstandard
from csvw import TableGroup
from pyld import jsonld
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, SKOS

from ontology.namespaces import GRAPH_INFERRED, MLG
from server.engine.errors import Busy
from server.graph.exports import TYPES, find_part
from server.http.formats import named
from server.linked_data import kept_files
from server.linked_data.exports import asked
from server.linked_data.exports.formats import FORMATS
from server.linked_data.exports.tables import XLSX_CELL
from server.linked_data.exports.writing import Export
from server.linked_data.kept_files import FILES, KeptFiles

ROOT = Path(__file__).parents[3]
NQUADS = named("nquads", FORMATS)
MALI = "/export/country/MLI"
BAMAKO = "authority/mli-name-commune-v-du-district-de-bamako"
RDF_SUFFIXES = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}


def triples_of(site, path: str, suffix: str) -> set[ox.Triple]:
    base, _, query = path.partition("?")
    reply = site.get(f"{base}.{suffix}{'?' if query else ''}{query}", "*/*")
    assert reply.status == 200, reply.text
    return {quad.triple for quad in ox.parse(reply.body, RDF_SUFFIXES[suffix])}


@pytest.fixture(scope="module")
def mali(site) -> set[ox.Triple]:
    return triples_of(site, MALI, "nt")


@pytest.mark.parametrize("suffix", ["ttl", "rdf", "jsonld", "trig", "nq"])
def test_each_rdf_format_says_the_same_triples(site, mali, suffix):
    assert triples_of(site, MALI, suffix) == mali


def test_others_read_them_too(site, mali):
    turtle = Graph().parse(data=site.get(f"{MALI}.ttl").body, format="turtle")
    assert len(turtle) == len(mali)
    xml = Graph().parse(data=site.get(f"{MALI}.rdf", "*/*").body, format="xml")
    assert set(xml) == set(turtle)
    expanded = json.loads(site.get(f"{MALI}.jsonld", "*/*").body)
    quads = jsonld.to_rdf(expanded, {"format": "application/n-quads"})
    assert {q.triple for q in ox.parse(quads, ox.RdfFormat.N_QUADS)} == mali
    trig = Dataset()
    trig.parse(data=site.get(f"{MALI}.trig", "*/*").body, format="trig")
    assert len({quad[:3] for quad in trig.quads()}) == len(mali)


def test_a_country_comes_with_its_authorities_their_ties_projects_and_money(site):
    graph = Graph().parse(data=site.get(f"{MALI}.ttl").body, format="turtle")
    for kind in ("LocalAuthority", "Partnership", "Project", "Agreement", "FundingLine"):
        assert set(graph.subjects(RDF.type, MLG[kind])), kind


def test_depth_says_how_far_an_export_reaches(site):
    sizes = [len(triples_of(site, f"/export/{BAMAKO}?depth={depth}", "nt")) for depth in (0, 1, 2)]
    assert sizes[0] < sizes[1] < sizes[2]
    evry = "https://w3id.org/maillage/id/authority/fra-cog-91228"
    near, far = (
        {triple.subject.value for triple in triples_of(site, f"/export/{BAMAKO}?depth={n}", "nt")}
        for n in (1, 2)
    )
    assert evry not in near
    assert evry in far


def test_what_is_stated_and_what_is_inferred_make_both(site):
    stated, inferred, both = (
        triples_of(site, f"/export/{BAMAKO}{scope}", "nq")
        for scope in ("?scope=asserted", "?scope=inferred", "")
    )
    data = {triple for triple in both if "/export/" not in triple.subject.value}
    partner = {triple.predicate.value for triple in inferred}
    assert str(MLG.partnerOf) in partner
    assert str(MLG.partnerOf) not in {triple.predicate.value for triple in stated}
    assert data <= stated | inferred


def test_a_dataset_holds_that_dataset(site):
    dump = gzip.decompress((site.home / "current/maillage.nq.gz").read_bytes())
    stored = ox.parse(dump, ox.RdfFormat.N_QUADS)
    wanted = {quad for quad in stored if "/graph/atlas/" in getattr(quad.graph_name, "value", "")}
    reply = site.get("/export/dataset/atlas.nq", "*/*")
    found = set(ox.parse(reply.body, ox.RdfFormat.N_QUADS))
    assert {q for q in found if "/graph/atlas/" in getattr(q.graph_name, "value", "")} == wanted
    graphs = {getattr(quad.graph_name, "value", "") for quad in found}
    assert str(GRAPH_INFERRED) not in graphs


def test_an_export_says_what_it_is_from_whom_and_how_to_cite_it(site):
    reply = site.get(f"{MALI}.ttl")
    version = site.manifest["id"]
    head = reply.text.partition("@prefix")[0]
    assert "# Maillage, extrait : pays Mali" in head
    assert "# Maillage, an extract: country Mali" in head
    assert f"# Version {version}, of {site.manifest['built'][:10]}" in head
    assert "Ministère de l’Europe et des Affaires étrangères" in head
    assert "# To cite: " in head
    graph = Graph().parse(data=reply.body, format="turtle")
    node = URIRef("https://w3id.org/maillage/export/country/MLI")
    assert str(graph.value(node, URIRef("http://www.w3.org/ns/dcat#version"))) == version
    sources = {str(each) for each in graph.objects(node, PROV.wasDerivedFrom)}
    assert "https://w3id.org/maillage/id/dataset/atlas" in sources
    assert set(graph.objects(node, DCTERMS.bibliographicCitation))
    for source in sources:
        assert graph.value(URIRef(source), DCTERMS.title), source
    # and each record that contributed, with its publisher
    records = list(graph.subjects(DCTERMS.isPartOf, URIRef(f"{sorted(sources)[0]}")))
    assert records


def test_places_are_features_with_the_notice_beside_them(hostile, site):
    document = json.loads(site.get("/export/country/MLI.geojson", "*/*").body)
    assert document["type"] == "FeatureCollection"
    assert document["title"]["en"] == "Maillage, an extract: country Mali"
    for feature in document["features"]:
        assert feature["geometry"]["type"]
        assert feature["properties"]["iri"].startswith("http")


def test_tables_are_csv_on_the_web_that_validates(site, tmp_path):
    reply = site.get(f"{MALI}.csv.zip", "*/*")
    assert reply.media_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        archive.extractall(tmp_path)
    group = TableGroup.from_file(tmp_path / "csv-metadata.json")
    for table in group.tables:
        assert table.check_primary_key()
    tables = {table.url.string: list(table.iterdicts(strict=True)) for table in group.tables}
    assert tables["partnership.csv"]
    assert any(row["mlg_amountEUR"] > 0 for row in tables["funding.csv"] if row["mlg_amountEUR"])
    names = {str(row["skos_prefLabel_fr"]) for row in tables["authority.csv"]}
    assert "Commune V du District de Bamako" in names
    assert "To cite:" in (tmp_path / "README.txt").read_text("utf-8")


def test_a_workbook_has_a_sheet_that_says_what_it_is_and_one_for_each_type(site):
    book = openpyxl.load_workbook(io.BytesIO(site.get(f"{MALI}.xlsx", "*/*").body))
    assert book.sheetnames[0] == "README"
    assert {"authority", "partnership", "project", "funding"} <= set(book.sheetnames)
    lines = [row[0].value for row in book["README"].iter_rows()]
    assert "Maillage, an extract: country Mali" in lines
    heading, *rows = book["authority"].iter_rows(values_only=True)
    assert heading[0] == "iri"
    assert any("commune-v" in row[0] for row in rows)
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


@pytest.mark.parametrize(
    "path",
    [
        "dataset/curated", "graph/atlas/9318", "country/FRA", "territory/fra-cog-91228",
        "authority/fra-cog-91228", "association/association-des-municipalites-du-mali",
        "theme/appui-institutionnel", "theme/sdg/6", "funder/fra-siren-249100348",
        "partnership/fra-cog-91228--mli-name-commune-v-du-district-de-bamako",
    ],
)  # fmt: skip
def test_there_is_an_export_of_each_type(site, path):
    reply = site.get(f"/export/{path}.nt", "*/*")
    assert reply.status == 200
    assert reply.body.count(b"\n") > 20


def test_the_types_of_that_test_are_all_that_there_are():
    assert set(TYPES) == {
        *("dataset", "graph", "country", "territory", "authority", "association", "theme"),
        *("funder", "partnership"),
    }


def test_ties_can_be_those_on_one_theme(site):
    every = triples_of(site, "/export/country/MLI", "nt")
    some = triples_of(site, "/export/country/MLI?theme=appui-institutionnel", "nt")
    assert 0 < len(some) < len(every)


def test_an_export_goes_compressed_in_ranges_and_with_its_checksum(site):
    plain = site.get(f"{MALI}.nt", "*/*")
    digest = hashlib.sha256(plain.body)
    assert plain.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    beside = site.get(f"{MALI}.nt.sha256", "*/*")
    assert beside.text == f"{digest.hexdigest()}  maillage-country-MLI.nt\n"
    packed = site.get(f"{MALI}.nt", "*/*", Accept_Encoding="gzip")
    assert gzip.decompress(packed.body) == plain.body
    packed = site.get(f"{MALI}.nt", "*/*", Accept_Encoding="zstd")
    assert zstandard.ZstdDecompressor().decompressobj().decompress(packed.body) == plain.body
    assert "Repr-Digest" not in packed.headers
    part = site.get(f"{MALI}.nt", "*/*", Range="bytes=100-199")
    assert part.status == 206
    assert part.body == plain.body[100:200]
    assert site.get(f"{MALI}.nt", "*/*", Range="bytes=999999999-").status == 416
    assert site.get(f"{MALI}.nt", "*/*", "HEAD", Range="bytes=100-199").status == 200
    again = site.get(f"{MALI}.nt", "*/*", If_None_Match=plain.headers["ETag"])
    assert again.status == 304
    head = site.get(f"{MALI}.nt", "*/*", method="HEAD")
    assert head.headers["Content-Length"] == str(len(plain.body))


@pytest.mark.parametrize("suffix", [entry.extension for entry in FORMATS])
def test_the_command_line_gives_the_same_bytes(site, tmp_path, suffix):
    entry = next(each for each in FORMATS if each.extension == suffix)
    target = tmp_path / "out"
    run = subprocess.run(
        [
            *(sys.executable, "-m", "server.cli.main", "export", "--home", str(site.home)),
            *("--country", "MLI", "--format", entry.name, "--output", str(target)),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert "statements" in run.stderr
    assert target.read_bytes() == site.get(f"{MALI}.{suffix}", "*/*").body


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/export/country/MLI.ttl?format=csv", 400, "format"),
        ("/export/country/MLI.ttl?depth=3", 400, "0, 1, 2"),
        ("/export/country/MLI.ttl?scope=some", 400, "both, asserted, inferred"),
        ("/export/dataset/atlas.ttl?depth=2", 400, "depth"),
        ("/export/partnership/x.ttl?theme=y", 400, "theme"),
        ("/export/country/ATLANTIS.ttl", 404, "country/ATLANTIS"),
        ("/export/country/MLI.ttl?theme=no-such-theme", 404, "MLI"),
        ("/export/graph/inferred.ttl", 404, "/graph/"),
        ("/export/planet/earth.ttl", 404, "planet/earth"),
        ("/export/authority/%22%3E%20.ttl", 404, "authority"),
        ("/export/country/.ttl", 404, "country"),
    ],
)
def test_what_cannot_be_is_refused_with_words(site, path, status, told):
    reply = site.get(path, "application/json")
    assert reply.status == status
    problem = json.loads(reply.body)
    assert told in problem["detail"] + problem["advice"]


def test_a_format_that_is_none_is_refused(site):
    assert site.get("/export/country/MLI", "image/png").status == 406
    chosen = site.get("/export/country/MLI", "application/n-triples")
    assert chosen.media_type == "application/n-triples"
    assert "Accept" in chosen.headers["Vary"]


def test_a_text_that_breaks_lines_stays_in_its_comment(hostile):
    reply = hostile.get("/export/association/bad.ttl", "*/*")
    assert reply.status == 200
    graph = Graph().parse(data=reply.body, format="turtle")
    assert len(set(graph.objects(None, SKOS.prefLabel))) == 2


def test_files_make_room_and_leave_nothing_behind_where_writing_fails(tmp_path):
    files = KeptFiles(room=10, parent=tmp_path)
    first = files.find("a", lambda path: path.write_bytes(b"12345678"))
    assert first.path.parent.parent == tmp_path
    assert files.find("a", lambda _: pytest.fail("it is there")) == first
    second = files.find("b", lambda path: path.write_bytes(b"12345678"))
    assert not first.path.exists()
    assert second.path.exists()

    def broken(path: Path) -> None:
        path.write_bytes(b"half")
        raise ValueError(path)

    with pytest.raises(ValueError, match="maillage-files-"):
        files.find("c", broken)
    assert [path.name for path in second.path.parent.iterdir()] == [second.path.name]
    assert not files._turns


def test_who_waits_too_long_for_a_file_that_another_writes_is_told_so(monkeypatch):
    monkeypatch.setattr(kept_files, "TURN", 0.01)
    files = KeptFiles()

    def write(path: Path) -> None:
        path.write_bytes(b"first")
        with pytest.raises(Busy):
            files.find("a", lambda _: pytest.fail("another writes it"))

    assert files.find("a", write).size == 5
    assert not files._turns


def test_the_page_of_a_thing_links_its_export(site):
    for path, link in (
        ("/doc/authority/fra-cog-91228", "/export/authority/fra-cog-91228.ttl"),
        ("/doc/country/MLI", "/export/country/MLI.ttl"),
        (
            "/doc/organisation/association-des-municipalites-du-mali",
            "/export/association/association-des-municipalites-du-mali.ttl",
        ),
    ):
        assert link in site.get(path).text
    assert "/export/dataset/atlas.csv.zip" in site.get("/datasets").text


def test_a_dataset_comes_out_of_the_dump_as_out_of_the_engine(site, tmp_path):
    version = site.home.absolute() / "current"
    for kind, key in (
        ("dataset", "atlas"),
        ("graph", "associations/amm"),
        ("dataset", "countries"),
    ):
        part = find_part(site.engine, kind, key)
        if part is None:
            continue
        found = []
        for folder in (version, None):
            made = Export(site.engine, site.manifest["id"], site.manifest, part, folder=folder)
            assert (made.dumped is not None) == (folder is not None)
            notice = made.write(NQUADS, tmp_path / "made.nq")
            lines = (tmp_path / "made.nq").read_bytes().splitlines()
            found.append((sorted(lines), vars(notice)))
        assert found[0] == found[1]
        assert len(found[0][0]) > 100


def test_json_ld_speaks_the_words_of_the_published_context(site):
    document = json.loads(site.get(f"{MALI}.jsonld", "*/*").body)
    published = json.loads(site.get("/context.jsonld", "*/*").body)
    assert document["@context"] == published["@context"]
    (bamako,) = [each for each in document["graph"] if each["id"].endswith(BAMAKO)]
    assert "mlg:LocalAuthority" in bamako["type"]
    assert bamako["country"].endswith("/MLI")
    assert "fr" in bamako["prefLabel"]
    ours = {json.dumps(each, sort_keys=True) for each in document["graph"]}
    again = jsonld.expand(document)
    assert len(again) == len(ours)


def test_turtle_lists_the_prefixes_that_it_uses(site):
    text = site.get(f"{MALI}.ttl").text
    listed = re.findall(r"^@prefix ([\w-]+): ", text, re.MULTILINE)
    body = text.rpartition("@prefix ")[2].partition("\n")[2]
    assert listed == sorted(listed)
    assert {"mlg", "authority", "project"} <= set(listed)
    assert "vann" not in listed
    for name in listed:
        assert re.search(rf"[\s^]{name}:", body), name


CONSTRUCT = quote(
    "PREFIX mlg: <https://w3id.org/maillage/def#> "
    "CONSTRUCT { ?line mlg:amountEUR ?amount ; a ?kind } "
    "{ ?line mlg:amountEUR ?amount ; a ?kind }"
)


def test_any_construct_is_an_export_that_says_whose_its_triples_are(site):
    answered = site.get(f"/sparql?query={CONSTRUCT}", "application/n-triples").body
    wanted = {quad.triple for quad in ox.parse(answered, ox.RdfFormat.N_TRIPLES)}
    for suffix in ("ttl", "nt", "trig", "rdf", "jsonld"):
        reply = site.get(f"/export/query.{suffix}?query={CONSTRUCT}", "*/*")
        assert reply.status == 200, reply.text
        found = {quad.triple for quad in ox.parse(reply.body, RDF_SUFFIXES[suffix])}
        assert wanted < found
        assert any(t.predicate.value == str(PROV.wasDerivedFrom) for t in found)
        digest = site.get(f"/export/query.{suffix}.sha256?query={CONSTRUCT}", "*/*").text
        assert digest.split()[0] == hashlib.sha256(reply.body).hexdigest()
    head = site.get(f"/export/query.ttl?query={CONSTRUCT}").text.partition("@prefix")[0]
    assert f"# Version {site.manifest['id']}" in head
    assert "Ministère de l’Europe et des Affaires étrangères" in head
    assert "# To cite: " in head
    table = site.get(f"/export/query.csv.zip?query={CONSTRUCT}", "*/*")
    with zipfile.ZipFile(io.BytesIO(table.body)) as archive:
        tables = [archive.read(n) for n in archive.namelist() if n.endswith(".csv")]
    assert any(b"amountEUR" in content.splitlines()[0] for content in tables)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/export/query.ttl", 400),
        ("/export/query.ttl?query=SELECT%20*%20%7B%7D", 400),
        ("/export/query.ttl?query=CONSTRUCT", 400),
        (f"/export/query.docx?query={CONSTRUCT}", 406),
        (f"/export/query.ttl?query={CONSTRUCT}&depth=1", 400),
    ],
)
def test_what_is_no_export_of_a_query_has_its_status(site, path, status):
    assert site.get(path, "application/json").status == status


def test_an_export_takes_its_dataset_from_the_query_alone(site):
    form = urlencode({"query": "CONSTRUCT WHERE {}", "default-graph-uri": "http://example.org/g"})
    reply = site.get("/export/query.nt", "*/*", "POST", form.encode())
    assert reply.status == 400
    assert "default-graph-uri" in reply.text


def test_a_query_longer_than_a_cell_is_told_in_a_workbook_as_far_as_it_goes(site):
    query = f'CONSTRUCT {{ <urn:a> <urn:b> "c" }} WHERE {{}} # {"x" * 40_000}'.encode()
    sent = {"Content_Type": "application/sparql-query"}
    reply = site.get("/export/query.xlsx", "*/*", "POST", query, **sent)
    assert reply.status == 200
    sheet = openpyxl.load_workbook(io.BytesIO(reply.body))["README"]
    assert max(len(str(cell)) for (cell,) in sheet.iter_rows(values_only=True)) == XLSX_CELL


def test_a_construct_over_the_limit_is_refused_and_leaves_nothing(site, monkeypatch):
    monkeypatch.setattr(asked, "LARGEST", 1000)
    query = CONSTRUCT + quote(" LIMIT 100")
    reply = site.get(f"/export/query.ttl?query={query}", "application/json")
    assert reply.status == 413
    assert json.loads(reply.body)["limit"] == 1000
    assert not any("LIMIT 100" in str(key) for key in FILES._files)
