"""`/export/{type}/{key}.{format}`: a part of the graph in a file."""

from collections.abc import Mapping
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
        response = Response(f"{written.sha256}  {name}\n", mimetype="text/plain")
        response.headers["Cache-Control"] = "no-cache"
        return response
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
    """The file of an export; answers 406 where the format cannot hold it.

    Raises Busy where another version came to be served meanwhile, twice.
    """
    for _ in range(2):
        version = site().current_version()
        key = (str(version.path), part, entry.name)
        try:
            written = FILES.find(key, partial(write, part, entry, version.id))
        except UnwritableError as error:
            facts = {"media_type": entry.media_type, "found": str(error)}
            return abort(problem_response("unwritable", facts))
        except Moved:
            continue
        return written
    raise Busy(RETRY_AFTER)


class Moved(Exception):
    """Another version is served than when an export began."""


def write(part: Part, entry: Format, version: str, path: Path) -> None:
    """Write an export of one version; Moved where its end would be of another."""
    engine, at = site().engine, site().current_version()
    Export(engine, version, at.manifest, part, folder=at.path).write(entry, path)
    if engine.version() != version:
        raise Moved(version)


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
