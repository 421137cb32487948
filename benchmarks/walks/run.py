"""Times what people do, beside named peers over the same triples; prints a table in Markdown.

`python benchmarks/walks/run.py --home HOME --oxigraph PROGRAM --trifid MODULES --rdflib PYTHON`
takes a home folder with a build, PyPI's `oxigraph`, npm's `trifid` and PyPI's `rdflib-endpoint`
(with `oxrdflib` and `uvicorn`), each in an environment of its own; a peer that is not named is left
out. The servers run at the same time and are asked in turn, round after round: *cold* is another
thing each time, *repeated* the same. Processor time is that of all processes of a server.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import servers
from servers import Server
from walks import ELSEWHERE, WALKS, Asked, things

CLIENTS = (1, 16)


@dataclass(frozen=True)
class Round:
    """The figures of one server in one walk: answers a second, milliseconds, failures."""

    rate: float
    median: float
    processor: float
    failed: int


def fetch(server: Server, asked: Asked) -> tuple[float, bool]:
    """The seconds that an answer took, and whether it was one."""
    start = time.perf_counter()
    request = Request(asked.address(server), headers={"Accept": asked.accept})  # noqa: S310
    try:
        with urlopen(request, timeout=60) as told:  # noqa: S310
            told.read()
        return time.perf_counter() - start, True
    except (HTTPError, OSError):
        return time.perf_counter() - start, False


def measure(server: Server, requests: list[Asked], clients: int) -> Round:
    """Ask all requests, so many at a time."""
    before, start = server.seconds(), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        seen = list(pool.map(lambda asked: fetch(server, asked), requests))
    elapsed, used = time.perf_counter() - start, server.seconds() - before
    milliseconds = [1000 * seconds for seconds, _ in seen]
    failed = sum(not well for _, well in seen)
    return Round(
        len(seen) / elapsed, statistics.median(milliseconds), 1000 * used / len(seen), failed
    )


def requests_of(walk: str, known: dict[str, list[str]], count: int, seed: int) -> Iterator[Asked]:
    """The requests of one round."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    for _ in range(count):
        yield WALKS[walk](draw, known)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="A home folder with a build")
    parser.add_argument("--oxigraph", type=Path, help="Its program")
    parser.add_argument("--trifid", type=Path, help="The node_modules that it is in")
    parser.add_argument("--rdflib", type=Path, help="The Python that has rdflib-endpoint")
    parser.add_argument("--requests", type=int, default=100, help="Requests of a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--walks", nargs="*", choices=WALKS, default=list(WALKS))
    options = parser.parse_args()
    home = options.home.absolute()
    version = (home / "current").resolve()
    with ExitStack() as stack:
        running = {"maillage": stack.enter_context(servers.maillage(home, 7201))}
        if options.oxigraph:
            running["oxigraph"] = stack.enter_context(
                servers.oxigraph(options.oxigraph.absolute(), version, 7202)
            )
        if options.trifid and options.oxigraph:
            running["trifid"] = stack.enter_context(
                servers.trifid(options.trifid.absolute(), running["oxigraph"], 7203)
            )
        if options.rdflib:
            running["rdflib-endpoint"] = stack.enter_context(
                servers.rdflib_endpoint(options.rdflib.absolute(), version, 7204)
            )
        known = things(running["maillage"].endpoint)
        print("| walk | clients | server | answers/s | median ms | processor ms | failed |")
        print("|---|--:|---|--:|--:|--:|--:|")
        for walk, clients in product(options.walks, CLIENTS):
            for repeated in (False, True):
                rounds: dict[str, list[Round]] = {}
                for number in range(options.rounds):
                    seed = number + 100 * clients
                    requests = list(requests_of(walk, known, options.requests, seed))
                    if repeated:
                        requests = requests[:1] * options.requests
                    for name, server in running.items():
                        if name == "maillage" or walk in ELSEWHERE[name]:
                            rounds.setdefault(name, []).append(measure(server, requests, clients))
                told = f"{walk}, repeated" if repeated else walk
                for name, seen in rounds.items():
                    figures = [
                        statistics.median(getattr(each, column) for each in seen)
                        for column in ("rate", "median", "processor", "failed")
                    ]
                    rate, median, processor, failed = figures
                    print(f"| {told} | {clients} | {name} | {rate:.0f} | {median:.1f} "
                          f"| {processor:.1f} | {failed:.0f} |")  # fmt: skip
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
