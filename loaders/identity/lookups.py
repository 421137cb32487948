"""Decisions of a person on what a name means: `lookups` of a dataset.yml, or a file of its own.

A name is written as the source states it; `Dunkirk | FRA` is that name where the source gives that
country. The file is a report: `report.json` lists the names that stay unresolved, and a person
writes what they mean into `decision`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from loaders.errors import SourceError
from loaders.identity.stated_names import fold
from loaders.model.values import Ref

Decisions = Mapping[tuple[str, str | None], Ref]
"""The decision on a folded name in a country (its code) or, without one, anywhere."""


def decisions(lookups: Mapping[str, Ref]) -> Decisions:
    """The decisions by folded name and country.

    >>> decisions({"Dunkirk | FRA": Ref("authority/fra-cog-59183")})
    {('dunkirk', 'FRA'): Ref(target='authority/fra-cog-59183')}
    """
    found: dict[tuple[str, str | None], Ref] = {}
    for stated, decision in lookups.items():
        name, bar, country = stated.rpartition(" | ")
        found[(fold(name), country.strip()) if bar else (fold(stated), None)] = decision
    return found


def stated(name: str, country: Ref | None) -> str:
    """The name of a party as a lookup writes it."""
    return f"{name} | {country.target.rpartition('/')[2]}" if country else name


def read_lookups(path: Path) -> dict[str, dict[str, Ref]]:
    """The decisions in a report, or in its list `unresolved`, by dataset.

    An entry without a decision says nothing. Raises SourceError for what is no such file, and for a
    decision that refers to nothing.
    """
    try:
        content: Any = json.loads(path.read_text("utf-8"))
        entries = content["unresolved"] if isinstance(content, dict) else content
        decided = [entry for entry in entries if entry.get("decision")]
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(
            f"{path.name} is no report, nor a list of names from one: {error}"
        ) from error
    found: defaultdict[str, dict[str, Ref]] = defaultdict(dict)
    for entry in decided:
        try:
            found[entry["dataset"]][entry["lookup"]] = Ref(entry["decision"])
        except (KeyError, TypeError, ValueError) as error:
            raise SourceError(f"{path.name}: {entry.get('lookup')!r}: {error}") from error
    return dict(found)
