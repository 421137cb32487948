"""The content of an export of a part of the graph: things, ties, and who states what."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import CONCEPT, COUNTRY, GRAPH, GRAPH_INFERRED, ID, MLG
from server.engine import Engine
from server.graph.descriptions import Statements
from server.iris import checked, entity_iri, graph_iri, segment_of
from server.questions import ask, iris, solutions

TYPES: Final = (
    *("dataset", "graph", "country", "territory", "authority", "association", "theme", "funder"),
    "partnership",
)
"""The types of parts; a territory is an authority with all that lie within it."""
WHOLE: Final = ("dataset", "graph")
"""The types of parts that are what graphs hold."""
THEMED: Final = ("country", "territory", "authority", "association", "funder")
"""The types of parts whose ties can be those on one theme."""
SCOPES: Final = ("both", "asserted", "inferred")
DEPTHS: Final = (0, 1, 2)
"""0: the things themselves with their parts; 1: and their ties; 2: and who takes part in these."""
BATCH: Final = 400
"""Things that are asked about at a time: their statements take a few megabytes."""
FEW: Final = 20
"""Graphs that are named one by one in a query: a register is one, an atlas thousands."""
SEGMENTS: Final[Mapping[str, Sequence[str]]] = {
    "association": ("organisation",),
    "funder": ("organisation", "authority"),
    "territory": ("authority",),
}


@dataclass(frozen=True)
class Part:
    """A part of the graph: what it is of, how far it reaches, whether stated or inferred."""

    kind: str
    key: str
    iri: str
    depth: int = 1
    scope: str = "both"
    theme: str = ""
    """The key of the theme that its ties are on; empty for all."""

    @property
    def parameters(self) -> Mapping[str, str]:
        """The parameters of an address beside type and key, without those that are as usual."""
        given = {"scope": self.scope} if self.scope != usual_scope(self.kind) else {}
        given |= {"depth": str(self.depth)} if self.depth != 1 and not self.whole else {}
        return given | ({"theme": self.theme} if self.theme else {})

    @property
    def whole(self) -> bool:
        """True where the part is whole graphs rather than facts about things: it has no depth."""
        return self.kind in WHOLE


def usual_scope(kind: str) -> str:
    """The scope of an export unless told: a dataset is what it states, of things we tell all."""
    return "asserted" if kind in WHOLE else "both"


def find_part(
    engine: Engine, kind: str, key: str, depth: int = 1, scope: str = "", theme: str = ""
) -> Part | None:
    """The part of that type and key; None where nothing is known under it, or under the theme."""
    scope = scope or usual_scope(kind)
    if theme and find_part(engine, "theme", theme) is None:
        return None
    for iri in candidates(kind, key):
        if kind == "graph":
            found = ask(engine, "graph-known", graph=NamedNode(iri))
        else:
            found = ask(engine, "known", entity=NamedNode(iri))
        if found:
            return Part(kind, key, iri, depth, scope, theme)
    return None


def candidates(kind: str, key: str) -> list[str]:
    """The IRIs that a type and a key may stand for."""
    if kind == "graph":
        found = [graph_iri(key) if "/" in key else None]
    elif kind == "theme":
        found = [checked(theme_iri(key))] if key else []
    else:
        found = [entity_iri(segment, key) for segment in SEGMENTS.get(kind, (kind,))]
    return [iri for iri in found if iri]


def theme_iri(key: str) -> str:
    """The IRI of a theme by its key; one of another scheme has that before it: `sdg/6`."""
    return f"{CONCEPT}{key}" if "/" in key else f"{CONCEPT}theme/{key}"


def parts_about(iri: str, types: Collection[str], *, holds: bool = False) -> list[tuple[str, str]]:
    """The types and keys of the parts that a thing is the heart of; `holds`: others lie within."""
    segment = segment_of(iri)
    key = iri.removeprefix(f"{ID}{segment}/")
    kinds = {
        "country": segment == "country",
        "authority": segment == "authority",
        "territory": segment == "authority" and holds,
        "association": segment == "organisation" and str(MLG.LocalGovernmentAssociation) in types,
        "funder": segment in ("authority", "organisation") and str(MLG.Funder) in types,
        "partnership": segment == "partnership",
        "dataset": segment == "dataset",
    }
    if segment == "country":
        key = iri.removeprefix(str(COUNTRY))
    if segment == "concept" and key.startswith("theme/"):
        return [("theme", key.removeprefix("theme/"))]
    return [(kind, key) for kind, fits in kinds.items() if fits]


def graphs_of(part: Part, known: Iterable[str]) -> list[str]:
    """The named graphs, of those known, that a dataset or a graph consists of."""
    if part.kind == "graph":
        return [part.iri]
    dataset = part.iri.removeprefix(f"{ID}dataset/")
    return sorted(graph for graph in known if graph.startswith(f"{GRAPH}{dataset}/"))


def subjects_of(engine: Engine, part: Part, known: Iterable[str]) -> list[str]:
    """The IRIs that an export describes, in the order of their characters.

    `known` are the named graphs of the version.
    """
    if part.whole:
        graphs = graphs_of(part, known)
        return sorted(gathered(engine, "export-subjects", graphs, "graphs"))
    things = {part.iri, *seeds(engine, part)}
    if part.depth > 0:
        ties = gathered(engine, "export-ties", things)
        if part.theme:
            concept = theme_iri(part.theme)
            narrower = iris(engine, "export-narrower", entity=NamedNode(concept))
            ties &= gathered(engine, "export-ties", [concept, *narrower])
            things = {part.iri, concept}
        ties |= gathered(engine, "export-ties", of_money(ties))
        if part.depth > 1:
            things |= gathered(engine, "export-ends", ties)
        things |= ties
    return sorted(things | gathered(engine, "export-parts", things))


def of_money(ties: Iterable[str]) -> list[str]:
    """The ties that have money and actions of their own."""
    return [iri for iri in ties if iri.startswith((f"{ID}project/", f"{ID}partnership/"))]


def seeds(engine: Engine, part: Part) -> list[str]:
    """The things that a part is of, beside the one that it is called after."""
    name = {
        "country": "export-of-country",
        "territory": "export-within",
        "theme": "export-narrower",
    }.get(part.kind)
    return iris(engine, name, entity=NamedNode(part.iri)) if name else []


def gathered(engine: Engine, name: str, nodes: Iterable[str], bound: str = "nodes") -> set[str]:
    """The IRIs that a question finds for nodes, asked for batch by batch."""
    found: set[str] = set()
    for batch in batches(sorted(nodes)):
        values: Any = {bound: [NamedNode(iri) for iri in batch]}
        found.update(iris(engine, name, **values))
    return found


def batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """The items, some hundreds at a time."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def keeping(part: Part, known: Iterable[str]) -> Callable[[Sequence[str]], Sequence[str] | None]:
    """The function that gives the graphs in which a triple belongs to an export, or None.

    A triple that only the merge holds, as where files are served that name no graph, is stated.
    """
    wanted = frozenset(graphs_of(part, known)) if part.whole else None
    inferred = str(GRAPH_INFERRED)

    def kept(graphs: Sequence[str]) -> Sequence[str] | None:
        if not graphs:
            return () if wanted is None and part.scope != "inferred" else None
        stated = [
            graph for graph in graphs if (graph != inferred if wanted is None else graph in wanted)
        ]
        derived = [inferred] if inferred in graphs and inferred not in stated else []
        return {"both": stated + derived, "asserted": stated, "inferred": derived}[
            part.scope
        ] or None

    return kept


