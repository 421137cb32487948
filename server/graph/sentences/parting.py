"""The ways of parting a sentence: how it begins, and which words open which slot."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from ontology.schemes import normalise
from server.graph.sentences.grammar import grammar
from server.graph.sentences.question import Refused
from server.http.negotiation import LANGUAGES

LONGEST = 400
"""Characters of a sentence."""
PARTED = 200
"""Ways of parting a sentence that are looked for."""
WHICH = {"fr": ("Quels", "Quelles"), "en": ("Which", "What")}
NEAR = 8
"""Words among which an adjective stands that says a country."""
_WORD = re.compile(r"\w+['’]|[^\s'’]+(?:['’](?!\w))?|['’]")
YEAR = re.compile(r"[12]\d{3}")
TWO_YEARS = re.compile(r"[12]\d{3} \S+ [12]\d{3}")
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


def parted(sentence: str) -> list[Draft]:
    """Every way of parting a sentence; raises Refused where there is none."""
    if len(sentence) > LONGEST:
        raise Refused("long", sentence[:40], [str(LONGEST)])
    text = sentence.strip(MARKS)
    stops: list[tuple[int, str, Sequence[str]]] = []
    drafts: list[Draft] = []
    for language, (words, said) in readings(text):
        for form, kind, length in begun(words, language):
            rest = Parting(text, words, form, language)
            slot = next((s for s in ("area", "country") if s in grammar().forms[form].slots), "")
            if said and not slot:
                continue
            told = {slot: said} if said else {}
            drafts += [
                Draft(form, kind, {**told, **names}, language)
                for names in islice(rest.ways(length, frozenset(told)), PARTED)
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


def readings(text: str) -> Iterator[tuple[str, tuple[Sequence[Word], Sequence[str]]]]:
    """The words of a text in each language; without an adjective that says a country, and with it.

    `Terres australes françaises` is a country of its own.
    """
    for language in LANGUAGES:
        words = split(text, language)
        yield language, (words, ())
        for n, word in enumerate(words[:NEAR]):
            if code := adjectives(language).get(word.norm):
                yield language, ([*words[:n], *words[n + 1 :]], (code,))


@cache
def adjectives(language: str) -> Mapping[str, str]:
    """The codes of countries by the adjectives that say them."""
    return {
        norm(word): code
        for code, each in grammar().adjectives.items()
        for word in getattr(each, language)
    }


def is_begun(text: str) -> bool:
    """True where a text begins as a sentence of the grammar."""
    return any(begun(words, language) for language, (words, _) in readings(text[:LONGEST]))


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
        phrases = [*self.verbs, *(opener for _, opener, _ in self.openers if opener)]
        # Every name is tried up to each of these: found once, for all of them.
        self.ends = [
            at for at in range(len(words)) if any(self.follows(at, each) for each in phrases)
        ]
        self.ends.append(len(words))

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
                for end in self.ends[bisect_right(self.ends, begin) :]:
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
    return bool((TWO_YEARS if slot == "between" else YEAR).fullmatch(name))


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
