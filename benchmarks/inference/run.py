"""Times our inference beside owlrl's and that of other packages; prints a table in Markdown.

`python benchmarks/inference/run.py` takes some ten minutes; `--only ours` three. Each figure is
the median of processes of their own, one at a time. Other packages are installed into environments
that are thrown away.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OWLRL = ROOT / "tests" / "reference" / "owlrl_closure.py"
RUNS = 5

# A package that needs more than this is stopped: without a limit it takes the machine with it.
LIMITED = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
"""
PEERS = {
    "sparq-rdf": """
import sparq
start = time.perf_counter()
graph = sparq.Graph.load(sys.argv[1], format="turtle")
derived = graph.reason("owl")
""",
    "reasonable": """
import reasonable
start = time.perf_counter()
reasoner = reasonable.PyReasoner()
reasoner.load_file(sys.argv[1])
derived = len(reasoner.reason())
""",
}
TOLD = """
print(json.dumps({"seconds": time.perf_counter() - start, "cpu": time.process_time(),
    "derived": derived, "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
"""


def ours(size: int) -> dict[str, float]:
    """The seconds from N-Triples lines to sorted N-Triples lines, in this process."""
    from generate import graph

    from loaders.inference.forward import inferences
    from ontology.rules.entailment import ontology_rules

    triples = sorted(graph(size))  # as the build has them
    start = time.perf_counter()
    ontology_rules()
    compiled = time.perf_counter() - start
    seconds, cpu = [], []
    for _ in range(5 if size < 100_000 else 1):
        start, busy = time.perf_counter(), time.process_time()
        found = inferences(triples)
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - busy)
    return {
        "seconds": statistics.median(seconds),
        "cpu": statistics.median(cpu),
        "compiled": compiled,
        "derived": len(found.triples),
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def owlrl(lines: Path) -> dict[str, float]:
    """The seconds of owlrl's closure, parsing and serialising left out."""
    with lines.open() as known:
        told = _run([sys.executable, str(OWLRL)], stdin=known).stderr
    return {"seconds": float(told.split()[-1])}


def peer(name: str, python: str, lines: Path) -> dict[str, float]:
    """The seconds that a package needs to load the triples and to reason."""
    told = _run([python, "-c", LIMITED + PEERS[name] + TOLD, str(lines)]).stdout
    return dict(json.loads(told.splitlines()[-1]))


def installed(package: str, folder: Path) -> str:
    """The interpreter of a new environment that has the package."""
    venv.create(folder / package, with_pip=True)
    python = str(folder / package / "bin" / "python")
    _run([python, "-m", "pip", "install", "--quiet", package])
    return python


def written(size: int, folder: Path) -> Path:
    """The graph and the ontology as a file of N-Triples, which is Turtle too."""
    from generate import graph

    from ontology.documents import alignment_graph, ontology_graph

    path = folder / f"{size}.ttl"
    axioms = (ontology_graph() + alignment_graph()).serialize(format="nt")
    path.write_text(axioms + "".join(f"{triple} .\n" for triple in graph(size)), "utf-8")
    return path


def _run(command: list[str], stdin: IO[str] | None = None) -> subprocess.CompletedProcess[str]:
    # The commands are this file's own; what they print is read here or of no interest.
    return subprocess.run(command, stdin=stdin, capture_output=True, check=True, text=True)  # noqa: S603


def _reason(stopped: subprocess.CalledProcessError) -> str:
    told = str(stopped.stderr).strip().splitlines()
    return told[-1] if told else f"exit status {stopped.returncode}"


def row(who: str, size: int, found: list[dict[str, float]]) -> None:
    """One line of the table: the medians."""
    median = {key: statistics.median(run[key] for run in found) for key in found[0]}
    derived = f"{median['derived']:,.0f}" if "derived" in median else ""
    rss = f"{median['rss']:,.0f}" if "rss" in median else ""
    cpu = f"{median['cpu']:.3f}" if "cpu" in median else ""
    cells = (who, f"{size:,}", f"{median['seconds']:.3f}", cpu, derived, rss)
    print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[20_000, 50_000])
    parser.add_argument("--large", type=int, nargs="*", default=[500_000, 1_000_000, 2_000_000])
    parser.add_argument("--only", nargs="*", default=["ours", "owlrl", *PEERS])
    parser.add_argument("--one", type=int, help="one run of ours at this size, as JSON")
    asked = parser.parse_args()
    sys.path[:0] = [str(HERE), str(ROOT)]
    if asked.one:
        print(json.dumps(ours(asked.one)))
        return
    print("| who | triples | seconds | CPU seconds | derived | peak MB |")
    print("|---|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pythons = {
            package: installed(package, folder) for package in PEERS if package in asked.only
        }
        for size in [*asked.sizes, *asked.large]:
            if "ours" in asked.only:
                command = [sys.executable, __file__, "--one", str(size)]
                row("maillage", size, [json.loads(_run(command).stdout) for _ in range(RUNS)])
            lines = written(size, folder)
            if "owlrl" in asked.only and size in asked.sizes:
                row("owlrl", size, [owlrl(lines)])
            if size in (*asked.sizes, max(asked.large, default=0)):
                for package, python in pythons.items():
                    try:
                        row(package, size, [peer(package, python, lines)])
                    except subprocess.CalledProcessError as stopped:
                        print(f"| {package} | {size:,} | fails: {_reason(stopped)} | | | |")
            lines.unlink()


if __name__ == "__main__":
    main()
