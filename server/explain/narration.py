"""An explanation told: in sentences, as text, and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from loaders.inference.backward import Proof
from loaders.inference.forward import Terms
from ontology.rules.computed import DAYS, STANDING
from ontology.rules.rule import TYPE, compact
from server.engine.results import Term
from server.explain.proofs import Explained
from server.graph.labels import Labels
from server.graph.provenance import Cited
from server.graph.terms import shown_term
from server.http.negotiation import LANGUAGES
from server.i18n import Voice
from server.iris import segment_of, tail

LONGEST_LITERAL: Final = 140
"""Characters of one term in a sentence: a text may be a page long."""
_DAYS: Final = frozenset(each.n3() for each in DAYS)
_STANDING: Final = frozenset(each.n3() for each in STANDING)
KEY: Final = 28
"""Characters of the end of a key, by which what has no label is told from its like."""


def names(explained: Explained, voice: Voice) -> Labels:
    """The labels of what is spoken of; what has none is called by its kind and key, or prefix."""
    called: dict[str, Sequence[Term]] = dict(explained.labels)
    for iri in explained.iris:
        if iri not in called and (text := _called(iri, voice)):
            called[iri] = [Term(text, "literal", voice.language)]
    return called


def _called(iri: str, voice: Voice) -> str:
    kind = f"segment.{segment_of(iri)}"
    if not voice.known(kind):
        short = compact(f"<{iri}>")
        return "" if short.startswith("<") else short
    key = tail(iri)
    return f"{voice(kind)} {key if len(key) <= KEY else '…' + key[-KEY:]}"


def sentence(triple: Terms, called: Labels, voice: Voice) -> str:
    """A triple in words, its terms as `names` calls them."""
    subject, predicate, value = (_text(term, called, voice) for term in triple)
    key = "explain.member" if triple[1] == TYPE else "explain.triple"
    return voice(key, s=subject, p=predicate, o=value)


def _text(term: str, called: Labels, voice: Voice) -> str:
    shown = shown_term(term)
    named = voice.choose(called.get(shown.value, ())) if shown.is_iri else None
    text = named.value if named else voice.literal(shown)
    return text if len(text) <= LONGEST_LITERAL else text[: LONGEST_LITERAL - 1] + "…"


def place_of(cited: Cited, voice: Voice) -> str:
    """The place of a record in its file, in words; empty where its title says all."""
    line = re.fullmatch(r"line (\d+)", cited.place)
    return voice("explain.line", n=line[1]) if line else cited.place


def verdict(explained: Explained) -> str:
    """The key of the words that say whether it holds: `both`, `stated`, `inferred` or `no`.

    Beside these `unpublished`, what follows and is left out of the inferences on purpose, and
    `unsaid`, what is among the inferences and could not be explained in so many rounds, `computed`,
    what a build computes of all records, and `day`, a day derived from the dates of its sources.
    """
    if explained.triple[1] in _DAYS and explained.stated:
        return "day"
    if explained.triple[1] in _STANDING and explained.published:
        return "computed"
    if explained.stated:
        return "both" if explained.follows else "stated"
    if not explained.explanation.ways:
        return "unsaid" if explained.published or not explained.explanation.whole else "no"
    return "inferred" if explained.published else "unpublished"


def lines(explained: Explained, voice: Voice) -> Iterator[str]:
    """The explanation as text: the shallowest proof, indented, and a line for each source."""
    yield from _Teller(explained, voice, names(explained, voice)).lines()


@dataclass(frozen=True)
class _Teller:
    explained: Explained
    voice: Voice
    called: Labels

    def lines(self) -> Iterator[str]:
        ways = self.explained.explanation.ways
        yield sentence(self.explained.triple, self.called, self.voice)
        yield self.voice(f"explain.verdict.{verdict(self.explained)}")
        yield from self._stated_by(self.explained.triple, "")
        if ways:
            yield from self._proof(ways[0], "", set())
        if len(ways) > 1:
            yield f"{self.voice('explain.others')}:"
            yield from (f"  {way.rule.text[self.voice.language]}" for way in ways[1:] if way.rule)

    def _proof(self, proof: Proof, indent: str, told: set[Terms]) -> Iterator[str]:
        if proof.rule is None:
            yield from self._stated_by(proof.triple, indent)
        elif proof.triple in told:
            yield f"{indent}({self.voice('explain.before')})"
        else:
            told.add(proof.triple)
            yield f"{indent}{self.voice('inferred')}: {proof.rule.text[self.voice.language]}"
            for premise in proof.premises:
                yield f"{indent}- {sentence(premise.triple, self.called, self.voice)}"
                yield from self._proof(premise, f"{indent}  ", told)

    def _stated_by(self, triple: Terms, indent: str) -> Iterator[str]:
        graphs = self.explained.graphs.get(triple, ())
        if not graphs and (triple != self.explained.triple or self.explained.stated):
            yield f"{indent}{self.voice('explain.plain')}"
        for graph in graphs:
            cited = self.explained.cited[graph]
            title = self.voice.choose(cited.titles)
            kind = "" if cited.kind == "record" else self.voice(f"explain.{cited.kind}")
            named = kind or (title.value if title else "")
            parts = [p for p in (named, cited.publisher, place_of(cited, self.voice)) if p]
            where = cited.address or graph
            yield f"{indent}{self.voice('explain.stated')} {', '.join(parts)} <{where}>"


def document(explained: Explained) -> dict[str, Any]:
    """The explanation as JSON: a proof is a tree, whose leaves name the graphs that state them."""
    found = explained.explanation
    called = {each: names(explained, Voice(each)) for each in LANGUAGES}
    return {
        **_statement(explained.triple, called),
        "holds": explained.holds,
        "stated": explained.stated,
        "inferred": explained.published,
        "sources": list(explained.sources),
        "proofs": [_proof(explained, way, called) for way in found.ways],
        "more_proofs": found.more,
        "complete": found.whole,
        "graphs": {graph: _graph(cited) for graph, cited in explained.cited.items()},
    }


def _statement(triple: Terms, called: Mapping[str, Labels]) -> dict[str, Any]:
    return {
        "subject": triple[0],
        "predicate": triple[1],
        "object": triple[2],
        "sentence": {each: sentence(triple, called[each], Voice(each)) for each in LANGUAGES},
    }


def _proof(explained: Explained, proof: Proof, called: Mapping[str, Labels]) -> dict[str, Any]:
    told = _statement(proof.triple, called)
    if proof.rule is None:
        return {**told, "sources": list(explained.graphs.get(proof.triple, ()))}
    rule = proof.rule
    return {
        **told,
        "rule": {"id": rule.id, "kind": rule.kind, "axiom": rule.axiom, "text": dict(rule.text)},
        "premises": [_proof(explained, premise, called) for premise in proof.premises],
    }


def _graph(cited: Cited) -> Mapping[str, Any]:
    return {
        "kind": cited.kind,
        "title": {title.language or "und": title.value for title in cited.titles},
        "publisher": cited.publisher or None,
        "place": cited.place or None,
        "rights": cited.rights.value if cited.rights else None,
        "page": cited.address or None,
    }
