"""What an existence is, and what it lies in: authority or place, département or commune."""

from __future__ import annotations

from functools import cache

from loaders.model.values import Ref
from loaders.registers.cog.existence import Existence
from loaders.registers.cog.movements import day_before
from loaders.registers.departments import department, of_code

NO_COMMUNES = {"977", "978", "984", "986", "989"}
"""The codes of "communes" in lists that are districts or islands without an authority of their own
(Kerguelen, Uvea, Clipperton), or are the collectivité itself (Saint-Barthélemy)."""


def is_authority(existence: Existence) -> bool:
    """True where an existence has legal personality; parts, districts and islands have none."""
    today = existence.today
    return existence.type == "COM" and (today is None or today.department not in NO_COMMUNES)


def ref(existence: Existence) -> Ref:
    """The reference to what an existence is."""
    return _ref(existence.key, is_authority(existence))


@cache
def _ref(key: str, authority: bool) -> Ref:
    return Ref(f"{'authority' if authority else 'place'}/{key}")


def within(existence: Existence) -> tuple[Ref, ...]:
    """The territory of an existence: its commune, or the département of today or its last day."""
    if existence.type != "COM":
        return (ref(existence.commune),) if existence.commune else ()
    if today := existence.today:
        return department(today.department or of_code(today.code), authority=today.authority)
    last = day_before(existence.end)
    return department(of_code(existence.code), last.lexical if last else "")
