"""Enumerations of organs in French: split into items, each read for name, level and type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from loaders.datasets.associations.numbers import NUMBER, read_number
from loaders.model.records import Figure
from loaders.model.values import Ref, Text

NAMED = re.compile(
    r"(?<!\w)(?:Congrès|Conseils?|Conférences?|Assemblées?|Bureaux?|Secrétariats?|Commissions?"
    r"|Comités?|Coordinations?|Directions?|Collèges?|Cellules?|Antennes?|Sections?|Délégations?"
    r"|Présidence|Commissariat)(?!\w)",
    re.IGNORECASE,
)
_ARTICLE = r"(?:l['’]\s*|(?:les?|la|des|du|une?)\s+)?"
_ITEM = re.compile(
    rf"(?:(?:et|ainsi que)\s+)?{_ARTICLE}(?:(?P<count>{NUMBER})\s+)?(?P<rest>{NAMED.pattern}.*)",
    re.IGNORECASE | re.DOTALL,
)
_AND = rf"\s(?=(?:et|ainsi que)\s+{_ARTICLE}(?:{NUMBER}\s+)?{NAMED.pattern})"
_NAME_ENDS = re.compile(
    r"\s*(?:\(|,|;|:|\.$|\s(?:composée?s?|constituée?s?|formée?s?|comprenant|comptant|dont|qui|avec"
    rf"|de {NUMBER} membres|au niveau|à l['’]échelon|depuis|chargée?s?)\b)"
)
_SEATS = re.compile(
    rf"(?:\b(?:de|avec|comprenant|comptant)\s+|\(\s*)(?P<count>{NUMBER})\s+"
    r"(?P<unit>membres(?: chacune?)?)"
)
_TYPE_ALONE = re.compile(r"(?:et\s+)?(?:une?|des)\s+(?:organe|instance)s?\b")
_LEVELS = {
    "international": r"internationa(?:l|le|ux|les)",
    "national": r"nationa(?:l|le|ux|les)",
    "regional": r"r[ée]giona(?:l|le|ux|les)|r[ée]gion",
    "provincial": r"provincia(?:l|le|ux|les)|province",
    "departmental": r"d[ée]partementa(?:l|le|ux|les)|d[ée]partement",
    "cercle": r"cercles?",
    "district": r"districts?",
    "communal": r"communa(?:l|le|ux|les)|commune",
}
_TYPES = {
    "deliberative-body": r"délibér|décision",
    "executive-body": r"exécuti(?:f|ve)|gestion|direction|administration",
    "secretariat": r"d['’]exécution",
    "advisory-body": r"consult|réflexion|conseils?\b",
    "technical-body": r"technique",
}


@dataclass(frozen=True)
class StatedOrgan:
    """An organ as a page states it; `serves` is the name or acronym of the organ that it serves."""

    name: str
    acronym: str | None = None
    level: str | None = None
    organ_type: str | None = None
    serves: str | None = None
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class EnumerationHead:
    """The words before an enumeration: what they say of all its items.

    `said` is the type that they say ("organes délibérants"), `usual` the one that the noun alone
    stands for on this page: an item that is called a secretariat is one all the same.
    """

    level: str | None = None
    said: str | None = None
    usual: str | None = None

    @classmethod
    def read(cls, text: str, opposed: bool) -> EnumerationHead:
        """The head of a text; `opposed`: the page sets organs against instances."""
        usual = None
        if re.search(r"\binstances?\b", text, re.IGNORECASE):
            usual = "deliberative-body"
        elif opposed and re.search(r"\borganes?\b", text, re.IGNORECASE):
            usual = "executive-body"
        return cls(said_level(text), _said_type(text), usual)


def enumerated(text: str, head: EnumerationHead) -> Iterator[StatedOrgan | str]:
    """The organs of an enumeration, and as plain text each item that names none.

    Items stand between commas and semicolons, and around `et` before an organ. In "le Congrès et
    le Conseil National au niveau national" the level is said of both; in "un organe délibérant,
    l'Assemblée Générale" the first item says the type of the next.
    """
    for segment in _split(text, r"[,;]"):
        level = said_level(segment) or head.level
        for item in _split(segment, _AND):
            if _TYPE_ALONE.match(item.strip()):
                head = replace(head, said=_said_type(item))
            else:
                yield _organ(item.strip(" .:"), level, head)


def said_level(text: str) -> str | None:
    """The level that a text says in so many words: `au niveau régional`."""
    match = re.search(r"\b(?:niveau|échelon)\s+(?:d[eu]\s+(?:la\s+)?)?(?P<word>\w+)", text, re.I)
    return _level(match["word"]) if match else None


def level_of(name: str) -> str | None:
    """The level that stands in an organ's own name: `Bureau national`."""
    return next(filter(None, map(_level, reversed(re.findall(r"\w+", name)))), None)


def _organ(text: str, level: str | None, head: EnumerationHead) -> StatedOrgan | str:
    match = _ITEM.fullmatch(text)
    if not match:
        return text
    rest = match["rest"]
    end = _NAME_ENDS.search(rest)
    name = (rest[: end.start()] if end else rest).strip()
    brackets = re.findall(r"\(([^()]*)\)", rest)
    own = next((_said_type(each) for each in brackets if "organe" in each.lower()), None)
    # An executive is no deliberative body, though the page may call all of them instances.
    executive = re.search(r"\bexécuti(?:f|ve)", name, re.IGNORECASE)
    usual = None if executive and head.usual == "deliberative-body" else head.usual
    figures = []
    if match["count"] and (count := read_number(match["count"])[0]) > 1:
        figures.append(_figure("organs", count, name))
    if seats := _SEATS.search(rest):
        figures.append(_figure("seats", read_number(seats["count"])[0], seats["unit"]))
    return StatedOrgan(
        name=name,
        acronym=next((each for each in brackets if re.fullmatch(r"[A-ZÀ-Ý]{2,10}", each)), None),
        level=level or level_of(name),
        organ_type=own or head.said or ("secretariat" if is_secretariat(name) else usual),
        figures=tuple(figures),
    )


def is_secretariat(name: str) -> bool:
    """True where an organ is called a secretariat."""
    return bool(re.match(r"secrétariats?\b", name, re.IGNORECASE))


def _said_type(text: str) -> str | None:
    return next(
        (kind for kind, words in _TYPES.items() if re.search(words, text, re.IGNORECASE)), None
    )


def _level(word: str) -> str | None:
    return next(
        (level for level, words in _LEVELS.items() if re.fullmatch(words, word, re.I)), None
    )


def _figure(measure: str, value: int, unit: str) -> Figure:
    return Figure(
        measure=Ref(f"concept/measure/{measure}"), value=Decimal(value), unit=Text(unit.strip())
    )


def _split(text: str, separator: str) -> list[str]:
    """The pieces of a text between separators that stand outside brackets."""
    pieces, depth, start = [], 0, 0
    for match in re.finditer(rf"[()]|{separator}", text, re.IGNORECASE):
        if match[0] in ("(", ")"):
            depth = max(0, depth + (1 if match[0] == "(" else -1))
        elif depth == 0:
            pieces.append(text[start : match.start()])
            start = match.end()
    return [piece for piece in (*pieces, text[start:]) if piece.strip()]
