"""Bytes that are hardly HTTP, and how the answer to each may begin; empty: the server hangs up."""

END = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
# Name, bytes, and how the answer may begin.
MESSAGES: dict[str, tuple[bytes, tuple[bytes, ...]]] = {
    "ten thousand headers": (
        GET + b"X-A: b\r\n" * 10_000 + b"\r\n",
        (b"HTTP/1.1 431", b"HTTP/1.1 400", b""),
    ),
    "a header of a megabyte": (
        GET + b"X-A: " + b"b" * 1_000_000 + b"\r\n\r\n",
        (b"HTTP/1.1 431", b"HTTP/1.1 400", b""),
    ),
    "an address of a megabyte": (
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        (b"HTTP/1.1 414", b"HTTP/1.1 4", b""),
    ),
    "half a request": (GET, (b"HTTP/1.1 400", b"")),
    "a body that never comes": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 999\r\n\r\nASK",
        (b"HTTP/1.1 4", b"HTTP/1.1 5", b""),
    ),
    "a length below zero": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        (b"HTTP/1.1 400", b""),
    ),
    "two lengths": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        (b"HTTP/1.1 400", b""),
    ),
    "chunks that are none": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/sparql-query\r\n\r\nzzz\r\n",
        (b"HTTP/1.1 4", b"HTTP/1.1 5", b""),
    ),
    "no HTTP at all": (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
        (b"HTTP/1.1 400", b""),
    ),
    "a method of its own": (
        b"BREW /sparql" + END,
        (b"HTTP/1.1 501",),
    ),
    "a path that climbs": (
        b"GET /static/../../../../etc/passwd" + END,
        (b"HTTP/1.1 404", b"HTTP/1.1 400"),
    ),
    "a path that climbs in percents": (
        b"GET /static/..%2f..%2f..%2fetc%2fpasswd" + END,
        (b"HTTP/1.1 404",),
    ),
    "an export that climbs": (
        b"GET /export/..%2f..%2fcurrent" + END,
        (b"HTTP/1.1 404",),
    ),
    "bytes that are no UTF-8": (
        b"GET /sparql?query=%FF%FE" + END,
        (b"HTTP/1.1 400",),
    ),
    "a null in the address": (
        b"GET /id/authority/%00" + END,
        (b"HTTP/1.1 404", b"HTTP/1.1 303", b"HTTP/1.1 400"),
    ),
    "a thousand and one parameters": (
        b"GET /sparql?" + b"a=1&" * 1001 + b"query=ASK%7B%7D" + END,
        (b"HTTP/1.1 400",),
    ),
}
