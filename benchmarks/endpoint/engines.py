"""Times engines by themselves, a query at a time and no HTTP; prints a table in Markdown.

`python benchmarks/endpoint/engines.py` installs each package into an environment that is thrown
away. A figure is the median of the milliseconds of queries of one kind, results read to their end;
the first ones do not count.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import questions
import servers

QUERIES = 40
WARMING = 10
PATIENCE = 300
"""Seconds for an engine to load the graph and answer everything."""

# Each defines `load(path)` and `ask(engine, query)`.
LIBRARIES = {
    "pyoxigraph": """
import pyoxigraph
def load(path):
    store = pyoxigraph.Store()
    store.bulk_load(path=path, format=pyoxigraph.RdfFormat.N_QUADS, lenient=True)
    return store
def ask(store, query):
    results = store.query(query)
    describes = isinstance(results, pyoxigraph.QueryTriples)
    return results.serialize(format=pyoxigraph.RdfFormat.N_TRIPLES if describes
                             else pyoxigraph.QueryResultsFormat.JSON)
""",
    "sparq-rdf": """
import sparq
def load(path):
    return sparq.Graph.load(path, format="turtle")
def ask(graph, query):
    return graph.describe(query) if "DESCRIBE" in query else graph.query_json(query)
""",
    "maplib": """
import maplib
def load(path):
    model = maplib.Model()
    model.read(path, format="ntriples")
    return model
def ask(model, query):
    return model.query(query)
""",
}
TIMED = """
import json, resource, statistics, sys, time
resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
path, asked, warming = sys.argv[1], json.load(open(sys.argv[2])), int(sys.argv[3])
engine = load(path)
for kind, queries in asked.items():
    taken = []
    try:
        for query in queries:
            start = time.perf_counter()
            ask(engine, query)
            taken.append((time.perf_counter() - start) * 1000)
        print(json.dumps([kind, statistics.median(taken[warming:])]), flush=True)
    except Exception as error:
        print(f"{kind}: {error}", file=sys.stderr)
"""


def library(name: str, folder: Path, graph: Path, asked: Path) -> dict[str, float]:
    """The median milliseconds of each kind that the library can answer."""
    venv.create(folder / name, with_pip=True)
    python = str(folder / name / "bin" / "python")
    run([python, "-m", "pip", "install", "--quiet", name])
    command = [python, "-c", LIBRARIES[name] + TIMED, str(graph), str(asked), str(WARMING)]
    return dict(json.loads(line) for line in run(command).splitlines())


def run(command: list[str]) -> str:
    """The output of a command; of one that fails or takes too long, the output until then."""
    try:
        # The commands are this file's own.
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)  # noqa: S603
    except subprocess.TimeoutExpired as late:
        print(f"{command[0]}: stopped after {PATIENCE} s", file=sys.stderr)
        return (late.stdout or b"").decode()
    if done.stderr:
        print(done.stderr[-2000:], file=sys.stderr)
    return done.stdout


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="Where the graph is kept from run to run")
    parser.add_argument("--size", type=int, default=servers.STATED, help="Triples stated")
    parser.add_argument("--only", nargs="*", choices=LIBRARIES, default=[*LIBRARIES])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        version = servers.prepare((options.home or folder / "home").absolute(), options.size)
        graph = folder / "graph.nt"
        with gzip.open(version / "maillage.nq.gz", "rb") as stated:
            graph.write_bytes(stated.read())
        draw = random.Random(3)  # noqa: S311
        queries = {
            kind.__name__: [questions.PREFIXES + kind(draw) for _ in range(QUERIES)]
            for kind in questions.KINDS
        }
        asked = folder / "asked.json"
        asked.write_text(json.dumps(queries))
        print(f"| engine | {' | '.join(queries)} |")
        print(f"|---|{'--:|' * len(queries)}", flush=True)
        for engine in options.only:
            found = library(engine, folder, graph, asked)
            cells = (f"{found[kind]:.2f}" if kind in found else "fails" for kind in queries)
            print(f"| {engine} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
