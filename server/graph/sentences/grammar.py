"""The grammar of the sentences that the site understands, as `grammar.yml` has it."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cache
from importlib.resources import files

import yaml
from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass as checked

from ontology.words import Bilingual

_STRICT = ConfigDict(extra="forbid")
PERIOD = "period"
"""The slot of years, which is said in several ways."""


@checked(frozen=True, config=_STRICT)
class KindWords:
    """The words for a kind of authorities in a language, the one that is written first."""

    which: str
    read: tuple[str, ...]


@checked(frozen=True, config=_STRICT)
class Kind:
    """A kind of authorities: the name of its class, and its words."""

    type: str
    fr: KindWords
    en: KindWords


@checked(frozen=True, config=_STRICT)
class SlotWords:
    """The word that writes a slot in a language, and those that open it when it is read."""

    say: str
    read: tuple[str, ...]


@checked(frozen=True, config=_STRICT)
class Slot:
    """What may be said of a question: what it takes, how it is called and written."""

    takes: str
    label: Bilingual
    fr: SlotWords
    en: SlotWords
    hint: Bilingual | None = None
    """What may stand in the slot, beside its field."""


@checked(frozen=True, config=_STRICT)
class Openers:
    """The words that open a way of saying years, by language."""

    fr: tuple[str, ...]
    en: tuple[str, ...]


@checked(frozen=True, config=_STRICT)
class Pairs:
    """The pairs of words around two years, by language."""

    fr: tuple[tuple[str, str], ...]
    en: tuple[tuple[str, str], ...]


@checked(frozen=True, config=_STRICT)
class Period:
    """The ways of saying years."""

    since: Openers
    until: Openers
    between: Pairs
    during: Openers


@checked(frozen=True, config=_STRICT)
class FormWords:
    """How a question is said in a language: its beginnings, its order, its verbs.

    `alone` is the verb where no partner is named.
    """

    begin: tuple[str, ...]
    say: str
    verb: tuple[str, ...] = ()
    alone: str = ""


@checked(frozen=True, config=_STRICT)
class Form:
    """A question: its slots, how it is said, its view, columns and SPARQL."""

    view: str
    fr: FormWords
    en: FormWords
    slots: tuple[str, ...]
    columns: dict[str, Bilingual]
    sparql: str
    kinds: bool = False
    required: str = ""
    """The slot without which it asks nothing."""
    said: dict[str, Bilingual] = field(default_factory=dict)
    """How a slot is written in this question, where that is not as elsewhere."""


@checked(frozen=True, config=_STRICT)
class Countries:
    """The countries, by code, whose articles cannot be told from their names."""

    plural: frozenset[str]
    feminine: frozenset[str]
    masculine: frozenset[str]
    bare: frozenset[str]
    the: frozenset[str]


@checked(frozen=True, config=_STRICT)
class Example:
    """A question to begin with: its form and kind, the keys in its slots, its years."""

    form: str
    slots: dict[str, tuple[str, ...]]
    kind: str = ""
    since: str = ""
    until: str = ""


@checked(frozen=True, config=_STRICT)
class Grammar:
    """The whole grammar."""

    contracted: Mapping[str, Mapping[str, tuple[str, ...]]]
    articles: Mapping[str, tuple[str, ...]]
    either: Bilingual
    kinds: dict[str, Kind]
    slots: dict[str, Slot]
    period: Period
    forms: dict[str, Form]
    examples: tuple[Example, ...]
    macros: str
    countries: Countries
    territories: Mapping[str, frozenset[str]]
    adjectives: Mapping[str, Openers]

    def words(self, form: str, language: str) -> FormWords:
        """How a question is said in a language."""
        found: FormWords = getattr(self.forms[form], language)
        return found

    def openers(self, form: str, language: str) -> Sequence[tuple[str, str]]:
        """The slots of a question, each with a word that opens it; the periods by their names."""
        found = []
        for name in self.forms[form].slots:
            if name == PERIOD:
                ways = {way: getattr(self.period, way) for way in ("since", "until", "during")}
                found += [(w, each) for w, o in ways.items() for each in getattr(o, language)]
                pairs = getattr(self.period.between, language)
                found += [("between", first) for first, _ in pairs]
            else:
                words: SlotWords = getattr(self.slots[name], language)
                found += [(name, each) for each in words.read]
        return found


@cache
def grammar() -> Grammar:
    """The grammar that ships; raises pydantic's ValidationError where the file is not as said."""
    text = files("server.graph.sentences").joinpath("grammar.yml").read_text("utf-8")
    return TypeAdapter(Grammar).validate_python(yaml.safe_load(text))
