"""`/code/{scheme}/{code}`: who holds a code today, or on the day of `on=`."""

from datetime import UTC, date, datetime

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.graph.codes import CodeHolder, read_holders
from server.http.problems import problem_response
from server.iris import document_path
from server.linked_data.negotiation import check_parameters, quoted
from server.site import site

blueprint = Blueprint("codes", __name__)


@blueprint.get("/code/<scheme>/<path:code>")
def code(scheme: str, code: str) -> AnyResponse:
    """303 to the one holder of a code on a day; 300 with the choices where there are several.

    404 where nobody holds it on that day says who does at other times.
    """
    check_parameters(("on", "lang"))
    day = wanted_day()
    known = read_holders(site().engine, scheme, code)
    holding = list(dict.fromkeys(each.iri for each in known if each.holds_on(day)))
    if len(holding) == 1:
        response = redirect(request.script_root + id_path(holding[0]), 303)
        response.headers["Cache-Control"] = "no-store"  # another day, another holder
        return response
    told = "; ".join(map(spelled, known)) or "—"
    facts = {"given": f"{scheme}/{code}"[:200], "on": day.isoformat(), "known": told}
    answer = problem_response("code-choices" if holding else "code-unheld", facts)
    rel = "alternate" if holding else "related"
    for iri in holding or dict.fromkeys(each.iri for each in known):
        answer.headers.add("Link", f'<{quoted(request.script_root + id_path(iri))}>; rel="{rel}"')
    return answer


def wanted_day() -> date:
    """The day that `on=` names, else today; answers 400 where it is none."""
    given = request.args.get("on")
    if given is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        return refused(given)


def refused(given: str) -> date:
    """Answer 400 to what is no day."""
    facts = {"parameter": "on", "given": given[:200], "offered": "YYYY-MM-DD"}
    return abort(problem_response("choice", facts))


def id_path(iri: str) -> str:
    """The path of a thing's IRI on this site."""
    return (document_path(iri) or "/").replace("/doc/", "/id/", 1)


def spelled(holder: CodeHolder) -> str:
    """A holder with its dates."""
    dates = f"{holder.first or '…'}/{holder.last or '…'}"
    return f"{holder.scheme} {dates} {holder.iri}"
