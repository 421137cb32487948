"""An export in a format, written to a file in bounded memory: the same bytes for the same part."""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, serialize

from loaders.build.notice import comment
from loaders.progress import Progress, Silent
from ontology.namespaces import GRAPH_PROVENANCE, ID, PREFIXES
from server.engine import Engine
from server.graph.descriptions import Statements, read_citations, subject_of
from server.graph.exports import Part, batches, graphs_of, places, statements, subjects_of
from server.graph.labels import read_labels
from server.http.formats import Format
from server.linked_data.arrangement import natural, place
from server.linked_data.exports.dumped import Dumped
from server.linked_data.exports.formats import CSVW, XLSX
from server.linked_data.exports.jsonld import write_json_ld
from server.linked_data.exports.notice import Notice, Tally, read_notice
from server.linked_data.exports.tables import Tables
from server.linked_data.negotiation import GEOJSON
from server.linked_data.serialisation import check_xml

COMMENTED = ("turtle", "trig", "ntriples", "nquads")
"""The formats that have comments; the notice stands in them, above the triples that say it too."""
PREFIXED = ("turtle", "trig")
QUADS = ("trig", "nquads")
BEFORE = (b" ", b"\n", b"\t", b"^")
"""The characters that stand before a prefixed name as the serializer writes it."""
KINDS = (
    "action", "agreement", "authority", "change", "concept", "dataset", "encounter", "figure",
    "funding", "geometry", "identifier", "membership", "name", "objective", "organ", "organisation",
    "partnership", "person", "place", "priority", "project", "provision", "site", "source",
)  # fmt: skip
"""The types of things that have a prefix of their own: a slash in a name would be escaped."""


