"""The settings: one table of name, default and help, for options, environment and program alike.

`--max-query-length`, `MAILLAGE_MAX_QUERY_LENGTH`, `max_query_length` in a file and
`Settings.max_query_length` are one setting. An option wins over the environment, the environment
over the file, the file over the default.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from server.engine.limits import Limits, PoolSize

PREFIX = "MAILLAGE_"
MEBIBYTE = 1024 * 1024
# What may be zero.
ZERO = ("port", "proxies", "cache", "frozen", "saved", "older")
BORDERS = ("dashed", "morocco")
STORES = ("auto", "memory", "disk")


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message says which and why."""


def setting(default: Any, help: str) -> Any:  # noqa: A002 (the word that click uses)
    """One row of the table."""
    return field(default=default, metadata={"help": help})


def secret(default: Any, help: str) -> Any:  # noqa: A002 (as above)
    """A row that is no option: everybody on a machine sees the options of its programs."""
    return field(default=default, repr=False, metadata={"help": help, "secret": True})


@dataclass(frozen=True)
class Settings:
    """Everything an operator can choose."""

    config: Path | None = setting(None, "TOML file of settings, each under its name: `port = 80`")
    home: Path = setting(Path(".maillage"), "Folder that holds the versions of the data")
    host: str = setting("127.0.0.1", "Address to listen on")
    port: int = setting(8000, "Port to listen on; 0 takes a free one")
    base_url: str = setting("", "Public address of the site; empty: as the request says")
    engine: str = setting("", "Address of a SPARQL 1.1 engine to ask instead of the own one")
    engine_user: str = setting("", "Name under which that engine is asked, by Basic or Digest")
    engine_password: str = secret("", "The password to it; for the environment or the file only")
    store: str = setting("auto", "Where the data is read: memory, disk, or auto by its size")
    memory_quads: int = setting(2_000_000, "Quads up to which `auto` reads into memory")
    evaluators: int = setting(4, "Processes that evaluate queries, one query each at a time")
    queue: int = setting(64, "Queries that may wait for an evaluator; more are told to come back")
    queue_wait: float = setting(5.0, "Seconds a query waits for an evaluator before it is told so")
    patience: float = setting(0.5, "Seconds of processor time after which a query is a slow one")
    slow_queries: int = setting(4, "Slow queries that may run at once, beside the quick ones")
    client_requests: int = setting(8, "Requests of one client at a time; not of this machine")
    proxies: int = setting(0, "Proxies in front, whose X-Forwarded-For tells who the client is")
    cache: int = setting(64, "Mebibytes of answers kept in memory; 0 keeps none")
    threads: int = setting(128, "Requests that may be answered at once, each by a thread")
    deadline: float = setting(30.0, "Seconds a query may run; `timeout=` can only lower it")
    memory: int = setting(2048, "Mebibytes that one query may take")
    max_query_length: int = setting(500_000, "Characters of a query's text")
    max_nesting: int = setting(200, "Depth of brackets in a query's text")
    max_result: int = setting(512, "Mebibytes of a serialised result, held until it is whole")
    max_held: int = setting(4096, "Mebibytes of results on disk that wait to be sent, in all")
    max_merged_quads: int = setting(500_000, "Triples that FROM may merge for one query")
    services: tuple[str, ...] = setting((), "Endpoints that SERVICE may call; a space between two")
    frozen: int = setting(512, "Mebibytes of frozen embeds kept beside the versions; 0 keeps none")
    older: int = setting(
        2, "Older versions that may be asked at once, by one evaluator each; 0: none"
    )
    saved: int = setting(64, "Mebibytes of saved queries kept beside the versions; 0 keeps none")
    western_sahara: str = setting("dashed", "Its border on maps: dashed, or as one with morocco")
    access_log: str = setting("-", "File for a line of JSON per request; `-`: stderr; empty: none")
    log_queries: bool = setting(False, "Write query strings to the access log: they are personal")
    sockets: Path | None = setting(None, "Folder of the evaluators' sockets (set by `serve`)")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], **given: Any) -> "Settings":
        """The settings given, else of the environment, else of the file that one of both names.

        Raises SettingError for a value that is unfit, and for a name in the file that is none.
        """
        rows = {row.name: row for row in table()}
        chosen = {name: value for name, value in given.items() if value is not None}
        for name, row in rows.items():
            if row.variable in environ:
                chosen.setdefault(name, row.parse(environ[row.variable], row.variable))
        if chosen.get("config"):
            for name, value in read_file(chosen["config"]).items():
                if name not in rows or name == "config":
                    raise SettingError(f"{chosen['config']}: there is no setting {name!r}")
                text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
                chosen.setdefault(name, rows[name].parse(text, name))
        return cls(**chosen)

    def __post_init__(self) -> None:
        """Refuse what cannot work; SettingError."""
        if self.store not in STORES:
            raise SettingError(f"store: {self.store!r} is none of {', '.join(STORES)}")
        if self.western_sahara not in BORDERS:
            known = ", ".join(BORDERS)
            raise SettingError(f"western_sahara: {self.western_sahara!r} is none of {known}")
        if self.engine and not is_address(self.engine):
            raise SettingError("engine: not the address of a server, as http://host:7878/query")
        for row in table():
            value = getattr(self, row.name)
            limit = isinstance(value, int | float) and not isinstance(value, bool)
            if limit and value <= 0 and row.name not in ZERO:
                raise SettingError(f"{row.name}: {value} is not above zero")

    def environment(self) -> dict[str, str]:
        """The variables that give these settings to another process."""
        values = {row.variable: getattr(self, row.name) for row in table()}
        return {
            name: " ".join(v) if isinstance(v, tuple) else str(v)
            for name, v in values.items()
            if v is not None
        }

    @property
    def limits(self) -> Limits:
        """The limits of one query."""
        return Limits(
            deadline=self.deadline,
            max_query_length=self.max_query_length,
            max_nesting=self.max_nesting,
            max_result_bytes=self.max_result * MEBIBYTE,
            max_held_bytes=self.max_held * MEBIBYTE,
            max_merged_quads=self.max_merged_quads,
            memory=self.memory * MEBIBYTE,
            queue_wait=self.queue_wait,
            patience=self.patience,
            slow_queries=self.slow_queries,
        )

    @property
    def pool(self) -> PoolSize:
        """The size of the pool of evaluators."""
        return PoolSize(self.evaluators, self.queue)


