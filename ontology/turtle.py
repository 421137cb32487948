"""Turtle that is a function of the graph: the same triples give the same text, byte for byte.

`python -m ontology.turtle` writes the shipped files anew, or with `--check` says which of them
would change. A comment does not survive: the why of a term stands in its `skos:editorialNote`.

Terms come in the order of SECTIONS, inside a section by name; what belongs to another (a concept
under a broader one, the property shapes of a node shape) follows it.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ontology.documents import read_graph
from ontology.errors import OntologyError
from ontology.namespaces import DCT, OWL, RDF, RDFS, SH, SKOS, XSD

WIDTH: Final = 100
INDENT: Final = "    "

SECTIONS: Final = (
    OWL.Ontology,
    SKOS.ConceptScheme,
    OWL.AnnotationProperty,
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    SH.NodeShape,
    SH.PropertyShape,
    SKOS.Concept,
)
LEADING: Final = (
    RDF.type,
    OWL.versionIRI,
    OWL.priorVersion,
    OWL.versionInfo,
    OWL.imports,
    DCT.title,
    DCT.description,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    RDFS.domain,
    RDFS.range,
    OWL.inverseOf,
    OWL.equivalentClass,
    OWL.disjointWith,
    OWL.propertyChainAxiom,
    OWL.onProperty,
    SH.targetClass,
    SH.targetSubjectsOf,
    SH.path,
    SKOS.inScheme,
    SKOS.topConceptOf,
    SKOS.broader,
    SKOS.notation,
    RDFS.label,
    SKOS.prefLabel,
    SKOS.altLabel,
    SKOS.hiddenLabel,
    SKOS.definition,
    SKOS.example,
    SKOS.editorialNote,
)
TRAILING: Final = (RDFS.isDefinedBy, SH.severity, SH.message)
LANGUAGES: Final = ("fr", "en")

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_BARE = {
    XSD.boolean: re.compile(r"true|false"),
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
}
_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def to_turtle(graph: Graph) -> str:
    """The graph as Turtle, under the prefixes bound in it that it uses.

    Raises OntologyError for a blank node that stands in two places or in none: it would need a
    name, and names of blank nodes are not the graph's.
    """
    return _Writer(graph).document()


class _Writer:
    """One graph on its way to text."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.namespaces = sorted(
            ((prefix, str(namespace)) for prefix, namespace in graph.namespaces()),
            key=lambda each: -len(each[1]),
        )
        self.used: dict[str, str] = {}
        self.written: set[BNode] = set()

    def document(self) -> str:
        subjects = self.subjects()
        blocks = [self.block(subject) for subject in subjects]
        blank = {node for node in self.graph.all_nodes() if isinstance(node, BNode)}
        if blank - self.written:
            raise OntologyError("a blank node would need a name: it stands in none or in a circle")
        prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in sorted(self.used.items()))
        text = [prefixes + "\n" if prefixes else ""]
        for index, block in enumerate(blocks):
            if index:
                # Declarations of one kind, a line each, stand together.
                alike = self.place(subjects[index])[:2] == self.place(subjects[index - 1])[:2]
                both = block.count("\n") == blocks[index - 1].count("\n") == 1
                text.append("" if alike and both else "\n")
            text.append(block)
        return "".join(text)

    def subjects(self) -> list[URIRef]:
        order: dict[URIRef, None] = {}
        named = {node for node in self.graph.subjects(unique=True) if isinstance(node, URIRef)}
        for subject in sorted(named, key=self.place):
            if not self.owners(subject):
                self.enter(subject, order)
        for subject in sorted(named, key=self.place):  # owners in a circle
            self.enter(subject, order)
        return list(order)

    def enter(self, subject: URIRef, order: dict[URIRef, None]) -> None:
        if subject in order:
            return
        order[subject] = None
        own = {
            *self.graph.objects(subject, SH.property),
            *self.graph.subjects(SKOS.broader, subject),
        }
        for each in sorted((node for node in own if isinstance(node, URIRef)), key=self.place):
            if (each, None, None) in self.graph:
                self.enter(each, order)

    def owners(self, subject: URIRef) -> list[Node]:
        broader = self.graph.objects(subject, SKOS.broader)
        return [
            *(each for each in broader if (each, None, None) in self.graph),
            *self.graph.subjects(SH.property, subject),
        ]

    def place(self, subject: URIRef) -> tuple[int, int, list[tuple[int, str]]]:
        kinds = set(self.graph.objects(subject, RDF.type))
        section = min((SECTIONS.index(k) for k in kinds if k in SECTIONS), default=len(SECTIONS))
        declared = len(list(self.graph.predicate_objects(subject))) == 1
        return section, not declared, _natural(self.iri(subject))

    def block(self, subject: URIRef) -> str:
        return f"{self.iri(subject)} {self.properties(subject, INDENT)} .\n"

    def properties(self, subject: Node, indent: str) -> str:
        predicates = {p for p in self.graph.predicates(subject) if isinstance(p, URIRef)}
        lines = []
        for predicate in sorted(predicates, key=_rank):
            verb = "a" if predicate == RDF.type else self.iri(predicate)
            objects = sorted(self.graph.objects(subject, predicate), key=self.weight)
            written = [self.node(each, indent + INDENT) for each in objects]
            lines.append(f"{verb} {_joined(written, ', ', indent, len(verb))}")
        return f" ;\n{indent}".join(lines)

    def weight(self, node: Node) -> tuple[int, int, list[tuple[int, str]], str]:
        if isinstance(node, Literal):
            language = node.language or ""
            known = LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)
            return 1, known, [(0, language), *_natural(str(node))], str(node.datatype)
        order = _natural(self.node(node, ""))
        return (0 if isinstance(node, URIRef) else 2), 0, order, ""

    def node(self, node: Node, indent: str) -> str:
        if isinstance(node, URIRef):
            return self.iri(node)
        if isinstance(node, Literal):
            return self.literal(node)
        if not isinstance(node, BNode):
            raise OntologyError(f"cannot be written in Turtle: {node}")
        if len(list(self.graph.subject_predicates(node))) != 1:
            raise OntologyError("a blank node would need a name: it stands in two places")
        self.written.add(node)
        return self.blank(node, indent)

    def blank(self, node: BNode, indent: str) -> str:
        if (node, RDF.first, None) in self.graph:
            members = [self.node(each, indent + INDENT) for each in Collection(self.graph, node)]
            self.written.update(self.cells(node))
            return f"( {_joined(members, ' ', indent, 2)} )"
        inner = self.properties(node, indent + INDENT)
        on_one_line = re.sub(r"\s+;\n\s*", " ; ", inner)
        fits = "\n" not in on_one_line and len(indent + on_one_line) + 6 <= WIDTH
        return f"[ {on_one_line if fits else inner} ]"

    def cells(self, node: Node) -> Iterator[BNode]:
        cells = self.graph.transitive_objects(node, RDF.rest)
        return (cell for cell in cells if isinstance(cell, BNode))

    def literal(self, literal: Literal) -> str:
        text = str(literal)
        if literal.language:
            return f"{_quoted(text)}@{literal.language}"
        if literal.datatype is None or literal.datatype == XSD.string:
            return _quoted(text)
        bare = _BARE.get(literal.datatype)
        if bare and bare.fullmatch(text):
            return text
        return f"{_quoted(text)}^^{self.iri(literal.datatype)}"

    def iri(self, iri: URIRef) -> str:
        for prefix, namespace in self.namespaces:
            local = iri.removeprefix(namespace)
            if local != iri and _LOCAL.match(local):
                self.used[prefix] = namespace
                return f"{prefix}:{local}"
        return f"<{iri}>"


