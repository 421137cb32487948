"""The names that nobody knows, for a person to decide: most frequent first, with candidates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.identity.candidates import Ranking
from loaders.identity.lookups import stated
from loaders.identity.register import Register
from loaders.identity.resolution import LATER, Resolution
from loaders.sources.masking import excerpt
from ontology.namespaces import GRAPH

RANKED = 200
"""Names, the most frequent ones, for which names like them are looked for: each takes a while."""

RECORDS = 20
"""Records of one name that are listed; the others are counted."""


@dataclass
class _Entry:
    found: Resolution
    dataset: str
    records: list[str] = field(default_factory=list)


def unresolved(
    resolutions: Mapping[str, Iterable[Resolution]], register: Register
) -> list[dict[str, Any]]:
    """One entry for each dataset, name and country, to be filled in as `lookups` reads it.

    `resolutions` are those of each record, by the IRI of its graph.
    """
    entries: dict[tuple[str, str], _Entry] = {}
    for iri, found in sorted(resolutions.items()):
        dataset = iri.removeprefix(str(GRAPH)).partition("/")[0]
        for resolution in found:
            if resolution.iri is None:
                lookup = stated(excerpt(resolution.party.name), resolution.party.country)
                entry = entries.setdefault((dataset, lookup), _Entry(resolution, dataset))
                entry.records.append(iri)
    ordered = sorted(entries.items(), key=lambda item: (-len(item[1].records), item[0]))
    ranking = Ranking(register)
    return [
        _as_json(lookup, entry, ranking if rank < RANKED else None)
        for rank, ((_, lookup), entry) in enumerate(ordered)
    ]


def later_names(resolutions: Mapping[str, Iterable[Resolution]]) -> list[dict[str, Any]]:
    """The names that contradict a register, by record: whom they mean began after the record.

    `resolutions` are those of each record, by the IRI of its graph.
    """
    return [
        {
            "record": iri,
            "name": excerpt(found.party.name),
            "authority": found.iri,
            "why": found.how,
        }
        for iri, of_record in sorted(resolutions.items())
        for found in of_record
        if found.method == LATER
    ]


def _as_json(lookup: str, entry: _Entry, ranking: Ranking | None) -> dict[str, Any]:
    found = entry.found
    return {
        "dataset": entry.dataset,
        "lookup": lookup,
        "name": excerpt(found.party.name),
        "count": len(entry.records),
        "why": found.how,
        "decision": None,
        "candidates": candidates(found, ranking),
        "records": entry.records[:RECORDS],
    }


def candidates(found: Resolution, ranking: Ranking | None) -> list[dict[str, Any]]:
    """The agents that bear the name and why they do not fit, then those with names like it."""
    bearers = [
        {"iri": candidate.iri, "name": candidate.name, "objection": candidate.objection}
        for candidate in found.candidates
    ]
    return [*bearers, *_alike(found, ranking)] if ranking else bearers


def _alike(found: Resolution, ranking: Ranking) -> Sequence[dict[str, Any]]:
    known = {candidate.iri for candidate in found.candidates}
    return [
        {"iri": alike.iri, "name": alike.name, "likeness": alike.likeness}
        for alike in ranking.lookalikes(found.party)
        if alike.iri not in known
    ]
