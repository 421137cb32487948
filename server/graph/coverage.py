"""The countries and the days that each dataset speaks of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ontology.namespaces import GRAPH
from server.engine import Engine
from server.questions import select


@dataclass(frozen=True)
class Coverage:
    """The countries by IRI in order, and the first and the last day; empty where none is told."""

    countries: Sequence[str] = ()
    first: str = ""
    last: str = ""

    def joined(self, other: "Coverage") -> "Coverage":
        """The coverage of both."""
        days = [day for day in (self.first, other.first) if day]
        return Coverage(
            sorted({*self.countries, *other.countries}),
            min(days, default=""),
            max(self.last, other.last),
        )


def read_coverage(engine: Engine) -> Mapping[str, Coverage]:
    """The coverage of each dataset by its name; of `""` that of all of them."""
    countries: defaultdict[str, set[str]] = defaultdict(set)
    days: defaultdict[str, list[str]] = defaultdict(list)
    for row in select(engine, "coverage-space").rows:
        countries[dataset_of(row["graph"].value)].add(row["country"].value)
    for row in select(engine, "coverage-time").rows:
        found = days[dataset_of(row["graph"].value)]
        found += [row[name].value for name in ("first", "last") if name in row]
    names = (countries.keys() | days.keys()) - {""}
    told = {
        name: Coverage(
            sorted(countries[name]), min(days[name], default=""), max(days[name], default="")
        )
        for name in sorted(names)
    }
    whole = Coverage()
    for each in told.values():
        whole = whole.joined(each)
    return {**told, "": whole}


def dataset_of(graph: str) -> str:
    """The name of the dataset of a graph of its records; empty for other graphs."""
    name, slash, _ = graph.removeprefix(str(GRAPH)).partition("/")
    return name if slash and graph.startswith(str(GRAPH)) else ""
