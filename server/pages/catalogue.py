"""`/queries`: the catalogue, a page for each query, and its results in every format."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from queries import ANY, ArgumentError, Query, catalogue, former
from server.charts.result import ChartData
from server.engine.limits import read_checked
from server.engine.results import Table, Term
from server.graph.labels import read_labels
from server.http.formats import formats_for, named
from server.http.negotiation import UnknownFormat, choose_format, prefers_html
from server.http.problems import problem_response
from server.pages.answers import ask_table, attempt, choices_of, complaint, status_of
from server.pages.arguments import Arguments, arguments_of
from server.pages.downloads import (
    GEOJSON,
    XLSX,
    downloads,
    feature_collection,
    for_spreadsheet,
    workbook,
)
from server.pages.drawn import draw_result
from server.pages.forms import options
from server.pages.meanings import resolve
from server.pages.places import read_places
from server.pages.rendering import Page, kept, missing, respond
from server.pages.snippets import SNIPPETS, snippets
from server.site import site

blueprint = Blueprint("catalogue", __name__)

ROWS = 50
TOPICS = (
    "ties", "projects", "themes", "funding", "agreements", "associations", "meetings",
    "groupings", "history", "register", "sources", "coverage", "gaps",
)  # fmt: skip
"""The topics of the catalogue; a question is under the first of its tags that is one."""


@blueprint.get("/queries")
def index() -> Response:
    """The questions that can be asked."""
    topics: dict[str, list[Query]] = {topic: [] for topic in TOPICS}
    for query in catalogue().values():
        topics[next(tag for tag in query.tags if tag in TOPICS)].append(query)
    return respond("queries.html", topics=topics)


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
            for suffix in downloads(query)
        },
        "embed": page.absolute(url_for("embed.embed", name=query.name)),
        "query": query.text,
    }


@blueprint.get("/queries/<name>")
def query(name: str) -> AnyResponse:
    """The page of a query, or with a suffix or by Accept its results."""
    head, _, suffix = name.partition(".")
    found = catalogue().get(head)
    if head in former().renamed:
        asked = request.query_string.decode()
        now = former().renamed[head] + (f".{suffix}" if suffix else "")
        address = url_for("catalogue.query", name=now)
        return redirect(f"{address}?{asked}" if asked else address, 301)
    if head in former().withdrawn:
        voice = Page().voice
        reason = getattr(former().withdrawn[head], voice.language)
        told = {"title": voice("query.withdrawn"), "detail": reason}
        return problem_response("not-found", {"path": request.path, **told}, 410)
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
        text = found.bind(resolve(site(), found, arguments_of(found, request.args), Page().voice))
    except ArgumentError as error:
        facts = {"detail": complaint(error, found, Page().voice), **choices_of(error)}
        return problem_response("request", facts, status_of(error))
    if override in ("xlsx", "geojson") and not found.is_graph:
        return file_response(found, text, override)
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
    return named_file(content, chosen.content_type, f"{found.name}.{chosen.extension}")


def file_response(found: Query, text: str, suffix: str) -> Response:
    """The results as a workbook or as GeoJSON."""
    table = ask_table(site().engine, found, text)
    if suffix == "xlsx":
        return named_file(workbook(table, found.name), XLSX, f"{found.name}.xlsx")
    entities = {term.value for row in table.rows for term in row.values() if term.is_iri}
    result = ChartData(table, places=read_places(site().engine, entities).places)
    return named_file(feature_collection(result), GEOJSON, f"{found.name}.geojson")


def named_file(content: bytes, content_type: str, name: str) -> Response:
    """A file for caches to keep, called so where it is saved."""
    response = Response(content)
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return kept(response)


def sorting(found: Query, sort: str) -> Mapping[str, tuple[str, str]]:
    """By column: the address that sorts by it (downwards if it is sorted), and how it is now."""
    pairs = [(k, v) for k, v in request.args.items(multi=True) if k not in ("sort", "page")]
    ways = {"": "none", sort.removeprefix("-"): "descending" if sort[:1] == "-" else "ascending"}
    return {
        column: (
            f"?{urlencode([*pairs, ('sort', f'-{column}' if sort == column else column)])}#results",
            ways.get(column, "none"),
        )
        for column in found.columns
    }


def query_page(found: Query) -> Response:
    """The page of a query: its form, its results, its text, and how to take them elsewhere."""
    page = Page()
    number = max(1, request.args.get("page", 1, type=int))
    rows = slice((number - 1) * ROWS, number * ROWS)
    arguments = arguments_of(found, request.args)
    sort = request.args.get("sort", "")
    attempted = attempt(site(), found, arguments, page.voice, rows=rows, sort=sort)
    answered, drawn = attempted.answered, None
    if answered:
        wanted = (request.args.get("view", ""), found.view)
        title = getattr(found.summary, page.voice.language)
        headings = page.headings(answered)
        drawn = draw_result(
            site(), answered.table, answered.labels, headings, title, page.voice, *wanted
        )
    subjects = meant(found, answered.arguments) if answered else {}
    names = read_labels(site().engine, [t.value for each in subjects.values() for t in each])
    shown = {name: list(values) for name, values in arguments.items() if values}
    address = f"?{urlencode(shown, doseq=True)}" if shown else ""
    return respond(
        "query.html",
        attempted.status,
        query=found,
        topics=[tag for tag in found.tags if tag in TOPICS],
        answered=answered,
        shown_table=Table(found.shown, answered.table.rows) if answered else None,
        sorts=sorting(found, sort),
        drawn=drawn,
        problem=attempted.problem,
        arguments=answered.arguments if answered else arguments,
        number=number,
        rows=rows,
        address=address,
        options={
            name: options(site(), site().engine.version(), found, name, page.voice)
            for name in found.parameters
        },
        downloads=downloads(found),
        meant=subjects,
        names=names,
        codes=SNIPPETS,
        snippets=snippets(found, page, shown, answered.text if answered else found.text),
    )


def meant(found: Query, arguments: Arguments) -> Mapping[str, list[Term]]:
    """The entities that the parameters of a query mean, the defaults too, to be linked."""
    meanings = {}
    for name, parameter in found.parameters.items():
        if parameter.type == "entity":
            values = arguments.get(name) or found.defaults[name]
            keys = [value for value in values if value != ANY]
            meanings[name] = [Term(parameter.term(name, key).value) for key in keys]
    return meanings
