"""The slots: who gets an evaluator, who waits, and what becomes of slow queries."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from server.engine.errors import Busy, TooManyRequests, TooManySlow
from server.engine.limits import Limits, PoolSize
from server.engine.pool.slots import NICE, Slots, processor_seconds
from server.engine.result_files import ResultFiles
from server.http.client_limits import RESERVED, ClientLimits, is_local, network
from tests.server.conftest import wait_until

LIMITS = Limits(queue_wait=20, patience=0.05, slow_queries=2)


@pytest.fixture
def burning() -> Iterator[subprocess.Popen[bytes]]:
    """A process that uses all the processor time that it gets."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    yield process
    process.kill()
    process.wait()


def slow_slot(slots: Slots, client: str, process: subprocess.Popen[bytes], killed: list[str]):
    """A slot whose query has used up the patience."""
    slot = slots.enter(client)
    slot.begin(process.pid, lambda: killed.append(client))
    slot.start = -1.0
    slot.look()
    return slot


def test_a_slot_that_comes_free_goes_to_who_has_waited_longest():
    slots = Slots(PoolSize(1, 5), LIMITS)
    first = slots.enter("a")
    order: list[str] = []

    def wait(name: str) -> None:
        with slots.enter(name):
            order.append(name)

    threads = []
    for number, name in enumerate("bcd", 1):
        threads.append(threading.Thread(target=wait, args=(name,)))
        threads[-1].start()
        wait_until(lambda number=number: len(slots.waiting) == number)
    first.__exit__()
    for thread in threads:
        thread.join()
    assert order == ["b", "c", "d"]


def test_who_has_fewer_queries_under_way_comes_first():
    slots = Slots(PoolSize(2, 5), LIMITS)
    held = [slots.enter("greedy"), slots.enter("greedy")]
    order: list[str] = []

    def wait(name: str) -> None:
        with slots.enter(name):
            order.append(name)

    threads = []
    for number, name in enumerate(("greedy", "greedy", "modest"), 1):
        threads.append(threading.Thread(target=wait, args=(name,)))
        threads[-1].start()
        wait_until(lambda number=number: len(slots.waiting) == number)
    held[0].__exit__()
    wait_until(lambda: len(order) == 3)
    held[1].__exit__()
    assert order[0] == "modest"
    for thread in threads:
        thread.join()


def test_a_full_queue_and_a_long_wait_are_told():
    slots = Slots(PoolSize(1, 1), Limits(queue_wait=0.2))
    with slots.enter("a"):

        def wait() -> None:
            with pytest.raises(Busy):
                slots.enter("b")

        waiting = threading.Thread(target=wait)
        waiting.start()
        wait_until(lambda: slots.waiting)
        with pytest.raises(Busy):
            slots.enter("c")
        waiting.join()
    with slots.enter("d"):
        assert slots.free == 0
    assert (slots.free, slots.running.total(), slots.waiting) == (1, 0, [])


def test_processor_time_counts_and_not_the_time_of_day(burning):
    sleeping = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        wait_until(lambda: processor_seconds(burning.pid) > 0.3)
        assert processor_seconds(sleeping.pid) < 0.3
    finally:
        sleeping.kill()
        sleeping.wait()
    assert processor_seconds(sleeping.pid) == 0.0


def test_a_slow_query_leaves_its_slot_and_is_put_back(burning):
    slots = Slots(PoolSize(1, 1), LIMITS)
    with slots.enter("a") as slot:
        slot.begin(burning.pid, lambda: None)
        slot.look()
        assert not slot.is_slow
        wait_until(lambda: processor_seconds(burning.pid) - slot.start > LIMITS.patience)
        slot.look()
        assert slot.is_slow
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, burning.pid) == min(19, own + NICE)
        with slots.enter("b"):
            pass
    assert (slots.slow, slots.free) == ([], 1)


def test_the_newest_of_who_has_most_gives_way(burning):
    slots = Slots(PoolSize(4, 1), LIMITS)
    killed: list[str] = []
    older = slow_slot(slots, "greedy", burning, killed)
    newer = slow_slot(slots, "greedy", burning, killed)
    with pytest.raises(TooManySlow):  # nobody gives way to a client for its own sake
        slow_slot(slots, "greedy", burning, killed)
    other = slow_slot(slots, "modest", burning, killed)
    assert (newer.evicted, older.evicted, killed) == (True, False, ["greedy"])
    with pytest.raises(TooManySlow):  # each has one: nobody has more than a share
        slow_slot(slots, "third", burning, killed)
    for slot in (older, newer, other):
        slot.__exit__()
    assert slots.slow == []


def test_what_waits_on_disk_is_bounded_in_all_and_by_client():
    files = ResultFiles(4 * 1024 * 1024)
    first = files.open()
    first.write(b"x" * 1024 * 1024)
    with pytest.raises(Busy):
        first.write(b"x" * 1024 * 1024 * 2)
    assert files.held.total() == 1024 * 1024
    first.close()
    first.close()
    assert files.held.total() == 0
    small = files.open()
    small.write(b"in memory")
    assert files.held.total() == 0
    small.seek(0)
    assert small.read() == b"in memory"


def answer(environ, start_response):
    start_response("200 OK", [])
    return iter([b"x"])


def enter(limits: ClientLimits, address: str, path: str = "/"):
    environ = {"PATH_INFO": path, "REMOTE_ADDR": address, "REQUEST_METHOD": "GET"}
    body = limits(environ, lambda *_: lambda _: None)
    return environ.get("maillage.failed"), body


def test_a_request_counts_until_its_body_is_sent_or_given_up():
    limits = ClientLimits(answer, 2, 100, proxied=False)
    (_, one), (_, two) = (enter(limits, "203.0.113.1") for _ in range(2))
    assert isinstance(enter(limits, "203.0.113.1")[0], TooManyRequests)
    assert enter(limits, "203.0.113.2")[0] is None
    two.close()
    error, _ = enter(limits, "203.0.113.1")
    assert error is None
    one.close()


def test_a_few_threads_are_kept_for_who_asks_how_the_site_is():
    limits = ClientLimits(answer, 1, RESERVED + 2, proxied=False)
    held = [enter(limits, "127.0.0.1")[1] for _ in range(2)]
    assert isinstance(enter(limits, "127.0.0.1")[0], Busy)
    assert enter(limits, "127.0.0.1", "/health")[0] is None
    held[0].close()
    assert enter(limits, "127.0.0.1")[0] is None


def test_this_machine_is_not_limited_unless_a_proxy_stands_before():
    for proxied, limited in ((False, False), (True, True)):
        limits = ClientLimits(answer, 1, 100, proxied=proxied)
        held = [enter(limits, "127.0.0.1")]
        assert isinstance(enter(limits, "127.0.0.1")[0], TooManyRequests) == limited
        assert held[0][0] is None


@pytest.mark.parametrize(
    ("address", "name", "local"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "::/64", True),
        ("2001:db8::1:2", "2001:db8::/64", False),
        ("::ffff:203.0.113.9", "203.0.113.9", False),
        ("unknown", "unknown", False),
    ],
)
def test_a_household_is_one_client(address, name, local):
    assert (network(address), is_local(network(address))) == (name, local)
