"""`/queries`: the catalogue, a page for each query, and its results in every format."""

import csv
import io
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queries import ArgumentError, Query, catalogue
from server.engine.limits import read_checked
from server.http.formats import formats_for, named
from server.http.negotiation import UnknownFormat, choose_format, prefers_html
from server.http.problems import problem_response
from server.pages.answers import arguments_of, attempt, complaint
from server.pages.drawn import draw_result
from server.pages.forms import options
from server.pages.rendering import Page, kept, missing, respond
from server.pages.snippets import snippets
from server.site import site

blueprint = Blueprint("catalogue", __name__)

ROWS = 50
DOWNLOADS = ("csv", "json", "xml", "tsv")
BOM = "\ufeff"


@blueprint.get("/queries")
def index() -> Response:
    """The questions that can be asked."""
    return respond("queries.html", queries=catalogue())


@blueprint.get("/queries.json")
def listing() -> Response:
    """The catalogue for programs: what each query is called, asks, takes and gives."""
    page = Page()
    response = jsonify([entry(query, page) for query in catalogue().values()])
    return kept(response)


def entry(query: Query, page: Page) -> dict[str, object]:
    """One query of the catalogue as JSON."""
    return {
        "name": query.name,
        "summary": {"fr": query.summary.fr, "en": query.summary.en},
        "description": {"fr": query.description.fr, "en": query.description.en},
        "tags": list(query.tags),
        "view": query.view,
        "parameters": {
            name: {
                "type": parameter.type,
                "scheme": parameter.scheme,
                "label": {"fr": parameter.label.fr, "en": parameter.label.en},
                "required": parameter.required,
                "many": parameter.many,
                "any": parameter.any,
                "choices": list(parameter.choices) or None,
                "accepted": parameter.accepted,
                "default": list(query.defaults.get(name, ())),
            }
            for name, parameter in query.parameters.items()
        },
        "columns": {
            name: {"fr": words.fr, "en": words.en} for name, words in query.columns.items()
        },
        "page": page.absolute(url_for("catalogue.query", name=query.name)),
        "results": {
            suffix: page.absolute(url_for("catalogue.query", name=f"{query.name}.{suffix}"))
            for suffix in DOWNLOADS
        },
        "embed": page.absolute(url_for("embed.embed", name=query.name)),
        "query": query.text,
    }


@blueprint.get("/queries/<name>")
def query(name: str) -> AnyResponse:
    """The page of a query, or with a suffix or by Accept its results."""
    head, _, suffix = name.partition(".")
    found = catalogue().get(head)
    if found is None:
        if prefers_html(request.headers.get("Accept", "")):
            return missing(request.path)
        abort(404)
    accept = request.headers.get("Accept", "")
    override = suffix or request.args.get("format")
    if override or (accept and "*/*" not in accept and not prefers_html(accept)):
        response = results(found, override)
    else:
        response = query_page(found)
    if not suffix:
        response.vary.add("Accept")
    return response


def results(found: Query, override: str | None) -> Response:
    """The results of a query in a format; CSV for spreadsheets with `bom=1` and `sep=;`."""
    try:
        text = found.bind(arguments_of(found, request.args))
    except ArgumentError as error:
        return problem_response("request", {"detail": complaint(error, found, Page().voice)})
    candidates = formats_for(read_checked(text, site().settings.limits).form or "select")
    chosen = (
        named("json" if override == "srj" else "xml" if override == "srx" else override, candidates)
        if override
        else choose_format(request.headers.get("Accept", ""), candidates) or candidates[0]
    )
    if chosen is None:
        raise UnknownFormat(override or "", candidates)
    content = site().engine.query(text, media_type=chosen.media_type).read()
    if chosen.name == "csv":
        content = for_spreadsheet(
            content, request.args.get("sep", ","), bom=request.args.get("bom") == "1"
        )
    response = Response(content)
    response.headers["Content-Type"] = chosen.content_type
    response.headers["Content-Disposition"] = f'inline; filename="{found.name}.{chosen.extension}"'
    return kept(response)


def for_spreadsheet(content: bytes, separator: str, *, bom: bool) -> bytes:
    """CSV with another separator (`;` or a tab), and the mark by which Excel knows UTF-8."""
    text = content.decode("utf-8")
    if separator in (";", "\t"):
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=separator).writerows(
            csv.reader(io.StringIO(text, newline=""))
        )
        text = written.getvalue()
    return (BOM + text if bom else text).encode()


def query_page(found: Query) -> Response:
    """The page of a query: its form, its results, its text, and how to take them elsewhere."""
    page = Page()
    engine = site().engine
    number = max(1, request.args.get("page", 1, type=int))
    rows = slice((number - 1) * ROWS, number * ROWS)
    arguments = arguments_of(found, request.args)
    attempted = attempt(engine, found, arguments, page.voice, rows=rows)
    answered, drawn = attempted.answered, None
    if answered:
        wanted = (request.args.get("view", ""), found.view)
        title = getattr(found.summary, page.voice.language)
        headings = page.headings(answered)
        drawn = draw_result(
            site(), answered.table, answered.labels, headings, title, page.voice, *wanted
        )
    shown = {name: list(values) for name, values in arguments.items() if values}
    address = f"?{urlencode(shown, doseq=True)}" if shown else ""
    return respond(
        "query.html",
        attempted.status,
        query=found,
        answered=answered,
        drawn=drawn,
        problem=attempted.problem,
        arguments=arguments,
        number=number,
        rows=rows,
        address=address,
        options={
            name: options(site(), engine.version(), parameter, page.voice)
            for name, parameter in found.parameters.items()
        },
        downloads=DOWNLOADS,
        snippets=snippets(found, page, shown),
    )
