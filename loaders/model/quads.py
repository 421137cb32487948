"""Records to RDF: the only maker of entity triples.

Each class and field of `records` says which classes and properties it stands for; this
module reads that and nothing else, so that it knows no class by name. What a class says in every
entity is prepared once. Triples are written as N-Triples text: making text and bulk-loading it is
five times as fast as making term objects.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from operator import is_not
from typing import Any

from loaders.model.iris import entity_iri, expand
from loaders.model.records import Entity, SourceRecord
from loaders.model.values import PartialDate, Point, Ref, Text
from ontology.namespaces import GEO, MLG, RDF, XSD

Triple = tuple[str, str, str]
"""Subject, predicate and object, each as N-Triples writes it."""


def statements(record: SourceRecord) -> list[str]:
    """The triples of one source record, in the order of its fields; some may come twice.

    Each is a line of N-Triples without its full stop. Raises TypeError where a party is left that
    was not resolved (`loaders.identity.parties`).
    """
    return [line for entity in record.entities for line in described(entity)]


def described(entity: Entity) -> list[str]:
    """The triples of an entity, as `statements` gives them."""
    lines: list[str] = []
    _state(entity, entity.key, lines)
    return lines


_NOT_IN_IRIS = re.compile(r"[\x00-\x20<>\"{}|\\^`]").search


def iri(text: str) -> str:
    """An IRI as N-Triples writes it; raises ValueError for what cannot be one.

    Square brackets, which addresses of the web have in their queries, are percent-encoded: RFC 3986
    knows them in a host only (3.2.2), and no reader of RDF would take them.
    """
    if _NOT_IN_IRIS(text):
        raise ValueError(f"{text!r} is no IRI")
    if "[" in text or "]" in text:
        text = text.replace("[", "%5B").replace("]", "%5D")
    return f"<{text}>"


def literal(value: object) -> str:
    """A literal as N-Triples writes it, in the canonical form that the store keeps.

    Raises TypeError for what is no value of a record's field.
    """
    write = _LITERALS.get(type(value))
    if write is None:
        raise _no_value(value)
    return write(value)


def _no_value(value: object) -> TypeError:
    return TypeError(f"{value!r} is no value of a record's field")


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _decimal(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1 << 12)
def _date(value: PartialDate) -> str:
    return f'"{value.lexical}"^^<{XSD}{value.datatype}>'


_LITERALS: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: f'"{str(value).lower()}"^^<{XSD}boolean>',
    int: lambda value: f'"{value}"^^<{XSD}integer>',
    Decimal: lambda value: f'"{_decimal(value)}"^^<{XSD}decimal>',
    Text: lambda value: f'"{value.value.translate(_ESCAPES)}"@{value.language.lower()}',
    Point: lambda value: f'"{value.wkt}"^^<{GEO.wktLiteral}>',
    PartialDate: _date,
    str: lambda value: f'"{value.translate(_ESCAPES)}"',
}


@lru_cache(maxsize=1 << 16)
def _ref(target: str) -> str:
    """The term of a reference: many entities share a concept, a country, an authority."""
    return iri(expand(Ref(target)))


def _middle(property_: object) -> str:
    """A property as it stands between a subject and an object."""
    return f" {iri(str(property_))} "


@dataclasses.dataclass(frozen=True, slots=True)
class _Field:
    """The triples that a field makes of its values, as `says` was told."""

    middles: tuple[str, ...]
    inverse: bool
    period: str | None
    mutual: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Template:
    """The triples of an entity of a class: those of all, and by its fields."""

    subject: str
    """All of it but the key."""
    types: tuple[str, ...]
    fields: tuple[_Field | None, ...]
    """In their order in the class; None for the key, which is in the subject."""
    silent: tuple[object, ...]
    """The value of each field that says nothing, which most fields of most entities do."""


@cache
def _template(entity_class: Any) -> _Template:
    fields = dataclasses.fields(entity_class)
    return _Template(
        subject=f"<{entity_iri(entity_class.SEGMENT, '')}",
        types=tuple(_middle(RDF.type) + iri(str(known)) for known in entity_class.CLASSES),
        fields=tuple(_field(field.metadata) if field.metadata else None for field in fields),
        silent=tuple(() if field.default == () else None for field in fields),
    )


def _field(told: Mapping[str, Any]) -> _Field:
    return _Field(
        tuple(_middle(property_) for property_ in told["properties"]),
        told["inverse"],
        told["period"],
        _middle(told["mutual"]) if told["mutual"] else None,
    )


_BOUNDS = {"earliest": _middle(MLG.earliest), "latest": _middle(MLG.latest)}


def _state(entity: Entity, key: str, lines: list[str]) -> str:
    """Add the triples of an entity to the lines; the entity's own term."""
    entity_class: Any = type(entity)
    plan = _template(entity_class)
    if _NOT_IN_IRIS(key):
        raise ValueError(f"{key!r} is no part of an IRI")
    subject = f"{plan.subject}{key}>"
    lines += [subject + known for known in plan.types]
    dates: list[tuple[str, PartialDate]] = []
    rank = 0
    values = vars(entity).values()
    spoken = map(is_not, values, plan.silent)
    for field, value in itertools.compress(zip(plan.fields, values, strict=True), spoken):
        if field is None:
            continue
        terms = []
        for each in value if isinstance(value, tuple) else (value,):
            if (write := _LITERALS.get(type(each))) is not None:
                term = write(each)
            elif isinstance(each, Ref):
                term = _ref(each.target)
            elif isinstance(each, Entity):
                rank += 1
                term = _state(each, each.key or f"{key}-{rank}", lines)
            else:
                raise _no_value(each)
            terms.append(term)
            if field.inverse:
                lines += [term + middle + subject for middle in field.middles]
            else:
                lines += [subject + middle + term for middle in field.middles]
            if field.period and isinstance(each, PartialDate):
                dates.append((field.period, each))
        if field.mutual:
            # One way is enough of a symmetric property, and the same one however they are listed.
            for one, other in itertools.combinations(sorted(set(terms)), 2):
                lines.append(one + field.mutual + other)
    if dates:
        lines += _period(subject, dates)
    return subject


def _period(subject: str, dates: list[tuple[str, PartialDate]]) -> list[str]:
    """The first and last day of an entity's own period, where its dates give them."""
    first = [d.earliest for period, d in dates if period != "end" and d.earliest]
    last = [d.latest for period, d in dates if period != "start" and d.latest]
    bounds = (("earliest", min(first, default=None)), ("latest", max(last, default=None)))
    return [f'{subject}{_BOUNDS[name]}"{day}"^^<{XSD}date>' for name, day in bounds if day]
