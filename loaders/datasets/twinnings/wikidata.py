"""Twinnings from Wikidata: results of its SPARQL endpoint on P190 (twinned administrative body).

The results are in SPARQL 1.1 Query Results JSON. Each row has the two ends `?a` and `?b`; for each
of them `?aLabel`, `?aCountry` (an ISO 3166-1 alpha-3 code) and `?aPoint` (a WKT literal) may be
there. `refresh` asks for them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from loaders.datasets.twinnings.countries import country
from loaders.datasets.twinnings.ends import ListedTie, ListedTown
from loaders.errors import NotOfThisKind, RecordError, SourceError
from loaders.model.values import Point
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog
from loaders.sources.tables import refuse

_ITEM = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9]\d*)")
_POINT = re.compile(r"point\(\s*([-+\d.eE]+)\s+([-+\d.eE]+)\s*\)", re.IGNORECASE)


def ends(source: SourceFile, language: str, issues: IssueLog) -> Iterator[ListedTie]:
    """The two ends of each row of the results, and its rank.

    Raises NotOfThisKind for JSON that is no such result, SourceError for what is no JSON.
    """
    for rank, binding in enumerate(_bindings(source), 1):
        try:
            pair = _end(binding, "a", language, rank), _end(binding, "b", language, rank)
        except RecordError as error:
            refuse(error, issues)
        else:
            yield ListedTie(*pair, rank)


def _bindings(source: SourceFile) -> list[dict[str, dict[str, str]]]:
    try:
        content: Any = json.loads(source.text())
    except json.JSONDecodeError as error:
        raise SourceError(f"{source.name}:{error.lineno}: no JSON: {error.msg}") from error
    except RecursionError as error:
        raise SourceError(f"{source.name} is nested too deep to be a result") from error
    try:
        variables, bindings = content["head"]["vars"], content["results"]["bindings"]
    except (TypeError, KeyError) as error:
        raise NotOfThisKind(f"{source.name} is no result of a SPARQL query") from error
    if not {"a", "b"} <= set(variables):
        raise NotOfThisKind(f"{source.name} has not the variables ?a and ?b")
    return list(bindings)


def _end(binding: dict[str, dict[str, str]], side: str, language: str, rank: int) -> ListedTown:
    item = _ITEM.fullmatch(_value(binding, side))
    if item is None:
        advice = "write an item, as http://www.wikidata.org/entity/Q64"
        raise RecordError(side, _value(binding, side), advice, line=rank)
    label = _value(binding, f"{side}Label")
    if not label or label == item[1]:
        advice = f"the item has no label in {language}: a town without a name is not published"
        raise RecordError(f"{side}Label", item[1], advice, line=rank)
    code = _value(binding, f"{side}Country")
    return ListedTown(
        name=label,
        language=binding[f"{side}Label"].get("xml:lang", language).lower(),
        country=country(code).country if code else None,
        country_as_stated=code,
        point=_point(_value(binding, f"{side}Point")),
        identifier=item[1],
    )


def _value(binding: dict[str, dict[str, str]], variable: str) -> str:
    return binding.get(variable, {}).get("value", "").strip()


def _point(text: str) -> Point | None:
    """The point of a WKT literal, longitude first; none for a point elsewhere than on the Earth."""
    match = _POINT.fullmatch(text)
    try:
        return Point(float(match[2]), float(match[1])) if match else None
    except ValueError:
        return None
