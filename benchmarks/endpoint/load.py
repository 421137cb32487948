"""Many clients at once for some minutes: what they are answered, and what the server keeps of it.

`python benchmarks/endpoint/load.py` asks the mix of `run.py`, with one query in a hundred that
never ends, and prints tables in Markdown: how many answers of each kind there were and their times;
the memory and the processes before, at most, and after.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

SLOW_EVERY = 100
PATIENCE = 60


@dataclass
class Tally:
    """The answers, by status and kind of problem, and the seconds that each took."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, label: str, seconds: float) -> None:
        """Count one answer."""
        with self.lock:
            self.answers[label] += 1
            self.seconds.append(seconds)

    def percentile(self, share: float) -> float:
        """The time within which this share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def hammer(
    address: str, paths: Callable[[int], Iterator[str]], clients: int, seconds: float
) -> Tally:
    """The answers to so many clients, each on its own connection, one request at a time.

    `paths` gives the requests of a client by its number.
    """
    tally = Tally()
    end = time.monotonic() + seconds
    threads = [
        threading.Thread(target=ask, args=(address, paths(number), end, tally))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def ask(address: str, paths: Iterator[str], end: float, tally: Tally) -> None:
    """Be one client until the end."""
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    for path in paths:
        start = time.monotonic()
        if start >= end:
            break
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            label = name(answer.status, answer.getheader("Content-Type", ""), answer.read())
        except (OSError, HTTPException) as error:
            connection.close()
            label = type(error).__name__
        tally.add(label, time.monotonic() - start)
    connection.close()


def name(status: int, content_type: str, body: bytes) -> str:
    """The status, and with a problem document the kind of the problem."""
    if content_type != "application/problem+json":
        return str(status)
    return f"{status} {json.loads(body)['type'].rpartition('/')[2]}"


def family(pid: int) -> list[int]:
    """A process and all that it and its children have started."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found


def memory(pids: list[int]) -> float:
    """The mebibytes that processes hold, what they share counted once."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


class Watch(threading.Thread):
    """Looks at the memory of a server from time to time: `most` is the most it has held."""

    def __init__(self, pid: int, pause: float) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.pause = pause
        self.most = memory(family(pid))
        self.done = threading.Event()

    def run(self) -> None:
        """Look until told that it is enough."""
        while not self.done.wait(self.pause):
            self.most = max(self.most, memory(family(self.pid)))


def main() -> None:
    """Print the tables."""
    import questions
    import servers

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="Where the store is kept from run to run")
    parser.add_argument("--size", type=int, default=servers.STATED, help="Triples stated")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--port", type=int, default=7105)
    parser.add_argument("--setting", nargs="*", default=[], help="name=value of our server")
    options = parser.parse_args()

    def paths(number: int) -> Iterator[str]:
        for count, query in enumerate(questions.mix(seed=number)):
            slow = (number + count) % SLOW_EVERY == 0
            yield questions.address(questions.CROSS if slow else query).format(path="/sparql")

    with tempfile.TemporaryDirectory() as scratch:
        home = (options.home or Path(scratch) / "home").absolute()
        servers.prepare(home, options.size)
        settings = dict(pair.split("=") for pair in options.setting)
        with servers.maillage(home, options.port, access_log="", **settings) as endpoint:
            pid = family(os.getpid())[1]
            address = endpoint.rpartition("/")[0]
            hammer(address, lambda _: islice(cycle(["/health"]), 10), 10, 10)
            before, processes = memory(family(pid)), len(family(pid))
            watch = Watch(pid, 0.5)
            watch.start()
            tally = hammer(address, paths, options.clients, options.seconds)
            watch.done.set()
            time.sleep(5)
            after, left = memory(family(pid)), len(family(pid))
    print("| answer | times |\n|---|--:|")
    for label, count in tally.answers.most_common():
        print(f"| {label} | {count:,} |")
    print("\n| | before | at most | after |\n|---|--:|--:|--:|")
    print(f"| MiB | {before:.0f} | {watch.most:.0f} | {after:.0f} |")
    print(f"| processes | {processes} | | {left} |")
    print(f"\n{sum(tally.answers.values()) / options.seconds:.0f} answers/s; seconds: "
          f"p50 {tally.percentile(0.5):.3f}, p99 {tally.percentile(0.99):.2f}, "
          f"longest {max(tally.seconds):.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