def statements(
    engine: Engine, part: Part, parted: Iterable[Sequence[str]], known: Collection[str]
) -> Iterator[Statements]:
    """The export of batches of its things: triples with the graphs that hold them."""
    kept = keeping(part, known)
    # A build puts each triple of the merge in a graph too: half the rows.
    name = "export-statements" if str(GRAPH_INFERRED) in known else "export-merged"
    values: dict[str, Any] = {}
    if part.whole and part.scope == "asserted" and len(graphs_of(part, known)) <= FEW:
        name = "export-of-graphs"
        values = {"graphs": [NamedNode(iri) for iri in graphs_of(part, known)]}
    for batch in parted:
        rows = solutions(engine, name, nodes=[NamedNode(iri) for iri in batch], **values)
        found: defaultdict[Triple, set[str]] = defaultdict(set)
        for row in rows:
            subject, predicate, value, graph = row["s"], row["p"], row["o"], row["graph"]
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                graphs = found[Triple(subject, predicate, value)]
                if isinstance(graph, NamedNode):
                    graphs.add(graph.value)
        chosen = ((triple, kept(sorted(graphs))) for triple, graphs in found.items())
        yield {triple: graphs for triple, graphs in chosen if graphs is not None}


def places(engine: Engine, subjects: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """The geometries of things: thing, geometry and its GeoJSON, in the order of the things."""
    for batch in batches(subjects):
        text = [NamedNode(iri) for iri in batch]
        for row in solutions(engine, "export-places", nodes=text):
            if row["json"] is not None:
                yield row["node"].value, row["geometry"].value, row["json"].value
