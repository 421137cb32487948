"""The constraints of SHACL core on a value, as SPARQL expressions.

What no translation is known for is refused by name (UnknownComponent), so that no rule is silently
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, count
from types import MappingProxyType
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import IdentifiedNode, Node

from ontology.errors import OntologyError
from ontology.namespaces import RDF, SH, XSD

ON_VALUES: Final = frozenset(
    {
        "datatype",
        "in",
        "lessThanOrEquals",
        "minInclusive",
        "node",
        "nodeKind",
        "not",
        "or",
        "pattern",
    }
)
"""The parameters that constrain each value by itself, so that SHACL reports the value."""

ON_FOCUS: Final = frozenset({"hasValue", "maxCount", "minCount", "qualifiedMinCount", "uniqueLang"})
"""The parameters that constrain all values together, so that SHACL reports none."""

_BESIDE: Final = frozenset(
    {
        "flags",
        "message",
        "path",
        "property",
        "qualifiedValueShape",
        "severity",
        "targetClass",
        "targetSubjectsOf",
    }
)
_CHECKED: Final = frozenset({XSD.boolean, XSD.date, XSD.decimal, XSD.integer})
"""The datatypes whose lexical forms are checked too; SHACL asks it of those that SPARQL knows."""


class UnknownComponent(OntologyError):
    """A shape says something in SHACL that no translation is known for."""

    def __init__(self, construct: str, shape: Node) -> None:
        super().__init__(f"{construct} in the shape {shape}: no translation into SPARQL is known")
        self.construct = construct
        self.shape = shape


class Shape:
    """A shape of the graph, to be written as SPARQL; each new variable is used in one place."""

    def __init__(self, graph: Graph, node: Node, numbers: Iterator[int] | None = None) -> None:
        self.graph = graph
        self.node = node
        self._numbers = numbers or count()
        self.path = next((self._path(each) for each in self.values("path")), None)
        for name, _ in self._said():
            if name not in ON_VALUES | ON_FOCUS | _BESIDE:
                raise UnknownComponent(f"sh:{name}", node)
            if self.path is None and name in ON_FOCUS | {"lessThanOrEquals"}:
                raise UnknownComponent(f"sh:{name} without sh:path", node)
            if self.path is not None and name == "property":
                raise UnknownComponent("sh:property beside sh:path", node)

    def values(self, name: str) -> list[Node]:
        """The values that the shape gives to a property of SHACL, in order."""
        return sorted(self.graph.objects(self.node, SH[name]), key=str)

    def properties(self) -> Iterator[Shape]:
        """The property shapes of this node shape."""
        return (self._within(node) for node in self.values("property"))

    def parameters(self) -> list[tuple[str, Node]]:
        """The constraints of this shape itself."""
        return [(name, value) for name, value in self._said() if name in ON_VALUES | ON_FOCUS]

    def message(self) -> Mapping[str, str]:
        """The rule by language."""
        said = [each for each in self.values("message") if isinstance(each, Literal)]
        return MappingProxyType({each.language or "en": str(each) for each in said})

    def test(self, parameter: str, value: Node, focus: str, each: str) -> str:
        """An expression that is true where a value of the focus keeps a constraint."""
        match parameter:
            case "datatype":
                return _coalesce(_of_datatype(each, value))
            case "in":
                same = (f"sameTerm({each}, {term(known)})" for known in self._listed(value))
                return " || ".join(same)
            case "nodeKind":
                kinds = {"IRI": "isIRI", "Literal": "isLiteral", "BlankNode": "isBlank"}
                return " || ".join(
                    f"{kinds[kind]}({each})" for kind in kinds if kind in local(value)
                )
            case "pattern":
                flags = Literal("".join(map(str, self.values("flags"))))
                return _coalesce(f"REGEX(STR({each}), {term(Literal(value))}, {term(flags)})")
            case "minInclusive":
                return _coalesce(f"{each} >= {term(value)}")
            case "lessThanOrEquals":
                other = self._variable()
                fails = f"!{_coalesce(f'{each} <= {other}')}"
                return f"!EXISTS {{ {focus} {term(value)} {other} FILTER ({fails}) }}"
            case "node":
                return self._within(value)._conforms(each)
            case "not":
                return f"!({self._within(value)._conforms(each)})"
            case "or":
                parts = (self._within(node)._conforms(each) for node in self._listed(value))
                return " || ".join(f"({part})" for part in parts)
            case "hasValue":
                return f"EXISTS {{ {focus} {self.path} {term(value)} }}"
            case "minCount":
                return self._at_least(int(str(value)), focus)
            case "maxCount":
                return f"!{self._at_least(int(str(value)) + 1, focus)}"
            case "qualifiedMinCount":
                (node,) = self.values("qualifiedValueShape")
                return self._at_least(int(str(value)), focus, self._within(node)._conforms)
            case "uniqueLang":
                return "true" if str(value) == "false" else self._one_per_language(focus)
        raise UnknownComponent(f"sh:{parameter}", self.node)

    def _conforms(self, focus: str) -> str:
        """An expression that is true where the focus conforms to this shape."""
        tests = []
        for parameter, value in self.parameters():
            if self.path and parameter in ON_VALUES:
                each = self._variable()
                test = self.test(parameter, value, focus, each)
                tests.append(f"!EXISTS {{ {focus} {self.path} {each} FILTER (!({test})) }}")
            else:
                tests.append(self.test(parameter, value, focus, focus))
        tests += [part._conforms(focus) for part in self.properties()]
        return " && ".join(f"({test})" for test in tests) or "true"

    def _at_least(self, number: int, focus: str, test: Callable[[str], str] | None = None) -> str:
        """An expression that is true where the path has so many values (that pass the test)."""
        names = [self._variable() for _ in range(number)]
        where = [f"{focus} {self.path} {name} ." for name in names]
        where += [f"FILTER (!sameTerm({one}, {two}))" for one, two in combinations(names, 2)]
        where += [f"FILTER ({test(name)})" for name in names] if test else []
        return f"EXISTS {{ {' '.join(where)} }}"

    def _one_per_language(self, focus: str) -> str:
        one, two = self._variable(), self._variable()
        alike = f'LANG({one}) != "" && LCASE(LANG({one})) = LCASE(LANG({two}))'
        two_names = f"{focus} {self.path} {one}, {two} FILTER (!sameTerm({one}, {two}) && {alike})"
        return f"!EXISTS {{ {two_names} }}"

    def _path(self, node: Node) -> str:
        """The path as SPARQL writes it (SHACL, section 2.3.1)."""
        if isinstance(node, URIRef):
            return term(node)
        if self.graph.value(node, RDF.first) is not None:
            return f"({'/'.join(map(self._path, self._listed(node)))})"
        ((construct, value),) = self.graph.predicate_objects(node)
        if construct == SH.inversePath:
            return f"^{self._path(value)}"
        if construct == SH.alternativePath:
            return f"({'|'.join(map(self._path, self._listed(value)))})"
        raise UnknownComponent(f"sh:{local(construct)}", self.node)

    def _said(self) -> list[tuple[str, Node]]:
        said = self.graph.predicate_objects(self.node)
        return sorted((local(name), value) for name, value in said if str(name).startswith(str(SH)))

    def _within(self, node: Node) -> Shape:
        return Shape(self.graph, node, self._numbers)

    def _listed(self, node: Node) -> list[Node]:
        assert isinstance(node, IdentifiedNode)  # noqa: S101  a list is no literal
        return list(Collection(self.graph, node))

    def _variable(self) -> str:
        return f"?v{next(self._numbers)}"


def _of_datatype(value: str, datatype: Node) -> str:
    known = f"DATATYPE({value}) = {term(datatype)}"
    # An ill-typed literal cannot be cast to the datatype that it has.
    cast = f"{term(datatype)}(STR({value}))"
    return f"{known} && {cast} = {cast}" if datatype in _CHECKED else known


def _coalesce(expression: str) -> str:
    """The expression with false for an error: what cannot be compared does not conform."""
    return f"COALESCE({expression}, false)"


def term(node: Node) -> str:
    """The node as SPARQL writes it."""
    return node.n3()


def local(node: Node) -> str:
    """The last part of an IRI, after its #."""
    return str(node).rpartition("#")[2]
