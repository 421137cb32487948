"""The process that asks another endpoint, once, and writes what it answers as a VALUES block.

Run as `python -m server.sparql.federated_call` with a `Call` (JSON) on standard input; an `Outcome`
(JSON) comes out. The kernel ends it when its time is up (SIGALRM), whatever it waits for, and what
a stranger sends can bring down nothing else. No redirect is followed: the operator allows an
address.
"""

import json
import resource
import signal
import sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import BytesIO
from typing import TypedDict
from urllib.parse import urlencode, urlsplit

from pyoxigraph import BlankNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from server.engine.media_types import URL_ENCODED
from server.engine.results import JSON

AGENT = "Maillage (SPARQL 1.1 Federated Query)"
MEMORY = 1024 * 1024 * 1024
# Results in JSON, with their names and types, are longer than the same as VALUES.
JSON_TO_VALUES = 16
# Of a media type, to those who asked.
SHOWN_CHARACTERS = 100


class Call(TypedDict):
    """A call to another endpoint: address, query, and the most characters of a block of it."""

    endpoint: str
    query: str
    timeout: float
    limit: int


class Outcome(TypedDict, total=False):
    """The block, or the kind of the `EngineError` that tells why there is none, and its facts."""

    values: str
    kind: str
    found: str


def call(asked: Call) -> Outcome:
    """Ask and read; nothing that the other side does is raised."""
    try:
        found, answer = post(asked)
        if found != JSON:
            return {"kind": "service-answer", "found": found}
        if len(answer) > asked["limit"] * JSON_TO_VALUES:
            return {"kind": "service-size"}
        solutions = parse_query_results(BytesIO(answer), QueryResultsFormat.JSON)
        if not isinstance(solutions, QuerySolutions):
            return {"kind": "service-answer", "found": "ASK"}
        return block(solutions, asked["limit"])
    except (SyntaxError, ValueError):
        return {"kind": "service-answer", "found": f"malformed {JSON}"}
    except (OSError, HTTPException):
        return {"kind": "service-unanswered"}


def post(asked: Call) -> tuple[str, bytes]:
    """The media type of the answer, or the status where it is not 200, and the bytes of JSON."""
    place = urlsplit(asked["endpoint"])
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=asked["timeout"])
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    headers = {
        "Accept": JSON,
        "Content-Type": URL_ENCODED,
        "User-Agent": AGENT,
    }
    connection.request("POST", path, urlencode({"query": asked["query"]}), headers)
    answer = connection.getresponse()
    if answer.status != 200:
        return f"HTTP {answer.status}", b""
    found = answer.headers.get_content_type()[:SHOWN_CHARACTERS]
    return found, answer.read(asked["limit"] * JSON_TO_VALUES + 1) if found == JSON else b""


def block(solutions: QuerySolutions, limit: int) -> Outcome:
    """The solutions as a VALUES block, each term as in N-Triples."""
    rows: list[str] = []
    size = 0
    for solution in solutions:
        terms = [solution[variable] for variable in solutions.variables]
        if any(isinstance(term, BlankNode | Triple) for term in terms):
            return {"kind": "service-blank"}
        rows.append(f"({' '.join('UNDEF' if term is None else str(term) for term in terms)})")
        size += len(rows[-1]) + 1
        if size > limit:
            return {"kind": "service-size"}
    names = " ".join(map(str, solutions.variables))
    return {"values": f"VALUES ({names}) {{ {' '.join(rows)} }}"}


def main() -> None:
    """Read a call, write its outcome."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asked: Call = json.load(sys.stdin)
    signal.setitimer(signal.ITIMER_REAL, asked["timeout"])
    json.dump(call(asked), sys.stdout)


if __name__ == "__main__":
    main()
