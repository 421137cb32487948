"""The triples that follow from the data and the ontology under OWL 2 RL.

The rules of the ontology run over the triples that they speak of, stratum by stratum; a
recursive stratum runs semi-naively, each round joining only what the last one found. All of it is
joins of arrays of numbers, which at a million triples is many times faster than the same rules as
SPARQL in the store (`benchmarks/inference`); the tests hold both to the same result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from rdflib import Literal
from rdflib.util import from_n3

from loaders.errors import BuildError
from loaders.garbage_collection import no_collection
from loaders.inference.joins import (
    HALF,
    Dictionary,
    Relations,
    Rows,
    ascending,
    halves,
    matches,
    pairs,
)
from ontology.namespaces import ID, MLG
from ontology.rules import unpublished
from ontology.rules.entailment import ontology_rules
from ontology.rules.rule import TYPE, Pattern, Rule, Stratum, is_variable, strata

Terms = tuple[str, str, str]
Part = tuple[str, Rows]

OURS = f"<{ID}"
NOT_PUBLISHED_TYPES = frozenset(known.n3() for known in unpublished.TYPES)
NEVER_PUBLISHED = frozenset(known.n3() for known in unpublished.PROPERTIES)
NO_SELF_LOOPS = frozenset(known.n3() for known in unpublished.IRREFLEXIVE)
ABROAD_ONLY = frozenset(known.n3() for known in unpublished.ABROAD)
"""The one list of what is derived in vain (`ontology.rules.unpublished`), beside blank nodes and
subjects that are not ours."""
COUNTRY = MLG.country.n3()
BLOCK = 1 << 16
"""So many subjects are written at a time."""


@dataclass(frozen=True, order=True)
class Contradiction:
    """Triples that cannot all be true, and the rule that says so."""

    rule_id: str
    triples: tuple[Terms, ...]
    message: str

    def __str__(self) -> str:
        stated = " . ".join(" ".join(triple) for triple in self.triples)
        return f"{self.rule_id}: {self.message} But: {stated}"


@dataclass(frozen=True)
class Inferences:
    """The triples that follow, as sorted lines of N-Triples without full stops; contradictions."""

    triples: list[str]
    contradictions: tuple[Contradiction, ...]


def inferred(triples: Iterable[str]) -> list[str]:
    """The triples that follow from others (each `s p o` in N-Triples) and are none of them, sorted.

    Raises BuildError where the triples contradict the ontology.
    """
    found = inferences(triples)
    if found.contradictions:
        told = "; ".join(str(contradiction) for contradiction in found.contradictions[:5])
        raise BuildError(f"the data contradicts the ontology: {told}")
    return found.triples


def inferences(triples: Iterable[str], rules: tuple[Rule, ...] | None = None) -> Inferences:
    """The inferences from the triples by these rules, which are the ontology's if not given."""
    with no_collection():
        return _inferences(triples, ontology_rules() if rules is None else rules)


def published(subject: str, predicate: str, value: str) -> bool:
    """True where a derived triple is worth publishing."""
    dictionary = Dictionary()
    one, other = np.array([dictionary.number(subject)]), np.array([dictionary.number(value)])
    relation = Pattern(subject, predicate, value).relation
    rows = one if predicate == TYPE else pairs(one, other)
    return bool(TripleWriter(dictionary).lines([(relation, rows)]))


def _inferences(triples: Iterable[str], rules: tuple[Rule, ...]) -> Inferences:
    relations = _loaded(triples, rules)
    derived = [part for stratum in strata(rules) for part in _closed(stratum, relations)]
    writer = TripleWriter(relations.dictionary)
    lines = writer.lines([(name, _abroad(name, rows, relations)) for name, rows in derived])
    lines.sort()
    return Inferences(lines, tuple(sorted(_contradictions(rules, relations))))


def _loaded(triples: Iterable[str], rules: Iterable[Rule]) -> Relations:
    """The triples that some rule speaks of; most names, texts and dates are none of theirs."""
    patterns = [p for rule in rules for p in (*rule.premises, rule.conclusion) if p]
    rows: dict[str, list[int]] = {pattern.relation: [] for pattern in patterns}
    dictionary = Dictionary()
    number = dictionary.number
    take = {name: into.append for name, into in rows.items()}
    for triple in triples:
        subject, predicate, value = triple.split(" ", 2)
        if predicate in take:
            take[predicate](number(subject) << HALF | number(value))
        elif predicate == TYPE and (name := f"a {value}") in take:
            take[name](number(subject))
    relations = {name: ascending(np.array(rows.pop(name), np.int64)) for name in [*rows]}
    return Relations(relations, dictionary)


