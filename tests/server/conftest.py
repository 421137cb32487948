"""A small home folder, and the whole endpoint running over it."""

import gzip
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import RdfFormat, Store

if TYPE_CHECKING:
    from tests.server.connection import Connection

ROOT = Path(__file__).parents[2]
DATA = """
@prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:evry rdfs:label "Évry-Courcouronnes"@fr ; ex:gave 100 , 250 ; ex:since "1998"^^xsd:gYear .
ex:kayes rdfs:label "خاي"@ar ; ex:gave 40 .
ex:a { ex:evry ex:gave 100 . ex:kayes ex:gave 40 }
ex:b { ex:evry ex:gave 100 , 250 }
"""
START = (
    "import os, sys; from pathlib import Path; from server.cli.serve import serve;"
    "from server.settings import Settings;"
    "serve(Settings.from_environment(os.environ), data=tuple(map(Path, sys.argv[1:])))"
)


def wait_until(condition: Callable[[], object], seconds: float = 120) -> None:
    """Wait for something that comes to be, on a busy machine after a while."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


def command(pid: int) -> bytes:
    """The command line of a process; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and theirs."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found = [pid]
    for parent in found:
        found += [child for child, its in parents.items() if its == parent]
    return found[1:]


def write_version(home: Path, identifier: str, trig: str = DATA) -> Path:
    """A finished version folder, made as a build would leave it."""
    folder = home / "versions" / identifier
    folder.mkdir(parents=True)
    store = Store()
    store.load(trig, RdfFormat.TRIG)
    with gzip.open(folder / "maillage.nq.gz", "wb") as file:
        store.dump(file, RdfFormat.N_QUADS)
    on_disk = Store(str(folder / "store"))
    on_disk.bulk_extend(store)
    on_disk.optimize()
    del on_disk
    graphs = {
        name.value: sum(1 for _ in store.quads_for_pattern(None, None, None, name))
        for name in store.named_graphs()
    }
    manifest = {"id": identifier, "quads": len(store), "graphs": graphs, "datasets": []}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def switch_to(home: Path, identifier: str) -> None:
    """Make HOME/current lead to another version, atomically."""
    link = home / "current.new"
    link.symlink_to(Path("versions") / identifier)
    link.replace(home / "current")


@dataclass(frozen=True)
class Reply:
    """The answer that came back over HTTP."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def values(self) -> list[tuple[str, ...]]:
        """The rows of a JSON result, each as the texts of its columns."""
        names = self.json["head"]["vars"]
        rows = self.json["results"]["bindings"]
        return [tuple(row[name]["value"] if name in row else "" for name in names) for row in rows]


@dataclass(frozen=True)
class Endpoint:
    """A running server and the way to talk to it."""

    address: str
    home: Path
    process: subprocess.Popen

    def request(self, path, *, method="GET", headers=None, body=None) -> Reply:
        request = urllib.request.Request(
            self.address + path, data=body, headers=headers or {}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())

    @property
    def processes(self) -> list[int]:
        """Everything that the server has started."""
        return descendants(self.process.pid)

    @property
    def evaluators(self) -> list[int]:
        """The children of its fork servers."""
        servers = [
            child for child in self.processes if b"server.engine.pool.fork_server" in command(child)
        ]
        return sorted({child for server in servers for child in descendants(server)})

    @property
    def speakers(self) -> list[int]:
        """The processes that speak HTTP: forked, they are called as what started them."""
        started = command(self.process.pid)
        return [pid for pid in self.processes if command(pid) == started]

    @property
    def running(self) -> int:
        """The requests that are being answered, but for the one that asks."""
        found = re.search(r"(?m)^maillage_requests_running (\S+)", self.request("/metrics").text)
        return int(float(found[1])) - 1

    def publish(self, identifier: str, trig: str) -> None:
        """Make another version and let HOME/current lead to it."""
        write_version(self.home, identifier, trig)
        switch_to(self.home, identifier)

    def get(self, query: str, headers=None, **parameters) -> Reply:
        """A query by GET."""
        text = urlencode({"query": query, **parameters}, doseq=True, quote_via=quote)
        return self.request(f"/sparql?{text}", headers=headers)

    def post(self, body: bytes, content_type: str, path="/sparql", headers=None) -> Reply:
        return self.request(
            path,
            method="POST",
            headers={"Content-Type": content_type, **(headers or {})},
            body=body,
        )


def run_server(home: Path, *, data: Sequence[Path] = (), **settings) -> Iterator[Endpoint]:
    """`maillage serve` over a home folder or files of RDF."""
    variables = {f"MAILLAGE_{name.upper()}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-c", START, *map(str, data)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": "/usr/bin:/bin",
            "MAILLAGE_HOME": str(home),
            "MAILLAGE_PORT": "0",
            **variables,
        },
    )
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http"), "the server did not start"
        yield Endpoint(address, home, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=120)
        finally:
            process.kill()
            process.stdout.close()


@pytest.fixture(scope="session")
def data_file(tmp_path_factory) -> Path:
    """The data as one file of RDF."""
    file = tmp_path_factory.mktemp("data") / "data.trig"
    file.write_text(DATA)
    return file


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory) -> Iterator[Endpoint]:
    """A server that all tests share."""
    home = tmp_path_factory.mktemp("home")
    write_version(home, "first")
    switch_to(home, "first")
    yield from run_server(home, evaluators=2, memory=128, max_merged_quads=1000)


@pytest.fixture
def own_endpoint(tmp_path) -> Iterator[Endpoint]:
    """A server of the test's own, to change and to end; its queries have all the time they want."""
    write_version(tmp_path, "first")
    switch_to(tmp_path, "first")
    yield from run_server(tmp_path, deadline=600, evaluators=2)


@pytest.fixture
def connection(endpoint: Endpoint) -> Iterator["Connection"]:
    """A connection for bytes as they stand, after which the server answers as before."""
    from tests.server.connection import harmless  # which is made of what stands here

    with harmless(endpoint) as opened:
        yield opened
