"""Bytes that are hardly HTTP: each is refused, or the connection ends."""

END = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
MESSAGES: dict[str, bytes] = {
    "ten thousand headers": (GET + b"X-A: b\r\n" * 10_000 + b"\r\n"),
    "a header of a megabyte": (GET + b"X-A: " + b"b" * 1_000_000 + b"\r\n\r\n"),
    "an address of a megabyte": (b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
    "half a request": GET,
    "a body that never comes": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 999\r\n\r\nASK"
    ),
    "a length below zero": (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
    "two lengths": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
    ),
    "chunks that are none": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/sparql-query\r\n\r\nzzz\r\n"
    ),
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20),
    "a method of its own": (b"BREW /sparql" + END),
    "a path that climbs": (b"GET /static/../../../../etc/passwd" + END),
    "a path that climbs in percents": (b"GET /static/..%2f..%2f..%2fetc%2fpasswd" + END),
    "an export that climbs": (b"GET /export/..%2f..%2fcurrent" + END),
    "bytes that are no UTF-8": (b"GET /sparql?query=%FF%FE" + END),
    "a null in the address": (b"GET /id/authority/%00" + END),
    "a thousand and one parameters": (b"GET /sparql?" + b"a=1&" * 1001 + b"query=ASK%7B%7D" + END),
}
