"""The servers that are compared, each over the triples of one version, on a port of its own."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
DATA = "https://w3id.org/maillage/"
TRIFID = """
server: {{logLevel: fatal, listener: {{port: {port}, host: 127.0.0.1}}}}
globals:
  datasetBaseUrl: {data}
  endpoints: {{default: {{url: /query}}}}
plugins:
  entity-renderer: {{module: "@zazuko/trifid-entity-renderer", config: {{followRedirects: true}}}}
  sparql-proxy:
    module: "@zazuko/trifid-plugin-sparql-proxy"
    paths: /query
    config: {{endpointUrl: "{endpoint}"}}
"""
RDFLIB = """
import sys, oxrdflib, uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
data = Dataset(store="Oxigraph", default_union=False)
data.store._inner.bulk_load(path=sys.argv[1], format=__import__("pyoxigraph").RdfFormat.N_TRIPLES)
app = SparqlEndpoint(graph=data, path="/sparql", enable_update=False)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="critical")
"""


@dataclass(frozen=True)
class Server:
    """A server that runs: where it answers queries, where things are, and its first process."""

    endpoint: str
    site: str
    process: int

    @property
    def processes(self) -> list[int]:
        """All that it has started."""
        parents: dict[int, int] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
        found = [self.process]
        for parent in found:
            found += [child for child, its in parents.items() if its == parent]
        return found

    def seconds(self) -> float:
        """The processor time that it has used, of processes that have ended too."""
        ticks = 0
        for process in self.processes:
            try:
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def maillage(home: Path, port: int) -> Iterator[Server]:
    """This project, with its cache or, where MAILLAGE_CACHE says so, without."""
    command = [sys.executable, "-m", "server.cli.main", "serve", "--home", str(home)]
    command += ["--port", str(port), "--access-log", ""]
    site = f"http://127.0.0.1:{port}"
    with running(command, f"{site}/sparql") as process:
        yield Server(f"{site}/sparql", site, process)


@contextmanager
def oxigraph(program: Path, version: Path, port: int) -> Iterator[Server]:
    """`oxigraph serve-read-only` over the store of a version."""
    command = [str(program), "serve-read-only", "--location", str(version / "store")]
    command += ["--bind", f"127.0.0.1:{port}"]
    endpoint = f"http://127.0.0.1:{port}/query"
    with running(command, endpoint) as process:
        yield Server(endpoint, "", process)


@contextmanager
def trifid(modules: Path, behind: Server, port: int) -> Iterator[Server]:
    """Npm's Trifid in front of that server; the processor time of both counts."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "config.yaml"
        settings.write_text(TRIFID.format(port=port, data=DATA, endpoint=behind.endpoint))
        node = shutil.which("node") or "node"
        command = [node, str(modules / "trifid" / "server.js"), "--config", str(settings)]
        site = f"http://127.0.0.1:{port}"
        with running(command, f"{site}/query", modules.parent) as process:
            yield Server(f"{site}/query", site, process)


@contextmanager
def rdflib_endpoint(python: Path, version: Path, port: int) -> Iterator[Server]:
    """PyPI's rdflib-endpoint on its Oxigraph store, over the default graph."""
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "default.nt"
        write_default_graph(version, graph)
        command = [str(python), "-c", RDFLIB, str(graph), str(port)]
        endpoint = f"http://127.0.0.1:{port}/sparql"
        with running(command, endpoint) as process:
            yield Server(endpoint, "", process)


def write_default_graph(version: Path, path: Path) -> None:
    """The default graph of a version as N-Triples."""
    import pyoxigraph

    with gzip.open(version / "maillage.ttl.gz", "rb") as packed, path.open("wb") as file:
        for triple in pyoxigraph.parse(packed, pyoxigraph.RdfFormat.TURTLE):
            file.write(f"{triple.triple} .\n".encode())


@contextmanager
def running(command: list[str], endpoint: str, folder: Path = ROOT) -> Iterator[int]:
    """A process that answers at an address until the end of the block; its number."""
    process = subprocess.Popen(  # noqa: S603
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(1800):
            if answers(endpoint):
                break
            if process.poll() is not None:
                raise ChildProcessError(f"{command[0]} ended before it answered")
            time.sleep(0.1)
        else:
            raise TimeoutError(f"{command[0]} did not start")
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def answers(endpoint: str) -> bool:
    """True where queries are answered there."""
    request = Request(f"{endpoint}?query=ASK%7B%7D", headers={"Accept": "*/*"})  # noqa: S310
    try:
        with urlopen(request, timeout=5):  # noqa: S310
            return True
    except HTTPError as error:
        return error.code < 500
    except OSError:
        return False
