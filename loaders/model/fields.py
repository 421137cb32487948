"""The fields of records: each names the properties that state its value."""

from __future__ import annotations

from dataclasses import MISSING, field
from typing import Any, Literal

from rdflib import URIRef

Period = Literal["start", "end", "both"]


def says(
    *properties: URIRef,
    default: Any = None,
    inverse: bool = False,
    period: Period | None = None,
    mutual: URIRef | None = None,
) -> Any:
    """A field whose value is stated with these properties.

    `inverse`: the value is the subject, the entity the object. `period`: the date opens, closes or
    is the entity's own period, from which `mlg:earliest` and `mlg:latest` are derived. `mutual`:
    the symmetric property that each two of the values have between them.
    """
    return field(
        default=default,
        metadata={
            "properties": properties,
            "inverse": inverse,
            "period": period,
            "mutual": mutual,
        },
    )


def must(*properties: URIRef, inverse: bool = False) -> Any:
    """A field without which there is no record."""
    return says(*properties, default=MISSING, inverse=inverse)


def unsaid(*, default: Any = ()) -> Any:
    """A field that no triple states: `loaders.build.ties` makes of it what is stated."""
    return field(default=default)


def many(*properties: URIRef, inverse: bool = False, mutual: URIRef | None = None) -> Any:
    """A field that holds a tuple of values, each stated with these properties."""
    return says(*properties, default=(), inverse=inverse, mutual=mutual)
