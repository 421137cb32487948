"""The releases of the ontology: one frozen copy for each version, and what changed between.

A version, once published, is never edited and none of its terms is ever removed: a term that is
no longer to be used is deprecated and names its successor. `python -m ontology.releases record`
keeps the present ontology as that of its version; `… changelog` prints its entry for CHANGELOG.md.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.compare import to_canonical_graph

from ontology.documents import documents, ontology_graph, read_graph
from ontology.errors import OntologyError
from ontology.namespaces import DCT, MLG, ONTOLOGY, OWL, PREFIXES, RDF

KINDS: Final = {
    OWL.Class: ("class", "classes"),
    OWL.ObjectProperty: ("object property", "object properties"),
    OWL.DatatypeProperty: ("datatype property", "datatype properties"),
}


@dataclass(frozen=True)
class Difference:
    """The changes of a version of the ontology against the one before; terms in alphabetical order.

    `changed` gives, for each term of both, the properties whose values differ. What becomes
    deprecated stands in `deprecated` only.
    """

    added: tuple[URIRef, ...]
    deprecated: tuple[URIRef, ...]
    removed: tuple[URIRef, ...]
    changed: dict[URIRef, tuple[URIRef, ...]]


def releases() -> tuple[str, ...]:
    """The versions recorded, the oldest first."""
    names = (entry.name for entry in _folder().iterdir() if entry.name.endswith(".ttl"))
    return tuple(sorted((name.removesuffix(".ttl") for name in names), key=_order))


def release_path(version: str) -> Path:
    """The file in which the ontology of a version is, or would be, recorded."""
    return _folder() / f"{version}.ttl"


def version_of(graph: Graph) -> str:
    """The version that a graph of the ontology says it is."""
    return str(graph.value(ONTOLOGY, OWL.versionInfo))


def release_before(version: str) -> str | None:
    """The latest version recorded before that one; None for the first."""
    earlier = [each for each in releases() if _order(each) < _order(version)]
    return earlier[-1] if earlier else None


def released(version: str | None) -> Graph:
    """The ontology of a version recorded; an empty graph where there was none."""
    return read_graph(release_path(version)) if version else Graph()


def own_terms(graph: Graph) -> dict[URIRef, URIRef]:
    """The classes and properties of our namespace, each with its kind."""
    return {
        term: kind
        for kind in KINDS
        for term in graph.subjects(RDF.type, kind)
        if isinstance(term, URIRef) and term.startswith(str(MLG))
    }


def difference(before: Graph, after: Graph) -> Difference:
    """The difference of the second from the first."""
    old, new = own_terms(before), own_terms(after)
    said, says = to_canonical_graph(before), to_canonical_graph(after)
    newly = {term for term in new if _deprecated(after, term) and not _deprecated(before, term)}
    changed = {}
    for term in sorted((old.keys() & new.keys()) - newly):
        differing = {
            predicate
            for one, other in ((said, says), (says, said))
            for predicate, value in one.predicate_objects(term)
            if (term, predicate, value) not in other
        }
        if differing:
            changed[term] = tuple(sorted(URIRef(str(each)) for each in differing))
    return Difference(
        tuple(sorted(new.keys() - old.keys() - newly)),
        tuple(sorted(newly)),
        tuple(sorted(old.keys() - new.keys())),
        changed,
    )


def objections(before: Graph, after: Graph) -> Iterator[str]:
    """Why the second may not follow the first as a version; nothing where it may.

    An empty first graph stands for no version: then only what a version says of itself counts.
    """
    version, prior = version_of(after), before.value(ONTOLOGY, OWL.versionIRI)
    if after.value(ONTOLOGY, OWL.versionIRI) != URIRef(f"{ONTOLOGY}/{version}"):
        yield f"owl:versionIRI is not <{ONTOLOGY}/{version}>, as owl:versionInfo has it"
    if after.value(ONTOLOGY, OWL.priorVersion) != prior:
        yield f"owl:priorVersion is not {f'<{prior}>' if prior else 'absent'}"
    if prior and _order(version) <= _order(version_of(before)):
        yield f"version {version} does not come after {version_of(before)}"
    for term in difference(before, after).removed:
        yield f"{_curie(term)} is removed: deprecate it and name its successor"
    for term in own_terms(after):
        successor = after.value(term, DCT.isReplacedBy)
        if _deprecated(after, term) and successor not in own_terms(after):
            yield f"{_curie(term)} is deprecated and names no successor (dct:isReplacedBy)"


def changelog_entry(before: Graph, after: Graph) -> str:
    """The lines of CHANGELOG.md on what the second changes, under their heading."""
    lines = [f"### Ontology {version_of(after)}", ""]
    found = difference(before, after)
    if not own_terms(before):
        kinds = list(own_terms(after).values())
        counts = [
            f"{kinds.count(kind)} {names[kinds.count(kind) > 1]}"
            for kind, names in KINDS.items()
            if kind in kinds
        ]
        lines.append(f"- First version: {', '.join(counts)}.")
    else:
        lines += [f"- Added: `{_curie(term)}`" for term in found.added]
        lines += [
            f"- Changed: `{_curie(term)}` ({', '.join(f'`{_curie(each)}`' for each in said)})"
            for term, said in found.changed.items()
        ]
        lines += [f"- Removed: `{_curie(term)}`" for term in found.removed]
    for term in found.deprecated:
        successor = after.value(term, DCT.isReplacedBy)
        instead = f" (use `{_curie(successor)}`)" if isinstance(successor, URIRef) else ""
        lines.append(f"- Deprecated: `{_curie(term)}`{instead}")
    return "\n".join(lines if len(lines) > 2 else [*lines, "- No change."]) + "\n"


def _folder() -> Path:
    return Path(str(files("ontology"))) / "releases"


def _order(version: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in version.split("."))
    except ValueError as error:
        raise OntologyError(f"not a version: {version!r} (as 1.2.0)") from error


def _deprecated(graph: Graph, term: URIRef) -> bool:
    return (term, OWL.deprecated, Literal(True)) in graph


def _curie(iri: URIRef) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"


def main(arguments: list[str]) -> int:
    """Run `record` or `changelog`; the exit status is 1 where the version may not be released."""
    present = ontology_graph()
    version = version_of(present)
    before = released(release_before(version))
    if arguments == ["changelog"]:
        print(changelog_entry(before, present), end="")
        return 0
    if arguments != ["record"]:
        print("python -m ontology.releases record | changelog", file=sys.stderr)
        return 2
    against = list(objections(before, present))
    for objection in against:
        print(objection, file=sys.stderr)
    if against:
        return 1
    release_path(version).write_bytes(documents()[ONTOLOGY].read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
