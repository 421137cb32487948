"""Records to RDF: the only maker of entity triples.

Each class and field of `loaders.records` says which classes and properties it stands for; this
module reads that and nothing else, so that it knows no class by name. Terms are written as
N-Triples text: making text and bulk-loading it is five times as fast as making term objects.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from loaders.iris import expand
from loaders.records import Entity, Party, SourceRecord
from loaders.values import PartialDate, Point, Ref, Text
from ontology import GEO, MLG, RDF, XSD

Triple = tuple[str, str, str]
"""Subject, predicate and object, each as N-Triples writes it."""

Find = Callable[[Party], str]
"""The IRI of the agent that a name means."""


def triples(record: SourceRecord, find: Find) -> Iterator[Triple]:
    """The triples of one source record, in the order of its fields; some may come twice."""
    for entity in record.entities:
        yield from _entity(entity, entity.key, find)


def described(entity: Entity) -> Iterator[Triple]:
    """The triples of an entity that names no party."""
    return _entity(entity, entity.key, _nobody)


def iri(text: str) -> str:
    """An IRI as N-Triples writes it; raises ValueError for what cannot be one."""
    if re.search(r"[\x00-\x20<>\"{}|\\^`]", text):
        raise ValueError(f"{text!r} is no IRI")
    return f"<{text}>"


def literal(value: object) -> str:
    """A literal as N-Triples writes it, in the canonical form that the store keeps."""
    match value:
        case bool():
            return f'"{str(value).lower()}"^^<{XSD}boolean>'
        case int():
            return f'"{value}"^^<{XSD}integer>'
        case Decimal():
            return f'"{_decimal(value)}"^^<{XSD}decimal>'
        case Text():
            return f'"{value.value.translate(_ESCAPES)}"@{value.language.lower()}'
        case Point():
            return f'"{value.wkt}"^^<{GEO.wktLiteral}>'
        case PartialDate():
            return f'"{value.lexical}"^^<{XSD}{value.datatype}>'
        case str():
            return f'"{value.translate(_ESCAPES)}"'
        case _:
            raise TypeError(f"{value!r} is no value of a record's field")


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _decimal(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclasses.dataclass(frozen=True, slots=True)
class _Field:
    name: str
    predicates: tuple[str, ...]
    inverse: bool
    period: str | None
    mutual: str | None


@cache
def _fields(entity_class: Any) -> tuple[_Field, ...]:
    return tuple(
        _Field(
            field.name,
            tuple(iri(str(property_)) for property_ in field.metadata["properties"]),
            field.metadata["inverse"],
            field.metadata["period"],
            iri(str(mutual)) if (mutual := field.metadata["mutual"]) else None,
        )
        for field in dataclasses.fields(entity_class)
        if "properties" in field.metadata
    )


@cache
def _types(entity_class: Any) -> tuple[str, ...]:
    return tuple(iri(str(rdf_class)) for rdf_class in entity_class.CLASSES)


_TYPE = iri(str(RDF.type))
_BOUNDS = {"earliest": iri(str(MLG.earliest)), "latest": iri(str(MLG.latest))}


def _entity(entity: Entity, key: str, find: Find) -> Iterator[Triple]:
    subject = iri(expand(Ref(f"{entity.SEGMENT}/{key}")))
    entity_class: Any = type(entity)
    for rdf_class in _types(entity_class):
        yield subject, _TYPE, rdf_class
    dates: list[tuple[str, PartialDate]] = []
    rank = 0
    for field in _fields(entity_class):
        value = getattr(entity, field.name)
        if value is None or value == ():  # most fields of most entities say nothing
            continue
        values: tuple[Any, ...] = value if isinstance(value, tuple) else (value,)
        terms: list[str] = []
        for each in values:
            if each is None:
                continue
            if isinstance(each, Entity):
                rank += 1
                own_key = each.key or f"{key}-{rank}"
                yield from _entity(each, own_key, find)
                term = iri(expand(Ref(f"{each.SEGMENT}/{own_key}")))
            else:
                term = _term(each, find)
            terms.append(term)
            for predicate in field.predicates:
                yield (term, predicate, subject) if field.inverse else (subject, predicate, term)
            if field.period and isinstance(each, PartialDate):
                dates.append((field.period, each))
        if field.mutual:
            # One way is enough of a symmetric property, and the same one however they are listed.
            for one, other in itertools.combinations(sorted(set(terms)), 2):
                yield one, field.mutual, other
    if dates:
        yield from _period(subject, dates)


def _term(value: object, find: Find) -> str:
    if isinstance(value, Party):
        return iri(find(value))
    return _repeated(value) if isinstance(value, Ref | PartialDate) else literal(value)


@lru_cache(maxsize=1 << 16)
def _repeated(value: Ref | PartialDate) -> str:
    """The term of a value that many entities share: a concept, a country, a day."""
    return iri(expand(value)) if isinstance(value, Ref) else literal(value)


def _period(subject: str, dates: list[tuple[str, PartialDate]]) -> Iterator[Triple]:
    """The first and last day of an entity's own period, where its dates give them."""
    first = [d.earliest for period, d in dates if period != "end" and d.earliest]
    last = [d.latest for period, d in dates if period != "start" and d.latest]
    for name, day in (("earliest", min(first, default=None)), ("latest", max(last, default=None))):
        if day:
            yield subject, _BOUNDS[name], f'"{day}"^^<{XSD}date>'


def _nobody(party: Party) -> str:
    raise TypeError(f"{party.name!r} is a name to be resolved, not an entity")