class Export:
    """One export in the making."""

    def __init__(
        self,
        engine: Engine,
        version: str,
        manifest: Mapping[str, Any],
        part: Part,
        progress: Progress | None = None,
        folder: Path | None = None,
    ) -> None:
        """`folder` is that of the version, whose dump tells whole graphs; None: the engine does."""
        self.engine, self.version, self.manifest, self.part = engine, version, manifest, part
        self.progress = progress or Silent()
        self.known: Sequence[str] = list(manifest.get("graphs", ()))
        self.tally = Tally()
        self.subjects: list[str] = []
        self.dumped: Dumped | None = None
        if folder and part.whole and part.scope == "asserted":
            dumped = Dumped(folder, manifest, graphs_of(part, self.known))
            self.dumped = dumped if dumped.readable else None
        if self.dumped is None:
            self.progress.say("things")
            found = subjects_of(engine, part, self.known)
            self.subjects = sorted(found, key=lambda iri: (iri != part.iri, natural(iri)))

    def write(self, entry: Format, target: Path) -> Notice:
        """Write the export to a file.

        Raises UnwritableError where the format cannot hold it, EngineError, OSError.
        """
        with TemporaryDirectory(dir=target.parent) as folder:
            if entry == GEOJSON:
                return self.write_places(target)
            if entry in (CSVW, XLSX):
                tables = Tables(Path(folder))
                for triple, _ in self.said():
                    tables.add(triple)
                write = tables.write_csvw if entry == CSVW else tables.write_xlsx
                notice = self.notice()
                write(target, notice)
                return notice
            return self.write_rdf(entry, target, Path(folder) / "body")

    def notice(self) -> Notice:
        """The notice of the export; known once all has gone by."""
        return read_notice(
            self.engine, self.manifest, self.version, self.part, len(self.subjects), self.tally
        )

    def said(self) -> Iterator[tuple[Triple, Sequence[str]]]:
        """The triples, each with its graphs: the thing first, subject by subject."""
        if self.dumped is not None:
            self.progress.say("statements")
            for triple, graphs in self.dumped.said():
                subject = subject_of(triple)
                if not self.subjects or self.subjects[-1] != subject:
                    self.subjects.append(subject)
                self.tally.count(graphs)
                yield triple, graphs
            return
        parted = list(batches(self.subjects))
        asked = self.progress.over(parted, "statements", "batches", len(parted))
        for found in statements(self.engine, self.part, asked, self.known):
            for triple in in_order(found, self.part.iri):
                self.tally.count(found[triple])
                yield triple, found[triple]

    def write_rdf(self, entry: Format, target: Path, body: Path) -> Notice:
        """Write RDF: what it is in comments, where the format has them, then all that it says."""
        own = {kind: f"{ID}{kind}/" for kind in KINDS if kind not in PREFIXES}
        prefixes = {**own, **PREFIXES}
        chosen = RdfFormat.from_media_type(entry.media_type)
        if entry.name == "jsonld":
            with target.open("wb") as file:
                write_json_ld(self.triples(xml=False), file)
            return self.notice()
        items = self.quads() if entry.name in QUADS else self.triples(xml=entry.name == "rdfxml")
        with body.open("wb") as file:
            serialize(items, file, format=chosen, prefixes=prefixes)
        notice = self.notice()
        with target.open("wb") as file, body.open("rb") as written:
            if entry.name in COMMENTED:
                text = "".join(map(comment, notice.lines()))
                file.write(text.encode())
            if entry.name in PREFIXED:
                # In our order: the serializer's changes from one process to the next.
                names = [(k, prefixes[k]) for k in used(prefixes, body)]
                file.write("".join(f"@prefix {k}: <{v}> .\n" for k, v in names).encode() + b"\n")
                place = 0
                while written.readline().startswith(b"@prefix "):
                    place = written.tell()
                written.seek(place)
            shutil.copyfileobj(written, file, 1 << 20)
        return notice

    def triples(self, *, xml: bool) -> Iterator[Triple]:
        """All triples, with those about the sources and the export at the end."""
        for triple in chain((each for each, _ in self.said()), self.citations(), self.about()):
            if xml:
                check_xml([triple])
            yield triple

    def quads(self) -> Iterator[Quad]:
        """The same in the graphs that say it."""
        for triple, graphs in self.said():
            for graph in graphs or ("",):
                yield _quad(triple, NamedNode(graph) if graph else DefaultGraph())
        for triple in self.citations():
            yield _quad(triple, NamedNode(str(GRAPH_PROVENANCE)))
        for triple in self.about():
            yield _quad(triple, DefaultGraph())

    def citations(self) -> Iterator[Triple]:
        """The provenance of the source records that contributed, subject by subject."""
        seen: set[str] = set()
        graphs = sorted(self.tally.graphs, key=natural)
        for batch in batches(graphs):
            found = sorted(set(read_citations(self.engine, batch)), key=reading_order)
            for subject, triples in groupby(found, key=subject_of):
                if subject not in seen:
                    seen.add(subject)
                    yield from triples

    def about(self) -> Iterator[Triple]:
        """The statements of the export about itself."""
        yield from self.notice().triples_about()  # once all has gone by

    def write_places(self, target: Path) -> Notice:
        """Write a FeatureCollection (RFC 7946), its notice as further members (6.1)."""
        for _ in self.said():  # counts who says what: the notice stands before the features
            pass
        notice = self.notice()
        head = {
            "type": "FeatureCollection",
            "title": notice.titles,
            "version": notice.version,
            "date": notice.day,
            "about": notice.iri,
            "citation": {language: notice.citation(language) for language in notice.titles},
            "sources": [vars(source) for source in notice.sources],
        }
        with target.open("w", encoding="utf-8", newline="") as file:
            file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [')
            comma = ""
            for batch in batches(self.subjects):
                labels = read_labels(self.engine, batch)
                for node, geometry, text in places(self.engine, batch):
                    names = [term.value for term in labels.get(node, ())]
                    feature = {
                        "type": "Feature",
                        "id": geometry,
                        "geometry": json.loads(text),
                        "properties": {"iri": node, **({"name": names[0]} if names else {})},
                    }
                    file.write(f"{comma}\n{json.dumps(feature, ensure_ascii=False)}")
                    comma = ","
            file.write("\n]}\n")
        return notice


def used(prefixes: Iterable[str], body: Path) -> list[str]:
    """The prefixes that a file of Turtle or TriG uses, in the order of their letters.

    One that only stands in a text, as `org: `, is taken for used.
    """
    with body.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        # What declares them, before the first blank line or term, is no use of them.
        start = max(content.rfind(b"\n@prefix "), 0)
        start = content.find(b"\n", start + 1)
        return [
            name
            for name in sorted(prefixes)
            if any(content.find(before + name.encode() + b":", start) >= 0 for before in BEFORE)
        ]


def in_order(found: Statements, first: str) -> list[Triple]:
    """The triples of a batch as they are read: by subject, `a` first."""
    return sorted(found, key=lambda triple: (subject_of(triple) != first, *reading_order(triple)))


def reading_order(triple: Triple) -> tuple[object, ...]:
    """The sort key of a triple: by subject, then as in a document."""
    return (natural(subject_of(triple)), place(triple))


def _quad(triple: Triple, graph: NamedNode | DefaultGraph) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)
