"""Answers kept in memory: which texts share one, how many fit, who waits for whom."""

import asyncio
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from server.cache import Cache
from server.engine.canonical import canonical


@dataclass(frozen=True)
class Kept:
    name: str
    weight: int | None = 10


def test_the_least_recently_used_go_when_the_bytes_pass_the_limit():
    cache: Cache[Kept] = Cache(400)
    for name in "abcd":
        cache.put(name, Kept(name, 20))
    assert cache.get("a") == Kept("a", 20)
    for number in range(17):
        cache.put(number, Kept("n", 20))
    assert (cache.get("a"), cache.get("b")) == (Kept("a", 20), None)
    assert cache.size == 400


def test_what_would_take_the_place_of_many_is_not_kept():
    cache: Cache[Kept] = Cache(160)
    cache.put("large", Kept("large", 11))
    cache.put("stream", Kept("stream", None))
    assert (cache.get("large"), cache.get("stream"), cache.size) == (None, None, 0)


def test_a_value_put_again_is_counted_once():
    cache: Cache[Kept] = Cache(320)
    for weight in (5, 20):
        cache.put("a", Kept("a", weight))
    assert cache.size == 20


async def ask_together(cache: Cache[Kept], make, times: int = 5) -> list[object]:
    """What those get who ask the same at once; the first begins, the others find it at work."""

    async def ask() -> object:
        try:
            return await cache.fetch("key", "question", make)
        except ValueError as error:
            return str(error)

    return list(await asyncio.gather(*(ask() for _ in range(times))))


@pytest.mark.parametrize("fails", [False, True])
def test_who_asks_the_same_at_once_gets_one_answer_or_one_refusal(fails):
    made = []

    async def make() -> Kept:
        made.append(1)
        await asyncio.sleep(0.01)
        if fails:
            raise ValueError("deadline")
        return Kept("one")

    cache: Cache[Kept] = Cache(1000)
    outcomes = asyncio.run(ask_together(cache, make))
    assert outcomes == (["deadline"] if fails else [Kept("one")]) * 5
    assert len(made) == 1
    assert cache.flights == {}


def test_a_stream_is_made_for_each():
    made = []

    async def make() -> Kept:
        made.append(1)
        await asyncio.sleep(0.01)
        return Kept("stream", None)

    assert asyncio.run(ask_together(Cache(1000), make)) == [Kept("stream", None)] * 5
    assert len(made) == 5


def test_who_waits_for_one_that_gives_up_makes_the_value():
    async def give_up() -> list[object]:
        cache: Cache[Kept] = Cache(1000)
        first = asyncio.create_task(cache.fetch("key", "question", asyncio.Event().wait))
        await asyncio.sleep(0)

        async def make() -> Kept:
            return Kept("second")

        second = asyncio.create_task(cache.fetch("key", "question", make))
        await asyncio.sleep(0)
        first.cancel()
        return [await second, first.cancelled(), cache.flights]

    assert asyncio.run(give_up()) == [Kept("second"), True, {}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT *\n{ ?s ?p ?o }  # all\n", "SELECT * { ?s ?p ?o }"),
        ("ASK{?s ?p 'a  b'}", "ASK{?s ?p\t'a  b'}"),
        ("# head\nASK {} #", "ASK {}"),
        ("SELECT * { ?s <http://x/#a>\r\n?o }", "SELECT * { ?s <http://x/#a> ?o }"),
    ],
)
def test_white_space_and_comments_make_no_difference(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ASK{?s ?p 'a  b'}", "ASK{?s ?p 'a b'}"),
        ('ASK{?s ?p """a\n#b"""}', 'ASK{?s ?p """a\n"""}'),
        ("ASK{?s ?p 'a # b'}", "ASK{?s ?p 'a '}"),
        ("ASK { ?s ?p 1 . 5 }", "ASK { ?s ?p 1.5 }"),
        ("ASK{FILTER(?a<'x#  y')}", "ASK{FILTER(?a<'x# y')}"),
        ("ASK{?s ?p '\\u0027  b'}", "ASK{?s ?p '\\u0027 b'}"),
        ("ASK{?s <http://x/#a> 1}", "ASK{?s <http://x/> 1}"),
    ],
)
def test_what_differs_in_a_string_or_a_name_is_another_query(one, other):
    assert canonical(one) != canonical(other)


PARTS = (
    "'a  b'",
    '"c#d"',
    "1",
    "?x",
    "<http://e/#f>",
    '"""g\n h"""',
    "'\\''",
    "true",
    "'<'",
    "'#'",
)
GAPS = (" ", "\n", "\t \r\n", " # 'x\n", '#"\n')


@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from(GAPS)), min_size=1, max_size=8))
def test_the_canonical_text_means_what_the_text_means(parts):
    text = "SELECT (CONCAT(''" + "".join(f",STR({part}){gap}" for part, gap in parts) + ") AS ?r){}"
    store = Store()
    expected = [row["r"] for row in store.query(text)]
    assert [row["r"] for row in store.query(canonical(text))] == expected
