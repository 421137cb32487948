"""`/versions` and `/version/{id}`: what each version changed, and older ones to be asked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, send_file, url_for
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize
from werkzeug.wrappers import Response as AnyResponse

from loaders.build.dumps import N_QUADS
from loaders.build.feed import AS, FOLDER, STREAM, VERSION, Step, steps
from loaders.versions import versions
from ontology.namespaces import DCAT, DCT, ID, PREFIXES, PROV, RDF, VOID, XSD
from server.engine.pool.older import OlderEngines
from server.engine.pool.supervisor import StoreSource
from server.graph.labels import read_labels
from server.http.formats import RDF_FORMATS, Format
from server.iris import PUBLIC, entity_iri
from server.linked_data.absent import absent
from server.linked_data.feed import FOR_GOOD
from server.linked_data.negotiation import (
    GEOJSON,
    PAGE,
    check_parameters,
    page_number,
    split_suffix,
    wanted_format,
)
from server.linked_data.resource import data
from server.pages.rendering import Page, respond
from server.site import Site, site
from server.sparql.service import QueryService
from server.sparql.views import answer, read_operation
from server.versions import Version, version_at

blueprint = Blueprint("history", __name__)

FORMATS = (PAGE, *RDF_FORMATS)
DOCUMENTS = (*RDF_FORMATS, GEOJSON)
NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
SHOWN = 200
"""Changes that a page lists; the feed has all of them."""
EVENT = re.compile(rf"^{re.escape(AS)}(Create|Update|Delete)$")


@blueprint.get("/versions")
def listing() -> Response:
    """The versions, the last to be served first, each with what it changed."""
    check_parameters(("lang",))
    home = site().settings.home
    kept = {each.id: each.manifest for each in versions(home)}
    known = steps(home)[::-1]
    told = {step.version for step in known}
    return moment(
        respond(
            "versions.html",
            steps=known,
            unfed=[name for name in kept if name not in told],
            kept=kept,
            serving=site().engine.version(),
        )
    )


@blueprint.get("/version/<name>")
def version(name: str) -> AnyResponse:
    """What a version is and what it changed, as a page or in RDF."""
    bare, suffix = split_suffix(name)
    entry = wanted_format(suffix, FORMATS)
    check_parameters(("lang", "page") if entry == PAGE else ("lang", "_mediatype"))
    mine = [step for step in steps(site().settings.home) if step.version == bare]
    kept = found(bare)
    if not mine and kept is None:
        abort(404)
    if entry != PAGE:
        response = told(bare, list(triples_about(bare, mine, kept)), entry)
    else:
        number = page_number()
        last = mine[-1] if mine else None
        pages = last.pages if last else ()
        if number > max(1, len(pages)):
            abort(404)
        changed = read_events(pages[number - 1]) if pages else []
        labels = read_labels(site().engine, [iri for _, iri in changed[:SHOWN]])
        response = respond(
            "version.html",
            name=bare,
            step=last,
            kept=kept,
            serving=site().engine.version(),
            changed=changed[:SHOWN],
            more=len(changed) - SHOWN,
            titles={each["name"]: each["title"] for each in datasets()},
            labels=labels,
            number=number,
        )
    if not suffix:
        response.vary.add("Accept")
    return moment(response)


@blueprint.get(f"/version/<name>/{N_QUADS}.gz")
def dump(name: str) -> Response:
    """The dump of a version: every quad, sorted."""
    kept = found(name)
    path = kept.path.absolute() / f"{N_QUADS}.gz" if kept else None
    if path is None or not path.is_file():
        abort(404)
    response = send_file(path, mimetype="application/gzip", etag=False, conditional=True)
    response.headers["Cache-Control"] = FOR_GOOD
    return response


@blueprint.route("/version/<name>/sparql", methods=["GET", "POST"])
def sparql(name: str) -> Response:
    """The answer of a version to a query; SERVICE is for the endpoint of today."""
    asked = read_operation()
    if asked.query is None:
        abort(404)
    with asking(name) as of:
        return answer(asked, QueryService(of.engine, of.settings.limits))


@blueprint.get("/version/<name>/doc/<segment>/<path:key>")
def document(name: str, segment: str, key: str) -> AnyResponse:
    """The document about a thing as a version has it, in RDF."""
    bare, suffix = split_suffix(key)
    iri = entity_iri(segment, bare)
    entry = wanted_format(suffix, DOCUMENTS)
    with asking(name):
        base = url_for("history.document", name=name, segment=segment, key=bare)
        response = data(iri, entry, base) if iri else None
        return response or absent(segment, bare, suffix)


def datasets() -> Sequence[Mapping[str, Any]]:
    """The datasets of the version that is served, as its manifest tells them."""
    listed: Sequence[Mapping[str, Any]] = site().current_version().manifest.get("datasets", ())
    return listed


@contextmanager
def asking(name: str) -> Iterator[Site]:
    """The site as it was with a version, for as long as its engine is asked; 404 without it."""
    of = site()
    if name == of.engine.version():
        yield of
        return
    kept = found(name)
    if kept is None or not (kept.path / "store").is_dir() or not of.settings.older:
        abort(404)
    engines: OlderEngines = current_app.extensions["older_engines"]
    with engines.engine(StoreSource(name, store=kept.path.absolute() / "store")) as engine:
        g.older_site = Site(of.settings, engine)
        try:
            yield g.older_site
        finally:
            g.older_site = None


def found(name: str) -> Version | None:
    """The version of that name that is kept, if it is."""
    if not NAME.fullmatch(name):
        return None
    kept = version_at(site().settings.home, name)
    return kept if (kept.path / "manifest.json").is_file() else None


def read_events(page: int) -> list[tuple[str, str]]:
    """The changes on a page of the feed: `Create`, `Update` or `Delete`, and the IRI."""
    path = site().settings.home / FOLDER / f"{page}.trig"
    kinds: dict[str, str] = {}
    things: dict[str, str] = {}
    for quad in parse(path=str(path), format=RdfFormat.TRIG, base_iri=f"{STREAM}/{page}"):
        event, value = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
        if event.startswith(f"{STREAM}/"):
            if quad.predicate.value == f"{AS}object":
                things[event] = value
            elif matched := EVENT.match(value):
                kinds[event] = matched[1]
    return [(kinds[event], things[event]) for event in things]


def triples_about(name: str, mine: Sequence[Step], kept: Version | None) -> Iterator[Triple]:
    """The facts of a version; what it added is a part of it, what it removed of the one before."""
    iri = f"{VERSION}{name}"
    address = Page().absolute(f"/version/{name}")
    for kind in (DCAT.Dataset, VOID.Dataset):
        yield _fact(iri, RDF.type, NamedNode(str(kind)))
    yield _fact(iri, f"{DCAT}version", Literal(name))
    yield _fact(iri, DCT.isVersionOf, NamedNode(f"{PUBLIC}void"))
    if kept:
        yield _fact(iri, VOID.triples, Literal(kept.manifest.get("triples", 0)))
        yield _fact(iri, VOID.dataDump, NamedNode(f"{address}/{N_QUADS}.gz"))
        yield _fact(iri, VOID.sparqlEndpoint, NamedNode(f"{address}/sparql"))
    for step in mine:
        yield _fact(iri, DCT.issued, Literal(step.at, datatype=NamedNode(str(XSD.dateTime))))
        if not step.before:
            continue
        yield _fact(iri, PROV.wasRevisionOf, NamedNode(f"{VERSION}{step.before}"))
        for dataset, counts in [("merge", step.merge), *sorted(step.datasets.items())]:
            since = f"{iri}#since-{step.before}-{dataset}"
            parts = {
                "added": (iri, counts.created, counts.added),
                "changed": (iri, counts.updated, None),
                "removed": (f"{VERSION}{step.before}", counts.deleted, counts.removed),
            }
            for what, (whole, things, triples) in parts.items():
                if not things and not triples:
                    continue
                part = f"{since}-{what}"
                yield _fact(whole, VOID.subset, NamedNode(part))
                yield _fact(part, RDF.type, NamedNode(str(VOID.Dataset)))
                yield _fact(part, DCT.title, Literal(f"{what}: {dataset}", language="en"))
                yield _fact(part, VOID.entities, Literal(things))
                if triples is not None:
                    yield _fact(part, VOID.triples, Literal(triples))
                if dataset != "merge":
                    yield _fact(part, DCT.source, NamedNode(f"{ID}dataset/{dataset}"))
        for page in step.pages:
            yield _fact(iri, DCT.relation, NamedNode(Page().absolute(f"/feed/{page}.trig")))


def told(name: str, triples: list[Triple], entry: Format) -> Response:
    """Triples about a version as an answer, those of a subject together, in their order."""
    order = {subject: n for n, subject in enumerate(dict.fromkeys(t.subject for t in triples))}
    triples.sort(key=lambda triple: order[triple.subject])
    chosen = RdfFormat.from_media_type(entry.media_type)
    known = {name: PREFIXES[name] for name in ("dcat", "dct", "prov", "void", "xsd")}
    known |= {"version": VERSION, "part": f"{VERSION}{name}#"}
    response = Response(serialize(triples, format=chosen, prefixes=known))
    response.headers["Content-Type"] = entry.content_type
    return response


def moment(response: Response) -> Response:
    """The answer, not to be kept: what the feed says of a version may come after it is served."""
    response.headers.pop("ETag", None)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _fact(subject: str, predicate: str, value: NamedNode | Literal) -> Triple:
    return Triple(NamedNode(subject), NamedNode(str(predicate)), value)