def _joined(parts: list[str], separator: str, indent: str, before: int) -> str:
    line = separator.join(parts)
    fits = "\n" not in line and len(indent) + before + len(line) + 3 <= WIDTH
    if len(parts) < 2 or fits:
        return line
    return f"{separator.rstrip()}\n{indent}{INDENT}".join(parts)


def _rank(predicate: URIRef) -> tuple[int, int, str]:
    for group, names in ((0, LEADING), (2, TRAILING)):
        if predicate in names:
            return group, names.index(predicate), ""
    return 1, 0, str(predicate)


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that puts 2 before 10 and pays no regard to case but for the last word."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return [
        *((int(part), "") if part.isdecimal() else (-1, part.casefold()) for part in parts),
        (-2, text),
    ]


def _quoted(text: str) -> str:
    return '"' + re.sub(r'[\\"\n\r\t]', lambda found: _ESCAPES[found[0]], text) + '"'


def shipped_files() -> Iterator[Path]:
    """The Turtle files of the package that are kept in this form."""
    folder = Path(str(files("ontology")))
    yield from sorted(folder.glob("*.ttl"))
    yield from sorted((folder / "schemes").glob("*.ttl"))


def main(arguments: Iterable[str]) -> int:
    """Write the files named, or all that ship, anew; the exit status is 1 where one differed."""
    names = list(arguments)
    only_check = "--check" in names
    paths = [Path(name) for name in names if name != "--check"] or list(shipped_files())
    differing = 0
    for path in paths:
        text = to_turtle(read_graph(path))
        if path.read_text("utf-8") != text:
            differing += 1
            print(f"{path.name}: {'would change' if only_check else 'written anew'}")
            if not only_check:
                path.write_text(text, "utf-8")
    return int(only_check and differing > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
