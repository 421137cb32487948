"""`/export/query.{format}`: the triples of any CONSTRUCT or DESCRIBE, and whose they are."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request, url_for
from pyoxigraph import RdfFormat, Triple, parse

from loaders.progress import Silent
from server.engine import Engine
from server.engine.errors import ResultTooLarge
from server.engine.limits import read_checked
from server.engine.results import Table
from server.graph.contributions import read_contributions
from server.graph.descriptions import subject_of
from server.http.formats import RDF_FORMATS, Format
from server.http.negotiation import LANGUAGES
from server.http.problems import problem_response
from server.i18n import Voice
from server.iris import PUBLIC
from server.linked_data.exports.formats import CSVW, XLSX
from server.linked_data.exports.notice import Notice, Tally, day_of, read_sources
from server.linked_data.exports.views import CHECKSUM, checksum_of, kept_file
from server.linked_data.exports.writing import Export, reading_order
from server.linked_data.kept_files import send_written
from server.linked_data.negotiation import LONGEST_LINK, check_parameters, wanted_format
from server.pages.answers import TRIPLES, term_of
from server.pages.rendering import Page
from server.site import site
from server.sparql.protocol import QueryRequest
from server.sparql.views import read_operation
from server.versions import Version

blueprint = Blueprint("query_export", __name__)

FORMATS: Final = (*RDF_FORMATS, CSVW, XLSX)
PARAMETERS: Final = ("query", "lang", "timeout")
LARGEST: Final = 32 << 20
"""Bytes of the triples, in N-Triples, up to which they are sorted, and told whose they are."""
COLUMNS: Final = ("subject", "predicate", "object")


class AnswerExport(Export):
    """The export of the triples that a query makes; they are in no graph, but have sources."""

    def __init__(
        self,
        engine: Engine,
        version: str,
        manifest: Mapping[str, Any],
        text: str,
        timeout: float | None = None,
    ) -> None:
        self.engine, self.version, self.manifest, self.text = engine, version, manifest, text
        self.progress, self.dumped, self.tally = Silent(), None, Tally()
        self.found = sorted(read_triples(engine, text, timeout), key=reading_order)
        self.subjects = list(dict.fromkeys(map(subject_of, self.found)))
        rows = [
            dict(zip(COLUMNS, map(term_of, (t.subject, t.predicate, t.object)), strict=True))
            for t in self.found
        ]
        told = read_contributions(engine, Table(COLUMNS, tuple(rows)))
        self.tally.graphs.update(told.graphs)
        self.untold = told.untold

    def said(self) -> Iterator[tuple[Triple, Sequence[str]]]:
        """The triples, subject by subject."""
        self.tally.triples = 0
        for triple in self.found:
            self.tally.triples += 1
            yield triple, ()

    def notice(self) -> Notice:
        """The notice of the export, with the sources that contributed as far as they show."""
        titles = {language: Voice(language)("export.query") for language in LANGUAGES}
        sources = read_sources(self.engine, self.manifest, self.tally.graphs)
        iri = f"{PUBLIC}export/query?{urlencode({'query': self.text})}"
        return Notice(
            iri, titles, self.version, f"{PUBLIC}void", len(self.subjects), self.tally.triples, 0,
            sources, day_of(self.manifest), self.untold,
        )  # fmt: skip


def read_triples(engine: Engine, text: str, timeout: float | None) -> Iterator[Triple]:
    """The triples that a query makes; ResultTooLarge where they are more than can be sorted."""
    answer = engine.query(text, media_type=TRIPLES, timeout=timeout)
    if answer.size > LARGEST:
        answer.close()
        raise ResultTooLarge(LARGEST)
    with answer.body:
        for quad in parse(answer.body, RdfFormat.N_TRIPLES):
            yield quad.triple


@blueprint.route("/export/query.<path:ending>", methods=["GET", "POST"])
def export(ending: str) -> Response:
    """The triples of `query=` in the format of the suffix; with `.sha256`: the checksum."""
    entry = wanted_format(f".{ending.removesuffix(CHECKSUM)}", FORMATS)
    check_parameters(PARAMETERS)
    asked = read_operation()
    refuse_dataset(asked)
    text = asked.query or ""
    if not text:
        abort(problem_response("missing", {}))
    if read_checked(text, site().settings.limits).form not in ("construct", "describe"):
        abort(problem_response("request", {"detail": Page().voice("export.query.form")}))
    written = kept_file(("query", text), entry, partial(_write, site().engine, asked, entry))
    name = f"maillage-query-{written.sha256[:8]}.{entry.extension}"
    if ending.endswith(CHECKSUM):
        return checksum_of(written, name)
    response = send_written(written, entry, name)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if request.method == "GET":
        checksum = url_for("query_export.export", ending=f"{ending}{CHECKSUM}", query=text)
        if len(checksum) <= LONGEST_LINK:
            told = f'<{checksum}>; rel="describedby"; type="text/plain"'
            response.headers.add("Link", told)
    return response


def refuse_dataset(asked: QueryRequest) -> None:
    """Answer 400 where a body says what means nothing here: the dataset stands in the query."""
    said = {"default-graph-uri": asked.default_graphs, "named-graph-uri": asked.named_graphs}
    for name, value in {**asked.options, **said}.items():
        if value and name not in PARAMETERS:
            facts = {"given": name[:200], "offered": ", ".join(PARAMETERS)}
            abort(problem_response("parameter", facts))


def _write(
    engine: Engine, asked: QueryRequest, entry: Format, version: Version, path: Path
) -> None:
    text = asked.query or ""
    AnswerExport(engine, version.id, version.manifest, text, asked.timeout).write(entry, path)
