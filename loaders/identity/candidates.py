"""The known agents whose names look most like one that is not known: for a person, never to decide.

Likeness misleads (`Reims Métropole` is 87 % like `Brest Métropole`), so that its answers are
proposals in a report.
"""

from __future__ import annotations

from dataclasses import dataclass

try:
    from rapidfuzz import fuzz, process
except ImportError:  # where it is not installed nothing is proposed, and all that is decided stays
    process = None  # type: ignore[assignment]

from loaders.identity.register import Known, Register
from loaders.identity.stated_names import readings
from loaders.model.iris import expand
from loaders.model.records import Party
from loaders.model.values import Ref

LEAST = 80.0
"""The least likeness, of 100, that is worth a look."""


@dataclass(frozen=True, kw_only=True)
class Lookalike:
    """A known agent with a name like another, and how like, from 0 to 1."""

    iri: str
    name: str
    country: str | None
    likeness: float


class Ranking:
    """The names of a register by country, to be compared with others."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def lookalikes(
        self, party: Party, hint: Ref | None = None, most: int = 5
    ) -> tuple[Lookalike, ...]:
        """At most so many known agents, the most alike first.

        Of a party without a country those of the country in `hint` are taken, such as that of the
        embassy of its page: enough to propose, not to find.
        """
        if process is None:
            return ()
        country = party.country or hint
        own = expand(country) if country else None
        names = self._register.names_in(own)
        found: dict[str, Lookalike] = {}
        for reading in readings(party.name):
            for key, score, _ in process.extract(
                reading.key, names, scorer=fuzz.ratio, limit=most, score_cutoff=LEAST
            ):
                for known in (bearer.known for bearer in self._register.named(key)):
                    if known.country != own:
                        continue
                    if reading.kinds and known.kinds and not reading.kinds & known.kinds:
                        continue
                    likeness = max(round(score / 100, 3), _likeness(found, known))
                    found[known.iri] = Lookalike(
                        iri=known.iri, name=known.name, country=known.country, likeness=likeness
                    )
        ranked = sorted(found.values(), key=lambda each: (-each.likeness, each.iri))
        return tuple(ranked[:most])


def _likeness(found: dict[str, Lookalike], known: Known) -> float:
    return found[known.iri].likeness if known.iri in found else 0.0
