"""The servers that are compared, each over the same quads, on a port of its own.

Oxigraph's runs without a deadline: with `--timeout-s` it starts a thread for each query that stays
for as long as the deadline is, and answers 500 when the system gives it no more of them.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
GEO = "http://www.opengis.net/ont/geosparql#"
PLACE = "https://w3id.org/maillage/id/place/r"
DEADLINE = 30
# Triples that are stated, of which follow nearly twice as many more, and points.
STATED, POINTS = 450_000, 2_400
# What `maillage serve` does, without the loaders that its other commands need.
START = (
    "import os; from server.cli.serve import serve; from server.settings import Settings;"
    "serve(Settings.from_environment(os.environ))"
)


def prepare(home: Path, size: int) -> Path:
    """A home folder whose one version holds the generated graph and a point for each region.

    With all that follows from them, as in the default graph of every build.
    """
    import random

    from pyoxigraph import RdfFormat, Store

    from loaders.inference.forward import inferred

    version = home / "versions" / "bench"
    if (version / "manifest.json").exists():
        return version
    version.mkdir(parents=True)
    nquads = version / "maillage.nq.gz"
    generator = ROOT / "benchmarks" / "inference" / "generate.py"
    draw = random.Random(1)  # noqa: S311
    lines = subprocess.run(  # noqa: S603
        [sys.executable, str(generator), str(size)],
        stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ).stdout.splitlines()  # fmt: skip
    lines += [f"{triple} ." for triple in inferred(line.removesuffix(" .") for line in lines)]
    with gzip.open(nquads, "wb", compresslevel=1) as file:
        file.writelines(f"{line}\n".encode() for line in sorted(lines))
        for region in range(1, POINTS):
            longitude, latitude = (draw.randrange(-3000, 3000) / 100 for _ in range(2))
            point = f'"POINT({longitude} {latitude})"^^<{GEO}wktLiteral>'
            file.write(
                f"<{PLACE}{region}> <{GEO}hasGeometry> <{PLACE}{region}/point> .\n"
                f"<{PLACE}{region}/point> <{GEO}asWKT> {point} .\n".encode()
            )
    store = Store(str(version / "store"))
    with gzip.open(nquads, "rb") as file:
        store.bulk_load(file, RdfFormat.N_QUADS, lenient=True)
    store.optimize()
    manifest = {
        "id": "bench", "quads": len(store), "graphs": {}, "datasets": [],
    }  # fmt: skip
    (version / "manifest.json").write_text(json.dumps(manifest))
    (home / "current").symlink_to("versions/bench")
    return version


@contextmanager
def maillage(home: Path, port: int, **settings: object) -> Iterator[str]:
    """This project; the settings are those of `maillage serve`."""
    values = {"home": home, "port": port, "deadline": DEADLINE, **settings}
    environment = {f"MAILLAGE_{name.upper()}": str(value) for name, value in values.items()}
    with running([sys.executable, "-c", START], f"http://127.0.0.1:{port}/sparql", environment):
        yield f"http://127.0.0.1:{port}/sparql"


@contextmanager
def oxigraph_on_disk(program: Path, version: Path, port: int) -> Iterator[str]:
    """`oxigraph serve-read-only` over the store of a version."""
    command = [
        str(program), "serve-read-only", "--location", str(version / "store"),
        "--bind", f"127.0.0.1:{port}",
    ]  # fmt: skip
    with running(command, f"http://127.0.0.1:{port}/query"):
        yield f"http://127.0.0.1:{port}/query"


@contextmanager
def oxigraph_in_memory(program: Path, version: Path, port: int) -> Iterator[str]:
    """`oxigraph serve` without a folder, filled over HTTP."""
    command = [str(program), "serve", "--bind", f"127.0.0.1:{port}"]
    with running(command, f"http://127.0.0.1:{port}/query"):
        with gzip.open(version / "maillage.nq.gz") as file:
            triples = file.read()
        with urlopen(
            Request(
                f"http://127.0.0.1:{port}/store?no_transaction&lenient",
                triples,
                {"Content-Type": "application/n-quads"},
            )
        ):
            yield f"http://127.0.0.1:{port}/query"


RDFLIB = """
import sys, oxrdflib, uvicorn
from pyoxigraph import RdfFormat
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
data = Dataset(store="Oxigraph", default_union=False)
data.store._inner.bulk_load(path=sys.argv[1], format=RdfFormat.N_QUADS, lenient=True)
app = SparqlEndpoint(graph=data, path="/sparql", enable_update=False)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="critical")
"""


@contextmanager
def rdflib_endpoint(python: Path, version: Path, port: int) -> Iterator[str]:
    """PyPI's rdflib-endpoint on its Oxigraph store, in memory."""
    endpoint = f"http://127.0.0.1:{port}/sparql"
    with tempfile.NamedTemporaryFile(suffix=".nq") as file:
        with gzip.open(version / "maillage.nq.gz") as packed:
            shutil.copyfileobj(packed, file)
        file.flush()
        with running([str(python), "-c", RDFLIB, file.name, str(port)], endpoint):
            yield endpoint


VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{loading}
DisableUnixSocket = 1
DirsAllowed = {version}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
ServerThreads = 40
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 40
[SPARQL]
ResultSetMaxRows = 100000
"""
"""Two gigabytes of memory, as its makers advise for such a machine."""


@contextmanager
def virtuoso(version: Path, port: int) -> Iterator[str]:
    """Debian's Virtuoso, filled by its bulk loader; its default graph is the union of all."""
    endpoint = f"http://127.0.0.1:{port}/sparql"
    with tempfile.TemporaryDirectory() as name:
        folder, loading = Path(name), port + 100
        settings = folder / "virtuoso.ini"
        settings.write_text(
            VIRTUOSO.format(folder=folder, version=version, port=port, loading=loading)
        )
        with running(["virtuoso-t", "+foreground", "+configfile", str(settings)], endpoint):
            load = (
                f"ld_dir('{version}', 'maillage.nq.gz', 'https://example.org/all');"
                "rdf_loader_run(); checkpoint;"
            )
            subprocess.run(  # noqa: S603
                ["isql-vt", f"127.0.0.1:{loading}", "dba", "dba", f"exec={load}"],  # noqa: S607
                stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip
            yield endpoint


@contextmanager
def running(
    command: list[str], endpoint: str, environment: dict[str, str] | None = None
) -> Iterator[None]:
    """A process that answers at an address until the end of the block."""
    process = subprocess.Popen(  # noqa: S603
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            time.sleep(0.1)
            if answers(endpoint):
                break
        else:
            raise TimeoutError(f"{command[0]} did not start")
        yield
    finally:
        process.terminate()
        process.wait(60)


def answers(endpoint: str) -> bool:
    """True where something answers there."""
    try:
        with urlopen(f"{endpoint}?query={quote('ASK{}')}", timeout=5):  # noqa: S310
            return True
    except HTTPError as error:
        return error.code < 500
    except OSError:
        return False
