"""The types of parameters: from what a caller writes to an RDF term, and back.

A term is made by pyoxigraph, which checks and escapes it; nothing that a caller writes gets into
the text of a query any other way.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from babel.core import get_global

from ontology.namespaces import CONCEPT, COUNTRY, ID, XSD
from ontology.schemes import concept

Term = ox.NamedNode | ox.Literal


@dataclass(frozen=True)
class Type:
    """A type of parameter.

    `term` makes an RDF term of a caller's value and raises ValueError where it is none; `shown` is
    the shortest way to write a term; `accepted` says in words what a caller may write.
    """

    accepted: str
    term: Callable[[str], Term]
    shown: Callable[[str], str] = str


def concept_type(scheme: str) -> Type:
    """The type of the concepts of one scheme."""
    base = f"{CONCEPT}{scheme}/"

    def term(value: str) -> Term:
        iri = concept(scheme, value.removeprefix(base))
        if iri is None:
            raise ValueError(value)
        return ox.NamedNode(iri)

    return Type(
        f"the notation, the label or the IRI of a concept of the scheme {scheme}",
        term,
        lambda iri: iri.removeprefix(base),
    )


def _iri(value: str) -> Term:
    return ox.NamedNode(value)


def _entity(value: str) -> Term:
    key = value.removeprefix(str(ID))
    if not re.fullmatch(r"[a-z]+/[\w./-]+", key):
        raise ValueError(value)
    return ox.NamedNode(f"{ID}{key}")


# The EU authority table has its own code for Kosovo, which ISO 3166-1 does not list.
_KOSOVO = {"XK": "1A0", "XKX": "1A0", "1A0": "1A0"}


def _country(value: str) -> Term:
    code = value.removeprefix(str(COUNTRY)).upper()
    alpha3 = _KOSOVO.get(code) or _alpha3(code)
    if alpha3 is None:
        raise ValueError(value)
    return ox.NamedNode(f"{COUNTRY}{alpha3}")


def _alpha3(code: str) -> str | None:
    # CLDR lists the three letters of a country as an alias of its two.
    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    if re.fullmatch(r"[A-Z]{3}", code):
        return code if len(aliases.get(code, ())) == 1 else None
    return next(
        (
            alias
            for alias, targets in aliases.items()
            if targets == [code] and re.fullmatch(r"[A-Z]{3}", alias)
        ),
        None,
    )


def _text(value: str) -> Term:
    if "\0" in value:
        raise ValueError(value)
    return ox.Literal(value)


def _literal(form: str, datatype: str = str(XSD.string)) -> Callable[[str], Term]:
    def term(value: str) -> Term:
        if not re.fullmatch(form, value, flags=re.ASCII):
            raise ValueError(value)
        return ox.Literal(value, datatype=ox.NamedNode(datatype))

    return term


def _date(value: str) -> Term:
    datetime.date.fromisoformat(value)
    return _literal(r"\d{4}-\d\d-\d\d", str(XSD.date))(value)


TYPES: Final[Mapping[str, Type]] = {
    "iri": Type("an absolute IRI, such as https://example.org/x", _iri),
    "entity": Type(
        "type/key, such as authority/fra-cog-91228, or the IRI of an entity",
        _entity,
        lambda iri: iri.removeprefix(str(ID)),
    ),
    "country": Type(
        "the ISO 3166 code of a country in two or three letters, such as MLI, or its IRI in the "
        "EU authority table",
        _country,
        lambda iri: iri.removeprefix(str(COUNTRY)),
    ),
    "text": Type("text", _text),
    "lang": Type("a language tag, such as fr", _literal(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")),
    "integer": Type("a whole number, such as 12", _literal(r"[+-]?\d+", str(XSD.integer))),
    "decimal": Type(
        "a number with a decimal point, such as 12.5",
        _literal(r"[+-]?\d+(\.\d+)?", str(XSD.decimal)),
    ),
    "year": Type("a year, such as 2010", _literal(r"[12]\d{3}", str(XSD.gYear))),
    "date": Type("a day, such as 2010-06-22", _date),
}
"""The types that need no more than their name; a `concept` also needs its scheme."""
