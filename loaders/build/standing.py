"""The standing of each tie, by all records of a build: who declares it, whose it is today.

Computed and not reasoned: what decides is who published a record, and which day came first. The
triples stand in `graph/inferred`, each property's note says how it is computed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

from loaders.identity.register import Register
from loaders.identity.resolution import Authorities, Context
from loaders.identity.stated_names import shared_key
from loaders.model.iris import expand, mint_iri, named_key
from loaders.model.quads import iri
from loaders.model.records import Partnership, Party, SourceRecord
from loaders.model.values import PartialDate, Ref
from loaders.sources.dataset import Dataset
from ontology.namespaces import MLG

HOME = "FRA"
"""The country of the home side, where a tie has one end in it."""

_TIES = mint_iri("partnership", "")
_AUTHORITIES = mint_iri("authority", "")


@dataclass
class DeclaredTie:
    """A tie, as all its records declare it."""

    key: str
    ends: tuple[str, str]
    starts: set[PartialDate] = field(default_factory=set)
    closes: set[PartialDate] = field(default_factory=set)
    forms: set[Ref] = field(default_factory=set)
    publishers: set[str] = field(default_factory=set)
    declared_at_home: bool = False

    @property
    def home(self) -> str | None:
        """The end of the home side; None where neither or both are of that country."""
        here = [end for end in self.ends if country_of(end) == HOME]
        return here[0] if len(here) == 1 else None

    def ended_before(self, end: PartialDate | None) -> bool:
        """True where the tie is known to have ended before one of its ends did."""
        first = end.earliest if end else None
        lasts = [close.latest for close in self.closes if close.latest]
        return bool(first and lasts and max(lasts) < first)

    def contradictions(self) -> Iterator[str]:
        """The contradictions of its sources, as notations of the scheme."""
        for name, dates in (("start", self.starts), ("end", self.closes)):
            if any(apart(one, other) for one, other in combinations(dates, 2)):
                yield name
        if len(self.forms) > 1:
            yield "form"


def apart(one: PartialDate, other: PartialDate) -> bool:
    """True where neither of two periods contains the other.

    >>> apart(PartialDate("1990"), PartialDate("1990-05"))
    False
    >>> apart(PartialDate("1958"), PartialDate("1984"))
    True
    """
    first, last, then, until = one.earliest, one.latest, other.earliest, other.latest
    if not (first and last and then and until):
        return False
    return not (first <= then and until <= last) and not (then <= first and last <= until)


def country_of(authority: str) -> str:
    """The ISO 3166-1 code of three letters that opens the key of an authority."""
    return authority.removeprefix(_AUTHORITIES).partition("-")[0].upper()


def declared(records: Iterable[tuple[Dataset, SourceRecord]]) -> dict[str, DeclaredTie]:
    """The ties of the records, whose parties are resolved, by key."""
    ties: dict[str, DeclaredTie] = {}
    for dataset, record in records:
        for entity in record.entities:
            for each in _partnerships(entity):
                one, other = map(expand, each.ends)  # type: ignore[arg-type]
                tie = ties.setdefault(each.key, DeclaredTie(each.key, (one, other)))
                tie.starts |= {each.start} - {None}  # type: ignore[arg-type]
                tie.closes |= {each.end} - {None}  # type: ignore[arg-type]
                tie.forms |= {each.form} - {None}  # type: ignore[arg-type]
                tie.declared_at_home |= dataset.declares == "home"
                tie.publishers |= {record.document.publisher} - {None}  # type: ignore[arg-type]
    return ties


def _partnerships(value: object) -> Iterator[Partnership]:
    if isinstance(value, Partnership):
        yield value
    for name in ("project_of", "frames"):
        for part in getattr(value, name, ()):
            yield from _partnerships(part)


Recognise = Callable[[str, frozenset[str]], frozenset[str]]
"""The authorities, in so many countries, that the name of a publisher means."""


def recognise(authorities: Authorities) -> Recognise:
    """Finds publishers among the known authorities, and among those that no register knows."""

    def found(publisher: str, countries: frozenset[str]) -> frozenset[str]:
        answers = set()
        for country in sorted(countries):
            where = Ref(f"country/{country}")
            party = Party(name=publisher, country=where, authority=True)
            answer = authorities.resolve(party, Context(countries=frozenset({expand(where)})))
            shared = mint_iri("authority", named_key(shared_key(publisher), country))
            answers.add(answer.iri or shared)
        return frozenset(answers)

    return found


def standing(
    ties: Mapping[str, DeclaredTie], register: Register, publisher: Recognise
) -> list[str]:
    """The lines, in no order, that say how the ties stand."""
    return [
        f"{subject} {iri(str(property_))} {value}"
        for tie in ties.values()
        for subject in [iri(f"{_TIES}{tie.key}")]
        for property_, value in (
            *_declaration(tie, publisher),
            *_contradictory(tie),
        )
    ] + list(_inheritance(ties, register))


def _declaration(tie: DeclaredTie, publisher: Recognise) -> Iterator[tuple[str, str]]:
    countries = frozenset(map(country_of, tie.ends))
    named = {end for name in tie.publishers for end in publisher(name, countries)}
    by = named & set(tie.ends)
    if tie.declared_at_home and tie.home:
        by.add(tie.home)
    for end in sorted(by):
        yield MLG.declaredBy, iri(end)
    if len(by) == 2:
        side = "both"
    elif by:
        side = "home" if tie.home is None or tie.home in by else "foreign"
    else:
        side = "home" if tie.declared_at_home else "third-party"
    yield MLG.declaration, iri(mint_iri("concept", f"declaration/{side}"))


def _contradictory(tie: DeclaredTie) -> Iterator[tuple[str, str]]:
    for name in tie.contradictions():
        yield MLG.contradictoryOn, iri(mint_iri("concept", f"contradiction/{name}"))


def _inheritance(ties: Mapping[str, DeclaredTie], register: Register) -> Iterator[str]:
    """The heirs of each tie; of an heir with its own tie, that this one continues the earlier."""
    by_end: defaultdict[str, set[str]] = defaultdict(set)
    for tie in ties.values():
        for end in tie.ends:
            by_end[end].add(tie.key)
    for tie in ties.values():
        lines = [(end, *sorted(_heirs(tie, end, register))) for end in tie.ends]
        if not any(len(line) > 1 for line in lines):
            continue
        for later in sorted({_key(*pair) for pair in product(*lines)} & ties.keys() - {tie.key}):
            yield _said(later, MLG.continues, f"{_TIES}{tie.key}")
        for (_, *heirs), others in ((lines[0], lines[1]), (lines[1], lines[0])):
            for heir in heirs:
                if not any(_key(heir, other) in by_end[heir] for other in others):
                    yield _said(tie.key, MLG.hasHeirPartner, heir)


def _heirs(tie: DeclaredTie, end: str, register: Register) -> frozenset[str]:
    known = register.by_iri.get(end)
    if known is None or tie.ended_before(known.end):
        return frozenset()
    return register.successors(end)


def _key(one: str, other: str) -> str:
    return "--".join(sorted(end.removeprefix(_AUTHORITIES) for end in (one, other)))


def _said(key: str, property_: str, value: str) -> str:
    return f"{iri(f'{_TIES}{key}')} {iri(str(property_))} {iri(value)}"
