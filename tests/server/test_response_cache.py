"""Answers kept in memory: which are, for whom, how many, and who waits for whom."""

import threading
from collections.abc import Callable, Iterable

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from server.engine.errors import NoVersion
from server.http.response_cache import OVERHEAD, ResponseCache

LIMIT = 16 * (OVERHEAD + 100)
KEEPABLE = [("ETag", '"e"'), ("Content-Length", "4"), ("Cache-Control", "no-cache")]


class Application:
    """A WSGI application that counts how often it is asked."""

    def __init__(self, headers=KEEPABLE, status="200 OK", body=b"body", wait=None) -> None:
        self.headers, self.status, self.body, self.wait = headers, status, body, wait
        self.asked = 0

    def __call__(self, environ, start_response) -> Iterable[bytes]:
        self.asked += 1
        if self.wait is not None:
            assert self.wait.wait(30)
        start_response(self.status, list(self.headers))
        return iter([self.body])


def ask(cache: ResponseCache, path="/x", method="GET", **headers: str):
    """The body, status and headers of an answer."""
    builder = EnvironBuilder(path, method=method, headers=headers)
    body, status, told = run_wsgi_app(cache, builder.get_environ())
    return b"".join(body), status, told


def cached(application: Callable, version: Callable[[], str] = lambda: "v") -> ResponseCache:
    return ResponseCache(application, version, LIMIT)


def test_an_answer_with_an_etag_is_made_once():
    application = Application()
    cache = cached(application)
    assert [ask(cache)[0] for _ in range(3)] == [b"body"] * 3
    assert application.asked == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept", "text/csv"),
        ("Accept-Language", "fr"),
        ("Accept-Encoding", "gzip"),
        ("Accept-Profile", "<urn:brief>"),
        ("Host", "other.example.org"),
        ("Cookie", "lang=fr"),
    ],
)
def test_what_an_answer_varies_by_has_an_answer_of_its_own(name, value):
    application = Application()
    cache = cached(application)
    ask(cache)
    ask(cache, **{name: value})
    assert application.asked == 2


def test_another_version_has_an_answer_of_its_own():
    versions = iter(["one"] * 2 + ["two"] * 2)
    application = Application()
    cache = cached(application, lambda: next(versions))
    ask(cache)
    ask(cache)
    assert application.asked == 2


def test_an_answer_made_while_the_version_changed_is_not_kept():
    versions = iter(["one", "two", "one", "one"])
    application = Application()
    cache = cached(application, lambda: next(versions))
    ask(cache)
    ask(cache)
    assert application.asked == 2


def test_nothing_is_kept_where_there_is_no_version():
    def none() -> str:
        raise NoVersion

    application = Application()
    cache = cached(application, none)
    ask(cache)
    ask(cache)
    assert application.asked == 2


@pytest.mark.parametrize(
    "application",
    [
        Application([("Content-Length", "4")]),
        Application([("ETag", '"e"'), ("Content-Length", "4"), ("Cache-Control", "no-store")]),
        Application([("ETag", '"e"')]),
        Application(status="404 NOT FOUND"),
        Application([("ETag", '"e"'), ("Content-Length", "999")], body=b"x" * 999),
    ],
    ids=["no etag", "no-store", "no length", "404", "too large"],
)
def test_nothing_else_is_kept(application):
    cache = cached(application)
    assert ask(cache)[0] == ask(cache)[0] == application.body
    assert application.asked == 2


@pytest.mark.parametrize("headers", [{"Range": "bytes=0-1"}, {"If-Match": '"e"'}])
def test_a_request_for_a_part_passes(headers):
    application = Application()
    cache = cached(application)
    ask(cache)
    ask(cache, **headers)
    assert application.asked == 2


def test_who_has_it_already_gets_304_without_a_body():
    cache = cached(Application([*KEEPABLE, ("Content-Type", "text/plain"), ("Vary", "Accept")]))
    for condition in ('"e"', 'W/"e"', '"other", "e"', "*"):
        body, status, headers = ask(cache, **{"If-None-Match": condition})
        assert (body, status[:3]) == (b"", "304")
        assert headers["Vary"] == "Accept"
        assert "Content-Type" not in headers
    assert ask(cache, **{"If-None-Match": '"other"'})[1] == "200 OK"


def test_head_is_answered_from_what_get_has_left():
    application = Application()
    cache = cached(application)
    ask(cache)
    body, status, headers = ask(cache, method="HEAD")
    assert (body, status, headers["Content-Length"]) == (b"", "200 OK", "4")
    assert application.asked == 1


def test_a_post_is_never_kept():
    application = Application()
    cache = cached(application)
    ask(cache, method="POST")
    ask(cache, method="POST")
    assert application.asked == 2


def test_the_least_recently_used_go_when_the_bytes_pass_the_limit():
    application = Application()
    cache = cached(application)
    for number in range(16):
        ask(cache, f"/{number}")
    ask(cache, "/0")
    ask(cache, "/16")
    application.asked = 0
    ask(cache, "/0")
    assert application.asked == 0
    ask(cache, "/1")
    assert application.asked == 1


@pytest.mark.parametrize("status", ["200 OK", "503 SERVICE UNAVAILABLE"])
def test_the_same_asked_at_once_is_made_once(status):
    wait = threading.Event()
    application = Application(status=status, wait=wait)
    cache = cached(application)
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(cache)[0])) for _ in range(5)]
    for thread in threads:
        thread.start()
    while not application.asked:
        pass
    wait.set()
    for thread in threads:
        thread.join()
    assert answers == [b"body"] * 5
    # Whoever came when the refusal had been told is answered anew.
    assert application.asked == 1 or (status[:3] == "503" and application.asked < 5)


def test_who_waits_for_an_answer_that_fails_asks_for_itself():
    begun, wait = threading.Event(), threading.Event()
    asked = []

    def failing(environ, start_response):
        asked.append(1)
        if len(asked) == 1:
            begun.set()
            assert wait.wait(30)
            raise RuntimeError
        start_response("200 OK", KEEPABLE)
        return [b"body"]

    cache = cached(failing)

    def fail() -> None:
        with pytest.raises(RuntimeError):
            ask(cache)

    first = threading.Thread(target=fail)
    first.start()
    assert begun.wait(30)
    answers: list[bytes] = []
    second = threading.Thread(target=lambda: answers.append(ask(cache)[0]))
    second.start()
    wait.set()
    first.join()
    second.join()
    assert answers == [b"body"]


def test_of_an_address_that_is_longer_than_its_answer_little_is_kept():
    cache = cached(Application())
    ask(cache, "/" + "a" * 100_000, Accept="b" * 100_000)
    (key,) = cache.kept
    assert sum(map(len, key)) < 100
