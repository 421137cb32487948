"""SPARQL 1.1 Protocol, the query operation (section 2.1), without a web framework.

From method, query string, content type and body to a `QueryRequest`, or a `ProtocolError` with the
status that the standard asks for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
UNICODE = ("", "utf-8", "utf8", "us-ascii")
BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Parameters of which several make no sense. The graphs may repeat.
SINGLE = ("query", "format", "timeout", "lang")
GRAPHS = ("default-graph-uri", "named-graph-uri")


class ProtocolError(Exception):
    """A request that is no query; `kind` names the problem, `status` is what HTTP answers."""

    def __init__(self, status: int, kind: str, **facts: object) -> None:
        super().__init__(kind)
        self.status = status
        self.kind = kind
        self.facts = facts


@dataclass(frozen=True)
class QueryRequest:
    """One query operation. `query` is None when a GET asks for the service description."""

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout: float | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    """`format`, `lang` and whatever else stands beside the query."""


def read_request(method: str, query_string: str, content_type: str, body: bytes) -> QueryRequest:
    """The query operation that a request stands for; raises ProtocolError."""
    pairs = read_pairs(query_string)
    if method == "POST":
        media_type, charset = read_content_type(content_type)
        if media_type == UPDATE:
            raise ProtocolError(403, "update")
        if media_type not in (FORM, DIRECT):
            raise ProtocolError(415, "media-type", given=media_type or "—")
        if charset not in UNICODE:
            raise ProtocolError(415, "charset", given=charset)
        text = decode(body)
        if media_type == DIRECT:
            pairs.append(("query", text))
        else:
            pairs += read_pairs(text)
    return read_parameters(method, pairs)


def read_parameters(method: str, pairs: list[tuple[str, str]]) -> QueryRequest:
    """The query operation with these parameters."""
    names = [name for name, _ in pairs]
    if "update" in names:
        raise ProtocolError(403, "update")
    for name in SINGLE:
        if names.count(name) > 1:
            raise ProtocolError(400, "repeated", parameter=name)
    options = {name: value for name, value in pairs if name not in GRAPHS}
    query = options.pop("query", None)
    if query is None and (method == "POST" or any(name in names for name in GRAPHS)):
        raise ProtocolError(400, "missing")
    if query is not None and not query.strip():
        raise ProtocolError(400, "missing")
    return QueryRequest(
        query,
        tuple(value for name, value in pairs if name == "default-graph-uri"),
        tuple(value for name, value in pairs if name == "named-graph-uri"),
        read_timeout(options.pop("timeout", None)),
        options,
    )


def read_timeout(value: str | None) -> float | None:
    """Seconds, above zero."""
    if value is None:
        return None
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value) or not float(value):
        raise ProtocolError(400, "timeout", given=value)
    return float(value)


def read_content_type(header: str) -> tuple[str, str]:
    """The media type and the charset ("" when unsaid) of a Content-Type header."""
    media_type, _, parameters = header.partition(";")
    charset = re.search(r"""charset\s*=\s*["']?([^"';\s]+)""", parameters, re.IGNORECASE)
    return media_type.strip().lower(), charset[1].lower() if charset else ""


def read_pairs(text: str) -> list[tuple[str, str]]:
    """The parameters of a query string or form; what `parse_qsl` would repair is refused."""
    if BROKEN_ESCAPE.search(text):
        raise ProtocolError(400, "encoding")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise ProtocolError(400, "encoding") from None
    except ValueError:
        raise ProtocolError(400, "parameters") from None


def decode(body: bytes) -> str:
    """The text of a body in UTF-8, the only encoding of SPARQL."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProtocolError(400, "encoding") from None
