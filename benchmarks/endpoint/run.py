"""Times the endpoint beside Oxigraph's own server; prints a table in Markdown.

`python benchmarks/endpoint/run.py --oxigraph PROGRAM` needs `wrk` on the path and PyPI's
`oxigraph` in an environment of its own. The servers run at the same time over the same quads and
are asked in turn, round after round, for some seconds each; a figure is the median of its rounds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from itertools import islice, product
from pathlib import Path
from urllib.parse import urlsplit

import questions
import servers

ACCEPT = "application/sparql-results+json, text/turtle"
TRAFFIC = {
    "mix": questions.mix,
    "small": questions.small,
    "repeated": questions.repeated,
    "zipf": questions.zipf,
    "hostile": questions.hostile,
}
# wrk keeps its own list of requests, each read from the file: so many are enough for a round.
REQUESTS = 40_000


@dataclass(frozen=True)
class Round:
    """The figures of one server under one kind of traffic for some seconds."""

    rate: float
    p50: float
    p99: float
    refused: int
    failed: int


def ask(endpoint: str, file: Path, seconds: int, connections: int, offset: int) -> Round:
    """Let wrk ask for some seconds."""
    told = subprocess.run(  # noqa: S603
        [
            shutil.which("wrk") or "wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s",
            "--timeout", "40s", "-s", str(Path(__file__).with_name("requests.lua")),
            endpoint, "--", str(file), ACCEPT, str(offset),
        ],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()[-1]  # fmt: skip
    found = json.loads(told)
    rate = (found["requests"] - found["refused"]) / found["seconds"]
    return Round(rate, found["p50"], found["p99"], found["refused"], found["failed"])


def ask_beside(endpoint: str, seconds: float) -> list[float]:
    """The milliseconds of good queries, asked one after the other for some seconds."""
    taken: list[float] = []
    end = time.monotonic() + seconds
    place = urlsplit(endpoint)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=40)
    for query in questions.mix(seed=2):
        start = time.monotonic()
        if start > end:
            return sorted(taken)
        path = questions.address(query).format(path=place.path)
        connection.request("GET", path, headers={"Accept": ACCEPT})
        connection.getresponse().read()
        taken.append((time.monotonic() - start) * 1000)
    return taken


def ask_hostile(endpoint: str, file: Path, seconds: int, connections: int, offset: int) -> Round:
    """Let wrk ask for some seconds; the times are those of good queries asked beside.

    wrk corrects its times by what a connection would have asked while it waited, and has none of
    what is never answered: neither tells how good queries fare among bad ones.
    """
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(ask_beside, endpoint, seconds - 1)
        seen = ask(endpoint, file, seconds, connections, offset)
        taken = beside.result()
    return replace(seen, p50=taken[len(taken) // 2], p99=taken[len(taken) * 99 // 100])


def write_requests(folder: Path, kind: str, path: str) -> Path:
    """The file of requests of one kind of traffic for servers whose endpoint has that path."""
    file = folder / f"{kind}{path.replace('/', '-')}"
    if not file.exists():
        lines = (questions.address(q).format(path=path) for q in TRAFFIC[kind](seed=1))
        file.write_text("\n".join(islice(lines, REQUESTS)) + "\n")
    return file


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oxigraph", type=Path, required=True, help="Its program")
    parser.add_argument("--rdflib", type=Path, help="The Python that has rdflib-endpoint")
    parser.add_argument("--home", type=Path, help="Where the store is kept from run to run")
    parser.add_argument("--size", type=int, default=servers.STATED, help="Triples stated")
    parser.add_argument("--seconds", type=int, default=5, help="Length of one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--traffic", nargs="*", choices=TRAFFIC, default=list(TRAFFIC))
    parser.add_argument("--servers", nargs="*", default=None)
    parser.add_argument("--setting", nargs="*", default=[], help="name=value of our server")
    options = parser.parse_args()
    settings = dict(pair.split("=") for pair in options.setting)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = (options.home or scratch / "home").absolute()
        version = servers.prepare(home, options.size)
        ox = options.oxigraph.absolute()
        known = {
            "maillage": lambda: servers.maillage(home, 7101, **settings),
            "oxigraph, disk": lambda: servers.oxigraph_on_disk(ox, version, 7103),
            "oxigraph, memory": lambda: servers.oxigraph_in_memory(ox, version, 7104),
        }
        if options.rdflib:
            known["rdflib-endpoint"] = lambda: servers.rdflib_endpoint(
                options.rdflib.absolute(), version, 7106
            )
        if shutil.which("virtuoso-t"):
            known["virtuoso"] = lambda: servers.virtuoso(version, 7105)
        chosen = [name for name in known if options.servers is None or name in options.servers]
        calm = [kind for kind in options.traffic if kind != "hostile"]

        def measure(kind: str, number: int, endpoint: str) -> Round:
            file = write_requests(scratch, kind, "/" + endpoint.rpartition("/")[2])
            offset = number * REQUESTS // options.rounds
            way = ask_hostile if kind == "hostile" else ask
            return way(endpoint, file, options.seconds, options.connections, offset)

        rounds: dict[tuple[str, str], list[Round]] = {}
        with ExitStack() as together:
            endpoints = {name: together.enter_context(known[name]()) for name in chosen if calm}
            for kind, number, name in product(calm, range(options.rounds), endpoints):
                seen = measure(kind, number, endpoints[name])
                rounds.setdefault((kind, name), []).append(seen)
        if "hostile" in options.traffic:
            # Its queries outlive a round: a server of its own each time, and no other beside it.
            for number, name in product(range(options.rounds), chosen):
                with known[name]() as endpoint:
                    seen = measure("hostile", number, endpoint)
                rounds.setdefault(("hostile", name), []).append(seen)
        print("| traffic | server | answers/s | p50 ms | p99 ms | refused | failed |")
        print("|---|---|---|---|---|---|---|")
        for kind in options.traffic:
            for name in chosen:
                seen_rounds = rounds[kind, name]
                figures = [
                    statistics.median(getattr(r, column) for r in seen_rounds)
                    for column in ("rate", "p50", "p99", "refused", "failed")
                ]
                rate, p50, p99, refused, failed = figures
                print(f"| {kind} | {name} | {rate:.0f} | {p50:.2f} | {p99:.2f} "
                      f"| {refused:.0f} | {failed:.0f} |")  # fmt: skip
                sys.stdout.flush()


if __name__ == "__main__":
    main()
