"""`/export/{type}/{key}.{format}`: a part of the graph in a file."""

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from pathlib import Path

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.engine.errors import Busy
from server.graph.exports import DEPTHS, SCOPES, THEMED, TYPES, WHOLE, Part, find_part
from server.http.formats import Format
from server.http.problems import problem_response
from server.linked_data.exports.formats import FORMATS, split_format
from server.linked_data.exports.notice import address_of
from server.linked_data.exports.writing import Export
from server.linked_data.kept_files import FILES, RETRY_AFTER, Written, send_written
from server.linked_data.negotiation import check_parameters, wanted_format
from server.linked_data.serialisation import UnwritableError
from server.site import site
from server.versions import Version

blueprint = Blueprint("part_export", __name__)

CHECKSUM = ".sha256"


@blueprint.get("/export/<kind>/<path:key>")
def export(kind: str, key: str) -> AnyResponse:
    """A part of the graph in the format of the suffix, or what `Accept` likes best.

    With `.sha256` after it: the checksum of that file, for sha256sum.
    """
    if kind not in TYPES:
        return unknown(kind, key)
    bare, suffix = split_format(key.removesuffix(CHECKSUM))
    entry = wanted_format(suffix, FORMATS)
    part = wanted_part(kind, bare)
    if part is None:
        return unknown(kind, bare)
    name = file_name(part, entry)
    written = write_part(part, entry)
    if key.endswith(CHECKSUM) and suffix:
        return checksum_of(written, name)
    response = send_written(written, entry, name)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers.add("Link", f'<{address_of(part)}>; rel="canonical"')
    response.headers.add("Link", f'<{part.iri}>; rel="about"')
    checksum = url_for(
        "part_export.export", kind=kind, key=f"{bare}.{entry.extension}{CHECKSUM}",
        **dict(part.parameters),  # type: ignore[arg-type]
    )  # fmt: skip
    response.headers.add("Link", f'<{checksum}>; rel="describedby"; type="text/plain"')
    response.headers.add("Link", '</catalog>; rel="collection"')
    if not suffix:
        response.vary.add("Accept")
    return response


def wanted_part(kind: str, key: str) -> Part | None:
    """The part that the address asks for; answers 400 where a parameter does not fit."""
    known = ["scope", "lang"]
    known += ["depth"] if kind not in WHOLE else []
    known += ["theme"] if kind in THEMED else []
    check_parameters(known)
    scope, depth = request.args.get("scope", ""), request.args.get("depth", "1")
    refuse_unless("scope", scope, ("", *SCOPES))
    refuse_unless("depth", depth, [str(each) for each in DEPTHS])
    engine, theme = site().engine, request.args.get("theme", "")
    return find_part(engine, kind, key, int(depth), scope, theme)


def refuse_unless(name: str, given: str, known: tuple[str, ...] | list[str]) -> None:
    """Answer 400 where a parameter has none of its values."""
    if given not in known:
        facts = {"parameter": name, "given": given[:200], "offered": ", ".join(filter(None, known))}
        abort(problem_response("choice", facts))


def write_part(part: Part, entry: Format) -> Written:
    """The file of an export; answers 406 where the format cannot hold it."""
    engine = site().engine

    def write(version: Version, path: Path) -> None:
        made = Export(engine, version.id, version.manifest, part, folder=version.path)
        made.write(entry, path)

    return kept_file(part, entry, write)


def kept_file(of: Hashable, entry: Format, write: Callable[[Version, Path], object]) -> Written:
    """The file of something in a format, written once for a version.

    Answers 406 where the format cannot hold it; raises Busy where another version came to be served
    meanwhile, twice.
    """
    for _ in range(2):
        version = site().current_version()
        try:
            key = (str(version.path), of, entry.name)
            return FILES.find(key, partial(_write, write, version))
        except UnwritableError as error:
            facts = {"media_type": entry.media_type, "found": str(error)}
            return abort(problem_response("unwritable", facts))
        except Moved:
            continue
    raise Busy(RETRY_AFTER)


class Moved(Exception):
    """Another version is served than when an export began."""


def _write(write: Callable[[Version, Path], object], version: Version, path: Path) -> None:
    write(version, path)
    if site().engine.version() != version.id:
        raise Moved(version.id)


def checksum_of(written: Written, name: str) -> Response:
    """The checksum of a file, for sha256sum."""
    response = Response(f"{written.sha256}  {name}\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "no-cache"
    return response


def file_name(part: Part, entry: Format) -> str:
    """The name of the file for a browser: plain letters, as headers take them."""
    words = [part.kind, part.key, *(f"{k}-{v}" for k, v in part.parameters.items())]
    plain = "-".join(words).encode("ascii", "replace").decode()
    kept = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in plain)
    return f"maillage-{kept[:150]}.{entry.extension}"


def unknown(kind: str, key: str) -> Response:
    """404 with what there is an export of."""
    facts: Mapping[str, object] = {"given": f"{kind}/{key}"[:200], "offered": ", ".join(TYPES)}
    return problem_response("no-export", facts)
