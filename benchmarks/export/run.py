"""All of the data, and a register, written as Turtle: ours, pyoxigraph's dump, rdflib's serializer.

    .venv/bin/python benchmarks/export/run.py --home .maillage

Each in a process of its own, one after the other in one run. rdflib is given the first triples of
the same dump only (`--rdflib`): all of them would take it minutes and gigabytes.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

REGISTER = "france_communes"
MEASURED = """
import json, resource, sys, time
{work}
begun, worked = time.perf_counter(), time.process_time()
{timed}
seconds, worked = time.perf_counter() - begun, time.process_time() - worked
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, worked, peak]))
"""
DUMP = """
from pyoxigraph import DefaultGraph, RdfFormat, Store
store = Store.read_only(sys.argv[1] + "/store")
"""
RDFLIB = """
import gzip
from itertools import islice
from rdflib import Graph
with gzip.open(sys.argv[1] + "/maillage.nq.gz", "rt") as lines:
    stated = (line for line in lines if not line.startswith("#"))
    graph = Graph().parse(data="".join(islice(stated, int(sys.argv[3]))), format="nt")
"""


Cost = tuple[float, float, float]
"""Seconds, seconds of processor time, and the peak of memory in MB."""


def measured(work: str, timed: str, *arguments: str) -> Cost:
    """The cost of a program's timed line; the peak is that of all of it."""
    program = MEASURED.format(work=work, timed=timed)
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    seconds, worked, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, worked, peak


def command(arguments: Sequence[str]) -> Cost:
    """The same of `maillage` with arguments, its start and its evaluators included."""
    begun = time.perf_counter()
    done = subprocess.run(  # noqa: S603 (our own command)
        ["/usr/bin/time", "-f", "%U %S %M", sys.executable, "-m", "server.cli.main", *arguments],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    user, system, peak = map(float, done.stderr.split()[-3:])
    return time.perf_counter() - begun, user + system, peak / 1024


def served(home: Path, path: str, *, packed: bool) -> float:
    """The seconds until an answer of a server has come whole."""
    process = subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, "-m", "server.cli.main", "serve", "--port", "0", "--home", str(home),
         "--access-log", ""], stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None  # noqa: S101 (a pipe was asked for)
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found  # noqa: S101 (it tells its address when it answers)
        asked = ["curl", "-s", "-o", "/dev/null", "-w", "%{time_total}", found[0] + path]
        asked += ["-H", "Accept-Encoding: gzip"] if packed else []
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603
        return float(told)
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".maillage"), help="A built home")
    parser.add_argument("--rdflib", type=int, default=100_000, help="Triples that rdflib is given")
    options = parser.parse_args()
    version = (options.home / "current").resolve()
    manifest = json.loads((version / "manifest.json").read_bytes())
    triples = manifest["triples"]
    known = {g: n for g, n in manifest["graphs"].items() if f"/graph/{REGISTER}/" in g}
    print("| what | triples | seconds | of them at work | MB of memory |\n|---|--:|--:|--:|--:|")

    def row(what: str, number: int, seconds: float, worked: float = 0, peak: float = 0) -> None:
        work, memory = f"{worked:.2f}" if worked else "", f"{peak:,.0f}" if peak else ""
        print(f"| {what} | {number:,} | {seconds:.2f} | {work} | {memory} |", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        target = f"{folder}/made.ttl"
        for packed in (True, False):
            seconds = served(options.home, "/export.ttl", packed=packed)
            row(f"`/export.ttl`{', gzip' if packed else ', plain'}", triples, seconds)
        out = ["--home", str(options.home), "--quiet", "--output", target]
        row("`maillage export`", triples, *command(["export", *out]))
        written = "store.dump(sys.argv[2], RdfFormat.TURTLE, from_graph=DefaultGraph())"
        row("pyoxigraph, dump", triples, *measured(DUMP, written, str(version), target))
        sized = sum(known.values())
        row(
            "a register, `maillage export`",
            sized,
            *command(["export", "--dataset", REGISTER, *out]),
        )
        few = str(options.rdflib)
        serialised = 'graph.serialize(sys.argv[2], format="turtle")'
        row(
            "rdflib, turtle",
            options.rdflib,
            *measured(RDFLIB, serialised, str(version), target, few),
        )


if __name__ == "__main__":
    main()
