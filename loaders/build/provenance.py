"""The provenance of each named graph: DCAT 3, PROV-O and VoID, in one graph of their own."""

from __future__ import annotations

from collections.abc import Iterator

from loaders.model.iris import graph_iri, mint_iri, slug
from loaders.model.quads import Triple, iri, literal
from loaders.model.records import Document, SourceRecord
from loaders.model.values import Text
from loaders.sources.dataset import Dataset
from ontology.namespaces import DCAT, DCT, FOAF, LANGUAGE, MLG, ODRL, PROV, RDF, SCHEMA, VOID

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
    """The triples of one named graph: where its facts come from, how many triples it holds."""
    subject = graph_iri(dataset.name, record.key)
    document = record.document
    yield from _named(subject, MLG.SourceRecord)
    yield _link(subject, DCT.isPartOf, mint_iri("dataset", dataset.name))
    title = f"{document.title.value} — {document.section}" if document.section else None
    yield _text(subject, DCT.title, title or document.title.value, document.title.language)
    source = _source(document)
    if source:
        yield _link(subject, PROV.wasDerivedFrom, source)
        yield from _described(source, document, dataset)
    else:
        yield from _rights(subject, document.rights or dataset.rights)
        yield from _described(subject, document, dataset)
    if dataset.licence:
        yield _link(subject, DCT.license, dataset.licence)
    if document.retrieved:
        yield subject_literal(subject, PROV.generatedAtTime, document.retrieved)
    yield from _file(subject, dataset.name, record)
    yield subject_literal(subject, VOID.triples, size)


def subject_literal(subject: str, predicate: str, value: object) -> Triple:
    """One triple whose object is a literal."""
    return iri(subject), iri(str(predicate)), literal(value)


def _source(document: Document) -> str | None:
    """The IRI of the document that a section is cited from; None where the record is a page."""
    return mint_iri("source", slug(document.title.value)) if document.section else None


def _described(subject: str, document: Document, dataset: Dataset) -> Iterator[Triple]:
    if document.section:
        yield from _named(subject, PROV.Entity)
        yield subject_literal(subject, DCT.title, document.title)
        yield from _rights(subject, document.rights or dataset.rights)
    if document.rights_statement:
        yield subject_literal(subject, DCT.accessRights, document.rights_statement)
    if document.publisher:
        yield from _publisher(subject, document.publisher, None)
    if document.address:
        yield _link(subject, DCT.source, document.address)
    if document.issued:
        yield subject_literal(subject, DCT.issued, document.issued)
    yield from _language(subject, document.language)


def _file(subject: str, dataset: str, record: SourceRecord) -> Iterator[Triple]:
    if not record.checksum:
        return
    file = mint_iri("dataset", f"{dataset}/file/{record.checksum[:16]}")
    yield _link(subject, PROV.wasDerivedFrom, file)
    yield from _named(file, DCAT.Distribution)
    yield subject_literal(file, DCT.title, record.file)
    yield subject_literal(file, SCHEMA.sha256, record.checksum)
    if record.place:
        yield subject_literal(subject, DCT.identifier, record.place)


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
