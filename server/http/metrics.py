"""The counts and times of the endpoint, as Prometheus reads them."""

import re
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.http.middleware import PROBLEM, observe

SECONDS = (0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60)
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")
OTHER = "other"


class Metrics:
    """Counts of the requests answered.

    A label never holds what callers write: `place` is the first part of one of the site's paths.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "maillage_requests",
            "Requests answered",
            ("place", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "maillage_request_seconds",
            "Seconds from a request to the last byte of its answer",
            ("place",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.sent = Counter(
            "maillage_response_bytes", "Bytes of answers", ("place",), registry=self.registry
        )
        self.problems = Counter(
            "maillage_problems",
            "Answers that told of a problem",
            ("kind",),
            registry=self.registry,
        )
        self.running = Gauge(
            "maillage_requests_running", "Requests being answered", registry=self.registry
        )
        # Finding the counters by their labels takes as long as an answer out of the cache.
        self.counters = lru_cache(maxsize=1024)(self.find_counters)

    def find_counters(
        self, place: str, method: str, status: int
    ) -> tuple[Counter, Histogram, Counter]:
        """The counters that count and time a request of that kind, and add its bytes."""
        return (
            self.requests.labels(place, method, str(status)),
            self.seconds.labels(place),
            self.sent.labels(place),
        )

    def exposition(self, version: str | None) -> bytes:
        """All of it in the text format of Prometheus, with the version that serves."""
        moment = CollectorRegistry()
        moment.register(Serving(version))
        return generate_latest(self.registry) + generate_latest(moment)


class Measured:
    """A WSGI middleware that counts what is answered. `paths` are the routes of the site."""

    def __init__(
        self, application: WSGIApplication, metrics: Metrics, paths: Iterable[str]
    ) -> None:
        self.application = application
        self.metrics = metrics
        self.places = frozenset(map(first_part, paths))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, counted when it is sent."""
        start = time.perf_counter()
        self.metrics.running.inc()
        place = first_part(environ["PATH_INFO"])
        place = place if place in self.places else OTHER
        method = environ["REQUEST_METHOD"]

        def end(status: int, size: int) -> None:
            self.metrics.running.dec()
            requests, seconds, sent = self.metrics.counters(
                place, method if method in METHODS else OTHER, status
            )
            requests.inc()
            seconds.observe(time.perf_counter() - start)
            sent.inc(size)
            if PROBLEM in environ:
                self.metrics.problems.labels(environ[PROBLEM]).inc()

        return observe(self.application, environ, start_response, end)


def first_part(path: str) -> str:
    """The first part of a path or route: `sparql`, `id`, `queries`."""
    return re.split(r"[/.<]", path.lstrip("/"), maxsplit=1)[0]


class Serving(Collector):
    """The gauge that tells of the data that is served, and of none."""

    def __init__(self, version: str | None) -> None:
        self.version = version

    def collect(self) -> Iterator[Metric]:
        """One gauge that says whether, one that says which."""
        ready = GaugeMetricFamily("maillage_ready", "1 where evaluators listen")
        ready.add_metric((), float(self.version is not None))
        yield ready
        if self.version is not None:
            info = GaugeMetricFamily("maillage_version_info", "The data served", labels=["version"])
            info.add_metric((self.version,), 1)
            yield info
