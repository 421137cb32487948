"""`/export.<format>`: everything, to take away."""

import gzip
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from server.http.formats import formats_for, named
from server.http.negotiation import UnknownFormat
from server.linked_data.whole_graphs import whole_graph
from server.site import site

blueprint = Blueprint("export", __name__)

DUMPS = ("ttl", "nq")
"""The formats in which a version has a dump; others are written when they are asked for."""
# The dump in TriG would be a third copy of the same; N-Quads says it.
FORMATS = tuple(entry for entry in formats_for("construct") if entry.name != "trig")
CHUNK = 256 * 1024


@blueprint.get("/export.<extension>")
def export(extension: str) -> AnyResponse:
    """The default graph, or as `.nq` every quad of every graph."""
    entry = named(extension, FORMATS)
    if entry is None:
        raise UnknownFormat(extension, FORMATS)
    version = site().current_version()
    dump = version.path / f"maillage.{entry.extension}.gz"
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
    return response


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
