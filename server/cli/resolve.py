"""The answer of `maillage resolve`: the decision on a name, its candidates, its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from loaders import versions
from loaders.errors import BuildError, DatasetError
from loaders.identity.candidates import Ranking
from loaders.identity.resolution import Authorities, Context, Resolution
from loaders.identity.stated_names import KINDS, readings
from loaders.identity.stored_register import NAME as REGISTER
from loaders.identity.stored_register import read_register
from loaders.identity.unresolved import candidates
from loaders.model.iris import expand
from loaders.model.records import Party
from loaders.model.values import PartialDate, Point, Ref
from loaders.registers.countries import table

Json = Mapping[str, Any]


def known_authorities(home: Path) -> Authorities:
    """The agents that the version served knows; raises BuildError before the first build."""
    serving = versions.current(home)
    if serving is None:
        raise BuildError(f"there is no version in {home}: run `maillage build` first")
    return Authorities(read_register(serving.folder / REGISTER))


def question(
    name: str,
    *,
    country: str | None,
    date: str | None,
    kind: str | None,
    territory: str | None,
    point: str | None,
    beside: Iterable[str],
    authorities: Authorities,
) -> tuple[Party, Context]:
    """The party and its context, from what a person writes; raises DatasetError for what is none.

    `country` is a code of two or three letters or a name, `beside` are other names of the record.
    """
    found = _country(country) if country else None
    if kind and kind not in KINDS:
        raise DatasetError(f"no kind {kind!r}: write one of {', '.join(sorted(KINDS))}")
    try:
        day = PartialDate(date) if date else None
        place = Point.written(point) if point else None
    except ValueError as error:
        raise DatasetError(str(error)) from error
    stated = f"{kind} de {name}" if kind and not readings(name)[0].kinds else name
    stated = f"{stated} ({territory})" if territory else stated
    party = Party(name=stated, country=found, point=place)
    context = Context(
        countries=frozenset({expand(found)}) if found else frozenset(),
        earliest=day.earliest if day else None,
        latest=day.latest if day else None,
    )
    answers = [authorities.resolve(Party(name=n, country=found), context) for n in beside]
    company = frozenset(answer.iri for answer in answers if answer.iri)
    return party, Context(
        countries=context.countries,
        earliest=context.earliest,
        latest=context.latest,
        company=company,
    )


def _country(text: str) -> Ref:
    wanted = text.strip().casefold()
    for row in table():
        if wanted in {
            row[column].casefold() for column in ("code", "alpha2", "alpha3", "fr", "en")
        }:
            return Ref(f"country/{row['code']}")
    raise DatasetError(f"no country {text!r}: write FR, FRA, France or another of the table")


def answer(found: Resolution, authorities: Authorities) -> Json:
    """The decision as JSON; `resolved` is null where nobody knows."""
    return {
        "name": found.party.name,
        "resolved": found.iri,
        "method": found.method,
        "score": found.score,
        "evidence": found.evidence,
        "candidates": candidates(found, Ranking(authorities.register) if not found.iri else None),
    }


def told(content: Json) -> Iterable[str]:
    """The decision in lines for a person."""
    if content["resolved"]:
        yield f"{content['name']}: {content['resolved']}"
        yield f"  score {content['score']}, by {content['method'].replace('-', ' ')}"
    else:
        yield f"{content['name']}: unresolved ({content['method'].replace('-', ' ')})"
    if content["evidence"]:
        yield f"  {content['evidence']}"
    for each in content["candidates"]:
        if "likeness" in each:
            reason = f"only like it ({each['likeness']:.0%})"
        elif each["iri"] == content["resolved"]:
            reason = "chosen"
        else:
            reason = each["objection"] or "fits"
        yield f"  - {each['name']}, {each['iri']}: {reason}"
