"""Exports and documents read by Raptor, which shares no code with what writes them."""

import os
import shutil
import subprocess

import pytest
from pyoxigraph import RdfFormat, parse

PATHS = ("/export/country/MLI", "/doc/authority/fra-cog-91228", "/export", "/catalog", "/void")
FORMATS = {"ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml"}


@pytest.fixture(scope="module")
def rapper() -> str:
    """The program; absent, the test is skipped, but not in the CI."""
    found = shutil.which("rapper")
    if found is None and "CI" not in os.environ:
        pytest.skip("raptor2-utils is not installed")
    assert found
    return found


@pytest.mark.parametrize("path", PATHS)
def test_raptor_reads_each_format_to_the_same_triples(site, rapper, tmp_path, path):
    found = {}
    for suffix, name in FORMATS.items():
        file = tmp_path / f"made.{suffix}"
        file.write_bytes(site.get(f"{path}.{suffix}", "*/*").body)
        run = subprocess.run(
            [rapper, "-q", "-i", name, "-o", "ntriples", str(file), "https://example.org/"],
            capture_output=True, check=True, timeout=120,
        )  # fmt: skip
        assert b"rror" not in run.stderr
        found[suffix] = {quad.triple for quad in parse(run.stdout, RdfFormat.N_TRIPLES)}
    named = {
        suffix: {t for t in triples if "_:" not in str(t.subject) + str(t.object)[:2]}
        for suffix, triples in found.items()
    }
    assert named["ttl"] == named["nt"] == named["rdf"]
    assert len(named["nt"]) > 20


def test_raptor_reads_the_quads(site, rapper, tmp_path):
    for path in ("/export/country/MLI.trig", "/export/country/MLI.nq", "/export.nq"):
        file = tmp_path / "made"
        file.write_bytes(site.get(path, "*/*").body)
        form = RdfFormat.N_QUADS if path.endswith("nq") else RdfFormat.TRIG
        name = "nquads" if path.endswith("nq") else "trig"
        run = subprocess.run(
            [rapper, "-c", "-i", name, str(file), "https://example.org/"],
            capture_output=True, check=True, timeout=120,
        )  # fmt: skip
        counted = sum(1 for _ in parse(file.read_bytes(), form))
        assert f"returned {counted} triples" in run.stderr.decode()
