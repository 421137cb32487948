"""The time that validation takes: `python -m benchmarks.validation.run [ROUNDS]`, a Markdown table.

A generated graph with its vocabulary and inferences is validated in the store, as a build does, and
by pySHACL, whose findings by the shapes are compared. Each measurement has a process of its own.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
import pyshacl
from rdflib import Graph

from benchmarks.inference.generate import graph
from loaders.build.graphs import vocabulary
from loaders.build.validation import findings
from loaders.inference.forward import inferences
from ontology.documents import shapes_graph
from ontology.namespaces import CONCEPT, GRAPH, SH, SKOS
from ontology.shapes.constraints import constraints

SIZES = (4_200, 9_000, 100_000, 372_000)
"""Triples asked of the generator: with vocabulary and inferences, a million at the most."""

RECORD = 200
"""Triples in one named graph."""


def measured(engine: str, size: int) -> dict[str, Any]:
    """Seconds, memory and findings of one validation."""
    data = graph(size)
    known = vocabulary()
    default = {*data, *known, *_countries(), *inferences({*data, *known}).triples}
    told = _in_store(data, default) if engine == "store" else _by_pyshacl(default)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"triples": len(default), "memory": memory, **told}


def _in_store(data: list[str], default: Iterable[str]) -> dict[str, Any]:
    start = time.perf_counter()
    store = ox.Store()
    text = "".join(f"{line} .\n" for line in default) + "".join(
        f"{line} <{GRAPH}generated/{number // RECORD}> .\n" for number, line in enumerate(data)
    )
    store.bulk_load(input=text.encode(), format=ox.RdfFormat.N_QUADS)
    filled = time.perf_counter()
    found = findings(store)
    seconds = time.perf_counter() - filled
    of_shapes = {constraint.name for constraint in constraints()}
    return {
        "filled": filled - start,
        "seconds": seconds,
        "findings": len(found),
        "by shapes": sum(finding.rule in of_shapes for finding in found),
    }


def _by_pyshacl(default: Iterable[str]) -> dict[str, Any]:
    start = time.perf_counter()
    parsed = Graph().parse(data="".join(f"{line} .\n" for line in default), format="nt")
    shapes = shapes_graph()
    filled = time.perf_counter()
    _, report, _ = pyshacl.validate(parsed, shacl_graph=shapes)
    seconds = time.perf_counter() - filled
    assert isinstance(report, Graph)  # noqa: S101  the type of pySHACL's second result
    of_shapes = {
        (
            report.value(each, SH.sourceShape),
            report.value(each, SH.focusNode),
            report.value(each, SH.value),
        )
        for each in report.objects(None, SH.result)
    }
    return {
        "filled": filled - start,
        "seconds": seconds,
        "findings": len(of_shapes),
        "by shapes": len(of_shapes),
    }


def _countries() -> set[str]:
    """The names of the countries that the generator speaks of, which are a dataset of their own."""
    names = f"<{SKOS.prefLabel}>"
    used = {line.rpartition(" ")[2] for line in graph(20_000) if "#country> " in line}
    assert not any(str(CONCEPT) in iri for iri in used)  # noqa: S101  they are countries
    return {f'{iri} {names} "{iri[-4:-1]}"@fr' for iri in used}


def main(rounds: int) -> None:
    """Print the table of medians of so many rounds."""
    print(
        "| triples | engine | reading s | validating s | slowest s | MiB | findings | by shapes |"
    )
    print("|--:|---|--:|--:|--:|--:|--:|--:|")
    for size in SIZES:
        for engine in ("store", "pyshacl"):
            command = [sys.executable, "-m", "benchmarks.validation.run", engine, str(size)]
            runs = [
                json.loads(subprocess.check_output(command, stderr=subprocess.DEVNULL))  # noqa: S603  our own
                for _ in range(rounds)
            ]
            seconds = [run["seconds"] for run in runs]
            filled = statistics.median(run["filled"] for run in runs)
            print(
                f"| {runs[0]['triples']:,} | {engine} | {filled:.1f} "
                f"| {statistics.median(seconds):.2f} | {max(seconds):.2f} "
                f"| {max(run['memory'] for run in runs):,} "
                f"| {runs[0]['findings']:,} | {runs[0]['by shapes']:,} |",
                flush=True,
            )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
