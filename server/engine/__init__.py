"""The engine that evaluates a query: one small synchronous interface behind which engines change.

This module and `pool.wire`, `dataset`, `worker` and `fork_server` import the standard library and
pyoxigraph only: evaluators are forked from a process that holds nothing else.
"""

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO, Literal, Protocol

QueryForm = Literal["select", "ask", "construct", "describe"]

CHUNK = 64 * 1024
IN_MEMORY = 256 * 1024
"""Bytes up to which a result is kept and sent in one piece; a longer one lies in a file."""

client: ContextVar[str] = ContextVar("client", default="")
"""On whose behalf this thread asks: slow queries are shared out by client."""


@dataclass(frozen=True, eq=False)
class Answer:
    """A whole result, serialised: it was complete before its first byte is handed out.

    Iterating yields its bytes in chunks and releases them at the end; `read` gives them at once.
    """

    form: QueryForm
    media_type: str
    version: str
    size: int
    body: IO[bytes]

    def __iter__(self) -> Iterator[bytes]:
        try:
            while chunk := self.body.read(CHUNK):
                yield chunk
        finally:
            self.close()

    def read(self) -> bytes:
        """The bytes of the result that were not yet read."""
        with self.body:
            return self.body.read()

    def close(self) -> None:
        """Let go of the result."""
        self.body.close()


class Engine(Protocol):
    """Whatever can answer a SPARQL query over the current version of the data."""

    def version(self) -> str:
        """The identifier of the version that answers now; raises NoVersion before the first."""
        ...

    def query(
        self,
        text: str,
        *,
        media_type: str,
        base: str = "",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Answer:
        """The answer, in `media_type`, or an `EngineError`.

        The graphs are those of the protocol (SPARQL 1.1 Protocol, 2.1.4): given, they replace
        FROM and FROM NAMED of the text. IRIs of it that are relative are so to `base`, where it has
        no BASE of its own. `timeout` (seconds) can only lower the deadline.
        """
        ...
