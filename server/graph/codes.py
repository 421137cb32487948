"""The holders of a code: a code of a scheme has other holders at other times."""

from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal

from ontology.namespaces import ID
from server.engine import Engine
from server.questions import select


@dataclass(frozen=True)
class CodeHolder:
    """A thing that has or had a code: from when to when, where that is known, as xsd:date."""

    iri: str
    scheme: str
    """As `fra-cog`: the country and the scheme of the identifier's key."""
    first: str
    last: str

    def holds_on(self, day: date) -> bool:
        """True where the holder had the code on that day; without dates it always had it."""
        return (not self.first or self.first <= day.isoformat()) and (
            not self.last or day.isoformat() <= self.last
        )


def read_holders(engine: Engine, scheme: str, code: str) -> list[CodeHolder]:
    """All that have or had a code of a scheme, in the order of their IRIs.

    The scheme is that of the keys (`fra-cog`), that without the country (`cog`), or the agency that
    gives the codes (`insee`), in letters of either case.
    """
    found: dict[CodeHolder, None] = {}
    wanted = scheme.lower()
    for row in select(engine, "holders-of-code", code=Literal(code)).rows:
        key = row["identifier"].value.removeprefix(f"{ID}identifier/")
        country, _, rest = key.partition("-")
        name = f"{country}-{rest.partition('-')[0]}"
        agency = row["agency"].value.lower() if "agency" in row else ""
        if wanted in (name, name.partition("-")[2], agency):
            dates = (row[each].value if each in row else "" for each in ("first", "last"))
            found[CodeHolder(row["entity"].value, name, *dates)] = None
    return list(found)
