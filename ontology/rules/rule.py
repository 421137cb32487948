"""Entailment rules: where these premises hold so does this conclusion, or they contradict.

A term is written as in N-Triples (`<https://…>`, `"8000.0"^^<…>`), a variable as in SPARQL (`?a`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from ontology.namespaces import ID, PREFIXES, RDF

TYPE = f"<{RDF.type}>"


class Pattern(NamedTuple):
    """A triple whose terms may be variables."""

    subject: str
    predicate: str
    object: str

    @property
    def variables(self) -> frozenset[str]:
        """The variables in it."""
        return frozenset(term for term in self if is_variable(term))

    @property
    def relation(self) -> str:
        """The relation that it speaks of: a property, or a class with its members.

        >>> Pattern("?a", TYPE, "<https://w3id.org/maillage/def#Funder>").relation
        'a <https://w3id.org/maillage/def#Funder>'
        """
        return f"a {self.object}" if self.is_membership else self.predicate

    @property
    def is_membership(self) -> bool:
        """True where the pattern says of something that it is in a class."""
        return self.predicate == TYPE and not is_variable(self.object)

    def bound(self, binding: Mapping[str, str]) -> Pattern:
        """The same with the variables that the binding knows replaced."""
        return Pattern(*(binding.get(term, term) for term in self))

    def sparql(self) -> str:
        """The pattern as SPARQL writes it, shortened by the prefixes of Maillage."""
        predicate = "a" if self.predicate == TYPE else compact(self.predicate)
        return f"{compact(self.subject)} {predicate} {compact(self.object)}"


@dataclass(frozen=True)
class Rule:
    """One rule: an axiom of the ontology, read as a rule of OWL 2 RL.

    `kind` is the rule's name in the table of the Recommendation (OWL 2 Profiles, section 4.3),
    `axiom` is Turtle, `text` says it in French and English. Without a conclusion, premises that
    hold contradict the ontology; where `distinct` names two variables, only if they differ in
    value (two IRIs are two things: names are taken as unique).
    """

    id: str
    kind: str
    axiom: str
    premises: tuple[Pattern, ...]
    conclusion: Pattern | None
    distinct: tuple[str, str] | None = None
    text: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def sparql(self) -> str:
        """The rule as a query: CONSTRUCT of what follows, or SELECT of what contradicts."""
        where = " .\n  ".join(premise.sparql() for premise in self.premises)
        if self.distinct:
            where += f"\n  FILTER ({self.distinct[0]} != {self.distinct[1]})"
        if self.conclusion:
            head = f"CONSTRUCT {{ {self.conclusion.sparql()} }}"
        else:
            names = {name: None for premise in self.premises for name in premise if name[0] == "?"}
            head = f"SELECT {' '.join(names)}"
        query = f"{head}\nWHERE {{\n  {where}\n}}\n"
        used = sorted(set(re.findall(r"(?<![\w:/<#])([a-z]+):[\w-]", query)) & PREFIXES.keys())
        return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in used) + query


@dataclass(frozen=True)
class Stratum:
    """Rules that conclude the same relations; those of earlier strata never need these.

    Only a recursive stratum has to run more than once.
    """

    rules: tuple[Rule, ...]
    recursive: bool


def is_variable(term: str) -> bool:
    """True where this term of a pattern is a variable."""
    return term.startswith("?")


def compact(term: str) -> str:
    """The term with one of our prefixes where it has one.

    >>> compact("<https://w3id.org/maillage/def#funds>")
    'mlg:funds'
    >>> compact("<https://w3id.org/maillage/id/authority/fra-cog-91228>")
    '<https://w3id.org/maillage/id/authority/fra-cog-91228>'
    """
    for prefix, namespace in PREFIXES.items():
        local = term[1:-1].removeprefix(namespace)
        if term.startswith(f"<{namespace}") and re.fullmatch(r"[\w-]+", local):
            return f"{prefix}:{local}"
    return term


def identifier(kind: str, patterns: Iterable[Pattern]) -> str:
    """A rule's identifier: its kind and the terms that it speaks of; it lasts as they do.

    >>> identifier("prp-inv1", [Pattern("?a", "<https://w3id.org/maillage/def#funds>", "?b")])
    'prp-inv1/mlg:funds'
    """
    spoken = [
        compact(term).strip("<>").removeprefix(ID)
        for pattern in patterns
        for term in pattern[1:]
        if term != TYPE and not is_variable(term)
    ]
    return "/".join([kind, *spoken])


@cache
def strata(rules: tuple[Rule, ...]) -> tuple[Stratum, ...]:
    """The rules in the order in which they can run, those that need each other together."""
    needs: dict[str, set[str]] = {}
    for rule in rules:
        needs.setdefault(_concluded(rule), set()).update(p.relation for p in rule.premises)
    groups = []
    for relations in _components(needs):
        members = tuple(rule for rule in rules if _concluded(rule) in relations)
        if members:
            recursive = any(p.relation in relations for rule in members for p in rule.premises)
            groups.append(Stratum(members, recursive))
    return tuple(groups)


def _concluded(rule: Rule) -> str:
    return rule.conclusion.relation if rule.conclusion else ""


def _components(needs: Mapping[str, set[str]]) -> list[set[str]]:
    """The strongly connected components, those that are needed first (Tarjan 1972)."""
    found: list[set[str]] = []
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []

    def visit(node: str) -> None:
        number[node] = lowest[node] = len(number)
        path.append(node)
        for needed in sorted(needs.get(node, ())):
            if needed not in number:
                visit(needed)
            if needed in path:
                lowest[node] = min(lowest[node], lowest[needed])
        if lowest[node] == number[node]:
            start = path.index(node)
            found.append(set(path[start:]))
            del path[start:]

    for node in sorted(needs):
        if node not in number:
            visit(node)
    return found
