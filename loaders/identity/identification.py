"""The identification of each name, as provenance: method, score and candidates."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from loaders.identity.resolution import Resolution
from loaders.model.iris import mint_iri, slug
from loaders.model.quads import Triple, iri, literal
from ontology.namespaces import MLG, RDF

_TYPE = iri(str(RDF.type))
_IDENTIFICATION = iri(str(MLG.Identification))
_STATED_IN = iri(str(MLG.statedIn))
_NAME_AS_STATED = iri(str(MLG.nameAsStated))
_METHOD = iri(str(MLG.method))
_SCORE = iri(str(MLG.score))
_IDENTIFIED_AS = iri(str(MLG.identifiedAs))
_CANDIDATE = iri(str(MLG.candidate))


def identification(
    record: str, mark: str, own: str, named: str, resolution: Resolution
) -> Iterator[Triple]:
    """The triples of one name of one record.

    `record` is the IRI of the record, `mark` what keys it, `own` the IRI that the name would have
    in that record alone, `named` the agent that it was found to mean.
    """
    name = own.rpartition("/")[2].partition("-name-")
    subject = iri(mint_iri("identification", slug(f"{mark}-{name[0]}-{resolution.party.name}")))
    yield subject, _TYPE, _IDENTIFICATION
    yield subject, _STATED_IN, iri(record)
    yield subject, _NAME_AS_STATED, literal(resolution.party.name)
    yield subject, _METHOD, iri(mint_iri("concept", f"resolution/{resolution.method}"))
    yield subject, _IDENTIFIED_AS, iri(named)
    if resolution.score is not None:
        yield subject, _SCORE, literal(Decimal(str(resolution.score)))
    for candidate in resolution.candidates:
        if candidate.iri != resolution.iri:
            yield subject, _CANDIDATE, iri(candidate.iri)
