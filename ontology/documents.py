"""The documents of the ontology that ship: read anew each time, a graph of the caller's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from rdflib import Graph, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax

from ontology.errors import (
    OntologyContradictionError,
    OntologyFileMissingError,
    OntologyImportError,
    OntologySyntaxError,
)
from ontology.namespaces import ALIGNMENT, ONTOLOGY, OWL, PREFIXES, SHAPES
from ontology.satisfiability import clashes, place


@dataclass(frozen=True)
class Check:
    """A rule that SHACL core says badly: one SELECT of offenders.

    The first two columns are `?entity` and `?value`. The default graph of the query holds the
    data together with the inferences, the ontology and the schemes.
    """

    name: str
    rule: Mapping[str, str]
    severity: str
    query: str


def ontology_graph() -> Graph:
    """The classes and properties of Maillage."""
    return read_ontology(ONTOLOGY, documents())


def alignment_graph() -> Graph:
    """The axioms that the reused vocabularies publish themselves, and our mappings to others."""
    return read_ontology(ALIGNMENT, documents())


def schemes_graph() -> Graph:
    """Every concept scheme, in one graph."""
    graph = _bound()
    for source in _listed("schemes", ".ttl"):
        _parse(source, graph)
    return graph


def shapes_graph() -> Graph:
    """The SHACL shapes that a publishable entity conforms to."""
    return read_ontology(SHAPES, documents())


def checks() -> tuple[Check, ...]:
    """The checks, by name.

    A check file opens with three comments: the rule as a sentence, the same in French after
    `fr:`, and its severity after `severity:` (Violation, Warning or Info, as in SHACL).
    """
    return tuple(_read_check(source) for source in _listed("checks", ".rq"))


def documents() -> Mapping[URIRef, Traversable]:
    """The shipped files by the IRI of the ontology that each holds."""
    names = {ONTOLOGY: "maillage.ttl", ALIGNMENT: "alignment.ttl", SHAPES: "shapes.ttl"}
    return {iri: _shipped() / name for iri, name in names.items()}


def read_ontology(
    iri: URIRef, known: Mapping[URIRef, Traversable], above: tuple[URIRef, ...] = ()
) -> Graph:
    """The graph of an ontology among those known, with all that it imports; nothing is fetched.

    Raises OntologyImportError for an import that is not among them or that closes a circle, and
    OntologyContradictionError for a class that can have no member.
    """
    way = " imports ".join(known[each].name if each in known else each for each in (*above, iri))
    if iri in above:
        raise OntologyImportError(f"{known[above[0]].name}: a circle of owl:imports: {way}")
    if iri not in known:
        raise OntologyImportError(f"{way}: no such document ships, and none is fetched")
    graph = read_graph(known[iri])
    for imported in sorted(URIRef(str(each)) for each in graph.objects(iri, OWL.imports)):
        graph += read_ontology(imported, known, (*above, iri))
    if clash := next(clashes(graph), None):
        raise OntologyContradictionError(f"{place(known[iri], clash.term)}: {clash}")
    return graph


def read_graph(source: Traversable) -> Graph:
    """The graph that one Turtle file holds, with the prefixes of Maillage bound.

    Raises OntologyFileMissingError or OntologySyntaxError.
    """
    return _parse(source, _bound())


def _shipped() -> Traversable:
    return files("ontology")


def _listed(folder: str, suffix: str) -> list[Traversable]:
    entries = [e for e in (_shipped() / folder).iterdir() if e.name.endswith(suffix)]
    return sorted(entries, key=lambda entry: entry.name)


def _bound() -> Graph:
    # rdflib would bind thirty vocabularies of its own, which then open every file it writes.
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def _read(source: Traversable) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise OntologyFileMissingError(f"{source.name}: not in the package") from error


def _parse(source: Traversable, graph: Graph) -> Graph:
    try:
        return graph.parse(data=_read(source), format="turtle")
    except BadSyntax as error:
        cause = error.message.splitlines()[0]
        raise OntologySyntaxError(f"{source.name}, line {error.lines + 1}: {cause}") from error


def _read_check(source: Traversable) -> Check:
    query = _read(source)
    opening = [line.removeprefix("#").strip() for line in query.splitlines()[:3]]
    if len(opening) < 3 or opening[1][:3] != "fr:" or opening[2][:9] != "severity:":
        raise OntologySyntaxError(
            f"{source.name}, line 1: a check opens with its rule, `# fr:` and `# severity:`"
        )
    rule = {"en": opening[0], "fr": opening[1][3:].strip()}
    name = source.name.removesuffix(".rq")
    return Check(name, MappingProxyType(rule), opening[2][9:].strip(), query)
