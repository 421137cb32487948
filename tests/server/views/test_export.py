"""Everything, to take away."""

import gzip
import hashlib
import json

import pyoxigraph
import pytest
from click.testing import CliRunner
from pyoxigraph import DefaultGraph, RdfFormat
from rdflib import Graph

from server.cli.main import main


def manifest_of(site) -> dict:
    return json.loads((site.home / "current" / "manifest.json").read_bytes())


def test_turtle_holds_the_default_graph(site):
    reply = site.get("/export.ttl")
    assert reply.media_type == "text/turtle"
    graph = Graph().parse(data=reply.body, format="turtle")
    assert len(graph) == manifest_of(site)["triples"]
    name = f'filename="maillage-{manifest_of(site)["id"]}.ttl"'
    assert name in reply.headers["Content-Disposition"]


def test_n_quads_hold_every_graph(site):
    quads = list(pyoxigraph.parse(site.get("/export.nq").body, RdfFormat.N_QUADS))
    assert len(quads) == manifest_of(site)["quads"]
    graphs = {quad.graph_name for quad in quads} - {DefaultGraph()}
    assert {graph.value for graph in graphs} == set(manifest_of(site)["graphs"])


@pytest.mark.parametrize("suffix", ["ttl", "nq"])
def test_a_dump_goes_compressed_to_who_takes_it(site, suffix):
    plain = site.get(f"/export.{suffix}")
    packed = site.get(f"/export.{suffix}", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 3
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert plain.headers["ETag"] != packed.headers["ETag"]


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [("nt", RdfFormat.N_TRIPLES), ("rdf", RdfFormat.RDF_XML), ("jsonld", RdfFormat.JSON_LD)],
)
def test_the_other_formats_hold_the_same_triples(site, suffix, kind):
    triples = set(pyoxigraph.parse(site.get(f"/export.{suffix}").body, kind))
    assert len(triples) == manifest_of(site)["triples"]


@pytest.mark.parametrize("suffix", ["trig", "docx"])
def test_a_format_without_an_export_is_refused_with_words(site, suffix):
    reply = site.get(f"/export.{suffix}", "application/json")
    assert reply.status == 406
    assert "turtle" in json.loads(reply.body)["advice"]


@pytest.mark.parametrize("suffix", ["ttl", "nq", "nt", "rdf", "jsonld"])
def test_everything_says_what_it_is_and_has_a_checksum(site, suffix):
    reply = site.get(f"/export.{suffix}", "*/*")
    head = reply.body[:12000].decode()
    version = manifest_of(site)["id"]
    assert "Maillage: local authorities, associations, partnerships and funders" in head
    assert f"https://w3id.org/maillage/version/{version}" in head
    assert "Ministère de l’Europe et des Affaires étrangères" in head
    assert "Sources, avec leurs droits" in head
    told = site.get(f"/export.{suffix}.sha256", "*/*")
    digest, name = told.text.split()
    assert digest == hashlib.sha256(reply.body).hexdigest()
    assert name == f"maillage-{version}.{suffix}"


def test_the_home_page_leads_to_the_data_and_not_to_their_checksum(site):
    home = site.get("/", "text/html").text
    assert 'href="/export.ttl"' in home
    assert 'href="/export.nq"' in home
    assert ".sha256" not in home


@pytest.mark.parametrize(("suffix", "form"), [("rdf", "xml"), ("jsonld", "json-ld")])
def test_others_read_everything_past_its_notice(site, suffix, form):
    graph = Graph().parse(data=site.get(f"/export.{suffix}", "*/*").body, format=form)
    assert len(graph) == manifest_of(site)["triples"]


@pytest.mark.parametrize(("suffix", "name"), [("ttl", "turtle"), ("nq", "nquads")])
def test_the_command_line_gives_the_same_bytes(site, tmp_path, suffix, name):
    file = tmp_path / "everything"
    arguments = ["export", "--home", str(site.home), "--format", name, "--output", str(file)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert file.read_bytes() == site.get(f"/export.{suffix}", "*/*").body
