"""An evaluator reads its store's files, and nothing else of the machine."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from server.cli.serve import engine_host
from server.settings import Settings
from tests.server.conftest import switch_to, write_version

PARTS = 40
EX = "https://example.org/"


def test_a_store_of_many_files_is_read_from_disk(tmp_path):
    folder = write_version(tmp_path, "many")
    store = Store(str(folder / "store"))
    for part in range(PARTS):  # each part makes files of its own, which are opened when needed
        lines = "".join(f"<{EX}{part}/{number}> <{EX}p> <{EX}o> .\n" for number in range(200))
        store.bulk_load(lines.encode(), RdfFormat.N_TRIPLES)
    store.flush()
    del store
    assert len(list((folder / "store").glob("*.sst"))) > 16  # more than RocksDB opens at the start
    switch_to(tmp_path, "many")
    settings = replace(Settings(), store="disk", evaluators=1)
    counting = f"SELECT (COUNT(*) AS ?n) {{ ?s <{EX}p> <{EX}o> }}"
    with engine_host(tmp_path, settings) as engine:
        assert engine.query(counting, media_type="text/csv").read() == b"n\r\n8000\r\n"
        one = f"ASK {{ <{EX}{PARTS - 1}/7> ?p ?o }}"
        assert b"true" in engine.query(one, media_type="application/sparql-results+json").read()


def test_no_socket_can_be_made_or_connected_in_the_sandbox():
    attempt = (
        "import socket; from server.engine.pool.sandbox import deny_network\n"
        "made = socket.socket()\n"
        "deny_network()\n"
        "for attempt in (socket.socket, lambda: made.connect(('127.0.0.1', 9))):\n"
        "    try:\n"
        "        attempt()\n"
        "    except PermissionError:\n"
        "        print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", attempt],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.split() == ["refused", "refused"]
