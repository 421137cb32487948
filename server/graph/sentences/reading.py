"""A sentence as a question of the grammar.

A sentence begins as a form does; then come, in any order, its verb and the slots that are said,
each opened by a word of the grammar. A name may hold such a word (`Corée du Sud`), so every way of
parting the sentence is a draft: the first whose names all mean something is the question.
"""

import re
from collections.abc import Callable, Sequence
from itertools import islice

from server.graph.sentences.grammar import grammar
from server.graph.sentences.parting import (
    YEAR,
    YEARS,
    Draft,
    norm,
    parted,
    spellings,
)
from server.graph.sentences.question import Question, Refused, checked

TRIED = 60
"""Ways of parting a sentence whose names are looked up."""


class Several(ValueError):
    """A name that may mean several things; `meanings` are their IRIs."""

    def __init__(self, slot: str, name: str, meanings: Sequence[str]) -> None:
        super().__init__(f"{name[:200]!r} may mean {', '.join(meanings)}")
        self.slot, self.name, self.meanings = slot, name, tuple(meanings)


Meanings = Callable[[str, Sequence[str]], Sequence[str]]
"""The IRIs that a name may mean: of what a slot takes, by the ways of saying the name."""


def read(sentence: str, meanings: Meanings) -> Question:
    """The question that a sentence asks, in whichever language.

    Raises Refused where it is not understood, Several where a name may mean several things.
    """
    drafts = sorted(parted(sentence), key=lambda draft: len(draft.names))
    known: dict[tuple[str, str], Sequence[str]] = {}
    failures: list[Refused | Several] = []
    for draft in islice(drafts, TRIED):
        try:
            return filled(draft, meanings, known)
        except (Refused, Several) as failure:
            failures.append(failure)
    several = next((each for each in failures if isinstance(each, Several)), None)
    raise several or failures[-1]


def filled(
    draft: Draft, meanings: Meanings, known: dict[tuple[str, str], Sequence[str]]
) -> Question:
    """The question of a draft with the things that its names mean; raises Refused or Several."""
    slots: dict[str, Sequence[str]] = {}
    years = {"since": "", "until": ""}
    several: Several | None = None
    for slot, ways in draft.names.items():
        if slot == "verb":
            continue
        if slot in YEARS:
            years |= read_years(slot, ways[-1], draft.language)
            continue
        takes = grammar().slots[slot].takes
        try:
            slots[slot] = named(takes, slot, ways, draft.language, meanings, known)
        except Several as failure:
            several = failure
    if several:
        raise several
    return checked(Question(draft.form, draft.kind, slots, **years))


def named(
    takes: str,
    slot: str,
    ways: Sequence[str],
    language: str,
    meanings: Meanings,
    known: dict[tuple[str, str], Sequence[str]],
) -> tuple[str, ...]:
    """The things that a name means, several where they are parted by `ou`."""

    def meant(ways: Sequence[str]) -> Sequence[str]:
        key = (takes, "\n".join(ways))
        if key not in known:
            known[key] = meanings(takes, ways)
        return known[key]

    found = meant(ways)
    parts = re.split(rf"\s+{getattr(grammar().either, language)}\s+", ways[-1])
    if not found and len(parts) > 1:
        return tuple(
            iri
            for part in parts
            for iri in named(takes, slot, unopened(part, slot, language), language, meanings, known)
        )
    if not found:
        raise Refused("name", ways[-1], [takes])
    if len(found) > 1:
        raise Several(slot, ways[-1], found)
    return tuple(found)


def read_years(slot: str, name: str, language: str) -> dict[str, str]:
    """The years that a slot of years says; raises Refused."""
    if slot == "between":
        ends = {norm(second) for _, second in getattr(grammar().period.between, language)}
        first, word, second, *rest = (*name.split(), "", "", "")
        if (
            not any(rest)
            and YEAR.fullmatch(first)
            and norm(word) in ends
            and YEAR.fullmatch(second)
        ):
            return {"since": first, "until": second}
    elif YEAR.fullmatch(name):
        return dict.fromkeys(("since", "until") if slot == "during" else (slot,), name)
    raise Refused("name", name, ["year"])


def unopened(part: str, slot: str, language: str) -> Sequence[str]:
    """One of several names, whether or not the word that opens the slot is said again before it."""
    openers = [*getattr(grammar().slots[slot], language).read, *grammar().contracted[language]]
    for opener in filter(None, openers):
        blank = "" if opener.endswith("'") else " "
        if part.casefold().replace("’", "'").startswith(f"{opener}{blank}"):
            return (*spellings(part[len(opener) + len(blank) :], language), part)
    return spellings(part, language)
