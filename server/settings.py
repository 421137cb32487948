"""The settings: one table of name, default and help, for options, environment and program alike.

`--max-query-length`, `MAILLAGE_MAX_QUERY_LENGTH` and `Settings.max_query_length` are one setting.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from server.engine.embedded import Limits
from server.engine.host import Pool

PREFIX = "MAILLAGE_"
MEBIBYTE = 1024 * 1024
STORES = ("auto", "memory", "disk")


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message says which and why."""


def setting(default: Any, help: str) -> Any:  # noqa: A002 (the word that click uses)
    """One row of the table."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class Settings:
    """Everything an operator can choose."""

    home: Path = setting(Path(".maillage"), "Folder that holds the versions of the data")
    host: str = setting("127.0.0.1", "Address to listen on")
    port: int = setting(8000, "Port to listen on; 0 takes a free one")
    base_url: str = setting("", "Public address of the site; empty: as the request says")
    store: str = setting("auto", "Where the data is read: memory, disk, or auto by its size")
    memory_quads: int = setting(2_000_000, "Quads up to which `auto` reads into memory")
    evaluators: int = setting(4, "Processes that evaluate queries, one query each at a time")
    queue: int = setting(16, "Queries that may wait for an evaluator; more are told to come back")
    queue_wait: float = setting(5.0, "Seconds a query waits for an evaluator before it is told so")
    processes: int = setting(1, "Processes that speak HTTP")
    threads: int = setting(32, "Threads per such process; more than evaluators and queue together")
    deadline: float = setting(30.0, "Seconds a query may run; `timeout=` can only lower it")
    memory: int = setting(2048, "Mebibytes that one query may take")
    max_query_length: int = setting(500_000, "Characters of a query's text")
    max_nesting: int = setting(200, "Depth of brackets: a few thousand overflow the parser's stack")
    max_result: int = setting(512, "Mebibytes of a serialised result, held until it is whole")
    max_merged_quads: int = setting(500_000, "Triples that FROM may merge for one query")
    sockets: Path | None = setting(None, "Folder of a running host's sockets (set by `serve`)")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], **given: Any) -> "Settings":
        """The settings given, else of the environment, else the defaults; SettingError if unfit."""
        values = {
            row.name: row.parse(environ[row.variable])
            for row in table()
            if row.variable in environ and given.get(row.name) is None
        }
        values.update({name: value for name, value in given.items() if value is not None})
        return cls(**values)

    def __post_init__(self) -> None:
        """Refuse what cannot work; SettingError."""
        if self.store not in STORES:
            raise SettingError(f"store: {self.store!r} is none of {', '.join(STORES)}")
        for row in table():
            value = getattr(self, row.name)
            if isinstance(value, int | float) and value <= 0 and row.name != "port":
                raise SettingError(f"{row.name}: {value} is not above zero")

    def environment(self) -> dict[str, str]:
        """The variables that give these settings to another process."""
        values = {row.variable: getattr(self, row.name) for row in table()}
        return {
            name: os.fspath(v) if isinstance(v, Path) else str(v)
            for name, v in values.items()
            if v is not None
        }

    @property
    def limits(self) -> Limits:
        """What one query may take."""
        return Limits(
            deadline=self.deadline,
            max_query_length=self.max_query_length,
            max_nesting=self.max_nesting,
            max_result_bytes=self.max_result * MEBIBYTE,
            max_merged_quads=self.max_merged_quads,
            memory=self.memory * MEBIBYTE,
            queue_wait=self.queue_wait,
        )

    @property
    def pool(self) -> Pool:
        """How many evaluators there are."""
        return Pool(self.evaluators, self.queue)


@dataclass(frozen=True)
class Row:
    """One setting as the table shows it."""

    name: str
    default: Any
    help: str
    convert: Callable[[str], Any]

    @property
    def option(self) -> str:
        """Its name on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper()

    def parse(self, text: str) -> Any:
        """The value that a text stands for; SettingError if it is none."""
        try:
            return self.convert(text)
        except ValueError:
            raise SettingError(f"{self.variable}: {text!r} is no {self.convert.__name__}") from None


def table() -> Iterator[Row]:
    """The settings, in order."""
    for row in fields(Settings):
        convert = Path if row.default is None else type(row.default)
        if isinstance(row.default, Path):
            convert = Path
        yield Row(row.name, row.default, row.metadata["help"], convert)
