"""`/`, `/query` and `/datasets`: the pages that are about the site itself."""

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from threading import Condition
from typing import Any

from cachetools import LRUCache, cached
from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from ontology.namespaces import DCT, FOAF, ID
from queries import catalogue
from server.charts.views import view_of
from server.engine import Engine, QueryForm
from server.engine.errors import EngineError
from server.engine.limits import read_checked
from server.engine.results import JSON, TURTLE, counted, read_table
from server.graph.labels import read_labels
from server.graph.search import has_index
from server.graph.vocabulary import expand
from server.http.formats import formats_for
from server.http.problems import describe
from server.pages.drawn import draw_result
from server.pages.rendering import Page, respond
from server.pages.snippets import SNIPPETS, iframe, snippets_of
from server.questions import nodes, question, select
from server.site import Site, site

blueprint = Blueprint("pages", __name__)

ROWS = 100
SHOWN = ("table", "figure", "bars", "line", "timeline", "map")
"""The views, the plainest first."""
COUNTED = (
    "mlg:Partnership",
    "mlg:Project",
    "mlg:LocalAuthority",
    "mlg:LocalGovernmentAssociation",
    "mlg:FundingLine",
    "mlg:Agreement",
    "mlg:Encounter",
)
LISTS = {
    "Partnership": "partnerships",
    "Project": "projects",
    "LocalAuthority": "authorities",
    "LocalGovernmentAssociation": "associations",
    "FundingLine": "funders",
    "Agreement": "agreements",
    "Encounter": "encounters",
}
"""The list that each count leads to."""
EXAMPLE = "first-partnerships"
EMBEDDED = "association-founding-dates"


@blueprint.get("/")
def home() -> Response:
    """The front page: what this is, how much there is, and one example of each use."""
    page = Page()
    engine = site().engine
    queries = catalogue()
    index = site().current_version().path / "names.sqlite"
    embedded = queries.get(EMBEDDED) or next(iter(queries.values()), None)
    return respond(
        "home.html",
        counts=counts(site(), engine.version()),
        lists=LISTS if has_index(index) else {**LISTS, "LocalAuthority": "countries"},
        version=site().current_version(),
        queries=queries,
        example=question(EXAMPLE),
        embedded=embedded,
        snippet=iframe(embedded, page, {}) if embedded else "",
    )


@cached(LRUCache(4), condition=Condition())
def counts(site: Site, version: str) -> tuple[tuple[str, int], ...]:  # noqa: ARG001 (the key)
    """The number of entities of each class that people look for."""
    table = select(site.engine, "class-counts", classes=nodes(map(expand, COUNTED)))
    found = {row["term"].value.rpartition("#")[2]: counted(row, "n") for row in table.rows}
    names = [curie.partition(":")[2] for curie in COUNTED]
    return tuple((name, found[name]) for name in names if found.get(name))


@blueprint.route("/query", methods=["GET", "POST"])
def query() -> Response:
    """The page to write a query on; with one, its result or what is wrong with it.

    `example` opens a question of the catalogue; `view` says how a result is shown, else the query.
    """
    page = Page()
    text = request.values.get("query", "").replace("\r\n", "\n")  # as forms send ends of lines
    form: QueryForm = "select"
    result, problem, status = None, {}, 200
    if text.strip():
        try:
            form = read_checked(text, site().settings.limits).form or form
            result = run(site().engine, text)
            if "table" in result:
                wanted = (request.values.get("view", ""), view_of(text))
                result["drawn"] = draw_result(
                    site(),
                    result["table"],
                    result["labels"],
                    {},
                    page.voice("results"),
                    page.voice,
                    *wanted,
                )
        except EngineError as error:
            problem = describe(error.kind, vars(error), page.voice.language)
            status = problem["status"]
    return respond(
        "editor.html",
        status,
        query=text or example(request.values.get("example", "")),
        result=result,
        problem=problem,
        limit=ROWS,
        views=SHOWN,
        formats=[each.name for each in formats_for(form) if each.name not in ("nquads", "trig")],
        examples=catalogue(),
        codes=SNIPPETS,
        snippets=snippets_of(text, form, page) if result else {},
        bundled=is_bundled(),
        deadline=int(site().settings.limits.deadline),
    )


def example(name: str) -> str:
    """The text to begin with: that of a question of the catalogue, with the view that it has."""
    found = catalogue().get(name)
    if found is None:
        return question(EXAMPLE)
    return found.text if found.view == "table" else f"#view: {found.view}\n{found.text}"


@lru_cache(maxsize=1)
def is_bundled() -> bool:
    """True where the editor's bundles were made (`make install`); else the textarea stays."""
    return files("server").joinpath("static", "editor", "editor.js").is_file()


def run(engine: Engine, text: str) -> dict[str, Any]:
    """The result of any query, for the page: `table` and `labels`, `truth`, or `turtle`."""
    form = read_checked(text, site().settings.limits).form
    if form in ("construct", "describe"):
        return {"turtle": engine.query(text, media_type=TURTLE).read().decode("utf-8")}
    content = engine.query(text, media_type=JSON).read()
    if form == "ask":
        return {"truth": bool(json.loads(content)["boolean"])}
    table = read_table(content)
    mentioned = {term.value for row in table.rows[:ROWS] for term in row.values() if term.is_iri}
    return {"table": table, "labels": read_labels(engine, mentioned)}


@blueprint.get("/datasets")
def datasets() -> Response:
    """The sources: what each gives, under which rights, and what could not be taken."""
    version = site().current_version()
    listed = version.manifest.get("datasets", [])
    report = {row["dataset"]: row for row in read_report(version.path).get("datasets", [])}
    return respond(
        "datasets.html",
        version=version,
        datasets=listed,
        report=report,
        facts={row["name"]: dataset_facts(site().engine, row["name"]) for row in listed},
        unresolved=read_report(version.path).get("unresolved", []),
    )


@lru_cache(maxsize=4)
def read_report(path: Path) -> dict[str, Any]:
    """The report of a build; empty where there is none."""
    try:
        report: dict[str, Any] = json.loads((path / "report.json").read_bytes())
    except OSError:
        return {}
    return report


def dataset_facts(engine: Engine, name: str) -> dict[str, list[Any]]:
    """The provenance of a dataset: its description, publisher and statement of rights."""
    table = select(engine, "dataset-facts", dataset=NamedNode(f"{ID}dataset/{name}"))
    names = {
        str(DCT.description): "description",
        str(DCT.accessRights): "rights",
        str(FOAF.name): "publisher",
    }
    facts: dict[str, list[Any]] = {}
    for row in table.rows:
        facts.setdefault(names.get(row["p"].value, "homepage"), []).append(row["o"])
    return facts
