"""Builds as an operator meets them: repeated, killed, fed garbage, rolled back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders import versions
from loaders.build.build import build, rehearse, up_to_date
from loaders.errors import BuildError, DatasetError, SourceError, ValidationError
from loaders.sources.reading import Sources
from ontology.namespaces import DCT, GRAPH, GRAPH_PROVENANCE, ID, PROV, SKOS
from tests.conftest import SMALL

PAGE = """Accueil > Atlas > Détail projet
Titre
Un exemple de page
Année de première signature de la convention
2010
Thématique d'intervention
Economie durable
Année de début du partenariat
2011
Le partenariat est
En cours
Date de fin du partenariat
Contexte
"""


def run(*arguments: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "server.cli.main", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )


def small(**sources) -> Sources:
    return Sources(only=SMALL, **sources)


ONLY = [word for name in sorted(SMALL) for word in ("--only", name)]


def dumps(home: Path) -> dict[str, bytes]:
    folder = home / "current"
    return {name: (folder / name).read_bytes() for name in ("maillage.nq.gz", "maillage.ttl.gz")}


def test_the_same_input_gives_the_same_bytes_and_the_same_version(small_home, tmp_path):
    done = run("build", "--home", str(tmp_path), "--quiet", *ONLY, seed="12345")
    assert done.returncode == 0, done.stderr
    assert dumps(tmp_path) == dumps(small_home)
    assert versions.current(tmp_path).id == versions.current(small_home).id


def test_building_again_serves_the_same_version(tmp_path):
    first, second = build(tmp_path, small()), build(tmp_path, small())
    assert (first.new, second.new) == (True, False)
    assert first.version == second.version
    assert [v.id for v in versions.versions(tmp_path)] == [first.version]
    assert up_to_date(tmp_path)


def test_building_the_same_data_again_tells_of_it_what_this_program_tells(tmp_path):
    build(tmp_path, small())
    path = tmp_path / "current" / "manifest.json"
    told = json.loads(path.read_text())
    earlier = {key: told[key] for key in told if key != "classes"}
    path.write_text(json.dumps({**earlier, "fingerprint": "of an earlier program"}))
    assert not up_to_date(tmp_path)
    assert not build(tmp_path, small()).new
    assert up_to_date(tmp_path)
    assert json.loads(path.read_text())["classes"] == told["classes"] != {}


def test_a_build_killed_at_any_moment_leaves_what_is_served(tmp_path):
    source = tmp_path / "page.txt"
    source.write_text(PAGE, "utf-8")
    home = tmp_path / "home"
    before = build(home, small()).version
    for seconds in (0.3, 0.8, 1.3, 1.8, 2.4, 3.0):
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "server.cli.main",
                "build",
                "--home",
                str(home),
                "--quiet",
                *ONLY,
                "--add",
                f"atlas={source}",
            ],
            start_new_session=True,
        )
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        serving = versions.current(home)
        assert serving is not None
        store = ox.Store.read_only(str(serving.folder / "store"))
        assert len(store) == serving.manifest["quads"]
        if serving.id != before:  # it was quicker than the kill: the switch is whole too
            break
    after = build(home, small(added={"atlas": [source]}))
    assert versions.current(home).id == after.version != before
    assert not list((home / "versions").glob(".*"))


@pytest.fixture
def garbage(tmp_path: Path) -> Path:
    """A folder with one good page and much that is none."""
    folder = tmp_path / "garbage"
    folder.mkdir()
    (folder / "good.txt").write_text(PAGE, "utf-8")
    (folder / "twin.txt").write_text(PAGE, "utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_bytes(b"\xef\xbb\xbf \r\n\0")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (folder / "untitled.txt").write_text(PAGE.replace("Un exemple de page\n", ""), "utf-8")
    (folder / "other.txt").write_text("Une recette de cuisine.\n", "utf-8")
    return folder


def test_garbage_is_told_and_the_build_goes_on(tmp_path, garbage):
    built = build(tmp_path / "home", small(replaced={"atlas": [garbage]}))
    (atlas,) = [row for row in built.report["datasets"] if row["dataset"] == "atlas"]
    assert atlas["files"] == 8
    assert (atlas["records"], atlas["repeated"]) == (1, 1)
    assert {n["file"] for n in atlas["notes"] if n["level"] == "rejected"} >= {
        "empty.txt",
        "blank.txt",
        "binary.txt",
        "untitled.txt",
    }
    assert {n["file"] for n in atlas["notes"] if n["level"] == "skipped"} >= {"other.txt"}
    assert atlas["records"] + atlas["rejected"] + atlas["skipped"] + atlas["repeated"] == 8
    for note in atlas["notes"]:
        assert note["advice"], note
    kept = sorted((tmp_path / "home/current/rejected/atlas").glob("*.json"))
    assert len(kept) == atlas["rejected"]
    pointer = json.loads(kept[0].read_text())
    assert set(pointer) == {
        "dataset",
        "file",
        "checksum",
        "record",
        "line",
        "field",
        "value",
        "advice",
    }


def test_a_strict_build_fails_on_garbage_and_leaves_what_is_served(tmp_path, garbage):
    before = build(tmp_path / "home", small()).version
    with pytest.raises(ValidationError, match=r"empty\.txt"):
        build(tmp_path / "home", small(added={"atlas": [garbage]}), strict=True)
    assert versions.current(tmp_path / "home").id == before
    assert not list((tmp_path / "home/versions").glob(".*"))


def test_sources_that_do_not_exist_are_told_before_anything_is_built(tmp_path):
    with pytest.raises(DatasetError, match="no dataset 'atlass'"):
        build(tmp_path, small(replaced={"atlass": [tmp_path]}))
    with pytest.raises(SourceError, match="nowhere: no such file or folder"):
        build(tmp_path, small(replaced={"atlas": [tmp_path / "nowhere"]}))
    assert versions.current(tmp_path) is None


def test_a_check_reads_everything_and_publishes_nothing(tmp_path, garbage):
    report = rehearse(small(replaced={"atlas": [garbage]}))
    assert next(r for r in report["datasets"] if r["dataset"] == "atlas")["records"] == 1
    done = run("check", *ONLY, "--source", f"atlas={garbage}", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == report


def test_old_versions_can_be_listed_and_served_again(tmp_path):
    source = tmp_path / "page.txt"
    source.write_text(PAGE, "utf-8")
    home = tmp_path / "home"
    first = build(home, small()).version
    second = build(home, small(added={"atlas": [source]})).version
    assert [v.id for v in versions.versions(home)] == [second, first]
    assert versions.rollback(home) == first == versions.current(home).id
    with pytest.raises(BuildError, match="no earlier version"):
        versions.rollback(home)
    assert versions.rollback(home, second) == second
    with pytest.raises(BuildError, match="no version"):
        versions.rollback(home, "nothing")


def test_the_default_graph_is_the_merge_without_the_provenance(small_home):
    store = ox.Store.read_only(str(small_home / "current" / "store"))
    ask = store.query(
        f"""SELECT (COUNT(*) AS ?missing) WHERE {{
              GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{GRAPH_PROVENANCE}>)
              FILTER NOT EXISTS {{ ?s ?p ?o }}
              # A second preferred name is a variant in the merge.
              FILTER NOT EXISTS {{ FILTER(?p = <{SKOS.prefLabel}>) ?s <{SKOS.altLabel}> ?o }} }}"""
    )
    assert next(ask)["missing"].value == "0"
    assert not store.query("ASK { ?record a <https://w3id.org/maillage/def#SourceRecord> }")


def test_the_merge_has_one_preferred_name_per_language_and_keeps_the_others(small_home):
    store = ox.Store.read_only(str(small_home / "current" / "store"))
    twice = store.query(
        f"""ASK {{ ?s <{SKOS.prefLabel}> ?a, ?b
               FILTER(?a != ?b && LANG(?a) = LANG(?b)) }}"""
    )
    assert not twice
    togo = f"<{ID}organisation/union-des-communes-du-togo>"
    names = store.query(f"SELECT ?p ?o WHERE {{ {togo} ?p ?o FILTER(LANG(?o) = 'fr') }}")
    stated = {(row["p"].value, row["o"].value) for row in names}
    assert (str(SKOS.prefLabel), "Union des communes du Togo") in stated
    assert (str(SKOS.altLabel), "Union des Communes du Togo") in stated


def test_every_data_graph_tells_where_it_comes_from(small_home):
    store = ox.Store.read_only(str(small_home / "current" / "store"))
    apart = {f"{GRAPH}{name}" for name in ("inferred", "provenance", "ontology")}
    graphs = {graph.value for graph in store.named_graphs()} - apart
    for predicate in (DCT.title, DCT.isPartOf, PROV.wasDerivedFrom):
        rows = store.query(
            f"SELECT ?g WHERE {{ GRAPH <{GRAPH_PROVENANCE}> {{ ?g <{predicate}> ?value }} }}"
        )
        assert graphs <= {row["g"].value for row in rows}, predicate


def test_what_ships_is_built_again_only_where_it_changed(built_home, monkeypatch):
    assert up_to_date(built_home)
    monkeypatch.setattr("loaders.build.build.fingerprint", lambda: "changed")
    assert not up_to_date(built_home)
