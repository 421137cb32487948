"""Answers of text in gzip or zstd, for who reads that (RFC 9110, 12.5.3)."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

import zstandard
from flask import Response, request
from werkzeug.datastructures import Accept

CODINGS = ("zstd", "gzip")
"""In order of preference, where the caller likes them as much."""
SMALLEST = 1024
"""Bytes below which the headers of a coding cost what it saves."""
TEXT = ("text/", "application/n-", "application/trig", "application/json", "application/xml")
STRUCTURED = ("+json", "+xml", "javascript")
LEVELS = {"zstd": 3, "gzip": 5}


class Compressor(Protocol):
    """The object that turns chunks into fewer bytes."""

    def compress(self, data: bytes, /) -> bytes:
        """The next bytes of the coding; none while it gathers."""
        ...

    def flush(self) -> bytes:
        """The last bytes."""
        ...


def compress(response: Response) -> Response:
    """The response in the coding that the caller likes best, or as it is.

    A result that streams is compressed as it goes. The bytes differ from one coding to the next,
    the content does not, so the ETag becomes a weak one (RFC 9110, 8.8.1).
    """
    if response.status_code != 304 and not compressible(response):
        return response
    response.vary.add("Accept-Encoding")
    coding = choose_coding(request.accept_encodings)
    unchanged = response.status_code == 304
    size = len(response.get_data()) if response.is_sequence else response.content_length
    if coding is None or (size is not None and size < SMALLEST and not unchanged):
        return response
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    if unchanged:
        return response
    response.headers["Content-Encoding"] = coding
    # A digest is of the bytes in their coding (RFC 9530, 3), which are not known yet.
    response.headers.pop("Repr-Digest", None)
    if response.is_sequence:
        response.set_data(whole(response.get_data(), coding))
    else:
        chunks = response.iter_encoded()
        response.direct_passthrough = False
        response.response = compressed(chunks, coding)
        response.headers.pop("Content-Length", None)
    return response


def compressible(response: Response) -> bool:
    """True where a response is whole, of text, and not compressed already."""
    media_type = response.mimetype or ""
    return (
        response.status_code not in (204, 206)
        and "Content-Encoding" not in response.headers
        and (media_type.startswith(TEXT) or media_type.endswith(STRUCTURED))
    )


def choose_coding(accepted: Accept) -> str | None:
    """The coding with the highest weight; None where identity is liked better or nothing fits."""
    weights = {coding: accepted.quality(coding) for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: weights[coding])  # the first of those alike
    identity = next((weight for name, weight in accepted if name == "identity"), 0)
    return best if weights[best] and weights[best] >= identity else None


def whole(data: bytes, coding: str) -> bytes:
    """The bytes at once; the same bytes for the same content."""
    if coding == "gzip":
        return gzip.compress(data, LEVELS[coding], mtime=0)
    return zstandard.ZstdCompressor(LEVELS[coding]).compress(data)


def compressed(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The chunks in a coding, as they come."""
    compressor = open_compressor(coding)
    for chunk in chunks:
        if data := compressor.compress(chunk):
            yield data
    yield compressor.flush()


def open_compressor(coding: str) -> Compressor:
    """A compressor for one stream."""
    if coding == "gzip":
        return zlib.compressobj(LEVELS[coding], wbits=31)  # 31: with the header of gzip
    return zstandard.ZstdCompressor(LEVELS[coding]).compressobj()
