"""The provenance of each named graph: DCAT 3, PROV-O and VoID, in one graph of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version

from loaders.model.iris import graph_iri, mint_iri, slug
from loaders.model.quads import Triple, iri, literal
from loaders.model.records import Document, SourceRecord
from loaders.model.values import Text
from loaders.sources.dataset import Dataset
from ontology.namespaces import (
    DCAT,
    DCT,
    FOAF,
    GRAPH_INFERRED,
    GRAPH_ONTOLOGY,
    LANGUAGE,
    MLG,
    ODRL,
    PROV,
    RDF,
    SCHEMA,
    VOID,
)

_LANGUAGES = {
    "ar": "ARA",
    "bs": "BOS",
    "de": "DEU",
    "en": "ENG",
    "es": "SPA",
    "fr": "FRA",
    "it": "ITA",
    "pl": "POL",
    "pt": "POR",
    "ro": "RON",
    "uk": "UKR",
}
"""The EU authority table's codes of the languages that sources are written in."""

SOFTWARE = mint_iri("dataset", "maillage/software")
BUILD = mint_iri("dataset", "maillage/build")

_A = str(RDF.type)


def dataset_triples(dataset: Dataset) -> Iterator[Triple]:
    """The triples of a dataset: who publishes it, under which licence, with which rights."""
    subject = mint_iri("dataset", dataset.name)
    yield from _named(subject, DCAT.Dataset)
    for language in ("fr", "en"):
        yield _text(subject, DCT.title, getattr(dataset.title, language), language)
        yield _text(subject, DCT.description, getattr(dataset.description, language), language)
        yield _text(
            subject, DCT.accessRights, getattr(dataset.rights_statement, language), language
        )
    yield from _publisher(subject, dataset.publisher.name, dataset.publisher.homepage)
    yield from _rights(subject, dataset.rights)
    yield from _language(subject, dataset.language)
    if dataset.homepage:
        yield _link(subject, DCAT.landingPage, dataset.homepage)
    if dataset.licence:
        yield _link(subject, DCT.license, dataset.licence)


def record_triples(dataset: Dataset, record: SourceRecord, size: int) -> Iterator[Triple]:
    """The provenance of one named graph: the origin of its facts, and its number of triples.

    The graph is ours, under the licence of the facts; the document that it derives from has an IRI
    of its own (`source_iri`), with its own publisher, address, dates and rights.
    """
    graph = graph_iri(dataset.name, record.key)
    source = source_iri(dataset.name, record.key)
    document = record.document
    yield from _named(graph, PROV.Entity)
    yield from _named(graph, VOID.Dataset)
    yield _link(graph, DCT.isPartOf, mint_iri("dataset", dataset.name))
    title = f"{document.title.value} — {document.section}" if document.section else None
    yield _text(graph, DCT.title, title or document.title.value, document.title.language)
    yield _link(graph, PROV.wasDerivedFrom, source)
    yield _link(graph, PROV.wasGeneratedBy, _conversion(dataset.name))
    if dataset.licence:
        yield _link(graph, DCT.license, dataset.licence)
    yield from _file(graph, dataset.name, record)
    yield subject_literal(graph, VOID.triples, size)
    yield from _described(source, document, dataset)


def build_triples(datasets: Iterable[Dataset]) -> Iterator[Triple]:
    """The activities of a build, by which software, and what is computed and inferred in it.

    No times: the same input gives the same triples, and the manifest tells when.
    """
    yield from _named(SOFTWARE, PROV.SoftwareAgent)
    yield subject_literal(SOFTWARE, FOAF.name, "maillage")
    yield subject_literal(SOFTWARE, SCHEMA.softwareVersion, version("maillage"))
    yield from _named(BUILD, PROV.Activity)
    yield _link(BUILD, PROV.wasAssociatedWith, SOFTWARE)
    yield _link(BUILD, PROV.used, str(GRAPH_ONTOLOGY))
    for dataset in datasets:
        conversion = _conversion(dataset.name)
        yield from _named(conversion, PROV.Activity)
        yield _link(conversion, PROV.wasAssociatedWith, SOFTWARE)
        yield _link(BUILD, PROV.wasInformedBy, conversion)
        for name, checksum in sorted(dataset.files.items()):
            file = _file_iri(dataset.name, checksum)
            yield _link(conversion, PROV.used, file)
            yield from _distribution(file, name, checksum)
    inferred = str(GRAPH_INFERRED)
    yield from _named(inferred, PROV.Entity)
    yield from _named(inferred, VOID.Dataset)
    yield _text(inferred, DCT.title, "Ce qui se déduit et se calcule", "fr")
    yield _text(inferred, DCT.title, "What is inferred and computed", "en")
    yield _link(inferred, DCT.license, "https://creativecommons.org/licenses/by/4.0/")
    yield _link(inferred, PROV.wasGeneratedBy, BUILD)
    yield _link(inferred, PROV.wasDerivedFrom, str(GRAPH_ONTOLOGY))


