"""Whom an ended commune is followed by: the heirs follow the territory.

Every commune begins on ground of its own. A merger brings the ground of one to another, a
restoration takes it back; so the heir of a commune that was merged and restored is the restored
one, and none of those that it shared a commune with in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from loaders.registers.cog.existence import Existence


class Grounds:
    """The holders of each piece of ground, in the past and now."""

    def __init__(self) -> None:
        self._next: defaultdict[tuple[int, Existence], list[Existence]] = defaultdict(list)
        self._holders: list[set[Existence]] = []

    def settle(self, existence: Existence) -> None:
        """Gives a commune that comes from none a piece of ground of its own."""
        existence.ground.add(len(self._holders))
        self._holders.append({existence})

    def pass_on(self, pieces: Iterable[int], giver: Existence, *takers: Existence) -> None:
        """Hands pieces of ground on; the giver that goes on has them no longer."""
        for piece in tuple(pieces):
            self._holders[piece].discard(giver)
            for taker in takers:
                self._next[piece, giver].append(taker)
                self._holders[piece].add(taker)
                taker.ground.add(piece)
            if not giver.end:
                giver.ground.discard(piece)

    def heirs(self, ended: Existence) -> list[Existence]:
        """The existences that follow an ended commune at once, by key.

        One that would lead on to others than its own ground is passed over for who follows it
        there: whoever comes after these is thus an heir as well, and nobody else is.
        """
        final = self._final(ended)
        found: set[Existence] = set()
        for piece in ended.ground:
            waiting, seen = list(self._next[piece, ended]), {ended}
            while waiting:
                holder = waiting.pop()
                if holder in seen:
                    continue
                seen.add(holder)
                if holder in self._holders[piece] or (holder.end and self._final(holder) <= final):
                    found.add(holder)
                else:
                    waiting.extend(self._next[piece, holder])
        return sorted(found, key=lambda each: each.key)

    def _final(self, ended: Existence) -> set[Existence]:
        return set().union(*(self._holders[piece] for piece in ended.ground))
