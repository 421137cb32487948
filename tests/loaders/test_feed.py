"""The change feed: what follows it has the same triples as a fresh dump."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import Dataset, Graph, Namespace, URIRef
from rdflib.namespace import RDF

from loaders.build.build import fed
from loaders.build.feed import STREAM, follow, steps
from loaders.errors import BuildError
from loaders.versions import current, prune, rollback, switch
from tests.conftest import ROOT

AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
DAY = datetime(2026, 1, 1, tzinfo=UTC)
ATLAS = "https://w3id.org/maillage/graph/atlas/1"


@pytest.fixture(scope="module")
def replica() -> dict[str, Any]:
    """The names of the program that docs/versions.md shows."""
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/versions.md").read_text(), re.S)
    assert len([line for line in program.splitlines() if line.strip()]) <= 55
    names: dict[str, Any] = {"__name__": "replica"}
    exec(program, names)
    return names


def merge_of(home: Path, version: str) -> Store:
    """The merge of a version, from its dump."""
    folder = home / "versions" / version
    size = json.loads((folder / "manifest.json").read_text())["triples"]
    with gzip.open(folder / "maillage.nq.gz", "rt", encoding="utf-8") as dump:
        stated = (line for line in dump if not line.startswith("#"))
        lines = [next(stated) for _ in range(size)]
    store = Store()
    store.load("".join(lines), RdfFormat.N_TRIPLES)
    return store


def canonical(store: Store) -> ox.Dataset:
    """What a store holds, blank nodes named for what is said of them."""
    found = ox.Dataset(store)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def write(home: Path, version: str, graphs: Mapping[str, Sequence[str]], day: int) -> None:
    """A version of sorted lines by graph, the merge under the empty name; it is served then."""
    folder = home / "versions" / version
    folder.mkdir(parents=True)
    with gzip.open(folder / "maillage.nq.gz", "wt", encoding="utf-8") as dump:
        for graph in sorted(graphs):
            end = f" <{graph}> .\n" if graph else " .\n"
            dump.writelines(line + end for line in sorted(graphs[graph]))
    sizes = {graph: len(lines) for graph, lines in graphs.items() if graph}
    built = (DAY + timedelta(days=day)).isoformat()
    manifest = {"id": version, "built": built, "triples": len(graphs[""]), "graphs": sizes}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    switch(home, version)


def lines(*numbers: int, blank: str = "_:c0") -> list[str]:
    """A triple about each of some things, and two with a blank node."""
    named = [f'<https://example.org/{n}> <https://example.org/is> "{n} _:"@en' for n in numbers]
    return [
        *named,
        f"<https://example.org/term> <https://example.org/same> {blank}",
        f'{blank} <https://example.org/is> "nameless"',
    ]


@pytest.mark.parametrize("start", range(5))
def test_who_follows_from_any_of_five_builds_has_what_a_fresh_dump_has(
    five_builds: tuple[Path, list[str]], replica: dict[str, Any], start: int
) -> None:
    home, built = five_builds
    assert len(set(built)) == 5
    copy = merge_of(home, built[start])
    replica["follow"](copy, (home / "feed" / "feed.ttl").as_uri(), built[start])
    assert canonical(copy) == canonical(merge_of(home, built[-1]))


def test_the_feed_is_read_by_others_as_an_event_stream(
    five_builds: tuple[Path, list[str]],
) -> None:
    home, built = five_builds
    root = Graph().parse(home / "feed" / "feed.ttl")
    stream = URIRef(STREAM)
    assert (stream, RDF.type, LDES.EventStream) in root
    assert root.value(stream, LDES.timestampPath) == AS.published
    assert len(set(root.objects(None, TREE.node))) == len(list((home / "feed").glob("*.trig")))
    page = Dataset()
    page.parse(home / "feed" / "1.trig", format="trig")
    kinds = {AS.Create, AS.Update, AS.Delete}
    members = list(page.objects(stream, TREE.member))
    assert members
    for member in members:
        (kind,) = page.objects(member, RDF.type)
        (thing,) = page.objects(member, AS.object)
        told = page.graph(member)
        assert kind in kinds
        assert bool(len(told)) == (kind != AS.Delete)
        if isinstance(thing, URIRef) and "graph/ontology" not in thing:
            assert set(told.subjects()) <= {thing}
    step = steps(home)[1]
    assert (step.before, step.version) == (built[0], built[1])
    counted = step.merge.created + step.merge.updated + step.merge.deleted
    assert counted == len(members)
    assert step.datasets["cited"].added or step.datasets["cited"].removed


def test_a_rollback_appends_the_opposite_and_the_same_again_nothing(
    tmp_path: Path, replica: dict[str, Any]
) -> None:
    write(tmp_path, "one", {"": lines(1, 2), ATLAS: lines(1)}, 1)
    follow(tmp_path)
    write(tmp_path, "two", {"": lines(2, 3, blank="_:c1"), ATLAS: lines(1, 3)}, 2)
    (step,) = follow(tmp_path)
    found = {"created": 1, "updated": 1, "deleted": 1, "added": 3, "removed": 3}
    assert vars(step.merge) == found
    assert step.datasets["atlas"].created == 1
    assert follow(tmp_path) == []
    page = (tmp_path / "feed" / "1.trig").read_bytes()
    rollback(tmp_path)
    (back,) = follow(tmp_path)
    assert (back.before, back.version) == ("two", "one")
    assert back.at > step.at
    assert (tmp_path / "feed" / "1.trig").read_bytes() == page
    for version in ("one", "two"):
        copy = merge_of(tmp_path, version)
        replica["follow"](copy, (tmp_path / "feed" / "feed.ttl").as_uri(), version)
        assert canonical(copy) == canonical(merge_of(tmp_path, "one"))


def test_a_feed_that_is_begun_goes_through_all_that_is_kept(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        write(tmp_path, f"v{day}", {"": lines(day)}, day)
    assert [step.version for step in follow(tmp_path)] == ["v1", "v2", "v3"]
    assert [step.at for step in steps(tmp_path)] == [
        f"2026-01-0{day}T00:00:00+00:00" for day in (2, 3, 4)
    ]


def test_a_feed_that_fails_is_told_and_stays_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, "one", {"": lines(1)}, 1)
    assert fed(tmp_path) == ""
    write(tmp_path, "two", {"": lines(2)}, 2)
    dump = tmp_path / "versions" / "two" / "maillage.nq.gz"
    whole = dump.read_bytes()
    for less in (
        b"".join(gzip.decompress(whole).splitlines(True)[:-1]),
        gzip.decompress(whole)[:-2],
    ):
        dump.write_bytes(gzip.compress(less))
        assert "its dump ends before its manifest says" in fed(tmp_path)
    dump.write_bytes(whole[:-20])
    assert "its dump cannot be read" in fed(tmp_path)
    assert [step.version for step in steps(tmp_path)] == ["one"]
    dump.write_bytes(whole)
    assert fed(tmp_path) == ""
    assert [step.version for step in steps(tmp_path)] == ["one", "two"]


def test_old_versions_go_but_for_the_one_that_is_served(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        write(tmp_path, f"v{day}", {"": lines(day)}, day)
    follow(tmp_path)
    switch(tmp_path, "v1")
    assert prune(tmp_path, 1) == ["v2"]
    serving = current(tmp_path)
    assert serving is not None
    assert serving.id == "v1"
    (tmp_path / "versions" / "v3" / "manifest.json").unlink()
    with pytest.raises(BuildError, match="is at version v3, which is not kept any more: move"):
        follow(tmp_path)
