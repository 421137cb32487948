"""`/export.<format>`: everything, to take away."""

import gzip
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.http.formats import Format, formats_for, named
from server.http.negotiation import UnknownFormat
from server.linked_data.whole_graphs import whole_graph, written_graph
from server.pages.rendering import kept
from server.site import site

blueprint = Blueprint("export", __name__)

DUMPS = ("ttl", "nq")
"""The formats in which a version has a dump; others are written when they are asked for."""
# The dump in TriG would be a third copy of the same; N-Quads says it.
FORMATS = tuple(entry for entry in formats_for("construct") if entry.name != "trig")
CHUNK = 256 * 1024


@blueprint.get("/export.<extension>")
@blueprint.get("/export.<extension>.sha256", defaults={"checksum": True}, endpoint="checksum")
def export(extension: str, checksum: bool = False) -> AnyResponse:
    """The default graph, or as `.nq` every quad of every graph; or the checksum of the file."""
    entry = named(extension, FORMATS)
    if entry is None:
        raise UnknownFormat(extension, FORMATS)
    version = site().current_version()
    dump = version.path / f"maillage.{entry.extension}.gz"
    if checksum:
        return checksum_of(dump, version.id, entry)
    if entry.extension in DUMPS and dump.is_file():
        response = send_dump(dump, f"{version.id}-{entry.extension}")
    elif entry.name == "nquads":
        raise UnknownFormat(extension, FORMATS[:-1])
    else:
        response = whole_graph(site(), None, entry)
    response.headers["Content-Type"] = entry.content_type
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="maillage-{version.id}.{entry.extension}"'
    )
    told = url_for("export.checksum", extension=entry.extension)
    response.headers.add("Link", f'<{told}>; rel="describedby"; type="text/plain"')
    return response


def checksum_of(dump: Path, version: str, entry: Format) -> Response:
    """The SHA-256 of the file as it is without compression, for sha256sum."""
    if entry.extension in DUMPS and dump.is_file():
        digest = unpacked_digest(dump)
    elif entry.name != "nquads" and (written := written_graph(site(), None, entry)):
        digest = written.sha256
    else:
        abort(404)
    name = f"maillage-{version}.{entry.extension}"
    return kept(Response(f"{digest}  {name}\n", mimetype="text/plain"))


@lru_cache(maxsize=8)
def unpacked_digest(dump: Path) -> str:
    """The SHA-256 of the content of a gzip file, which does not change."""
    with gzip.open(dump) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def send_dump(dump: Path, name: str) -> Response:
    """A compressed dump: as it lies there for who takes gzip, else unpacked on the way."""
    if request.accept_encodings["gzip"]:
        response = send_file(dump, etag=f"{name}-gzip", conditional=True)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(unpacked(dump))
        # Its length is not known: it would be counted by holding all of it in memory.
        response.automatically_set_content_length = False
        response.set_etag(name)
        response.make_conditional(request)
    response.vary.add("Accept-Encoding")
    return response


def unpacked(path: Path) -> Iterator[bytes]:
    """The content of a gzip file, in chunks."""
    with gzip.open(path) as content:
        while chunk := content.read(CHUNK):
            yield chunk
