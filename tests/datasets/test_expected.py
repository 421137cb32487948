"""Each dataset's slice of source gives the graph beside it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.build.graphs import record_graphs
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.reading import Sources, read

HERE = Path(__file__).parent
SLICES = sorted(HERE.glob("*/source.*"))


@pytest.mark.parametrize("source", SLICES, ids=lambda path: path.parent.name)
def test_a_slice_of_source_gives_its_graph(source: Path, regenerate: bool) -> None:
    name = source.parent.name
    outcome = read(registrations()[name], Sources(replaced={name: [source]}), Silent())
    assert not outcome.rejections()
    graphs = record_graphs([outcome])
    own = {graph: lines for graph, lines in graphs.named.items() if f"/graph/{name}/" in graph}
    # There are no blank nodes in data: isomorphic graphs are equal sets of lines.
    quads = sorted(f"{line} <{graph}> ." for graph, lines in own.items() for line in lines)
    expected = source.parent / "expected.nq"
    if regenerate:
        expected.write_text("\n".join(quads) + "\n", "utf-8")
    assert quads == expected.read_text("utf-8").splitlines()


def test_every_dataset_has_a_slice() -> None:
    assert {path.parent.name for path in SLICES} == set(registrations())