def _closed(stratum: Stratum, relations: Relations) -> list[Part]:
    """The rows that the rules of a stratum add, in parts that have no row in common."""
    latest = [part for rule in stratum.rules for part in _concluded(rule, relations)]
    added = latest
    while stratum.recursive and latest:
        latest = [
            part
            for rule in stratum.rules
            for number, premise in enumerate(rule.premises)
            for name, rows in latest
            if name == premise.relation
            for part in _concluded(rule, relations, number, rows)
        ]
        added = added + latest
    return added


def _concluded(
    rule: Rule, relations: Relations, first: int = 0, changed: Rows | None = None
) -> list[Part]:
    """The new rows of the relation that the rule concludes, which has taken them in; if any."""
    if rule.conclusion is None:
        return []
    ends = rule.conclusion.subject, rule.conclusion.object
    wanted = tuple(term for term in ends if is_variable(term))
    columns = dict(zip(wanted, matches(rule, relations, wanted, first, changed), strict=True))
    if rule.conclusion.is_membership:
        [rows] = columns.values()
    else:
        number = relations.dictionary.number
        subject, value = (columns[t] if is_variable(t) else np.int64(number(t)) for t in ends)
        rows = pairs(subject, value)
    name = rule.conclusion.relation
    new = relations.add(name, rows)
    return [(name, new)] if len(new) else []


def _abroad(name: str, rows: Rows, relations: Relations) -> Rows:
    """The rows of a relation; of one that speaks of support, those that cross a border."""
    if name not in ABROAD_ONLY or COUNTRY not in relations:
        return rows
    at_home = dict(zip(*(half.tolist() for half in halves(relations[COUNTRY])), strict=True))
    subjects, objects = (half.tolist() for half in halves(rows))
    kept = [
        one not in at_home or at_home[one] not in (other, at_home.get(other))
        for one, other in zip(subjects, objects, strict=True)
    ]
    return rows[np.array(kept, np.bool_)]


def _contradictions(rules: Iterable[Rule], relations: Relations) -> Iterator[Contradiction]:
    terms = relations.dictionary.terms()
    for rule in rules:
        if rule.conclusion:
            continue
        names = tuple(sorted({name for premise in rule.premises for name in premise.variables}))
        columns = matches(rule, relations, names)
        if rule.distinct:
            one, other = (names.index(name) for name in rule.distinct)
            differ = columns[one] != columns[other]
            columns = tuple(column[differ] for column in columns)
        for row in set(zip(*(terms[column].tolist() for column in columns), strict=True)):
            # Of two that differ in value, only one way round.
            if rule.distinct and not (
                row[one] < row[other] and _value(row[one]) != _value(row[other])
            ):
                continue
            binding = dict(zip(names, row, strict=True))
            found = tuple(premise.bound(binding) for premise in rule.premises)
            yield Contradiction(rule.id, found, rule.text["en"])


def _value(term: str) -> object:
    """The value of a term: 5.0 and 5.00 are one number."""
    node = from_n3(term)
    return node.value if isinstance(node, Literal) and node.value is not None else node


class TripleWriter:
    """Writes the rows that are worth publishing as triples."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.terms = dictionary.terms()
        self.ours = np.array([term.startswith(OURS) for term in self.terms])
        self.blank = np.array([term.startswith("_:") for term in self.terms])

    def lines(self, parts: list[Part]) -> list[str]:
        """The rows of parts of relations, each `s p o`."""
        found: list[str] = []
        # Neighbours among the subjects have much the same objects, so that a block stays in cache.
        for start in range(0, len(self.terms), BLOCK):
            for relation, rows in parts:
                shift = 0 if relation.startswith("a ") else HALF
                ends = np.array([start, start + BLOCK]) << shift
                first, end = np.searchsorted(rows, ends)
                if first < end:
                    found += self._lines(relation, rows[first:end])
        return found

    def _lines(self, relation: str, rows: Rows) -> list[str]:
        if relation.startswith("a "):
            known = relation[2:]
            if known in NOT_PUBLISHED_TYPES or known.startswith("_:"):
                return []
            members = self.terms[rows[self.ours[rows]]]
            return [f"{member} {TYPE} {known}" for member in members.tolist()]
        if relation in NEVER_PUBLISHED:
            return []
        subjects, objects = halves(rows)
        kept = self.ours[subjects] & ~self.blank[objects]
        if relation in NO_SELF_LOOPS:
            kept &= subjects != objects
        ends = (self.terms[column[kept]].tolist() for column in (subjects, objects))
        return [f"{subject} {relation} {value}" for subject, value in zip(*ends, strict=True)]
