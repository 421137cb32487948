"""`/catalog` in DCAT-AP 3, `/.well-known/void` in VoID, and the links to others as a linkset."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize
from werkzeug.wrappers import Response as AnyResponse

from ontology.namespaces import DCAT, DCT, FOAF, ID, ONTOLOGY, PREFIXES, RDF, VOID, XSD
from server.graph.coverage import Coverage, read_coverage
from server.graph.statistics import Statistics, outward_links, read_statistics
from server.http.formats import RDF_FORMATS, Format
from server.iris import PUBLIC, tail
from server.linked_data.exports.formats import FORMATS
from server.linked_data.negotiation import PAGE, check_parameters, split_suffix, wanted_format
from server.linked_data.triples import (
    Said,
    in_words,
    licence,
    link,
    literal,
    node,
    said,
    text,
    value,
)
from server.pages.rendering import Page, kept
from server.questions import select
from server.site import Site, site

blueprint = Blueprint("catalogue_of_data", __name__)

CATALOGUE = f"{PUBLIC}catalog"
ALL = f"{PUBLIC}void"
"""The IRI of the whole as a dataset."""
MEDIA = "http://www.iana.org/assignments/media-types/"
ACCESS = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
SPDX = "http://spdx.org/rdf/terms#"
EXAMPLES = ("authority/fra-cog-91228", "partnership/fra-cog-91228--mli-name-commune-v-du-district-"
            "de-bamako")  # fmt: skip
VOCABULARIES = ("mlg", "org", "skos", "skosxl", "dct", "geo", "adms", "prov", "foaf", "locn")


@lru_cache(maxsize=4)
def statistics(of: Site, version: str) -> Statistics:  # noqa: ARG001 (the key)
    """The counts of a version, made once."""
    return read_statistics(of.engine, of.current_version().manifest)


@lru_cache(maxsize=4)
def coverage(of: Site, version: str) -> Mapping[str, Coverage]:  # noqa: ARG001 (the key)
    """The coverage of the datasets of a version, read once."""
    return read_coverage(of.engine)


@blueprint.get("/catalog")
@blueprint.get("/catalog.<extension>")
def catalogue(extension: str = "") -> AnyResponse:
    """The catalogue in RDF; for a reader the page of the datasets, which says the same."""
    entry = wanted_format(f".{extension}" if extension else "", (*RDF_FORMATS, PAGE))
    check_parameters(("_mediatype", "lang"))
    if entry == PAGE:
        response = redirect(url_for("pages.datasets"), 303)
        response.vary.add("Accept")
        return response
    return told(list(catalogue_triples(Page().absolute(""))), entry)


@blueprint.get("/.well-known/void")
@blueprint.get("/void")
@blueprint.get("/void.<extension>")
def void(extension: str = "") -> Response:
    """The description of the dataset (VoID, 7.2)."""
    check_parameters(("_mediatype", "lang"))
    entry = wanted_format(f".{extension}" if extension else "", RDF_FORMATS)
    return told(list(void_triples(Page().absolute(""))), entry)


@blueprint.get("/linkset.<extension>")
def linkset(extension: str) -> Response:
    """The links to things of others that are the same as or close to ours, and nothing else."""
    check_parameters(("lang",))
    _, suffix = split_suffix(f"linkset.{extension}")
    return told(list(outward_links(site().engine)), wanted_format(suffix or extension, RDF_FORMATS))


def told(triples: list[Triple], entry: Format) -> Response:
    """Triples as an answer."""
    chosen = RdfFormat.from_media_type(entry.media_type)
    prefixes = {name: PREFIXES[name] for name in ("dcat", "dct", "foaf", "mlg", "skos", "void")}
    response = kept(Response(serialize(triples, format=chosen, prefixes=prefixes)))
    response.headers["Content-Type"] = entry.content_type
    response.vary.add("Accept")
    return response


def catalogue_triples(address: str) -> Said:
    """The catalogue, its datasets with their distributions, and the endpoint."""
    version = site().current_version()
    publisher = f"{PUBLIC}catalog#publisher"
    service = f"{PUBLIC}catalog#sparql"
    yield from said(CATALOGUE, DCAT.Catalog, {
        DCT.publisher: [node(publisher)], FOAF.homepage: [node(f"{address}/")],
        DCAT.dataset: [node(ALL)], DCAT.service: [node(service)],
        DCT.license: [node("https://creativecommons.org/licenses/by/4.0/")],
    })  # fmt: skip
    yield from in_words(CATALOGUE, "catalogue.title", "catalogue.words")
    yield from said(publisher, FOAF.Agent, {FOAF.name: [Literal("Maillage", language="en")]})
    yield from licence("https://creativecommons.org/licenses/by/4.0/")
    yield from said(service, DCAT.DataService, {
        DCAT.endpointURL: [node(f"{address}/sparql")],
        DCAT.endpointDescription: [node(f"{address}/sparql")], DCAT.servesDataset: [node(ALL)],
    })  # fmt: skip
    yield from in_words(service, "catalogue.sparql", "catalogue.sparql.words")
    yield from said(ALL, DCAT.Dataset, {
        DCT.publisher: [node(publisher)], f"{DCAT}version": [Literal(version.id)],
        DCAT.landingPage: [node(f"{address}/datasets")], DCT.conformsTo: [node(str(ONTOLOGY))],
        DCT.accessRights: [node(ACCESS)],
    })  # fmt: skip
    for page in (f"{address}/", f"{address}/datasets"):
        yield link(page, RDF.type, FOAF.Document)
    yield from said(str(ONTOLOGY), DCT.Standard, {})
    yield from said(ACCESS, DCT.RightsStatement, {})
    yield from in_words(ALL, "catalogue.all", "catalogue.words")
    yield from covered(ALL, "")
    files: Mapping[str, Any] = version.manifest.get("files", {})
    for entry in RDF_FORMATS:
        if entry.name != "trig":
            yield from distribution(ALL, f"{address}/export.{entry.extension}", entry, "")
            yield from file_facts(
                f"{ALL}#{entry.extension}", files.get(f"maillage.{entry.extension}")
            )
    for dataset in version.manifest.get("datasets", ()):
        yield from dataset_triples(dataset, address)


def dataset_triples(dataset: Mapping[str, Any], address: str) -> Said:
    """A dataset that the graph is made of, and the files that hold it."""
    iri = f"{ID}dataset/{dataset['name']}"
    yield link(CATALOGUE, DCAT.dataset, iri)
    yield link(iri, RDF.type, DCAT.Dataset)
    yield link(iri, DCT.isPartOf, ALL)
    publisher = f"{PUBLIC}catalog#publisher-{dataset['name']}"
    for language, title in sorted(dataset["title"].items()):
        yield text(iri, DCT.title, title, language)
    for row in select(site().engine, "dataset-facts", dataset=NamedNode(iri)).rows:
        value, predicate = row["o"], row["p"].value
        if predicate == str(DCT.description):
            yield literal(iri, predicate, value)
        elif predicate == str(DCAT.landingPage):
            yield link(iri, predicate, value.value)
            yield link(value.value, RDF.type, FOAF.Document)
        elif predicate == str(FOAF.name):
            yield link(iri, DCT.publisher, publisher)
            yield link(publisher, RDF.type, FOAF.Agent)
            yield literal(publisher, predicate, value)
    yield from covered(iri, dataset["name"])
    for entry in FORMATS:
        url = f"{address}/export/dataset/{dataset['name']}.{entry.extension}"
        if entry.name != "geojson":
            yield from distribution(iri, url, entry, dataset.get("licence") or "")


def covered(iri: str, name: str) -> Said:
    """The countries and the period that a dataset is about; a country has an EU IRI."""
    found = coverage(site(), site().engine.version()).get(name, Coverage())
    for country in found.countries:
        yield link(iri, DCT.spatial, country)
        yield link(country, RDF.type, DCT.Location)
    if found.first:
        period = f"{CATALOGUE}#period-{name}" if name else f"{CATALOGUE}#period"
        yield link(iri, DCT.temporal, period)
        days = (found.first, found.last)
        yield from said(period, DCT.PeriodOfTime, {
            f"{DCAT}{which}": [Literal(day, datatype=NamedNode(str(XSD.date)))]
            for which, day in zip(("startDate", "endDate"), days, strict=True)
        })  # fmt: skip


def file_facts(iri: str, facts: Mapping[str, Any] | None) -> Said:
    """The size and the checksum of a file, where the build has told them."""
    if facts:
        checksum = f"{iri}-sha256"
        yield value(iri, f"{DCAT}byteSize", whole_number(facts["bytes"]))
        yield link(iri, f"{SPDX}checksum", checksum)
        digest = Literal(facts["sha256"], datatype=NamedNode(str(XSD.hexBinary)))
        yield from said(checksum, f"{SPDX}Checksum", {
            f"{SPDX}algorithm": [node(f"{SPDX}checksumAlgorithm_sha256")],
            f"{SPDX}checksumValue": [digest],
        })  # fmt: skip


def whole_number(number: int) -> Literal:
    """A number of bytes as DCAT wants it."""
    return Literal(str(number), datatype=NamedNode(str(XSD.nonNegativeInteger)))


def distribution(dataset: str, url: str, entry: Format, licence_: str) -> Said:
    """A file that holds a dataset."""
    iri = f"{dataset}#{entry.extension}" if dataset == ALL else f"{dataset}/{entry.extension}"
    yield link(dataset, DCAT.distribution, iri)
    yield from said(iri, DCAT.Distribution, {
        DCAT.accessURL: [node(url)], DCAT.downloadURL: [node(url)],
        DCAT.mediaType: [node(MEDIA + entry.media_type)],
        DCT.title: [Literal(entry.extension, language="en")],
        **({DCT.license: [node(licence_)]} if licence_ else {}),
    })  # fmt: skip
    yield link(MEDIA + entry.media_type, RDF.type, DCT.MediaType)
    if licence_:
        yield from licence(licence_)


def void_triples(address: str) -> Said:
    """The whole as VoID describes it: counts, partitions, linksets, examples, dumps."""
    version = site().current_version()
    found = statistics(site(), version.id)
    yield from said(f"{PUBLIC}.well-known/void", VOID.DatasetDescription, {
        FOAF.primaryTopic: [node(ALL)],
    })  # fmt: skip
    yield from said(ALL, VOID.Dataset, {
        VOID.triples: [found.triples], VOID.classes: [len(found.classes)],
        VOID.properties: [len(found.properties)], VOID.uriSpace: [Literal(str(ID))],
        VOID.sparqlEndpoint: [node(f"{address}/sparql")],
        VOID.dataDump: [node(f"{address}/export.{name}") for name in ("ttl", "nq")],
        VOID.vocabulary: [node(PREFIXES[name]) for name in VOCABULARIES],
        VOID.exampleResource: [node(f"{ID}{each}") for each in EXAMPLES],
        VOID.uriLookupEndpoint: [node(f"{address}/search?q=")],
        FOAF.homepage: [node(f"{address}/")],
    })  # fmt: skip
    yield from in_words(ALL, "catalogue.all", "catalogue.words")
    for number, (term, count) in enumerate(found.classes.items(), 1):
        part = f"{ALL}#class-{number}"
        yield link(ALL, VOID.classPartition, part)
        yield link(part, VOID["class"], term)
        yield value(part, VOID.entities, count)
    for number, (term, count) in enumerate(found.properties.items(), 1):
        part = f"{ALL}#property-{number}"
        yield link(ALL, VOID.propertyPartition, part)
        yield link(part, VOID.property, term)
        yield value(part, VOID.triples, count)
    for (predicate, host), count in found.links.items():
        part = f"{ALL}#links-{tail(predicate)}-{host}"
        yield from said(part, VOID.Linkset, {
            VOID.subjectsTarget: [node(ALL)], VOID.objectsTarget: [node(f"{ALL}#at-{host}")],
            VOID.linkPredicate: [node(predicate)], VOID.triples: [count],
            VOID.dataDump: [node(f"{address}/linkset.nt")],
        })  # fmt: skip
        yield link(ALL, VOID.subset, part)
        yield from said(
            f"{ALL}#at-{host}", VOID.Dataset, {FOAF.homepage: [node(f"http://{host}/")]}
        )
