"""The limits of one query, and of the number of queries evaluated at once."""

from dataclasses import dataclass

from server.engine.errors import NestedTooDeeply, QueryTooLong
from server.engine.query_text import QueryStructure, read_structure, scan_structure


@dataclass(frozen=True)
class Limits:
    """The limits of one query. `Settings` says what each is for."""

    deadline: float = 30.0
    max_query_length: int = 500_000
    max_nesting: int = 200
    max_result_bytes: int = 512 * 1024 * 1024
    max_held_bytes: int = 4096 * 1024 * 1024
    max_merged_quads: int = 500_000
    memory: int = 2048 * 1024 * 1024
    queue_wait: float = 5.0
    patience: float = 0.5
    slow_queries: int = 4

    def seconds(self, timeout: float | None) -> float:
        """The time that a query has, where its asker gives it `timeout` seconds."""
        return self.deadline if timeout is None else min(timeout, self.deadline)


@dataclass(frozen=True)
class PoolSize:
    """The number of evaluators for quick queries, and of requests that may wait for them."""

    evaluators: int = 4
    queue: int = 64


def read_checked(text: str, limits: Limits) -> QueryStructure:
    """The structure of a query that may be evaluated; raises the limit that it breaks."""
    if len(text) > limits.max_query_length:
        raise QueryTooLong(len(text), limits.max_query_length)
    structure = scan_structure(text)
    if structure.depth > limits.max_nesting:
        structure = read_structure(text)
    if structure.depth > limits.max_nesting:
        raise NestedTooDeeply(structure.depth, limits.max_nesting)
    return structure
