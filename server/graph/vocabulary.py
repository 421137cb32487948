"""The ontology's terms, as the store has them: labels, order of properties, inverses.

`presentation.yml` orders the facts of a page, and has the words for what the reused vocabularies
leave unlabelled or the ontology words for a sentence and not for a heading.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from threading import Condition
from typing import Any

import yaml
from cachetools import LRUCache, cached

from ontology.namespaces import OWL, PREFIXES, RDFS
from server.engine.results import Term
from server.i18n import Voice
from server.iris import tail
from server.questions import select
from server.site import Site


@dataclass(frozen=True)
class Presentation:
    """`presentation.yml`: groups of properties in order, those not shown, words for the rest."""

    groups: Mapping[str, Sequence[str]]
    hidden: frozenset[str]
    labels: Mapping[str, Mapping[str, str]]
    inverse: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def presentation() -> Presentation:
    """The arrangement of the facts of a page."""
    table: dict[str, Any] = yaml.load(
        files("server").joinpath("presentation.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return Presentation(
        {name: [expand(each) for each in curies] for name, curies in table["groups"].items()},
        frozenset(expand(each) for each in table["hidden"]),
        {expand(curie): words for curie, words in table["labels"].items()},
        {expand(curie): words for curie, words in table["inverse"].items()},
    )


def expand(curie: str) -> str:
    """The IRI of a prefixed name."""
    prefix, _, name = curie.partition(":")
    return PREFIXES[prefix] + name


@lru_cache(maxsize=4096)
def compact(iri: str) -> str:
    """The prefixed name of an IRI, or the IRI."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


@dataclass(frozen=True)
class Vocabulary:
    """The terms of the ontology in one version of the data."""

    labels: Mapping[str, Sequence[Term]] = field(default_factory=dict)
    above: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The superproperties and superclasses of a term, near and far, without itself."""
    inverses: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def label(self, iri: str, voice: Voice) -> str:
        """The name of a term in the language of the page."""
        words = presentation().labels.get(iri)
        if words:
            return words[voice.language]
        found = voice.choose(self.labels.get(iri, ()))
        return found.value if found else tail(iri)

    def inverse_label(self, iri: str, voice: Voice) -> str:
        """The name of a property read from its object: that of its inverse, if it has one."""
        words = presentation().inverse.get(iri)
        if words:
            return words[voice.language]
        named = sorted(other for other in self.inverses.get(iri, ()) if other in self.labels)
        return self.label(named[0], voice) if named else f"← {self.label(iri, voice)}"

    def narrowest(self, terms: Iterable[str]) -> list[str]:
        """The terms that no other of them implies, in order."""
        given = list(terms)
        implied = {wider for term in given for wider in self.above.get(term, ())}
        return [term for term in given if term not in implied]


@cached(LRUCache(4), condition=Condition())
def vocabulary(site: Site, version: str) -> Vocabulary:  # noqa: ARG001 (the cache's key)
    """The vocabulary of that version, read once."""
    labels: defaultdict[str, list[Term]] = defaultdict(list)
    broader: defaultdict[str, set[str]] = defaultdict(set)
    inverses: defaultdict[str, set[str]] = defaultdict(set)
    for row in select(site.engine, "vocabulary").rows:
        term, relation, value = row["term"].value, row["relation"].value, row["value"]
        if relation == str(RDFS.label):
            labels[term].append(value)
        elif relation == str(OWL.inverseOf):
            inverses[term].add(value.value)
            inverses[value.value].add(term)
        else:
            broader[term].add(value.value)
    return Vocabulary(
        dict(labels),
        {term: closure(term, broader) for term in list(broader)},
        {term: frozenset(others) for term, others in inverses.items()},
    )


def closure(term: str, broader: Mapping[str, set[str]]) -> frozenset[str]:
    """Everything above a term."""
    seen: set[str] = set()
    waiting = list(broader.get(term, ()))
    while waiting:
        each = waiting.pop()
        if each not in seen and each != term:
            seen.add(each)
            waiting.extend(broader.get(each, ()))
    return frozenset(seen)
