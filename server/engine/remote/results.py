"""A remote engine's result, read to its end and written anew in the format that is wanted.

Reading it proves that it is whole; writing it makes it the same whatever engine it comes from.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, cast

from pyoxigraph import (
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
    serialize,
)

from server.engine import IN_MEMORY, QueryForm
from server.engine.errors import (
    AnswerCut,
    EngineError,
    EngineUnavailable,
    ResultTooLarge,
    Unwritable,
)
from server.engine.pool.reading import RefusedError
from server.engine.pool.xml_text import XML_TYPES, Writer, XmlText
from server.engine.remote.transport import Reply

SPARQL_XML = "application/sparql-results+xml"
GRAPH = "application/n-triples"
# What is not asked for is read all the same: some engines have a single format.
READABLE = {
    "select": f"{SPARQL_XML}, application/sparql-results+json;q=0.5",
    "construct": f"{GRAPH}, text/turtle;q=0.5",
}
# Virtuoso answers ASK with a table of this one column, and names blank nodes by no legal label.
ASK_VARIABLE = "__ASK_RETVAL"
BLANK, LEGAL = b"<bnode>nodeID://", b"<bnode>"


def accepted(form: QueryForm) -> str:
    """The Accept header for a query of that form."""
    return READABLE["construct" if form in ("construct", "describe") else "select"]


def rewrite(
    reply: Reply,
    form: QueryForm,
    media_type: str,
    prefixes: Mapping[str, str],
    limit: int,
    ceiling: int | None = None,
) -> tuple[IO[bytes], int]:
    """The result in another format, and its size; the reply is used up.

    Raises EngineUnavailable where it is no result or not whole, Unwritable where the format cannot
    hold it, ResultTooLarge over `limit` bytes, AnswerCut for a graph of `ceiling` triples: the
    engine gives no more.
    """
    sink = BoundedFile(limit)
    xml = XmlText(media_type, sink) if media_type in XML_TYPES else None
    try:
        with reply.body:
            if form in ("construct", "describe"):
                write_graph(reply, media_type, prefixes, xml or sink, ceiling)
            else:
                write_solutions(reply, form, media_type, xml or sink)
        if xml is not None:
            xml.finish()
    except RefusedError as error:
        sink.body.close()
        raise Unwritable(**error.facts) from None
    except (ValueError, SyntaxError, OSError):
        sink.body.close()
        raise EngineUnavailable from None
    except EngineError:
        sink.body.close()
        raise
    sink.body.seek(0)
    return sink.body, sink.size


def write_graph(
    reply: Reply,
    media_type: str,
    prefixes: Mapping[str, str],
    sink: Writer,
    ceiling: int | None,
) -> None:
    """The triples of a reply."""
    read, wanted = (
        RdfFormat.from_media_type(reply.media_type),
        RdfFormat.from_media_type(media_type),
    )
    if read is None or wanted is None:
        raise ValueError(reply.media_type)
    triples = (quad.triple for quad in below(ceiling, parse(reply.body, read)))
    serialize(triples, cast(IO[bytes], sink), wanted, prefixes=dict(prefixes) or None)


def below(ceiling: int | None, quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads; AnswerCut where there are so many."""
    for number, quad in enumerate(quads, 1):
        if number == ceiling:
            raise AnswerCut
        yield quad


def write_solutions(reply: Reply, form: QueryForm, media_type: str, sink: Writer) -> None:
    """The solutions of a reply, or its yes or no."""
    read = QueryResultsFormat.from_media_type(reply.media_type)
    wanted = QueryResultsFormat.from_media_type(media_type)
    if read is None or wanted is None:
        raise ValueError(reply.media_type)
    source = cast(IO[bytes], Renamed(reply.body)) if read == QueryResultsFormat.XML else reply.body
    result = parse_query_results(source, read)
    if isinstance(result, QuerySolutions):
        if form == "ask":
            if [variable.value for variable in result.variables] != [ASK_VARIABLE]:
                raise ValueError("a table")
            result = truth(value=any(row[0] is not None for row in result))
        result.serialize(cast(IO[bytes], sink), wanted)
    elif form == "ask":
        result.serialize(cast(IO[bytes], sink), wanted)
    else:
        raise ValueError("a yes or no")


def truth(*, value: bool) -> QueryBoolean:
    """The result of an ASK."""
    text = b'{"head":{},"boolean":%s}' % (b"true" if value else b"false")
    return cast(QueryBoolean, parse_query_results(text, QueryResultsFormat.JSON))


class Renamed:
    """A file of results in XML, in which the blank nodes of Virtuoso have legal labels."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.held = b""

    def read(self, size: int = -1) -> bytes:
        """Some of it, never more than `size`."""
        while True:
            part = self.source.read(size if size < 0 else max(1, size - len(self.held)))
            text = (self.held + part).replace(BLANK, LEGAL)
            # What may be the beginning of a label stays until the rest has come.
            keep = next((n for n in range(len(BLANK) - 1, 0, -1) if text.endswith(BLANK[:n])), 0)
            if not part or size < 0:
                keep = 0
            self.held, text = text[len(text) - keep :], text[: len(text) - keep]
            if text or not part:
                return text


class BoundedFile:
    """A file that takes so many bytes and no more; long ones leave the memory."""

    def __init__(self, limit: int) -> None:
        # The answer's, which closes it.
        self.body = cast(IO[bytes], tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
        self.limit = limit
        self.size = 0

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self.size += len(data)
        if self.size > self.limit:
            raise ResultTooLarge(self.limit)
        return self.body.write(data)

    def flush(self) -> None:
        """Nothing: it is all here."""
