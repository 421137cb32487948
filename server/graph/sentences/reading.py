"""A sentence as a question of the grammar.

A sentence begins as a form does; then come, in any order, its verb and the slots that are said,
each opened by a word of the grammar. A name may hold such a word (`Corée du Sud`), so every way of
parting the sentence is a draft: the first whose names all mean something is the question.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from ontology.schemes import normalise
from server.graph.sentences.grammar import grammar
from server.graph.sentences.question import Question, Refused, checked
from server.http.negotiation import LANGUAGES

LONGEST = 400
"""Characters of a sentence."""
PARTED, TRIED = 200, 60
"""Ways of parting a sentence that are looked for, and those whose names are looked up."""
WHICH = {"fr": ("Quels", "Quelles"), "en": ("Which", "What")}
_WORD = re.compile(r"\w+['’]|[^\s'’]+(?:['’](?!\w))?|['’]")
_YEAR = re.compile(r"[12]\d{3}")
_YEARS = re.compile(r"[12]\d{3} \S+ [12]\d{3}")
YEARS = ("since", "until", "during", "between")
EXCLUSIVE = {
    "since": ("during", "between"),
    "until": ("during", "between"),
    "during": ("since", "until", "between"),
    "between": ("since", "until", "during"),
}
"""The ways of saying years that cannot stand beside one."""
MARKS = '«»“”"?!.,;: \u00a0\u202f'


@dataclass(frozen=True)
class Word:
    """A word of a sentence as it is compared, and where it stands; `du` is two at one place."""

    norm: str
    start: int
    end: int
    article: bool = False


@dataclass(frozen=True)
class Draft:
    """One way of parting a sentence: its form and kind, and the names in its slots.

    A name is said in several ways: with an article that may be its own, and without. A verb has
    a place among them, and no name.
    """

    form: str
    kind: str
    names: Mapping[str, Sequence[str]]
    language: str


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
            for iri in named(takes, slot, spellings(part, language), language, meanings, known)
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
            and _YEAR.fullmatch(first)
            and norm(word) in ends
            and _YEAR.fullmatch(second)
        ):
            return {"since": first, "until": second}
    elif _YEAR.fullmatch(name):
        return dict.fromkeys(("since", "until") if slot == "during" else (slot,), name)
    raise Refused("name", name, ["year"])


def parted(sentence: str) -> list[Draft]:
    """Every way of parting a sentence; raises Refused where there is none."""
    if len(sentence) > LONGEST:
        raise Refused("long", sentence[:40], [str(LONGEST)])
    text = sentence.strip(MARKS)
    stops: list[tuple[int, str, Sequence[str]]] = []
    drafts: list[Draft] = []
    for language in LANGUAGES:
        words = split(text, language)
        for form, kind, length in begun(words, language):
            rest = Parting(text, words, form, language)
            drafts += [
                Draft(form, kind, names, language)
                for names in islice(rest.ways(length, frozenset()), PARTED)
            ]
            at, expected = rest.furthest
            word = text[words[at].start :].split()[0] if at < len(words) else ""
            stops.append((at, word, expected))
    if drafts:
        return drafts
    if not stops:
        raise Refused("beginning", text.split(" ")[0] if text else "")
    _, word, expected = max(stops, key=lambda stop: stop[0])
    raise Refused("word", word, expected)


def is_begun(text: str) -> bool:
    """True where a text begins as a sentence of the grammar."""
    return any(begun(split(text[:LONGEST], each), each) for each in LANGUAGES)


def begun(words: Sequence[Word], language: str) -> Sequence[tuple[str, str, int]]:
    """The forms and kinds with which a sentence may begin, and how many words say so."""
    norms = tuple(word.norm for word in words)
    for length in range(min(len(norms), 9), 0, -1):
        if found := beginnings(language).get(norms[:length]):
            return [(form, kind, length) for form, kind in found]
    return []


@cache
def beginnings(language: str) -> Mapping[tuple[str, ...], Sequence[tuple[str, str]]]:
    """The forms and kinds by the words with which they may begin."""
    found: dict[tuple[str, ...], dict[tuple[str, str], None]] = {}
    for name, form in grammar().forms.items():
        for kind in grammar().kinds if form.kinds else ("",):
            spoken = getattr(grammar().kinds[kind], language).read if kind else ("",)
            ways = product(grammar().words(name, language).begin, spoken, WHICH[language])
            for begin, word, which in ways:
                said = phrase(begin.format(which=which, kind=word), language)
                found.setdefault(said, {})[name, kind] = None
    return {said: tuple(those) for said, those in found.items()}


class Parting:
    """The ways of parting what follows the beginning of a sentence."""

    def __init__(self, text: str, words: Sequence[Word], form: str, language: str) -> None:
        self.text, self.words, self.language = text, words, language
        self.norms = tuple(word.norm for word in words)
        said = grammar().words(form, language)
        self.verb = said.verb[0] if said.verb else ""
        spoken = {phrase(each, language) for each in (*said.verb, said.alone) if each}
        self.verbs = sorted(spoken, key=len, reverse=True)
        self.openers = [
            (slot, phrase(opener, language), opener)
            for slot, opener in grammar().openers(form, language)
        ]
        self.furthest: tuple[int, Sequence[str]] = (0, ())

    def ways(self, at: int, used: frozenset[str]) -> Iterator[Mapping[str, Sequence[str]]]:
        """The names by slot from a word on, in every way; the shortest names first."""
        if at == len(self.words):
            yield {}
            return
        self.note(at, used)
        if "verb" not in used:
            for verb in self.verbs:
                if self.follows(at, verb):
                    for rest in self.ways(at + len(verb), used | {"verb"}):
                        yield {"verb": (), **rest}
        for slot, opener, _ in self.openers:
            if slot in used or not used.isdisjoint(EXCLUSIVE.get(slot, ())):
                continue
            # A name without a word before it stands only at the beginning.
            if self.follows(at, opener) and (opener or not used):
                begin = at + len(opener)
                for end in range(begin + 1, len(self.words) + 1):
                    if end == len(self.words) or self.opens(end):
                        name = self.names(begin, end)
                        # `en 2010` or `en France`: the name tells which is meant.
                        if slot in YEARS and self.shared(opener) and not is_years(slot, name[-1]):
                            continue
                        for rest in self.ways(end, used | {slot}):
                            yield {slot: name, **rest}

    def note(self, at: int, used: frozenset[str]) -> None:
        """Remember what could stand at the furthest word that was reached."""
        if at >= self.furthest[0]:
            firsts = {slot: opener for slot, _, opener in reversed(self.openers)}
            free = [each for slot, each in reversed(firsts.items()) if each and slot not in used]
            verbs = [self.verb] if self.verb and "verb" not in used else []
            self.furthest = (at, [*verbs, *free])

    def shared(self, opener: Sequence[str]) -> bool:
        """True where the same word opens several slots."""
        return sum(each == opener for _, each, _ in self.openers) > 1

    def opens(self, at: int) -> bool:
        """True where a verb or the word of a slot stands."""
        phrases = [*self.verbs, *(opener for _, opener, _ in self.openers if opener)]
        return any(self.follows(at, each) for each in phrases)

    def follows(self, at: int, phrase: tuple[str, ...]) -> bool:
        """True where those words stand from there on."""
        return self.norms[at : at + len(phrase)] == phrase

    def names(self, begin: int, end: int) -> Sequence[str]:
        """A name in the ways in which it may be meant: with its article and without."""
        first = self.words[begin]
        told = self.text[first.start : self.words[end - 1].end]
        if first.article:  # that of `du`, which stands for two words
            bare = self.text[self.words[begin].end : self.words[end - 1].end].strip(MARKS)
            return (f"{first.norm} {bare}", bare) if bare else ("",)
        return spellings(told, self.language)


def spellings(name: str, language: str) -> Sequence[str]:
    """A name as it stands and, where an article opens it, without it."""
    told = name.strip(MARKS)
    for article in grammar().articles[language]:
        blank = "" if article.endswith("'") else " "
        if told.casefold().replace("’", "'").startswith(f"{article}{blank}"):
            return (told, told[len(article) + len(blank) :].strip(MARKS))
    return (told,)


def is_years(slot: str, name: str) -> bool:
    """True where a name may be one of years: other slots open with the same words."""
    return bool((_YEARS if slot == "between" else _YEAR).fullmatch(name))


def split(text: str, language: str) -> list[Word]:
    """The words of a text, those parted that are two in one."""
    contracted = grammar().contracted[language]
    found = []
    for match in _WORD.finditer(text):
        word = norm(match[0])
        if not word:
            continue
        parts = contracted.get(word, (word,))
        found += [Word(norm(each), *match.span(), n > 0) for n, each in enumerate(parts)]
    return found


@cache
def phrase(words: str, language: str) -> tuple[str, ...]:
    """The words of the grammar as a sentence has them."""
    return tuple(word.norm for word in split(words, language))


def norm(word: str) -> str:
    """A word as it is compared: without case, accents and marks."""
    return normalise(word).strip(MARKS)
