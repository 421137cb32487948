"""An explanation in RDF: reified statements, and PROV-O for what gives them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.inference.backward import Proof
from loaders.inference.explanation import steps
from loaders.inference.forward import Terms
from ontology.namespaces import DCT, MLG, PREFIXES, PROV, RDF, RDFS
from ontology.rules.rule import Rule
from server.explain.narration import names, sentence, verdict
from server.explain.proofs import Explained
from server.graph.labels import Labels
from server.graph.provenance import Cited
from server.graph.terms import stored_term
from server.http.negotiation import LANGUAGES
from server.i18n import Voice
from server.iris import checked


def triples(explained: Explained, address: str) -> Iterator[ox.Triple]:
    """The explanation in RDF, its nodes named by fragments of the address of this document.

    A statement is reified (`rdf:Statement`) and a `prov:Entity`, derived from its premises or
    from the graphs that state it. What does not hold is reified too, which does not assert it,
    and is derived from nothing. Each proof is a `prov:Activity` that used the premises and the
    rule, for a statement may follow in several ways.
    """
    called = {each: names(explained, Voice(each)) for each in LANGUAGES}
    return _Writer(explained, address, called).document()


@dataclass(frozen=True)
class _Writer:
    explained: Explained
    address: str
    called: Mapping[str, Labels]

    def document(self) -> Iterator[ox.Triple]:
        numbers = {self.explained.triple: 1}
        derived: dict[tuple[Terms, ...], tuple[Proof, Rule]] = {}
        for way in self.explained.explanation.ways:
            for step in steps(way):
                numbers.setdefault(step.triple, len(numbers) + 1)
                if step.rule:
                    premises = (premise.triple for premise in step.premises)
                    derived.setdefault((step.triple, *premises), (step, step.rule))
        for triple, number in numbers.items():
            yield from self._statement(triple, self._node(f"s{number}"))
        rules: dict[Rule, ox.NamedNode] = {}
        for number, (step, rule) in enumerate(derived.values(), 1):
            if rule not in rules:
                rules[rule] = self._node(f"r{len(rules) + 1}")
                yield from self._rule(rule, rules[rule])
            statement = self._node(f"s{numbers[step.triple]}")
            activity = self._node(f"d{number}")
            yield self._link(activity, RDF.type, PROV.Activity)
            yield self._link(activity, PROV.generated, statement.value)
            yield self._link(activity, PROV.used, rules[rule].value)
            for premise in step.premises:
                used = self._node(f"s{numbers[premise.triple]}").value
                yield self._link(activity, PROV.used, used)
                yield self._link(statement, PROV.wasDerivedFrom, used)
        for cited in self.explained.cited.values():
            yield from self._graph(cited)

    def _node(self, name: str) -> ox.NamedNode:
        return ox.NamedNode(f"{self.address}#{name}")

    def _link(self, subject: ox.NamedNode, predicate: str, value: str) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(str(predicate)), ox.NamedNode(str(value)))

    def _say(self, subject: ox.NamedNode, predicate: str, text: str, language: str) -> ox.Triple:
        value = ox.Literal(text, language=language or None)
        return ox.Triple(subject, ox.NamedNode(str(predicate)), value)

    def _statement(self, triple: Terms, node: ox.NamedNode) -> Iterator[ox.Triple]:
        yield self._link(node, RDF.type, RDF.Statement)
        yield self._link(node, RDF.type, PROV.Entity)
        for predicate, term in zip((RDF.subject, RDF.predicate, RDF.object), triple, strict=True):
            yield ox.Triple(node, ox.NamedNode(str(predicate)), stored_term(term))
        for language in LANGUAGES:
            words = sentence(triple, self.called[language], Voice(language))
            yield self._say(node, RDFS.label, words, language)
            if triple == self.explained.triple:
                words = Voice(language)(f"explain.verdict.{verdict(self.explained)}")
                yield self._say(node, RDFS.comment, words, language)
        for graph in self.explained.graphs.get(triple, ()):
            yield self._link(node, PROV.wasDerivedFrom, graph)

    def _rule(self, rule: Rule, node: ox.NamedNode) -> Iterator[ox.Triple]:
        yield self._link(node, RDF.type, PROV.Plan)
        yield self._link(node, RDF.type, PROV.Entity)
        yield self._say(node, DCT.identifier, rule.id, "")
        yield self._say(node, RDFS.label, rule.axiom, "")
        for language, words in rule.text.items():
            yield self._say(node, RDFS.comment, words, language)

    def _graph(self, cited: Cited) -> Iterator[ox.Triple]:
        node = ox.NamedNode(cited.graph)
        kind = MLG.SourceRecord if cited.kind == "record" else PROV.Entity
        yield self._link(node, RDF.type, kind)
        for title in cited.titles:
            yield self._say(node, DCT.title, title.value, title.language)
            if cited.publisher:
                words = f"{title.value}, {cited.publisher}"
                yield self._say(node, DCT.bibliographicCitation, words, title.language)
        if cited.address and checked(cited.address):
            yield self._link(node, DCT.source, cited.address)


def serialised(explained: Explained, address: str, media_type: str) -> bytes:
    """The RDF of an explanation in a format."""
    by_subject: defaultdict[str, dict[ox.Triple, None]] = defaultdict(dict)
    for triple in triples(explained, address):
        by_subject[str(triple.subject)][triple] = None
    every = [triple for found in by_subject.values() for triple in found]
    terms = [getattr(term, "value", "") for triple in every for term in triple]
    used = {p: i for p, i in PREFIXES.items() if any(term.startswith(i) for term in terms)}
    chosen = ox.RdfFormat.from_media_type(media_type)
    return ox.serialize(every, format=chosen, prefixes={"why": f"{address}#", **used}) or b""
