"""The errors of a query, one class per thing that a caller can act on.

EngineError
├── QuerySyntaxError    the text is not SPARQL
├── UnknownFunction     a function was called that the engine does not have
├── ServiceRefused      the query calls another endpoint
├── UnclearQuery        two readings of the text are possible
├── Unwritable          the format cannot hold a value of the result
├── ServiceUnanswered, ServiceMisanswered, ServiceBlankNodes, ServiceTooLarge
│                       it may call it, and gets nothing that it can use
├── InvalidGraphName    a dataset names a graph by something that is no IRI
├── QueryTooLong, NestedTooDeeply, MergeTooLarge, ResultTooLarge
├── Exhausted           the query had all that one may have, and was not done
│   └── DeadlineExceeded, MemoryExceeded
├── EvaluatorCrashed    the engine died of this query
├── Busy                every evaluator is taken and the queue is full
├── TooManySlow         the query is a slow one, and as many as may are running
├── TooManyRequests     one client asks for too much at once
├── QueryRefused        the remote engine does not take the query
├── AnswerCut           the remote engine kept back a part of the answer
└── NoVersion           there is no data yet
    └── EngineUnavailable   the remote engine does not answer
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(eq=False)
class EngineError(Exception):
    """A query without an answer. The attributes say what was exceeded and by how much."""

    kind: ClassVar[str] = "engine"

    def __str__(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in vars(self).items())
        return f"{self.kind}: {facts}" if facts else self.kind


@dataclass(eq=False)
class QuerySyntaxError(EngineError):
    """The text stops being SPARQL there (line and column from 1, 0 when unknown).

    `message` is what the parser would have taken there; `reason` is the kind of mistake (a key
    under `reasons` in problems.yml) with what was `found` and perhaps `meant`.
    """

    message: str
    line: int = 0
    column: int = 0
    reason: str = ""
    found: str = ""
    meant: str = ""
    kind: ClassVar[str] = "syntax"


@dataclass(eq=False)
class UnknownFunction(EngineError):
    """A function named by an IRI that the engine does not have, and that was called."""

    name: str
    kind: ClassVar[str] = "function"


@dataclass(eq=False)
class ServiceRefused(EngineError):
    """SERVICE would make this endpoint call others in the caller's name."""

    line: int
    column: int
    kind: ClassVar[str] = "service"


@dataclass(eq=False)
class UnclearQuery(EngineError):
    """A text of which it is not plain to every reader what form, SERVICE or FROM it has."""

    kind: ClassVar[str] = "unclear"


@dataclass(eq=False)
class Unwritable(EngineError):
    """A result with something in it (`found`) that its format has no way to write."""

    media_type: str
    found: str
    kind: ClassVar[str] = "unwritable"


@dataclass(eq=False)
class ServiceUnanswered(EngineError):
    """An endpoint that SERVICE calls is not there, or not in time (seconds)."""

    endpoint: str
    limit: float
    kind: ClassVar[str] = "service-unanswered"


@dataclass(eq=False)
class ServiceMisanswered(EngineError):
    """An endpoint that SERVICE calls answers something else than solutions in JSON."""

    endpoint: str
    found: str
    kind: ClassVar[str] = "service-answer"


@dataclass(eq=False)
class ServiceBlankNodes(EngineError):
    """An endpoint that SERVICE calls answers with terms that VALUES cannot hold."""

    endpoint: str
    kind: ClassVar[str] = "service-blank"


@dataclass(eq=False)
class ServiceTooLarge(EngineError):
    """The answers of other endpoints make the query longer than is read (characters)."""

    endpoint: str
    limit: int
    kind: ClassVar[str] = "service-size"


@dataclass(eq=False)
class InvalidGraphName(EngineError):
    """A graph of the dataset whose name is not an absolute IRI."""

    name: str
    kind: ClassVar[str] = "graph-name"


@dataclass(eq=False)
class QueryTooLong(EngineError):
    """More characters than are read."""

    actual: int
    limit: int
    kind: ClassVar[str] = "query-length"


@dataclass(eq=False)
class NestedTooDeeply(EngineError):
    """More open brackets than the parser's stack survives."""

    actual: int
    limit: int
    kind: ClassVar[str] = "nesting"


@dataclass(eq=False)
class MergeTooLarge(EngineError):
    """The graphs to merge hold more triples than a temporary store takes."""

    limit: int
    kind: ClassVar[str] = "merge"


@dataclass(eq=False)
class ResultTooLarge(EngineError):
    """The serialised result passes the limit (bytes)."""

    limit: int
    kind: ClassVar[str] = "result-size"


@dataclass(eq=False)
class Exhausted(EngineError):
    """The query took all that one query may have.

    Who asks the same within `retry_after` seconds is told so at once (see `sparql.failed_queries`).
    """

    limit: float
    retry_after: int = 0


@dataclass(eq=False)
class DeadlineExceeded(Exhausted):
    """The query was still running at its deadline (seconds)."""

    kind: ClassVar[str] = "deadline"


@dataclass(eq=False)
class MemoryExceeded(Exhausted):
    """The query wanted more memory than one query may have (bytes)."""

    kind: ClassVar[str] = "memory"


@dataclass(eq=False)
class EvaluatorCrashed(EngineError):
    """The process that evaluated the query died; nobody else was hurt."""

    kind: ClassVar[str] = "crash"


@dataclass(eq=False)
class Busy(EngineError):
    """No evaluator came free within the wait (seconds)."""

    retry_after: int
    kind: ClassVar[str] = "busy"


@dataclass(eq=False)
class TooManySlow(EngineError):
    """The query was not done after `patience` seconds, and `limit` such queries run already."""

    patience: float
    limit: int
    retry_after: int
    kind: ClassVar[str] = "slow"


@dataclass(eq=False)
class TooManyRequests(EngineError):
    """As many requests of this client as one may have are being answered already."""

    limit: int
    retry_after: int = 1
    kind: ClassVar[str] = "too-many"


@dataclass(eq=False)
class NoVersion(EngineError):
    """Nothing was built yet, or it is being opened."""

    retry_after: int = 2
    kind: ClassVar[str] = "no-version"


@dataclass(eq=False)
class EngineUnavailable(NoVersion):
    """The remote engine is out of reach, or what it answers is no answer: nothing can be told."""

    retry_after: int = 5
    kind: ClassVar[str] = "unavailable"


@dataclass(eq=False)
class QueryRefused(EngineError):
    """The remote engine does not understand the query, or not all that is in it."""

    kind: ClassVar[str] = "refused"


@dataclass(eq=False)
class AnswerCut(EngineError):
    """The remote engine gave a part of the answer only, because of a limit of its own."""

    kind: ClassVar[str] = "cut"


# What an evaluator can report in its own words (see `wire`).
REPORTED: dict[str, type[EngineError]] = {
    error.kind: error
    for error in (
        QuerySyntaxError,
        UnknownFunction,
        ServiceRefused,
        UnclearQuery,
        Unwritable,
        MergeTooLarge,
        ResultTooLarge,
        MemoryExceeded,
        EvaluatorCrashed,
    )
}
