"""The triples that follow from the data and the ontology under OWL 2 RL.

The rules of `ontology.closure` run over the triples that they speak of, stratum by stratum; a
recursive stratum runs semi-naively, each round joining only what the last one found. All of it is
joins of sets of interned strings, which at a million triples is several times faster than the
same rules as SPARQL in the store (`benchmarks/inference`); the tests hold both to the same result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rdflib import Literal
from rdflib.util import from_n3

from loaders.collecting import no_collection
from loaders.errors import BuildError
from loaders.joins import Relations, Rows, matches
from ontology import ID, MLG, OWL, RDFS
from ontology.closure import ontology_rules
from ontology.rules import TYPE, Pattern, Rule, Stratum, is_variable, strata

Terms = tuple[str, str, str]
Part = tuple[str, Rows]

OURS = f"<{ID}"
NOT_PUBLISHED_TYPES = frozenset(
    f"<{known}>"
    for known in (OWL.Thing, OWL.NamedIndividual, RDFS.Resource, RDFS.Literal, RDFS.Class)
)
NO_SELF_LOOPS = frozenset(f"<{known}>" for known in (MLG.supportsAuthority, MLG.partnerOf, MLG.met))
NEVER_PUBLISHED = frozenset(f"<{known}>" for known in (OWL.sameAs, OWL.differentFrom))
"""With blank nodes, and subjects that are not ours: the one list of what is derived in vain."""


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
    """What follows, as sorted N-Triples lines without full stops, and what contradicts."""

    triples: list[str]
    contradictions: tuple[Contradiction, ...]


def inferred(triples: Iterable[str]) -> list[str]:
    """What follows from the triples (each `s p o` in N-Triples), sorted, what they say left out.

    Raises BuildError where the triples contradict the ontology.
    """
    found = inferences(triples)
    if found.contradictions:
        told = "; ".join(str(contradiction) for contradiction in found.contradictions[:5])
        raise BuildError(f"the data contradicts the ontology: {told}")
    return found.triples


def inferences(triples: Iterable[str], rules: tuple[Rule, ...] | None = None) -> Inferences:
    """What follows from the triples by these rules, which are the ontology's if not given."""
    with no_collection():
        return _inferences(triples, ontology_rules() if rules is None else rules)


def published(subject: str, predicate: str, value: str) -> bool:
    """Whether a derived triple is worth publishing."""
    relation = Pattern(subject, predicate, value).relation
    return bool(_lines(relation, [subject if predicate == TYPE else (subject, value)]))


def _inferences(triples: Iterable[str], rules: tuple[Rule, ...]) -> Inferences:
    relations = _loaded(triples, rules)
    derived = [part for stratum in strata(rules) for part in _closed(stratum, relations)]
    contradictions = tuple(sorted(_contradictions(rules, relations)))
    relations.clear()
    lines: list[str] = []
    while derived:  # a part is let go as soon as it is written
        lines += _lines(*derived.pop())
    lines.sort()
    return Inferences(lines, contradictions)


def _loaded(triples: Iterable[str], rules: Iterable[Rule]) -> Relations:
    """The triples that some rule speaks of; most names, texts and dates are none of theirs."""
    patterns = [p for rule in rules for p in (*rule.premises, rule.conclusion) if p]
    relations = Relations({pattern.relation for pattern in patterns})
    spoken = {pattern.predicate for pattern in patterns}
    terms: dict[str, str] = {}
    one = terms.setdefault  # equal terms become one string, compared by identity from here on
    latest = ""
    for triple in sorted(triple for triple in triples if triple.split(" ", 2)[1] in spoken):
        subject, predicate, value = triple.split(" ", 2)
        if subject == latest:
            subject = latest
        else:
            subject = latest = one(subject, subject)
        if predicate == TYPE:
            members = relations.get(f"a {value}")
            if members is not None:
                members[subject] = None
        else:
            relations[predicate][subject, one(value, value)] = None
    return relations


def _closed(stratum: Stratum, relations: Relations) -> list[Part]:
    """What the rules of a stratum add, in parts that have no row in common."""
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
    subject, _, value = rule.conclusion
    wanted = tuple(term for term in (subject, value) if is_variable(term))
    rows: Iterable[Any] = matches(rule, relations, wanted, first, changed)
    if not is_variable(value) and not rule.conclusion.is_membership:
        rows = ((term, value) for (term,) in rows)
    elif not is_variable(subject):
        rows = ((subject, term) for (term,) in rows)
    elif rule.conclusion.is_membership:
        rows = (member for (member,) in rows)
    name = rule.conclusion.relation
    if any(premise.relation == name for premise in rule.premises):
        rows = list(rows)  # what is being read cannot grow
    new = relations.add(name, rows)
    return [(name, new)] if new else []


def _contradictions(rules: Iterable[Rule], relations: Relations) -> Iterator[Contradiction]:
    for rule in rules:
        if rule.conclusion:
            continue
        names = tuple(sorted({name for premise in rule.premises for name in premise.variables}))
        rows = iter(matches(rule, relations, names))
        if rule.distinct:
            one, other = (names.index(name) for name in rule.distinct)
            rows = (r for r in rows if r[one] < r[other] and _value(r[one]) != _value(r[other]))
        for row in set(rows):
            binding = dict(zip(names, row, strict=True))
            found = tuple(premise.bound(binding) for premise in rule.premises)
            yield Contradiction(rule.id, found, rule.text["en"])


def _value(term: str) -> object:
    """What a term stands for: 5.0 and 5.00 are one number."""
    node = from_n3(term)
    return node.value if isinstance(node, Literal) and node.value is not None else node


def _lines(relation: str, rows: Rows) -> list[str]:
    """The rows that are worth publishing, as triples."""
    if relation.startswith("a "):
        known = relation[2:]
        if known in NOT_PUBLISHED_TYPES or known.startswith("_:"):
            return []
        return [f"{member} {TYPE} {known}" for member in rows if member.startswith(OURS)]
    if relation in NEVER_PUBLISHED:
        return []
    if relation in NO_SELF_LOOPS:
        rows = [pair for pair in rows if pair[0] != pair[1]]
    return [
        f"{subject} {relation} {value}"
        for subject, value in rows
        if subject.startswith(OURS) and not value.startswith("_:")
    ]
