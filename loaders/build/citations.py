"""The source records that state what breaks a rule: one query for all breaches of the rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pyoxigraph as ox

from ontology.namespaces import GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_PROVENANCE

Row = tuple[Any, ...]
"""Terms of the store: an entity, and a value or None."""

Stated = dict[str, set[Row]]
"""The patterns that the graph of each record states."""

BATCH: Final = 10_000
"""Rows that one query asks for: its text stays within a few megabytes."""

_NO_RECORDS: Final = {str(graph) for graph in (GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_PROVENANCE)}


class Citations:
    """The records of a store, in the order in which they count.

    Of records that contradict each other, the first stays and the later ones are at fault. Records
    that are not in `precedence` come last.
    """

    def __init__(self, store: ox.Store, precedence: Sequence[str] = ()) -> None:
        self._store = store
        self._rank = {graph: rank for rank, graph in enumerate(precedence)}

    def of_values(self, rows: Sequence[Row], path: str | None) -> dict[Row, tuple[str, ...]]:
        """The graphs that state each value of its entity, or else that describe the entity."""
        stated = self._stated(rows, ("entity", "value"), f"?entity {path} ?value") if path else {}
        return self._completed(rows, {row: self._sorted(graphs) for row, graphs in stated.items()})

    def of_excess(self, rows: Sequence[Row], path: str, at_most: int) -> dict[Row, tuple[str, ...]]:
        """The values that each entity has beyond those it may have, and the graphs that add them.

        An entity whose values are inferred has no such value, and the graphs that describe it.
        """
        found: dict[Row, tuple[str, ...]] = {}
        entities = [row[:1] for row in rows]
        for entity, graphs in self._stated(entities, ("entity",), f"?entity {path} ?value").items():
            late = self._late(graphs, at_most)
            found |= {(*entity, *value): cited for value, cited in late.items()}
        known = {row[:1] for row in found}
        return found | self._completed([row for row in rows if row[:1] not in known], {})

    def of_triples(self, triples: Iterable[Row]) -> tuple[str, ...]:
        """The graphs that complete a contradiction of triples, after those that begin it.

        Where a part of it is inferred, the last of the graphs that speak of the same entities.
        """
        rows = list(dict.fromkeys(triples))
        stated = self._stated(rows, ("entity", "property", "value"), "?entity ?property ?value")
        by_graph: Stated = {}
        for row, graphs in stated.items():
            for graph in graphs:
                by_graph.setdefault(graph, set()).add(row)
        if len(stated) == len(rows):
            late = self._late(by_graph, len(rows) - 1).values()
            return self._sorted({graph for graphs in late for graph in graphs})
        subjects = [row[:1] for row in rows]
        for graphs in self._stated(subjects, ("entity",), "?entity ?property ?value").values():
            by_graph |= graphs
        return self._sorted(by_graph)[-1:]

    def _completed(
        self, rows: Sequence[Row], found: dict[Row, tuple[str, ...]]
    ) -> dict[Row, tuple[str, ...]]:
        """The same, with the graphs that describe the entity for each row that has none."""
        for pattern in ("?entity a ?value", "?entity ?property ?value"):
            missing = [row for row in rows if not found.get(row)]
            described = self._stated([row[:1] for row in missing], ("entity",), pattern)
            found |= {row: self._sorted(described.get(row[:1], {})) for row in missing}
        return found

    def _late(self, graphs: Stated, at_most: int) -> dict[Row, tuple[str, ...]]:
        """The values after so many taken from the first graphs, and where they come from."""
        kept: set[Row] = set()
        late: dict[Row, tuple[str, ...]] = {}
        for graph in self._sorted(graphs):
            new = graphs[graph] - kept
            if len(kept) + len(new) <= at_most:
                kept |= new
            else:
                late |= {value: (*late.get(value, ()), graph) for value in new}
        return late

    def _sorted(self, graphs: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            sorted(graphs, key=lambda graph: (self._rank.get(graph, len(self._rank)), graph))
        )

    def _stated(
        self, rows: Iterable[Row], names: Sequence[str], pattern: str
    ) -> Mapping[Row, Stated]:
        """By the terms of each row that a record states: the graphs, and the values in them."""
        # A blank node cannot be asked for; no record has one.
        known = [row for row in dict.fromkeys(rows) if not any(map(_is_blank, row))]
        variables = " ".join(f"?{name}" for name in names)
        found: dict[Row, Stated] = {}
        for start in range(0, len(known), BATCH):
            values = " ".join(
                f"({' '.join(map(str, row))})" for row in known[start : start + BATCH]
            )
            where = f"VALUES ({variables}) {{ {values} }} GRAPH ?graph {{ {pattern} }}"
            solutions = self._store.query(f"SELECT * WHERE {{ {where} }}")
            assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  a SELECT
            for solution in solutions:
                graph = str(solution["graph"].value)
                if graph not in _NO_RECORDS:
                    terms = tuple(solution[name] for name in names)
                    found.setdefault(terms, {}).setdefault(graph, set()).add((solution["value"],))
        return found


def _is_blank(term: object) -> bool:
    return term is None or str(term).startswith("_:")
