"""The operator's means: settings, access log, metrics, and answers that give nothing away."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.settings import SettingError, Settings
from tests.server.conftest import DATA, ROOT, START, run_server, wait_until

SLOW = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + "}"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.trig"
    file.write_text(DATA)
    return file


def metrics(endpoint) -> dict[tuple[str, ...], float]:
    """The samples of /metrics, by name and labels."""
    reply = endpoint.request("/metrics")
    assert reply.headers["Content-Type"] == "text/plain; version=1.0.0; charset=utf-8"
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


def lines(log: Path, count: int) -> list[dict[str, object]]:
    """The lines of an access log once there are so many: they are written after the answer."""
    wait_until(lambda: log.read_text().count("\n") >= count)
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_the_access_log_has_a_line_of_json_per_request_and_no_query(tmp_path, data):
    log = tmp_path / "access.log"
    for endpoint in run_server(tmp_path, data=[data], access_log=log, evaluators=1):
        endpoint.get("ASK { ?secret ?p 'été' }", {"Accept-Encoding": "gzip"})
        endpoint.get("x")
        endpoint.post(b"ASK{}", "application/sparql-query")
        endpoint.request("/d%C3%A9part?who=secret")
        endpoint.request("/%FF")
        told = [line for line in lines(log, 6) if line["path"] != "/health"]
    # A line is written when its answer has gone, so that two may change places.
    told.sort(key=lambda line: (line["path"], line["status"], line["method"]))
    assert [(line["method"], line["path"], line["status"]) for line in told] == [
        ("GET", "/départ", 404),
        ("GET", "/sparql", 200),
        ("POST", "/sparql", 200),
        ("GET", "/sparql", 400),
        ("GET", "/\ufffd", 404),
    ]
    problems = [line.get("problem") for line in told]
    assert problems == ["not-found", None, None, "syntax", "not-found"]
    told = told[1:]
    assert set(told[0]) == {"time", "method", "path", "status", "bytes", "milliseconds"}
    assert told[0]["bytes"] == len('{"head":{},"boolean":false}')
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told[0]["time"])
    assert "secret" not in log.read_text()


def test_query_strings_are_logged_where_the_operator_wants_them(tmp_path, data):
    log = tmp_path / "access.log"
    for endpoint in run_server(tmp_path, data=[data], access_log=log, log_queries="true"):
        endpoint.request("/sparql?query=ASK%7B%7D")
        told = [line for line in lines(log, 2) if line["path"] == "/sparql"]
    assert [line["query"] for line in told] == ["query=ASK%7B%7D"]


def test_metrics_count_what_was_answered(tmp_path, data):
    for endpoint in run_server(tmp_path, data=[data], deadline=1):
        for _ in range(6):
            endpoint.get("ASK{}")
        endpoint.get(SLOW)
        endpoint.request("/nothing/here", method="HEAD")
        version = endpoint.request("/health").json["version"]
        expected = {
            ("maillage_requests_total", "GET", "sparql", "200"): 6,
            ("maillage_requests_total", "GET", "sparql", "503"): 1,
            ("maillage_requests_total", "HEAD", "other", "404"): 1,
            ("maillage_problems_total", "deadline"): 1,
            ("maillage_request_seconds_count", "sparql"): 7,
            ("maillage_requests_running",): 1,  # the one for the metrics
            ("maillage_ready",): 1,
            ("maillage_version_info", version): 1,
        }
        found = metrics(endpoint)
        until = time.monotonic() + 60
        while not expected.items() <= found.items() and time.monotonic() < until:
            time.sleep(0.05)  # a request is counted when its last byte has gone
            found = metrics(endpoint)
    assert {name: found.get(name) for name in expected} == expected
    # What ran to the deadline of a second is among those that took longer.
    assert found["maillage_request_seconds_bucket", "0.5", "sparql"] <= 6
    assert found["maillage_request_seconds_bucket", "+Inf", "sparql"] == 7
    assert found["maillage_response_bytes_total", "sparql"] > 6 * len('{"head":{},"boolean":true}')


def test_an_option_wins_over_the_environment_over_the_file_over_the_default(tmp_path):
    file = tmp_path / "maillage.toml"
    file.write_text("threads = 7\nqueue = 8\ndeadline = 2.5\nlog_queries = true\nhome = 'there'\n")
    environ = {"MAILLAGE_CONFIG": str(file), "MAILLAGE_QUEUE": "9", "MAILLAGE_DEADLINE": "3"}
    settings = Settings.from_environment(environ, deadline=4.0)
    assert (settings.deadline, settings.queue, settings.threads) == (4.0, 9, 7)
    assert (settings.log_queries, settings.home) == (True, Path("there"))
    assert settings.evaluators == Settings().evaluators
    assert Settings.from_environment({}, config=file).queue == 8
    assert Settings.from_environment(settings.environment()) == settings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour = 'red'", "there is no setting 'colour'"),
        ("port = 'http'", "port: 'http' is no int"),
        ("log_queries = 3", "log_queries: '3' is no boolean"),
        ("[server]\nport = 1", "there is no setting 'server'"),
        ("config = 'other.toml'", "there is no setting 'config'"),
        ("port = ", "Invalid value"),
    ],
)
def test_a_file_of_settings_that_cannot_work_is_refused_with_the_reason(tmp_path, text, told):
    file = tmp_path / "maillage.toml"
    file.write_text(text)
    with pytest.raises(SettingError, match=re.escape(told)):
        Settings.from_environment({"MAILLAGE_CONFIG": str(file)})


def test_a_file_of_settings_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SettingError, match=r"absent\.toml"):
        Settings.from_environment({"MAILLAGE_CONFIG": str(tmp_path / "absent.toml")})


@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK%7B%7D", "/nothing", "/def", "/metrics"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT"])
def test_no_answer_names_a_part_or_its_version(endpoint, path, method):
    headers = endpoint.request(path, method=method).headers
    assert headers["Server"] == "Maillage"
    assert "X-Powered-By" not in headers
    told = " ".join(headers.values()).lower()
    for part in ("granian", "werkzeug", "flask", "python", "oxigraph"):
        assert part not in told


@pytest.mark.parametrize("path", ["/nothing", "/sparql", "/rdf-graph-store?default"])
def test_a_preflight_is_admitted_at_any_address(endpoint, path):
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    reply = endpoint.request(path, method="OPTIONS", headers=asked)
    assert (reply.status, reply.body) == (204, b"")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize(("language", "title"), [("fr", "Requête mal formée"), ("en", "Malformed")])
def test_a_problem_is_a_page_of_the_site_for_a_reader(endpoint, language, title):
    reply = endpoint.request(f"/sparql?query=x&lang={language}", headers={"Accept": "text/html"})
    assert reply.status == 400
    assert f'<html lang="{language}">' in reply.text
    assert f"<h1>{title}" in reply.text
    assert '<link rel="stylesheet" href="/static/maillage.css">' in reply.text


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("data.csv", "", "data.csv has no suffix of RDF"),
        ("data.ttl", "<a> <b> .", "a file is no RDF"),
        ("data.nt.gz", "no gzip", "a file is no RDF"),
    ],
)
def test_a_file_that_is_no_rdf_ends_the_start_with_the_reason(tmp_path, name, content, told):
    file = tmp_path / name
    file.write_text(content)
    ended = subprocess.run(
        [sys.executable, "-c", START, str(file)],
        env={"PYTHONPATH": str(ROOT), "MAILLAGE_HOME": str(tmp_path), "MAILLAGE_PORT": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert told in ended.stderr
