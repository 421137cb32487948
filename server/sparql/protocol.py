"""SPARQL 1.1 Protocol, the query operation (section 2.1), without a web framework.

From method, query string, content type and body to a `QueryRequest`, or a `ProtocolError` with the
status that the standard asks for.
"""

import re
from binascii import a2b_qp
from collections.abc import Mapping
from dataclasses import dataclass, field

from server.engine.media_types import SPARQL_QUERY, SPARQL_UPDATE, URL_ENCODED
from server.http.errors import ProtocolError
from server.http.formats import meant

UNICODE = ("", "utf-8", "utf8", "us-ascii")
BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Parameters of which several make no sense. The graphs may repeat.
SINGLE = ("query", "timeout", "lang")
# The format, as Virtuoso, Fuseki and rasqal call it; SPARQLWrapper sends all three, with a short
# name and a media type or several.
HINTS = ("format", "output", "results")
GRAPH_PARAMETERS = ("default-graph-uri", "named-graph-uri")
# Strings and IRIs, in which the engine reads escapes itself, comments, in which nobody does; else
# an escape, or a keyword that the engine knows in lower case only.
SPELLINGS = re.compile(
    # A string that nobody ends goes to its last possible place: looked for anew from each of its
    # quotes, the end would cost the square of the length.
    r"""\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})? | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?
      | "(?:[^"\\\n\r]|\\.)*+"? | '(?:[^'\\\n\r]|\\.)*+'?
      | <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+> | \#[^\n\r]*+
      | \\u(?P<four>[0-9A-Fa-f]{4}) | \\U(?P<eight>[0-9A-Fa-f]{8})
      | (?<![\w?$:@%.·\\-])(?P<boolean>(?i:true|false))\b(?![\w.·-]*+:)""",
    re.VERBOSE | re.DOTALL,
)
SPELT = ("\\u", "\\U", "TRUE", "FALSE", "True", "False")
MAX_PARAMETERS = 1000
FLEETING = re.compile(r"(?:now|rand|uuid)(?=\s*+[(#])")


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
        if media_type == SPARQL_UPDATE:
            raise ProtocolError(403, "update")
        if media_type not in (URL_ENCODED, SPARQL_QUERY):
            raise ProtocolError(415, "media-type", given=media_type or "—")
        if charset not in UNICODE:
            raise ProtocolError(415, "charset", given=charset)
        text = decode(body)
        if media_type == SPARQL_QUERY:
            pairs.append(("query", text))
        else:
            pairs += read_pairs(text)
    return read_parameters(method, pairs)


def read_parameters(method: str, pairs: list[tuple[str, str]]) -> QueryRequest:
    """The query operation with these parameters."""
    if len(pairs) == 1 and pairs[0][0] == "query" and pairs[0][1].strip():  # most of them
        return QueryRequest(respell(pairs[0][1]))
    names = [name for name, _ in pairs]
    if "update" in names:
        raise ProtocolError(403, "update")
    for name in SINGLE:
        if names.count(name) > 1:
            raise ProtocolError(400, "repeated", parameter=name)
    options = {name: value for name, value in pairs if name not in (*GRAPH_PARAMETERS, *HINTS)}
    hint = read_hint(pairs)
    if hint is not None:
        options["format"] = hint
    query = options.pop("query", None)
    if query is None and (method == "POST" or any(name in names for name in GRAPH_PARAMETERS)):
        raise ProtocolError(400, "missing")
    if query is not None and not query.strip():
        raise ProtocolError(400, "missing")
    return QueryRequest(
        None if query is None else respell(query),
        tuple(value for name, value in pairs if name == "default-graph-uri"),
        tuple(value for name, value in pairs if name == "named-graph-uri"),
        read_timeout(options.pop("timeout", None)),
        options,
    )


def read_hint(pairs: list[tuple[str, str]]) -> str | None:
    """The format that the parameters ask for; ProtocolError where one is given twice, and others.

    What is said several times and means the same is said once.
    """
    for hint in HINTS:
        values = [v.strip() for name, value in pairs if name == hint for v in value.split(",")]
        wanted = [value for value in values if value]
        if not wanted:
            continue
        if len(set(wanted)) > 1 and not set.intersection(*(set(meant(value)) for value in wanted)):
            raise ProtocolError(400, "repeated", parameter=hint)
        return wanted[0]
    return None


def respell(query: str) -> str:
    r"""The query with its keywords and names as the engine can read them.

    SPARQL 1.1 Query, 19.2 admits codepoint escapes anywhere, as in `\u0053ELECT`, and 19.8, note 1
    `TRUE` for `true`; the engine does not.
    """
    return SPELLINGS.sub(_respelt, query) if any(word in query for word in SPELT) else query


def _respelt(found: re.Match[str]) -> str:
    """The character of an escape, a boolean in lower case; anything else as it stands."""
    if found["boolean"]:
        return found["boolean"].lower()
    digits = found["four"] or found["eight"]
    code = int(digits, 16) if digits else -1
    return chr(code) if 0 <= code < 0xD800 or 0xDFFF < code <= 0x10FFFF else found[0]


def is_repeatable(query: str) -> bool:
    """True where the same data gives the same answer: no clock, no dice.

    A string that only looks like such a call is taken for one: it costs a cache, not the truth.
    """
    lowered = query.lower()
    fleeting = "now" in lowered or "rand" in lowered or "uuid" in lowered
    return not fleeting or FLEETING.search(lowered) is None


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
    if text.count("&") >= MAX_PARAMETERS:
        raise ProtocolError(400, "parameters")
    try:
        parts = (part.partition("=") for part in text.split("&") if part)
        return [(unescape(name), unescape(value)) for name, _, value in parts]
    except UnicodeError:
        raise ProtocolError(400, "encoding") from None


def unescape(text: str) -> str:
    """The text that a form writes so; UnicodeDecodeError where it is not UTF-8.

    Quoted-printable (RFC 2045) is the same but for its sign, and the standard library decodes it in
    C: for a query of some lines that takes a twentieth of the time of `urllib.parse`.
    """
    text = text.replace("+", " ")
    if "%" not in text:
        return text
    return a2b_qp(text.replace("=", "=3D").replace("%", "=").encode()).decode()


def decode(body: bytes) -> str:
    """The text of a body in UTF-8, the only encoding of SPARQL."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProtocolError(400, "encoding") from None
