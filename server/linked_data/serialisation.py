"""A document in an RDF format: the serializers are pyoxigraph's, the order is ours."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyld import jsonld  # type: ignore[import-untyped]
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from ontology.namespaces import GRAPH_PROVENANCE
from server.graph.descriptions import Description
from server.http.formats import Format
from server.linked_data.arrangement import Group, arranged, graphs_of, prefixes_of
from server.linked_data.context import read_context

_HEADER: Final = re.compile(rb"\A(?:@prefix [^\n]*\n)+")
# The end of a line before another subject: what goes on with the same one is indented.
_SUBJECT: Final = re.compile(rb"\n(?=[^\t\n])")
_LOCAL: Final = re.compile(r"[^\W\d][\w.-]*\Z")
# XML 1.0 has no way to write these (2.2).
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class UnwritableError(ValueError):
    """A format cannot hold what a document says; the message tells which term."""


def written(description: Description, entry: Format, context: str, *, brief: bool) -> bytes:
    """A document in a format, with a last newline; JSON-LD refers to the context at that address.

    Raises UnwritableError.
    """
    groups = arranged(description, brief=brief)
    prefixes = prefixes_of(groups, description.iri)
    triples = [triple for group in groups for block in group.blocks for triple in block]
    match entry.name:
        case "turtle":
            return turtle(groups, prefixes)
        case "trig" | "nquads":
            return dataset(description, groups, prefixes, entry)
        case "jsonld":
            return json_ld(triples, context)
        case "rdfxml":
            check_xml(triples)
    return _serialised(triples, entry, prefixes)


def turtle(groups: Sequence[Group], prefixes: Mapping[str, str]) -> bytes:
    """Turtle to be read: a heading for each group, a block for each subject."""
    header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
    parts = [header.encode()]
    for group in groups:
        # All at once: to read the prefixes costs more than to write a block.
        body = _body(
            [triple for block in group.blocks for triple in block], RdfFormat.TURTLE, prefixes
        )
        if group.spaced:
            body = _SUBJECT.sub(b"\n\n", body)
        parts.append(f"# {group.heading}\n\n".encode() + body)
    return b"\n".join(parts)


def dataset(
    description: Description, groups: Sequence[Group], prefixes: Mapping[str, str], entry: Format
) -> bytes:
    """TriG or N-Quads: each triple in the graphs that state it, those of sources first."""
    stated = graphs_of(description)
    cited = set(description.citations)
    found: dict[str, list[Quad]] = {graph: [] for graph in description.records}
    loose: list[Quad] = []
    for triple in (each for group in groups for block in group.blocks for each in block):
        graphs = [*stated.get(triple, ()), *([str(GRAPH_PROVENANCE)] if triple in cited else [])]
        for graph in dict.fromkeys(graphs):
            found.setdefault(graph, []).append(_quad(triple, NamedNode(graph)))
        if not graphs:
            loose.append(_quad(triple, DefaultGraph()))
    chosen = RdfFormat.TRIG if entry.name == "trig" else RdfFormat.N_QUADS
    if chosen == RdfFormat.N_QUADS:
        return _plain([quad for quads in (*found.values(), loose) for quad in quads], chosen)
    header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
    bodies = [_body(quads, chosen, prefixes) for quads in (*found.values(), loose) if quads]
    return b"\n".join([header.encode(), *bodies])


def json_ld(triples: Sequence[Triple], context: str) -> bytes:
    """JSON-LD in the words of the published context, one object for each subject."""
    expanded = json.loads(_plain(triples, RdfFormat.JSON_LD))
    options = {"documentLoader": _refuse, "graph": True}
    compacted: dict[str, Any] = jsonld.compact(expanded, read_context(), options)
    document = {"@context": context, "graph": compacted["graph"]}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def check_xml(triples: Sequence[Triple]) -> None:
    """UnwritableError where RDF/XML has no way to write a triple (RDF 1.1 XML Syntax, 6.1)."""
    for triple in triples:
        if not _LOCAL.search(triple.predicate.value):
            raise UnwritableError(str(triple.predicate))
        if isinstance(triple.object, Literal) and _NO_XML.search(triple.object.value):
            raise UnwritableError(str(triple.object)[:200])


def _serialised(triples: Sequence[Triple], entry: Format, prefixes: Mapping[str, str]) -> bytes:
    chosen = RdfFormat.from_media_type(entry.media_type)
    return serialize(triples, format=chosen, prefixes=dict(prefixes)) or b""


def _plain(items: Sequence[Triple] | Sequence[Quad], chosen: RdfFormat) -> bytes:
    return serialize(items, format=chosen) or b""


def _body(
    items: Sequence[Triple] | Sequence[Quad], chosen: RdfFormat, prefixes: Mapping[str, str]
) -> bytes:
    """Triples or quads without the prefixes, which stand once at the top."""
    text = serialize(items, format=chosen, prefixes=dict(prefixes)) or b""
    return _HEADER.sub(b"", text)


def _quad(triple: Triple, graph: NamedNode | DefaultGraph) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def _refuse(url: str, _: object) -> Any:
    """Nothing is fetched to write a document."""
    raise UnwritableError(url)
