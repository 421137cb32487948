"""The notice of a download: title, version, sources that contributed, how to cite it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import DCAT, DCT, FOAF, ID, PROV, RDF, VOID, XSD
from server.engine import Engine
from server.graph.coverage import dataset_of
from server.graph.exports import Part
from server.graph.labels import read_labels
from server.http.negotiation import LANGUAGES
from server.i18n import Voice
from server.iris import PUBLIC
from server.questions import select

Texts = Mapping[str, str]
"""Words by language."""


@dataclass(frozen=True)
class Source:
    """A dataset that contributed: what it is, whose, under which terms, and with how much."""

    name: str
    titles: Texts
    publisher: str
    licence: str
    rights: str
    records: int
    triples: int

    @property
    def iri(self) -> str:
        """Its IRI."""
        return f"{ID}dataset/{self.name}"


@dataclass(frozen=True)
class Notice:
    """The notice of an export."""

    iri: str
    titles: Texts
    version: str
    about: str
    things: int
    triples: int
    inferred: int
    """The number of its triples that no source states."""
    sources: Sequence[Source]
    day: str = ""
    """The day on which the version was built."""
    untold: int = -1
    """Of the answer to a query, the triples of which nothing shows who states them; else -1."""

    def citation(self, language: str) -> str:
        """The citation of it, in a sentence."""
        names = ", ".join(dict.fromkeys(each.publisher for each in self.sources if each.publisher))
        facts = {"title": self.titles[language], "version": self.version, "iri": self.iri}
        told = Voice(language)("export.citation", **facts)
        return told + (f" {Voice(language)('export.attribution', names=names)}" if names else "")

    def lines(self) -> Iterator[str]:
        """It in plain text, French and English."""
        for language in LANGUAGES:
            voice = Voice(language)
            yield self.titles[language]
            numbers = {"things": self.things, "triples": self.triples, "inferred": self.inferred}
            if self.untold < 0:
                yield voice("export.counts", **numbers)
            else:
                yield voice("export.counts.query", **numbers)
            if self.untold > 0:
                yield voice("export.untold", n=self.untold, m=self.triples)
            if self.day:
                yield voice("export.version.day", version=self.version, day=self.day)
            else:
                yield voice("export.version", version=self.version)
            yield voice("export.sources")
            for each in self.sources:
                facts = {"publisher": each.publisher or "—", "licence": each.licence or "—"}
                title = each.titles.get(language, each.name)
                rights = voice(f"rights.{each.rights}") if each.rights else "—"
                facts |= {"title": title, "rights": rights}
                yield "- " + voice("export.source", n=each.triples, m=each.records, **facts)
            yield voice("export.cite") + " " + self.citation(language)
            yield ""

    def triples_about(self) -> Iterator[Triple]:
        """It in RDF: a dcat:Dataset that is derived from the datasets that contributed."""
        node = self.iri
        yield _link(node, RDF.type, DCAT.Dataset)
        yield _link(node, RDF.type, VOID.Dataset)
        for language in LANGUAGES:
            yield _text(node, DCT.title, self.titles[language], language)
            yield _text(node, DCT.bibliographicCitation, self.citation(language), language)
        yield _text(node, f"{DCAT}version", self.version)
        if self.day:
            day = Literal(self.day, datatype=NamedNode(str(XSD.date)))
            yield Triple(NamedNode(node), NamedNode(str(DCT.issued)), day)
        yield _link(node, DCT.subject, self.about)
        yield _link(node, DCT.isPartOf, f"{PUBLIC}catalog")
        for licence in dict.fromkeys(each.licence for each in self.sources if each.licence):
            yield _link(node, DCT.license, licence)
        for each in self.sources:
            yield _link(node, PROV.wasDerivedFrom, each.iri)


class Tally:
    """Counts what an export takes from where, as it goes by."""

    def __init__(self) -> None:
        self.graphs: Counter[str] = Counter()
        self.triples = 0
        self.inferred = 0

    def count(self, graphs: Sequence[str]) -> None:
        """Take note of one triple and of the graphs that it is taken from."""
        self.triples += 1
        stated = [graph for graph in graphs if dataset_of(graph)]
        self.graphs.update(stated)
        self.inferred += bool(graphs) and not stated


def address_of(part: Part) -> str:
    """The IRI of an export, on every host and in every format."""
    query = f"?{urlencode(part.parameters)}" if part.parameters else ""
    return f"{PUBLIC}export/{part.kind}/{part.key}{query}"


def read_notice(
    engine: Engine, manifest: Mapping[str, Any], version: str, part: Part, things: int, tally: Tally
) -> Notice:
    """The notice of an export, once it is known what came into it."""
    labels = read_labels(engine, [part.iri]).get(part.iri, ())
    titles = {}
    for language in LANGUAGES:
        voice = Voice(language)
        name = voice.choose(labels)
        what = voice(f"export.kind.{part.kind}")
        titles[language] = voice(
            "export.title", name=name.value if name else part.key, what=what
        ) + (f" ({', '.join(f'{k}={v}' for k, v in part.parameters.items())})"
             if part.parameters else "")  # fmt: skip
    return Notice(
        address_of(part), titles, version, part.iri, things, tally.triples, tally.inferred,
        read_sources(engine, manifest, tally.graphs), day_of(manifest),
    )  # fmt: skip


def day_of(manifest: Mapping[str, Any]) -> str:
    """The day of a build, `2026-11-29`; empty where its manifest does not tell."""
    return str(manifest.get("built", ""))[:10]


def read_sources(
    engine: Engine, manifest: Mapping[str, Any], graphs: Mapping[str, int]
) -> list[Source]:
    """The datasets of graphs, those that say most first."""
    records: defaultdict[str, int] = defaultdict(int)
    triples: defaultdict[str, int] = defaultdict(int)
    for graph, count in graphs.items():
        records[dataset_of(graph)] += 1
        triples[dataset_of(graph)] += count
    known = {each["name"]: each for each in manifest.get("datasets", ())}
    found = []
    for name in sorted(records, key=lambda name: (-triples[name], name)):
        facts = known.get(name, {})
        rows = select(engine, "dataset-facts", dataset=NamedNode(f"{ID}dataset/{name}")).rows
        publishers = [row["o"].value for row in rows if row["p"].value == str(FOAF.name)]
        found.append(
            Source(
                name,
                facts.get("title") or dict.fromkeys(LANGUAGES, name),
                next(iter(sorted(publishers)), ""),
                facts.get("licence") or "",
                facts.get("rights") or "",
                records[name],
                triples[name],
            )
        )
    return found


def _link(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(str(predicate)), NamedNode(str(value)))


def _text(subject: str, predicate: str, value: str, language: str | None = None) -> Triple:
    return Triple(NamedNode(subject), NamedNode(str(predicate)), Literal(value, language=language))
