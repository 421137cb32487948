"""Why an inferred triple holds: the rules run backwards over a store.

A premise may itself be a triple that follows and is not published (a self-loop of
`supportsAuthority`, something said of another publisher's IRI): it is derived here again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from loaders.inference.forward import NO_SELF_LOOPS, OURS, Terms
from ontology.rules.entailment import ontology_rules
from ontology.rules.rule import Pattern, Rule, is_variable

Lookup = Callable[[str | None, str | None, str | None], Iterable[Terms]]
"""The published triples that match; None matches anything. Terms as in N-Triples."""

DEEPEST = 40


@dataclass(frozen=True)
class Derivation:
    """One rule that gives a triple, and the triples that it needs for that, in its own order."""

    rule: Rule
    premises: tuple[Terms, ...]


@dataclass(frozen=True)
class Proof:
    """A triple with all that it rests on, down to stated triples, which have no rule."""

    triple: Terms
    rule: Rule | None
    premises: tuple[Proof, ...] = ()


def derivations(
    triple: Terms, lookup: Lookup, rules: Iterable[Rule] | None = None, *, limit: int = 100
) -> list[Derivation]:
    """The ways in which a triple follows in one step, by rule; none where it does not.

    Two triples may each be a derivation of the other (whoever is a partner is one in return):
    follow them no further than to a triple met before, or ask for a `proof`.
    """
    return list(islice(_Backwards(lookup, rules).derivations(triple), limit))


def proof(
    triple: Terms,
    lookup: Lookup,
    is_stated: Callable[[Terms], bool],
    rules: Iterable[Rule] | None = None,
) -> Proof | None:
    """A shallowest proof of a triple from stated ones, or None where it does not hold."""
    backwards = _Backwards(lookup, rules)
    for depth in range(DEEPEST):
        found = _proof(backwards, triple, is_stated, depth, frozenset())
        if found:
            return found
    return None


def _proof(
    backwards: _Backwards,
    triple: Terms,
    is_stated: Callable[[Terms], bool],
    depth: int,
    above: frozenset[Terms],
) -> Proof | None:
    if is_stated(triple):
        return Proof(triple, None)
    if depth == 0 or triple in above:
        return None
    for derivation in backwards.derivations(triple):
        premises = []
        for premise in derivation.premises:
            found = _proof(backwards, premise, is_stated, depth - 1, above | {triple})
            if found is None:
                break
            premises.append(found)
        else:
            return Proof(triple, derivation.rule, tuple(premises))
    return None


class _Backwards:
    """The rules by what they conclude, over one store."""

    def __init__(self, lookup: Lookup, rules: Iterable[Rule] | None) -> None:
        self._lookup = lookup
        self._rules: dict[str, list[Rule]] = {}
        for rule in ontology_rules() if rules is None else rules:
            if rule.conclusion:
                self._rules.setdefault(rule.conclusion.relation, []).append(rule)

    def derivations(
        self, goal: Terms, above: frozenset[Terms] = frozenset()
    ) -> Iterator[Derivation]:
        """The derivations of a triple; a variable in it stands for anything."""
        seen = set()
        for rule in self._rules.get(Pattern(*goal).relation, ()):
            assert rule.conclusion  # noqa: S101  only such are kept
            binding = _unified(rule.conclusion, goal)
            for found in self._solved(rule.premises, binding, above | {goal}):
                premises = tuple(premise.bound(found) for premise in rule.premises)
                if goal not in premises and (rule.id, premises) not in seen:
                    seen.add((rule.id, premises))
                    yield Derivation(rule, premises)

    def _solved(
        self,
        premises: tuple[Pattern, ...],
        binding: Mapping[str, str] | None,
        above: frozenset[Terms],
    ) -> Iterator[Mapping[str, str]]:
        """The bindings under which all premises hold, the premise that matches least first."""
        if binding is None:
            return
        if not premises:
            yield binding
            return
        asked = min(premises, key=lambda premise: self._size(premise.bound(binding)))
        rest = tuple(premise for premise in premises if premise is not asked)
        pattern = asked.bound(binding)
        for triple in self._found(pattern, above):
            extended = _unified(pattern, triple)
            if extended is not None:
                yield from self._solved(rest, {**binding, **extended}, above)

    def _asked(self, pattern: Pattern) -> Iterable[Terms]:
        subject, predicate, value = (None if is_variable(term) else term for term in pattern)
        return self._lookup(subject, predicate, value)

    def _size(self, pattern: Pattern) -> int:
        """The count of triples that match, as far as it is worth counting."""
        return sum(1 for _ in islice(self._asked(pattern), 100)) if pattern.variables else 0

    def _found(self, pattern: Pattern, above: frozenset[Terms]) -> Iterator[Terms]:
        yield from self._asked(pattern)
        for goal in _unpublished(pattern):
            if goal not in above:
                for derivation in self.derivations(goal, above):
                    binding = _matched(derivation)
                    assert derivation.rule.conclusion  # noqa: S101  it derived the goal
                    yield derivation.rule.conclusion.bound(binding)


def _unpublished(pattern: Pattern) -> Iterator[Pattern]:
    """The patterns that may hold although no published triple says so."""
    subject, predicate, value = pattern
    if predicate in NO_SELF_LOOPS:
        known = value if is_variable(subject) else subject
        if not is_variable(known) and (is_variable(value) or value == known):
            yield Pattern(known, predicate, known)
    if not is_variable(subject) and not subject.startswith(OURS):
        yield pattern


def _matched(derivation: Derivation) -> Mapping[str, str]:
    binding: dict[str, str] = {}
    for premise, triple in zip(derivation.rule.premises, derivation.premises, strict=True):
        binding.update(_unified(premise, triple) or {})
    return binding


def _unified(pattern: Pattern, triple: Terms) -> dict[str, str] | None:
    """The binding that makes the pattern the triple; None where nothing does."""
    binding: dict[str, str] = {}
    for term, known in zip(pattern, triple, strict=True):
        if is_variable(term):
            if not is_variable(known) and binding.setdefault(term, known) != known:
                return None
        elif not is_variable(known) and term != known:
            return None
    return binding