@dataclass(frozen=True)
class SettingRow:
    """One setting as the table shows it."""

    name: str
    default: Any
    help: str
    convert: Callable[[str], Any]
    secret: bool = False

    @property
    def option(self) -> str:
        """Its name on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper()

    def parse(self, text: str, place: str) -> Any:
        """The value that a text stands for; SettingError, naming the place, if it is none."""
        try:
            return self.convert(text)
        except ValueError:
            raise SettingError(f"{place}: {text!r} is no {self.convert.__name__}") from None


def boolean(text: str) -> bool:
    """True where a text says yes; ValueError where it says neither yes nor no."""
    if text.lower() not in ("true", "yes", "1", "false", "no", "0"):
        raise ValueError(text)
    return text.lower() in ("true", "yes", "1")


def addresses(text: str) -> tuple[str, ...]:
    """The addresses of a text, each of a server on the web; ValueError where one is not."""
    found = tuple(text.split())
    for address in found:
        if not is_address(address):
            raise ValueError(address)
    return found


def is_address(text: str) -> bool:
    """True where a text is an address of a server on the web, without a password in it."""
    place = urlsplit(text)
    return place.scheme in ("http", "https") and bool(place.hostname) and not place.username


def read_file(path: Path) -> dict[str, Any]:
    """The settings of a TOML file; SettingError if it cannot be read."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingError(f"{path}: {error}") from None


def table() -> Iterator[SettingRow]:
    """The settings, in order."""
    for row in fields(Settings):
        convert: Callable[[str], Any] = type(row.default)
        if row.default is None or isinstance(row.default, Path):
            convert = Path
        elif isinstance(row.default, bool):
            convert = boolean
        elif isinstance(row.default, tuple):
            convert = addresses
        yield SettingRow(
            row.name, row.default, row.metadata["help"], convert, row.metadata.get("secret", False)
        )
