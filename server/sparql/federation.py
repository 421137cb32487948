"""SERVICE for the endpoints that the operator allows: SPARQL 1.1 Federated Query, done beforehand.

Evaluators have no network. A SERVICE clause is therefore asked before its query is evaluated, by a
process of its own (`federated_call`), and the solutions take its place as a VALUES block: the
standard evaluates both from the bottom up and joins what they hold. A query is fit to be evaluated
here if it would be without the words `SERVICE <allowed endpoint>`; all the rest is checked as ever.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from server.engine.errors import (
    Busy,
    EngineError,
    ServiceBlankNodes,
    ServiceMisanswered,
    ServiceRefused,
    ServiceTooLarge,
    ServiceUnanswered,
)
from server.engine.limits import Limits
from server.engine.query_text import Token, read_prologue, service_place, tokens
from server.sparql import federated_call as calling

IMPORT_ROOT = str(Path(__file__).parents[2])
RETRY_AFTER = 2
# So many clauses one query may have: each is a question to somebody else.
MOST_CLAUSES = 10
NOT_A_LINE = re.compile(r"[^\n]")


@dataclass(frozen=True)
class ServiceClause:
    """One `SERVICE [SILENT] <endpoint> { … }` of a text, by its offsets."""

    start: int
    brace: int
    end: int
    endpoint: str
    silent: bool


class Federation:
    """The endpoints that queries may call, each by exactly its IRI. Threads share it.

    A query that calls waits, and holds a thread of the server: so many may as may be slow.
    """

    def __init__(self, services: Sequence[str], limits: Limits) -> None:
        self.services = frozenset(services)
        self.limits = limits
        self.places = threading.Semaphore(limits.slow_queries)

    def read(self, text: str) -> Sequence[ServiceClause]:
        """The SERVICE clauses of a query that may be asked, in order."""
        if not self.services or len(text) > self.limits.max_query_length:
            return ()
        if "service" not in text.lower():
            return ()
        prefixes = read_prologue(text).prefixes
        allowed = (c for c in clauses(text, prefixes) if c.endpoint in self.services)
        return list(islice(allowed, MOST_CLAUSES))

    def fill(
        self, text: str, found: Sequence[ServiceClause], base: str, timeout: float | None
    ) -> str:
        """The query with what the endpoints answer in the place of its clauses.

        They take `timeout` seconds together, at most the deadline. Raises ServiceRefused for what
        may be another SERVICE, Busy, and whatever a call that is not SILENT ends with.
        """
        other = service_place(without_heads(text, found))
        if other is not None:
            raise ServiceRefused(*other)
        limit = self.limits.deadline if timeout is None else min(timeout, self.limits.deadline)
        end = time.monotonic() + limit
        prologue = (f"BASE <{base}> " if base else "") + text[: read_prologue(text).start]
        parts, at = [], 0
        if not self.places.acquire(blocking=False):
            raise Busy(RETRY_AFTER)
        try:
            for clause in outermost(found):
                query = f"{prologue}\nSELECT * {text[clause.brace : clause.end]}"
                lines = "\n" * text.count("\n", clause.start, clause.end)
                parts += [text[at : clause.start], self.ask(clause, query, end), lines]
                at = clause.end
        finally:
            self.places.release()
        filled = "".join([*parts, text[at:]])
        if len(filled) > self.limits.max_query_length:
            raise ServiceTooLarge(found[0].endpoint, self.limits.max_query_length)
        return filled

    def ask(self, clause: ServiceClause, query: str, end: float) -> str:
        """A VALUES block; of SILENT that fails, the one solution that binds nothing."""
        try:
            return self.call(clause.endpoint, query, end - time.monotonic())
        except EngineError:
            if clause.silent:
                return "{}"
            raise

    def call(self, endpoint: str, query: str, seconds: float) -> str:
        """The answer of an endpoint as a VALUES block, or the EngineError that tells of it."""
        unanswered = ServiceUnanswered(endpoint, self.limits.deadline)
        if seconds <= 0:
            raise unanswered
        limit = self.limits.max_query_length
        asked = calling.Call(endpoint=endpoint, query=query, timeout=seconds, limit=limit)
        done = subprocess.run(
            [sys.executable, "-m", "server.sparql.federated_call"],
            input=json.dumps(asked).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": IMPORT_ROOT},
            check=False,
        )
        if done.returncode == -signal.SIGALRM:
            raise unanswered
        told: calling.Outcome = json.loads(done.stdout) if done.returncode == 0 else {}
        if "values" in told:
            return told["values"]
        raise {
            "service-unanswered": unanswered,
            "service-blank": ServiceBlankNodes(endpoint),
            "service-size": ServiceTooLarge(endpoint, limit),
        }.get(told.get("kind", ""), ServiceMisanswered(endpoint, told.get("found", "?")))


def without_heads(text: str, found: Sequence[ServiceClause]) -> str:
    """The text with blanks for each `SERVICE <endpoint>`: lines and columns stay what they are."""
    parts, at = [], 0
    for clause in found:
        head = NOT_A_LINE.sub(" ", text[clause.start : clause.brace])
        parts += [text[at : clause.start], head]
        at = clause.brace
    return "".join([*parts, text[at:]])


def outermost(found: Sequence[ServiceClause]) -> Iterator[ServiceClause]:
    """The clauses within no other: what these hold is for the endpoint that they name."""
    end = 0
    for clause in found:
        if clause.start >= end:
            end = clause.end
            yield clause


def clauses(text: str, prefixes: Mapping[str, str]) -> Iterator[ServiceClause]:
    """The SERVICE clauses of a text that name an endpoint by an IRI, and are whole."""
    found = [token for token in tokens(text) if token.kind not in ("comment", "text")]
    ends = group_ends(found)
    for number, token in enumerate(found):
        word = token.text.lower()
        if token.kind != "word" or word not in ("service", "servicesilent"):
            continue
        named = number + 1
        silent = word != "service"
        if not silent and named < len(found) and found[named].text.lower() == "silent":
            silent, named = True, named + 1
        if named + 1 in ends:
            name = found[named].text
            prefix, _, local = name.partition(":")
            iri = name[1:-1] if name[0] == "<" else prefixes.get(prefix, "") + local
            yield ServiceClause(token.start, found[named + 1].start, ends[named + 1], iri, silent)


def group_ends(found: Sequence[Token]) -> Mapping[int, int]:
    """The offset after the closing brace, by the place of the opening one among the tokens."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for number, token in enumerate(found):
        if token.text == "{":
            opened.append(number)
        elif token.text == "}" and opened:
            ends[opened.pop()] = token.end
    return ends
