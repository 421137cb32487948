"""What the endpoint has done, as Prometheus reads it."""

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where several processes put their counts together; prometheus_client reads it when imported."""
SECONDS = (0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counts of the requests answered, by this process or, where `serve` runs several, by all.

    A label never holds what callers write: `place` is the first part of one of the site's paths.
    """

    def __init__(self) -> None:
        shared = FOLDER in os.environ
        self.registry = CollectorRegistry()
        registry = None if shared else self.registry
        self.requests = Counter(
            "maillage_requests",
            "Requests answered",
            ("place", "method", "status"),
            registry=registry,
        )
        self.seconds = Histogram(
            "maillage_request_seconds",
            "Seconds from a request to the last byte of its answer",
            ("place",),
            buckets=SECONDS,
            registry=registry,
        )
        self.sent = Counter(
            "maillage_response_bytes", "Bytes of answers", ("place",), registry=registry
        )
        self.problems = Counter(
            "maillage_problems", "Answers that told of a problem", ("kind",), registry=registry
        )
        self.running = Gauge(
            "maillage_requests_running",
            "Requests being answered",
            multiprocess_mode="livesum",
            registry=registry,
        )
        if shared:
            MultiProcessCollector(self.registry)  # type: ignore[no-untyped-call]

    def counters(self, place: str, method: str, status: str) -> tuple[Counter, Histogram, Counter]:
        """Where a request of that kind is counted, timed, and its bytes are added."""
        return (
            self.requests.labels(place, method, status),
            self.seconds.labels(place),
            self.sent.labels(place),
        )

    def exposition(self, version: str | None) -> bytes:
        """All of it in the text format of Prometheus, with the version that serves."""
        moment = CollectorRegistry()
        moment.register(Serving(version))
        return generate_latest(self.registry) + generate_latest(moment)


class Serving(Collector):
    """Whether data is served, and which."""

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
