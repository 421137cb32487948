"""Times records to N-Quads beside morph-kgc and rdflib; prints a table in Markdown.

`python -m benchmarks.conversion.run` takes about a minute. Each figure is the median of processes
of their own, one at a time, the engines in turn; morph-kgc is installed into an environment that is
thrown away. The outputs have to be the same set of quads.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import pyoxigraph as ox

from loaders.datasets.france_communes.entities import KINDS
from loaders.registers.cog.standing import read_standing
from loaders.registers.departments import COLLECTIVITIES
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REGISTER = ROOT / "loaders/datasets/france_communes/source/communes.csv.xz"
COLUMNS = ("key", "code", "name", "departement", "kind")

# What `python -m morph_kgc` does, timed as the others are: without starting Python and importing.
# Processes of its own are counted with it.
MORPH_KGC = """
import json, resource, runpy, sys, time
import morph_kgc, duckdb, pandas, morph_kgc.data_source.data_file
start, busy = time.perf_counter(), time.process_time()
runpy.run_module("morph_kgc", run_name="__main__", alter_sys=True)
seconds, cpu = time.perf_counter() - start, time.process_time() - busy
own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu += children.ru_utime + children.ru_stime
peak = max(own.ru_maxrss, children.ru_maxrss) // 1024
print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak}))
"""
CONFIGURATION = """
[CONFIGURATION]
output_file = {quads}
output_format = N-QUADS
number_of_processes = {processes}
logging_level = ERROR
[communes]
mappings = {mapping}
"""


def write_table(path: Path, copies: int) -> None:
    """Writes the communes of today as a table, each as often as asked, under keys of its own."""
    rows = read_standing(SourceFile(REGISTER, REGISTER.name), IssueLog("benchmark"))
    communes = [row for row in rows if row.type == "COM" and row.department not in COLLECTIVITIES]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for copy in range(copies):
            for commune in communes:
                key = commune.code.lower() + (f"-{copy}" if copy else "")
                kind = KINDS[commune.type].target.rpartition("/")[2]
                department = commune.department.lower()
                writer.writerow((key, commune.code, commune.name, department, kind))


def commands(folder: Path, table: Path, asked: list[str]) -> dict[str, list[str]]:
    """The command of each engine; each writes its quads to `{engine}.nq`."""
    module = [sys.executable, "-m", "benchmarks.conversion.engines"]
    found = {
        name: [*module, name, str(table), str(folder / f"{name}.nq")]
        for name in ("maillage", "rdflib")
    }
    if any(package.startswith("morph-kgc") for package in asked):
        python = _installed("morph-kgc", folder)
        mapping = folder / "mapping.ttl"
        stated = (HERE / "mapping.ttl").read_text("utf-8")
        mapping.write_text(stated.replace("TABLE", str(table)), "utf-8")
        for processes in (1, 2):
            name = f"morph-kgc-{processes}"
            settings = folder / f"{name}.ini"
            quads = folder / f"{name}.nq"
            settings.write_text(
                CONFIGURATION.format(quads=quads, processes=processes, mapping=mapping), "utf-8"
            )
            found[name] = [python, "-c", MORPH_KGC, str(settings)]
    return {name: command for name, command in found.items() if name in asked}


def same(files: list[Path]) -> int:
    """The number of quads, which all files have to hold, and no others.

    They are compared as terms: one engine escapes in text what another writes as it is.
    """
    first, *others = ({str(quad) for quad in ox.parse(path=str(file))} for file in files)
    for other in others:
        if other != first:
            raise SystemExit(f"not the same quads: {sorted(first ^ other)[:4]}")
    return len(first)


def _installed(package: str, folder: Path) -> str:
    venv.create(folder / package, with_pip=True)
    python = str(folder / package / "bin" / "python")
    _run([python, "-m", "pip", "install", "--quiet", package])
    return python


def _run(command: list[str]) -> str:
    # The commands are this file's own.
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603
    return done.stdout


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = ["maillage", "morph-kgc-1", "morph-kgc-2", "rdflib"]
    parser.add_argument("--only", nargs="*", default=names, choices=names)
    parser.add_argument("--copies", type=int, default=1, help="of each commune")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = folder / "communes.csv"
        write_table(table, asked.copies)
        engines = commands(folder, table, asked.only)
        taken: dict[str, list[dict[str, float]]] = {engine: [] for engine in engines}
        for _ in range(asked.runs):
            for engine, command in engines.items():
                taken[engine].append(json.loads(_run(command).splitlines()[-1]))
        quads = same([folder / f"{engine}.nq" for engine in engines])
    print(f"{quads:,} quads, the same of all\n")
    print("| engine | seconds | CPU s | quads/s | times | times CPU | without reading | peak MiB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    medians = {
        engine: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for engine, runs in taken.items()
    }
    base = next(iter(medians.values()))
    for engine, took in medians.items():
        seconds, cpu = took["seconds"], took["cpu"]
        written = "read" in took and (seconds - took["read"]) / (base["seconds"] - base["read"])
        print(
            f"| {engine} | {seconds:.2f} | {cpu:.2f} | {quads / seconds:,.0f} "
            f"| {seconds / base['seconds']:.2f} | {cpu / base['cpu']:.2f} "
            f"| {f'{written:.2f}' if written else ''} | {took['peak']:,.0f} |"
        )


if __name__ == "__main__":
    main()
