"""XML as it is sent: what no parser could read is found before anybody has to.

The serialisers write characters that XML 1.0 cannot hold (section 2.2), predicates that are no XML
names (RDF/XML, 5.1.2: the property's IRI has to end in one), and carriage returns that a parser
would change into line feeds (XML 1.0, 2.11).
"""

import re
from typing import Protocol
from xml.parsers import expat

from server.engine.pool.reading import RefusedError

XML_TYPES = frozenset(["application/rdf+xml", "application/sparql-results+xml"])
NAMELESS = re.compile(rb'<oxprefix: xmlns:oxprefix="([^"]*)"')
UNKNOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TAIL = 4096
"""Bytes before the end of what was written in which the cause of an error is looked for."""


class Writer(Protocol):
    """The object that a serialiser writes to."""

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        ...


class XmlText:
    """A file for a serialiser, which passes on what is well-formed; else raises RefusedError."""

    def __init__(self, media_type: str, sink: Writer) -> None:
        self.media_type = media_type
        self.sink = sink
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.tail = b""

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self.tail = self.tail[-TAIL:] + data
        self.parse(data, last=False)
        self.sink.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def finish(self) -> None:
        """Hear that nothing more comes."""
        self.parse(b"", last=True)

    def parse(self, data: bytes, *, last: bool) -> None:
        """Read on."""
        try:
            self.parser.Parse(data, last)
        except expat.ExpatError:
            nameless = NAMELESS.search(self.tail)
            character = UNKNOWN.search(self.tail.decode(errors="ignore"))
            found = f"U+{ord(character[0]):04X}" if character else "?"
            if nameless:
                found = f"<{nameless[1].decode(errors='replace')}>"
            raise unwritable(self.media_type, found) from None

    def flush(self) -> None:
        """Nothing: it is passed on at once."""


def unwritable(media_type: str, found: str) -> RefusedError:
    """A value that a format cannot hold; `found` names it."""
    return RefusedError("unwritable", media_type=media_type, found=found)
