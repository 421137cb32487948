"""Existences as authorities and places: names and codes with their validity, territory, people."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import groupby

from loaders.model.records import Authority, DatedName, Figure, Identifier, Place
from loaders.model.values import PartialDate, Ref, Text
from loaders.registers.cog.existence import Existence, Span
from loaders.registers.cog.history import History
from loaders.registers.cog.movements import day_before
from loaders.registers.cog.territory import is_authority, ref, within

FRANCE = Ref("country/FRA")
POPULATION = Ref("concept/measure/population")
COG, PART, SIREN = (
    Ref(f"concept/identifier-scheme/fra-{scheme}") for scheme in ("cog", "cog-part", "siren")
)
KINDS = {
    "COM": Ref("concept/kind/fra-commune"),
    "COMA": Ref("concept/kind/fra-commune-associee"),
    "COMD": Ref("concept/kind/fra-commune-deleguee"),
    "ARM": Ref("concept/kind/fra-arrondissement-municipal"),
}
NEW_KIND = Ref("concept/kind/fra-commune-nouvelle")
PARIS, PARIS_KIND = "fra-cog-75056-2019", Ref("concept/kind/fra-ville-de-paris")

COLLECTIVITIES = {
    "fra-cog-97123": Ref("authority/fra-com-977"),
    "fra-cog-97127": Ref("authority/fra-com-978"),
}
"""The communes that have become overseas collectivités, which are no communes."""


def entity(existence: Existence, history: History) -> Authority | Place:
    """The authority that an existence is; a place where it has no legal personality."""
    former = tuple(_names(existence))
    other_names = tuple(
        Text(name)
        for name in dict.fromkeys(dated.form.value for dated in former[:-1])
        if name != existence.name
    )
    if not is_authority(existence):
        return Place(
            key=existence.key,
            names=(Text(existence.name),),
            other_names=other_names,
            kind=None if existence.type == "COM" else KINDS[existence.type],
            country=FRANCE,
            within=within(existence),
            identifiers=() if existence.type == "COM" else tuple(_identifiers(existence)),
            start=day(existence.start),
            end=day_before(existence.end),
            figures=_figures(existence),
        )
    return Authority(
        key=existence.key,
        names=(Text(existence.name),),
        other_names=other_names,
        dated_name=former[-1] if former[-1].start else None,
        former_names=former[:-1],
        kind=_kind(existence),
        country=FRANCE,
        within=within(existence),
        identifiers=tuple(_identifiers(existence)),
        start=day(existence.start),
        end=day_before(existence.end),
        figures=_figures(existence),
        heirs=_heirs(existence, history),
    )


@cache
def day(text: str) -> PartialDate | None:
    """A day, or a year, as the register writes it; None where it gives none."""
    return PartialDate(text) if text else None


def _kind(existence: Existence) -> Ref:
    if existence.key == PARIS:
        return PARIS_KIND
    return NEW_KIND if existence.new else KINDS[existence.type]


def _heirs(existence: Existence, history: History) -> tuple[Ref, ...]:
    if not existence.end:
        return ()
    if existence.key in COLLECTIVITIES:
        return (COLLECTIVITIES[existence.key],)
    return tuple(ref(heir) for heir in history.grounds.heirs(existence))


def _names(existence: Existence) -> Iterator[DatedName]:
    spans = existence.spans
    changes = [
        index for index, span in enumerate(spans) if not index or spans[index - 1].name != span.name
    ]
    for index, following in zip(changes, [*changes[1:], None], strict=True):
        start = spans[index].start
        yield DatedName(
            key=f"{existence.key}-{start or 'first'}",
            form=Text(spans[index].name),
            start=day(start),
            end=day_before(existence.end if following is None else spans[following].start),
        )


def _identifiers(existence: Existence) -> Iterator[Identifier]:
    key = existence.key
    held = [(code, next(spans).start) for code, spans in groupby(existence.spans, _code)]
    ends = [start for _, start in held[1:]] + [existence.end]
    for (code, start), end in zip(held, ends, strict=True):
        former = f"{key}-{code.lower()}-{start or 'first'}"
        yield Identifier(
            key=key if (code, start) == held[-1] else former,
            notation=code,
            # A delegated commune may have the code of the commune that it is a part of.
            scheme=COG if existence.type == "COM" else PART,
            agency="INSEE",
            start=day(start),
            end=day_before(end),
        )
    if existence.today and existence.today.siren:
        yield Identifier(
            key=f"{key}-siren", notation=existence.today.siren, scheme=SIREN, agency="INSEE"
        )


def _code(span: Span) -> str:
    return span.code


def _figures(existence: Existence) -> tuple[Figure, ...]:
    today = existence.today
    if today is None or not today.population:
        return ()
    return (
        Figure(
            key=f"{existence.key}-population",
            measure=POPULATION,
            value=Decimal(today.population),
            date=day(today.year),
        ),
    )
