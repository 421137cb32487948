"""The endpoint as a whole: versions, workers, clients, beginning and end."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from itertools import count
from pathlib import Path
from urllib.parse import quote

from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, SPARQLWrapper

from server.cli.serve import GRACE
from tests.server.conftest import command, run_server, switch_to, wait_until, write_version

COUNT = "SELECT (SUM(?n) AS ?sum) { ?s <https://example.org/gave> ?n }"
SLOW = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + "}"
SECOND = "@prefix ex: <https://example.org/> . ex:evry ex:gave 7 ."


def test_health_tells_the_version_that_serves(endpoint):
    reply = endpoint.request("/health")
    assert (reply.status, reply.json) == (200, {"status": "ready", "version": "first"})


def test_sparqlwrapper_and_rdflib_and_curl_get_the_same_answer(endpoint):
    client = SPARQLWrapper(endpoint.address + "/sparql")
    client.setQuery(COUNT)
    client.setReturnFormat(JSON)
    found = client.queryAndConvert()["results"]["bindings"][0]["sum"]["value"]
    store = SPARQLStore(endpoint.address + "/sparql")
    (row,) = store.query(COUNT)
    assert (found, int(row[0])) == ("390", 390)
    kayes = URIRef("https://example.org/kayes")
    assert len(list(store.triples((kayes, None, None)))) == 2
    answered = subprocess.run(
        [
            "curl",
            "-sS",
            "--max-time",
            "60",
            "-H",
            "Accept: text/csv",
            "--data-urlencode",
            f"query={COUNT}",
            endpoint.address + "/sparql",
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    assert answered.stdout.split() == ["sum", "390"]


def test_a_killed_evaluator_is_replaced_and_its_query_told(own_endpoint):
    before = own_endpoint.evaluators
    replies = []
    thread = threading.Thread(target=lambda: replies.append(own_endpoint.get(SLOW)))
    thread.start()
    wait_until(lambda: at_work(before))
    os.kill(at_work(before)[0], signal.SIGKILL)
    thread.join()
    assert (replies[0].status, replies[0].json["status"]) == (500, 500)
    wait_until(lambda: len(own_endpoint.evaluators) == 2 and own_endpoint.evaluators != before)
    assert own_endpoint.get(COUNT).values == [("390",)]


def test_a_killed_process_that_speaks_http_is_started_again(own_endpoint):
    (before,) = own_endpoint.speakers
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: own_endpoint.speakers not in ([], [before]))
    # Who comes before it is ready waits: the socket has listened all the while.
    assert own_endpoint.get(COUNT).values == [("390",)]


def at_work(pids) -> list[int]:
    """Those of the evaluators that were put behind the others, for they have a slow query."""
    priorities = {pid: priority(pid) for pid in pids if alive(pid)}
    return [pid for pid, found in priorities.items() if found > min(priorities.values())]


def priority(pid: int) -> int:
    """The priority of a process; of one that has just ended the highest."""
    try:
        return os.getpriority(os.PRIO_PROCESS, pid)
    except ProcessLookupError:
        return -20


def test_a_new_version_is_taken_up_and_no_request_is_lost(own_endpoint):
    statuses, sums, slow = [], [], []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            reply = own_endpoint.get(COUNT)
            statuses.append(reply.status)
            sums.append(reply.values[0][0])

    old = own_endpoint.evaluators
    running = threading.Thread(target=lambda: slow.append(own_endpoint.get(SLOW, timeout="4")))
    asking = threading.Thread(target=ask)
    running.start()
    wait_until(lambda: at_work(old))
    asking.start()
    wait_until(lambda: sums)
    own_endpoint.publish("second", SECOND)
    wait_until(lambda: own_endpoint.request("/health").json["version"] == "second")
    wait_until(lambda: sums[-1] == "7")
    done.set()
    asking.join()
    running.join()
    assert set(statuses) == {200}
    # No answer of the old version came after one of the new.
    assert sums == sorted(sums)
    assert set(sums) == {"390", "7"}
    # The old one was left to run until its own deadline.
    assert slow[0].json.get("limit") == 4, slow[0].json
    wait_until(lambda: not set(old) & set(own_endpoint.evaluators))


def test_versions_switched_and_rolled_back_under_load_lose_no_request(own_endpoint):
    write_version(own_endpoint.home, "second", SECOND)
    statuses, sums = Counter(), Counter()
    done = threading.Event()

    def ask(number: int) -> None:
        for asked in count():
            if done.is_set():
                return
            reply = own_endpoint.get(f"{COUNT} LIMIT {number * 100_000 + asked + 1}")
            statuses[reply.status] += 1
            sums[reply.values[0][0]] += 1
            statuses[own_endpoint.request(f"/?n={number}-{asked}").status] += 1

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in asking:
        thread.start()
    for version in ("second", "first") * 3:
        before = statuses.total()
        wait_until(lambda before=before: statuses.total() > before + 20)
        switch_to(own_endpoint.home, version)
        wait_until(lambda v=version: own_endpoint.request("/health").json["version"] == v)
    done.set()
    for thread in asking:
        thread.join()
    assert set(statuses) == {200}
    assert set(sums) == {"390", "7"}


def test_processes_that_are_killed_at_random_leave_a_site_that_answers(own_endpoint):
    done = threading.Event()
    statuses = Counter()

    def ask() -> None:
        while not done.is_set():
            try:
                statuses[own_endpoint.get(COUNT, timeout="20").status] += 1
            except OSError:
                statuses["hung up"] += 1  # the process that spoke HTTP was killed

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    for kind in ("evaluators", "speakers", "evaluators", "fork server", "evaluators"):
        wait_until(lambda: own_endpoint.request("/health").status == 200)
        before = statuses[200]
        wait_until(lambda before=before: statuses[200] > before + 20)
        wait_until(lambda: own_endpoint.evaluators and own_endpoint.speakers)
        if kind == "fork server":
            os.kill(parent(own_endpoint.evaluators[0]), signal.SIGKILL)
        else:
            os.kill(getattr(own_endpoint, kind)[0], signal.SIGKILL)
    before = statuses[200]
    wait_until(lambda: statuses[200] > before + 20)
    done.set()
    for thread in asking:
        thread.join()
    assert set(statuses) <= {200, 500, 503, "hung up"}
    assert own_endpoint.get(COUNT).values == [("390",)]
    wait_until(lambda: len(own_endpoint.evaluators) == 2)


def test_sighup_starts_what_speaks_http_anew_and_loses_no_request(own_endpoint):
    (before,) = own_endpoint.speakers
    replies = []
    thread = threading.Thread(target=lambda: replies.append(own_endpoint.get(SLOW, timeout="4")))
    thread.start()
    wait_until(lambda: own_endpoint.running == 1)
    own_endpoint.process.send_signal(signal.SIGHUP)
    wait_until(lambda: own_endpoint.speakers not in ([before], []))
    assert own_endpoint.get(COUNT).values == [("390",)]
    thread.join()
    assert replies[0].json.get("limit") == 4, replies[0].json
    wait_until(lambda: before not in own_endpoint.speakers)
    assert own_endpoint.get(COUNT).values == [("390",)]


def test_who_holds_a_connection_does_not_hold_up_the_end(own_endpoint):
    host, _, port = own_endpoint.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as idle:
        idle.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(12) == b"HTTP/1.1 200"
        begun = time.monotonic()
        own_endpoint.process.terminate()
        assert own_endpoint.process.wait(timeout=60) == 0
    assert time.monotonic() - begun < GRACE


def test_a_version_that_cannot_be_opened_leaves_the_old_one_serving(own_endpoint):
    broken = own_endpoint.home / "versions" / "broken"
    broken.mkdir()
    (broken / "maillage.nq.gz").write_bytes(b"no gzip")
    link = own_endpoint.home / "current.new"
    link.symlink_to(Path("versions/broken"))
    link.replace(own_endpoint.home / "current")
    time.sleep(0.5)
    assert own_endpoint.request("/health").json["version"] == "first"
    assert own_endpoint.get(COUNT).values == [("390",)]


def test_a_dead_server_is_started_again(own_endpoint):
    old = own_endpoint.evaluators
    server = parent(old[0])
    os.kill(server, signal.SIGKILL)
    wait_until(lambda: len({*own_endpoint.evaluators} - {*old}) == 2)
    wait_until(lambda: own_endpoint.request("/health").status == 200)
    assert own_endpoint.get(COUNT).values == [("390",)]


def test_sigterm_finishes_what_runs_and_leaves_no_process(own_endpoint):
    processes = own_endpoint.processes
    replies = []
    thread = threading.Thread(target=lambda: replies.append(own_endpoint.get(SLOW, timeout="4")))
    thread.start()
    wait_until(lambda: own_endpoint.running == 1)
    own_endpoint.process.terminate()
    thread.join()
    assert replies[0].json.get("limit") == 4, replies[0].json
    assert own_endpoint.process.wait(timeout=120) == 0
    wait_until(lambda: not [pid for pid in processes if alive(pid)])


def test_a_query_whose_client_has_gone_ends_at_its_deadline(tmp_path, data_file):
    """The HTTP server cannot tell that a client has gone before it is answered."""
    for endpoint in run_server(tmp_path, data=[data_file], deadline=8, evaluators=1):
        host, _, port = endpoint.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(f"GET /sparql?query={quote(SLOW)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            wait_until(lambda e=endpoint: at_work(e.evaluators))
            (evaluator,) = at_work(endpoint.evaluators)
        assert endpoint.get(COUNT).values == [("390",)]
        wait_until(lambda pid=evaluator: not alive(pid))


def test_a_server_that_is_killed_takes_everything_with_it(own_endpoint):
    processes = own_endpoint.processes
    assert len(processes) >= 4
    (server,) = {parent(pid) for pid in own_endpoint.evaluators}
    sockets = Path(json.loads(command(server).split(b"\0")[3])["socket"]).parent
    assert sockets.exists()
    own_endpoint.process.kill()
    wait_until(lambda: not [pid for pid in processes if alive(pid)])
    assert not sockets.exists()


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
