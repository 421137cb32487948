"""A question of the grammar, in neither language: which it is, and what fills its slots."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ontology.namespaces import CONCEPT, COUNTRY, ID
from server.graph.sentences.grammar import PERIOD, grammar


@dataclass(frozen=True)
class Question:
    """A question: its form and kind in the grammar, IRIs by slot, and years, empty for none."""

    form: str
    kind: str = ""
    slots: Mapping[str, Sequence[str]] = field(default_factory=dict)
    since: str = ""
    until: str = ""

    def given(self, slot: str) -> Sequence[str]:
        """The IRIs in a slot."""
        return self.slots.get(slot, ())

    def of_countries(self, slot: str) -> bool:
        """True where a slot holds countries, which are asked for otherwise than territories."""
        return all(iri.startswith(str(COUNTRY)) for iri in self.given(slot))


class Refused(ValueError):
    """A sentence that is not understood; `word` is where it stops, `expected` what may stand there.

    `reason` is a key of the texts: `long`, `beginning`, `word`, `name`,
    `mixed`, `years`, `missing`.
    """

    def __init__(self, reason: str, word: str, expected: Sequence[str] = ()) -> None:
        super().__init__(f"{reason}: {word[:200]!r}; there may stand: {', '.join(expected)}")
        self.reason, self.word, self.expected = reason, word[:200], tuple(expected)


def checked(question: Question) -> Question:
    """The question, if it can be asked; raises Refused for years that end before they begin.

    So it does where what the question is about is not said.

    A slot holds either countries or territories: the one are asked for otherwise than the others.
    """
    required = grammar().forms[question.form].required
    if required and not question.given(required):
        raise Refused("missing", "", [required])
    if question.since and question.until and question.since > question.until:
        raise Refused("years", f"{question.since}–{question.until}")
    for slot, values in question.slots.items():
        if len({iri.startswith(str(COUNTRY)) for iri in values}) > 1:
            raise Refused("mixed", slot)
    return question


def shapes() -> Iterator[Question]:
    """A question of every form, with every kind and every subset of slots, filled anyhow."""
    for name, form in grammar().forms.items():
        kinds = tuple(grammar().kinds) if form.kinds else ("",)
        for kind in kinds:
            for slots in subsets([each for each in form.slots if each != PERIOD]):
                if form.required and form.required not in slots:
                    continue
                for since, until in ("", ""), ("1900", ""), ("", "1999"), ("1900", "1999"):
                    yield Question(name, kind, slots, since, until)


def examples() -> Iterator[Question]:
    """The questions of the grammar to begin with."""
    for each in grammar().examples:
        slots = {slot: tuple(map(iri_of, keys)) for slot, keys in each.slots.items()}
        yield Question(each.form, each.kind, slots, each.since, each.until)


def iri_of(key: str) -> str:
    """The IRI of a key with its type before it, as the grammar writes them."""
    if key.startswith("country/"):
        return f"{COUNTRY}{key.removeprefix('country/')}"
    return f"{ID}{key}"


BASES: Mapping[str, Sequence[str]] = {
    "country": (str(COUNTRY),),
    "place": (str(COUNTRY), f"{ID}authority/"),
    "territory": (str(COUNTRY), f"{ID}authority/"),
    "theme": (f"{CONCEPT}theme/",),
    "agent": (f"{ID}authority/",),
}
"""The beginning of an IRI for each way in which what a slot takes is asked for."""


def subsets(slots: Sequence[str]) -> Iterator[Mapping[str, Sequence[str]]]:
    """Every way to fill some of the slots, each with an IRI that ends with its name."""
    if not slots:
        yield {}
        return
    for rest in subsets(slots[1:]):
        yield rest
        for base in BASES[grammar().slots[slots[0]].takes]:
            yield {slots[0]: (base + slots[0],), **rest}
