"""`/cite/…`: the citation of a thing, an export or an answer, in BibTeX, CSL-JSON or RO-Crate."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from pydantic import TypeAdapter

from server.engine.limits import read_checked
from server.graph.contributions import read_contributions
from server.graph.coverage import dataset_of
from server.graph.descriptions import read_description
from server.graph.exports import TYPES, Part
from server.graph.labels import read_labels
from server.graph.vocabulary import vocabulary
from server.http.formats import RDF_FORMATS, Format, named
from server.http.negotiation import LANGUAGES
from server.i18n import Voice
from server.iris import PUBLIC, entity_iri, tail
from server.linked_data.absent import absent
from server.linked_data.citing.answers import marks, read_answer, whole
from server.linked_data.citing.asked import Asked, asked_of_catalogue, asked_of_sparql
from server.linked_data.citing.citation import Citation
from server.linked_data.citing.crate import written_crate
from server.linked_data.exports.notice import Notice, read_sources
from server.linked_data.exports.views import kept_file, unknown, wanted_part, write_part
from server.linked_data.exports.writing import Export
from server.linked_data.negotiation import LONGEST_LINK, check_parameters, refuse
from server.linked_data.serialisation import written
from server.pages.rendering import Page, kept
from server.site import site
from server.versions import Version

blueprint = Blueprint("cite", __name__)

FORMATS: Final = (
    Format("bibtex", "application/x-bibtex", "bib", ()),
    Format("csl", "application/vnd.citationstyles.csl+json", "json", ()),
    Format("crate", "application/zip", "zip", ()),
)
LARGEST: Final = 64 << 20
"""Bytes of an export that still go into a crate; a larger one is named there, to be fetched."""
TRIG: Final = next(entry for entry in RDF_FORMATS if entry.name == "trig")
RESULTS: Final = {
    "select": ("text/csv", "csv"),
    "ask": ("application/sparql-results+json", "json"),
    "construct": ("text/turtle", "ttl"),
    "describe": ("text/turtle", "ttl"),
}
"""The format of the result in a crate, by the form of the query."""
Files = Mapping[str, tuple[str, bytes]]


@blueprint.get("/cite/<segment>/<path:key>")
def thing(segment: str, key: str) -> Response:
    """How to cite a thing, with the document about it."""
    key, entry = wanted(key)
    check_parameters(("lang",))
    iri, engine = entity_iri(segment, key), site().engine
    words = vocabulary(site(), engine.version())
    found = read_description(engine, words, iri, brief=True) if iri else None
    if iri is None or found is None:
        return absent(segment, key)
    graphs = Counter(graph for each in found.own.values() for graph in each if dataset_of(graph))
    labels = read_labels(engine, [iri]).get(iri, ())
    names = {language: Voice(language).choose(labels) for language in LANGUAGES}
    titles = {key: f"Maillage: {name.value if name else tail(iri)}" for key, name in names.items()}
    address = Page().absolute(f"/doc/{segment}/{key}")
    citation = made(iri, address, titles, graphs)
    text = written(found, TRIG, f"{PUBLIC}context.jsonld", brief=True)
    return told(citation, entry, {"document.trig": (TRIG.media_type, text)})


@blueprint.get("/cite/export/<kind>/<path:key>")
def export(kind: str, key: str) -> Response:
    """How to cite an export, with its triples where they are not too many."""
    key, entry = wanted(key)
    part = wanted_part(kind, key) if kind in TYPES else None
    if part is None:
        return unknown(kind, key)
    notice = notice_of(part)
    query = f"?{urlencode(part.parameters)}" if part.parameters else ""
    address = Page().absolute(f"/export/{kind}/{key}.trig{query}")
    citation = Citation(notice.iri, address, notice.titles, notice.version, notice.sources)
    files: Files = {}
    if entry.name == "crate":
        file = write_part(part, TRIG)
        if file.size <= LARGEST:
            files = {"export.trig": (TRIG.media_type, file.path.read_bytes())}
    return told(citation, entry, files)


def notice_of(part: Part) -> Notice:
    """The notice of an export, for which all its triples go by: counted once for a version.

    Raises Busy where too many exports are being written or counted.
    """
    engine, notices = site().engine, TypeAdapter(Notice)

    def write(version: Version, path: Path) -> None:
        made_of = Export(engine, version.id, version.manifest, part, folder=version.path)
        for _ in made_of.said():  # counts who says what
            pass
        path.write_bytes(notices.dump_json(made_of.notice()))

    return notices.validate_json(kept_file(("cite", part), TRIG, write).path.read_bytes())


@blueprint.get("/cite/queries/<name>")
def question(name: str) -> Response:
    """How to cite the answer to a question of the catalogue, with query and result."""
    name, entry = wanted(name)
    return answer(asked_of_catalogue(name, request.args), entry)


@blueprint.get("/cite/sparql.<extension>")
def sparql(extension: str) -> Response:
    """How to cite the answer to the query in `query=`, with query and result."""
    _, entry = wanted(f"sparql.{extension}")
    return answer(asked_of_sparql(request.args), entry)


def answer(asked: Asked, entry: Format) -> Response:
    """The citation of an answer: its address says later what differs in that of the day."""
    engine, limits = site().engine, site().settings.limits
    table = read_answer(engine, asked.text, limits)
    told_by = read_contributions(engine, table)
    untold = ""
    if told_by.untold:
        untold = Voice("en")("cite.untold", n=told_by.untold, m=told_by.rows)
    later = asked.later + marks(table, engine.version())
    citation = made(
        f"{PUBLIC}{asked.path[1:]}", Page().absolute(f"/{later}"), asked.titles, told_by.graphs,
        untold, f"{PUBLIC}{later}",
    )  # fmt: skip
    form = read_checked(asked.text, limits).form or "select"
    kind, ending = RESULTS[form]
    result = whole(engine.query(asked.text, media_type=kind)) if entry.name == "crate" else b""
    return told(citation, entry, {
        "query.rq": ("application/sparql-query", asked.text.encode()),
        f"result.{ending}": (kind, result),
    })  # fmt: skip


def wanted(key: str) -> tuple[str, Format]:
    """A key and the format of its suffix; answers 406 where that is none."""
    head, _, suffix = key.rpartition(".")
    entry = named(suffix, FORMATS) if head else None
    return (head, entry) if entry else refuse(suffix if head else key, FORMATS)


def made(
    iri: str,
    address: str,
    titles: Mapping[str, str],
    graphs: Mapping[str, int],
    untold: str = "",
    later: str = "",
) -> Citation:
    """The citation of what source graphs contributed to."""
    version = site().current_version()
    sources = read_sources(site().engine, version.manifest, graphs)
    return Citation(iri, address, titles, version.id, sources, untold, later)


def told(citation: Citation, entry: Format, files: Files) -> Response:
    """A citation as an answer."""
    content: str | bytes
    match entry.name:
        case "bibtex":
            content = citation.bibtex()
        case "csl":
            content = citation.csl()
        case _:
            content = written_crate(citation, files)
    response = kept(Response(content))
    response.headers["Content-Type"] = entry.content_type
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{citation.key}.{entry.extension}"'
    )
    if len(citation.iri) <= LONGEST_LINK:
        response.headers.add("Link", f'<{citation.iri}>; rel="cite-as"')
    return response
