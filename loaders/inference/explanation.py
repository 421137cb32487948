"""Why a triple holds, out of a store that is far away: few questions, each for many patterns.

The rules run backwards (`backward`) over what has been read; what they miss is noted,
read all at once, and they run again. A proof of three steps takes some six such rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loaders.inference.backward import Derivation, Proof, derivations
from loaders.inference.forward import Terms

Asked = tuple[str | None, str | None, str | None]
"""A triple of terms as in N-Triples, in which None matches anything."""

Found = Mapping[Terms, bool]
"""Triples that match, and whether each is stated (by a source record or by the ontology)."""

Read = Callable[[Sequence[Asked]], Mapping[Asked, Found]]
"""The published triples that match each pattern: at most MATCHES_READ of them."""

MATCHES_READ: Final = 200
ROUNDS: Final = 30
"""Times that more is read for one explanation: many times what the longest proof needs."""
TRIED: Final = 12
"""Ways in which one triple follows that are looked into, those from stated premises first."""
DEEPEST: Final = 20
STEPS_MORE: Final = 3
"""Steps by which other ways may be longer than the shallowest."""


@dataclass(frozen=True)
class Explanation:
    """The ways in which a triple follows, the shallowest first; none where it does not follow."""

    triple: Terms
    ways: tuple[Proof, ...] = ()
    more: bool = False
    """True where it follows in more ways than were looked into."""
    whole: bool = True
    """True where all was read that the search asked for; else what it did not find may exist."""


def explanation(triple: Terms, read: Read) -> Explanation:
    """Why a triple follows, whether it is stated too or not.

    No proof has its own conclusion among its premises, and each premise has its shallowest proof.
    """
    memory = _Memory(read)
    for depth in range(1, DEEPEST):
        search = memory.completed(triple, depth)
        if search is None:
            return Explanation(triple, whole=False)
        if search.ways(depth):
            search = memory.completed(triple, depth + STEPS_MORE) or search
            return Explanation(
                triple, search.ways(depth + STEPS_MORE), search.more, not memory.missed
            )
        if not search.derivations(triple):
            break
    return Explanation(triple)


def steps(found: Proof) -> Iterator[Proof]:
    """The proof and those of its premises, down to what is stated."""
    yield found
    for premise in found.premises:
        yield from steps(premise)


def depth_of(found: Proof) -> int:
    """The steps from a proof's conclusion down to what is stated; 0 for what is stated itself."""
    return 1 + max(map(depth_of, found.premises)) if found.premises else 0


class _Memory:
    """The triples read so far. Of others it says that there are none, and notes that."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._rounds = 0
        self._known: dict[Asked, tuple[Terms, ...]] = {}
        self._stated: set[Terms] = set()
        self.missed: dict[Asked, None] = {}

    def completed(self, goal: Terms, depth: int) -> _Search | None:
        """A search for which all has been read that it asks for; None where that is too much."""
        while True:
            self.missed.clear()
            search = _Search(goal, self)
            search.ways(depth)
            if not self.missed:
                return search
            if self._rounds == ROUNDS:
                return None
            self._rounds += 1
            self._take_in(self._read(list(self.missed)))

    def lookup(self, s: str | None, p: str | None, o: str | None) -> Iterable[Terms]:
        """The triples that match, as far as they have been read."""
        asked = (s, p, o)
        found = self._known.get(asked)
        if found is None:
            self.missed[asked] = None
        return found or ()

    def is_stated(self, triple: Terms) -> bool:
        """True where some source or the ontology states the triple."""
        self.lookup(*triple)
        return triple in self._stated

    def _take_in(self, found: Mapping[Asked, Found]) -> None:
        for asked in self.missed:
            triples = found.get(asked, {})
            self._known[asked] = tuple(sorted(triples))
            for triple, stated in triples.items():
                self._known[triple] = (triple,)
                if stated:
                    self._stated.add(triple)


class _Search:
    """Proofs of one goal from what has been read; the goal itself is a premise of none."""

    def __init__(self, goal: Terms, memory: _Memory) -> None:
        self._goal = goal
        self._memory = memory
        self._derivations: dict[Terms, list[Derivation]] = {}
        self._proofs: dict[Terms, Proof] = {}
        self._failed: dict[Terms, int] = {}
        self.more = False

    def ways(self, depth: int) -> tuple[Proof, ...]:
        """The proofs of the goal in so many steps at most, one by derivation, by their depth."""
        goal = self._goal
        found = [way for each in self._tried(goal) if (way := self._by(goal, each, depth))]
        self.more = len(self.derivations(goal)) > TRIED
        return tuple(sorted(found, key=depth_of))

    def derivations(self, triple: Terms) -> list[Derivation]:
        """The derivations of the triple in one step, from stated premises first."""
        if triple not in self._derivations:
            found = derivations(triple, self._memory.lookup, limit=MATCHES_READ)
            found.sort(key=self._unstated)
            self._derivations[triple] = found
        return self._derivations[triple]

    def _tried(self, triple: Terms) -> list[Derivation]:
        return self.derivations(triple)[:TRIED]

    def _unstated(self, derivation: Derivation) -> int:
        return sum(not self._memory.is_stated(premise) for premise in derivation.premises)

    def _by(self, triple: Terms, derivation: Derivation, depth: int) -> Proof | None:
        premises = []
        for premise in derivation.premises:
            found = self._shallowest(premise, depth - 1)
            if found is None:
                return None
            premises.append(found)
        return Proof(triple, derivation.rule, tuple(premises))

    def _shallowest(self, triple: Terms, depth: int) -> Proof | None:
        """The shallowest proof of a premise within a depth."""
        if triple == self._goal:
            return None
        if triple in self._proofs:
            known = self._proofs[triple]
            return known if depth_of(known) <= depth else None
        if self._memory.is_stated(triple):
            return self._proofs.setdefault(triple, Proof(triple, None))
        for allowed in range(self._failed.get(triple, 0) + 1, depth + 1):
            for derivation in self._tried(triple):
                if found := self._by(triple, derivation, allowed):
                    return self._proofs.setdefault(triple, found)
            self._failed[triple] = allowed
        return None