def source_iri(dataset: str, key: str) -> str:
    """The IRI of the document that a record's graph derives from, `id/source/{dataset}/{key}`."""
    return mint_iri("source", f"{dataset}/{key}")


def _conversion(dataset: str) -> str:
    return mint_iri("dataset", f"{dataset}/conversion")


def subject_literal(subject: str, predicate: str, value: object) -> Triple:
    """One triple whose object is a literal."""
    return iri(subject), iri(str(predicate)), literal(value)


def _described(source: str, document: Document, dataset: Dataset) -> Iterator[Triple]:
    yield from _named(source, MLG.SourceRecord)
    yield _link(source, DCT.isPartOf, mint_iri("dataset", dataset.name))
    yield subject_literal(source, DCT.title, document.title)
    yield from _rights(source, document.rights or dataset.rights)
    if document.rights_statement:
        yield subject_literal(source, DCT.accessRights, document.rights_statement)
    if document.publisher:
        yield from _publisher(source, document.publisher, None)
    if document.address:
        yield _link(source, DCT.source, document.address)
    if document.issued:
        yield subject_literal(source, DCT.issued, document.issued)
    if document.retrieved:
        yield subject_literal(source, PROV.generatedAtTime, document.retrieved)
    yield from _language(source, document.language)


def _file(graph: str, dataset: str, record: SourceRecord) -> Iterator[Triple]:
    if not record.checksum:
        return
    file = _file_iri(dataset, record.checksum)
    yield _link(graph, PROV.wasDerivedFrom, file)
    yield from _distribution(file, record.file, record.checksum)
    if record.place:
        yield subject_literal(graph, DCT.identifier, record.place)


def _file_iri(dataset: str, checksum: str) -> str:
    return mint_iri("dataset", f"{dataset}/file/{checksum[:16]}")


def _distribution(file: str, name: str, checksum: str) -> Iterator[Triple]:
    yield from _named(file, DCAT.Distribution)
    yield subject_literal(file, DCT.title, name)
    yield subject_literal(file, SCHEMA.sha256, checksum)


def _publisher(subject: str, name: str, homepage: str | None) -> Iterator[Triple]:
    publisher = mint_iri("organisation", slug(name))
    yield _link(subject, DCT.publisher, publisher)
    yield from _named(publisher, FOAF.Agent)
    yield subject_literal(publisher, FOAF.name, name)
    if homepage:
        yield _link(publisher, FOAF.homepage, homepage)


def _rights(subject: str, rights: str) -> Iterator[Triple]:
    concept = mint_iri("concept", f"rights/{rights}")
    yield _link(subject, DCT.rights, concept)
    if rights in ("reserved", "forbidden"):
        yield _link(subject, ODRL.prohibition, str(ODRL.reproduce))


def _language(subject: str, language: str) -> Iterator[Triple]:
    if code := _LANGUAGES.get(language):
        yield _link(subject, DCT.language, str(LANGUAGE[code]))


def _named(subject: str, rdf_class: str) -> Iterator[Triple]:
    yield _link(subject, _A, str(rdf_class))


def _text(subject: str, predicate: str, text: str, language: str) -> Triple:
    return subject_literal(subject, predicate, Text(text, language))


def _link(subject: str, predicate: str, target: str) -> Triple:
    return iri(subject), iri(str(predicate)), iri(target)
