"""The class diagram: boxes and lines, computed, for a template to draw as SVG.

A class stands on the right of one that it is a sort of: our own beside one of another vocabulary,
which says in words what it is a sort of itself. Each box of our own lists the relations that start
from it, so that no line but a subclass line is needed.
"""

import textwrap
from dataclasses import dataclass
from functools import lru_cache

from ontology.namespaces import MLG
from server.graph.vocabulary import compact
from server.ontology_pages.definitions import Definition, Ontology, read_definitions

WIDTH, GAP_X, GAP_Y = 184, 22, 14
COLUMN = WIDTH + GAP_X
COLUMNS = 5
LINE, TITLE, PADDING = 16, 19, 8
TITLE_CHARACTERS, TEXT_CHARACTERS = 22, 27


@dataclass(frozen=True)
class DiagramLine:
    """A line of text in a box, the first of a relation or its continuation."""

    text: str
    y: int
    target: str
    """The IRI of the term that the text names."""


@dataclass(frozen=True)
class Box:
    """A class: where it stands, its title and the relations that start from it."""

    iri: str
    own: bool
    x: int
    y: int
    width: int
    height: int
    title: tuple[DiagramLine, ...]
    lines: tuple[DiagramLine, ...]


@dataclass(frozen=True)
class Diagram:
    """Boxes, and lines from a class to its subclasses as SVG path data."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    paths: tuple[str, ...]


@lru_cache(maxsize=8)
def draw(version: str, language: str) -> Diagram:
    """The diagram of the classes in a version, in the words of a language."""
    return _Layout(read_definitions(version), language).diagram()


class _Layout:
    def __init__(self, ontology: Ontology, language: str) -> None:
        self.terms = ontology.by_iri()
        self.hierarchy = ontology.hierarchy
        self.language = language
        self.boxes: dict[str, Box] = {}

    def diagram(self) -> Diagram:
        families = sorted((c for c in self.hierarchy if not self.parent(c)), key=self.weight)
        for root in families:
            if self.shown(root):
                self.place(root)
        boxes = tuple(self.boxes.values())
        return Diagram(
            max((box.x for box in boxes), default=0) + WIDTH,
            max((box.y + box.height for box in boxes), default=0),
            boxes,
            tuple(
                self.path(self.boxes[parent], box)
                for box in boxes
                if (parent := self.parent(box.iri))
            ),
        )

    def place(self, root: str) -> None:
        """Put a family where it starts highest."""
        columns = 1 + max(self.distance(root, each) for each in self.descendants(root))
        ends = dict.fromkeys(range(max(COLUMNS, columns)), 0)
        for box in self.boxes.values():
            column = box.x // COLUMN
            ends[column] = max(ends[column], box.y + box.height + GAP_Y)
        y, column = min(
            (max(ends[first + each] for each in range(columns)), first)
            for first in range(len(ends) - columns + 1)
        )
        self.put(root, column, y)

    def shown(self, iri: str) -> bool:
        """True where the class is ours or has one of ours under it."""
        return any(each.startswith(str(MLG)) for each in self.descendants(iri))

    def distance(self, root: str, iri: str) -> int:
        parent = self.parent(iri)
        return 0 if iri == root or parent is None else 1 + self.distance(root, parent)

    def parent(self, iri: str) -> str | None:
        """The superclass beside which a class of ours stands: the one with most above it."""
        above = self.hierarchy.get(iri, ()) if iri in self.terms else ()
        return max(above, key=lambda each: (self.depth(each), each), default=None)

    def depth(self, iri: str) -> int:
        return max((1 + self.depth(each) for each in self.hierarchy.get(iri, ())), default=0)

    def children(self, iri: str) -> list[str]:
        return sorted((c for c in self.hierarchy if self.parent(c) == iri), key=self.weight)

    def descendants(self, iri: str) -> list[str]:
        return [iri, *(each for child in self.children(iri) for each in self.descendants(child))]

    def weight(self, iri: str) -> tuple[int, str]:
        """The largest family first."""
        return -len(self.descendants(iri)), iri

    def put(self, iri: str, column: int, y: int) -> int:
        """Place a class and what is under it from y downwards; the y where they end."""
        box = self.box(iri, column * COLUMN, y)
        self.boxes[iri] = box
        below = y
        for child in self.children(iri):
            if self.shown(child):
                below = self.put(child, column + 1, below) + GAP_Y
        return max(y + box.height, below - GAP_Y)

    def box(self, iri: str, x: int, y: int) -> Box:
        title, at = self.stacked(self.title(iri), y + PADDING // 2, TITLE)
        lines, end = self.stacked(self.lines(iri), at + PADDING, LINE)
        return Box(iri, iri in self.terms, x, y, WIDTH, end + PADDING - y, title, lines)

    def stacked(
        self, texts: list[tuple[str, str]], y: int, step: int
    ) -> tuple[tuple[DiagramLine, ...], int]:
        """Texts with their targets as lines under each other, and the y of the last."""
        placed = tuple(
            DiagramLine(text, y + number * step, target)
            for number, (text, target) in enumerate(texts, 1)
        )
        return placed, y + step * len(texts)

    def title(self, iri: str) -> list[tuple[str, str]]:
        name = self.called(iri)
        if iri not in self.terms and len(name) > TEXT_CHARACTERS:
            prefix, colon, local = name.partition(":")
            return [(prefix + colon, iri), (local, iri)]
        return [(text, iri) for text in textwrap.wrap(name, TITLE_CHARACTERS)]

    def lines(self, iri: str) -> list[tuple[str, str]]:
        """The relations that start from a class, then the superclasses that stand elsewhere."""
        found = [line for each in self.relations(iri) for line in self.relation(each)]
        elsewhere = (each for each in self.hierarchy.get(iri, ()) if each != self.parent(iri))
        return [*found, *((f"⊂ {self.called(each)}", each) for each in elsewhere)]

    def relations(self, iri: str) -> list[Definition]:
        term = self.terms.get(iri)
        if term is None:
            return []
        found = (self.terms[each] for each in term.domain_of if each in self.terms)
        return [each for each in found if each.kind == "relations" and not each.retired]

    def relation(self, term: Definition) -> list[tuple[str, str]]:
        label = self.called(term.iri)
        ranges = ", ".join(self.called(each) for each in term.range)
        text = f"{label} → {ranges}" if ranges else label
        wrapped = textwrap.wrap(text, TEXT_CHARACTERS, subsequent_indent="\u2003")
        return [(each, term.iri) for each in wrapped]

    def called(self, iri: str) -> str:
        term = self.terms.get(iri)
        return term.labels.get(self.language, term.name) if term else compact(iri)

    def path(self, parent: Box, child: Box) -> str:
        """From the child to the parent, with room for an arrow head."""
        start, end = parent.x + WIDTH, child.x
        middle = (start + end) // 2
        top, y = parent.y + TITLE, child.y + TITLE
        return f"M{end} {y}H{middle}V{top}H{start + 9}"
