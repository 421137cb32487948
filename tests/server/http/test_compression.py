"""gzip and zstd, by what the caller reads; what stays as it is."""

import gzip

import pytest
import zstandard

LONG = "SELECT ?x { VALUES ?x { " + " ".join(f'"line {n}"' for n in range(400)) + " } }"
PLAIN = "x\r\n" + "".join(f"line {n}\r\n" for n in range(400))


def unpack(reply) -> str:
    coding = reply.headers["Content-Encoding"]
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(reply.body).decode()
    return (gzip.decompress(reply.body) if coding == "gzip" else reply.body).decode()


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, zstd;q=0.5", "gzip"),
        ("*", "zstd"),
        ("*, zstd;q=0", "gzip"),
        ("gzip;q=0.5, identity", None),
        ("gzip;q=0, zstd;q=0.0", None),
        ("br, deflate", None),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("", None),
        (None, None),
    ],
)
def test_a_result_comes_in_the_coding_that_is_liked_best(endpoint, accepted, coding):
    headers = {"Accept": "text/csv"} | ({} if accepted is None else {"Accept-Encoding": accepted})
    reply = endpoint.get(LONG, headers)
    assert reply.headers["Content-Encoding"] == coding
    assert unpack(reply) == PLAIN
    assert reply.headers["Vary"] == "Accept, Accept-Encoding"
    assert (len(reply.body) < len(PLAIN) / 2) == bool(coding)


def test_a_compressed_result_has_a_weak_name_and_is_not_sent_twice(endpoint):
    plain = endpoint.get(LONG).headers["ETag"]
    packed = endpoint.get(LONG, {"Accept-Encoding": "gzip"}).headers["ETag"]
    assert packed == f"W/{plain}"
    for etag in (plain, packed):
        again = endpoint.get(LONG, {"Accept-Encoding": "gzip", "If-None-Match": etag})
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", packed)
        assert again.headers["Vary"] == "Accept, Accept-Encoding"


def test_what_is_small_is_sent_as_it_is(endpoint):
    reply = endpoint.get("ASK{}", {"Accept-Encoding": "gzip"})
    assert reply.headers["Content-Encoding"] is None
    assert reply.json["boolean"] is True
    assert not reply.headers["ETag"].startswith("W/")


@pytest.mark.parametrize("path", ["/def", "/query", "/static/maillage.css", "/sparql"])
def test_pages_and_documents_are_compressed_too(endpoint, path):
    headers = {"Accept": "text/html;q=0.5, text/turtle, text/css"}
    plain = endpoint.request(path, headers=headers)
    packed = endpoint.request(path, headers={**headers, "Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert unpack(packed) == plain.text
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_what_is_compressed_already_is_not_packed_again(endpoint):
    reply = endpoint.request("/export.nq", headers={"Accept-Encoding": "gzip, zstd"})
    assert reply.headers["Content-Encoding"] == "gzip"
    assert b"<https://example.org/gave>" in gzip.decompress(reply.body)


def test_head_tells_the_coding_of_get(endpoint):
    head = endpoint.request(
        "/query", method="HEAD", headers={"Accept-Encoding": "zstd", "Accept": "text/html"}
    )
    assert (head.headers["Content-Encoding"], head.body) == ("zstd", b"")
